"""Hits of searches to candidates: what fits the patient, is not denied, and how it ranks."""

import re
from collections.abc import Mapping, Sequence

from codes.casefinder import rules
from codes.casefinder.agents import with_agents
from codes.casefinder.candidates import CAUSES, Candidate, is_cause
from codes.casefinder.combining import with_combinations
from codes.casefinder.conflicts import ICD
from codes.casefinder.contradictions import Denials
from codes.casefinder.cues import Status
from codes.casefinder.doses import units
from codes.casefinder.findings import Finding, complaint_of
from codes.casefinder.headings import choose_below, offer
from codes.casefinder.knowledge import Proposal
from codes.casefinder.lookup import by_display
from codes.casefinder.queries import Query, Want, is_ordered
from codes.casefinder.searching import PREFIXES, Answer, Weighed
from codes.casefinder.sequelae import without_old_strokes
from codes.casefinder.setting import Setting
from codes.casefinder.sifting import firsts, least_surplus, undenied
from codes.casefinder.specificity import recede
from codes.casefinder.stems import stems
from codes.casefinder.surplus import Fit, fit, told_stems
from codes.models import Code
from codes.search import in_order

HCPCS = "hcpcs"
PER_QUERY = 5
_NEXT = re.compile(r"[,;.]|\b(?:and|then)\b")
"""Where what is said of a dose ends."""
_KEYS = {
    Want.FAMILY: ("Z80", "Z81", "Z82", "Z83", "Z84"),
    Want.ALLERGY: ("Z88", "Z91.0"),
    Want.HISTORY: ("Z", "I25.2"),
}
"""With which a code begins that stands for such a finding."""


def candidates_of(
    note: str, findings: Sequence[Finding], answers: Sequence[Answer]
) -> list[Candidate]:
    """Return the candidates of a note with their ranks; about ten queries whatever its length."""
    told = [each.text for each in findings if each.status in (Status.STATED, Status.PAST)]
    setting = Setting.of(note, " . ".join(told))
    read_as = [text for answer in answers for each in answer.hits for text in each.hit.readings]
    read_as += [
        answer.query.text
        for answer in answers
        if answer.query.is_second or answer.query.want is Want.OPERATION
    ]
    read = stems(" ".join(read_as))
    known = told_stems(findings) | read
    doubted = told_stems(findings, with_doubts=True) | read
    proposed = list(rules.proposals(findings, note))
    ids = list(dict.fromkeys(each.hit.code_id for answer in answers for each in answer.hits))
    codes = {code.pk: code for code in in_order(ids)}
    found = [
        candidate
        for answer in answers
        for candidate in _of_answer(
            answer, codes, setting, doubted if answer.query.status is Status.UNCERTAIN else known
        )
    ]
    found = choose_below(_without_known_causes(found, proposed), complaint_of(findings))
    found = _ranked(firsts(least_surplus(undenied(found, Denials.of(findings)))))
    found += _of_rules(proposed)
    found = recede(found)
    found = without_old_strokes(with_agents(found, findings), findings)
    found = with_combinations(found, note)
    offer(found)
    return found


def _of_answer(
    answer: Answer, codes: Mapping[int, Code], setting: Setting, told: frozenset[str]
) -> list[Candidate]:
    query = answer.query
    prefix = PREFIXES.get(query.want, "")
    kept = []
    for each in answer.hits:
        hit, code = each.hit, codes[each.hit.code_id]
        if code.is_deleted or not _fits(code, query, setting):
            continue
        fitting = _fit(query, each, told | stems(prefix), strict=code.system.slug != ICD)
        if fitting.surplus and code.system.slug == HCPCS and not is_ordered(query):
            continue
        kept.append(
            Candidate(
                code=code,
                confidence=each.confidence,
                status=query.status,
                findings=query.findings,
                term=hit.term if hit.is_open else "",
                readings=hit.readings,
                fit=fitting,
                is_without=bool(query.without),
                units=_units(code, query),
                is_second=query.is_second,
            )
        )
    return kept[:PER_QUERY]


def _fit(query: Query, each: Weighed, told: frozenset[str], *, strict: bool) -> Fit:
    read = stems(" ".join(reading.partition(":")[2] for reading in each.hit.readings))
    read |= stems(PREFIXES.get(query.want, ""))
    words = stems(query.text) | read
    sentence = stems(query.findings[0].sentence.text) | words
    return fit(each.names, told, sentence=sentence, words=words, strict=strict)


def _without_known_causes(
    found: Sequence[Candidate], proposed: Sequence[Proposal]
) -> list[Candidate]:
    """Return the candidates without searched causes of accidents where a rule read the cause."""
    read = {each.finding.sentence.start for each in proposed if each.display[0] in CAUSES}
    return [
        each
        for each in found
        if not (_is_of_cause(each) and each.findings[0].sentence.start in read)
    ]


def _is_of_cause(candidate: Candidate) -> bool:
    """Return whether it is a cause, or "repeated falls" (I.C.18.d) for words that tell of one."""
    is_one_fall = candidate.code.key == "R296" and not _REPEATED.search(candidate.words)
    return is_cause(candidate.code) or is_one_fall


_REPEATED = re.compile(
    r"\b(?:repeated|recurrent|frequent|multiple|several)|\bfalls\b", re.IGNORECASE
)


def _units(code: Code, query: Query) -> str:
    if code.system.slug != HCPCS or query.want is not Want.PROCEDURE:
        return ""
    last = query.findings[-1]
    behind = last.sentence.text[last.end - last.sentence.start :]
    words = " ".join(each.text for each in query.findings)
    return units(code.long_descriptor, words + _NEXT.split(behind, maxsplit=1)[0])


def _is_measure(key: str) -> bool:
    """Return whether a code of HCPCS only reports a measure of quality, and no service."""
    return "G8395" <= key <= "G8999" or "G9188" <= key <= "G9999" or key.startswith("M1")


def _fits(code: Code, query: Query, setting: Setting) -> bool:
    if code.system.slug == HCPCS and _is_measure(code.key):
        return False
    if setting.is_of_other_kidneys(code.long_descriptor):
        return False
    if code.system.slug != ICD:
        # What is only ordered is a supply; a planned service was not done.
        return query.status is not Status.PLANNED or code.key[0] in "ABEKLV"
    if setting.is_of_other_sex(code.long_descriptor):
        return False
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


def _of_rules(proposed: Sequence[Proposal]) -> list[Candidate]:
    """Return the candidates of the rule table whose codes are held; one query."""
    codes = by_display([each.display for each in proposed])
    return [
        Candidate(
            code=codes[each.display],
            confidence=1.0,
            status=each.finding.status if each.finding.status is Status.FAMILY else Status.STATED,
            findings=(each.finding,),
            why=each.why,
            source=each.source,
            rank=1,
        )
        for each in proposed
        if each.display in codes
    ]
