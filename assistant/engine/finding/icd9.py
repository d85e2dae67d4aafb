"""What ICD-9-CM numbers in a question map to, by the maps that are loaded."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from assistant.engine.answer import Fact, Level, Topic
from assistant.engine.ask import Ask
from assistant.engine.editions import Editions, fill
from assistant.engine.making import Maker
from assistant.engine.resolving import Found
from codes.facts import Crosswalk
from codes.models import Code
from codes.sections.editions import held
from codes.sections.equivalences import flags_in_words, printed_icd9

_NAMED: Final = 12
_BACKWARD: Final = "gem-icd-9-cm-icd-10-cm"
_FORWARD: Final = "gem-icd-10-cm-icd-9-cm"
_OLD_V_CODE: Final = re.compile(r"V\d\d\.\d{1,2}", re.IGNORECASE)
"""How ICD-9-CM's V codes look, which are not in ICD-10-CM where they are unknown."""


def find(
    ask: Ask, found: Sequence[Found], editions: Editions, make: Maker, *, is_registered: bool
) -> list[Fact]:
    """Return what the numbers map to, or why that is not said; at most six queries.

    Where codes are unknown that look like ICD-9-CM's V codes, what the map leads from as well.
    """
    unknown = [one.mention.typed for one in found if one.ref is None]
    old = [typed.upper() for typed in unknown if _OLD_V_CODE.fullmatch(typed)]
    facts = list(_towards_icd9(old, make)) if old and is_registered else []
    numbers = ask.reading.icd9
    if not numbers:
        return facts
    maps = _maps(numbers, editions, make) if is_registered else []
    if maps:
        return [*facts, *maps]
    text = _why_none(", ".join(numbers), editions, is_registered=is_registered)
    missing = make.fact("missing.gem", Topic.CROSSWALKS, text, [], level=Level.OPEN, asked=numbers)
    return [*facts, missing]


def _maps(numbers: Sequence[str], editions: Editions, make: Maker) -> list[Fact]:
    facts = list(_from_icd9(numbers, make))
    if not facts and _BACKWARD not in editions.current:
        facts = list(_towards_icd9(numbers, make))
    return facts


def _why_none(named: str, editions: Editions, *, is_registered: bool) -> str:
    if not {_BACKWARD, _FORWARD} & set(editions.current):
        return f"No map of ICD-9-CM {named} is loaded here. To fill it: {fill(_BACKWARD)}."
    if not is_registered:
        return f"Maps of ICD-9-CM {named} are for registered users."
    if _BACKWARD in editions.current:
        return f"The map loaded here has no ICD-9-CM {named}."
    return (
        f"The map to ICD-9-CM held here names no {named}, and the map from ICD-9-CM is not"
        f" loaded. To fill it: {fill(_BACKWARD)}."
    )


def _from_icd9(numbers: Sequence[str], make: Maker) -> Iterator[Fact]:
    """Yield what ICD-9-CM codes map to and from, for registered users; two queries."""
    keys = [number.replace(".", "") for number in numbers]
    rows = list(
        held(Crosswalk, None)
        .filter(source_system="icd-9-cm", source_key__in=keys)
        .order_by("source_key", "flags", "target_key")[:40]
    )
    targets = {
        code.key: code
        for code in Code.objects.visible()
        .with_page()
        .filter(key__in=[row.target_key for row in rows])
        .select_related("system", "release")
        if code.system.slug in {row.target_system for row in rows}
    }
    for key, number in zip(keys, numbers, strict=True):
        mine = [row for row in rows if row.source_key == key]
        if not mine:
            continue
        names = "; ".join(_target(row, targets.get(row.target_key)) for row in mine[:_NAMED])
        yield make.fact(
            "map.icd9",
            Topic.CROSSWALKS,
            f"ICD-9-CM {number} maps to {names}.",
            [*mine[:_NAMED], *(targets[r.target_key] for r in mine if r.target_key in targets)],
            level=Level.MEMBERS,
            derived=[printed_icd9(key, is_procedure=len(key) == 4)],
            meaning=[flags_in_words(row.flags) for row in mine],
            asked=[number],
        )


def _towards_icd9(numbers: Sequence[str], make: Maker) -> Iterator[Fact]:
    """Yield which codes the map to ICD-9-CM leads from, for registered users; two queries.

    What is said where no map of the other direction is loaded, which is not the same map.
    """
    keys = {number.replace(".", ""): number for number in numbers}
    rows = list(
        held(Crosswalk, None)
        .filter(target_system="icd-9-cm", target_key__in=keys)
        .order_by("target_key", "flags", "source_key")[:40]
    )
    codes = Code.objects.visible().with_page().select_related("system", "release")
    sources = {
        (code.system.slug, code.key): code
        for code in codes.filter(key__in=[row.source_key for row in rows])
    }
    for key, number in keys.items():
        mine = [row for row in rows if row.target_key == key]
        if mine:
            yield _backwards(number, mine, sources, make)


def _backwards(
    number: str,
    rows: Sequence[Crosswalk],
    sources: Mapping[tuple[str, str], Code],
    make: Maker,
) -> Fact:
    shown = rows[:_NAMED]
    found = [sources.get((row.source_system, row.source_key)) for row in shown]
    names = "; ".join(
        f"{code.display} {code.public_short}".strip() if code else row.source_key
        for row, code in zip(shown, found, strict=True)
    )
    more = len(rows) - len(shown)
    text = (
        f"ICD-9-CM {number} is what the map to ICD-9-CM held here ({rows[0].release.label}) gives"
        f" for {names}{f', and {more} more' if more else ''}. That is the map read backwards; the"
        " map from ICD-9-CM is not loaded."
    )
    return make.fact(
        "map.icd9",
        Topic.CROSSWALKS,
        text,
        [*shown, *(code for code in found if code)],
        level=Level.MEMBERS,
        derived=[more],
        asked=[number],
    )


def _target(row: Crosswalk, code: Code | None) -> str:
    if not row.target_key:
        return flags_in_words(row.flags).rstrip(".")
    name = f"{code.display} {code.public_short}" if code else row.target_key
    return f"{name} ({flags_in_words(row.flags).rstrip('.')})"
