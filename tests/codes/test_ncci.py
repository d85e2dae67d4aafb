"""The rules of NCCI, by themselves: claim lines, releases, pairs, units, add-on codes."""

from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes import ncci
from codes.claim_lines import MAX_LINES, Line, read_lines
from codes.ncci import AddOnVerdict, Opening, UnitsVerdict, Verdict
from codes.ncci_editions import (
    edition_of_rows_with_dates,
    edition_of_the_day,
    quarter_end,
    year_end,
)
from codes.ncci_rows import in_force

DAY = date(2026, 5, 15)
YEAR = timedelta(days=365)
KEYS = st.sampled_from(["10001", "10002", "10003", "0004T", "G0005", "J0006"])
MODIFIERS = st.sampled_from(["25", "59", "LT", "22", "76", "77", "GA", "XU"])
DAYS = st.dates(date(2025, 12, 1), date(2026, 3, 1))


@dataclass(frozen=True)
class Edit:
    column1: str
    column2: str
    modifier_indicator: str = "1"
    effective_on: date = date(2020, 1, 1)
    deleted_on: date | None = None


@dataclass(frozen=True)
class Limit:
    code_key: str
    units: int
    adjudication: str


@dataclass(frozen=True)
class AddOn:
    add_on: str
    primary: str
    type: str = "1"
    effective_on: date = date(2013, 4, 1)
    deleted_on: date | None = None


@dataclass(frozen=True)
class Edition:
    effective_date: date
    is_current: bool = False


LINES = st.builds(Line, KEYS, st.lists(MODIFIERS, max_size=4).map(tuple), st.integers(1, 50))
EDITS = st.builds(Edit, KEYS, KEYS, st.sampled_from("019"), DAYS, st.none() | DAYS)


# --- Claim lines --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("99213", Line("99213")),
        ("99213-25", Line("99213", ("25",))),
        ("99213 25 LT", Line("99213", ("25", "LT"))),
        ("36415 x2", Line("36415", (), 2)),
        ("36415 × 12", Line("36415", (), 12)),
        ("36415*3", Line("36415", (), 3)),
        ("99213-25-59 x2", Line("99213", ("25", "59"), 2)),
        ("j1885 3 units", Line("J1885", (), 3)),
        ("99213-X2", Line("99213", ("X2",))),
        ("0001a", Line("0001A")),
        ("CPT 33948", Line("33948")),
    ],
)
def test_reads_a_line(text: str, line: Line) -> None:
    assert read_lines(text) == ([line], [])


@pytest.mark.parametrize(
    "text", ["foo", "59", "J96.01", "99213 x0", "99213 x10000", "1 2 3", "99213 " + "a" * 60]
)
def test_names_what_it_cannot_read(text: str) -> None:
    lines, unread = read_lines(f"99213\n{text}\n36415")
    assert [line.key for line in lines] == ["99213", "36415"]
    assert [each.text for each in unread] == [text]
    assert unread[0].reason.endswith(".")


@pytest.mark.parametrize(
    "text",
    ["99213 25 G0102 x2 0004T", "99213-25 G0102x2 0004T", "cpt 99213 25  G0102 × 2\t0004t"],
)
def test_spaces_part_codes_as_well(text: str) -> None:
    lines = [Line("99213", ("25",)), Line("G0102", (), 2), Line("0004T")]
    assert read_lines(text) == (lines, [])


def test_of_codes_in_one_line_each_that_is_none_is_named() -> None:
    lines, unread = read_lines("99213 foo G0102")
    assert [line.key for line in lines] == ["G0102"]
    assert [each.text for each in unread] == ["99213 foo"]
    assert [each.text for each in read_lines("99213 x 12345")[1]] == ["99213 x 12345"]


def test_a_line_has_room_for_four_modifiers() -> None:
    assert read_lines("99213 25 59 LT RT")[0][0].modifiers == ("25", "59", "LT", "RT")
    assert "4 modifiers" in read_lines("99213 25 59 LT RT XU")[1][0].reason


def test_more_lines_than_are_checked_are_named() -> None:
    lines, unread = read_lines(",".join(f"100{n:02}" for n in range(30)))
    assert len(lines) == MAX_LINES
    assert [each.text for each in unread] == [f"100{n:02}" for n in range(25, 30)]


@given(st.lists(LINES, max_size=MAX_LINES))
def test_printed_lines_are_read_back(lines: list[Line]) -> None:
    printed = ["-".join([line.key, *line.modifiers]) + f" x{line.units}" for line in lines]
    assert read_lines("\n".join(printed)) == (lines, [])


@given(st.text(max_size=300))
def test_no_text_breaks_it_and_nothing_is_lost(text: str) -> None:
    lines, unread = read_lines(text)
    pieces = text.replace("\r", "\n").replace(",", "\n").replace(";", "\n").split("\n")
    assert len(lines) + len(unread) >= len([piece for piece in pieces if piece.strip()])


# --- Releases -----------------------------------------------------------------------------------

OLD = Edition(date(2026, 1, 1))
NOW = Edition(date(2026, 4, 1), is_current=True)


def no_end(edition: Edition) -> date | None:
    return None


def test_the_current_release_answers_for_its_quarter() -> None:
    found = edition_of_rows_with_dates([OLD, NOW], DAY, no_end)
    assert (found.release, found.is_complete, found.is_late) == (NOW, True, False)


def test_it_says_when_a_newer_one_must_exist() -> None:
    assert not edition_of_the_day([NOW], date(2026, 6, 30)).is_late
    assert edition_of_the_day([NOW], date(2026, 7, 1)).is_late


def test_add_on_codes_are_late_only_after_their_year() -> None:
    def late(day: date) -> bool:
        return edition_of_rows_with_dates([NOW], day, no_end, year_end).is_late

    assert not late(date(2026, 12, 31))
    assert late(date(2027, 1, 1))


def test_it_answers_for_past_days_back_to_the_first_end_it_lists() -> None:
    def first_end(edition: Edition) -> date:
        return date(2017, 12, 31)

    found = edition_of_rows_with_dates([NOW], date(2017, 12, 31), first_end)
    assert (found.release, found.is_complete) == (NOW, True)
    found = edition_of_rows_with_dates([NOW], date(2017, 12, 30), first_end)
    assert (found.release, found.is_complete) == (NOW, False)
    assert found.reaches_back_to == date(2017, 12, 31)


def test_where_it_does_not_reach_the_release_of_the_time_answers() -> None:
    found = edition_of_rows_with_dates([OLD, NOW], date(2026, 2, 1), no_end)
    assert (found.release, found.is_complete) == (OLD, True)
    found = edition_of_rows_with_dates([OLD, NOW], date(2025, 2, 1), no_end)
    assert (found.release, found.is_complete) == (NOW, False)


def test_rows_without_dates_answer_from_their_day_on() -> None:
    assert edition_of_the_day([OLD, NOW], date(2026, 3, 31)).release == OLD
    assert edition_of_the_day([OLD, NOW], date(2025, 12, 31)).release is None
    assert not edition_of_the_day([], DAY).is_complete


@given(st.dates(date(1996, 1, 1), date(2100, 1, 1)))
def test_quarters_follow_each_other(day: date) -> None:
    end = quarter_end(day)
    assert day <= end < day + timedelta(days=92)
    assert (end + timedelta(days=1)).day == 1
    assert (end + timedelta(days=1)).month in (1, 4, 7, 10)


# --- Pairs --------------------------------------------------------------------------------------


def ask(lines: list[Line], *edits: Edit, complete: bool = True) -> list[ncci.PairAnswer[Edit]]:
    return ncci.pairs(lines, edits, DAY, is_complete=complete)


A, B = Line("10001"), Line("10002")


@pytest.mark.parametrize("lines", [[A, B], [B, A]])
def test_an_edit_is_found_whichever_code_is_typed_first(lines: list[Line]) -> None:
    (answer,) = ask(lines, Edit("10001", "10002"))
    assert answer.verdict is Verdict.EDIT
    assert answer.edit == Edit("10001", "10002")


@pytest.mark.parametrize(
    ("indicator", "modifiers", "opening"),
    [
        ("0", ("59",), Opening.NEVER),
        ("9", ("59",), Opening.NEVER),
        ("1", (), Opening.POSSIBLE),
        ("1", ("59",), Opening.TYPED),
        ("1", ("LT", "GA"), Opening.TYPED),
        ("1", ("22", "76", "77"), Opening.POSSIBLE),
    ],
)
@pytest.mark.parametrize("on_column1", [True, False])
def test_a_modifier_may_open_an_edit(
    indicator: str, modifiers: tuple[str, ...], opening: Opening, on_column1: bool
) -> None:
    lines = [Line("10001", modifiers), B] if on_column1 else [A, Line("10002", modifiers)]
    (answer,) = ask(lines, Edit("10001", "10002", indicator))
    assert answer.opening is opening


def test_there_are_forty_four_associated_modifiers() -> None:
    every = [each for group in ncci.ASSOCIATED_MODIFIERS.values() for each in group]
    assert len(every) == len(set(every)) == 31 + 6 + 7
    assert ncci.associated(["76", "59", "LT", "59"]) == ("59", "LT")


def test_without_an_edit_it_depends_on_the_data() -> None:
    assert [a.verdict for a in ask([A, B])] == [Verdict.NO_EDIT]
    assert [a.verdict for a in ask([A, B], complete=False)] == [Verdict.NO_DATA]
    found = ask([A, B], Edit("10001", "10002"), complete=False)
    assert [a.verdict for a in found] == [Verdict.EDIT]


def test_the_deletion_date_is_the_last_day_in_force() -> None:
    edit = Edit("10001", "10002", deleted_on=date(2026, 3, 31))
    assert in_force(edit, date(2026, 3, 31))
    assert not in_force(edit, date(2026, 4, 1))
    assert not in_force(edit, date(2019, 12, 31))


def test_an_edit_deleted_on_its_first_day_never_applied() -> None:
    edit = Edit("10001", "10002", "9", DAY, DAY)
    assert not in_force(edit, DAY)
    (answer,) = ask([A, B], edit)
    assert (answer.verdict, answer.others) == (Verdict.NO_EDIT, ())


def test_an_edit_of_another_time_is_told_beside_the_answer() -> None:
    ended = Edit("10001", "10002", deleted_on=DAY - YEAR)
    later = Edit("10001", "10002", effective_on=DAY + YEAR)
    (answer,) = ask([A, B], ended, later)
    assert (answer.verdict, answer.others) == (Verdict.NO_EDIT, (ended, later))


@given(st.lists(LINES, max_size=8), st.lists(EDITS, max_size=12), DAYS, st.booleans())
def test_every_two_codes_have_an_answer_both_ways(
    lines: list[Line], edits: list[Edit], day: date, complete: bool
) -> None:
    answers = ncci.pairs(lines, edits, day, is_complete=complete)
    keys = {line.key for line in lines}
    asked = {frozenset((a.one, a.other)) for a in answers}
    assert asked == {frozenset((a, b)) for a in keys for b in keys if a != b}
    expected = {
        (edit.column1, edit.column2)
        for edit in edits
        if in_force(edit, day)
        and edit.column1 != edit.column2
        and {edit.column1, edit.column2} <= keys
    }
    found = {(a.edit.column1, a.edit.column2) for a in answers if a.edit}
    assert found == expected
    for answer in answers:
        assert (answer.edit is not None) == (answer.verdict is Verdict.EDIT)
        if not answer.edit:
            assert answer.verdict is (Verdict.NO_EDIT if complete else Verdict.NO_DATA)


@given(st.lists(LINES, max_size=6), st.lists(EDITS, max_size=10), DAYS)
def test_the_order_of_the_lines_changes_no_verdict(
    lines: list[Line], edits: list[Edit], day: date
) -> None:
    def verdicts(some: list[Line]) -> set[tuple[object, ...]]:
        answers = ncci.pairs(some, edits, day, is_complete=True)
        return {(frozenset((a.one, a.other)), a.verdict, a.edit, a.opening) for a in answers}

    assert verdicts(lines) == verdicts(lines[::-1])


# --- Units --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "limit", "adjudication", "counted", "verdict"),
    [
        ([2], 2, "3", 2, UnitsVerdict.WITHIN),
        ([3], 2, "3", 3, UnitsVerdict.OVER),
        ([2, 2], 2, "1", 2, UnitsVerdict.WITHIN),
        ([2, 2], 2, "2", 4, UnitsVerdict.OVER),
        ([1], 0, "2", 1, UnitsVerdict.NOT_PAYABLE),
    ],
)
def test_units_are_held_against_the_limit(
    typed: list[int], limit: int, adjudication: str, counted: int, verdict: UnitsVerdict
) -> None:
    lines = [Line("10001", (), each) for each in typed]
    (answer,) = ncci.units(lines, [Limit("10001", limit, adjudication)], has_data=True)
    assert (answer.counted, answer.verdict) == (counted, verdict)


def test_no_limit_is_not_the_same_as_no_data() -> None:
    none: list[Limit] = []
    assert ncci.units([A], none, has_data=True)[0].verdict is UnitsVerdict.NO_LIMIT
    assert ncci.units([A], none, has_data=False)[0].verdict is UnitsVerdict.NO_DATA


# --- Add-on codes -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "rows", "verdict"),
    [
        ([A, B], [AddOn("10001", "10002")], AddOnVerdict.HAS_PRIMARY),
        ([A], [AddOn("10001", "10002")], AddOnVerdict.NO_PRIMARY),
        ([A, B], [AddOn("10001", "10009")], AddOnVerdict.NO_PRIMARY),
        ([A, B], [AddOn("10001", "CCCCC", "2")], AddOnVerdict.CONTRACTOR),
        ([A], [AddOn("10001", "10002", "3")], AddOnVerdict.CONTRACTOR),
    ],
)
def test_an_add_on_code_wants_a_primary(
    lines: list[Line], rows: list[AddOn], verdict: AddOnVerdict
) -> None:
    (answer,) = ncci.add_ons(lines, rows, DAY)
    assert answer.verdict is verdict
    assert "CCCCC" not in answer.listed


def test_rows_that_ended_do_not_count() -> None:
    assert not ncci.add_ons([A, B], [AddOn("10001", "10002", deleted_on=DAY - YEAR)], DAY)
    assert not ncci.add_ons([B], [AddOn("10001", "10002")], DAY)
