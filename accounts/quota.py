"""The meter: one statement that counts a view, and one that gives it back.

Both are exact whatever runs at the same time, and both take their locks in one order: user, grant,
then buckets by key. They must run in autocommit mode, each as a transaction of its own: a view that
lost the race for the last one aborts its whole statement.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.db import IntegrityError
from django.utils import timezone
from psycopg.errors import CheckViolation

from accounts.periods import Kind, Period
from codes.db import fetch_row


class Verdict(StrEnum):
    """What the meter says of one code page for one viewer."""

    MISSING = "missing"
    """There is no such page."""
    UNMETERED = "unmetered"
    """The page's system does not count."""
    AGAIN = "again"
    """Counted before in the period: free."""
    GRANTED = "granted"
    """Counted now."""
    SPENT = "spent"
    """Not counted: a bucket is full."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What came of one view."""

    verdict: Verdict
    used: int = 0
    """Views in the viewer's own bucket, this one included."""
    spent: str | None = None
    """The full bucket; the viewer's own where several are."""
    grant_id: int | None = None
    """The new grant, to give back if the page fails."""


# 1. One snapshot says whether the page counts, is held already, or a bucket is full; each can only
#    become more true within a period.
# 2. The grant: its unique index makes a second request for the same code wait and then do nothing,
#    before any counter has moved.
#    A user's row is locked before it: an account that is being deleted is waited for, and with
#    nothing in hand that the deletion waits for; then the page is missing, as for a stranger.
# 3. Only a new grant counts, in every bucket, ordered so that no two viewers wait for each other.
# 4. The constraint meter_within_quota aborts all of it for whoever lost the race for the last view.
# Whoever waited for the same code (not held in the snapshot, and not inserted) holds it now, and
# the winner has counted it: used + 1.
CHARGE = """
WITH page AS (
    SELECT c.id, s.is_metered, EXISTS (
        SELECT FROM accounts_viewgrant g
        WHERE g.viewer = %(viewer)s AND g.period = %(period)s AND g.code_id = c.id
    ) AS held
    FROM codes_code c
    JOIN codes_codesystem s ON s.id = c.system_id
    WHERE s.slug = %(system)s AND c.display = %(code)s
        AND c.kind IN ('category', 'code') AND c.is_shown AND s.display_mode <> 'off'
), bucket AS (
    SELECT wanted.name, wanted.quota, coalesce(m.used, 0) AS used
    FROM unnest(%(buckets)s::text[], %(quotas)s::int[]) AS wanted(name, quota)
    LEFT JOIN accounts_meter m ON m.bucket = wanted.name AND m.period = %(period)s
), spent AS (
    SELECT name FROM bucket WHERE used >= quota ORDER BY name <> %(viewer)s LIMIT 1
), account AS MATERIALIZED (
    SELECT FROM accounts_user WHERE id = %(user)s::bigint FOR KEY SHARE
), granted AS (
    INSERT INTO accounts_viewgrant (viewer, user_id, period, code_id)
    SELECT %(viewer)s, %(user)s::bigint, %(period)s, page.id
    FROM page
    WHERE page.is_metered AND NOT page.held AND NOT EXISTS (SELECT FROM spent)
        AND (%(user)s::bigint IS NULL OR EXISTS (SELECT FROM account))
    ON CONFLICT DO NOTHING
    RETURNING id
), counted AS (
    INSERT INTO accounts_meter (bucket, period, used, quota)
    SELECT bucket.name, %(period)s, 1, bucket.quota
    FROM granted CROSS JOIN bucket
    ORDER BY bucket.name
    ON CONFLICT (bucket, period) DO UPDATE
        SET used = accounts_meter.used + 1, quota = EXCLUDED.quota
    RETURNING bucket, used
), own AS (
    SELECT used FROM bucket WHERE name = %(viewer)s
)
SELECT
    CASE
        WHEN NOT page.is_metered THEN 'unmetered'
        WHEN page.held THEN 'again'
        WHEN EXISTS (SELECT FROM spent) THEN 'spent'
        WHEN EXISTS (SELECT FROM granted) THEN 'granted'
        WHEN %(user)s::bigint IS NOT NULL AND NOT EXISTS (SELECT FROM account) THEN 'missing'
        ELSE 'again'
    END,
    CASE
        WHEN NOT page.is_metered OR page.held OR EXISTS (SELECT FROM spent)
        THEN (SELECT used FROM own)
        ELSE coalesce(
            (SELECT used FROM counted WHERE bucket = %(viewer)s), (SELECT used + 1 FROM own)
        )
    END,
    (SELECT name FROM spent),
    (SELECT id FROM granted)
FROM page
"""

GIVE_BACK = """
WITH returned AS (
    DELETE FROM accounts_viewgrant WHERE id = %(grant)s RETURNING period
), locked AS (
    SELECT m.id
    FROM accounts_meter m
    JOIN returned ON returned.period = m.period
    WHERE m.bucket = ANY(%(buckets)s::text[])
    ORDER BY m.bucket
    FOR UPDATE OF m
), counted AS (
    UPDATE accounts_meter m SET used = greatest(m.used - 1, 0)
    FROM locked WHERE m.id = locked.id
    RETURNING m.id
)
SELECT count(*) FROM counted
"""


MOST_LOST_RACES = 10


def current_period() -> Period:
    """Return the period of the meter that it is now; no query."""
    zone = timezone.get_default_timezone()
    return Period.at(timezone.now(), Kind(settings.METER_PERIOD), zone)


def charge(
    *,
    viewer: str,
    user_id: int | None,
    period: str,
    system: str,
    code: str,
    quotas: Mapping[str, int],
) -> Charge:
    """Count one view of the code printed as ``code`` for a viewer; one statement.

    ``quotas`` maps each bucket that the view is charged to, the viewer's own among them, to its
    limit. ``missing``, ``unmetered``, ``again`` and ``spent`` write nothing. Losing the race for a
    last view costs another statement, which sees whose bucket is full.
    """
    params = {
        "viewer": viewer,
        "user": user_id,
        "period": period,
        "system": system,
        "code": code,
        "buckets": list(quotas),
        "quotas": list(quotas.values()),
    }
    row = _until_settled(params)
    if row is None:
        return Charge(Verdict.MISSING)
    verdict, used, spent, grant_id = row
    return Charge(Verdict(verdict), used, spent, grant_id)


def give_back(grant_id: int, buckets: Mapping[str, int]) -> None:
    """Undo a charge whose page was not delivered; one statement, harmless when repeated."""
    fetch_row(GIVE_BACK, {"grant": grant_id, "buckets": list(buckets)})


def _until_settled(params: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Run the statement, and again after a lost race.

    The second run finds the bucket full, unless a view was given back in between and lost to yet
    another viewer.
    """
    for _ in range(MOST_LOST_RACES):
        try:
            return fetch_row(CHARGE, params)
        except IntegrityError as error:
            if not _lost_the_last_view(error):
                raise
    return fetch_row(CHARGE, params)


def _lost_the_last_view(error: IntegrityError) -> bool:
    cause = error.__cause__
    return isinstance(cause, CheckViolation) and cause.diag.constraint_name == "meter_within_quota"
