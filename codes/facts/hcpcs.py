"""What the HCPCS Level II file says beside descriptors, and the modifiers it defines."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from codes.facts.base import FactQuerySet
from codes.models import Release


class HcpcsDetail(models.Model):
    """What the HCPCS Level II file says of a code beside its descriptors.

    Lists keep the file's order and hold no empty strings. Meanings of the one-letter codes are in
    codes/importers/hcpcs.py, from the official record layout.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    code_key = models.CharField(max_length=5)
    pricing_indicators = models.JSONField(default=list)
    multiple_pricing = models.CharField(max_length=1, blank=True)
    ncd_references = models.JSONField(default=list)
    manual_references = models.JSONField(default=list)
    statute = models.CharField(max_length=10, blank=True)
    lab_certifications = models.JSONField(default=list)
    cross_references = models.JSONField(default=list)
    coverage = models.CharField(max_length=1, blank=True)
    asc_group = models.CharField(max_length=2, blank=True)
    asc_date = models.DateField(null=True)
    processing_note = models.CharField(max_length=4, blank=True)
    betos = models.CharField(max_length=3, blank=True)
    types_of_service = models.JSONField(default=list)
    anesthesia_base_units = models.CharField(max_length=3, blank=True)
    added_on = models.DateField(null=True)
    action_on = models.DateField(null=True)
    terminated_on = models.DateField(null=True, help_text="The last day of use.")
    action = models.CharField(max_length=1, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "code_key"], name="hcpcsdetail_once"),
        ]

    def __str__(self) -> str:
        return self.code_key


class ProcessingNote(models.Model):
    """A note on the processing of claims that HCPCS codes refer to by its number, as printed."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    number = models.CharField(max_length=4)
    text = models.TextField()

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "number"], name="processingnote_once"),
        ]

    def __str__(self) -> str:
        return self.number


class Modifier(models.Model):
    """A two-character modifier of HCPCS Level II (or of a licensed CPT file)."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    modifier = models.CharField(max_length=2)
    short_descriptor = models.CharField(max_length=100, blank=True)
    long_descriptor = models.TextField()
    coverage = models.CharField(max_length=1, blank=True)
    added_on = models.DateField(null=True)
    action_on = models.DateField(null=True)
    terminated_on = models.DateField(null=True, help_text="The last day of use.")
    action = models.CharField(max_length=1, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "modifier"], name="modifier_once"),
        ]

    def __str__(self) -> str:
        return self.modifier
