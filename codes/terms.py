"""Other names of codes and other words for words: what the search knows beside the descriptors.

``IndexTerm`` is an entry of an official index, imported as a whole per edition. ``Synonym`` is
field knowledge: rows that CasePilot brings along (fixtures/search/) and rows that an admin writes,
each with its history. Rows of ``Synonym`` are written through codes/synonyms.py only, which keeps
the history and raises ``TermsRevision``.
"""

from __future__ import annotations

from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Lower, Now

from codes.models import Code, CodeSystem, Release


class IndexTermQuerySet(models.QuerySet["IndexTerm"]):
    """Reads of index entries."""

    def current(self) -> Self:
        """Return the entries of the editions that are shown now."""
        return self.filter(release__is_current=True)


class IndexTerm(models.Model):
    """An entry of an official index that leads to a code.

    ``text`` is the path, main term first (“Fracture, traumatic, femur, shaft”). ``modifiers`` are
    the words in parentheses that the entry may be without (“acute, double, purulent”): they narrow
    nothing. A release is a whole snapshot; ``line`` is where the entry stands in its file.
    """

    release = models.ForeignKey(
        Release, on_delete=models.CASCADE, related_name="index_terms", db_index=False
    )
    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="index_terms")
    line = models.PositiveIntegerField()
    text = models.CharField(max_length=500)
    modifiers = models.CharField(max_length=1000, blank=True, db_default="")

    objects = IndexTermQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["release", "line"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "code", "text"], name="indexterm_once"),
            models.CheckConstraint(condition=Q(text__regex=r"\S"), name="indexterm_has_text"),
        ]

    def __str__(self) -> str:
        return self.text


class SynonymQuerySet(models.QuerySet["Synonym"]):
    """Reads of field knowledge."""

    def active(self) -> Self:
        """Return what the search uses, the usual readings of a text first."""
        return self.filter(is_active=True).order_by("text", "rank", "pk")

    def from_source(self, source: str) -> Self:
        """Return those whose source begins with these words."""
        return self.filter(source__startswith=source)

    def names_in(self, system: CodeSystem) -> Self:
        """Return those that count among the names of a system's codes, as titles do.

        An abbreviation is read as what it stands for instead, and so is a word that counts only in
        one case.
        """
        names = self.active().filter(code__system=system, rank=1, is_exact_case=False)
        return names.exclude(kind=Synonym.Kind.ABBREVIATION)


class SynonymFields(models.Model):
    """What a synonym says, and each of its revisions repeats."""

    class Kind(models.TextChoices):
        """What sort of knowledge it is."""

        ABBREVIATION = "abbreviation", "abbreviation"
        LAY_WORD = "lay_word", "lay word"
        MAIN_TERM = "main_term", "main term with its default code"
        SPELLING = "spelling", "spelling (US/UK)"
        BRAND_NAME = "brand_name", "brand name"
        LATERALITY = "laterality", "laterality"
        ENCOUNTER = "encounter", "encounter"

    kind = models.CharField(max_length=20, choices=Kind)
    text = models.CharField(max_length=100, help_text="As people type it.")
    means = models.CharField(
        max_length=300,
        blank=True,
        db_default="",
        help_text="The words that it stands for; they are searched beside the text itself.",
    )
    code = models.ForeignKey(
        Code,
        on_delete=models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        help_text="The code of which the text is a name, if it is one.",
    )
    rank = models.PositiveSmallIntegerField(
        default=1,
        db_default=1,
        help_text="1 for the usual reading of the text, more for rarer ones.",
    )
    is_exact_case = models.BooleanField(
        "only in this case",
        default=False,
        db_default=False,
        help_text="Whether it counts only as it is written here: AS, not as.",
    )
    source = models.CharField(max_length=200, help_text="Where it is known from, in words.")
    is_active = models.BooleanField(
        "active", default=True, db_default=True, help_text="Whether the search uses it."
    )

    class Meta:
        abstract = True


class Synonym(SynonymFields):
    """What a word or an abbreviation stands for; or a name of a code that no file gives it.

    A text with several readings has a row for each. Nothing is deleted: a row that is wrong is
    set inactive.
    """

    fixture_key = models.CharField(
        max_length=500,
        blank=True,
        db_default="",
        editable=False,
        help_text="Which row of fixtures/search/ it was; empty for what an admin has written.",
    )
    is_edited = models.BooleanField(
        "edited here",
        default=False,
        db_default=False,
        editable=False,
        help_text="Whether an editor has changed it, so that the files leave it alone.",
    )
    changed_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = SynonymQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["text", "rank", "pk"]
        indexes: ClassVar = [models.Index(Lower("text"), name="synonym_by_text")]
        constraints: ClassVar = [
            models.UniqueConstraint(
                "kind",
                Lower("text"),
                Lower("means"),
                Coalesce("code", 0),
                name="synonym_once",
                violation_error_message="The same text has this meaning already.",
            ),
            models.UniqueConstraint(
                fields=["fixture_key"], condition=~Q(fixture_key=""), name="synonym_fixture_once"
            ),
            models.CheckConstraint(
                condition=Q(
                    kind__in=[
                        "abbreviation",
                        "lay_word",
                        "main_term",
                        "spelling",
                        "brand_name",
                        "laterality",
                        "encounter",
                    ]
                ),
                name="synonym_kind_known",
            ),
            models.CheckConstraint(
                condition=Q(text__regex=r"^\S(.*\S)?$"), name="synonym_text_is_trimmed"
            ),
            models.CheckConstraint(
                condition=Q(means__regex=r"\S") | Q(code__isnull=False),
                name="synonym_means_something",
                violation_error_message="Say what it means, or which code it is a name of.",
            ),
            models.CheckConstraint(
                condition=~Q(means__iexact=F("text")),
                name="synonym_means_another",
                violation_error_message="It means other words than the text itself.",
            ),
            models.CheckConstraint(
                condition=~Q(kind="main_term") | Q(code__isnull=False),
                name="synonym_main_term_has_code",
                violation_error_message="A main term needs its code.",
            ),
            models.CheckConstraint(condition=Q(rank__gte=1), name="synonym_rank_from_one"),
            models.CheckConstraint(condition=Q(source__regex=r"\S"), name="synonym_has_source"),
        ]

    def __str__(self) -> str:
        return self.text

    @property
    def is_name(self) -> bool:
        """Return whether it may stand among the names of its code in the search index."""
        return self.code_id is not None and self.kind != self.Kind.ABBREVIATION


class SynonymRevision(SynonymFields):
    """One saved state of a synonym; never changed, never removed."""

    synonym = models.ForeignKey(Synonym, on_delete=models.PROTECT, related_name="revisions")
    saved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, related_name="+", null=True
    )
    saved_at = models.DateTimeField(db_default=Now())

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.saved_at:%Y-%m-%d %H:%M}, {self.text}"


class TermsRevision(models.Model):
    """The number of changes to synonyms so far, in one row.

    Processes that keep synonyms in memory compare it with the number that they loaded under.
    """

    id = models.SmallIntegerField(primary_key=True, default=1, db_default=1)
    number = models.PositiveBigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(id=1), name="termsrevision_is_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.number)

    @classmethod
    def current(cls) -> int:
        """Return the number; 0 before the first change. One query."""
        return cls.objects.values_list("number", flat=True).first() or 0
