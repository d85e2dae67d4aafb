"""Rows of fact tables, as parsers hand them over. Pure: imports no Django.

Each class has the fields of the model of the same name (without ``Row``) in codes/facts/, where
their meaning is described; only ``release`` is missing. ``line`` counts within the row's own file.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, slots=True)
class RelativeValueRow:
    """A row of the Medicare Physician Fee Schedule relative value file."""

    line: int
    code_key: str
    modifier: str
    qualifying: bool | None
    status: str
    work_rvu: Decimal
    nonfacility_pe_rvu: Decimal
    nonfacility_na: bool
    facility_pe_rvu: Decimal
    facility_na: bool
    malpractice_rvu: Decimal
    nonfacility_total: Decimal
    facility_total: Decimal
    pctc: str
    global_days: str
    preoperative: Decimal
    intraoperative: Decimal
    postoperative: Decimal
    multiple_procedure: str
    bilateral: str
    assistant_surgeon: str
    co_surgeons: str
    team_surgeons: str
    endoscopic_base: str
    conversion_factor: Decimal
    supervision: str
    calculation_flag: str
    imaging_family: str
    opps_nonfacility_pe: Decimal
    opps_facility_pe: Decimal
    opps_malpractice: Decimal


@dataclass(frozen=True, slots=True)
class LocalityRow:
    """A Medicare payment locality with its three indices."""

    line: int
    mac: str
    state: str
    number: str
    name: str
    work_index: Decimal
    practice_index: Decimal
    malpractice_index: Decimal


@dataclass(frozen=True, slots=True)
class LocalityCountiesRow:
    """The counties of a payment locality."""

    line: int
    mac: str
    number: str
    state_name: str
    area: str
    counties: str


@dataclass(frozen=True, slots=True)
class AnesthesiaFactorRow:
    """The anaesthesia conversion factor of a locality."""

    line: int
    mac: str
    number: str
    name: str
    qualifying: bool | None
    factor: Decimal


@dataclass(frozen=True, slots=True)
class PtpEditRow:
    """An NCCI procedure-to-procedure edit."""

    line: int
    column1: str
    column2: str
    existed_before_1996: bool
    effective_on: date
    deleted_on: date | None
    modifier_indicator: str
    rationale: str


@dataclass(frozen=True, slots=True)
class UnitLimitRow:
    """A medically unlikely edit."""

    line: int
    code_key: str
    units: int
    adjudication: str
    rationale: str


@dataclass(frozen=True, slots=True)
class AddOnEditRow:
    """An add-on code with a primary code."""

    line: int
    type: str
    add_on: str
    add_on_deleted_on: date | None
    primary: str
    primary_deleted_on: date | None
    effective_on: date
    deleted_on: date | None
    notes: str


@dataclass(frozen=True, slots=True)
class OutpatientPaymentRow:
    """A row of OPPS Addendum B."""

    line: int
    code_key: str
    status_indicator: str
    apc: str
    relative_weight: Decimal | None
    payment_rate: Decimal | None
    national_copayment: Decimal | None
    minimum_copayment: Decimal | None
    notes: str


@dataclass(frozen=True, slots=True)
class CrosswalkRow:
    """A map of one code to another."""

    line: int
    source_system: str
    source_key: str
    target_system: str
    target_key: str
    flags: str = ""
    target_title: str = ""


@dataclass(frozen=True, slots=True)
class DrgTitleRow:
    """A Medicare severity diagnosis-related group."""

    line: int
    number: str
    mdc: str
    type: str
    title: str
    weight: Decimal | None = None
    geometric_mean_stay: Decimal | None = None
    arithmetic_mean_stay: Decimal | None = None


@dataclass(frozen=True, slots=True)
class DrgLogicRow:
    """A code that the logic of some diagnosis-related groups uses."""

    line: int
    code_system: str
    code_key: str
    mdc: str
    first_drg: str
    last_drg: str
    category: str = ""
    is_operating_room: bool | None = None
    is_in_cluster: bool = False


@dataclass(frozen=True, slots=True)
class ProcessingNoteRow:
    """A processing note of HCPCS Level II."""

    line: int
    number: str
    text: str


@dataclass(frozen=True, slots=True)
class PlaceOfServiceRow:
    """A CMS place of service code."""

    line: int
    number: str
    setting: str
    name: str
    description: str


@dataclass(frozen=True, slots=True)
class TelehealthServiceRow:
    """A service on Medicare's list of telehealth services."""

    line: int
    code_key: str
    status: str
    audio_only: bool | None
    limitation: str
