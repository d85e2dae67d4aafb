"""The nouns of Case2Code: code systems, releases, codes and their notes.

Every imported row points to the Release that it came from, so that a page can name the file and
edition of each fact.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Now
from django.urls import reverse
from django.utils import timezone


class CodeSystemQuerySet(models.QuerySet["CodeSystem"]):
    """Reads of code systems."""

    def visible(self) -> Self:
        """Return the systems that this installation shows at all, in their printed order."""
        return self.exclude(display_mode=CodeSystem.DisplayMode.OFF).order_by("position")


class CodeSystem(models.Model):
    """A set of codes with one publisher and one licence, such as ICD-10-CM."""

    class Licence(models.TextChoices):
        """Who may be shown the publisher's wording."""

        PUBLIC_DOMAIN = "public_domain", "public domain"
        LICENSED = "licensed", "licensed"

    class DisplayMode(models.TextChoices):
        """How much of the system the site shows."""

        OFF = "off", "off"
        CODES_ONLY = "codes_only", "codes only"
        FULL = "full", "full"

    slug = models.SlugField(unique=True, help_text="As it stands in URLs.")
    name = models.CharField(max_length=40, help_text="As it stands in headings, such as CPT®.")
    title = models.CharField(max_length=200, help_text="The full name of the system.")
    code_noun = models.CharField(max_length=60, help_text="One code, such as “CPT® Code”.")
    publisher = models.CharField(max_length=200)
    description = models.TextField(blank=True, help_text="What it is for, in two sentences.")
    licence = models.CharField(max_length=20, choices=Licence)
    copyright_line = models.CharField(max_length=300, blank=True)
    trademark_line = models.CharField(max_length=300, blank=True)
    display_mode = models.CharField(
        max_length=20, choices=DisplayMode, default=DisplayMode.FULL, db_default=DisplayMode.FULL
    )
    is_metered = models.BooleanField("metered", default=True, db_default=True)
    position = models.PositiveSmallIntegerField(default=0, db_default=0)
    revision = models.PositiveBigIntegerField(
        default=1, db_default=1, editable=False, help_text="Rises with every import and setting."
    )

    objects = CodeSystemQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["position"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(licence="public_domain") | ~Q(copyright_line=""),
                name="codesystem_licensed_has_copyright",
            ),
            models.CheckConstraint(
                condition=Q(display_mode__in=["off", "codes_only", "full"]),
                name="codesystem_display_mode_known",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("codes:system", args=[self.slug])

    def current_release(self) -> Release | None:
        """Return the edition that is shown now; one query."""
        return self.releases.current().first()

    def invalidate_pages(self) -> None:
        """Have every stored page of the system made again at its next view; one statement."""
        CodeSystem.objects.filter(pk=self.pk).update(revision=F("revision") + 1)


class ReleaseQuerySet(models.QuerySet["Release"]):
    """Reads of releases."""

    def current(self) -> Self:
        """Return the releases that are shown now."""
        return self.filter(is_current=True)

    def held(self) -> Self:
        """Return the releases that count, the oldest first: those shown now and those before them.

        Not one that waits for its day, nor one that an admin went back from or beyond.
        """
        shown = Release.objects.filter(source=OuterRef("source"), is_current=True)
        is_beyond = Exists(shown.filter(_is_before(OuterRef("effective_date"), OuterRef("pk"))))
        counting = self.filter(was_left=False, effective_date__lte=timezone.localdate())
        return counting.exclude(is_beyond).order_by("effective_date", "pk")

    def before(self, release: Release) -> Self:
        """Return the releases of the same source that came before, the oldest first.

        Sample content is never before a publisher's edition.
        """
        earlier = self.filter(_is_before(release.effective_date, release.pk), source=release.source)
        return earlier.filter(is_sample=release.is_sample).order_by("effective_date", "pk")


def _is_before(day: Any, pk: Any) -> Q:
    """Of two editions of one day, the one that was imported later takes the other's place."""
    return Q(effective_date__lt=day) | Q(effective_date=day, pk__lt=pk)


class Release(models.Model):
    """One edition of one source file, as it was imported."""

    source = models.SlugField(
        max_length=60, help_text="Which file of which publisher; the system's own slug for codes."
    )
    system = models.ForeignKey(
        CodeSystem,
        on_delete=models.PROTECT,
        related_name="releases",
        null=True,
        blank=True,
        help_text="The code system that it is an edition of; empty for facts about codes.",
    )
    label = models.CharField(max_length=100, help_text="Such as “April 2026”.")
    effective_date = models.DateField()
    source_name = models.CharField(max_length=200, help_text="What the publisher calls it.")
    file_name = models.CharField(max_length=255)
    sha256 = models.CharField("SHA-256", max_length=64)
    row_count = models.PositiveIntegerField()
    importer = models.CharField(max_length=60, help_text="Parser and its version.")
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True
    )
    imported_at = models.DateTimeField(db_default=Now())
    is_current = models.BooleanField("current", default=False, db_default=False)
    was_left = models.BooleanField(
        default=False,
        db_default=False,
        help_text="An admin went back from it, so it does not become current by itself.",
    )
    was_cancelled = models.BooleanField(
        default=False,
        db_default=False,
        help_text="It was left before its day came: an admin cancelled it, or another replaced it.",
    )
    is_sample = models.BooleanField("sample", default=False, db_default=False)
    is_whole = models.BooleanField(
        default=False,
        db_default=False,
        editable=False,
        help_text="Of a code system: all that it says is kept, so that it can be shown again.",
    )
    seconds = models.FloatField(null=True, blank=True, help_text="How long the import took.")
    comparison = models.JSONField(
        default=list, blank=True, help_text="What it changed against the release before, in words."
    )

    objects = ReleaseQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-effective_date", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["source"], condition=Q(is_current=True), name="release_one_current"
            ),
            models.UniqueConstraint(fields=["source", "sha256"], name="release_file_once"),
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="release_sha256_is_hex"
            ),
            models.CheckConstraint(
                condition=Q(was_cancelled=False) | Q(was_left=True, is_current=False),
                name="release_cancelled_is_left",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source_name}, {self.label}"

    @property
    def order(self) -> tuple[date, int]:
        """What editions of one source are ordered by; see ``ReleaseQuerySet.before``."""
        return self.effective_date, self.pk

    @property
    def day_before(self) -> date:
        """The last day on which the edition before it was in force."""
        return self.effective_date - timedelta(days=1)


class CodeQuerySet(models.QuerySet["Code"]):
    """Reads of codes, named like filters."""

    def visible(self) -> Self:
        """Return the codes of systems that this installation shows."""
        return self.exclude(system__display_mode=CodeSystem.DisplayMode.OFF)

    def with_page(self) -> Self:
        """Return what has a code page of its own: categories and codes."""
        return self.filter(kind__in=Code.PAGE_KINDS)

    def at(self, system: str, display: str) -> Self:
        """Return the visible code printed as ``display``; at most one row."""
        return self.visible().with_page().filter(system__slug=system, display=display)

    def node(self, system: str, kind: str, key: str) -> Self:
        """Return the chapter, section or category with that key; at most one row."""
        return self.visible().filter(system__slug=system, kind=kind, key=key)

    def without_former_headings(self) -> Self:
        """Leave out chapters and sections that the edition shown no longer has."""
        headings = [Code.Kind.CHAPTER, Code.Kind.SECTION]
        return self.exclude(kind__in=headings, valid_to__lt=timezone.localdate())

    def below(self, node: Code) -> Self:
        """Return everything below a node, at any depth, in printed order."""
        return self.filter(ancestors__contains=[node.pk]).order_by("position")


_CodeManager = models.Manager.from_queryset(CodeQuerySet)


class ShownCodeManager(_CodeManager["Code"]):
    """The codes that an edition shown now names, or one shown before it."""

    def get_queryset(self) -> models.QuerySet[Code]:
        return super().get_queryset().filter(is_shown=True)


class Code(models.Model):
    """A code, or one of the headings (chapter, section, category) that codes stand under.

    ``key`` is the code without punctuation (J9601), ``display`` the printed form (J96.01).
    ``ancestors`` holds the ids from the chapter down to the parent. ``position`` is the printed
    order within the system.
    """

    class Kind(models.TextChoices):
        """The level of a node. Sections may nest; a category is an ICD heading of 3 characters."""

        CHAPTER = "chapter", "chapter"
        SECTION = "section", "section"
        CATEGORY = "category", "category"
        CODE = "code", "code"

    PAGE_KINDS: ClassVar = [Kind.CATEGORY, Kind.CODE]

    system = models.ForeignKey(CodeSystem, on_delete=models.PROTECT, related_name="codes")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="codes")
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, related_name="children", null=True, blank=True
    )
    ancestors = ArrayField(models.BigIntegerField(), default=list, db_default=[], blank=True)
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=40)
    display = models.CharField("code", max_length=40)
    billable = models.BooleanField(default=False, db_default=False)
    short_descriptor = models.CharField(max_length=400)
    medium_descriptor = models.CharField(max_length=400, blank=True, db_default="")
    long_descriptor = models.TextField()
    inclusion_terms = ArrayField(models.TextField(), default=list, db_default=[], blank=True)
    valid_from = models.DateField(null=True, blank=True)
    valid_to = models.DateField(null=True, blank=True, help_text="The last day of use.")
    position = models.PositiveIntegerField()
    revision = models.PositiveBigIntegerField(default=1, db_default=1, editable=False)
    is_shown = models.BooleanField(
        default=True,
        db_default=True,
        editable=False,
        help_text="Off while only editions name it that wait for their day or were gone back from.",
    )

    objects = ShownCodeManager()
    with_unshown = CodeQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["system", "position"]
        indexes: ClassVar = [
            models.Index(fields=["system", "display"], name="code_by_display"),
            models.Index(fields=["system", "position"], name="code_by_position"),
            models.Index(
                fields=["key"], name="code_by_key_prefix", opclasses=["varchar_pattern_ops"]
            ),
            GinIndex(fields=["ancestors"], name="code_by_ancestor"),
        ]
        constraints: ClassVar = [
            # 39 ICD-10-CM sections bear the key of their only category, so the kind is part of it.
            models.UniqueConstraint(fields=["system", "kind", "key"], name="code_key_once"),
            models.UniqueConstraint(
                fields=["system", "key"],
                condition=Q(kind__in=["category", "code"]),
                name="code_page_key_once",
            ),
            models.UniqueConstraint(
                fields=["system", "display"],
                condition=Q(kind__in=["category", "code"]),
                name="code_page_display_once",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=["chapter", "section", "category", "code"]),
                name="code_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(billable=False) | Q(kind__in=["category", "code"]),
                name="code_heading_not_billable",
            ),
            models.CheckConstraint(
                condition=Q(parent__isnull=True, ancestors__len=0)
                | Q(parent__isnull=False, ancestors__len__gt=0),
                name="code_ancestors_with_parent",
            ),
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True)
                | Q(valid_from__isnull=True)
                | Q(valid_from__lte=F("valid_to")),
                name="code_validity_in_order",
            ),
        ]

    as_of: date | None = None
    """The day that the code is looked at; today where none is set on the instance."""
    edition: Release | None = None
    """The whole edition that the code is looked at in; set on the instance with ``as_of``."""

    def __str__(self) -> str:
        return self.display

    def get_absolute_url(self) -> str:
        """Return the code page, or the browse page of a chapter or section; no query if the
        system is loaded."""
        if self.kind in self.PAGE_KINDS:
            return reverse("codes:code", args=[self.system.slug, self.display])
        return self.browse_url()

    def browse_url(self) -> str:
        """Return the page that lists what stands below this heading."""
        return reverse("codes:node", args=[self.system.slug, self.kind, self.key])

    @property
    def is_deleted(self) -> bool:
        """Whether the code is out of use; days are those of the site's time zone."""
        day = self.as_of or timezone.localdate()
        return self.valid_to is not None and self.valid_to < day

    def shows_wording(self) -> bool:
        """Return whether the licence lets the site show the publisher's wording."""
        return self.system.display_mode == CodeSystem.DisplayMode.FULL

    @property
    def public_short(self) -> str:
        """The short descriptor, or nothing where only code numbers may be shown."""
        return self.short_descriptor if self.shows_wording() else ""

    @property
    def public_medium(self) -> str:
        """The medium descriptor, under the same rule."""
        return self.medium_descriptor if self.shows_wording() else ""

    @property
    def public_long(self) -> str:
        """The long descriptor, under the same rule."""
        return self.long_descriptor if self.shows_wording() else ""

    @property
    def public_terms(self) -> list[str]:
        """The inclusion terms, under the same rule."""
        return self.inclusion_terms if self.shows_wording() else []


class CodeNote(models.Model):
    """An instruction of the ICD-10-CM tabular list, as printed under a heading or code.

    It applies to everything below the place where it stands.
    """

    class Kind(models.TextChoices):
        """The tabular list's own headings."""

        INCLUDES = "includes", "Includes"
        EXCLUDES1 = "excludes1", "Excludes1"
        EXCLUDES2 = "excludes2", "Excludes2"
        CODE_FIRST = "code_first", "Code first"
        USE_ADDITIONAL = "use_additional", "Use additional code"
        CODE_ALSO = "code_also", "Code also"
        NOTE = "note", "Note"
        SEVENTH_CHARACTER = "seventh_character", "7th character"

    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="notes")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="notes")
    kind = models.CharField(max_length=20, choices=Kind)
    position = models.PositiveSmallIntegerField()
    text = models.TextField()

    class Meta:
        ordering: ClassVar = ["code", "position"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "position"], name="codenote_position_once"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.text}"


class SeventhCharacter(models.Model):
    """A value that the 7th character may take below the code where it is defined."""

    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="seventh_characters")
    release = models.ForeignKey(
        Release, on_delete=models.PROTECT, related_name="seventh_characters"
    )
    character = models.CharField(max_length=1)
    meaning = models.CharField(max_length=300)

    class Meta:
        ordering: ClassVar = ["code", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "character"], name="seventhcharacter_once"),
        ]

    def __str__(self) -> str:
        return f"{self.character}: {self.meaning}"


class Successor(models.Model):
    """The code to use instead of a deleted one."""

    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="successions")
    successor = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="predecessions")
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="successions")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "successor"], name="successor_once"),
            models.CheckConstraint(
                condition=~Q(code=F("successor")), name="successor_is_another_code"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code_id} → {self.successor_id}"


# These models have files of their own; Django finds models through this one.
from codes import authored_texts as authored_texts  # noqa: E402
from codes import code_versions as code_versions  # noqa: E402
from codes import facts as facts  # noqa: E402
from codes import import_records as import_records  # noqa: E402
from codes import lists as lists  # noqa: E402
from codes import search_segments as search_segments  # noqa: E402
from codes import stored_pages as stored_pages  # noqa: E402
from codes import terms as terms  # noqa: E402
