"""Findings to queries: what of a note's words is worth a search. Pure; imports no Django."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby, pairwise, zip_longest

from codes.casefinder.allergies import is_allergen, is_known_allergen, is_reaction
from codes.casefinder.content import content_words, plain_words
from codes.casefinder.cues import Status
from codes.casefinder.findings import Finding
from codes.casefinder.operations import in_pcs, is_operation
from codes.casefinder.passages import is_heading
from codes.casefinder.readings import as_indexed, otherwise
from codes.casefinder.rules import is_drug_alone
from codes.casefinder.section_names import Part
from codes.casefinder.vaccines import is_of_vaccine
from codes.casefinder.words import WEAK

MAX_WORDS = 12  # more than the search reads
MAX_JOINED = 4


class Want(IntEnum):
    """What is searched for; the value is its place in the work where time is short."""

    DIAGNOSIS = 0
    PROCEDURE = 1
    HISTORY = 2
    FAMILY = 3
    ALLERGY = 4
    OPERATION = 5
    """A procedure of a procedure report, in ICD-10-PCS."""


@dataclass(frozen=True, slots=True)
class Query:
    """Words to search for, and the findings that they are from (adjacent, of one sentence)."""

    text: str
    findings: tuple[Finding, ...]
    want: Want
    is_joined: bool = False
    is_second: bool = False
    """Whether it counts only where the words themselves lead to nothing."""
    without: str = ""
    """What the findings are without, where the note says so: "migraine without aura"."""

    @property
    def status(self) -> Status:
        """How the findings are meant."""
        return self.findings[0].status

    @property
    def start(self) -> int:
        """Where the first word stands in the note."""
        return self.findings[0].start

    @property
    def end(self) -> int:
        """Where the last word ends in the note."""
        return self.findings[-1].end


def queries(findings: Sequence[Finding]) -> list[Query]:
    """Return what to search for, the most telling parts of the note first.

    Nothing for what is denied or only imagined, and nothing for words that name no condition. The
    name of an operation alone is looked for among the operations.
    """
    if (
        len(findings) == 1
        and findings[0].status is Status.STATED
        and is_operation(findings[0].text)
    ):
        return list(_operations(" ".join(findings[0].text.split()), findings))
    found: list[Query] = []
    for _, group in groupby(findings, key=lambda finding: finding.sentence):
        found += _of_sentence(list(group))
    return sorted(found, key=lambda query: _WEIGHT.get(query.findings[0].part, 5))


def _is_operation(finding: Finding) -> bool:
    return finding.status is Status.STATED and is_operation(finding.text)


_WEIGHT = {
    Part.ASSESSMENT: 0,
    Part.PROCEDURE: 0,
    Part.COMPLAINT: 1,
    Part.HISTORY: 1,
    Part.OTHER: 1,
    Part.FINDINGS: 2,
    Part.PAST: 2,
    Part.ALLERGIES: 2,
    Part.SOCIAL: 3,
    Part.PLAN: 3,
    Part.FAMILY: 3,
    Part.SURGERIES: 3,
    Part.TECHNIQUE: 4,
    Part.RESULTS: 4,
    Part.REVIEW: 4,
    Part.EXAM: 5,
}
_UNSEARCHED = (Part.MEDICATIONS, Part.ADMINISTRATIVE)
_AWAITS_NOT = re.compile(r"\b(?:does|do|did)$", re.IGNORECASE)
"""How the words before a denial end: "the right knee does" not hurt."""
_NEGATIVE = re.compile(r"\bneg(?:ative)?\b", re.IGNORECASE)
"""What joins a test to what it did not find: "stool guaiac" negative for blood."""
_SILENT = (Status.DENIED, Status.HYPOTHETICAL)


def _of_sentence(findings: list[Finding]) -> Iterator[Query]:
    told = [
        f
        for f, after in zip_longest(findings, findings[1:])
        if f.status not in _SILENT
        and f.part not in _UNSEARCHED
        and not is_heading(f.text)
        and not (is_drug_alone(f.text) and not _is_given([f]))
        and not _AWAITS_NOT.search(f.text)
        and not (after and _NEGATIVE.search(after.joined))
    ]
    for finding in told:
        yield from _queries([finding])
        if _is_given([finding]):
            yield from _drug_of(finding)
    yield from _without(told, findings)
    for run in _runs(told, findings):
        for joined in _joinings(run):
            yield from _queries(joined)


def _queries(findings: Sequence[Finding]) -> Iterator[Query]:
    words = content_words(" ".join(f.text for f in findings), findings[0].part)
    if not words or all(word in WEAK for word in words):
        return
    text = " ".join(words[:MAX_WORDS])
    joined = len(findings) > 1
    for want in _wants(findings, words):
        if want is Want.OPERATION:
            yield from _operations(text, findings)
        elif want is Want.DIAGNOSIS and not joined:
            yield from _diagnoses(text, findings)
        else:
            yield Query(text, tuple(findings), want, joined)


def _diagnoses(text: str, findings: Sequence[Finding]) -> Iterator[Query]:
    """Yield the search for a disease in the note's words, and in other words of the same."""
    indexed = as_indexed(text)
    yield Query(indexed or text, tuple(findings), Want.DIAGNOSIS)
    if not indexed and (other := otherwise(text)):
        yield Query(other, tuple(findings), Want.DIAGNOSIS, is_second=True)


def _operations(text: str, findings: Sequence[Finding]) -> Iterator[Query]:
    """Yield the search for an operation, unless its name does not say enough for a code."""
    if name := in_pcs(text, findings[0].sentence.text):
        is_read = name != text
        yield Query(name, tuple(findings), Want.OPERATION, len(findings) > 1 and not is_read)


def _drug_of(finding: Finding) -> Iterator[Query]:
    """Yield the search for a drug that was given: the words right before its dose."""
    dose = _DRUG_DOSE.search(finding.text)
    words = content_words(finding.text[: dose.start() if dose else None], finding.part)
    name = [word for word in words if not _GIVEN.match(word)][-3:]
    if name:
        yield Query(" ".join(["injection", *name]), (finding,), Want.PROCEDURE)


def _without(told: Sequence[Finding], all_: Sequence[Finding]) -> Iterator[Query]:
    """Yield "X without Y", which many codes are named: its words are what X is found by."""
    for finding, denied in pairwise(all_):
        if not (_WITHOUT.match(denied.joined) and denied.status is Status.DENIED):
            continue
        if finding in told and finding.status is Status.STATED:
            words = content_words(finding.text, finding.part)
            lacking = content_words(denied.text, denied.part)
            if words and lacking and len(words) + len(lacking) < MAX_WORDS:
                text = " ".join([*words, "without", *lacking])
                yield Query(text, (finding,), Want.DIAGNOSIS, without=" ".join(lacking))


_WITHOUT = re.compile(r"^,? ?(?:without(?: (?:any|evidence of|mention of))?|w / ?o)$")


def _wants(findings: Sequence[Finding], words: Sequence[str]) -> Iterator[Want]:
    status, part = findings[0].status, findings[0].part
    if any(is_reaction(each) or is_known_allergen(each) for each in findings):
        return
    names_procedure = any(_PROCEDURE.search(word) for word in words)
    if is_allergen(findings[0]):
        yield Want.ALLERGY
    elif status is Status.FAMILY:
        yield Want.FAMILY
    elif status is Status.PAST:
        yield Want.HISTORY
    elif (
        part not in (Part.PROCEDURE, Part.TECHNIQUE)
        and status is not Status.PLANNED
        and not any(_is_of_vaccine(each) for each in findings)
    ):
        yield Want.DIAGNOSIS
    if part is Part.PROCEDURE and status is Status.STATED:
        yield Want.PROCEDURE
        yield Want.OPERATION
    elif (status is Status.STATED and names_procedure) or (
        status in (Status.STATED, Status.PLANNED) and any(_SUPPLY.search(w) for w in words)
    ):
        yield Want.PROCEDURE


def _is_of_vaccine(finding: Finding) -> bool:
    start = finding.start - finding.sentence.start
    return is_of_vaccine(finding.sentence.text, start, start + len(finding.text))


def _is_given(findings: Sequence[Finding]) -> bool:
    """Return whether the words are a dose of a drug that was given here, not one for home."""
    sentence = findings[0].sentence.text
    has_dose = any(_DRUG_DOSE.search(finding.text) for finding in findings)
    return has_dose and bool(_GIVEN.search(sentence)) and not _AT_HOME.search(sentence)


def is_ordered(query: Query) -> bool:
    """Return whether the words give a dose, or name equipment: who orders it picks its size."""
    text = " ".join(finding.text for finding in query.findings)
    return bool(_DRUG_DOSE.search(text)) or any(_SUPPLY.match(word) for word in query.text.split())


# --- Joining -------------------------------------------------------------------------------------

_JOINS = re.compile(
    r"^(?:,|and|or|with|w / ?|w/|&|due to|secondary to|because of|caused by|from|on|to|by|for"
    r"|complicated by|associated with|related to|in the setting of|after|following|, with|, and"
    r"|, due to|, secondary to|\(|, on|-|:|including|that|which|causing|resulting in)$"
)


def _runs(told: Sequence[Finding], all_: Sequence[Finding]) -> Iterator[list[Finding]]:
    """Yield runs of neighbours that one code may name together."""
    run: list[Finding] = []
    places = {id(finding): place for place, finding in enumerate(all_)}
    for finding in told:
        hangs_on = (
            run
            and places[id(finding)] == places[id(run[-1])] + 1
            and finding.status is run[-1].status
            and _JOINS.match(finding.joined)
        )
        if not hangs_on:
            yield run
            run = []
        run.append(finding)
    yield run


def _joinings(run: Sequence[Finding]) -> Iterator[Sequence[Finding]]:
    """Yield each two neighbours, and the whole run where it is short."""
    if len(run) < 2:
        return
    words = [len(plain_words(finding.text, finding.part)) for finding in run]
    for i in range(len(run) - 1):
        if words[i] and words[i + 1] and words[i] + words[i + 1] <= MAX_WORDS:
            yield run[i : i + 2]
    if 2 < len(run) <= MAX_JOINED and sum(words) <= MAX_WORDS:
        yield run


# --- Words ---------------------------------------------------------------------------------------


_DRUG_DOSE = re.compile(
    r"\b\d[\d.,]*\s?(?:mg|mcg|ug|g|gm|grams?|units?|iu|meq|ml|cc)\b", re.IGNORECASE
)
_GIVEN = re.compile(
    r"\b(?:inject\w*|infus\w*|administ\w*|given|gave|received|iv|im|intramuscular\w*|intraven\w*"
    r"|subcut\w*|sq|sc|subq|nebuli\w*|bolus|push|intra-?articular\w*|intrathecal\w*)\b",
    re.IGNORECASE,
)
_AT_HOME = re.compile(
    r"\b(?:po|by mouth|oral(?:ly)?|tablets?|capsules?|prescri\w*|at home|home medication\w*"
    r"|discharged on|continue)\b",
    re.IGNORECASE,
)
# What HCPCS Level II is for beside drugs: equipment, supplies, orthotics, prosthetics, transport.
_SUPPLY = re.compile(
    r"^(?:wheelchairs?|walkers?|rollators?|crutch(?:es)?|canes?|commodes?|mattress(?:es)?|bed|beds"
    r"|rails?|trapeze|lifts?|cushions?|braces?|orthos[ei]s|orthotics?|splints?|boots?|slings?"
    r"|collars?|prosthe(?:sis|ses|tic|tics)|sockets?|liners?|catheters?|ostomy|colostomy|pouch(?:es)?"
    r"|dressings?|gauze|bandages?|compression|stockings?|strips?|lancets?|glucometers?|monitors?"
    r"|pumps?|concentrators?|oxygen|cylinders?|nebulizers?|compressors?|cpap|bipap|ventilators?"
    r"|masks?|tubing|humidifiers?|suction|tens|stimulators?|ambulance|mileage|hearing|lens|lenses"
    r"|eyeglasses|shoes?|inserts?|wigs?|syringes?|needles?|gloves?|diapers?|formula|enteral"
    r"|transport|scooters?|hospital-bed)$",
    re.IGNORECASE,
)
_PROCEDURE = re.compile(
    r"^(?:inject|infus|vaccin|immuniz|biops|excis|repair|insert|remov|implant|replac|transplant"
    r"|catheter|intubat|ventilat|dialys|hemodialys|debrid|drain|aspirat|incis|amputat|arthrodesis"
    r"|fusion|graft|bypass|stent|angioplast|ablat|screen|mammogra|x-?ray|radiograph|ultraso"
    r"|sonogra|mri$|ct$|ecmo|ecls|cannulat|wellness|counsel|resect|closure|suture|cast|reduction"
    r"|fixation|delivery|cesarean|circumcis|transfus|therapy|training)"
    r"|(?:ectomy|otomy|ostomy|plasty|scopy|pexy|centesis|graphy|desis|tripsy|rrhaphy)$",
    re.IGNORECASE,
)
