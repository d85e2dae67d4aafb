"""Makes NCCI rows for tests; codes and rationales are made up."""

from datetime import date
from typing import Any

from codes.facts import AddOnEdit, PtpEdit, UnitLimit
from codes.models import Release
from tests import factories


def release(
    source: str = "ptp-practitioner", day: date = date(2026, 1, 1), **fields: Any
) -> Release:
    """Return a release of an NCCI file; the current one unless told otherwise."""
    quarter = (day.month + 2) // 3
    values: dict[str, Any] = {
        "label": f"{day.year} Q{quarter}",
        "effective_date": day,
        "source_name": f"NCCI test file of {source}",
        "file_name": f"{source}.txt",
        "sha256": f"{factories.number():064x}",
        "row_count": 1,
        "importer": "factory 1",
        "is_current": True,
    }
    return Release.objects.create(source=source, **(values | fields))


def held(source: str = "ptp-practitioner") -> Release:
    """Return the current release of a source, made if there is none."""
    return Release.objects.current().filter(source=source).first() or release(source)


def ptp(column1: str, column2: str, indicator: str = "1", **fields: Any) -> PtpEdit:
    """Return a PTP edit for practitioners, in force since 2010."""
    values: dict[str, Any] = {
        "line": factories.number(),
        "existed_before_1996": False,
        "effective_on": date(2010, 1, 1),
        "rationale": "Standards of medical practice",
    }
    release = fields.pop("release", None) or held()
    return PtpEdit(
        release=release,
        column1=column1,
        column2=column2,
        modifier_indicator=indicator,
        **(values | fields),
    )


def save(*edits: PtpEdit) -> None:
    """Store edits in one statement."""
    PtpEdit.objects.bulk_create(edits)


def limit(key: str, units: int, adjudication: str = "3", **fields: Any) -> UnitLimit:
    """Store and return a unit limit for practitioners."""
    release = fields.pop("release", None) or held("mue-practitioner")
    return UnitLimit.objects.create(
        release=release,
        line=factories.number(),
        code_key=key,
        units=units,
        adjudication=adjudication,
        rationale="Clinical: Data",
        **fields,
    )


def add_on(key: str, primary: str, type_: str = "1", **fields: Any) -> AddOnEdit:
    """Store and return an add-on code edit, in force since 2013."""
    release = fields.pop("release", None) or held("add-on-edits")
    values: dict[str, Any] = {"line": factories.number(), "effective_on": date(2013, 4, 1)}
    return AddOnEdit.objects.create(
        release=release, add_on=key, primary=primary, type=type_, **(values | fields)
    )
