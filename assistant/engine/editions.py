"""Which editions are held, and what import would fill what is not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Q

from codes.models import Release


@dataclass(frozen=True, slots=True)
class File:
    """A file of facts: what it holds in words, and the format that ``import_codes`` reads."""

    holds: str
    format: str


FILES: Final[Mapping[str, File]] = {
    "mpfs": File("the Medicare Physician Fee Schedule relative values", "mpfs"),
    "gpci": File("the geographic practice cost indices (GPCI) of the localities", "gpci"),
    "opps-b": File("Addendum B of the outpatient hospital payment system (OPPS)", "opps-b"),
    "ptp-practitioner": File(
        "the NCCI procedure-to-procedure (PTP) edits for practitioners", "ptp-practitioner"
    ),
    "ptp-hospital": File(
        "the NCCI procedure-to-procedure (PTP) edits for outpatient hospitals", "ptp-hospital"
    ),
    "mue-practitioner": File("the NCCI medically unlikely edits (MUE) for practitioners", "mue"),
    "mue-outpatient": File("the NCCI medically unlikely edits (MUE) for hospitals", "mue"),
    "mue-dme": File("the NCCI medically unlikely edits (MUE) for suppliers", "mue"),
    "add-on-edits": File("the NCCI add-on code edits", "add-on-edits"),
    "coverage": File("the Medicare Coverage Database (articles, LCDs, NCDs)", "coverage"),
    "hcpcs-details": File("the details of the HCPCS Level II file", "hcpcs"),
    "hcpcs-modifiers": File("the modifiers of the HCPCS Level II file", "hcpcs"),
    "ccsr": File("the CCSR categories of ICD-10-CM codes", "ccsr"),
    "gem-icd-10-cm-icd-9-cm": File(
        "the general equivalence mappings of ICD-10-CM to ICD-9-CM", "gem"
    ),
    "gem-icd-10-pcs-icd-9-cm": File(
        "the general equivalence mappings of ICD-10-PCS to ICD-9-CM", "gem"
    ),
    "gem-icd-9-cm-icd-10-cm": File(
        "the general equivalence mappings of ICD-9-CM to ICD-10-CM", "gem"
    ),
    "ms-drg-diagnoses": File(
        "the index of the MS-DRG definitions manual by diagnosis (Appendix B)", "ms-drg-diagnoses"
    ),
    "ms-drg-procedures": File(
        "the index of the MS-DRG definitions manual by procedure (Appendix E)", "ms-drg-procedures"
    ),
    "ms-drg": File("the MS-DRG titles and weights", "ms-drg"),
    "place-of-service": File("the place of service codes", "place-of-service"),
    "telehealth": File("Medicare's list of telehealth services", "telehealth"),
    "anesthesia": File("the anesthesia conversion factors", "anesthesia"),
    "cpt": File("a licensed CPT® file", "cpt"),
    "hcpcs": File("HCPCS Level II", "hcpcs"),
    "icd-10-cm": File("ICD-10-CM", "icd-10-cm"),
    "icd-10-pcs": File("ICD-10-PCS", "icd-10-pcs"),
}


@dataclass(frozen=True, slots=True)
class Editions:
    """The releases shown now, and the day of the oldest one held, by source."""

    current: Mapping[str, Release]

    @classmethod
    def load(cls) -> "Editions":
        """Return them; one query."""
        return cls({release.source: release for release in Release.objects.current()})

    def lacks(self, sources: Iterable[str]) -> list[str]:
        """Return the sources of which nothing is loaded."""
        return [source for source in sources if source not in self.current]

    def of_system(self, slug: str) -> Release | None:
        """Return the edition of a code system that is shown now."""
        return self.current.get(slug)


def held_on(source: str, day: date) -> Release | None:
    """Return the edition of a source in force on a day; one query."""
    editions = Release.objects.filter(Q(source=source), effective_date__lte=day, was_left=False)
    return editions.order_by("-effective_date", "-pk").first()


def fill(source: str) -> str:
    """Return the command that would load a source."""
    return f"manage.py import_codes {FILES[source].format}"
