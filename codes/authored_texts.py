"""Texts about codes, written in the admin or loaded with an edition, and each state they were
saved in. What is done with them stands in codes/texts.py."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now

from codes.models import Code, Release

SECTION_TITLES = {
    "guidelines": "Coding Guidelines",
    "modifiers": "Modifiers",
    "crosswalks": "Crosswalks",
    "ncci_edits": "NCCI Edits",
    "compliance": "Compliance",
    "medicare_coverage": "Medicare Coverage",
}


class AuthoredTextQuerySet(models.QuerySet["AuthoredText"]):
    """Reads of authored texts."""

    def published(self) -> Self:
        """Return the texts that the public sees."""
        return self.exclude(html="")


class AuthoredText(models.Model):
    """A text about a code, written as Markdown in the admin or in the sample content.

    ``markdown`` is what is being worked on; ``html`` is what the public sees: made and sanitised
    once, when the text is published, and kept while a newer draft is in work.
    """

    class Kind(models.TextChoices):
        """Which text of the code page it is."""

        PLAIN = "plain", "Common Language Description"
        GUIDELINES = "guidelines", SECTION_TITLES["guidelines"]
        MODIFIERS = "modifiers", SECTION_TITLES["modifiers"]
        CROSSWALKS = "crosswalks", SECTION_TITLES["crosswalks"]
        NCCI_EDITS = "ncci_edits", SECTION_TITLES["ncci_edits"]
        COMPLIANCE = "compliance", SECTION_TITLES["compliance"]
        MEDICARE_COVERAGE = "medicare_coverage", SECTION_TITLES["medicare_coverage"]

    class Status(models.TextChoices):
        """Where the working text stands."""

        DRAFT = "draft", "draft"
        REVIEWED = "reviewed", "reviewed"
        PUBLISHED = "published", "published"

    code = models.ForeignKey(Code, on_delete=models.PROTECT, related_name="texts")
    kind = models.CharField(max_length=20, choices=Kind)
    release = models.ForeignKey(
        Release,
        on_delete=models.PROTECT,
        related_name="texts",
        null=True,
        blank=True,
        help_text="Where it was loaded from; empty for a text written in the admin.",
    )
    markdown = models.TextField()
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    html = models.TextField(blank=True, editable=False)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    reviewed_on = models.DateField(null=True, blank=True, editable=False)
    published_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = AuthoredTextQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["code", "kind"]
        permissions: ClassVar = [
            ("review_authoredtext", "Can review texts"),
            ("publish_authoredtext", "Can publish and withdraw texts"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["code", "kind"], name="authoredtext_once"),
            models.CheckConstraint(
                condition=Q(html="", published_at__isnull=True)
                | (~Q(html="") & Q(published_at__isnull=False)),
                name="authoredtext_html_is_dated",
            ),
            models.CheckConstraint(
                condition=Q(status="draft") | Q(reviewed_on__isnull=False),
                name="authoredtext_reviewed_is_dated",
            ),
            models.CheckConstraint(
                condition=~Q(status="published") | ~Q(html=""),
                name="authoredtext_published_has_html",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} of {self.code}"

    @property
    def is_publishers(self) -> bool:
        """Whether it is the publisher's wording, from a licensed file; edited, it still is.

        One query where ``release`` is not loaded.
        """
        return self.release is not None and not self.release.is_sample


class PlainDescriptionManager(models.Manager["PlainDescription"]):
    """The texts that are common language descriptions."""

    def get_queryset(self) -> models.QuerySet[PlainDescription]:
        return super().get_queryset().filter(kind=AuthoredText.Kind.PLAIN)


class PlainDescription(AuthoredText):
    """The Common Language Description of a code."""

    objects: ClassVar[Any] = PlainDescriptionManager()

    class Meta:
        proxy = True
        verbose_name = "common language description"


class SectionManager(models.Manager["Section"]):
    """The texts of the six sections."""

    def get_queryset(self) -> models.QuerySet[Section]:
        return super().get_queryset().exclude(kind=AuthoredText.Kind.PLAIN)


class Section(AuthoredText):
    """The authored part of one of the six sections of a code page."""

    objects: ClassVar[Any] = SectionManager()

    class Meta:
        proxy = True
        verbose_name = "section text"


class TextRevision(models.Model):
    """One saved state of an authored text; never changed, never removed."""

    text = models.ForeignKey(AuthoredText, on_delete=models.PROTECT, related_name="revisions")
    markdown = models.TextField()
    status = models.CharField(max_length=10, choices=AuthoredText.Status)
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True
    )
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.saved_at:%Y-%m-%d %H:%M}, {self.status}"
