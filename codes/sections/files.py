"""Which files fill which section, so that an admin sees what a section without content wants."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from codes.models import Release


@dataclass(frozen=True, slots=True)
class Filling:
    """Something that a section shows: the source of the releases, and the format to import."""

    what: str
    source: str
    format: str = ""

    @property
    def command(self) -> str:
        """What loads it."""
        return f"manage.py import_codes {self.format or self.source} FILE…"


_FEES: Final = "mpfs"
_DETAILS: Final = ("hcpcs-details", "hcpcs")
_PTP: Final = (
    Filling("PTP edits, practitioner", "ptp-practitioner"),
    Filling("PTP edits, outpatient hospital", "ptp-hospital"),
)
FILLINGS: Final[Mapping[str, tuple[Filling, ...]]] = {
    "guidelines": (
        Filling("Tabular notes of ICD-10-CM", "icd-10-cm"),
        Filling("Policy indicators", _FEES),
        Filling("Add-on and primary codes", "add-on-edits"),
    ),
    "modifiers": (
        Filling("Indicators, rows with 26, TC and 53", _FEES),
        Filling("HCPCS modifiers", "hcpcs-modifiers", "hcpcs"),
        _PTP[0],
    ),
    "crosswalks": (
        Filling("Diagnoses and procedures in coverage articles", "coverage"),
        Filling("Add-on and primary codes", "add-on-edits"),
        Filling("CCSR categories", "ccsr"),
        Filling("MS-DRGs of diagnoses", "ms-drg-diagnoses"),
        Filling("MS-DRGs of procedures", "ms-drg-procedures"),
        Filling("Titles and weights of MS-DRGs", "ms-drg"),
        Filling("ICD-9-CM, diagnoses", "gem-icd-10-cm-icd-9-cm", "gem"),
        Filling("ICD-9-CM, procedures", "gem-icd-10-pcs-icd-9-cm", "gem"),
        Filling("Cross-references of HCPCS", *_DETAILS),
    ),
    "ncci_edits": (
        *_PTP,
        Filling("MUE, practitioner", "mue-practitioner", "mue"),
        Filling("MUE, outpatient hospital", "mue-outpatient", "mue"),
        Filling("MUE, DME supplier", "mue-dme", "mue"),
        Filling("Add-on code edits", "add-on-edits"),
    ),
    "compliance": (
        Filling("Dates of HCPCS codes", *_DETAILS),
        Filling("Supervision of diagnostic tests", _FEES),
        Filling("Telehealth", "telehealth"),
    ),
    "medicare_coverage": (
        Filling("Relative values", _FEES),
        Filling("Localities and their indices", "gpci"),
        Filling("Counties of localities", "localities"),
        Filling("Anesthesia factors", "anesthesia"),
        Filling("Outpatient hospital payment", "opps-b"),
        Filling("Coverage articles, LCDs, NCDs", "coverage"),
        Filling("Pricing and coverage of HCPCS", *_DETAILS),
        Filling("Processing notes of HCPCS", "hcpcs-notes"),
    ),
}
"""By the key of the section, in its order. Authored texts and code history come on top."""


def loaded(
    titles: Mapping[str, str], current: Iterable[Release]
) -> Iterator[tuple[str, list[tuple[Filling, Release | None]]]]:
    """Yield the title of each section with what fills it, and the release that does so now."""
    by_source = {release.source: release for release in current}
    for key, fillings in FILLINGS.items():
        yield titles[key], [(each, by_source.get(each.source)) for each in fillings]
