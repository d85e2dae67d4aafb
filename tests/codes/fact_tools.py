"""Fact editions made up for tests, and how to load one."""

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from codes.facts import PtpEdit, UnitLimit
from codes.importers.fact_rows import PtpEditRow, UnitLimitRow
from codes.importers.rows import FactEdition
from codes.models import Release
from codes.releases import import_facts

FIRST, SECOND, THIRD = date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)


def edition(
    rows: Iterable[object], day: date = FIRST, *, table: str = "UnitLimit", source: str = "mue"
) -> FactEdition:
    """Return an edition of one table; two of the same day and rows are the same file."""
    listed = rows if isinstance(rows, Iterator) else list(rows)
    name = f"{source} {day} {listed if isinstance(listed, list) else 'stream'}"
    return FactEdition(
        source=source,
        label=f"{day:%B %Y}",
        effective_date=day,
        source_name="Test file",
        file_name="test.csv",
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        importer="test 1",
        tables={table: iter(listed)},  # type: ignore[arg-type]  # problems and rows alike
    )


def limit(number: int, units: int = 1) -> UnitLimitRow:
    """Return the unit limit (MUE) of the code of that number."""
    return UnitLimitRow(number + 7, f"{number:05}", units, "3", "CMS Policy")


def limits(count: int = 10) -> list[UnitLimitRow]:
    """Return the unit limits of the first codes."""
    return [limit(number) for number in range(count)]


def ptp(number: int, column2: str = "20000", **fields: Any) -> PtpEditRow:
    """Return an edit of the column 1 code of that number, in force since 2020."""
    values = {
        "line": number + 7,
        "column1": f"{10_000 + number}",
        "column2": column2,
        "existed_before_1996": False,
        "effective_on": date(2020, 1, 1),
        "deleted_on": None,
        "modifier_indicator": "1",
        "rationale": "Misuse of column two code with column one code",
    }
    return PtpEditRow(**(values | fields))  # type: ignore[arg-type]


def load_one(*args: Any, **options: Any) -> Release:
    """Import an ``edition`` and return its release."""
    release = import_facts(edition=edition(*args, **options)).release
    assert release is not None
    return release


def found(rows: Any, **fields: Any) -> Any:
    """Return the one row; fact querysets do not say which model they are of."""
    return rows.get(**fields)


def counts() -> tuple[int, int, int]:
    """Return how many releases, unit limits and PTP edits are stored."""
    return Release.objects.count(), UnitLimit.objects.count(), PtpEdit.objects.count()
