"""What the tests of the parsers of facts share: files in memory, tiny editions, the real files."""

import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from codes.importers.opening import open_sources
from codes.importers.rows import FactEdition, FileRefused, Problem, Row
from codes.importers.source import Format, Options, SourceFile

DATA = Path(__file__).parents[2] / "data"
SHARED = Path(__file__).parents[4] / "shared" / "data"
NONE_STATED = Options()
DATED = Options(effective_date=date(2026, 1, 1))


def source_of(content: bytes | str, name: str = "file.txt") -> SourceFile:
    """Return a file in memory."""
    held = content.encode() if isinstance(content, str) else content
    return SourceFile(name, lambda: io.BytesIO(held))


def edition_sources(name: str, number: int) -> list[SourceFile]:
    """Return the files of a tiny edition in tests/data."""
    return open_sources(sorted((DATA / name / str(number)).iterdir()))


def shared_sources(*paths: str) -> list[SourceFile]:
    """Return real files; skips the test where they are not at hand."""
    found = [SHARED / path for path in paths]
    if missing := [path.name for path in found if not path.exists()]:
        pytest.skip(f"the real {', '.join(missing)} is not beside the project")
    return open_sources(found)


def read_facts(
    format_: Format, sources: Iterable[SourceFile], options: Options = NONE_STATED
) -> FactEdition:
    """Return the only edition that the files hold, each of which the format must know."""
    files = list(sources)
    assert all(format_.recognise(source) for source in files)
    (edition,) = format_.read(files, options)
    assert isinstance(edition, FactEdition)
    return edition


def stream_of(edition: FactEdition) -> list[Row | Problem]:
    """Return everything in the only table of an edition, in order."""
    (stream,) = edition.tables.values()
    return list(stream)


def rows_of(edition: FactEdition) -> list[Row]:
    """Return the rows of the only table of an edition; none may be a problem."""
    rows: list[Row] = []
    for row in stream_of(edition):
        assert not isinstance(row, Problem), row
        rows.append(row)
    return rows


def messages_of(edition: FactEdition) -> list[str]:
    """Return the problems of an edition in words, with their lines, without the file."""
    problems = [row for row in stream_of(edition) if isinstance(row, Problem)]
    assert all(problem.file for problem in problems)
    return [str(replace(problem, file="")).removeprefix(":") for problem in problems]


def refusal_of(
    format_: Format, sources: Iterable[SourceFile], options: Options = NONE_STATED
) -> str:
    """Return why the files are refused, when they are opened or while they are read."""
    with pytest.raises(FileRefused) as refused:
        _read_all(format_, list(sources), options)
    return str(refused.value)


def _read_all(format_: Format, sources: list[SourceFile], options: Options) -> None:
    for edition in format_.read(sources, options):
        assert isinstance(edition, FactEdition)
        stream_of(edition)
