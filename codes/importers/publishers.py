"""Where publishers offer their editions. Pure: imports no Django.

Only addresses that are known to have been published stand here. CMS names many files anew with
each edition, and corrected ones differently again; such an address can be given by hand.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from codes.importers.rows import ImportRefused

CMS_FILES: Final = "https://www.cms.gov/files/zip"
CMS: Final = "https://www.cms.gov"
HOSTS: Final = ("cms.gov", "cdc.gov")
"""Publishers of the public-domain editions; their subdomains too."""

_MONTHS: Final = {"01": "january", "04": "april", "07": "july", "10": "october"}
_QUARTER: Final = re.compile(r"(20\d\d)-(01|04|07|10)")


class NoSuchEdition(ImportRefused):
    """No address is known for what was asked; the message says what to do."""


@dataclass(frozen=True, slots=True)
class Published:
    """Editions that may be fetched: ``names`` gives the files of an edition, () for none.

    ``page`` is where the publisher lists them, ``editions`` how an edition is named here.
    """

    page: str
    editions: str
    names: Callable[[str], Sequence[str]]


def _hcpcs(edition: str) -> Sequence[str]:
    # Some quarters up to April 2024 end in "-files.zip".
    if (match := _QUARTER.fullmatch(edition)) and edition >= "2024-07":
        return [f"{_MONTHS[match[2]]}-{match[1]}-alpha-numeric-hcpcs-file.zip"]
    return []


def _icd10cm(edition: str) -> Sequence[str]:
    if edition == "2026":
        return [
            "2026-code-tables-tabular-and-index.zip",
            "2026-code-descriptions-tabular-order.zip",
        ]
    return []


def _icd10pcs(edition: str) -> Sequence[str]:
    if edition == "2026":
        return ["2026-icd-10-pcs-order-file-long-and-abbreviated-titles.zip"]
    return []


PUBLISHED: Final = {
    "hcpcs": Published(
        f"{CMS}/medicare/coding-billing/healthcare-common-procedure-system/quarterly-update",
        "a quarter from 2024-07 on, such as 2025-10",
        _hcpcs,
    ),
    "icd-10-cm": Published(
        f"{CMS}/medicare/coding-billing/icd-10-codes", "the fiscal year 2026", _icd10cm
    ),
    "icd-10-pcs": Published(
        f"{CMS}/medicare/coding-billing/icd-10-codes", "the fiscal year 2026", _icd10pcs
    ),
}

_NCCI: Final = f"{CMS}/medicare/coding-billing/national-correct-coding-initiative-ncci-edits"
BY_HAND: Final = {
    "mpfs": f"{CMS}/medicare/payment/fee-schedules/physician/pfs-relative-value-files",
    "ptp-practitioner": f"{_NCCI}/medicare-ncci-procedure-procedure-ptp-edits",
    "ptp-hospital": f"{_NCCI}/medicare-ncci-procedure-procedure-ptp-edits",
    "mue": f"{_NCCI}/medicare-ncci-medically-unlikely-edits-mues",
    "add-on-edits": f"{_NCCI}/medicare-ncci-add-code-edits",
    "opps-b": f"{CMS}/medicare/payment/prospective-payment-systems/hospital-outpatient",
    "telehealth": f"{CMS}/medicare/coverage/telehealth/list-services",
    "coverage": f"{CMS}/medicare-coverage-database/downloads/downloads.aspx",
    "cpt": "https://www.ama-assn.org/practice-management/cpt",
}
"""Files under the AMA's notice or licence: a person accepts it on that page and downloads them."""


def addresses(system: str, edition: str) -> list[str]:
    """Return where the files of an edition are. Raises ``NoSuchEdition``."""
    published = PUBLISHED[system]
    if names := published.names(edition.strip().lower()):
        return [f"{CMS_FILES}/{name}" for name in names]
    raise NoSuchEdition(
        f"No address is known for the edition “{edition}” of {system}; known is"
        f" {published.editions}. Its publisher lists its files on {published.page}:"
        " give the address of each with --url."
    )


def by_hand(system: str) -> str:
    """Return how to get files that carry the AMA's notice."""
    return (
        f"{system} files name services by CPT® codes and carry the AMA’s notice, so a person has"
        f" to accept it where they are offered: {BY_HAND[system]}\n"
        f"Download the files there, then: manage.py import_codes {system} FILE…"
    )
