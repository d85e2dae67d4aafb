"""Which Medicare payment locality the words of a question name, and what is said without one."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from assistant.engine.answer import Fact, Level, Topic
from assistant.engine.ask import Ask
from assistant.engine.intents import UNTOPICAL, Intent
from assistant.engine.making import Maker
from assistant.engine.place_names import ABBREVIATIONS, STATES, known_as, last_state
from codes.facts import Locality, LocalityCounties
from codes.sections.editions import held
from codes.sections.medicare_coverage import key_of

_STOP: Final = frozenset(
    [
        "rest",
        "of",
        "state",
        "area",
        "county",
        "counties",
        "greater",
        "city",
        "metro",
        "metropolitan",
        "the",
        "and",
        "statewide",
        "code",
        "codes",
        "fee",
        "locality",
        "medicare",
        "pay",
        "service",
        "services",
        "office",
        "visit",
        "all",
        "other",
        "entire",
        "north",
        "south",
    ]
)
_IN_SOMEWHERE: Final = re.compile(
    r"\bin (?!(?:20|19)\d\d|(?:an?|the|my|our|any|each|one|this|that|total|general|addition|"
    r"(?:non-?)?facility|office|hospital|medicare|dollars|opps|icd|cpt|hcpcs|full|part|use|it)\b)"
    r"([a-z][a-z. '-]{2,30}?)\W*$",
    re.IGNORECASE,
)
"""What ends a question as a place would."""


@dataclass(frozen=True, slots=True)
class Place:
    """What was found: one locality, or several of a state, of which none is named."""

    locality: Locality | None = None
    choices: tuple[Locality, ...] = ()

    @property
    def key(self) -> str:
        """As it stands in addresses; "" without one."""
        return key_of(self.locality) if self.locality else ""


def asked(ask: Ask) -> Place:
    """Return the place of payment, where a question about procedures names one; as ``find``."""
    is_topical = bool(set(ask.intents) - {*UNTOPICAL, Intent.MODIFIERS})
    if Intent.PAYS not in ask.intents and is_topical and ask.has_cue:
        return Place()
    return find(ask.reading.words, ask.reading.day)


def choices(places: Sequence[Locality], make: Maker) -> Fact:
    """Say that a state has several localities, of which the question names none."""
    names = "; ".join(place.name for place in places[:8])
    more = f" and {len(places) - 8:,} more" if len(places) > 8 else ""
    text = (
        f"{places[0].state} has {len(places):,} payment localities, so the amount is the"
        f" national one. Name one for its own: {names}{more}."
    )
    return make.fact(
        "reading.place",
        Topic.COVERAGE,
        text,
        places[:8],
        level=Level.OPEN,
        derived=[len(places), len(places) - 8],
    )


def unread(ask: Ask, make: Maker) -> Iterator[Fact]:
    """Say that what stands where a place would stand is no locality that was read."""
    if Intent.PAYS not in ask.intents[:2] and ask.has_cue:
        return
    if match := _IN_SOMEWHERE.search(ask.reading.words):
        text = (
            f"No Medicare payment locality was read in “{match[1]}”, so amounts are national:"
            " name a locality, a county with its state, or a state."
        )
        yield make.fact(
            "reading.place", Topic.COVERAGE, text, [], level=Level.OPEN, asked=[match[1]]
        )


def find(words: str, on: date | None) -> Place:
    """Return the locality that the words name; two queries, none where they name no place."""
    words = known_as(words)
    text = f" {' '.join(re.findall(r'[A-Za-z]+', words))} "
    lower = text.lower()
    typed = re.search(r"\b([0-9A-Z]{5})[-\s](\d{2})\b", words)
    states = [short for name, short in STATES.items() if f" {name.replace('_', ' ')} " in lower]
    states += [word for word in re.findall(r"\b[A-Z]{2}\b", words) if word in ABBREVIATIONS]
    states += last_state(words)
    capitals = [w for w in re.findall(r"[A-Za-z]{4,}", words) if w.lower() not in _STOP]
    if not (states or capitals or typed):
        return Place()
    places = _localities(on)
    if typed:
        exact = [p for p in places if (p.mac, p.number) == (typed[1], typed[2])]
        if exact:
            return Place(exact[0])
    inside = [place for place in places if not states or place.state in states]
    named = _named(lower, inside, on)
    if named:
        return Place(named[0])
    if states and len(inside) == 1:
        return Place(inside[0])
    return Place(choices=tuple(inside)) if states and inside else Place()


def _localities(on: date | None) -> list[Locality]:
    rows = held(Locality, on)
    if on is not None:
        rows = rows.filter(release__effective_date__year=on.year)
    return list(rows.order_by("state", "name"))


def _named(lower: str, places: Sequence[Locality], on: date | None) -> list[Locality]:
    """Return the localities with a word of their name, or one of their counties, in the text."""
    found = []
    for place in places:
        words = [w for w in re.findall(r"[a-z]{4,}", place.name.lower()) if w not in _STOP]
        state_words = {part for name in STATES for part in name.split("_")}
        hits = [w for w in words if f" {w} " in lower and w not in state_words]
        if hits:
            found.append((-len(" ".join(hits)), place.pk, place))
    if found:
        return [place for _, _, place in sorted(found, key=lambda one: one[:2])]
    if len(places) > 40:  # no state named: counties of the same name are in many
        return []
    numbers = {(place.mac, place.number): place for place in places}
    for row in held(LocalityCounties, on):
        place_of = numbers.get((row.mac, row.number))
        names = [name.strip() for name in re.split(r",| and |&", row.counties.lower())]
        if place_of and any(len(name) > 3 and f" {name} " in lower for name in names):
            return [place_of]
    return []
