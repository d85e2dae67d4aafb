"""The history of one code, from what the editions held here say of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

from codes import textdiff
from codes.changes import changed_notes
from codes.code_versions import CodeChange, CodeVersion
from codes.models import Code, Release
from codes.remembered import remembered

Kind = Literal["added", "revised", "billable", "not_billable", "renoted", "deleted"]

TITLES: Final[dict[Kind, str]] = {
    "added": "Added",
    "revised": "Revised",
    "billable": "Became billable",
    "not_billable": "No longer billable",
    "renoted": "Notes changed",
    "deleted": "Deleted",
}
_WORDINGS: Final = (
    ("Official description", "long_descriptor"),
    ("Short descriptor", "short_descriptor"),
    ("Medium descriptor", "medium_descriptor"),
)


@dataclass(frozen=True, slots=True)
class Rewording:
    """A descriptor before and after, and the two word by word; before or after may be empty."""

    name: str
    before: str
    after: str
    pieces: list[textdiff.Piece]


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that happened to a code.

    ``on`` is the first day on which it holds, of a deletion the last day of use. ``release`` is
    the edition that says so. ``rewordings`` is empty where the licence covers no wording, and so
    are ``notes``: lines that were taken out (“del”) or put in (“ins”).
    """

    kind: Kind
    on: date
    release: Release
    rewordings: tuple[Rewording, ...] = ()
    notes: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        """What happened, as printed."""
        return TITLES[self.kind]


@remembered
def history_of(code: Code) -> list[Event]:
    """Return what happened to a code, the newest first; one query, two where its release and
    system are not loaded.

    Only what the editions held here show, and the days that the current one states itself.
    """
    changes = CodeChange.objects.filter(code=code, release__in=Release.objects.held())
    changes = changes.select_related("release", "before__note_set", "after__note_set")
    events = [event for change in changes for event in _events(change, code)]
    events.extend(_stated(code, {event.kind for event in events}))
    return sorted(events, key=lambda event: event.on, reverse=True)


def _events(change: CodeChange, code: Code) -> Iterator[Event]:
    shows_wording = code.shows_wording()
    release, on = change.release, change.release.effective_date
    if change.is_deleted:
        yield Event("deleted", _last_day(change), release)
    if change.is_rebilled and change.after:
        yield Event("billable" if change.after.billable else "not_billable", on, release)
    if change.is_revised and change.before and change.after:
        words = _rewordings(change.before, change.after) if shows_wording else ()
        yield Event("revised", on, release, tuple(words))
    if change.is_renoted:
        notes = changed_notes(change, code.system) if shows_wording else ()
        yield Event("renoted", on, release, notes=tuple(notes))
    if change.is_added:
        stated = change.after.valid_from if change.after else None
        yield Event("added", stated or on, release)


def _last_day(change: CodeChange) -> date:
    """Return the stated last day of use; without one it is the day before the edition."""
    stated = change.after.valid_to if change.after else None
    return stated or change.release.effective_date - timedelta(days=1)


def _rewordings(before: CodeVersion, after: CodeVersion) -> Iterator[Rewording]:
    """Yield the descriptors that changed; one that repeats another's change is left out."""
    seen: set[tuple[str, str]] = set()
    for name, field in _WORDINGS:
        old, new = getattr(before, field), getattr(after, field)
        if old != new and (old, new) not in seen:
            seen.add((old, new))
            yield Rewording(name, old, new, textdiff.compare(old, new))


def _stated(code: Code, known: set[Kind]) -> Iterator[Event]:
    """Yield what the code's own days say of the time before the oldest edition held."""
    if code.valid_from and "added" not in known:
        yield Event("added", code.valid_from, code.release)
    if code.valid_to and "deleted" not in known:
        yield Event("deleted", code.valid_to, code.release)
