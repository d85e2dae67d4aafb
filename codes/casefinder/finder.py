"""Clinical text to codes: candidates for each sentence of a note, with what to see to.

Nothing of the note is stored. The work is bounded: ``MAX_SEARCHES`` searches and ``MAX_SECONDS``,
the most telling sections first; what was left out is said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from codes.casefinder import rules, stems
from codes.casefinder.candidates import Candidate, Support, by_sentence
from codes.casefinder.combinations import combinations
from codes.casefinder.conflicts import ICD, Conflict, conflicts
from codes.casefinder.contradictions import Denials
from codes.casefinder.cues import Status
from codes.casefinder.findings import Finding, read
from codes.casefinder.headings import choose_below, offer
from codes.casefinder.passages import sentences
from codes.casefinder.queries import Query, Want, queries
from codes.casefinder.searching import Answer, searched
from codes.casefinder.section_names import Part
from codes.casefinder.setting import Setting
from codes.identifiers import Kind, mask
from codes.models import Code
from codes.search import in_order

MAX_CHARACTERS = 20_000
PER_QUERY = 5
_KEYS = {
    Want.FAMILY: ("Z80", "Z81", "Z82", "Z83", "Z84"),
    Want.ALLERGY: ("Z88", "Z91.0"),
    Want.HISTORY: ("Z", "I25.2"),
}
"""With which a code begins that stands for such a finding."""


class NoteTooLong(ValueError):
    """The note has more than ``MAX_CHARACTERS`` characters."""


@dataclass(frozen=True, slots=True)
class Combined:
    """A code for several conditions of the note together, and the rule that says so."""

    code: Code
    of: tuple[str, ...]
    source: str


@dataclass(slots=True)
class Reading:
    """What a note leads to. ``searched`` of ``queries`` were done within the limits."""

    note: str
    """Masked."""
    identifiers: tuple[Kind, ...]
    supports: list[Support]
    conflicts: list[Conflict]
    denied: list[Finding]
    combinations: list[Combined]
    queries: int = 0
    searched: int = 0

    @property
    def left_out(self) -> int:
        """How many searches were left out."""
        return self.queries - self.searched

    @property
    def certain(self) -> list[Support]:
        """The sentences with candidates."""
        return [support for support in self.supports if support.candidates]

    @property
    def uncertain(self) -> list[Support]:
        """The sentences with uncertain diagnoses."""
        return [support for support in self.supports if support.uncertain]


def find(text: str) -> Reading:
    """Return what a note leads to. ``NoteTooLong`` beyond the limit; the note is masked first.

    At most ten queries beside one for each search.
    """
    if len(text) > MAX_CHARACTERS:
        raise NoteTooLong(
            f"The note has {len(text):,} characters; {MAX_CHARACTERS:,} are the most."
        )
    masked = mask(text)
    findings = read(sentences(masked.text))
    asked = _distinct(queries(findings))
    answers = searched(asked)
    candidates = _candidates(masked.text, findings, answers)
    stems.forget()
    supports = by_sentence(candidates)
    leading = [c.code for s in supports for c in s.candidates if c.is_leading]
    return Reading(
        note=masked.text,
        identifiers=masked.kinds,
        supports=supports,
        conflicts=conflicts(_once(leading)),
        combinations=_combined(leading),
        denied=[finding for finding in findings if finding.status is Status.DENIED],
        queries=len(asked),
        searched=len(answers),
    )


def _distinct(asked: Iterable[Query]) -> list[Query]:
    """Return the queries without those whose words were asked before; the first place counts."""
    seen: dict[tuple[str, Want, Status], Query] = {}
    for query in asked:
        seen.setdefault((query.text.lower(), query.want, query.status), query)
    return list(seen.values())


# --- Candidates ----------------------------------------------------------------------------------


def _candidates(
    note: str, findings: Sequence[Finding], answers: Sequence[Answer]
) -> list[Candidate]:
    told = [each.text for each in findings if each.status in (Status.STATED, Status.PAST)]
    setting = Setting.of(note, " . ".join(told))
    proposed = list(rules.proposals(findings, note))
    ids = list(dict.fromkeys(hit.code_id for answer in answers for hit, _ in answer.hits))
    codes = {code.pk: code for code in in_order(ids)}
    found = [candidate for answer in answers for candidate in _of_answer(answer, codes, setting)]
    choose_below(found, _complaint(findings))
    denials = Denials.of(findings)
    found = _ranked([each for each in found if not _is_denied(each, denials)])
    found += _of_rules(proposed)
    offer(found)
    return found


def _is_denied(candidate: Candidate, denials: Denials) -> bool:
    """Return whether the code says what the note denies; of diagnoses alone."""
    return candidate.code.system.slug == ICD and denials.contradict(
        candidate.code.long_descriptor, candidate.findings, candidate.readings
    )


def _complaint(findings: Sequence[Finding]) -> str:
    """Return why the patient came: the complaint, or else how the note begins."""
    told = [f.sentence.text for f in findings if f.part is Part.COMPLAINT]
    return " ".join(told) or (findings[0].sentence.text if findings else "")


def _of_answer(answer: Answer, codes: Mapping[int, Code], setting: Setting) -> list[Candidate]:
    query = answer.query
    kept = []
    for hit, confidence in answer.hits:
        code = codes[hit.code_id]
        if code.is_deleted or not _fits(code, query, setting):
            continue
        kept.append(
            Candidate(
                code=code,
                confidence=confidence,
                status=query.status,
                findings=query.findings,
                term=hit.term if hit.is_open else "",
                readings=hit.readings,
            )
        )
    return kept[:PER_QUERY]


def _fits(code: Code, query: Query, setting: Setting) -> bool:
    if code.system.slug != ICD:
        # What is only ordered is a supply; a planned service was not done.
        return query.status is not Status.PLANNED or code.key[0] in "ABEKLV"
    if keys := _KEYS.get(query.want):
        return code.display.startswith(keys) and setting.allows(code.key)
    return setting.allows(code.key)


def _ranked(candidates: Sequence[Candidate]) -> list[Candidate]:
    """Return each code once for its words and sentence, ranked; the longer words have the say.

    What was found by "diabetes with neuropathy" comes before what was found by "diabetes".
    """
    kept: dict[tuple[int, int], Candidate] = {}
    for each in candidates:
        mark = (each.findings[0].sentence.start, each.code.pk)
        other = kept.get(mark)
        if other is None or each.confidence > other.confidence:
            kept[mark] = each
    groups: dict[tuple[Finding, ...], list[Candidate]] = {}
    for each in kept.values():
        groups.setdefault(each.findings, []).append(each)
    for group in groups.values():
        for rank, each in enumerate(group[:PER_QUERY], 1):
            each.rank = rank
    return [each for group in groups.values() for each in group[:PER_QUERY]]


def _of_rules(proposed: Sequence[rules.Proposal]) -> list[Candidate]:
    """Return the candidates of the rule table whose codes are held; one query."""
    codes = _by_display([each.display for each in proposed])
    return [
        Candidate(
            code=codes[each.display],
            confidence=1.0,
            status=Status.STATED,
            findings=(each.finding,),
            why=each.why,
            source=each.source,
            rank=1,
        )
        for each in proposed
        if each.display in codes
    ]


def _combined(leading: Sequence[Code]) -> list[Combined]:
    """Return the combination codes that are held; one query, none where no rule fits."""
    asked = combinations([code.display for code in leading])
    codes = _by_display([each.display for each in asked])
    return [
        Combined(codes[each.display], each.of, each.source)
        for each in asked
        if each.display in codes
    ]


def _by_display(displays: Sequence[str]) -> dict[str, Code]:
    if not displays:
        return {}
    rows = Code.objects.visible().with_page().filter(system__slug=ICD, display__in=displays)
    return {code.display: code for code in rows.select_related("system")}


def _once(codes: Iterable[Code]) -> list[Code]:
    return list({code.pk: code for code in codes}.values())
