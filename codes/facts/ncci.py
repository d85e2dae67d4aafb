"""NCCI: procedure-to-procedure edits, unit limits (MUE), add-on code edits."""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from codes.facts.base import FactQuerySet
from codes.models import Release


def in_force_on(day: date) -> Q:
    """Return the condition that an NCCI edit applies on a day.

    The deletion date is the last day in force, as 20161231 in the file; but where it is also the
    effective date, the edit never applied. codes/ncci.py says the same of one row.
    """
    return Q(effective_on__lte=day) & (
        Q(deleted_on__isnull=True) | Q(deleted_on__gte=day, deleted_on__gt=F("effective_on"))
    )


class PtpEditQuerySet(FactQuerySet):
    """Reads of procedure-to-procedure edits."""

    def active_on(self, day: date) -> Self:
        """Return the edits in force on a day, by the dates that their rows state."""
        return self.filter(in_force_on(day))


class PtpEdit(models.Model):
    """An NCCI procedure-to-procedure edit: column 2 is not paid beside column 1.

    ``modifier_indicator``: 0 not allowed, 1 allowed, 9 not applicable. ``deleted_on`` is the
    file's deletion date, the last day in force. The release's source says which service it is for.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    column1 = models.CharField(max_length=5)
    column2 = models.CharField(max_length=5)
    existed_before_1996 = models.BooleanField()
    effective_on = models.DateField()
    deleted_on = models.DateField(null=True)
    modifier_indicator = models.CharField(max_length=1)
    rationale = models.CharField(max_length=120, blank=True)

    objects = PtpEditQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["release", "column2", "column1"], name="ptpedit_column2"),
            models.Index(
                fields=["release", "deleted_on"],
                name="ptpedit_deleted",
                condition=Q(deleted_on__isnull=False),
            ),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["release", "column1", "column2", "effective_on"], name="ptpedit_once"
            ),
            models.CheckConstraint(
                condition=Q(modifier_indicator__in=["0", "1", "9"]), name="ptpedit_indicator_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.column1}/{self.column2}"


class UnitLimit(models.Model):
    """A medically unlikely edit (MUE): the most units of a code for one patient and day.

    ``adjudication``: 1 line edit, 2 date of service (policy), 3 date of service (clinical). The
    release's source says practitioner, outpatient hospital or DME supplier.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    code_key = models.CharField(max_length=5)
    units = models.PositiveIntegerField()
    adjudication = models.CharField(max_length=1)
    rationale = models.CharField(max_length=200, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "code_key"], name="unitlimit_once"),
            models.CheckConstraint(
                condition=Q(adjudication__in=["1", "2", "3"]), name="unitlimit_adjudication_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code_key}: {self.units}"


class AddOnEdit(models.Model):
    """An add-on code and a primary code that it may be reported with (NCCI add-on code edits).

    ``type``: 1 only with the listed primaries, 2 the contractor says which, 3 some listed and the
    contractor may add others. ``primary`` is ``CCCCC`` where the contractor defines it.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    type = models.CharField(max_length=1)
    add_on = models.CharField(max_length=5)
    add_on_deleted_on = models.DateField(null=True)
    primary = models.CharField(max_length=5)
    primary_deleted_on = models.DateField(null=True)
    effective_on = models.DateField()
    deleted_on = models.DateField(null=True)
    notes = models.TextField(blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        indexes: ClassVar = [
            models.Index(fields=["release", "add_on"], name="addonedit_add_on"),
            models.Index(fields=["release", "primary"], name="addonedit_primary"),
        ]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["release", "add_on", "primary", "effective_on"], name="addonedit_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.add_on} with {self.primary}"
