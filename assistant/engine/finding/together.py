"""What holds of the codes of a question together, and the units of one."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Final

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.ask import Ask
from assistant.engine.days import spoken
from assistant.engine.editions import Editions
from assistant.engine.finding import as_of, comparing, dosage, excludes, pairs
from assistant.engine.intents import Intent
from assistant.engine.making import Maker
from assistant.engine.resolving import Found
from codes.claim_lines import Line
from codes.facts import PROCEDURE_SYSTEMS
from codes.ncci_facts import HOSPITAL, PRACTITIONER, SUPPLIER, Service

_HOSPITAL: Final = re.compile(r"\b(?:hospitals?|facility|facilities|hopd|opps)\b", re.IGNORECASE)
_SUPPLIER: Final = re.compile(r"\b(?:dme(?:pos)?|suppliers?)\b", re.IGNORECASE)


def find(
    found: Sequence[Found],
    ask: Ask,
    today: date,
    editions: Editions,
    make: Maker,
    *,
    is_registered: bool,
) -> list[Fact]:
    """Return how codes differ, which note excludes which, what doses are, and the NCCI check.

    Of the check a guest learns only that there is one.
    """
    facts: list[Fact] = []
    named = [(one.code, one.ref) for one in found if one.code and one.ref]
    if len(named) > 1:
        facts += comparing.find(named, make)
        with_notes = [one for one in found if _has_notes(one)]
        facts += excludes.find(
            [(one.code, one.ref) for one in with_notes if one.code and one.ref], make
        )
    facts += dosage.find(named, ask, make)
    refs = [one.ref for one in procedures(found) if one.ref]
    day = ask.reading.day or today
    if not is_registered:
        return [*facts, *_locked(refs, day, editions, make)]
    service = checked(found, ask, is_registered=is_registered)
    if not refs or service is None:
        return facts
    return [*facts, *pairs.find(refs, _lines(found, ask), day, make, service=service)]


def procedures(found: Sequence[Found]) -> list[Found]:
    """Return the codes that NCCI edits and fees may be about."""
    return [one for one in found if one.ref and one.ref.system in PROCEDURE_SYSTEMS]


def checked(found: Sequence[Found], ask: Ask, *, is_registered: bool) -> Service | None:
    """Return whose edits and limits the NCCI check looks at; None where none is made.

    It is made of several codes, and where units matter.
    """
    has_units = Intent.UNITS in ask.intents or bool(_units(ask))
    is_made = is_registered and (len(procedures(found)) > 1 or has_units)
    return _service(ask) if is_made else None


def _has_notes(one: Found) -> bool:
    """Whether the notes of the day are held that is asked about."""
    return one.then is None or as_of.has_notes(one.then)


def _service(ask: Ask) -> Service:
    """Return whom a question is about: practitioners, unless it says else."""
    if {Intent.TOGETHER, Intent.UNITS} & set(ask.intents):
        if _HOSPITAL.search(ask.text):
            return HOSPITAL
        if _SUPPLIER.search(ask.text):
            return SUPPLIER
    return PRACTITIONER


def _locked(refs: Sequence[CodeRef], day: date, editions: Editions, make: Maker) -> list[Fact]:
    if len(refs) < 2 or "ptp-practitioner" not in editions.current:
        return []
    names = " and ".join(ref.display for ref in refs)
    text = (
        f"Whether {names} may be billed together on {spoken(day)} is for registered users:"
        " register for free, and ask again or use the NCCI check."
    )
    asked = [day, *(ref.display for ref in refs)]
    return [make.fact("locked.pair", Topic.NCCI, text, [], level=Level.OPEN, asked=asked)]


def _units(ask: Ask) -> int | None:
    return ask.reading.units or next((c.units for c in ask.reading.codes if c.units), None)


def _lines(found: Sequence[Found], ask: Ask) -> list[Line]:
    """Return the procedures of the question as the lines of a claim."""
    billed = procedures(found)
    return [_line(one, ask, is_only=len(billed) == 1) for one in billed]


def _line(one: Found, ask: Ask, *, is_only: bool) -> Line:
    own = one.mention.modifiers or ask.reading.modifiers
    units = one.mention.units or (ask.reading.units if is_only else None) or 1
    return Line(one.ref.key if one.ref else "", tuple(own[:4]), max(1, min(units, 9_999)))
