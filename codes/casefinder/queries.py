"""Findings to queries: what of a note's words is worth a search. Pure; imports no Django."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby, zip_longest

from codes.casefinder.cues import Status
from codes.casefinder.passages import Part, is_heading
from codes.casefinder.readings import Finding
from codes.casefinder.rules import is_drug_alone
from codes.casefinder.words import NOISE, NORMAL, NUMBERED, WEAK

MAX_WORDS = 12  # more than the search reads
MAX_JOINED = 4


class Want(IntEnum):
    """What is searched for; the value is its place in the work where time is short."""

    DIAGNOSIS = 0
    PROCEDURE = 1
    HISTORY = 2
    FAMILY = 3
    ALLERGY = 4


@dataclass(frozen=True, slots=True)
class Query:
    """Words to search for, and the findings that they are from (adjacent, of one sentence)."""

    text: str
    findings: tuple[Finding, ...]
    want: Want
    is_joined: bool = False

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

    Nothing for what is denied or only imagined, and nothing for words that name no condition.
    """
    found: list[Query] = []
    for _, group in groupby(findings, key=lambda finding: finding.sentence):
        found += _of_sentence(list(group))
    return sorted(found, key=lambda query: _WEIGHT.get(query.findings[0].part, 5))


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
        and not is_drug_alone(f.text)
        and not _AWAITS_NOT.search(f.text)
        and not (after and _NEGATIVE.search(after.joined))
    ]
    for finding in told:
        yield from _queries([finding])
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
        yield Query(text, tuple(findings), want, joined)


def _wants(findings: Sequence[Finding], words: Sequence[str]) -> Iterator[Want]:
    status, part = findings[0].status, findings[0].part
    names_procedure = any(_PROCEDURE.search(word) for word in words)
    if part is Part.ALLERGIES:
        yield Want.ALLERGY
    elif status is Status.FAMILY:
        yield Want.FAMILY
    elif status is Status.PAST:
        yield Want.HISTORY
    elif part not in (Part.PROCEDURE, Part.TECHNIQUE) and status is not Status.PLANNED:
        yield Want.DIAGNOSIS
    if status is Status.STATED and (names_procedure or part is Part.PROCEDURE):
        yield Want.PROCEDURE


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
    words = [len(content_words(finding.text, finding.part)) for finding in run]
    for i in range(len(run) - 1):
        if words[i] and words[i + 1] and words[i] + words[i + 1] <= MAX_WORDS:
            yield run[i : i + 2]
    if 2 < len(run) <= MAX_JOINED and sum(words) <= MAX_WORDS:
        yield run


# --- Words ---------------------------------------------------------------------------------------


def content_words(text: str, part: Part = Part.OTHER) -> list[str]:
    """Return the words that may name something, lowercase but for abbreviations; "" for none.

    Nothing for a normal finding of an examination, and nothing of a dose.
    """
    text = _ROOM_AIR.sub(" ", _DATE.sub(" ", text))
    text = _DOSE.sub(" ", text)
    tokens = _WORD.findall(text)
    if part in (Part.EXAM, Part.REVIEW, Part.RESULTS) and _is_normal(tokens):
        return []
    words = [_spelled(token) for token in tokens]
    kept = [w for i, w in enumerate(words) if w.lower() not in NOISE and _is_wanted(words, i)]
    return kept if any(len(word) > 1 and word.lower() not in WEAK for word in kept) else []


_WORD = re.compile(r"[^\W_](?:[^\W_]|[/'\-.](?=[^\W_]))*")
_ROOM_AIR = re.compile(r"\broom air\b", re.IGNORECASE)
_DATE = re.compile(
    r"\b\d{1,2}/\d{1,2}(?:/\d{2,4})?\b|\b\d{4}-\d{2}-\d{2}\b"
    r"|\b(?:in|since|on|of|from)?\s?(?:19|20)\d{2}\b",
    re.IGNORECASE,
)
_DOSE = re.compile(
    r"\b\d+(?:[.,/x\-]\d+)*\s?(?:%|mgs?|mcg|ug|g|gm|grams?|kg|lbs?|pounds?|ml|cc|l|iu|units?|u|meq|mmol"
    r"|mmhg|mm|cm|m|in|inch(?:es)?|ft|tabs?|tablets?|caps?|capsules?|puffs?|drops?|times?|x|days?"
    r"|weeks?|wks?|months?|mos?|years?|yrs?|hours?|hrs?|minutes?|mins?|pack[s\-]?(?:years?)?|ppd|bpm|degrees|mg/dl|g/dl"
    r"|mg/kg|ml/hr|cm2|l/min|f|c|k|k/ul)\b"
    r"(?:\s?(?:bid|tid|qid|qd|qhs|daily|po|iv|im|prn|ago|later|per day))?",
    re.IGNORECASE,
)


def _spelled(token: str) -> str:
    """Return the word in small letters, capitals kept where they make an abbreviation."""
    is_short = token.isupper() and 2 <= len(token) <= 6
    return token if is_short or any(c.isdigit() for c in token) else token.lower()


def _is_wanted(words: Sequence[str], i: int) -> bool:
    """Return whether a word is more than a bare number; "type 2" keeps its number."""
    if not words[i].replace(".", "").replace("/", "").replace("-", "").isdigit():
        return True
    return i > 0 and words[i - 1].lower() in NUMBERED and len(words[i]) < 3


def _is_normal(tokens: Iterable[str]) -> bool:
    return any(token.lower() in NORMAL for token in tokens)


_PROCEDURE = re.compile(
    r"^(?:inject|infus|vaccin|immuniz|biops|excis|repair|insert|remov|implant|replac|transplant"
    r"|catheter|intubat|ventilat|dialys|hemodialys|debrid|drain|aspirat|incis|amputat|arthrodesis|fusion|graft|bypass"
    r"|stent|angioplast|ablat|screen|mammogra|x-?ray|radiograph|ultraso|sonogra|mri$|ct$|ecmo|ecls|cannulat"
    r"|wheelchair|walker|crutch|brace|orthosis|prosthe|nebuliz|cpap|oxygen|wellness|counsel"
    r"|resect|closure|suture|cast|splint|reduction|fixation|delivery|cesarean|circumcis|transfus)"
    r"|(?:ectomy|otomy|ostomy|plasty|scopy|pexy|centesis|graphy|desis|tripsy|rrhaphy)$",
    re.IGNORECASE,
)
