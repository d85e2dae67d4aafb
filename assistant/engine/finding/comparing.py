"""What tells two codes apart, by their own rows."""

from collections.abc import Iterator, Sequence

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.making import Maker
from codes.facts import PROCEDURE_SYSTEMS
from codes.metering import Access
from codes.models import Code
from codes.sections.fees import plain
from codes.sections.medicare_coverage import fee_schedule


def find(pairs: Sequence[tuple[Code, CodeRef]], make: Maker) -> Iterator[Fact]:
    """Yield the comparison of the first two codes; at most three queries."""
    (one, first), (other, second) = pairs[:2]
    yield make.fact(
        "compare",
        Topic.CODES,
        f"{_named(one)}; {_named(other)}.",
        [one, other],
        level=Level.OPEN,
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


def _named(code: Code) -> str:
    words = code.public_short or "number only"
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
