"""The lines of the American Medical Association that stand on every page with CPT code numbers.

They are those of the code system, which an admin may change. Pages that do not load it take them
from here; a process asks for them once a minute, so that they cost a page no query.
"""

import time
from dataclasses import dataclass
from typing import Final

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from codes.models import CodeSystem

KEPT_SECONDS: Final = 60


@dataclass(frozen=True, slots=True)
class Lines:
    """The two lines; the defaults hold where no CPT system is loaded."""

    trademark_line: str = "CPT® is a registered trademark of the American Medical Association."
    copyright_line: str = "© Copyright 2026 American Medical Association. All rights reserved."


_kept: tuple[float, Lines] | None = None


def lines() -> Lines:
    """Return the lines as they were within the last minute; at most one query."""
    now = time.monotonic()
    if _kept is None or now - _kept[0] > KEPT_SECONDS:
        keep(read(), now)
    return _kept[1] if _kept else Lines()


def read() -> Lines:
    """Return the lines as they are; one query."""
    system = CodeSystem.objects.filter(slug="cpt").first()
    if system is None:
        return Lines()
    # A licensed system has a copyright line; the database holds it to that.
    return Lines(system.trademark_line or Lines().trademark_line, system.copyright_line)


def keep(known: Lines, at: float | None = None) -> None:
    """Have this process show these lines for the next minute."""
    global _kept
    _kept = (time.monotonic() if at is None else at, known)


def context(request: HttpRequest) -> dict[str, object]:
    """Return the lines for templates, asked for only where they stand."""
    return {"ama": SimpleLazyObject(lines)}
