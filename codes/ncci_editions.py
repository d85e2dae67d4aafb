"""Which edition of NCCI's files answers for a day, and how well. Pure; imports no Django."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Generic, Protocol, TypeVar

FactT = TypeVar("FactT")


class Edition(Protocol):
    """What is asked of a release."""

    @property
    def effective_date(self) -> date:
        """The first day that it is for."""
        ...

    @property
    def is_current(self) -> bool:
        """Whether it is the one shown now."""
        ...


EditionT = TypeVar("EditionT", bound=Edition)


@dataclass(frozen=True, slots=True)
class Coverage(Generic[FactT]):
    """The release that answers for a day, ``None`` where none does.

    ``is_complete`` is false where its rows can show that an edit was in force but not that none
    was. ``reaches_back_to`` is the first day that it is complete for, where that was asked.
    ``is_late`` says that the day lies after the time the release is for: a newer one is missing.
    """

    release: FactT | None = None
    is_complete: bool = False
    is_late: bool = False
    reaches_back_to: date | None = None


def quarter_end(day: date) -> date:
    """Return the last day of the quarter of a year that a day lies in."""
    first_month = 3 * ((day.month - 1) // 3) + 1
    year, month = (day.year, first_month + 3) if first_month < 10 else (day.year + 1, 1)
    return date(year, month, 1) - timedelta(days=1)


def year_end(day: date) -> date:
    """Return the last day of a year."""
    return date(day.year, 12, 31)


def edition_of_rows_with_dates(
    held: Sequence[EditionT],
    day: date,
    first_listed_end: Callable[[EditionT], date | None],
    lasts_to: Callable[[date], date] = quarter_end,
) -> Coverage[EditionT]:
    """Return what answers for a day where each row states from when to when it applies.

    The newest release answers for past days too, and better than the one of that day, since it
    knows what was changed afterwards. But files drop edits that ended long ago. What was in force
    on a day ended on that day or later, so a release is complete from the first end that it still
    lists on. ``first_listed_end`` gives that; it is asked only for past days. ``lasts_to`` gives
    the last day of a release by its first.
    """
    current = next((each for each in held if each.is_current), None)
    back = None
    if current and day < current.effective_date:
        back = first_listed_end(current)
        if back and back <= day:
            return Coverage(current, is_complete=True, reaches_back_to=back)
    at_that_time = edition_of_the_day(held, day, lasts_to)
    if at_that_time.release or not current:
        return at_that_time
    return Coverage(current, reaches_back_to=back or current.effective_date)


def edition_of_the_day(
    held: Sequence[EditionT], day: date, lasts_to: Callable[[date], date] = quarter_end
) -> Coverage[EditionT]:
    """Return the release that was in force on a day, where rows state no dates of their own."""
    begun = [each for each in held if each.effective_date <= day]
    if not begun:
        return Coverage()
    newest = max(begun, key=lambda each: (each.effective_date, each.is_current))
    is_late = day > lasts_to(newest.effective_date)
    return Coverage(newest, is_complete=True, is_late=is_late)
