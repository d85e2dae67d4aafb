"""MS-DRGs: the groups whose logic uses a code, and what is held of a group by number or title.

A group is never said to be "the group of a code": it follows from the whole claim.
"""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Final

from django.db.models import Count
from django.urls import reverse

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.days import spoken
from assistant.engine.editions import FILES, Editions, fill, held_on
from assistant.engine.lookalikes import Other
from assistant.engine.making import Maker
from codes.facts import DrgLogic, DrgTitle
from codes.models import Code
from codes.sections.code_links import of_system
from codes.sections.drg_logic import Use, Uses
from codes.sections.editions import held

TITLES: Final = "ms-drg"
_INDEXES: Final = (("ms-drg-diagnoses", "icd-10-cm"), ("ms-drg-procedures", "icd-10-pcs"))
_NOUNS: Final = {"icd-10-cm": ("diagnosis", "diagnoses"), "icd-10-pcs": ("procedure", "procedures")}
_NAMED: Final = 6
_CODES_NAMED: Final = 12
_TITLES_NAMED: Final = 8
_AS_WHICH: Final = "as the principal or as a secondary one"
_WHOLE_CLAIM: Final = (
    "The group of a stay follows from the whole claim: all its diagnoses and procedures, and in"
    " places age and discharge."
)


def of_code(code: Code, ref: CodeRef, uses: Uses, make: Maker) -> Fact:
    """Return the groups whose logic uses a code, as its page lists them; no query."""
    shown = uses.entries[:_NAMED]
    more = uses.total - len(shown)
    said = "; ".join(_use(use) for use in shown) + (f"; and {more:,} more" if more else "")
    what = "procedure" if uses.is_procedure else "diagnosis"
    how = "" if uses.is_procedure else f", not whether {_AS_WHICH}"
    groups = [group for use in shown for group in use.groups]
    return make.fact(
        "drg",
        Topic.CROSSWALKS,
        f"The definitions manual uses {code.display} in the logic of {said}. It says where a {what}"
        f" is used{how}. {_WHOLE_CLAIM}",
        [*(use.fact for use in shown), *groups],
        level=Level.UNLOCKED,
        code=ref,
        url=f"{ref.url}#crosswalks",
        meaning=[use.category for use in shown],
        derived=[*(use.fact.printed_range for use in shown), more],
        asked=[code.display],
    )


def _use(use: Use) -> str:
    named = f"MS-DRG {use.fact.printed_range}"
    if use.fact.mdc:
        place = use.category if use.fact.mdc == "PRE" else f"MDC {use.fact.mdc} {use.category}"
        named += f" ({place.strip()})"
    if use.fact.category:
        named += f", {use.fact.category}"
    if use.fact.is_operating_room is False:
        named += ", not of the operating room"
    if use.fact.is_in_cluster:
        named += ", also as part of a combination of procedures"
    titles = "; ".join(_title(group) for group in use.groups[:5])
    return f"{named}: {titles}" if titles else named


def _title(group: DrgTitle) -> str:
    weight = f" (weight {group.weight.normalize():f})" if group.weight else ""
    return f"{group.number} {group.title}{weight}"


# --- By number ----------------------------------------------------------------------------------


def of_number(
    other: Other,
    editions: Editions,
    make: Maker,
    *,
    on: date | None,
    is_registered: bool,
    asks_codes: bool,
) -> Iterator[Fact]:
    """Yield title, weight and stay of a group, and the codes that its logic uses.

    Which codes those are is for registered users, as on the group's page; ``asks_codes`` says that
    the question wants them, so that an index that is not loaded is told. Up to four queries, and
    one more for a day.
    """
    if TITLES not in editions.current:
        yield _not_loaded(TITLES, other, make)
        return
    release = editions.current[TITLES] if on is None else held_on(TITLES, on)
    if release is None:
        yield _no_edition(other, on, editions, make)
        return
    number = other.number.zfill(3)
    row = held(DrgTitle, on).filter(number=number).first()
    if row is None:
        text = f"There is no MS-DRG {other.number} in {release.source_name}, {release.label}."
        yield make.fact(
            "unknown.drg", Topic.CODES, text, release, level=Level.OPEN, asked=[other.number]
        )
        return
    url = reverse("codes:drg", args=[number])
    yield make.fact("lookalike.drg", Topic.CODES, _described(row), row, level=Level.OPEN, url=url)
    yield from _logic(number, on, editions, make, is_registered, asks_codes, other)


def _described(row: DrgTitle) -> str:
    text = f"MS-DRG {row.number}: {row.title}"
    if row.weight:
        text += f", relative weight {row.weight.normalize():f}"
    if row.geometric_mean_stay and row.arithmetic_mean_stay:
        text += (
            f", mean stay {row.geometric_mean_stay.normalize():f} days (geometric) and"
            f" {row.arithmetic_mean_stay.normalize():f} days (arithmetic)"
        )
    return f"{text}."


def _logic(
    number: str,
    on: date | None,
    editions: Editions,
    make: Maker,
    is_registered: bool,
    asks_codes: bool,
    other: Other,
) -> Iterator[Fact]:
    loaded = [system for source, system in _INDEXES if source in editions.current]
    if asks_codes:
        for source, _ in _INDEXES:
            if source not in editions.current:
                yield _not_loaded(source, other, make)
    if not loaded:
        return
    rows = held(DrgLogic, on).filter(first_drg__lte=number, last_drg__gte=number)
    counted = rows.order_by().values("code_system").annotate(entries=Count("pk"))
    counts = dict(counted.values_list("code_system", "entries"))
    for system in loaded:
        if counts.get(system) and is_registered:
            yield from _codes(number, system, counts[system], list(_first(rows, system)), make)
        elif counts.get(system):
            one, many = _NOUNS[system]
            what = one if counts[system] == 1 else many
            text = (
                f"The logic of MS-DRG {number} uses {counts[system]:,} {what}. Register for free to"
                " read which."
            )
            asked = [number]
            yield make.fact(
                "locked.logic" if asks_codes else "lookalike.uses",
                Topic.CODES,
                text,
                [],
                level=Level.OPEN,
                url=reverse("codes:drg", args=[number]),
                asked=asked,
                derived=[counts[system]],
            )


def _first(rows: object, system: str) -> Sequence[DrgLogic]:
    found = rows.filter(code_system=system).order_by("code_key", "line")  # type: ignore[attr-defined]  # a QuerySet
    return list(found[:_CODES_NAMED])


def _codes(
    number: str, system: str, total: int, shown: Sequence[DrgLogic], make: Maker
) -> Iterator[Fact]:
    links = of_system({row.code_key for row in shown}, system)
    named = [row for row in shown if row.code_key in links]
    if not named:
        return  # of a system that this site does not show
    names = "; ".join(
        f"{links[key].display} {links[key].words}".strip()
        for key in dict.fromkeys(row.code_key for row in named)
    )
    more = total - len(named)
    one, many = _NOUNS[system]
    how = f" ({_AS_WHICH})" if system == "icd-10-cm" else ""
    text = (
        f"The logic of MS-DRG {number} uses {total:,} {one if total == 1 else many}{how}: {names}"
        f"{f'; and {more:,} more' if more else ''}. {_WHOLE_CLAIM}"
    )
    yield make.fact(
        "lookalike.logic",
        Topic.CODES,
        text,
        named,
        level=Level.MEMBERS,
        url=reverse("codes:drg", args=[number]),
        meaning=[links[row.code_key].words for row in named],
        derived=[total, more, *(links[row.code_key].display for row in named)],
        asked=[number],
    )


# --- By title -----------------------------------------------------------------------------------


def by_title(words: str, on: date | None, make: Maker) -> Iterator[Fact]:
    """Yield the groups with all of the words in their title, in the edition of a day; one query."""
    if not words:
        return
    rows = list(
        DrgTitle.objects.search(words)
        .filter(pk__in=held(DrgTitle, on).values("pk"))
        .select_related("release")
        .order_by("number")[: _TITLES_NAMED + 1]
    )
    shown = rows[:_TITLES_NAMED]
    if not shown:
        return
    names = "; ".join(_title(row) for row in shown)
    more = "; and more" if len(rows) > len(shown) else ""
    yield make.fact(
        "lookalike.drg",
        Topic.CODES,
        f"MS-DRGs with these words in their title: {names}{more}. {_WHOLE_CLAIM}",
        shown,
        level=Level.OPEN,
        url=reverse("codes:drgs"),
    )


# --- What is not held ---------------------------------------------------------------------------


def _not_loaded(source: str, other: Other, make: Maker) -> Fact:
    text = (
        f"“{other.typed}” cannot be answered whole: not loaded here is {FILES[source].holds}. To"
        f" fill it: {fill(source)}."
    )
    asked = [other.typed, other.number]
    return make.fact(f"missing.{source}", Topic.CODES, text, [], level=Level.OPEN, asked=asked)


def _no_edition(other: Other, on: date | None, editions: Editions, make: Maker) -> Fact:
    current = editions.current[TITLES]
    day = spoken(on) if on else ""
    text = (
        f"Of {day} no edition of {FILES[TITLES].holds} is held here; the one shown now is"
        f" {current.label}, in effect from {spoken(current.effective_date)}."
    )
    asked = [other.number, *([on] if on else [])]
    return make.fact(f"missing.{TITLES}", Topic.CODES, text, current, level=Level.OPEN, asked=asked)
