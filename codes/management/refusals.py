"""How a command tells why an edition was refused."""

from collections.abc import Callable
from pathlib import Path
from typing import Final

from codes.importers.rows import FileRefused, ImportRefused, Problem, RowsRefused

SHOWN: Final = 50


def told(error: ImportRefused, write: Callable[[str], object], report: Path | None = None) -> None:
    """Write the problems, at most fifty; all of them into the report file where one is named."""
    problems = _problems_of(error)
    if report:
        report.write_text("".join(f"{problem}\n" for problem in problems), encoding="utf-8")
    if len(problems) > 1:
        for problem in problems[:SHOWN]:
            write(str(problem))
    if len(problems) > SHOWN:
        more = f"… and {len(problems) - SHOWN:,} more"
        write(f"{more}, in {report}" if report else f"{more}; --report FILE writes all.")


def _problems_of(error: ImportRefused) -> list[Problem]:
    if isinstance(error, RowsRefused):
        return error.problems
    return [error.problem] if isinstance(error, FileRefused) else []
