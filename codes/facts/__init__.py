"""What public files say about codes: fees, edits, limits, modifiers, coverage, crosswalks.

Every row is one row of one file: ``release`` names file and edition, ``line`` where it stands in
the file. A release is a whole snapshot and is never changed, so an old edition stays readable and
going back costs nothing. Rows name codes by their key, not by a foreign key: files name codes that
this site may not hold.

Money is in US dollars, relative values are unitless, dates are those that the file states.
"""

from codes.facts.base import PROCEDURE_SYSTEMS, FactQuerySet
from codes.facts.coverage import CoverageCode, CoverageDocument
from codes.facts.fees import (
    AnesthesiaFactor,
    Locality,
    LocalityCounties,
    OutpatientPayment,
    PlaceOfService,
    RelativeValue,
)
from codes.facts.hcpcs import HcpcsDetail, Modifier, ProcessingNote
from codes.facts.maps import Crosswalk, DrgLogic, DrgTitle
from codes.facts.ncci import AddOnEdit, PtpEdit, PtpEditQuerySet, UnitLimit, in_force_on
from codes.facts.telehealth import TelehealthService

__all__ = [
    "PROCEDURE_SYSTEMS",
    "AddOnEdit",
    "AnesthesiaFactor",
    "CoverageCode",
    "CoverageDocument",
    "Crosswalk",
    "DrgLogic",
    "DrgTitle",
    "FactQuerySet",
    "HcpcsDetail",
    "Locality",
    "LocalityCounties",
    "Modifier",
    "OutpatientPayment",
    "PlaceOfService",
    "ProcessingNote",
    "PtpEdit",
    "PtpEditQuerySet",
    "RelativeValue",
    "TelehealthService",
    "UnitLimit",
    "in_force_on",
]
