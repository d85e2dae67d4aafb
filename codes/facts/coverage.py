"""Medicare coverage documents, and the codes that they list."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import F, Q

from codes.facts.base import FactQuerySet
from codes.models import Release


class CoverageDocument(models.Model):
    """A Medicare coverage document: an article, a local (LCD) or a national determination (NCD).

    ``number`` and ``version`` are the database's own. ``status`` is in its words, such as active.
    """

    class Kind(models.TextChoices):
        """Which kind of document."""

        ARTICLE = "article", "Article"
        LCD = "lcd", "LCD"
        NCD = "ncd", "NCD"

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    number = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    title = models.CharField(max_length=500)
    status = models.CharField(max_length=40, blank=True)
    effective_on = models.DateField(null=True)
    ended_on = models.DateField(null=True)
    contractors = models.JSONField(default=list)
    related = models.JSONField(default=list, help_text="Numbers of related documents.")

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["release", "kind", "number", "version"], name="coveragedocument_once"
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True)
                | Q(effective_on__isnull=True)
                | Q(effective_on__lte=F("ended_on")),
                name="coveragedocument_dates_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.number}"


class CoverageCode(models.Model):
    """A code that a coverage article lists: a procedure, or a diagnosis covered or not.

    ``group`` ties the diagnoses of an article to its procedures, by the article's own groups.
    """

    class Role(models.TextChoices):
        """What the article says of the code."""

        PROCEDURE = "procedure", "procedure"
        COVERED = "covered", "covered diagnosis"
        NONCOVERED = "noncovered", "non-covered diagnosis"

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    article = models.CharField(max_length=12)
    version = models.PositiveIntegerField()
    role = models.CharField(max_length=10, choices=Role)
    group = models.PositiveSmallIntegerField(default=1)
    code_key = models.CharField(max_length=7)

    objects = FactQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["release", "code_key", "role"], name="coveragecode_code"),
            models.Index(fields=["release", "article", "role"], name="coveragecode_article"),
        ]

    def __str__(self) -> str:
        return f"{self.article}: {self.code_key}"
