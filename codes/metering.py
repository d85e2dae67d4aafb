"""The mark of a view that counts, and what the meter says of a request. Imports no Django.

``codes`` only says *that* a page counts and how its code is found; who is asking and how many
views are left is the business of the middleware in ``accounts``, which leaves a ``Meter`` in
``request.meter``.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeVar

View = TypeVar("View", bound=Callable[..., Any])


class Access(StrEnum):
    """How much of a code page the viewer may see; each level contains the one before."""

    LEAD = "lead"
    """Code, title, breadcrumb, short descriptor: open to all."""
    DESCRIBED = "described"
    """Also the two descriptions, and what the locked sections hold: a guest's counted view."""
    UNLOCKED = "unlocked"
    """Also the six sections: a registered user's counted view."""


@dataclass(frozen=True, slots=True)
class Meter:
    """What the meter says of one request; the template writes it down as a sentence.

    ``limit`` is ``None`` without a limit. ``remaining`` is never negative. ``resets_at`` is the
    first moment of the next period. ``extra`` is how many views registering adds.
    """

    access: Access
    is_guest: bool
    counts: bool
    """False for a page that the meter leaves alone: unmetered system, staff, no limit."""
    used: int = 0
    limit: int | None = None
    extra: int = 0
    resets_at: datetime | None = None
    network_spent: bool = False
    """True when not the guest's own views ran out but those that the network shares."""

    @property
    def remaining(self) -> int:
        """Return how many views are left; 0 without a limit, where it has no meaning."""
        return max(0, (self.limit or 0) - self.used)

    @property
    def is_spent(self) -> bool:
        """Return whether the meter, not the kind of request, holds back the description."""
        return self.counts and self.access is Access.LEAD


Find = Callable[[Any, Mapping[str, Any]], tuple[str, str] | None]
"""From the request and the URL's arguments to the slug of the system and the printed code."""


@dataclass(frozen=True, slots=True)
class Metered:
    """How the code of a request is found, and whether guests see nothing.

    ``find`` gives ``None`` for a request that names no code: nothing is charged, nothing opened.
    With ``charges`` unset nothing ever is: only what the viewer has opened before is open.
    """

    find: Find
    members_only: bool = False
    charges: bool = True


def metered(*, system: str, code: str, members_only: bool = False) -> Callable[[View], View]:
    """Mark a view as counting: one view for each (viewer, code, period).

    The arguments name the URL arguments of the view. With ``members_only`` a guest is not
    charged, and gets the lead: the view has nothing more for guests. The view reads
    ``request.meter`` and must fail when there is none: without the middleware nobody sees anything.
    """

    return metered_by(
        lambda _request, arguments: (arguments[system], arguments[code]), members_only=members_only
    )


def metered_by(
    find: Find, *, members_only: bool = False, charges: bool = True
) -> Callable[[View], View]:
    """Mark a view as counting whose code does not stand in its URL's arguments.

    With ``charges`` unset it does not count, and opens what its reader has opened before.
    """

    def mark(view: View) -> View:
        view.metered = Metered(find, members_only, charges)  # type: ignore[attr-defined]  # the mark itself
        return view

    return mark
