"""What only looks like a code: MS-DRGs, coverage documents, places of service, remark codes."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Final

from assistant.engine.answer import Fact, Level, Topic
from assistant.engine.ask import Ask
from assistant.engine.editions import FILES, Editions, fill
from assistant.engine.finding import drgs
from assistant.engine.lookalikes import Lookalike, Other
from assistant.engine.making import Maker
from codes.facts import CoverageDocument, PlaceOfService
from codes.sections.editions import held

_CODES: Final = re.compile(r"\b(?:codes?|diagnos\w+|dx|procedures?|uses?)\b", re.IGNORECASE)
_NOT_HELD: Final = {
    Lookalike.REMARK: "Remark and adjustment reason codes are not among what this site holds.",
    Lookalike.REVENUE: "Revenue codes are not among what this site holds.",
    Lookalike.APC: (
        "APCs are held only as part of the outpatient payment of a code: ask for the code."
    ),
    Lookalike.HCC: "HCCs are not among what this site holds.",
}


def find(
    ask: Ask, editions: Editions, make: Maker, *, on: date | None, is_registered: bool
) -> Iterator[Fact]:
    """Yield what is held of each; one query each of those that are held at all, more of groups.

    ``on`` is a day asked about, which the groups are looked up for.
    """
    for other in ask.reading.others:
        if other.kind is Lookalike.DRG:
            yield from drgs.of_number(
                other,
                editions,
                make,
                on=on,
                is_registered=is_registered,
                asks_codes=bool(_CODES.search(ask.text)),
            )
        elif other.kind is Lookalike.PLACE:
            yield from place(other, editions, make)
        elif other.kind in (Lookalike.NCD, Lookalike.LCD, Lookalike.ARTICLE):
            yield from _document(other, editions, make, is_registered)
        elif other.kind in _NOT_HELD:
            text = f"“{other.typed}” was read as a {other.kind.value}. {_NOT_HELD[other.kind]}"
            if other.kind is Lookalike.APC:
                text = f"“{other.typed}” was read as an APC. {_NOT_HELD[other.kind]}"
            yield _said("missing.lookalike", text, other, make)


def place(other: Other, editions: Editions, make: Maker) -> Iterator[Fact]:
    """Yield what a place of service is, or that there is no such or no file of them; one query."""
    if "place-of-service" not in editions.current:
        yield _missing("place-of-service", other, make)
        return
    row = held(PlaceOfService, None).filter(number=other.number.zfill(2)).first()
    if row is None:
        release = editions.current["place-of-service"]
        text = f"There is no place of service {other.number} in {release.label}."
        yield make.fact(
            "unknown.place", Topic.CODES, text, release, level=Level.OPEN, asked=[other.number]
        )
        return
    text = f"Place of service {row.number}: {row.name}{_setting(row)}. {row.description}".strip()
    yield make.fact("lookalike.place", Topic.CODES, text, row, level=Level.OPEN)


def _setting(row: PlaceOfService) -> str:
    """Return at which of the two rates the fee schedule pays there; "" where it is not said."""
    return f" ({row.setting.lower()} setting)" if row.setting else ""


def _document(other: Other, editions: Editions, make: Maker, is_registered: bool) -> Iterator[Fact]:
    if "coverage" not in editions.current:
        yield _missing("coverage", other, make)
        return
    kind = {Lookalike.NCD: "ncd", Lookalike.LCD: "lcd"}.get(other.kind, "article")
    number = other.number.lstrip("ALal")
    rows = held(CoverageDocument, None).filter(kind=kind, number__in=[number, other.number])
    row = rows.order_by("-version").first()
    release = editions.current["coverage"]
    if row is None:
        text = f"{release.source_name}, {release.label}, holds no {other.typed}."
        yield make.fact(
            "unknown.document",
            Topic.COVERAGE,
            text,
            release,
            level=Level.OPEN,
            asked=[other.typed],
        )
    elif not is_registered:
        text = f"{other.typed} is held; register for free to read what it lists."
        yield _said("locked.document", text, other, make)
    else:
        text = f"{row.get_kind_display()} {row.number} version {row.version}: {row.title}."
        if row.status:
            text += f" Status: {row.status}."
        yield make.fact(
            "lookalike.document",
            Topic.COVERAGE,
            text,
            row,
            level=Level.MEMBERS,
            derived=[row.version],
        )


def _missing(source: str, other: Other, make: Maker) -> Fact:
    text = (
        f"“{other.typed}” cannot be answered: not loaded here are {FILES[source].holds}."
        f" To fill it: {fill(source)}."
    )
    return _said(f"missing.{source}", text, other, make)


def _said(kind: str, text: str, other: Other, make: Maker) -> Fact:
    topic = (
        Topic.COVERAGE if other.kind.value in ("NCD", "LCD", "coverage article") else Topic.CODES
    )
    return make.fact(kind, topic, text, [], level=Level.OPEN, asked=[other.typed, other.number])
