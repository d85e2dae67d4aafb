"""FHIR R4 resources as plain values. Pure; imports no Django.

https://hl7.org/fhir/R4/ says what each holds.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

from codes.api.fhir_systems import ALL_CODES, FhirSystem

Resource = dict[str, Any]
FHIR_VERSION: Final = "4.0.1"

PROPERTIES: Final = (
    ("inactive", "boolean", "True where the code has ended."),
    ("billable", "boolean", "Whether it may stand on a claim; a heading may not."),
    ("kind", "code", "chapter, section, category or code."),
    ("parent", "code", "The code or heading that it stands under."),
    ("validFrom", "dateTime", "The first day of use, where the edition states one."),
    ("validTo", "dateTime", "The last day of use, where it has one."),
    ("edition", "string", "The edition of the publisher’s file that the code is from."),
    ("sourceFile", "string", "The name of that file."),
)


@dataclass(frozen=True, slots=True)
class ServedSystem:
    """A code system with the edition that is served."""

    system: FhirSystem
    name: str
    title: str
    publisher: str
    version: str
    """Year and month of the edition: 2026.04."""
    count: int


def parameters(*values: tuple[str, str, Any]) -> Resource:
    """Return Parameters of (name, type, value); values that are ``None`` or empty are left out."""
    return {
        "resourceType": "Parameters",
        "parameter": [
            {"name": name, kind: value} if kind == "part" else {"name": name, _value(kind): value}
            for name, kind, value in values
            if value not in (None, "", [])
        ],
    }


def part(*values: tuple[str, str, Any]) -> list[dict[str, Any]]:
    """Return the parts of one parameter, as ``parameters`` would."""
    inner: list[dict[str, Any]] = parameters(*values)["parameter"]
    return inner


def _value(kind: str) -> str:
    return f"value{kind[0].upper()}{kind[1:]}"


def outcome(code: str, text: str) -> Resource:
    """Return an OperationOutcome with one error."""
    issue = {"severity": "error", "code": code, "diagnostics": text}
    return {"resourceType": "OperationOutcome", "issue": [issue]}


def bundle(resources: Iterable[Resource]) -> Resource:
    """Return what a search found."""
    entries = [{"resource": resource, "search": {"mode": "match"}} for resource in resources]
    return {
        "resourceType": "Bundle",
        "type": "searchset",
        "total": len(entries),
        "entry": entries,
    }


def code_system(served: ServedSystem) -> Resource:
    """Return a CodeSystem without its concepts, which ``$lookup`` and ``$expand`` give."""
    return {
        "resourceType": "CodeSystem",
        "id": served.system.slug,
        "url": served.system.url,
        "version": served.version,
        "name": served.system.slug.replace("-", "").upper(),
        "title": served.title,
        "status": "active",
        "publisher": served.publisher,
        "caseSensitive": False,
        "valueSet": served.system.url + ALL_CODES,
        "hierarchyMeaning": "is-a",
        "content": "not-present",
        "count": served.count,
        "property": [
            {"code": code, "type": kind, "description": text} for code, kind, text in PROPERTIES
        ],
    }


def value_set(served: ServedSystem) -> Resource:
    """Return the ValueSet of all codes of a system, not expanded."""
    return {
        "resourceType": "ValueSet",
        "id": served.system.slug,
        "url": served.system.url + ALL_CODES,
        "version": served.version,
        "name": served.system.slug.replace("-", "").upper() + "All",
        "title": f"All codes of {served.name}",
        "status": "active",
        "publisher": served.publisher,
        "compose": {"include": [{"system": served.system.url}]},
    }


def expansion(
    url: str,
    *,
    identifier: str,
    timestamp: str,
    total: int,
    offset: int,
    asked: Sequence[tuple[str, str, Any]],
    contains: list[dict[str, Any]],
) -> Resource:
    """Return a ValueSet with a page of its codes."""
    return {
        "resourceType": "ValueSet",
        "url": url,
        "status": "active",
        "expansion": {
            "identifier": identifier,
            "timestamp": timestamp,
            "total": total,
            "offset": offset,
            "parameter": part(*asked),
            "contains": contains,
        },
    }


def capability_statement(base: str, software: str, date: str) -> Resource:
    """Return what the server can do."""
    reads = [{"code": "read"}, {"code": "search-type"}]
    by_url = [{"name": "url", "type": "uri"}]
    definition = "http://hl7.org/fhir/OperationDefinition/"
    operations = {
        "CodeSystem": [
            {"name": "lookup", "definition": f"{definition}CodeSystem-lookup"},
            {"name": "validate-code", "definition": f"{definition}CodeSystem-validate-code"},
        ],
        "ValueSet": [{"name": "expand", "definition": f"{definition}ValueSet-expand"}],
    }
    return {
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": date,
        "kind": "instance",
        "software": {"name": software},
        "implementation": {"description": f"Terminology of {software}", "url": base},
        "fhirVersion": FHIR_VERSION,
        "format": ["application/fhir+json", "json"],
        "instantiates": ["http://hl7.org/fhir/CapabilityStatement/terminology-server"],
        "rest": [
            {
                "mode": "server",
                "security": {
                    "description": "Open to all within limits. A token of an account, sent as"
                    " “Authorization: Bearer TOKEN”, raises them and opens what its meter grants."
                },
                "resource": [
                    {
                        "type": kind,
                        "interaction": reads,
                        "searchParam": by_url,
                        "operation": of_kind,
                    }
                    for kind, of_kind in operations.items()
                ],
            }
        ],
    }


def terminology_capabilities(
    software: str, base: str, date: str, systems: Iterable[ServedSystem]
) -> Resource:
    """Return which code systems the server holds, in which edition."""
    return {
        "resourceType": "TerminologyCapabilities",
        "status": "active",
        "date": date,
        "kind": "instance",
        "software": {"name": software},
        "implementation": {"description": f"Terminology of {software}", "url": base},
        "codeSystem": [
            {
                "uri": served.system.url,
                "version": [{"code": served.version, "isDefault": True}],
                "subsumption": False,
            }
            for served in systems
        ],
        "expansion": {
            "hierarchical": False,
            "paging": True,
            "parameter": [
                {"name": name} for name in ("url", "filter", "count", "offset", "activeOnly")
            ],
            "textFilter": "Words in any order, close spellings and abbreviations, best first.",
        },
        "codeSearch": "all",
        "validateCode": {"translations": False},
    }
