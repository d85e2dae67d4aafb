"""What an edition of a code system changed against the edition before it.

The changes are recorded once, in the transaction that loads the edition: two snapshots of 98,505
codes are too much to compare for a page view, and neither ever changes again.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db import connection
from django.db.models import Count, Q, QuerySet
from django.utils.functional import cached_property

from codes import textdiff
from codes.code_versions import CodeChange, CodeVersion
from codes.models import Code, CodeSystem, Release

KINDS: Final[Mapping[str, str]] = {
    "added": "New",
    "revised": "Revised",
    "deleted": "Deleted",
    "rebilled": "Billable state",
    "renoted": "Notes",
}
"""Each is a column ``is_<kind>`` of ``CodeChange``; a code may have changed in two ways at once.

That a code which ends is no longer billable goes without saying.
"""

_RECORD: Final = """
    INSERT INTO codes_codechange (
        release_id, code_id, before_id, after_id, is_added, is_deleted, is_revised, is_rebilled,
        is_renoted
    )
    SELECT %(after)s, code_id, before_id, after_id, is_added, is_deleted, is_revised,
        coalesce(is_rebilled, false), is_renoted
    FROM (
        SELECT coalesce(n.code_id, o.code_id) AS code_id, o.id AS before_id, n.id AS after_id,
            n.id IS NOT NULL AND (o.id IS NULL OR (o.valid_to IS NOT NULL AND n.valid_to IS NULL))
                AS is_added,
            o.id IS NOT NULL AND o.valid_to IS NULL AND (n.id IS NULL OR n.valid_to IS NOT NULL)
                AS is_deleted,
            o.id IS NOT NULL AND n.id IS NOT NULL AND
                (o.short_descriptor, o.medium_descriptor, o.long_descriptor)
                <> (n.short_descriptor, n.medium_descriptor, n.long_descriptor) AS is_revised,
            o.billable <> n.billable AND o.valid_to IS NULL AND n.valid_to IS NULL AS is_rebilled,
            %(have_notes)s AND o.id IS NOT NULL AND n.id IS NOT NULL AND n.valid_to IS NULL
                AND o.note_set_id IS DISTINCT FROM n.note_set_id AS is_renoted
        FROM (SELECT * FROM codes_codeversion WHERE release_id = %(before)s) o
        FULL JOIN (SELECT * FROM codes_codeversion WHERE release_id = %(after)s) n
            ON n.code_id = o.code_id
    ) pair
    WHERE %(before)s::bigint IS NOT NULL
        AND (is_added OR is_deleted OR is_revised OR is_rebilled OR is_renoted)
"""


def record(release: Release) -> None:
    """Record what an edition changed against the one before; again, where that is another now.

    Three statements, also for the first edition, of which nothing is recorded. A second or two for
    two editions of ICD-10-CM. Notes are compared where both editions are whole.
    """
    release.changes.all().delete()
    before = edition_before(release)
    values = {
        "before": before.pk if before else None,
        "after": release.pk,
        "have_notes": release.is_whole and before is not None and before.is_whole,
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, values)


def edition_before(release: Release, held: Sequence[Release] | None = None) -> Release | None:
    """Return the edition that came before; one query where ``held`` is not given.

    Sample wording is not what a publisher's edition changed, so it is never before one.
    """
    others = held if held is not None else Release.objects.filter(source=release.source).held()
    earlier = [
        other
        for other in others
        if (other.effective_date, other.pk) < (release.effective_date, release.pk)
        and other.is_sample == release.is_sample
    ]
    return earlier[-1] if earlier else None


def counts(releases: QuerySet[Release]) -> dict[int, dict[str, int]]:
    """Return how many codes changed in which way, by release; one query."""
    by_kind = [Count("pk", filter=Q(**{f"is_{kind}": True})) for kind in KINDS]
    found = CodeChange.objects.filter(release__in=releases).order_by().values("release_id")
    rows = found.annotate(**dict(zip(KINDS, by_kind, strict=True))).values_list(
        "release_id", *KINDS
    )
    return {pk: dict(zip(KINDS, numbers, strict=True)) for pk, *numbers in rows}


def of_release(
    release: Release, *, kind: str = "", chapter: Code | None = None
) -> QuerySet[CodeChange]:
    """Return the changes of an edition by code, narrowed to a kind and a chapter."""
    found = CodeChange.objects.filter(release=release)
    if kind:
        found = found.filter(**{f"is_{kind}": True})
    if chapter:
        found = found.filter(Q(code=chapter) | Q(code__ancestors__contains=[chapter.pk]))
    sides = ("code", "before__note_set", "after__note_set")
    return found.select_related(*sides).order_by("code__key", "pk")


def shows_full_wording(system: CodeSystem, *, is_signed_in: bool) -> bool:
    """Return whether a list of changes may hold more than the short descriptors.

    Those are open to all, as on every code page. The full wording counts as a view there, so here
    it is for registered readers, and a licensed publisher's stays on the code page.
    """
    if system.display_mode != CodeSystem.DisplayMode.FULL:
        return False
    is_public = system.licence == CodeSystem.Licence.PUBLIC_DOMAIN
    return not system.is_metered or (is_public and is_signed_in)


@dataclass(frozen=True)
class ChangedCode:
    """One line of a list of changes, as much of it as the reader may see."""

    change: CodeChange
    system: CodeSystem
    is_full: bool
    """Whether the full wording may be shown, not only the short descriptor."""
    is_open: bool = False
    """Whether the sections are open to the reader, in which notes stand."""

    @property
    def code(self) -> Code:
        """The code as it is now; its system is not asked for again."""
        self.change.code.system = self.system
        return self.change.code

    @property
    def kinds(self) -> list[str]:
        """The kinds of change, as printed."""
        return [title for kind, title in KINDS.items() if getattr(self.change, f"is_{kind}")]

    @property
    def before(self) -> str:
        """The wording of the edition before; empty where it has none that may be shown."""
        return self._wording(self.change.before)

    @property
    def after(self) -> str:
        """The wording of this edition, under the same rule."""
        return self._wording(self.change.after)

    @cached_property
    def pieces(self) -> list[textdiff.Piece]:
        """The two wordings word by word; empty where what may be shown is the same."""
        if not self.change.is_revised or self.before == self.after:
            return []
        return textdiff.compare(self.before, self.after)

    @cached_property
    def notes(self) -> list[tuple[str, str]]:
        """The notes that came or went, as lines with “ins” or “del”, where they may be shown."""
        if not (self.change.is_renoted and self.is_full and self.is_open):
            return []
        return changed_notes(self.change, self.system)

    @property
    def last_day(self) -> date | None:
        """The last day of use of a deleted code, where it is known."""
        stated = self.change.after.valid_to if self.change.after else None
        return stated or self.change.code.valid_to

    @property
    def is_billable_now(self) -> bool:
        """Whether this edition calls the code billable."""
        return bool(self.change.after and self.change.after.billable)

    @property
    def copyright_line(self) -> str:
        """The line that a licensed publisher asks for; empty for the public domain."""
        is_licensed = self.system.licence == CodeSystem.Licence.LICENSED
        return self.system.copyright_line if is_licensed else ""

    def _wording(self, version: CodeVersion | None) -> str:
        if version is None or self.system.display_mode != CodeSystem.DisplayMode.FULL:
            return ""
        return version.long_descriptor if self.is_full else version.short_descriptor


def changed_notes(change: CodeChange, system: CodeSystem) -> list[tuple[str, str]]:
    """Return each line that only one of the two editions prints, first those that went.

    Empty where only their order changed. No query where the change came with its note sets.
    """
    term_title = "Clinician descriptor" if system.slug == "cpt" else "Inclusion term"
    before, after = (
        version.note_set.lines(term_title) if version and version.note_set else []
        for version in (change.before, change.after)
    )
    gone = [("del", line) for line in before if line not in after]
    return gone + [("ins", line) for line in after if line not in before]


def as_table(rows: Iterable[ChangedCode]) -> Iterator[tuple[object, ...]]:
    """Yield a header and one record for each changed code, for a spreadsheet.

    Each record carries the copyright line of a licensed publisher, since a file travels alone.
    """
    yield (
        *("code", "level", "changes", "wording_before", "wording_after", "billable_before"),
        *("billable_after", "last_day", "copyright", "notes_taken_out", "notes_put_in"),
    )
    for row in rows:
        before, after = row.change.before, row.change.after
        yield (
            row.change.code.display,
            row.change.code.kind,
            ", ".join(row.kinds),
            row.before,
            row.after,
            _yes_no(before),
            _yes_no(after),
            row.last_day if row.change.is_deleted and row.last_day else "",
            row.copyright_line,
            *("\n".join(line for kind, line in row.notes if kind == way) for way in ("del", "ins")),
        )


def _yes_no(version: CodeVersion | None) -> str:
    return "" if version is None else "yes" if version.billable else "no"
