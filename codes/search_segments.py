"""Keeps the search index in the database; codes/search/store.py reads and writes it."""

from typing import ClassVar

from django.db import models
from django.db.models.functions import Now


class SearchSegmentQuerySet(models.QuerySet["SearchSegment"]):
    """Reads of the parts of the index."""


class SearchSegment(models.Model):
    """A part of the search index as it was built last: of one code system, or what is covered.

    Processes keep all parts in memory and load those anew whose ``revision`` has changed.
    """

    name = models.SlugField(
        unique=True, help_text="The slug of the code system, or “coverage” for what is covered."
    )
    revision = models.CharField(max_length=32, help_text="A digest of the content.")
    built_at = models.DateTimeField(db_default=Now())
    names = models.PositiveIntegerField(help_text="How many names it holds.")
    content = models.BinaryField()

    objects = SearchSegmentQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["name"]

    def __str__(self) -> str:
        return f"{self.name}, {self.built_at:%Y-%m-%d %H:%M}"
