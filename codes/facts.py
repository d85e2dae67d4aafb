"""What public files say about codes: fees, edits, limits, modifiers, coverage, crosswalks.

Every row is one row of one file: ``release`` names file and edition, ``line`` where it stands in
the file. A release is a whole snapshot and is never changed, so an old edition stays readable and
going back costs nothing. Rows name codes by their key, not by a foreign key: files name codes that
this site may not hold.

Money is in US dollars, relative values are unitless, dates are those that the file states.
"""

from __future__ import annotations

from datetime import date
from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from codes.models import Release

PROCEDURE_SYSTEMS = ("cpt", "hcpcs")
"""The systems whose codes fees, edits and limits are about, by slug."""


class FactQuerySet(models.QuerySet["models.Model"]):
    """Reads that every fact has."""

    def current(self) -> Self:
        """Return the rows of the editions that are shown now."""
        return self.filter(release__is_current=True)

    def of(self, release: Release | None) -> Self:
        """Return the rows of one edition; none without one."""
        return self.filter(release=release) if release else self.none()


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
    """The anaesthesia conversion factor of a locality, in dollars a unit."""

    release = models.ForeignKey(Release, on_delete=models.CASCADE, related_name="+")
    line = models.PositiveIntegerField()
    mac = models.CharField(max_length=5)
    number = models.CharField(max_length=2)
    name = models.CharField(max_length=120)
    factor = models.DecimalField(max_digits=8, decimal_places=4)

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "mac", "number"], name="anesthesia_once"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.factor}"


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
            models.Index(fields=["release", "column2", "column1"], name="ptpedit_column2")
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

    objects = FactQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["release", "number"], name="drgtitle_once"),
        ]

    def __str__(self) -> str:
        return f"MS-DRG {self.number}"


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
