"""Conversion factors: of the fee schedule, and of anesthesia in a locality."""

import re
from collections.abc import Iterator
from typing import Final

from assistant.engine.answer import Fact, Level, Topic
from assistant.engine.ask import Ask
from assistant.engine.editions import FILES, Editions, fill
from assistant.engine.finding import places
from assistant.engine.making import Maker
from codes.facts import AnesthesiaFactor, RelativeValue
from codes.sections.editions import held
from codes.sections.fees import plain

TOPIC: Final = Topic.COVERAGE
_ASKED: Final = re.compile(r"\bconversion factors?\b", re.IGNORECASE)
_SHORT: Final = re.compile(
    r"^(?=.*\bcf\b)(?=.*\b(?:medicare|anes\w*|mpfs|20\d\d)\b)", re.IGNORECASE
)
_ANESTHESIA: Final = re.compile(r"\ban(?:a?es)\w*", re.I)
_MOST: Final = 3
_WHOM: Final = {None: "", True: " for qualifying APM participants", False: " for all others"}


def is_asked(ask: Ask) -> bool:
    """Whether a question without a code asks for a conversion factor."""
    return not ask.has_subject and bool(_ASKED.search(ask.text) or _SHORT.search(ask.text))


def find(ask: Ask, editions: Editions, make: Maker, *, is_registered: bool) -> Iterator[Fact]:
    """Yield the factors asked for, those of a day where one is named; at most five queries.

    For registered users, as all that the fee schedule's files say.
    """
    is_anesthesia = bool(_ANESTHESIA.search(ask.text))
    source = "anesthesia" if is_anesthesia else "mpfs"
    if source not in editions.current:
        text = f"Not loaded here: {FILES[source].holds}. To fill it: {fill(source)}."
        yield make.fact(f"missing.{source}", TOPIC, text, [], level=Level.OPEN)
    elif not is_registered:
        text = "Conversion factors are for registered users: register for free, and ask again."
        yield make.fact("locked.files", TOPIC, text, [], level=Level.OPEN)
    elif is_anesthesia:
        yield from _anesthesia(ask, make)
    else:
        yield from _physicians(ask, make)


def _physicians(ask: Ask, make: Maker) -> Iterator[Fact]:
    rows = held(RelativeValue, ask.reading.day).filter(status="A").order_by("line")
    first = [row for who in (None, True, False) if (row := rows.filter(qualifying=who).first())]
    for row in first:
        text = (
            f"The conversion factor of Medicare's physician fee schedule{_WHOM[row.qualifying]} is"
            f" ${plain(row.conversion_factor)} ({row.release.label})."
        )
        yield make.fact("factor", TOPIC, text, row, level=Level.MEMBERS)
    if not first:
        text = "Of that day no edition of Medicare's physician fee schedule is held here."
        yield make.fact("missing.mpfs", TOPIC, text, [], level=Level.OPEN)


def _anesthesia(ask: Ask, make: Maker) -> Iterator[Fact]:
    place = places.find(ask.reading.words, ask.reading.day)
    wanted = [place.locality] if place.locality else list(place.choices[:_MOST])
    rows = held(AnesthesiaFactor, ask.reading.day)
    found = [
        row
        for one in wanted
        for row in rows.filter(mac=one.mac, number=one.number).order_by("qualifying")
    ]
    for row in found:
        text = (
            f"The anesthesia conversion factor in {row.name} ({row.mac} {row.number}) is"
            f" ${plain(row.factor)} a unit ({row.release.label})."
        )
        yield make.fact("factor", TOPIC, text, row, level=Level.MEMBERS)
    if not found:
        text = (
            "Anesthesia has a conversion factor for each locality: name one, a county with its"
            " state, or a state."
        )
        yield make.fact("missing.place", TOPIC, text, [], level=Level.OPEN)
