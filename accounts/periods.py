"""The periods of the meter: calendar days, weeks and months of the site's time zone. Pure."""

import calendar
import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import Self


class Kind(StrEnum):
    """How long a period is."""

    DAY = "day"
    WEEK = "week"
    """An ISO week, from Monday."""
    MONTH = "month"


@dataclass(frozen=True, slots=True)
class Period:
    """One calendar period; every moment lies in exactly one of a kind.

    ``key`` is its text: ``2026-11``, ``2026-W47`` or ``2026-11-23``; keys of one kind sort by
    time. ``starts`` is the first moment, ``ends`` the first moment after it, both in the zone.
    """

    key: str
    kind: Kind
    first: date
    starts: datetime
    ends: datetime

    @classmethod
    def at(cls, moment: datetime, kind: Kind, zone: tzinfo) -> Self:
        """Return the period that an aware moment lies in."""
        moment = moment.astimezone(UTC)
        first = _first_day(moment.astimezone(zone).date(), kind)
        period = cls._from(first, kind, zone)
        # A clock that is set over midnight shows one day too long or too early. The boundary is
        # one moment all the same, so that nothing returns to a period that had ended.
        if moment >= period.ends.astimezone(UTC):
            return cls._from(_next_first(first, kind), kind, zone)
        if moment < period.starts.astimezone(UTC):
            return cls._from(_first_day(first - timedelta(days=1), kind), kind, zone)
        return period

    @classmethod
    def from_key(cls, key: str, zone: tzinfo) -> Self:
        """Return the period with that key; ``ValueError`` for any other text."""
        kind = _kind_of(key)
        if kind is Kind.MONTH:
            first = date.fromisoformat(f"{key}-01")
        elif kind is Kind.WEEK:
            first = date.fromisoformat(f"{key}-1")
        else:
            first = date.fromisoformat(key)
        return cls._from(first, kind, zone)

    @classmethod
    def _from(cls, first: date, kind: Kind, zone: tzinfo) -> Self:
        ends = _midnight(_next_first(first, kind), zone)
        return cls(_key(first, kind), kind, first, _midnight(first, zone), ends)

    @property
    def label(self) -> str:
        """Return the period as a person writes it, such as “November 2026”."""
        if self.kind is Kind.MONTH:
            return f"{calendar.month_name[self.first.month]} {self.first.year}"
        if self.kind is Kind.WEEK:
            year, week, _ = self.first.isocalendar()
            return f"Week {week}, {year}"
        return f"{self.first.day} {calendar.month_name[self.first.month]} {self.first.year}"


_SHAPES = {
    Kind.DAY: re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII),
    Kind.WEEK: re.compile(r"\d{4}-W\d{2}", re.ASCII),
    Kind.MONTH: re.compile(r"\d{4}-\d{2}", re.ASCII),
}


def _kind_of(key: str) -> Kind:
    for kind, shape in _SHAPES.items():
        if shape.fullmatch(key):
            return kind
    raise ValueError(f"{key!r} is not the key of a period.")


def _key(first: date, kind: Kind) -> str:
    if kind is Kind.MONTH:
        return f"{first.year:04}-{first.month:02}"
    if kind is Kind.WEEK:
        year, week, _ = first.isocalendar()
        return f"{year:04}-W{week:02}"
    return first.isoformat()


def _first_day(day: date, kind: Kind) -> date:
    if kind is Kind.MONTH:
        return day.replace(day=1)
    if kind is Kind.WEEK:
        return day - timedelta(days=day.weekday())
    return day


def _next_first(first: date, kind: Kind) -> date:
    if kind is Kind.MONTH:
        return _first_day(first + timedelta(days=31), kind)
    return first + timedelta(days=7 if kind is Kind.WEEK else 1)


def _midnight(day: date, zone: tzinfo) -> datetime:
    """Return the first moment of a day; where the clock skips midnight, the moment it skips.

    Going through UTC turns a time that no clock shows into the one that it does show.
    """
    return datetime.combine(day, time(), zone).astimezone(UTC).astimezone(zone)
