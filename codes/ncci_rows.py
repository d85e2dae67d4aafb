"""The rows of NCCI's files, as the rules in codes/ncci.py see them. Pure; imports no Django."""

from datetime import date
from typing import Protocol


class Dated(Protocol):
    """A row that says from when to when it applies."""

    @property
    def effective_on(self) -> date:
        """The first day."""
        ...

    @property
    def deleted_on(self) -> date | None:
        """The last day; the same as the first where it never applied."""
        ...


class PtpRow(Dated, Protocol):
    """A procedure-to-procedure edit."""

    @property
    def column1(self) -> str:
        """The code that is paid."""
        ...

    @property
    def column2(self) -> str:
        """The code that is not paid beside it."""
        ...

    @property
    def modifier_indicator(self) -> str:
        """0, 1 or 9."""
        ...


class LimitRow(Protocol):
    """A medically unlikely edit."""

    @property
    def code_key(self) -> str:
        """Its code."""
        ...

    @property
    def units(self) -> int:
        """The most units."""
        ...

    @property
    def adjudication(self) -> str:
        """1 by the line, 2 and 3 by the day."""
        ...


class AddOnRow(Dated, Protocol):
    """An add-on code and a primary code for it."""

    @property
    def type(self) -> str:
        """1 listed primaries only, 2 the contractor says which, 3 both."""
        ...

    @property
    def add_on(self) -> str:
        """The add-on code."""
        ...

    @property
    def primary(self) -> str:
        """The primary code, or ``CCCCC``."""
        ...


def in_force(row: Dated, day: date) -> bool:
    """Return whether a row applies on a day; the deletion date is the last day that it does."""
    if day < row.effective_on:
        return False
    return row.deleted_on is None or (day <= row.deleted_on and row.deleted_on > row.effective_on)
