"""The segments of all systems as one index in memory. Pure; imports no Django.

An index never changes: a new one takes its place. All columns are those of ``Segment``, one
segment after the other, with one vocabulary.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np
from numpy.typing import NDArray

from codes.search.segment import GATED, NONE, Bytes, Ints, Segment, lines
from codes.search.vocabulary import joined
from codes.search.words import stem, words

Floats = NDArray[np.float32]
Flags = NDArray[np.bool_]

T = TypeVar("T", bound=np.generic)

COMMON: Final = 32
"""A stem that one in so many codes has is kept as a row of all codes, too."""

COMPOSED: Final = ("icd-10-pcs",)
"""Systems whose names are composed by rule, so that nobody abbreviates them."""


@dataclass(frozen=True, slots=True)
class Heading:
    """A chapter or section; ``system`` is the number of its system."""

    system: int
    kind: str
    key: str
    label: str


class Index:
    """Everything that is searched, of every system."""

    def __init__(self, segments: Sequence[tuple[str, Segment]]) -> None:
        parts = [segment for _, segment in segments]
        self.systems = tuple(slug for slug, _ in segments)
        sizes = [len(part.code_id) for part in parts]
        self.base = [0, *np.cumsum(sizes).tolist()]
        self.size = self.base[-1]
        self.vocabulary, numbers, stems = joined(parts)
        self.system = np.repeat(np.arange(len(parts), dtype=np.uint8), sizes)
        self.code_id = _chain([part.code_id for part in parts], np.int32)
        self.key = _chain_texts([part.key for part in parts])
        self.key_length = np.char.str_len(self.key).astype(np.uint8)
        self.display = _chain_texts([part.display for part in parts])
        self.parent = _chain_places([part.parent for part in parts], self.base)
        self.billable = _chain([part.billable for part in parts], np.bool_)
        self.valid_from = _chain([part.valid_from for part in parts], np.int32)
        self.valid_to = _chain([part.valid_to for part in parts], np.int32)
        self._read_headings(parts)
        self._read_suffixes(parts)
        self._read_names(parts, numbers)
        self._read_postings(parts, stems)
        hashes = _chain([part.exact_hash for part in parts], np.uint64)
        order = np.argsort(hashes, kind="stable")
        self._exact_hash = hashes[order]
        self._exact_code = _chain_places([part.exact_code for part in parts], self.base)[order]
        self._by_id = np.argsort(self.code_id, kind="stable").astype(np.int32)
        self._sorted_ids = self.code_id[self._by_id]
        self._by_key = np.argsort(self.key, kind="stable").astype(np.int32)
        self._sorted_keys = self.key[self._by_key]
        self.is_leaf = self.suffix != NONE
        self.has_leaves = np.zeros(self.size, dtype=np.bool_)
        self.has_leaves[self.parent[self.is_leaf & (self.parent != NONE)]] = True
        self.is_billable = self.billable | self.has_leaves
        """A code is billable too where its 7th-character extensions are."""
        self.open_words = [self._open_words(place) for place in range(len(parts))]

    def postings(self, stem: int) -> tuple[Ints, Bytes]:
        """Return the codes that have a stem, and the weights."""
        where = slice(self._posting_start[stem], self._posting_start[stem + 1])
        return self._posting_codes[where], self._posting_weights[where]

    def weights_of(self, stem: int) -> Bytes | None:
        """Return the weight of a common stem for every code, 0 for none; ``None`` if it is rare."""
        return self._common.get(stem)

    def names_of(self, code: int) -> range:
        """Return the places of a code's names."""
        return range(int(self.first_name[code]), int(self.first_name[code + 1]))

    def kind_of(self, name: int) -> int:
        """Return the place of a name's kind."""
        return int(self.kind[name]) & ~GATED

    def text(self, name: int) -> str:
        """Return a name as printed."""
        text = self._texts[self._text_start[name] : self._text_start[name + 1]]
        return str(text.tobytes(), "utf-8")

    def title(self, code: int) -> str:
        """Return the long descriptor of a code."""
        if self.suffix[code] == NONE:
            return self.text(int(self.first_name[code]))
        suffix: str = self.suffixes[int(self.suffix[code])]
        if suffix.startswith("="):
            return suffix[1:]
        return self.text(int(self.first_name[self.parent[code]])) + suffix

    def open_title(self, code: int) -> str:
        """Return the descriptor of a code that is open to all; nothing if there is none."""
        if self.suffix[code] != NONE:
            return self.title(code) if self.is_open(code, NONE) else ""
        names = [name for name in self.names_of(code) if self.is_open(code, name)]
        return self.text(names[0]) if names and self.kind[names[0]] == 0 else ""

    def printed(self, code: int) -> str:
        """Return the printed form of a code."""
        return bytes(self.display[code]).decode()

    def stems_of(self, name: int) -> list[int]:
        """Return the numbers of a name's stems, in order."""
        where = slice(self.name_start[name], self.name_start[name + 1])
        return [int(n) for n in self.vocabulary.stem_of_word[self.name_words[where]]]

    def exact(self, fingerprint: int) -> list[int]:
        """Return the codes that have a name with that fingerprint, in order."""
        wanted = np.uint64(fingerprint)
        first = np.searchsorted(self._exact_hash, wanted, side="left")
        last = np.searchsorted(self._exact_hash, wanted, side="right")
        return sorted(set(self._exact_code[first:last].tolist()))

    def with_id(self, code_id: int) -> Ints:
        """Return the code with that id, if it is in the index."""
        wanted = np.int32(code_id)  # a number of another type would have the column copied
        first = np.searchsorted(self._sorted_ids, wanted, side="left")
        last = np.searchsorted(self._sorted_ids, wanted, side="right")
        return self._by_id[first:last]

    def with_key(self, prefix: str) -> Ints:
        """Return the codes whose key begins with a prefix, by key."""
        kind, wanted = self.key.dtype, prefix.encode()
        if len(wanted) > kind.itemsize:
            return self._by_key[:0]
        return self.between(prefix, prefix)

    def between(self, prefix: str, last_prefix: str) -> Ints:
        """Return the codes from the first whose key begins with one text to the last with another.

        By key; no text may be longer than the longest key.
        """
        kind, wanted, after = self.key.dtype, prefix.encode(), last_prefix.encode()
        # A text of another length would have the column copied.
        after = after if len(after) == kind.itemsize else after + b"\x7f"
        first = np.searchsorted(self._sorted_keys, np.array(wanted, dtype=kind))
        last = np.searchsorted(self._sorted_keys, np.array(after, dtype=kind), side="right")
        return self._by_key[first:last]

    def leaves(self, code: int) -> Iterator[int]:
        """Yield the 7th-character extensions of a code."""
        place = code + 1
        while place < self.size and self.parent[place] == code:
            if self.is_leaf[place]:
                yield place
            place += 1

    def is_open(self, code: int, name: int) -> bool:
        """Return whether a name, or the descriptor where it is ``NONE``, is open to all."""
        place = name
        if place == NONE:
            named = self.parent[code] if self.suffix[code] != NONE else code
            place = int(self.first_name[named])
        return not int(self.kind[place]) & GATED

    def initials_from(self, pair: str) -> Ints:
        """Return where in ``initials`` two letters stand side by side, in order."""
        wanted = np.uint16(ord(pair[0]) * 256 + ord(pair[1]))
        first = np.searchsorted(self._pairs, wanted, side="left")
        return self._by_pair[first : np.searchsorted(self._pairs, wanted, side="right")]

    def _initials(self) -> tuple[Bytes, Ints]:
        """Return the first letter and the number of each word of the names that says something.

        Names are parted by a zero. Those of systems whose names are composed by rule are left out.
        """
        vocabulary = self.vocabulary
        first_letters = "".join(word[0] for word in vocabulary.words).encode()
        letters = np.frombuffer(first_letters, dtype=np.uint8)
        composed = [slug in COMPOSED for slug in self.systems]
        first = [int(self.first_name[base]) for base in self.base]
        spans = [
            slice(self.name_start[start], self.name_start[end])
            for start, end, is_left_out in zip(first[:-1], first[1:], composed, strict=True)
            if not is_left_out
        ]
        ends = np.zeros(len(self.name_words) + 1, dtype=np.bool_)
        ends[self.name_start] = True
        numbers = _chain([self.name_words[span] for span in spans], np.int32)
        begins = _chain([ends[:-1][span] for span in spans], np.bool_)
        says = ~vocabulary.is_light[numbers]
        order = np.repeat(numbers, 1 + begins)
        parted = np.zeros(len(order), dtype=np.bool_)
        parted[np.flatnonzero(begins) + np.arange(np.count_nonzero(begins))] = True
        initials = np.where(parted, 0, letters[order]).astype(np.uint8)
        kept = parted | np.repeat(says, 1 + begins)
        return initials[kept], order[kept]

    def _open_words(self, system: int) -> Flags:
        """Return which words stand in a name of a system that is open to all."""
        names = slice(self.first_name[self.base[system]], self.first_name[self.base[system + 1]])
        sizes = np.diff(self.name_start[names.start : names.stop + 1])
        is_open = np.repeat((self.kind[names] & GATED) == 0, sizes)
        flags = np.zeros(len(self.vocabulary.words), dtype=np.bool_)
        start = self.name_start[names.start]
        flags[self.name_words[start : start + len(is_open)][is_open]] = True
        return flags

    def _read_headings(self, parts: Sequence[Segment]) -> None:
        self.headings: list[Heading] = []
        chapters, sections = [], []
        for system, part in enumerate(parts):
            base = len(self.headings)
            for line in lines(part.headings):
                kind, key, label = line.split("\t", 2)
                self.headings.append(Heading(system, kind, key, label))
            chapters.append(np.where(part.chapter == NONE, NONE, part.chapter + base))
            sections.append(np.where(part.section == NONE, NONE, part.section + base))
        self.chapter = _chain(chapters, np.int32)
        self.section = _chain(sections, np.int32)

    def _read_suffixes(self, parts: Sequence[Segment]) -> None:
        self.suffixes: list[str] = []
        places = []
        for part in parts:
            places.append(np.where(part.suffix == NONE, NONE, part.suffix + len(self.suffixes)))
            self.suffixes += lines(part.suffixes)
        self.suffix_stems = [frozenset(map(stem, words(text))) for text in self.suffixes]
        self.suffix = _chain(places, np.int32)

    def _read_names(self, parts: Sequence[Segment], numbers: list[Ints]) -> None:
        self.kind = _chain([part.kind for part in parts], np.uint8)
        self.first_name = _chain_starts([part.first_name for part in parts])
        self.name_start = _chain_starts([part.name_start for part in parts])
        own = [number[part.name_words] for number, part in zip(numbers, parts, strict=True)]
        self.name_words = _chain(own, np.int32)
        self.is_repeated = self._repeated()
        """Which words of names stand in the same name before."""
        self.word_frequency = np.bincount(
            self.name_words, minlength=len(self.vocabulary.words)
        ).astype(np.int32)
        self.initials, self.initial_words = self._initials()
        pairs = self.initials[:-1].astype(np.uint16) * 256 + self.initials[1:]
        self._by_pair = np.argsort(pairs, kind="stable").astype(np.int32)
        self._pairs = pairs[self._by_pair]
        self._text_start = _chain_starts([part.text_start for part in parts])
        self._texts = _chain([part.texts for part in parts], np.uint8)

    def _row(self, stem: int) -> Bytes:
        codes, weights = self.postings(stem)
        row = np.zeros(self.size, dtype=np.uint8)
        row[codes] = weights
        return row

    def _repeated(self) -> Flags:
        name = np.repeat(np.arange(len(self.name_start) - 1), np.diff(self.name_start))
        keys = name * len(self.vocabulary.words) + self.name_words
        order = np.argsort(keys, kind="stable")
        flags = np.zeros(len(keys), dtype=np.bool_)
        flags[order[1:]] = keys[order[1:]] == keys[order[:-1]]
        return flags

    def _read_postings(self, parts: Sequence[Segment], stems: list[Ints]) -> None:
        of_stem = [
            np.repeat(number, np.diff(part.posting_start))
            for number, part in zip(stems, parts, strict=True)
        ]
        stem_of_posting = _chain(of_stem, np.int32)
        order = np.argsort(stem_of_posting, kind="stable")
        codes = _chain_places([part.posting_codes for part in parts], self.base)
        self._posting_codes = codes[order]
        self._posting_weights = _chain([part.posting_weights for part in parts], np.uint8)[order]
        counts = np.bincount(stem_of_posting, minlength=len(self.vocabulary.stems))
        self._posting_start = np.concatenate(([0], np.cumsum(counts)))
        self.frequency = counts.astype(np.int32)
        named = max(1, int(np.count_nonzero(np.diff(self.first_name))))
        self._common = {
            int(stem): self._row(int(stem)) for stem in np.flatnonzero(counts * COMMON > self.size)
        }
        rare = np.log(1 + (named - counts + 0.5).clip(min=0.5) / (counts + 0.5))
        self.rarity: Floats = rare.astype(np.float32)


def _chain(columns: Sequence[NDArray[T]], kind: type[T]) -> NDArray[T]:
    return np.concatenate(columns).astype(kind, copy=False) if columns else np.empty(0, kind)


def _chain_texts(columns: Sequence[NDArray[np.bytes_]]) -> NDArray[np.bytes_]:
    return np.concatenate(columns) if columns else np.empty(0, dtype="S1")


def _chain_places(columns: Sequence[Ints], base: Sequence[int]) -> Ints:
    moved = [np.where(c == NONE, NONE, c + b) for c, b in zip(columns, base, strict=False)]
    return _chain(moved, np.int32)


def _chain_starts(columns: Sequence[Ints]) -> Ints:
    """Return where the rows of all begin, and at last where they end."""
    sizes = [np.diff(column) for column in columns]
    return np.concatenate(([0], np.cumsum(_chain(sizes, np.int32)))).astype(np.int32)
