"""Which edition of each file counts on a day."""

from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet

from codes.models import Release

Row = TypeVar("Row", bound=Model)


def held(rows: QuerySet[Row], on: date | None) -> QuerySet[Row]:
    """Return the rows of the editions in force on a day, the ones shown now without a day.

    Of each source that is the newest edition that had taken effect, whatever is current now; one
    that an admin went back from never counts. No query of its own.
    """
    if on is None:
        return rows.filter(release__is_current=True)
    return rows.filter(release__in=_in_force(on))


def _in_force(on: date) -> QuerySet[Release]:
    started = Release.objects.filter(system=None, effective_date__lte=on, was_left=False)
    newest = started.order_by("source", "-effective_date", "-pk").distinct("source")
    return newest.values("pk")  # type: ignore[return-value]  # rows of ids, for a subquery
