"""Maps from code to code (GEM, CCSR), and the groups of inpatient payment (MS-DRG)."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models

from codes.facts.base import FactQuerySet
from codes.models import Release


class Crosswalk(models.Model):
    """A map of one code to another: equivalence maps (GEM) and CCSR categories.

    ``source_system`` and ``target_system`` are slugs (``icd-9-cm`` and ``ccsr`` have no pages).
    ``flags`` are the five GEM digits (approximate, no map, combination, scenario, choice list);
    empty elsewhere. ``target_key`` is empty where the file says that there is no map.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    source_system = models.CharField(max_length=20)
    source_key = models.CharField(max_length=10)
    target_system = models.CharField(max_length=20)
    target_key = models.CharField(max_length=10, blank=True)
    target_title = models.CharField(
        max_length=300, blank=True, help_text="Of a target that has no page here, such as CCSR."
    )
    flags = models.CharField(max_length=5, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["release", "source_key"], name="crosswalk_source"),
            models.Index(fields=["release", "target_key"], name="crosswalk_target"),
        ]

    def __str__(self) -> str:
        return f"{self.source_key} → {self.target_key}"


class DrgTitleQuerySet(models.QuerySet["DrgTitle"]):
    """Reads of diagnosis-related groups."""

    def current(self) -> Self:
        """Return the groups of the edition that is shown now."""
        return self.filter(release__is_current=True)

    def search(self, text: str) -> Self:
        """Return those with this number, or with every word somewhere in their title."""
        if text.isascii() and text.isdigit() and len(text) <= 3:
            return self.filter(number=text.zfill(3))
        found = self
        for word in text.split():
            found = found.filter(title__icontains=word)
        return found


class DrgTitle(models.Model):
    """A Medicare severity diagnosis-related group: number, title, and weight where loaded.

    ``type``: M medical, P surgical (the file's own letters); ``mdc`` is the major category.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    number = models.CharField(max_length=3)
    mdc = models.CharField(max_length=3, blank=True)
    type = models.CharField(max_length=4, blank=True)
    title = models.CharField(max_length=300)
    weight = models.DecimalField(max_digits=8, decimal_places=4, null=True)
    geometric_mean_stay = models.DecimalField(max_digits=6, decimal_places=2, null=True)
    arithmetic_mean_stay = models.DecimalField(max_digits=6, decimal_places=2, null=True)

    objects = DrgTitleQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "number"], name="drgtitle_once"),
        ]

    def __str__(self) -> str:
        return f"MS-DRG {self.number}"


class DrgLogic(models.Model):
    """A code that the logic of a range of groups uses, from the definitions manual.

    Of a diagnosis it is not said whether as principal or secondary. ``category`` names the class
    of a procedure. ``is_operating_room``: whether the manual counts a procedure as one of the
    operating room; null for diagnoses. ``is_in_cluster``: it is also part of a combination of
    procedures. ``mdc`` is empty where the file names none.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    code_system = models.CharField(max_length=20)
    code_key = models.CharField(max_length=7)
    mdc = models.CharField(max_length=3, blank=True)
    first_drg = models.CharField(max_length=3)
    last_drg = models.CharField(max_length=3)
    category = models.CharField(max_length=200, blank=True)
    is_operating_room = models.BooleanField(null=True)
    is_in_cluster = models.BooleanField(default=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "uses in drg logic"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["release", "code_key", "mdc", "first_drg", "last_drg", "category"],
                name="drglogic_once",
            ),
            models.CheckConstraint(
                condition=models.Q(first_drg__lte=models.F("last_drg")), name="drglogic_range"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["release", "first_drg", "last_drg"], name="drglogic_groups"),
        ]

    def __str__(self) -> str:
        return f"{self.code_key}: {self.printed_range}"

    @property
    def printed_range(self) -> str:
        """The groups as the file names them: “371–373”, or one number."""
        if self.first_drg == self.last_drg:
            return self.first_drg
        return f"{self.first_drg}–{self.last_drg}"
