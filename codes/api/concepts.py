"""Codes as FHIR's operations answer them. Only systems in the public domain."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils.timezone import localdate

from codes.api.fhir_requests import Refused
from codes.api.fhir_resources import PROPERTIES, Resource, ServedSystem, parameters, part
from codes.api.fhir_systems import BY_SLUG
from codes.lookup import code_key
from codes.models import Code, CodeSystem, Release
from codes.search import Filters, in_order, search

MOST_FILTERED = 2_000


@dataclass(frozen=True, slots=True)
class Page:
    """Some codes of a value set, and how many there are in all."""

    total: int
    contains: list[dict[str, Any]]


def served() -> list[ServedSystem]:
    """Return the systems that are shown and in the public domain; two queries."""
    current = Prefetch("releases", Release.objects.current(), to_attr="current_releases")
    systems = CodeSystem.objects.visible().filter(
        slug__in=list(BY_SLUG), licence=CodeSystem.Licence.PUBLIC_DOMAIN
    )
    return [_served(one) for one in systems.prefetch_related(current)]


def served_as(slug: str, *, version: str = "") -> ServedSystem:
    """Return one served system. Raises ``Refused`` where it, or the version, is not served."""
    found = next((one for one in served() if one.system.slug == slug), None)
    if found is None:
        raise Refused(404, "not-found", f"The code system {slug} is not served here.")
    if version and version != found.version:
        text = f"Version {version} is not served here, but {found.version}."
        raise Refused(404, "not-found", text)
    return found


def code_of(served: ServedSystem, text: str) -> Code:
    """Return the code printed as ``text``; one query, or two.

    Raises ``Refused`` where there is none, naming the code that was meant by another spelling.
    """
    codes = Code.objects.visible().with_page().select_related("system", "release", "parent")
    codes = codes.filter(system__slug=served.system.slug)
    if found := codes.filter(display=text).first():
        return found
    meant = codes.filter(key=code_key(text)[:40]).first()
    hint = f" Did you mean {meant.display}?" if meant else ""
    raise Refused(404, "not-found", f"{served.name} has no code {text}.{hint}")


def looked_up(
    served: ServedSystem, code: Code, *, properties: list[str], is_open: bool
) -> Resource:
    """Return the Parameters of a look-up; ``is_open``: the asker sees the whole code page."""
    unknown = set(properties) - {name for name, _, _ in PROPERTIES} - {"designation"}
    if unknown:
        raise Refused(400, "not-supported", f"No property {', '.join(sorted(unknown))} is here.")
    told = [
        ("property", "part", part(("code", "code", name), ("value", kind, value)))
        for name, kind, value in _properties(code)
        if value not in (None, "") and (not properties or name in properties)
    ]
    wants_designations = is_open and (not properties or "designation" in properties)
    named = [
        ("designation", "part", part(("language", "code", "en-US"), ("value", "string", text)))
        for text in (_designations(code) if wants_designations else ())
    ]
    return parameters(
        ("name", "string", served.title),
        ("version", "string", served.version),
        ("display", "string", _display(code)),
        *named,
        *told,
    )


def validated(served: ServedSystem, text: str, display: str, *, is_open: bool) -> Resource:
    """Return the Parameters of a validation: whether it is right, and if not, why.

    ``is_open``: the asker has opened the code, and any of its names is right; else a display is
    held against the one that is open to all, so that no guess tells another.
    """
    try:
        code = code_of(served, text)
    except Refused as refused:
        return parameters(("result", "boolean", False), ("message", "string", str(refused)))
    names = {_display(code), *(_designations(code) if is_open else ())}
    is_right = not display or display.casefold() in {name.casefold() for name in names}
    ended = f"{code.display} ended on {code.valid_to}." if code.is_deleted else ""
    return parameters(
        ("result", "boolean", is_right),
        ("message", "string", ended if is_right else _wrong(code, is_open=is_open)),
        ("code", "code", code.display),
        ("system", "uri", served.system.url),
        ("version", "string", served.version),
        ("display", "string", _display(code)),
        ("inactive", "boolean", code.is_deleted or None),
    )


def _wrong(code: Code, *, is_open: bool) -> str:
    said = f"The display of {code.display} is: {_display(code)}"
    if is_open:
        return said
    return (
        f"{said}. Its other names are compared by GET with the token of an account that has opened"
        " the code."
    )


def page_of(
    served: ServedSystem, *, below: str, text: str, active_only: bool, count: int, offset: int
) -> Page:
    """Return codes of the system at and below a code; with a text those it finds, best first."""
    codes = Code.objects.visible().with_page().filter(system__slug=served.system.slug)
    if below:
        top = code_of(served, below)
        codes = codes.filter(Q(pk=top.pk) | Q(ancestors__contains=[top.pk]))
    if active_only:
        codes = codes.exclude(valid_to__lt=localdate())
    if text:
        return _found(served, codes if below or active_only else None, text, count, offset)
    rows = codes.select_related("system").order_by("position")[offset : offset + count]
    return Page(codes.count(), [_contained(served, code) for code in rows])


def _found(
    served: ServedSystem, within: QuerySet[Code] | None, text: str, count: int, offset: int
) -> Page:
    """Return what a text finds; ``within`` narrows the best ``MOST_FILTERED`` of it."""
    filters = Filters(systems=(served.system.slug,))
    if within is None:
        results = search(text, filters=filters, limit=count, offset=offset)
        ids, total = [hit.code_id for hit in results.hits], results.total
    else:
        results = search(text, filters=filters, limit=MOST_FILTERED)
        best = [hit.code_id for hit in results.hits]
        kept = set(within.filter(pk__in=best).values_list("pk", flat=True))
        inside = [pk for pk in best if pk in kept]
        ids, total = inside[offset : offset + count], len(inside)
    return Page(total, [_contained(served, code) for code in in_order(ids)])


def _contained(served: ServedSystem, code: Code) -> dict[str, Any]:
    entry: dict[str, Any] = {
        "system": served.system.url,
        "version": served.version,
        "code": code.display,
        "display": _display(code),
    }
    return entry | ({"inactive": True} if code.is_deleted else {})


def _display(code: Code) -> str:
    """Return what is open to all: the short descriptor, or the code where only codes are shown."""
    return code.public_short or code.display


def _designations(code: Code) -> Iterator[str]:
    told = {_display(code)}
    for text in (code.public_medium, code.public_long, *code.public_terms):
        if text and text not in told:
            told.add(text)
            yield text


def _properties(code: Code) -> list[tuple[str, str, Any]]:
    values = {
        "inactive": code.is_deleted,
        "billable": code.billable,
        "kind": code.kind,
        "parent": code.parent.display if code.parent else None,
        "validFrom": code.valid_from.isoformat() if code.valid_from else None,
        "validTo": code.valid_to.isoformat() if code.valid_to else None,
        "edition": code.release.label,
        "sourceFile": code.release.file_name,
    }
    return [(name, kind, values[name]) for name, kind, _ in PROPERTIES]


def _served(system: Any) -> ServedSystem:
    release = next(iter(system.current_releases), None)
    return ServedSystem(
        system=BY_SLUG[system.slug],
        name=system.name,
        title=system.title,
        publisher=system.publisher,
        version=f"{release.effective_date:%Y.%m}" if release else "",
        count=release.row_count if release else 0,
    )
