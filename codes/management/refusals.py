"""How a command tells why an edition was refused."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from django.core.management.base import CommandError
from django.db import Error as DatabaseFailure
from django.db import OperationalError

from codes.importers.rows import FileRefused, ImportRefused, Problem, RowsRefused

SHOWN: Final = 50
_FAILED: Final = (
    "The database could not go on, for instance without its connection or room on its disk."
    " Nothing was changed; import it again when it is well."
)


@contextmanager
def refusals_told(
    write: Callable[[str], object], report: Path | None, *, append: bool = False
) -> Iterator[None]:
    """Turn a refusal by the importer or the database into one clear line, a ``CommandError``.

    ``append`` keeps what the report file holds of a format imported before.
    """
    try:
        yield
    except ImportRefused as error:
        _tell(error, write, report, append)
        raise CommandError(str(error)) from error
    except OperationalError as error:
        reason = str(error).partition("\n")[0]
        raise CommandError(f"{_FAILED} The database says: {reason}") from error
    except DatabaseFailure as error:
        reason = str(error).partition("\n")[0]
        raise CommandError(f"The database refused the edition: {reason}") from error


def _tell(
    error: ImportRefused, write: Callable[[str], object], report: Path | None, append: bool
) -> None:
    """Write the problems, at most fifty; all of them into the report file where one is named."""
    problems = problems_of(error)
    if report:
        _save(report, problems, write, append)
    if len(problems) > 1:
        for problem in problems[:SHOWN]:
            write(str(problem))
    if len(problems) > SHOWN:
        more = f"… and {len(problems) - SHOWN:,} more"
        write(f"{more}, in {report}" if report else f"{more}; --report FILE writes all.")


def _save(
    report: Path, problems: list[Problem], write: Callable[[str], object], append: bool
) -> None:
    try:
        with report.open("a" if append else "w", encoding="utf-8") as file:
            file.writelines(f"{problem}\n" for problem in problems)
    except OSError as error:
        write(f"The report could not be written: {error}")


def problems_of(error: Exception) -> list[Problem]:
    """Return everything that a refusal says is wrong with the files."""
    if isinstance(error, RowsRefused):
        return error.problems
    return [error.problem] if isinstance(error, FileRefused) else []
