"""How many questions are left today: one statement that counts, and one that gives back.

As exact as the view meter (accounts/quota.py), and by the same means: all buckets of a question are
counted in one statement, in one order, and a constraint aborts it for whoever lost the race for
the last one. Both must run in autocommit mode.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django.db import IntegrityError
from django.utils import timezone
from psycopg.errors import CheckViolation

from assistant.conversations import AskMeter
from codes.db import fetch_row

COUNT = """
WITH bucket AS (
    SELECT wanted.name, wanted.quota, wanted.place, coalesce(m.used, 0) AS used
    FROM unnest(%(buckets)s::text[], %(quotas)s::int[]) WITH ORDINALITY
        AS wanted(name, quota, place)
    LEFT JOIN assistant_askmeter m ON m.bucket = wanted.name AND m.day = %(day)s
), spent AS (
    SELECT name FROM bucket WHERE used >= quota ORDER BY place LIMIT 1
), counted AS (
    INSERT INTO assistant_askmeter (bucket, day, used, quota, user_id)
    SELECT name, %(day)s, 1, quota, CASE WHEN place = 1 THEN %(user)s::bigint END
    FROM bucket
    WHERE NOT EXISTS (SELECT FROM spent)
    ORDER BY name
    ON CONFLICT (bucket, day) DO UPDATE
        SET used = assistant_askmeter.used + 1, quota = EXCLUDED.quota
    RETURNING bucket, used
)
SELECT (SELECT name FROM spent),
    coalesce(
        (SELECT c.used FROM counted c JOIN bucket b ON b.name = c.bucket WHERE b.place = 1),
        (SELECT used FROM bucket WHERE place = 1)
    )
"""

GIVE_BACK = """
WITH locked AS (
    SELECT id FROM assistant_askmeter
    WHERE bucket = ANY(%(buckets)s::text[]) AND day = %(day)s
    ORDER BY bucket
    FOR UPDATE
), returned AS (
    UPDATE assistant_askmeter m SET used = greatest(m.used - 1, 0)
    FROM locked WHERE m.id = locked.id
    RETURNING m.id
)
SELECT count(*) FROM returned
"""
_MOST_LOST_RACES = 10


@dataclass(frozen=True, slots=True)
class Counted:
    """What came of counting one question. ``spent`` is the full bucket; then nothing was counted.

    ``used`` counts in the own bucket, this question included.
    """

    day: date
    used: int = 0
    spent: str | None = None


def count(quotas: Mapping[str, int], *, user_id: int | None = None) -> Counted:
    """Count one question in all of these buckets, the first being the asker's own; one statement.

    Without buckets nothing is counted and nothing asked. Losing the race for a last question costs
    another statement.
    """
    day = timezone.localdate()
    if not quotas:
        return Counted(day)
    values = {
        "buckets": list(quotas),
        "quotas": list(quotas.values()),
        "day": day,
        "user": user_id,
    }
    spent, used = _until_settled(values)
    return Counted(day, used, spent)


def give_back(quotas: Mapping[str, int], counted: Counted) -> None:
    """Undo a count whose answer failed; one statement."""
    if quotas and counted.spent is None:
        fetch_row(GIVE_BACK, {"buckets": list(quotas), "day": counted.day})


def used_today(bucket: str) -> int:
    """Return how many a bucket has used today; one query."""
    of_today = AskMeter.objects.filter(bucket=bucket, day=timezone.localdate())
    return of_today.values_list("used", flat=True).first() or 0


def next_day() -> datetime:
    """Return when questions come back: the first moment of tomorrow in the site's time zone."""
    tomorrow = timezone.localdate() + timedelta(days=1)
    return timezone.make_aware(datetime.combine(tomorrow, time.min))  # made aware


def _until_settled(values: Mapping[str, Any]) -> tuple[Any, ...]:
    for _ in range(_MOST_LOST_RACES):
        try:
            return _row(values)
        except IntegrityError as error:
            cause = error.__cause__
            lost = isinstance(cause, CheckViolation)
            if not lost or cause.diag.constraint_name != "askmeter_within_quota":  # type: ignore[union-attr]  # lost says what it is
                raise
    return _row(values)


def _row(values: Mapping[str, Any]) -> tuple[Any, ...]:
    row = fetch_row(COUNT, values)
    if row is None:  # the statement always returns one
        raise RuntimeError("Counting a question returned nothing.")
    return row
