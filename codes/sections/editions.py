"""Which edition of each file counts on a day."""

from datetime import date
from typing import TypeVar

from django.db.models import Model, QuerySet

from codes.models import Release

Fact = TypeVar("Fact", bound=Model)


def held(facts: type[Fact], on: date | None) -> QuerySet[Fact]:
    """Return the facts of the editions in force on a day, of those shown now without a day.

    Of each source that is the newest edition that had taken effect, whatever is current now; one
    that an admin went back from never counts. Each fact comes with its release. One query.
    """
    rows = facts._default_manager.select_related("release")
    if on is None:
        return rows.filter(release__is_current=True)
    return rows.filter(release__in=editions_held(on))


def editions_held(on: date | None) -> QuerySet[Release]:
    """Return those editions themselves, one of each source."""
    if on is None:
        return Release.objects.current().filter(system=None)
    started = Release.objects.filter(system=None, effective_date__lte=on, was_left=False)
    return started.order_by("source", "-effective_date", "-pk").distinct("source")
