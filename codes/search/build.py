"""Names of codes in, a segment of the search index out. Pure; imports no Django.

98,000 codes of ICD-10-CM take two to three seconds.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from codes.search import postings
from codes.search.answers import TermKind
from codes.search.postings import Lists
from codes.search.segment import GATED, NONE, OPEN_END, Ints, Segment, as_lines
from codes.search.words import NEGLIGIBLE, stem, words

KINDS: Final = (
    TermKind.DESCRIPTOR,
    *(kind for kind in TermKind if kind is not TermKind.DESCRIPTOR),
)
LIGHT: Final = 0.3
"""What a negligible word counts in the length of a name."""
WORDLESS: Final = "wordless"
"""Stands for the words of a name that has none, so that every name has one."""
WHOLE: Final = "="
"""Begins a suffix that is a whole descriptor: one that does not begin with that of its code."""


@dataclass(frozen=True, slots=True)
class Name:
    """What a code is called. What is not open to all ranks, but only some may be shown it."""

    text: str
    kind: TermKind = TermKind.DESCRIPTOR
    is_open: bool = True


@dataclass(frozen=True, slots=True)
class Entry:
    """A code or heading. What stands above an entry comes before it."""

    code_id: int
    parent_id: int | None
    kind: str
    key: str
    display: str
    billable: bool
    names: Sequence["Name"]
    """The long descriptor first."""
    valid_from: date | None = None
    valid_to: date | None = None
    is_leaf: bool = False
    """Whether it is a 7th-character extension, which hangs below its code."""


@dataclass(slots=True)
class _Rows:
    """Columns while they are read; see ``Segment``. Headings have negative places until the end."""

    codes: list[Entry] = field(default_factory=list)
    headings: list[Entry] = field(default_factory=list)
    node: dict[int, int] = field(default_factory=dict)
    """Of each id its place among the codes, or ``-1 - place`` among the headings."""
    above: list[int | None] = field(default_factory=list)
    heading_above: list[int | None] = field(default_factory=list)
    suffix: list[int] = field(default_factory=list)
    suffixes: dict[str, int] = field(default_factory=dict)
    first_name: list[int] = field(default_factory=lambda: [0])
    kinds: list[int] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)

    def add(self, entry: Entry) -> None:
        """Add a code with its names, or a heading."""
        above = self.node.get(entry.parent_id) if entry.parent_id is not None else None
        if entry.kind in ("chapter", "section"):
            self.node[entry.code_id] = -1 - len(self.headings)
            self.headings.append(entry)
            self.heading_above.append(above)
            return
        self.node[entry.code_id] = len(self.codes)
        self.codes.append(entry)
        self.above.append(above)
        self.suffix.append(self._suffix(entry, above))
        if not entry.is_leaf:
            self.kinds += [KINDS.index(n.kind) | (0 if n.is_open else GATED) for n in entry.names]
            self.texts += [name.text for name in entry.names]
        self.first_name.append(len(self.texts))

    def _suffix(self, entry: Entry, above: int | None) -> int:
        if not entry.is_leaf:
            return NONE
        text = entry.names[0].text
        title = self.codes[above].names[0].text if above is not None and above >= 0 else ""
        suffix = text[len(title) :] if title and text.startswith(title) else WHOLE + text
        return self.suffixes.setdefault(suffix, len(self.suffixes))


class _Vocabulary:
    """Numbers for words and for stems, in the order in which they come."""

    def __init__(self) -> None:
        self.words: dict[str, int] = {}
        self.stems: dict[str, int] = {}
        self.stem_of_word: list[int] = []

    def read(self, text: str) -> list[int]:
        """Return the numbers of the words of a text."""
        known = self.words
        found = words(text) or [WORDLESS]
        return [known[word] if word in known else self._add(word) for word in found]

    def _add(self, word: str) -> int:
        number = self.words[word] = len(self.words)
        self.stem_of_word.append(self.stems.setdefault(stem(word), len(self.stems)))
        return number


def build(entries: Iterable[Entry]) -> Segment:
    """Return the segment of a system's codes and headings, which come in printed order."""
    rows = _Rows()
    for entry in entries:
        rows.add(entry)
    vocabulary = _Vocabulary()
    names = Lists.of([vocabulary.read(text) for text in rows.texts])
    headings = Lists.of([vocabulary.read(entry.names[0].text) for entry in rows.headings])
    suffixes = Lists.of([vocabulary.read(text) for text in rows.suffixes])
    all_words = list(vocabulary.words)
    order = sorted(range(len(all_words)), key=all_words.__getitem__)
    number = np.empty(len(order), dtype=np.int32)
    number[order] = np.arange(len(order), dtype=np.int32)
    stem_of_word = np.array(vocabulary.stem_of_word, dtype=np.int32)
    codes, up = rows.codes, _ways_up(rows)
    heading_kinds = np.array([entry.kind == "chapter" for entry in rows.headings], dtype=np.bool_)
    first_name = np.array(rows.first_name, dtype=np.int32)
    columns: dict[str, Any] = _code_columns(codes) | _text_columns(rows.texts)
    light = np.array([word in NEGLIGIBLE for word in all_words], dtype=np.bool_)
    words_of = postings.Words(stem_of_word, np.where(light, LIGHT, 1.0))
    inherited = [
        sum(name.kind is not TermKind.INDEX_TERM for name in entry.names) for entry in codes
    ]
    suffix = np.array(rows.suffix, dtype=np.int32)
    tree = postings.Tree(up, first_name, suffix, np.array(inherited, dtype=np.int32))
    columns |= postings.weigh(words_of, tree, names, headings, suffixes)
    columns |= _exact(codes, rows, names, list(vocabulary.stems), stem_of_word)
    return Segment(
        parent=np.where(up[0] < len(codes), up[0], NONE).astype(np.int32),
        chapter=_heading_of(up, len(codes), heading_kinds),
        section=_heading_of(up, len(codes), ~heading_kinds),
        suffix=suffix,
        first_name=first_name,
        kind=np.array(rows.kinds, dtype=np.uint8),
        name_start=names.start.astype(np.int32),
        name_words=number[names.flat],
        words=as_lines([all_words[i] for i in order]),
        stem_of_word=stem_of_word[order],
        stems=as_lines(list(vocabulary.stems)),
        headings=as_lines([f"{h.kind}\t{h.key}\t{h.names[0].text}" for h in rows.headings]),
        suffixes=as_lines(list(rows.suffixes)),
        **columns,
    )


def fingerprint(stems: Iterable[str]) -> int:
    """Return 64 bits that stand for a whole name, by its stems in order."""
    digest = hashlib.blake2b(" ".join(stems).encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little")


def _ways_up(rows: _Rows) -> list[Ints]:
    """Return for each level up the node above each code; a heading is beyond the codes, -1 none."""
    count = len(rows.codes)

    def node(place: int | None) -> int:
        return NONE if place is None else place if place >= 0 else count - 1 - place

    above = np.array([node(each) for each in [*rows.above, *rows.heading_above]], dtype=np.int32)
    levels = [above[:count]]
    while levels[-1].size and levels[-1].max() >= 0:
        level = levels[-1]
        levels.append(np.where(level >= 0, above[level], NONE).astype(np.int32))
    return levels


def _heading_of(up: list[Ints], count: int, is_kind: NDArray[np.bool_]) -> Ints:
    """Return the place of each code's heading of a kind, the nearest."""
    found = np.full(count, NONE, dtype=np.int32)
    for level in up:
        place = level - count
        hit = (place >= 0) & (found == NONE)
        hit[hit] = is_kind[place[hit]]
        found[hit] = place[hit]
    return found


def _code_columns(codes: list[Entry]) -> dict[str, NDArray[np.generic]]:
    ordinals = [(e.valid_from and e.valid_from.toordinal()) or 0 for e in codes]
    ends = [(e.valid_to and e.valid_to.toordinal()) or OPEN_END for e in codes]
    return {
        "code_id": np.array([entry.code_id for entry in codes], dtype=np.int32),
        "key": np.array([entry.key.encode() for entry in codes], dtype="S"),
        "display": np.array([entry.display.encode() for entry in codes], dtype="S"),
        "billable": np.array([entry.billable for entry in codes], dtype=np.bool_),
        "valid_from": np.array(ordinals, dtype=np.int32),
        "valid_to": np.array(ends, dtype=np.int32),
    }


def _text_columns(texts: list[str]) -> dict[str, NDArray[np.generic]]:
    encoded = [text.encode() for text in texts]
    sizes = np.fromiter(map(len, encoded), dtype=np.int32, count=len(encoded))
    start = np.concatenate(([0], np.cumsum(sizes))).astype(np.int32)
    return {"text_start": start, "texts": np.frombuffer(b"".join(encoded), dtype=np.uint8)}


def _exact(
    codes: list[Entry], rows: _Rows, names: Lists, stems: list[str], stem_of_word: Ints
) -> dict[str, NDArray[np.generic]]:
    """Return the fingerprint of every name, leaves' descriptors among them, and its code."""
    code_of_name = np.repeat(np.arange(len(codes)), np.diff(rows.first_name))
    ends = names.start.tolist()
    spelled = [stems[number] for number in stem_of_word[names.flat]]
    hashes = [fingerprint(spelled[ends[i] : ends[i + 1]]) for i in range(len(rows.texts))]
    leaves = [place for place, entry in enumerate(codes) if entry.is_leaf]
    hashes += [fingerprint(map(stem, words(codes[leaf].names[0].text))) for leaf in leaves]
    places = np.concatenate((code_of_name, np.array(leaves, dtype=np.int64))).astype(np.int32)
    found = np.array(hashes, dtype=np.uint64)
    order = np.argsort(found, kind="stable")
    return {"exact_hash": found[order], "exact_code": places[order]}
