"""What NCCI says of the codes of one claim: pairs, units, add-on codes. Pure; imports no Django.

The rules are those of the Medicare NCCI Policy Manual (CMS), chapter I: section E for modifiers
and their indicators, V for medically unlikely edits, W for add-on codes; told in this site's
words. Rows are given as they stand in the files (codes/facts/); days are dates of service.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import combinations
from typing import Final, Generic, TypeVar

from codes.claim_lines import Line
from codes.ncci_rows import AddOnRow, Dated, LimitRow, PtpRow, in_force

CONTRACTOR_DEFINED: Final = "CCCCC"

FactT = TypeVar("FactT")

ASSOCIATED_MODIFIERS: Final[Mapping[str, tuple[str, ...]]] = {
    "anatomic": (
        *(f"E{number}" for number in range(1, 5)),
        *("FA", *(f"F{number}" for number in range(1, 10))),
        *("TA", *(f"T{number}" for number in range(1, 10))),
        *("LT", "RT", "LC", "LD", "RC", "LM", "RI"),
    ),
    "global surgery": ("24", "25", "57", "58", "78", "79"),
    "other": ("27", "59", "91", "XE", "XP", "XS", "XU"),
}
"""The NCCI PTP-associated modifiers by their group (policy manual, chapter I, section E).

22, 76 and 77 are not among them: they open no edit.
"""


def associated(modifiers: Iterable[str]) -> tuple[str, ...]:
    """Return those of the modifiers that can open an edit, in their order."""
    able = {each for group in ASSOCIATED_MODIFIERS.values() for each in group}
    return tuple(dict.fromkeys(each for each in modifiers if each in able))


# --- Pairs --------------------------------------------------------------------------------------

PtpT = TypeVar("PtpT", bound=PtpRow)


class Verdict(StrEnum):
    """The answer for a pair of codes on a day."""

    EDIT = "edit"
    NO_EDIT = "no edit"
    NO_DATA = "no data for that date"


class Opening(StrEnum):
    """Whether a modifier may open an edit, so that both codes are paid."""

    NEVER = "never"
    TYPED = "typed"
    """One that may is among those typed; whether it is right is for the record to say."""
    POSSIBLE = "possible"
    """One may, but none is typed."""


@dataclass(frozen=True, slots=True)
class PairAnswer(Generic[FactT]):
    """What the edits say of two codes, in the order typed; ``edit`` names their columns.

    ``modifiers`` are those of the typed modifiers that open the edit. ``others`` are edits of the
    two that are not in force on the day.
    """

    one: str
    other: str
    verdict: Verdict
    edit: FactT | None = None
    opening: Opening | None = None
    modifiers: tuple[str, ...] = ()
    others: tuple[FactT, ...] = ()


def pairs(
    lines: Sequence[Line], edits: Iterable[PtpT], day: date, *, is_complete: bool
) -> list[PairAnswer[PtpT]]:
    """Return an answer for every two different codes, both ways round, in the order typed.

    An edit in force is an edit whatever else is known. Without one the answer is *no edit* where
    the data is complete for that day, and *no data* where it is not. Two codes have two answers
    only where each is column 2 of the other.
    """
    by_pair: dict[frozenset[str], list[PtpT]] = {}
    for edit in edits:
        by_pair.setdefault(frozenset((edit.column1, edit.column2)), []).append(edit)
    typed = _modifiers_by_key(lines)
    answers: list[PairAnswer[PtpT]] = []
    for one, other in combinations(typed, 2):
        rows = by_pair.get(frozenset((one, other)), [])
        answers += _answers(one, other, rows, day, typed[one] + typed[other], is_complete)
    return answers


def _modifiers_by_key(lines: Sequence[Line]) -> dict[str, tuple[str, ...]]:
    typed: dict[str, tuple[str, ...]] = {}
    for line in lines:
        typed[line.key] = typed.get(line.key, ()) + line.modifiers
    return typed


def _answers(
    one: str,
    other: str,
    rows: list[PtpT],
    day: date,
    modifiers: tuple[str, ...],
    is_complete: bool,
) -> list[PairAnswer[PtpT]]:
    active = [row for row in rows if in_force(row, day)]
    others = tuple(row for row in rows if not in_force(row, day) and _ever_applied(row))
    if not active:
        verdict = Verdict.NO_EDIT if is_complete else Verdict.NO_DATA
        return [PairAnswer(one, other, verdict, others=others)]
    able = associated(modifiers)
    return [
        PairAnswer(one, other, Verdict.EDIT, row, _opening(row, able), able, others)
        for row in active
    ]


def _ever_applied(row: Dated) -> bool:
    return row.deleted_on is None or row.deleted_on > row.effective_on


def _opening(row: PtpRow, able: tuple[str, ...]) -> Opening:
    if row.modifier_indicator != "1":
        return Opening.NEVER
    return Opening.TYPED if able else Opening.POSSIBLE


# --- Units --------------------------------------------------------------------------------------

LimitT = TypeVar("LimitT", bound=LimitRow)


class UnitsVerdict(StrEnum):
    """The answer for the units of a code."""

    WITHIN = "within the limit"
    OVER = "over the limit"
    NOT_PAYABLE = "not payable"
    """The limit is 0."""
    NO_LIMIT = "no published limit"
    """Some limits are not published, so this is no promise."""
    NO_DATA = "no data for that date"


@dataclass(frozen=True, slots=True)
class UnitsAnswer(Generic[FactT]):
    """The units typed for a code against its limit.

    ``counted`` is what the limit is held against: the largest line, or the sum of the day.
    """

    key: str
    counted: int
    verdict: UnitsVerdict
    limit: FactT | None = None


def units(
    lines: Sequence[Line], limits: Iterable[LimitT], *, has_data: bool
) -> list[UnitsAnswer[LimitT]]:
    """Return an answer for each different code, in the order typed."""
    by_key = {limit.code_key: limit for limit in limits}
    typed: dict[str, list[int]] = {}
    for line in lines:
        typed.setdefault(line.key, []).append(line.units)
    return [_units(key, by_line, by_key.get(key), has_data) for key, by_line in typed.items()]


def _units(
    key: str, by_line: list[int], limit: LimitT | None, has_data: bool
) -> UnitsAnswer[LimitT]:
    if limit is None:
        verdict = UnitsVerdict.NO_LIMIT if has_data else UnitsVerdict.NO_DATA
        return UnitsAnswer(key, sum(by_line), verdict)
    counted = max(by_line) if limit.adjudication == "1" else sum(by_line)
    if limit.units == 0:
        return UnitsAnswer(key, counted, UnitsVerdict.NOT_PAYABLE, limit)
    verdict = UnitsVerdict.OVER if counted > limit.units else UnitsVerdict.WITHIN
    return UnitsAnswer(key, counted, verdict, limit)


# --- Add-on codes -------------------------------------------------------------------------------

AddOnT = TypeVar("AddOnT", bound=AddOnRow)


class AddOnVerdict(StrEnum):
    """The answer for an add-on code."""

    HAS_PRIMARY = "primary code typed"
    NO_PRIMARY = "no primary code typed"
    CONTRACTOR = "the contractor says which primary codes"
    """None of the listed primaries is typed, but the contractor may accept others."""


@dataclass(frozen=True, slots=True)
class AddOnAnswer(Generic[FactT]):
    """An add-on code among those typed.

    ``present`` are its primary codes that are typed, ``listed`` all that the file lists, ``rows``
    those in force: of ``present`` where there are any.
    """

    key: str
    type: str
    verdict: AddOnVerdict
    present: tuple[str, ...]
    listed: tuple[str, ...]
    rows: tuple[FactT, ...]


def add_ons(lines: Sequence[Line], rows: Iterable[AddOnT], day: date) -> list[AddOnAnswer[AddOnT]]:
    """Return an answer for each add-on code among the lines, in the order typed."""
    by_key: dict[str, list[AddOnT]] = {}
    for row in rows:
        if in_force(row, day):
            by_key.setdefault(row.add_on, []).append(row)
    keys = list(dict.fromkeys(line.key for line in lines))
    return [_add_on(key, by_key[key], keys) for key in keys if key in by_key]


def _add_on(key: str, rows: list[AddOnT], typed: list[str]) -> AddOnAnswer[AddOnT]:
    primaries = {row.primary for row in rows}
    present = tuple(code for code in typed if code in primaries and code != key)
    type_ = max(row.type for row in rows)
    if present:
        verdict = AddOnVerdict.HAS_PRIMARY
    elif type_ == "1":
        verdict = AddOnVerdict.NO_PRIMARY
    else:
        verdict = AddOnVerdict.CONTRACTOR
    listed = tuple(sorted(primaries - {CONTRACTOR_DEFINED}))
    shown = tuple(row for row in rows if not present or row.primary in present)
    return AddOnAnswer(key, type_, verdict, present, listed, shown)
