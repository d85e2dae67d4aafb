"""Editions that wait for their day: cancelled by an admin, and made to wait again.

A cancelled edition keeps its rows, is shown nowhere, and does not become current by itself. It
waits again when an admin says so, or when its file is imported once more.
"""

from django.db import transaction
from django.utils.timezone import localdate

from codes.models import Release


def is_waiting(release: Release) -> bool:
    """Return whether it takes effect by itself on a later day; no query."""
    return _is_to_come(release) and not release.was_left


def is_cancelled(release: Release) -> bool:
    """Return whether it would take effect on a later day, had nobody cancelled or replaced it."""
    return _is_to_come(release) and release.was_left


def _is_to_come(release: Release) -> bool:
    return not release.is_current and release.effective_date > localdate()


def cancel(*, release: Release) -> bool:
    """Take back an edition that waits; False where it does not any more. One statement."""
    return _turn(release, was_left=True)


@transaction.atomic
def wait_again(*, release: Release) -> bool:
    """Let a cancelled edition wait for its day; False where it is not cancelled. Two statements.

    Another edition of the same file that waits for the same day gives way to it.
    """
    if not _turn(release, was_left=False):
        return False
    others = Release.objects.filter(source=release.source, effective_date=release.effective_date)
    others = others.filter(is_current=False).exclude(pk=release.pk)
    others.update(was_left=True, was_cancelled=True)
    return True


def _turn(release: Release, *, was_left: bool) -> bool:
    """Turn the mark, unless somebody else did or its day has come in between."""
    to_come = Release.objects.filter(is_current=False, effective_date__gt=localdate())
    mine = to_come.filter(pk=release.pk, was_left=not was_left)
    turned = mine.update(was_left=was_left, was_cancelled=was_left)
    if turned:
        release.was_left = release.was_cancelled = was_left
    return bool(turned)
