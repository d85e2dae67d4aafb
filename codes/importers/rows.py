"""What a parser hands over, the checks that every edition passes, and the named errors.

Pure: imports no Django. A parser for one file format yields ``CodeRow``s in printed order, parents
first; ``check`` finds what is wrong with them as a whole; ``codes/importers/load.py`` stores them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import Field, dataclass
from datetime import date
from typing import Any, ClassVar, Final, Protocol

KINDS: Final = frozenset({"chapter", "section", "category", "code"})
PAGE_KINDS: Final = frozenset({"category", "code"})
NOTE_KINDS: Final = frozenset(
    {"includes", "excludes1", "excludes2", "code_first", "use_additional", "code_also", "note"}
    | {"seventh_character"}
)
MAX_KEY: Final = 40
MAX_SHORT: Final = 400
MAX_TEXT: Final = 20_000
"""Characters: of a key or display, of a short or medium descriptor, of any longer text."""

Ref = tuple[str, str]
"""Kind and key of a node: 39 ICD-10-CM sections bear the key of their only category."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, with where it stands; ``line`` 0 is the file as a whole."""

    file: str
    line: int
    message: str

    def __str__(self) -> str:
        return (
            f"{self.file}:{self.line}: {self.message}"
            if self.line
            else (f"{self.file}: {self.message}")
        )


class ImportRefused(Exception):
    """An edition is not loaded; the message says why in one line. Nothing was changed."""


class FileRefused(ImportRefused):
    """A file cannot be read as what it should be; carries the file and the line."""

    def __init__(self, file: str, line: int, message: str) -> None:
        self.problem = Problem(file, line, message)
        super().__init__(str(self.problem))


class RowsRefused(ImportRefused):
    """The file could be read, but what it says does not hold together; carries each problem."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = list(problems)
        count = "1 problem" if len(problems) == 1 else f"{len(problems):,} problems"
        super().__init__(f"{count}; nothing was loaded. First: {problems[0]}")


class LicensedEditionLoaded(ImportRefused):
    """Sample content gives way to the licensed edition that is shown now."""


class TooMuchVanished(ImportRefused):
    """The edition is without a large share of what is shown now; it may be cut."""


@dataclass(frozen=True, slots=True)
class SystemRow:
    """A code system as it is made when its first edition arrives; the admin owns it from then."""

    slug: str
    name: str
    title: str
    code_noun: str
    publisher: str
    description: str
    licence: str
    copyright_line: str
    trademark_line: str
    position: int


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code or heading as the file states it.

    ``notes`` are pairs of kind and text in printed order, ``characters`` pairs of a 7th character
    and its meaning, ``replaced_by`` keys of codes in the same edition. ``file`` and ``line`` say
    where it stands.
    """

    kind: str
    key: str
    display: str
    parent: Ref | None
    short: str
    long: str
    file: str
    line: int
    medium: str = ""
    billable: bool = False
    inclusion_terms: tuple[str, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()
    characters: tuple[tuple[str, str], ...] = ()
    replaced_by: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None

    @property
    def ref(self) -> Ref:
        """Return what names the node within its system."""
        return self.kind, self.key

    def problem(self, message: str) -> Problem:
        """Return a problem that stands at this row."""
        return Problem(self.file, self.line, f"{self.display or self.key}: {message}")


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of a code system, parsed: all that a Release and its codes need."""

    system: SystemRow
    label: str
    effective_date: date
    source_name: str
    file_name: str
    sha256: str
    importer: str
    rows: Sequence[CodeRow]
    is_sample: bool = False
    problems: Sequence[Problem] = ()
    """What only the parser can see, such as two files that contradict each other."""


class Row(Protocol):
    """One row of a fact table: a frozen dataclass with the field names of its model.

    ``line`` is where the row stands in its file; ``release`` is added when it is stored.
    """

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]

    @property
    def line(self) -> int: ...


@dataclass(frozen=True, slots=True)
class FactEdition:
    """One edition of a file of facts: ``source`` is the slug that its releases share.

    ``tables`` maps the name of a model in ``codes/facts/`` to its rows. Each stream can be read
    once, in any order among the streams, and is never held whole. A ``Problem`` in a stream is
    collected with the others; then nothing is loaded.
    """

    source: str
    label: str
    effective_date: date
    source_name: str
    file_name: str
    sha256: str
    importer: str
    tables: Mapping[str, Iterator[Row | Problem]]
    is_sample: bool = False


def cut(text: str, limit: int = MAX_SHORT) -> str:
    """Return the text, cut before the word that would pass ``limit`` characters, with “…”."""
    if len(text) <= limit:
        return text
    head = text[: limit - 1]
    if not text[limit - 1].isspace() and " " in head:
        head = head.rpartition(" ")[0]
    return head.rstrip() + "…"


def check(rows: Sequence[CodeRow]) -> list[Problem]:
    """Return everything that would make these rows wrong together, in printed order.

    What is proven here: each node stands once and below one that stands before it, each code page
    has its own address, every value fits its column, and successors exist.
    """
    problems: list[Problem] = []
    seen: set[Ref] = set()
    keys: set[str] = set()
    displays: set[str] = set()
    for row in rows:
        problems.extend(_placement(row, seen))
        problems.extend(_values(row))
        if row.kind in PAGE_KINDS and row.ref not in seen:
            if row.key in keys or row.display in displays:
                problems.append(row.problem("another code has the same address."))
            keys.add(row.key)
            displays.add(row.display)
        seen.add(row.ref)
    problems.extend(_successors(rows))
    return problems


def _placement(row: CodeRow, seen: set[Ref]) -> Iterator[Problem]:
    if row.kind not in KINDS:
        yield row.problem(f"“{row.kind}” is no kind of entry.")
    if row.ref in seen:
        yield row.problem("stands twice.")
    if row.parent and row.parent not in seen:
        kind, key = row.parent
        yield row.problem(f"stands below the {kind} {key}, which is not before it.")


def _values(row: CodeRow) -> Iterator[Problem]:
    for name, value, limit in (
        ("key", row.key, MAX_KEY),
        ("printed form", row.display, MAX_KEY),
        ("short descriptor", row.short, MAX_SHORT),
        ("long descriptor", row.long, MAX_TEXT),
    ):
        if not value.strip():
            yield row.problem(f"has no {name}.")
        elif len(value) > limit:
            yield row.problem(f"{name} is longer than {limit:,} characters.")
    if len(row.medium) > MAX_SHORT:
        yield row.problem(f"medium descriptor is longer than {MAX_SHORT:,} characters.")
    if row.billable and row.kind not in PAGE_KINDS:
        yield row.problem(f"a {row.kind} cannot be billable.")
    if row.valid_from and row.valid_to and row.valid_from > row.valid_to:
        yield row.problem("is valid to a day before the day it is valid from.")
    yield from _texts(row)


def _texts(row: CodeRow) -> Iterator[Problem]:
    characters = [character for character, _ in row.characters]
    if len(set(characters)) < len(characters):
        yield row.problem("a 7th character is defined twice.")
    if any(len(character) != 1 for character in characters):
        yield row.problem("a 7th character is not one character.")
    if any(len(meaning) > 300 for _, meaning in row.characters):
        yield row.problem("a 7th character's meaning is longer than 300 characters.")
    for kind, text in row.notes:
        if kind not in NOTE_KINDS:
            yield row.problem(f"“{kind}” is no kind of note.")
        if not text.strip() or len(text) > MAX_TEXT:
            yield row.problem(f"a note is empty or longer than {MAX_TEXT:,} characters.")


def _successors(rows: Sequence[CodeRow]) -> Iterator[Problem]:
    keys = {row.key for row in rows if row.kind in PAGE_KINDS}
    for row in rows:
        for key in row.replaced_by:
            if key not in keys or key == row.key:
                yield row.problem(f"is replaced by {key}, which is no other code here.")
