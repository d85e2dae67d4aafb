"""Sentences to findings: the words between cues, each with how it is meant. Imports no Django.

negspacy (NegEx) decides what a cue reaches, once for each status, on a blank spaCy pipeline whose
spans are the runs of words between cues, commas and connecting words. Where NegEx would leave a
span out, because words inside it end the reach, we read more carefully (``_Reach``): a denied
finding must never pass for a stated one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from codes.casefinder.cues import (
    ALL,
    BEHIND_ITEM,
    OPENERS,
    TURNS,
    VERBS,
    Cues,
    Status,
)
from codes.casefinder.passages import Part, Sentence
from codes.casefinder.times import has_ended, is_lasting

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_SPANS = "findings"
_Match = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Finding:
    """A run of words that may name something, and how it is meant.

    ``joined`` says how it hangs on the finding before it in its sentence: "" for the first, else
    the lowercase connecting words or punctuation (``and``, ``with``, ``,``, a cue).
    """

    text: str
    start: int
    status: Status
    sentence: Sentence
    joined: str

    @property
    def end(self) -> int:
        """Where it ends in the note, exclusive."""
        return self.start + len(self.text)

    @property
    def part(self) -> Part:
        """What the section it stands in is about."""
        return self.sentence.part


def read(sentences: Sequence[Sentence]) -> list[Finding]:
    """Return the findings of the sentences, in order. About 3 ms for a page of text.

    Safe to call from several threads, one at a time: spaCy's store of words is emptied afterwards,
    so nothing of a note stays in memory.
    """
    with _lock:
        nlp = _pipeline()
        with nlp.memory_zone():
            docs = nlp.pipe(_plain(sentence.text) for sentence in sentences)
            return [
                finding
                for sentence, doc in zip(sentences, docs, strict=True)
                for finding in _findings(sentence, doc)
            ]


# --- Text ----------------------------------------------------------------------------------------

_AGE = re.compile(
    r"\b\d{1,3}[ \-]?(?:years?|yrs?|months?|weeks?|days?)[ \-]?old\b|\b\d{1,3}[ \-]?y/?o\b"
    r"|\bage[ds]?[ ]\d{1,3}\b",
    re.IGNORECASE,
)
_MASK = re.compile(r"\[[a-zA-Z ,\-]{4,40}\]")  # what codes/identifiers.py leaves
_SAME_LENGTH = str.maketrans(
    {"\n": " ", "\t": " ", "\u00a0": " ", "’": "'", "‘": "'", "–": "-", "—": "-"}
)


def _plain(text: str) -> str:
    """Return the text without ages and masks, which are no findings; same length."""
    text = text.translate(_SAME_LENGTH)
    for pattern in (_AGE, _MASK):
        text = pattern.sub(lambda match: " " * len(match[0]), text)
    # "w/" and "+" beside words, and slashes of lists, as words of their own.
    return re.sub(r"(?<=[A-Za-z)]),(?=[A-Za-z])", ",", text)


# --- The pipeline --------------------------------------------------------------------------------

_lock = Lock()
_JOINING = (
    "and",
    "or",
    "with",
    "w/",
    "&",
    "plus",
    "as well as",
    "along with",
    "and/or",
    "associated with",
    "complicated by",
    "accompanied by",
    "in addition to",
    "including",
    "such as",
    "due to",
    "secondary to",
    "because of",
    "caused by",
    "from",
    "in setting of",
    "in the setting of",
    "related to",
    "resulting in",
    "causing",
    "after",
    "following",
    "since",
    "during",
    "for",
    "who",
    "which",
    "that",
    "on",
    "but",
    "while",
    "when",
    "then",
    "to",
    "by",
    "by means of",
)
_PUNCTUATION = frozenset(
    {
        ",",
        ";",
        ":",
        ".",
        "!",
        "(",
        ")",
        "[",
        "]",
        "+",
        "-",
        "--",
        "=",
        "...",
        "->",
        "|",
        "…",
        '"',
        ">",
        "*",
        "#",
    }
)


@cache
def _pipeline() -> "Language":
    import spacy

    nlp = spacy.blank("en")
    nlp.max_length = 100_000
    from spacy.language import Language

    Language.factory("casefinder_spans", func=_make_spans)
    Language.factory("casefinder_reach", func=_make_reach)
    nlp.add_pipe("casefinder_spans")
    for status in ALL:
        nlp.add_pipe("casefinder_reach", name=_extension(status), config={"status": status.value})
    return nlp


def _extension(status: Status) -> str:
    return status.name.lower()


def _make_spans(nlp: "Language", name: str) -> "_Spans":
    return _Spans(nlp)


def _make_reach(nlp: "Language", name: str, status: str) -> Any:
    from negspacy.negation import Negex

    cues = ALL[Status(status)]
    reach = _reach_class(Negex)
    return reach(nlp, name, cues, _extension(Status(status)))


class _Spans:
    """Marks the runs of words that are no cue, and how each is joined to the one before."""

    def __init__(self, nlp: "Language") -> None:
        from spacy.matcher import PhraseMatcher
        from spacy.tokens import Doc, Span

        self.cues = PhraseMatcher(nlp.vocab, attr="LOWER")
        self.pseudo = PhraseMatcher(nlp.vocab, attr="LOWER")
        pipe = nlp.tokenizer.pipe  # type: ignore[union-attr]  # a blank pipeline's has one
        words = {w for c in ALL.values() for w in (*c.before, *c.behind, *c.near, *c.around)}
        ends = {w for c in ALL.values() for w in c.ends}
        self.cues.add("cue", list(pipe(sorted(words))))
        self.cues.add("end", list(pipe(sorted(ends))))
        self.cues.add("join", list(pipe(_JOINING)))
        self.pseudo.add("pseudo", list(pipe(sorted({w for c in ALL.values() for w in c.pseudo}))))
        if not Span.has_extension("joined"):
            Span.set_extension("joined", default="")
        if not Doc.has_extension("items"):
            Doc.set_extension("items", default=())

    def __call__(self, doc: "Doc") -> "Doc":
        for token in doc:
            token.is_sent_start = token.i == 0
        is_cue = self._marked(doc)
        spans: list[Any] = []
        run: list[int] = []
        joined = ""
        for token in doc:
            if is_cue[token.i] or token.is_space or _breaks(doc, token.i):
                if run:
                    spans.append(self._span(doc, run, joined))
                    joined, run = "", []
                joined = f"{joined} {token.lower_}".strip() if not token.is_space else joined
                continue
            run.append(token.i)
        if run:
            spans.append(self._span(doc, run, joined))
        doc.spans[_SPANS] = spans
        return doc

    def _marked(self, doc: "Doc") -> list[bool]:
        """Return which tokens belong to a cue; what a longer look-alike holds does not."""
        marked = [False] * len(doc)
        for _, start, end in _outside(self.cues(doc), self.pseudo(doc)):
            marked[start:end] = [True] * (end - start)
        return marked

    @staticmethod
    def _span(doc: "Doc", run: list[int], joined: str) -> Any:
        span = doc[run[0] : run[-1] + 1]
        span._.joined = joined
        return span


def _breaks(doc: "Doc", at: int) -> bool:
    """Return whether a token is punctuation between words, not the hyphen or slash within one."""
    if doc[at].text not in _PUNCTUATION:
        return False
    is_within = at > 0 and not doc[at - 1].whitespace_ and not doc[at].whitespace_
    return not (is_within and doc[at].text in "-.:+*#>" and at + 1 < len(doc))


@cache
def _reach_class(negex: type) -> type:
    """Return NegEx with a reach that is safe for spans of any length."""

    class Reach(negex):  # type: ignore[misc]  # negspacy publishes no types
        def __init__(self, nlp: "Language", name: str, cues: Cues, extension: str) -> None:
            termset = {
                "pseudo_negations": list(cues.pseudo),
                "preceding_negations": list(cues.before),
                "following_negations": [*cues.behind, *cues.near, *cues.around],
                "termination": list(cues.ends),
            }
            self.far = set(cues.behind)
            self.minds_verbs = cues.minds_verbs
            self.around = set(cues.around)
            super().__init__(nlp, name, termset, extension_name=extension, span_keys=[_SPANS])

        def process_negations(self, doc: "Doc") -> tuple[list[Any], list[Any], list[Any]]:
            """Return what precedes, follows and ends; the longest phrase at a place counts.

            NegEx would end the reach of "denies having had" at its own "had".
            """
            kinds = self.nlp.vocab.strings
            found: dict[str, list[Any]] = {
                "pseudo": [],
                "Preceding": [],
                "Following": [],
                "Termination": [],
            }
            for match in self.matcher(doc):
                found[kinds[match[0]]].append(match)
            pseudo = found["pseudo"]
            before = _outside(_longest(found["Preceding"]), pseudo)
            behind = _outside(_longest(found["Following"]), pseudo)
            ends = _apart_from(found["Termination"], [*before, *behind, *pseudo])
            ends = [match for match in ends if not _hangs_on(match, before, ends)]
            verbs = [(0, token.i, token.i + 1) for token in doc if self._opens(doc, token)]
            verbs = _apart_from(verbs, [*before, *behind, *pseudo])
            return before, behind, [*ends, *verbs]

        def _opens(self, doc: "Doc", token: Any) -> bool:
            """Return whether a verb begins a new statement here."""
            if not self.minds_verbs or token.lower_ not in VERBS or token.i == 0:
                return False
            return doc[token.i - 1].lower_ in OPENERS

        def termination_boundaries(self, doc: "Doc", terminating: list[Any]) -> list[_Match]:
            """Return stretches that begin at an end; there is one sentence in a document."""
            starts = sorted({0, *(match[1] for match in terminating)})
            return list(zip(starts, [*starts[1:], len(doc)], strict=True))

        def negex(self, doc: "Doc") -> "Doc":
            """Set the extension on every span that a cue reaches."""
            before, behind, ends = self.process_negations(doc)
            for start, end in self.termination_boundaries(doc, ends):
                inside = [span for span in doc.spans[_SPANS] if start <= span.start < end]
                preceding = [match for match in before if start <= match[1] < end]
                for span in inside:
                    reaches = [match for match in behind if self._reaches_back(doc, span, match)]
                    self._apply_negation(span, preceding, reaches)
            return doc

        def _reaches_back(self, doc: "Doc", span: Any, match: Any) -> bool:
            _, start, end = match
            if start < span.end:
                return False
            between = [token.lower_ for token in doc[span.end : start]]
            words = doc[start:end].text.lower()
            if not TURNS.isdisjoint(between) or ";" in between:
                return False
            if words in self.far:
                return True
            if words in self.around:
                return not any(text.isalpha() for text in between)
            return "," not in between and _ends_item(doc, end) and _is_close(between)

    return Reach


def _hangs_on(match: Any, before: Sequence[Any], ends: Sequence[Any]) -> bool:
    """Return whether an end stands right behind a denial: "no current", "denies presenting"."""
    starts = {match[1]}
    starts |= {start for _, start, end in ends if end == match[1]}
    return any(end in starts for _, _, end in before)


def _longest(matches: Iterable[Any]) -> list[Any]:
    """Return the matches that lie in no longer one."""
    rows = list(matches)
    return [
        (key, start, end)
        for key, start, end in rows
        if not any(a <= start and end <= b and b - a > end - start for _, a, b in rows)
    ]


def _outside(matches: Iterable[Any], others: Sequence[Any]) -> list[Any]:
    """Return the matches that touch none of the others, or hold the whole of it."""
    return [
        (key, start, end)
        for key, start, end in matches
        if not any(a < end and start < b and not (start <= a and b <= end) for _, a, b in others)
    ]


def _apart_from(matches: Iterable[Any], others: Sequence[Any]) -> list[Any]:
    """Return the matches that do not touch any of the others."""
    return [m for m in matches if not any(a < m[2] and m[1] < b for _, a, b in others)]


def _ends_item(doc: "Doc", at: int) -> bool:
    """Return whether nothing of the list item follows, but how or by what it was seen."""
    return at >= len(doc) or not doc[at].text[:1].isalnum() or doc[at].lower_ in BEHIND_ITEM


def _is_close(between: list[str]) -> bool:
    """Return whether a word behind a finding still speaks of it."""
    return sum(text.isalpha() for text in between) <= 2


# --- Findings ------------------------------------------------------------------------------------


def _findings(sentence: Sentence, doc: "Doc") -> Iterator[Finding]:
    for span in doc.spans[_SPANS]:
        start, end = span.start_char, span.end_char
        yield Finding(
            text=sentence.text[start:end],
            start=sentence.start + start,
            status=_status(span, sentence.part),
            sentence=sentence,
            joined=str(span._.joined),
        )


_DEFAULTS = {
    Part.FAMILY: Status.FAMILY,
    Part.ADVICE: Status.HYPOTHETICAL,
    Part.SURGERIES: Status.PAST,
}


def _status(span: Any, part: Part) -> Status:
    for status in ALL:
        if getattr(span._, _extension(status)):
            before = span.doc[max(0, span.start - 2) : span.start].text
            if status is Status.PAST and is_lasting(span.text, before):
                return Status.STATED
            return status
    if has_ended(span.text, span.doc.text):
        return Status.PAST
    return _DEFAULTS.get(part, Status.STATED)
