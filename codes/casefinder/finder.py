"""Clinical text to codes: candidates for each sentence of a note, with what to see to.

Nothing of the note is stored. The work is bounded: ``MAX_SEARCHES`` searches and ``MAX_SECONDS``,
the most telling sections first; what was left out is said.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from codes.casefinder import choosing, rules
from codes.casefinder.choosing import Choice, Setting
from codes.casefinder.conflicts import ICD, Conflict, conflicts
from codes.casefinder.contradictions import Denials
from codes.casefinder.cues import Status
from codes.casefinder.passages import Part, Sentence, sentences
from codes.casefinder.queries import Query, Want, content_words, queries
from codes.casefinder.readings import Finding, read
from codes.identifiers import Kind, mask
from codes.models import Code
from codes.search import Filters, Hit, in_order, search

MAX_CHARACTERS = 20_000
MAX_SEARCHES = 400
MAX_SECONDS = 5.0
HITS = 10
PER_QUERY = 5
SHOWN = 3
MOST_CHILDREN = 12
_LEVELS = 4


class NoteTooLong(ValueError):
    """The note has more than ``MAX_CHARACTERS`` characters."""


@dataclass(slots=True)
class Candidate:
    """A code that a sentence may stand for, and why."""

    code: Code
    confidence: float
    status: Status
    findings: tuple[Finding, ...]
    term: str = ""
    """The name that matched, where it is open to all: an inclusion term is part of the page."""
    readings: tuple[str, ...] = ()
    why: str = ""
    source: str = ""
    instead_of: str = ""
    """The heading that was found, where a code below it was chosen by the note's words."""
    more_specific: list[Code] = field(default_factory=list)
    rank: int = 0
    """Its place among the candidates of the same words, from 1."""

    @property
    def is_leading(self) -> bool:
        """Whether it is the first choice for its words."""
        return self.rank == 1

    @property
    def start(self) -> int:
        """Where its words begin in the masked note."""
        return self.findings[0].start

    @property
    def words(self) -> str:
        """The words of the note that it was found by."""
        return " … ".join(" ".join(finding.text.split()) for finding in self.findings)

    @property
    def shows_term(self) -> bool:
        """Whether the name that matched says more than the descriptor beside it."""
        shown = (self.code.public_short, self.code.long_descriptor, self.code.display)
        known = {text.casefold() for text in (*shown, self.words)}
        return bool(self.term) and not self.instead_of and self.term.casefold() not in known

    @property
    def has_remark(self) -> bool:
        """Whether there is more to say of it than its code and descriptor."""
        is_plain = self.code.billable and self.code.system.slug == ICD
        told = self.source or self.readings or self.instead_of or self.shows_term
        return bool(told) or not is_plain or self.status is Status.PAST


@dataclass(frozen=True, slots=True)
class Group:
    """Candidates for the same words, best first; those beyond ``SHOWN`` are on demand."""

    words: str
    first: list[Candidate]
    more: list[Candidate]


@dataclass(slots=True)
class Support:
    """A sentence and the codes that it supports; ``pieces`` is its text, marked where told."""

    sentence: Sentence
    candidates: list[Candidate] = field(default_factory=list)
    uncertain: list[Candidate] = field(default_factory=list)

    @property
    def groups(self) -> list[Group]:
        """The candidates by the words that they were found by."""
        return _grouped(self.candidates)

    @property
    def uncertain_groups(self) -> list[Group]:
        """The uncertain ones by their words."""
        return _grouped(self.uncertain)

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it is what a candidate was found by."""
        return _pieces(self.sentence, [*self.candidates, *self.uncertain])


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
    answers = _searched(asked)
    candidates = _candidates(masked.text, findings, answers)
    choosing.forget()
    supports = _supports(candidates)
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


# --- Searching -----------------------------------------------------------------------------------

_FILTERS = {
    Want.DIAGNOSIS: Filters(systems=(ICD,)),
    Want.HISTORY: Filters(systems=(ICD,)),
    Want.FAMILY: Filters(systems=(ICD,)),
    Want.ALLERGY: Filters(systems=(ICD,)),
    Want.PROCEDURE: Filters(systems=("hcpcs", "cpt")),
    Want.OPERATION: Filters(systems=("icd-10-pcs",)),
}
_PREFIXES = {
    Want.HISTORY: "personal history of ",
    Want.FAMILY: "family history of ",
    Want.ALLERGY: "allergy status to ",
}
_KEYS = {
    Want.FAMILY: ("Z80", "Z81", "Z82", "Z83", "Z84"),
    Want.ALLERGY: ("Z88", "Z91.0"),
    Want.HISTORY: ("Z", "I25.2"),
}


@dataclass(frozen=True, slots=True)
class _Answer:
    """The hits of a query that may be meant, best first, each with its confidence."""

    query: Query
    hits: tuple[tuple[Hit, float], ...]


def _distinct(asked: Iterable[Query]) -> list[Query]:
    """Return the queries without those whose words were asked before; the first place counts."""
    seen: dict[tuple[str, Want, Status], Query] = {}
    for query in asked:
        seen.setdefault((query.text.lower(), query.want, query.status), query)
    return list(seen.values())


def _searched(asked: Sequence[Query]) -> list[_Answer]:
    """Search as long as the limits allow."""
    deadline = time.monotonic() + MAX_SECONDS
    answers = []
    for query in asked[:MAX_SEARCHES]:
        if time.monotonic() > deadline:
            break
        answers.append(_Answer(query, tuple(_hits(query))))
    return answers


def _hits(query: Query) -> Iterable[tuple[Hit, float]]:
    prefix = _PREFIXES.get(query.want, "")
    text = prefix + query.text
    words = query.text.split()
    results = search(text, filters=_FILTERS[query.want], limit=HITS)
    parts = [content_words(finding.text, finding.part) for finding in query.findings]
    found = [(hit, choosing.confidence(words, hit, beside=prefix)) for hit in results.hits]
    best = max((confidence for _, confidence in found), default=0.0)
    for hit, confidence in found:
        if confidence < choosing.at_least(best):
            continue
        if query.without and not choosing.says_without(query.without, hit):
            continue
        # "diabetes with neuropathy" is worth a search of its own only for codes that say both.
        if not query.is_joined or all(choosing.has_word_of(part, hit) for part in parts if part):
            yield hit, confidence


# --- Candidates ----------------------------------------------------------------------------------


def _candidates(
    note: str, findings: Sequence[Finding], answers: Sequence[_Answer]
) -> list[Candidate]:
    told = [each.text for each in findings if each.status in (Status.STATED, Status.PAST)]
    setting = Setting.of(note, " . ".join(told))
    proposed = list(rules.proposals(findings, note))
    ids = list(dict.fromkeys(hit.code_id for answer in answers for hit, _ in answer.hits))
    codes = {code.pk: code for code in in_order(ids)}
    found = [candidate for answer in answers for candidate in _of_answer(answer, codes, setting)]
    _choose_below(found, _complaint(findings))
    denials = Denials.of(findings)
    found = _ranked([each for each in found if not _is_denied(each, denials)])
    found += _of_rules(proposed)
    _offer(found)
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


def _of_answer(answer: _Answer, codes: Mapping[int, Code], setting: Setting) -> list[Candidate]:
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


def _choose_below(candidates: Sequence[Candidate], complaint: str) -> None:
    """Put the code that the words ask for in place of a heading; one query a level, at most 4."""
    for each in candidates:
        _reopen(each, complaint)
    for _ in range(_LEVELS):
        open_ = [
            each for each in candidates if not each.code.billable and each.code.system.slug == ICD
        ]
        below = _children({each.code.pk for each in open_})
        moved = False
        for each in open_:
            moved |= _descend(each, below.get(each.code.pk, []), complaint)
        if not moved:
            return


def _reopen(candidate: Candidate, complaint: str) -> None:
    """Go back to the heading where a search chose a 7th character that the note does not want."""
    code, sentence = candidate.code, candidate.findings[0].sentence
    is_injury = code.system.slug == ICD and len(code.key) == 7 and code.key[0] in "ST"
    wanted = choosing.encounter_of(sentence.text, complaint)
    if is_injury and code.parent and not code.key.endswith(wanted):
        candidate.code = code.parent
        candidate.code.system = code.system


def _descend(candidate: Candidate, children: Sequence[Code], complaint: str) -> bool:
    sentence = candidate.findings[0].sentence
    words = [finding.text for finding in candidate.findings]
    side = choosing.side_of(" ".join(words)) or choosing.side_of(sentence.text)
    chosen = choosing.choose(
        candidate.code.long_descriptor,
        [Choice(child.pk, child.key, child.long_descriptor) for child in children],
        [*words, *(reading.partition(":")[2] for reading in candidate.readings)],
        side,
        choosing.encounter_of(sentence.text, complaint),
    )
    if chosen is None:
        return False
    candidate.instead_of = candidate.instead_of or candidate.code.display
    candidate.code = next(child for child in children if child.pk == chosen.pk)
    return True


def _children(parents: Iterable[int]) -> dict[int, list[Code]]:
    """Return the codes right below each heading, in printed order; one query."""
    below: dict[int, list[Code]] = {}
    wanted = list(parents)
    if wanted:
        rows = Code.objects.visible().with_page().filter(parent__in=wanted)
        for code in rows.select_related("system").order_by("position"):
            if not code.is_deleted:
                below.setdefault(code.parent_id or 0, []).append(code)
    return below


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
    asked = rules.combinations([code.display for code in leading])
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


def _offer(candidates: Sequence[Candidate]) -> None:
    """Add what stands below each leading candidate, or beside it where it is unspecified."""
    wanted = {each.code.pk for each in candidates if not each.code.billable}
    wanted |= {
        each.code.parent_id for each in candidates if _may_be_finer(each) and each.code.parent_id
    }
    below = _children(wanted)
    for each in candidates:
        place = each.code.pk if not each.code.billable else each.code.parent_id or 0
        if not each.code.billable or _may_be_finer(each):
            others = [code for code in below.get(place, []) if code.pk != each.code.pk]
            each.more_specific = others[:MOST_CHILDREN]


def _may_be_finer(candidate: Candidate) -> bool:
    code = candidate.code
    return code.system.slug == ICD and code.billable and "nspecified" in code.long_descriptor


# --- The page's order ----------------------------------------------------------------------------


def _supports(candidates: Sequence[Candidate]) -> list[Support]:
    by_sentence: dict[int, Support] = {}
    for each in candidates:
        sentence = each.findings[0].sentence
        support = by_sentence.setdefault(sentence.start, Support(sentence))
        group = support.uncertain if each.status is Status.UNCERTAIN else support.candidates
        group.append(each)
    for support in by_sentence.values():
        for group in (support.candidates, support.uncertain):
            group.sort(key=lambda each: (each.rank, each.start))
    return [by_sentence[start] for start in sorted(by_sentence)]


def _pieces(sentence: Sentence, candidates: Sequence[Candidate]) -> list[tuple[str, bool]]:
    marked = bytearray(len(sentence.text))
    for each in candidates:
        for finding in each.findings:
            first = finding.start - sentence.start
            marked[first : first + len(finding.text)] = b"\x01" * len(finding.text)
    pieces: list[tuple[str, bool]] = []
    start = 0
    for at in range(1, len(marked) + 1):
        if at == len(marked) or marked[at] != marked[start]:
            pieces.append((sentence.text[start:at], bool(marked[start])))
            start = at
    return pieces


def _grouped(candidates: Sequence[Candidate]) -> list[Group]:
    by_words: dict[tuple[Finding, ...], list[Candidate]] = {}
    for each in sorted(candidates, key=lambda each: (each.start, -len(each.findings))):
        by_words.setdefault(each.findings, []).append(each)
    return [
        Group(each[0].words, each[:SHOWN], each[SHOWN:])
        for each in (sorted(group, key=lambda c: c.rank) for group in by_words.values())
    ]


def _once(codes: Iterable[Code]) -> list[Code]:
    return list({code.pk: code for code in codes}.values())
