"""Which code systems FHIR knows, and by what canonical address. Pure; imports no Django.

The addresses are those of HL7's terminology pages (terminology.hl7.org, US Core). CPT® is left
out: only what is in the public domain is served to programs of strangers.
"""

from dataclasses import dataclass
from typing import Final

ALL_CODES = "?fhir_vs"
"""Behind a system's address: the value set of all its codes; ``=isa/E11`` those below E11."""


@dataclass(frozen=True, slots=True)
class FhirSystem:
    """A code system of this site as FHIR names it."""

    slug: str
    url: str
    also: tuple[str, ...] = ()
    """Other addresses that guides use for it."""


SYSTEMS: Final = (
    FhirSystem("icd-10-cm", "http://hl7.org/fhir/sid/icd-10-cm"),
    FhirSystem("icd-10-pcs", "http://www.cms.gov/Medicare/Coding/ICD10"),
    FhirSystem(
        "hcpcs",
        "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",
        ("https://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets",),
    ),
)
BY_SLUG: Final = {system.slug: system for system in SYSTEMS}


def by_url(url: str) -> FhirSystem | None:
    """Return the system of a canonical address."""
    return next((system for system in SYSTEMS if url == system.url or url in system.also), None)


@dataclass(frozen=True, slots=True)
class ValueSetUrl:
    """An implicit value set: all codes of a system, or those at and below one (``below``)."""

    system: FhirSystem
    below: str = ""


def read_value_set(url: str) -> ValueSetUrl | None:
    """Return which value set an address names; ``None`` for one that is not served."""
    address, mark, rest = url.partition(ALL_CODES)
    system = by_url(address)
    if system is None or not mark:
        return None
    if not rest:
        return ValueSetUrl(system)
    kind, _, code = rest.removeprefix("=").partition("/")
    return ValueSetUrl(system, code) if rest.startswith("=") and kind == "isa" and code else None
