"""What tells two codes apart, by their own rows."""

from collections.abc import Iterator, Sequence
from typing import Final

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.making import Maker
from codes.facts import PROCEDURE_SYSTEMS
from codes.metering import Access
from codes.models import Code
from codes.sections.fees import plain
from codes.sections.medicare_coverage import fee_schedule

NAMED: Final = 4
LONGEST: Final = 300
"""Of a descriptor in a comparison, in characters; of a longer one the short form stands there."""


def find(pairs: Sequence[tuple[Code, CodeRef]], make: Maker) -> Iterator[Fact]:
    """Yield what the first four codes are, and what else the first two have; at most three queries.

    With their long descriptors where the asker may see those of all.
    """
    shown = pairs[:NAMED]
    is_described = all(ref.access is not Access.LEAD for _, ref in shown)
    is_described = is_described and any(_is_cut(code) for code, _ in shown)
    (one, first), (other, second) = pairs[:2]
    yield make.fact(
        "compare",
        Topic.CODES,
        "; ".join(_named(code, is_long=is_described) for code, _ in shown) + ".",
        [code for code, _ in shown],
        level=Level.DESCRIBED if is_described else Level.OPEN,
        code=first,
    )
    if one.parent_id and one.parent_id == other.parent_id:
        parent = Code.objects.select_related("system", "release").get(pk=one.parent_id)
        words = f" {parent.public_short}" if parent.public_short else ""
        yield make.fact(
            "compare.parent",
            Topic.CODES,
            f"Both {one.display} and {other.display} stand under {parent.display}{words}.",
            [one, other, parent],
            level=Level.OPEN,
            code=first,
        )
    are_open = first.access is Access.UNLOCKED and second.access is Access.UNLOCKED
    if are_open and {one.system.slug, other.system.slug} <= set(PROCEDURE_SYSTEMS):
        yield from _values(one, other, first, make)


def _is_cut(code: Code) -> bool:
    """Whether the short descriptor says less than the long one."""
    return bool(code.public_long) and code.public_long.lower() != code.public_short.lower()


def _named(code: Code, *, is_long: bool) -> str:
    is_long = is_long and _is_cut(code)
    words = (is_long and code.public_long) or code.public_short or "number only"
    words = words if len(words) <= LONGEST else code.public_short
    state = "deleted" if code.is_deleted else "billable" if code.billable else "not billable"
    return f"{code.display} is {words} ({state})"


def _values(one: Code, other: Code, ref: CodeRef, make: Maker) -> Iterator[Fact]:
    mine, theirs = (
        next((row for row in fee_schedule(code, None) if not row.modifier), None)
        for code in (one, other)
    )
    if mine is None or theirs is None:
        return
    text = (
        f"By the fee schedule {mine.release.label}, work is {plain(mine.work_rvu)} for"
        f" {one.display} and {plain(theirs.work_rvu)} for {other.display}; the non-facility total"
        f" {plain(mine.nonfacility_total)} and {plain(theirs.nonfacility_total)}; the facility"
        f" total {plain(mine.facility_total)} and {plain(theirs.facility_total)}."
    )
    yield make.fact(
        "compare.values", Topic.COVERAGE, text, [mine, theirs], level=Level.UNLOCKED, code=ref
    )
