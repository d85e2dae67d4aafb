"""Sentences to findings: the words between cues, each with how it is meant. Imports no Django.

negspacy (NegEx) decides what a cue reaches, once for each status, on a blank spaCy pipeline whose
spans are the runs of words between cues, commas and connecting words (``spans``, ``reach``).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

from codes.casefinder.cues import ALL, Status
from codes.casefinder.passages import Sentence
from codes.casefinder.reach import reach_class
from codes.casefinder.section_names import Part
from codes.casefinder.spans import SPANS, Spans
from codes.casefinder.times import has_ended, is_lasting

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc


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


def complaint_of(findings: Sequence[Finding]) -> str:
    """Return why the patient came: the complaint, or else how the note begins."""
    told = [each.sentence.text for each in findings if each.part is Part.COMPLAINT]
    return " ".join(told) or (findings[0].sentence.text if findings else "")


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


def _make_spans(nlp: "Language", name: str) -> "Spans":
    return Spans(nlp)


def _make_reach(nlp: "Language", name: str, status: str) -> Any:
    from negspacy.negation import Negex

    cues = ALL[Status(status)]
    reach = reach_class(Negex)
    return reach(nlp, name, cues, _extension(Status(status)))


# --- Findings ------------------------------------------------------------------------------------


def _findings(sentence: Sentence, doc: "Doc") -> Iterator[Finding]:
    for span in doc.spans[SPANS]:
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
    if has_ended(span.text, span.doc.text, span.start_char):
        return Status.PAST
    return _DEFAULTS.get(part, Status.STATED)
