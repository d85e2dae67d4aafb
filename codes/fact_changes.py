"""What an edition of a fact file changed against the one before: values, unit limits, edits.

Two snapshots are compared when somebody asks: 20,000 rows take a twentieth of a second. Of millions
of NCCI edits the new and the ended ones are found by the dates that the rows themselves state.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import connection

from codes.facts import RelativeValue
from codes.models import Release

Row = dict[str, Any]

RELATIVE_VALUES: Final = """
    WITH n AS ({side} AND release_id = %(after)s), o AS ({side} AND release_id = %(before)s),
    pair AS (
        SELECT coalesce(n.code_key, o.code_key) AS code_key,
            coalesce(n.modifier, o.modifier) AS modifier,
            o.id IS NULL AS is_added, n.id IS NULL AS is_deleted,
            o.nonfacility AS nonfacility_before, n.nonfacility AS nonfacility_after,
            o.facility AS facility_before, n.facility AS facility_after,
            round(100 * (n.nonfacility / nullif(o.nonfacility, 0) - 1), 1) AS nonfacility_percent,
            round(100 * (n.facility / nullif(o.facility, 0) - 1), 1) AS facility_percent
        FROM n FULL JOIN o ON o.code_key = n.code_key AND o.modifier = n.modifier
    )
    SELECT *, greatest(abs(nonfacility_percent), abs(facility_percent)) AS percent FROM pair
    WHERE CASE %(kind)s
        WHEN 'added' THEN is_added
        WHEN 'deleted' THEN is_deleted
        ELSE greatest(abs(nonfacility_percent), abs(facility_percent)) >= %(threshold)s
    END
    ORDER BY percent DESC NULLS LAST, code_key, modifier
""".replace(
    "{side}",
    """
        SELECT id, code_key, modifier,
            CASE WHEN NOT nonfacility_na THEN nonfacility_total END AS nonfacility,
            CASE WHEN NOT facility_na THEN facility_total END AS facility
        FROM codes_relativevalue WHERE qualifying IS DISTINCT FROM true""",
)
"""Where an edition has two rows, for its two conversion factors, the values are the same."""

UNIT_LIMITS: Final = """
    SELECT coalesce(n.code_key, o.code_key) AS code_key, o.units AS units_before,
        n.units AS units_after, o.adjudication AS adjudication_before,
        n.adjudication AS adjudication_after
    FROM (SELECT * FROM codes_unitlimit WHERE release_id = %(after)s) n
    FULL JOIN (SELECT * FROM codes_unitlimit WHERE release_id = %(before)s) o
        ON o.code_key = n.code_key
    WHERE CASE %(kind)s
        WHEN 'added' THEN o.id IS NULL
        WHEN 'deleted' THEN n.id IS NULL
        ELSE (n.units, n.adjudication) <> (o.units, o.adjudication)
    END
    ORDER BY code_key
"""

PTP_EDITS: Final = """
    SELECT column1 AS code_key, column2 AS other_key, modifier_indicator, effective_on, deleted_on,
        rationale
    FROM codes_ptpedit
    WHERE release_id = %(after)s AND CASE %(kind)s
        WHEN 'deleted' THEN deleted_on BETWEEN %(began)s AND %(begins)s
            AND deleted_on > effective_on
        ELSE effective_on > %(began)s AND (deleted_on IS NULL OR deleted_on > effective_on)
    END
    ORDER BY column1, column2, effective_on
"""
"""An edit that ends on the day on which it begins was never in force."""


@dataclass(frozen=True, slots=True)
class Report:
    """How the changes of one kind of file are asked for and shown."""

    title: str
    kinds: Mapping[str, str]
    """The first is what is shown where nothing is chosen."""
    statement: str
    template: str
    has_threshold: bool = False


_VALUES: Final = Report(
    title="Relative values",
    kinds={"changed": "Changed values", "added": "New rows", "deleted": "Rows no longer there"},
    statement=RELATIVE_VALUES,
    template="codes/_changed_values.html",
    has_threshold=True,
)
_LIMITS: Final = Report(
    title="Unit limits (MUE)",
    kinds={"added": "New limits", "changed": "Changed limits", "deleted": "Ended limits"},
    statement=UNIT_LIMITS,
    template="codes/_changed_limits.html",
)
_EDITS: Final = Report(
    title="Procedure-to-procedure edits",
    kinds={"added": "New edits", "deleted": "Ended edits"},
    statement=PTP_EDITS,
    template="codes/_changed_edits.html",
)
REPORTS: Final[Mapping[str, Report]] = {
    "mpfs": _VALUES,
    "mue-practitioner": _LIMITS,
    "mue-outpatient": _LIMITS,
    "mue-dme": _LIMITS,
    "ptp-practitioner": _EDITS,
    "ptp-hospital": _EDITS,
}
"""By the source of the releases; other files have only the counts of their import."""


def rows_of(
    report: Report,
    release: Release,
    before: Release,
    *,
    kind: str,
    threshold: int,
    limit: int | None,
    offset: int = 0,
) -> list[Row]:
    """Return changed rows as the report's template wants them; one statement.

    ``threshold`` is in percent and narrows changed relative values alone. ``limit`` ``None`` is
    all of them.
    """
    values: dict[str, Any] = {
        "after": release.pk,
        "before": before.pk,
        "begins": release.effective_date,
        "began": before.effective_date,
        "kind": kind,
        "threshold": threshold,
        "limit": limit,
        "offset": offset,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"{report.statement} LIMIT %(limit)s OFFSET %(offset)s", values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def conversion_factors(editions: Sequence[Release]) -> list[tuple[Release, list[Row]]]:
    """Return the dollars a relative value unit of each edition of the fee schedule; one query.

    Each has ``qualifying``, as a row of the schedule has it, and ``conversion_factor``.
    """
    found = (
        RelativeValue.objects.filter(release__in=editions)
        .values("release_id", "qualifying", "conversion_factor")
        .distinct()
        .order_by("-qualifying", "conversion_factor")
    )
    by_release: dict[int, list[Row]] = {release.pk: [] for release in editions}
    for row in found:
        by_release[row["release_id"]].append(dict(row))
    return [(release, by_release[release.pk]) for release in editions]


def keys_of(rows: Sequence[Row]) -> set[str]:
    """Return the codes that the rows name."""
    return {row[name] for row in rows for name in ("code_key", "other_key") if name in row}
