"""The index of one code system as arrays, and as the bytes that the database keeps.

Pure; imports no Django. Built by codes/search/build.py, merged by codes/search/index.py.
"""

import io
from dataclasses import dataclass, fields
from typing import Any, Final, Self

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int32]
Bytes = NDArray[np.uint8]

NONE: Final = -1
"""In columns of places: no such row."""
GATED: Final = 128
"""The bit of a name's kind that says that it is not open to all."""
OPEN_END: Final = 4_000_000
"""In ``valid_to``: no last day; beyond every ordinal of a date."""


@dataclass(frozen=True, slots=True, eq=False)
class Segment:
    """What is searched of one system. Places are row numbers; texts are UTF-8, one a line.

    Codes stand in printed order, those with a page only; their names stand together, the long
    descriptor first. A *leaf* is a 7th-character extension: it has no names here, but a
    ``suffix``: what its descriptor adds to that of the code it hangs below.
    """

    # One row a code.
    code_id: Ints
    key: NDArray[np.bytes_]
    display: NDArray[np.bytes_]
    parent: Ints
    """The place of the code above it."""
    chapter: Ints
    section: Ints
    """The places of its headings."""
    billable: NDArray[np.bool_]
    valid_from: Ints
    valid_to: Ints
    """Ordinals of days."""
    suffix: Ints
    first_name: Ints
    """One more than codes: the names of code ``i`` are ``first_name[i]:first_name[i + 1]``."""
    # One row a name.
    kind: Bytes
    """The place of its ``TermKind``, and the bit ``GATED``."""
    name_start: Ints
    """One more than names: where its words begin in ``name_words``."""
    name_words: Ints
    text_start: Ints
    texts: Bytes
    # Words, sorted; stems in the order of their first word.
    words: Bytes
    stem_of_word: Ints
    stems: Bytes
    # Postings: which codes have a stem, and how much it says of each.
    posting_start: Ints
    posting_codes: Ints
    posting_weights: Bytes
    # Whole names: the hash of the stems of each, sorted, and its code.
    exact_hash: NDArray[np.uint64]
    exact_code: Ints
    # Headings of codes, one row each: kind, key and label, parted by tabs.
    headings: Bytes
    suffixes: Bytes

    def to_bytes(self) -> bytes:
        """Return the arrays as a compressed npz file."""
        file = io.BytesIO()
        arrays: dict[str, Any] = {each.name: getattr(self, each.name) for each in fields(self)}
        np.savez_compressed(file, allow_pickle=False, **arrays)
        return file.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Self:
        """Read what ``to_bytes`` wrote. Raises ``ValueError`` or ``KeyError`` for anything else."""
        with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
            return cls(**{each.name: arrays[each.name] for each in fields(cls)})


def lines(text: Bytes) -> list[str]:
    """Return the texts of a column of lines."""
    return text.tobytes().decode().split("\n")[:-1]


def as_lines(texts: list[str]) -> Bytes:
    """Return texts as a column of lines; none may hold a line break."""
    return np.frombuffer("".join(f"{text}\n" for text in texts).encode(), dtype=np.uint8)
