"""Parts of a clinical note: headings, sections and sentences, each with its offsets. Pure.

Offsets are those of the note as it was given, so that a page can show what supports a code.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from codes.casefinder.section_names import HEADINGS, ORGANS, Part


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or one line of a list: ``note[start:end] == text``."""

    text: str
    start: int
    part: Part

    @property
    def end(self) -> int:
        """Where it ends, exclusive."""
        return self.start + len(self.text)


def sentences(note: str) -> list[Sentence]:
    """Return the sentences of a note in order; headings themselves are none. Linear."""
    found: list[Sentence] = []
    for start, end, part in _sections(note):
        for line_start, line_end in _joined_lines(note, start, end):
            for first, last in _sentences_of(note, line_start, line_end):
                found.append(Sentence(note[first:last], first, part))
    return found


# Below such a heading its own list of organs follows ("ROS: … Cardiovascular: …").
_KEEPS_SUBHEADINGS = (Part.REVIEW, Part.EXAM)
_HEADING = re.compile(
    r"(?:^|(?<=\n))[ \t#*>\-]{0,6}([A-Za-z][A-Za-z&/'\- ]{0,40}?)[ \t*]{0,3}(?::|[ ]-[ ]|(?=\n|$))"
)
_INLINE = re.compile(r"(?<=[.;!?])[ \t]{1,4}([A-Z][A-Za-z&/ ]{1,40}?):(?=\s)")


def _sections(note: str) -> Iterator[tuple[int, int, Part]]:
    """Yield each stretch of text below one heading, without the heading."""
    part, start = Part.OTHER, 0
    for match in _headings(note):
        named = HEADINGS[_name(match[1])]
        if start < match.start(1):
            yield start, match.start(1), part
        if not (part in _KEEPS_SUBHEADINGS and _name(match[1]) in ORGANS):
            part = named
        start = match.end()
    if start < len(note):
        yield start, len(note), part


def _headings(note: str) -> list[re.Match[str]]:
    found = [*_HEADING.finditer(note), *_INLINE.finditer(note)]
    known = [match for match in found if _name(match[1]) in HEADINGS and _stands_out(match)]
    known.sort(key=lambda match: match.start(1))
    return [m for i, m in enumerate(known) if i == 0 or m.start(1) >= known[i - 1].end()]


def _name(text: str) -> str:
    return " ".join(text.lower().split())


def _stands_out(match: re.Match[str]) -> bool:
    """Return whether it is a heading: with a colon, or a line of its own that is no list item."""
    if match[0].rstrip().endswith(":"):
        return True
    # "Plan - rest" and a bare line: single letters and organs would be too many.
    return len(match[1]) > 2 and _name(match[1]) not in ORGANS


_TITLE = re.compile(
    r"^(?:[\w&-]+ ){0,3}(?:note|report|summary|record|sheet|letter|consultation)$", re.IGNORECASE
)
"""What a document calls itself: "Progress note"."""


def is_heading(text: str) -> bool:
    """Return whether the words are a heading's, wherever they stand."""
    return _name(text) in HEADINGS or _TITLE.match(text) is not None


_BULLET = re.compile(r"[ \t]*(?:[-*•·▪o–]|\(?\d{1,2}[.)]|[a-z][.)]|#\d{0,2})[ \t]+")
_ENDS = ".;:!?"


def _joined_lines(note: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield paragraphs: lines that were only wrapped belong together, list items stand alone."""
    first: int | None = None
    last = start
    for match in re.finditer(r"[^\n]+", note[start:end]):
        here, there = start + match.start(), start + match.end()
        line = match[0]
        if not line.strip():
            continue
        is_wrapped = (
            first is not None
            and "\n" not in note[last + 1 : here]
            and not _BULLET.match(line)
            and note[last - 1 : last] not in _ENDS
            and line.lstrip()[:1].islower()
        )
        if not is_wrapped and first is not None:
            yield first, last
        first, last = (first if is_wrapped else here), there
    if first is not None:
        yield first, last


_ABBREVIATED = re.compile(
    r"(?:\b(?:dr|mr|mrs|ms|st|vs|pt|approx|e\.g|i\.e|etc|incl|hx|dx|tx|sx|fx|jr|sr|fig|ca|min|hr"
    r"|wk|yr|mo|lt|rt|b\.i\.d|t\.i\.d|q\.d|p\.o|a\.m|p\.m)|\b[A-Za-z])$",
    re.IGNORECASE,
)
_STOP = re.compile(r"[.!?](?=\s+[\"'(]?[A-Z0-9\[]|\s*$)|;|\s\|\s|(?<=[a-z)])\.(?=[A-Z][a-z])")


def _sentences_of(note: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    bullet = _BULLET.match(note, start, end)
    first = bullet.end() if bullet else start
    for stop in _STOP.finditer(note, first, end):
        before = note[max(first, stop.start() - 8) : stop.start()]
        if stop[0] == "." and stop.end() < end and _ABBREVIATED.search(before):
            continue
        yield from _stripped(note, first, stop.end())
        first = stop.end()
    yield from _stripped(note, first, end)


def _stripped(note: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    text = note[start:end]
    if re.search(r"[^\W_]", text):
        yield start + len(text) - len(text.lstrip()), start + len(text.rstrip())
