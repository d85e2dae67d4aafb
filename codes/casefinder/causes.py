"""What the sentences of a note tell of an accident: cause, place, activity. Pure.

External causes are additional codes (Guidelines I.C.20.a.6); place and activity are reported once,
at the first visit for the injury (I.C.20.b and c).
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from codes.casefinder.cause_rules import GROUPS, HEAT, HEATED, PASSENGER, SOURCE, TRANSPORT
from codes.casefinder.choosing import encounter_of
from codes.casefinder.cues import Status
from codes.casefinder.findings import Finding
from codes.casefinder.knowledge import Proposal, Rule, supporting
from codes.casefinder.place_rules import (
    ACTIVITIES,
    AT_WORK,
    HOMES,
    PLACE_SOURCE,
    PLACES,
    ROOM_WORDS,
    ROOMS,
)
from codes.casefinder.section_names import Part

_FIRST_VISIT = "A"
_UNTOLD = (
    Part.FAMILY, Part.SURGERIES, Part.MEDICATIONS, Part.ALLERGIES, Part.REVIEW, Part.ADVICE,
    Part.ADMINISTRATIVE, Part.TECHNIQUE, Part.PLAN,
)  # fmt: skip
_TRANSPORT = tuple(
    (
        re.compile(who, re.IGNORECASE),
        re.compile(rf"\b(?:{how})\b", re.IGNORECASE),
        who,
        display,
        why,
    )
    for who, how, display, why in TRANSPORT
)
_HURT = re.compile(
    r"\b(?:fracture|broke|lacerat|sprain|strain|dislocat|injur|wound|burn|contusion|abrasion|hurt"
    r"|twisted|rolled|collided|landed|fell|tore|torn)",
    re.IGNORECASE,
)


def causes(findings: Sequence[Finding], complaint: str) -> Iterator[Proposal]:
    """Yield the causes that sentences state, then the place, activity and status of the same.

    ``complaint`` is why the patient came: it tells a first visit from a later one.
    """
    for sentence, group in groupby(findings, key=lambda finding: finding.sentence):
        if sentence.part in _UNTOLD:
            continue
        told = list(group)
        encounter = encounter_of(sentence.text, complaint)
        found = [*_transport(told, encounter), *_others(told, encounter)]
        yield from found
        if encounter == _FIRST_VISIT and (found or _HURT.search(sentence.text)):
            yield from _circumstances(told, with_place=bool(found))


def _transport(told: Sequence[Finding], encounter: str) -> Iterator[Proposal]:
    text = told[0].sentence.text
    for role, event, who, display, why in _TRANSPORT:
        match = event.search(text)
        if match and role.search(text):
            # "Passenger" is a word for another person, unless the sentence begins with it.
            also = (Status.FAMILY,) if who == PASSENGER else ()
            finding = supporting(match, told, (Status.STATED, *also))
            if finding:
                yield Proposal(display + encounter, finding, why, SOURCE)
            return


def _others(told: Sequence[Finding], encounter: str) -> Iterator[Proposal]:
    """Yield of each group of causes the first that the sentence states."""
    text = told[0].sentence.text
    for group in GROUPS:
        if group is HEAT and not HEATED.search(text):
            continue
        for each in group:
            match = each.pattern.search(text)
            finding = supporting(match, told) if match else None
            if finding:
                yield Proposal(each.display + encounter, finding, each.why, each.source)
            if match:
                break


def _circumstances(told: Sequence[Finding], *, with_place: bool) -> Iterator[Proposal]:
    text = told[0].sentence.text
    if with_place and (place := _home(told) or _first(PLACES, told)):
        yield place
    if activity := _first(ACTIVITIES, told):
        yield activity
    if (match := AT_WORK.pattern.search(text)) and (finding := supporting(match, told)):
        yield Proposal(AT_WORK.display, finding, AT_WORK.why, AT_WORK.source)


def _first(rules: Sequence[Rule], told: Sequence[Finding]) -> Proposal | None:
    for each in rules:
        match = each.pattern.search(told[0].sentence.text)
        if match and (finding := supporting(match, told)):
            return Proposal(each.display, finding, each.why, each.source)
    return None


def _home(told: Sequence[Finding]) -> Proposal | None:
    text = told[0].sentence.text
    for pattern, display in HOMES:
        match = pattern.search(text)
        finding = supporting(match, told) if match else None
        if finding:
            rooms = ROOMS[display]
            room = next((r for r in rooms if r and ROOM_WORDS[r].search(text)), "")
            why = f"the place: {room or 'at home, room not said'}"
            return Proposal(f"{display}{rooms[room]}", finding, why, PLACE_SOURCE)
    return None
