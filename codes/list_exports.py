"""A list of codes as a file: CSV, JSON, and a FHIR R4 ValueSet. Pure; imports no Django.

A file holds what the page shows: codes, short descriptors where the licence lets them be shown,
and the owner's notes. https://hl7.org/fhir/R4/valueset.html
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import groupby
from typing import Any, Final

from codes.api.fhir_systems import SYSTEMS

URIS: Final[Mapping[str, str]] = {
    "cpt": "http://www.ama-assn.org/go/cpt",
    **{system.slug: system.url for system in SYSTEMS},
}
"""What FHIR calls the code systems, by slug; CPT too, which this site does not serve as FHIR."""
_COMMENT: Final = "http://hl7.org/fhir/StructureDefinition/valueset-concept-comments"
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class ListedCode:
    """One code of a list, as much of it as may be shown."""

    system: str
    system_name: str
    code: str
    words: str
    billable: bool
    valid_to: date | None
    note: str
    copyright_line: str


@dataclass(frozen=True, slots=True)
class ListFile:
    """What an export is made of. ``hidden`` counts the codes that may not be shown at all."""

    name: str
    about: str
    made_at: datetime
    codes: Sequence[ListedCode]
    hidden: int = 0
    publisher: str = ""
    address: str = field(default="")


def as_table(file: ListFile) -> Iterator[tuple[object, ...]]:
    """Yield a header and one record for each code.

    A note that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    yield ("code", "system", "short_descriptor", "billable", "last_day", "note", "copyright")
    for row in file.codes:
        billable = "yes" if row.billable else "no"
        note = f"'{row.note}" if row.note.startswith(_FORMULA) else row.note
        last_day = row.valid_to.isoformat() if row.valid_to else ""
        yield (
            *(row.code, row.system_name, row.words, billable, last_day, note),
            row.copyright_line,
        )


def as_json(file: ListFile) -> dict[str, Any]:
    """Return the list as plain values."""
    return {
        "name": file.name,
        "about": file.about,
        "exported_at": file.made_at.isoformat(timespec="seconds"),
        "codes": [
            {
                "system": row.system,
                "code": row.code,
                "short_descriptor": row.words or None,
                "billable": row.billable,
                "last_day": row.valid_to.isoformat() if row.valid_to else None,
                "note": row.note,
            }
            for row in file.codes
        ],
        "not_shown": file.hidden,
        "copyright": _copyright_lines(file.codes),
    }


def as_value_set(file: ListFile) -> dict[str, Any]:
    """Return the list as a FHIR R4 ValueSet that names each of its codes.

    Codes of one system stand together, so the order of the list holds within a system. A list
    without codes has no ``compose``: FHIR asks for at least one system in it.
    """
    value_set: dict[str, Any] = {
        "resourceType": "ValueSet",
        "name": _computer_name(file.name),
        "title": file.name,
        "status": "active",
        "experimental": False,
        "date": file.made_at.isoformat(timespec="seconds"),
    }
    if file.address:
        value_set["url"] = file.address
    if file.publisher:
        value_set["publisher"] = file.publisher
    if file.about:
        value_set["description"] = file.about
    if lines := _copyright_lines(file.codes):
        value_set["copyright"] = " ".join(lines)
    if file.codes:
        value_set["compose"] = {"include": list(_includes(file.codes))}
    return value_set


def _includes(codes: Sequence[ListedCode]) -> Iterator[dict[str, Any]]:
    by_system = sorted(codes, key=lambda row: row.system)
    for system, rows in groupby(by_system, key=lambda row: row.system):
        yield {
            "system": URIS.get(system, f"urn:casepilot:{system}"),
            "concept": [_concept(row) for row in rows],
        }


def _concept(row: ListedCode) -> dict[str, Any]:
    concept: dict[str, Any] = {"code": row.code}
    if row.words:
        concept["display"] = row.words
    if row.note:
        concept["extension"] = [{"url": _COMMENT, "valueString": row.note}]
    return concept


def _computer_name(name: str) -> str:
    """Return a name that FHIR takes: a capital, then letters, digits and underscores."""
    words = re.findall(r"[A-Za-z0-9]+", name)
    joined = "".join(word[0].upper() + word[1:] for word in words)[:200]
    return joined if joined and joined[0].isalpha() else f"List{joined}"


def _copyright_lines(codes: Sequence[ListedCode]) -> list[str]:
    return list(dict.fromkeys(row.copyright_line for row in codes if row.copyright_line))
