"""What Medicare pays: the physician fee schedule with its localities, and OPPS."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from codes.facts.base import FactQuerySet
from codes.models import Release


class RelativeValue(models.Model):
    """A row of the Medicare Physician Fee Schedule relative value file (PPRRVU).

    ``modifier`` is empty, 26, TC or 53. Indicators are stored as printed; their meanings are in
    codes/indicators.py. ``qualifying`` tells the two conversion factors of 2026 apart: APM
    participants (true), everybody else (false), one factor for all (null).
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    code_key = models.CharField(max_length=5)
    modifier = models.CharField(max_length=2, blank=True)
    qualifying = models.BooleanField(null=True)
    status = models.CharField(max_length=1)
    work_rvu = models.DecimalField(max_digits=8, decimal_places=3)
    nonfacility_pe_rvu = models.DecimalField(max_digits=8, decimal_places=3)
    nonfacility_na = models.BooleanField()
    facility_pe_rvu = models.DecimalField(max_digits=8, decimal_places=3)
    facility_na = models.BooleanField()
    malpractice_rvu = models.DecimalField(max_digits=8, decimal_places=3)
    nonfacility_total = models.DecimalField(max_digits=8, decimal_places=3)
    facility_total = models.DecimalField(max_digits=8, decimal_places=3)
    pctc = models.CharField(max_length=1, blank=True)
    global_days = models.CharField(max_length=3, blank=True)
    preoperative = models.DecimalField(max_digits=5, decimal_places=3)
    intraoperative = models.DecimalField(max_digits=5, decimal_places=3)
    postoperative = models.DecimalField(max_digits=5, decimal_places=3)
    multiple_procedure = models.CharField(max_length=1, blank=True)
    bilateral = models.CharField(max_length=1, blank=True)
    assistant_surgeon = models.CharField(max_length=1, blank=True)
    co_surgeons = models.CharField(max_length=1, blank=True)
    team_surgeons = models.CharField(max_length=1, blank=True)
    endoscopic_base = models.CharField(max_length=5, blank=True)
    conversion_factor = models.DecimalField(max_digits=9, decimal_places=4)
    supervision = models.CharField(max_length=2, blank=True)
    calculation_flag = models.CharField(max_length=1, blank=True)
    imaging_family = models.CharField(max_length=2, blank=True)
    opps_nonfacility_pe = models.DecimalField(max_digits=8, decimal_places=3)
    opps_facility_pe = models.DecimalField(max_digits=8, decimal_places=3)
    opps_malpractice = models.DecimalField(max_digits=8, decimal_places=3)

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["release", "code_key", "modifier", "qualifying"],
                name="relativevalue_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code_key} {self.modifier}".strip()

    @property
    def file_name(self) -> str:
        """The file in which the row stands: of the two since 2026, the qualifying one is first."""
        names = self.release.file_name.split(", ")
        if self.qualifying is None or len(names) != 2:
            return self.release.file_name
        return names[0] if self.qualifying else names[1]


class Locality(models.Model):
    """A Medicare payment locality with its geographic practice cost indices (GPCI)."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    mac = models.CharField(max_length=5, help_text="Medicare administrative contractor.")
    state = models.CharField(max_length=2)
    number = models.CharField(max_length=2)
    name = models.CharField(max_length=120)
    work_index = models.DecimalField(max_digits=6, decimal_places=3)
    practice_index = models.DecimalField(max_digits=6, decimal_places=3)
    malpractice_index = models.DecimalField(max_digits=6, decimal_places=3)

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "localities"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "mac", "number"], name="locality_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name} ({self.mac} {self.number})"


class LocalityCounties(models.Model):
    """Which counties a payment locality covers, in the file's own words."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    mac = models.CharField(max_length=5)
    number = models.CharField(max_length=2)
    state_name = models.CharField(max_length=60)
    area = models.CharField(max_length=160)
    counties = models.TextField()

    objects = FactQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "counties of localities"
        indexes: ClassVar = [
            models.Index(fields=["release", "mac", "number"], name="localitycounties_place")
        ]

    def __str__(self) -> str:
        return self.area


class AnesthesiaFactor(models.Model):
    """The anaesthesia conversion factor of a locality, in dollars a unit.

    ``qualifying`` tells the two factors of 2026 apart, as that of ``RelativeValue`` does.
    """

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    mac = models.CharField(max_length=5)
    number = models.CharField(max_length=2)
    name = models.CharField(max_length=120)
    qualifying = models.BooleanField(null=True)
    factor = models.DecimalField(max_digits=8, decimal_places=4)

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["release", "mac", "number", "qualifying"],
                name="anesthesia_once",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.factor}"


class OutpatientPayment(models.Model):
    """A row of OPPS Addendum B: how Medicare pays a code in a hospital outpatient department."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    code_key = models.CharField(max_length=5)
    status_indicator = models.CharField(max_length=2)
    apc = models.CharField(max_length=5, blank=True)
    relative_weight = models.DecimalField(max_digits=12, decimal_places=4, null=True)
    payment_rate = models.DecimalField(max_digits=13, decimal_places=3, null=True)
    national_copayment = models.DecimalField(max_digits=13, decimal_places=3, null=True)
    minimum_copayment = models.DecimalField(max_digits=13, decimal_places=3, null=True)
    notes = models.CharField(max_length=200, blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "code_key"], name="outpatientpayment_once"),
        ]

    def __str__(self) -> str:
        return f"{self.code_key}: {self.status_indicator}"


class PlaceOfService(models.Model):
    """A CMS place of service code."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    number = models.CharField(max_length=2)
    setting = models.CharField(max_length=20, blank=True, help_text="Facility or non-facility.")
    name = models.CharField(max_length=200)
    description = models.TextField(blank=True)

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "number"], name="placeofservice_once"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"
