"""Editions of a code system: kept whole when they are imported, shown from their day on, gone back
to.

What is shown is always what importing the editions that count, one after the other, would have
left: the newest of them, and of those before it the codes that it no longer names.
"""

from django.db import transaction
from django.db.models import F
from django.utils.formats import date_format
from django.utils.timezone import localdate

from codes import changes, edition_texts
from codes.edition_texts import TextsLoaded
from codes.importers import kept, load
from codes.importers.progress import Progress
from codes.models import CodeSystem, Release
from codes.search import store


class CannotBeShown(Exception):
    """An edition cannot become current; the message says why in a sentence."""


class ImportIsRunning(CannotBeShown):
    """Codes are being written by an import; it is over in seconds."""

    def __init__(self) -> None:
        super().__init__("An import is running. Try again when it has ended, in a minute or so.")


def takes_over(release: Release, current: Release | None) -> bool:
    """Return whether an edition that was just imported is shown at once, instead of another.

    A publisher's edition takes the place of a sample, whatever the days of the two.
    """
    if release.was_left or (waits(release) and not release.is_sample):
        return False
    if current is None or current.is_sample:
        return True
    return release.effective_date >= current.effective_date


def waits(release: Release) -> bool:
    """Return whether an edition takes effect on a later day."""
    return release.effective_date > localdate()


def why_not(release: Release, shown: Release | None) -> str:
    """Return in a sentence why a release cannot be shown by hand; "" where it can. No query.

    Asked of releases of facts too, which are whole whenever they are there.
    """
    if release.is_current:
        return "It is shown now."
    if waits(release):
        day = date_format(release.effective_date, "F j, Y")
        if release.was_left:
            return f"It was cancelled or replaced before its day, {day}."
        return f"It takes effect on {day}, and is shown from then on by itself."
    if release.is_sample and shown is not None and not shown.is_sample:
        return f"It is sample content, which gives way to {shown}."
    if release.system_id is not None and not release.is_whole:
        return (
            "It was imported before editions were kept whole, so too little of it is left to be"
            " shown. Import its file again to complete it."
        )
    return ""


def keep(release: Release, progress: Progress) -> None:
    """Keep the staged edition whole."""
    progress.step("Keeping the edition")
    kept.keep(release)


def show_staged(release: Release, progress: Progress) -> TextsLoaded | None:
    """Make the edition that is staged and kept the one shown; returns what became of its texts.

    The caller holds the import lock.
    """
    same_source = Release.objects.filter(source=release.source)
    shown = same_source.current().first()
    same_source.current().update(is_current=False)
    if shown is not None and shown.order > release.order and not shown.is_sample:
        same_source.filter(pk=shown.pk).update(was_left=True)
    chosen = {"is_current": True, "was_left": False, "was_cancelled": False}
    same_source.filter(pk=release.pk).update(**chosen)
    release.is_current, release.was_left, release.was_cancelled = True, False, False
    load.merge(release, progress)
    progress.step("Noting what changed")
    for edition in _taken_up(release, shown):
        changes.record(edition)
    texts = edition_texts.publish(release)
    after_became_current(release)
    return texts


def place(release: Release, current: Release | None) -> None:
    """Give an edition that is not shown now its place: before the one shown, or waiting.

    Of two that wait for the same day, the one that was imported later takes the other's place.
    """
    if waits(release):
        others = Release.objects.filter(source=release.source, is_current=False)
        others = others.filter(effective_date=release.effective_date).exclude(pk=release.pk)
        others.update(was_left=True, was_cancelled=True)
    elif current is not None and current.order > release.order and not release.was_left:
        load.settle_former(current)
        counting = Release.objects.filter(source=release.source).held()
        following = [edition for edition in counting if edition.order > release.order]
        for edition in (release, *following[:1]):
            changes.record(edition)
        after_became_current(current)


@transaction.atomic
def show(*, release: Release, is_scheduled: bool = False) -> None:
    """Show a kept edition from now on, instead of another: a newer one, or back to an older one.

    All of it in one transaction: readers see the old edition until it ends, and a failure changes
    nothing. An edition that is left for an older one does not become current again by itself.
    Views that were counted and texts of editors stay as they are. About as long as an import
    without its parsing; most of it goes into writing every row, which names its release.

    An edition whose day has come (``is_scheduled``) waits for the end of an import and is compared
    anew with what it takes the place of. Raises ``CannotBeShown`` where ``why_not`` says so, and
    ``ImportIsRunning``.
    """
    progress = Progress()
    if is_scheduled:
        load.wait_for_other_imports(progress)
    elif not load.is_no_import_running():
        raise ImportIsRunning
    release.refresh_from_db()
    system = release.system
    if system is None:
        raise ValueError(f"{release} is no edition of a code system.")
    if reason := why_not(release, system.current_release()):
        raise CannotBeShown(reason)
    kept.stage_edition(release)
    comparison = load.compare(system)
    show_staged(release, progress)
    if is_scheduled:
        release.comparison = comparison.lines()
        release.save(update_fields=["comparison"])


def after_became_current(release: Release) -> None:
    """Refresh what is derived from the codes shown; the one place for all that is.

    It runs at the end of each transaction that changes which edition of a code system is shown, or
    what is left of the editions before: an import, a scheduled edition, a step back or forward.
    """
    # Pages of other systems lead to codes of this one, so all of them are made anew.
    CodeSystem.objects.update(revision=F("revision") + 1)
    if release.system is not None:
        store.rebuild([release.system])


def _taken_up(release: Release, shown: Release | None) -> list[Release]:
    """Return the edition and those that begin to count with it, which were never shown."""
    before = Release.objects.held().before(release)
    return [*(each for each in before if shown and each.order > shown.order), release]
