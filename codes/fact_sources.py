"""What the files of facts hold, in the field's words. Pure: imports no Django.

A publisher calls several files by one name, and a sample has the name of the samples only; so a
list of files says what each holds first.
"""

from collections.abc import Mapping
from typing import Final

NAMES: Final[Mapping[str, str]] = {
    "add-on-edits": "Add-on code edits",
    "anesthesia": "Anesthesia conversion factors",
    "ccsr": "CCSR categories of ICD-10-CM codes",
    "coverage": "Medicare coverage: articles, LCDs and NCDs",
    "cpt-modifiers": "CPT® modifiers",
    "gem-icd-10-cm-icd-9-cm": "ICD-10-CM to ICD-9-CM, diagnoses",
    "gem-icd-10-pcs-icd-9-cm": "ICD-10-PCS to ICD-9-CM, procedures",
    "gem-icd-9-cm-icd-10-cm": "ICD-9-CM to ICD-10-CM, diagnoses",
    "gem-icd-9-cm-icd-10-pcs": "ICD-9-CM to ICD-10-PCS, procedures",
    "gpci": "Geographic practice cost indices",
    "hcpcs-details": "HCPCS pricing, coverage and cross-references",
    "hcpcs-index": "HCPCS index",
    "hcpcs-modifiers": "HCPCS modifiers",
    "hcpcs-notes": "HCPCS processing notes",
    "localities": "Counties of payment localities",
    "mpfs": "Physician fee schedule: relative values and policy indicators",
    "ms-drg": "MS-DRG titles and weights",
    "ms-drg-diagnoses": "MS-DRGs by diagnosis (Definitions Manual, Appendix B)",
    "ms-drg-procedures": "MS-DRGs by procedure (Definitions Manual, Appendix E)",
    "mue-dme": "MUE, DME supplier",
    "mue-outpatient": "MUE, outpatient hospital",
    "mue-practitioner": "MUE, practitioner",
    "opps-b": "Outpatient hospital payment (OPPS Addendum B)",
    "place-of-service": "Places of service",
    "ptp-hospital": "PTP edits, outpatient hospital",
    "ptp-practitioner": "PTP edits, practitioner",
    "telehealth": "Telehealth services",
}
"""By the source of the releases."""


def name_of(source: str, source_name: str) -> str:
    """Return what the files of a source hold, or else what their publisher calls them."""
    return NAMES.get(source, source_name)
