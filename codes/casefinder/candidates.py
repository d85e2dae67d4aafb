"""What a note leads to: codes, each with the words that it was found by, in the page's order."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from codes.casefinder.conflicts import ICD
from codes.casefinder.cues import Status
from codes.casefinder.findings import Finding
from codes.casefinder.laterality import side_of
from codes.casefinder.passages import Sentence
from codes.casefinder.surplus import Fit
from codes.models import Code

SHOWN = 3
CAUSES = "VWXY"
"""How codes of external causes begin, which are never the first (Guidelines I.C.20.a.6)."""


def is_cause(code: Code) -> bool:
    """Return whether a code names the cause, place or activity of an accident."""
    return code.system.slug == ICD and code.key[0] in CAUSES


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
    units: str = ""
    """How many billing units the given dose is, where the descriptor and the note say it."""
    more_specific: list[Code] = field(default_factory=list)
    side: str = ""
    """The side that was chosen for it by the words, of which both may be meant."""
    less_than: str = ""
    """The code of this note that says more of the same; it stands behind that one."""
    encounter: str = ""
    """What the 7th character of an injury stands for, as the words of the note were read."""
    fit: Fit = field(default_factory=Fit)
    """How its most fitting name fits the note."""
    is_without: bool = False
    """Whether it says "without" what the note says its words are without."""
    is_second: bool = False
    """Whether it was found by other words than the note's; for where those lead to nothing."""
    is_repeated: bool = False
    """Whether a sentence above proposes its code too."""
    rank: int = 0
    """Its place among the candidates of the same words, from 1."""

    @property
    def surplus(self) -> frozenset[str]:
        """What its most fitting name says beyond the note, as stems."""
        return self.fit.surplus

    @property
    def is_leading(self) -> bool:
        """Whether it is the first choice for its words."""
        return self.rank == 1

    @property
    def start(self) -> int:
        """Where its words begin in the masked note."""
        return self.findings[0].start

    @property
    def told_side(self) -> str:
        """The one side that its words name, or else their sentence; "" for none or several."""
        read = " ".join(reading.partition(":")[2] for reading in self.readings)
        return side_of(f"{self.words} {read}") or side_of(self.findings[0].sentence.text)

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
    def offers(self) -> str:
        """What ``more_specific`` holds, in words."""
        if not self.code.billable:
            return "More specific"
        return "Other 7th characters" if self.encounter else "Others beside it"

    @property
    def has_remark(self) -> bool:
        """Whether there is more to say of it than its code and descriptor."""
        is_plain = self.code.billable and self.code.system.slug == ICD
        read = self.source or self.readings or self.instead_of or self.shows_term
        told = read or self.units or self.encounter or self.less_than or self.is_repeated
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
        return _grouped(each for each in self.candidates if not each.less_than)

    @property
    def behind(self) -> list[Candidate]:
        """Those of which another code of the note says more."""
        return [each for each in self.candidates if each.less_than]

    @property
    def uncertain_groups(self) -> list[Group]:
        """The uncertain ones by their words."""
        return _grouped(self.uncertain)

    @property
    def pieces(self) -> list[tuple[str, bool]]:
        """The text in pieces, each with whether it is what a candidate was found by."""
        return _pieces(self.sentence, [*self.candidates, *self.uncertain])


def by_sentence(candidates: Sequence[Candidate]) -> list[Support]:
    """Return the sentences with their candidates, leading ones first, in the note's order."""
    supports: dict[int, Support] = {}
    for each in candidates:
        sentence = each.findings[0].sentence
        support = supports.setdefault(sentence.start, Support(sentence))
        group = support.uncertain if each.status is Status.UNCERTAIN else support.candidates
        group.append(each)
    for support in supports.values():
        for group in (support.candidates, support.uncertain):
            group.sort(key=lambda each: (is_cause(each.code), each.rank, each.start))
    found = [supports[start] for start in sorted(supports)]
    _mark_repeated(found)
    return found


def _mark_repeated(supports: Iterable[Support]) -> None:
    seen: set[int] = set()
    for support in supports:
        here = {each.code.pk for each in support.candidates}
        for each in support.candidates:
            each.is_repeated = each.code.pk in seen
        seen |= here


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


def _grouped(candidates: Iterable[Candidate]) -> list[Group]:
    by_words: dict[tuple[Finding, ...], list[Candidate]] = {}
    order = sorted(
        candidates, key=lambda each: (is_cause(each.code), each.start, -len(each.findings))
    )
    for each in order:
        by_words.setdefault(each.findings, []).append(each)
    return [
        Group(each[0].words, each[:SHOWN], each[SHOWN:])
        for each in (sorted(group, key=lambda c: c.rank) for group in by_words.values())
    ]
