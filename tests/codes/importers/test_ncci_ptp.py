"""NCCI procedure-to-procedure edits: a release in four files, duplicates, cut files, speed."""

import tracemalloc
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.importers.fact_rows import PtpEditRow
from codes.importers.ncci_ptp import HOSPITAL, PRACTITIONER, read_lines, settle
from codes.importers.opening import open_sources
from codes.importers.rows import FactEdition, Problem
from codes.importers.source import SourceFile
from tests.codes.importers.fact_tools import (
    DATA,
    DATED,
    edition_sources,
    messages_of,
    read_facts,
    refusal_of,
    rows_of,
    source_of,
)

FOLDER = DATA / "ncci_ptp"
HEADING = (FOLDER / "1" / "ccipra-v320r0-f1.txt").read_text().partition("0001A")[0]
NAME = "ccipra-v320r0.txt"
LINE = "10021\t10004\t\t20190101\t*\t1\tMisuse of Column Two code with Column One code\n"


def of(lines: str, name: str = NAME) -> SourceFile:
    return source_of(HEADING + lines, name)


def pairs(edition: FactEdition) -> list[tuple[str, str, date, date | None, str]]:
    found = []
    for row in rows_of(edition):
        assert isinstance(row, PtpEditRow)
        found.append(
            (row.column1, row.column2, row.effective_on, row.deleted_on, row.modifier_indicator)
        )
    return found


def test_names_the_edition() -> None:
    edition = read_facts(PRACTITIONER, edition_sources("ncci_ptp", 1))
    assert (edition.source, edition.label) == ("ptp-practitioner", "2026 Q1")
    assert edition.effective_date == date(2026, 1, 1)
    assert edition.file_name.startswith("ccipra-v320r0-f1.txt, ccipra-v320r0-f2.txt")
    assert PRACTITIONER.notice == HOSPITAL.notice == "ama"
    edition = read_facts(PRACTITIONER, edition_sources("ncci_ptp", 2))
    assert (edition.label, edition.effective_date) == ("2026 Q2", date(2026, 4, 1))


def test_reads_the_four_files_of_a_release_in_order() -> None:
    sources = edition_sources("ncci_ptp", 1)
    edition = read_facts(PRACTITIONER, reversed(sources))
    assert pairs(edition) == [
        ("0001A", "0591T", date(2022, 1, 1), date(2023, 12, 31), "1"),
        ("10021", "10004", date(2019, 1, 1), None, "1"),
        ("10021", "J2001", date(2004, 7, 1), None, "1"),
        ("13121", "13120", date(1996, 1, 1), None, "0"),
        ("13121", "36000", date(2002, 10, 1), None, "1"),
        ("17000", "17281", date(1999, 7, 1), date(2004, 12, 31), "1"),
        ("17000", "17281", date(2010, 1, 1), None, "1"),
        ("33533", "33140", date(2000, 6, 5), None, "0"),
        ("99213", "G0102", date(2000, 6, 5), None, "0"),
        ("G0102", "99211", date(2013, 1, 1), date(2013, 1, 1), "9"),
    ]


def test_keeps_line_rationale_and_mark_of_the_row_that_applied() -> None:
    rows = rows_of(read_facts(PRACTITIONER, edition_sources("ncci_ptp", 1)))
    assert rows[3] == PtpEditRow(
        line=11,
        column1="13121",
        column2="13120",
        existed_before_1996=True,
        effective_on=date(1996, 1, 1),
        deleted_on=None,
        modifier_indicator="0",
        rationale="CPT Manual or CMS manual coding instruction",
    )


def test_reads_the_second_edition_and_the_hospital_s() -> None:
    second = pairs(read_facts(PRACTITIONER, edition_sources("ncci_ptp", 2)))
    assert len(second) == 10
    assert second[1] == ("10021", "10004", date(2019, 1, 1), date(2026, 3, 31), "1")
    assert second[-1] == ("G0103", "99211", date(2026, 4, 1), None, "0")
    sources = open_sources(sorted((FOLDER / "hospital").iterdir()))
    hospital = read_facts(HOSPITAL, sources)
    assert (hospital.source, hospital.label) == ("ptp-hospital", "2026 Q2")
    assert len(pairs(hospital)) == 5


def test_the_name_says_for_whom_the_edits_are() -> None:
    assert PRACTITIONER.recognise(of(LINE, "a-practitioner-ptp.zip/x.txt"))
    assert not PRACTITIONER.recognise(of(LINE, "ccioph-v320r0-f1.txt"))
    assert not HOSPITAL.recognise(of(LINE))
    assert not PRACTITIONER.recognise(of(LINE, "edits.txt"))
    assert not PRACTITIONER.recognise(source_of(LINE, NAME))


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (["ccipra-v320r0-f1", "ccipra-v321r0-f2"], "are of different versions; give those of one"),
        (["ccipra-v320r0-f1"], "not a whole release: expected its parts f1 to f4, found f1."),
        ([f"ccipra-v320r0-f{part}" for part in "1245"], "found f1, f2, f4, f5."),
        ([f"ccipra-v320r0-f{part}" for part in "1233"], "found f1, f2, f3, f3."),
    ],
)
def test_a_release_that_is_not_whole_is_refused(names: list[str], message: str) -> None:
    assert message in refusal_of(PRACTITIONER, [of(LINE, f"{name}.txt") for name in names])


def test_an_undated_file_asks_for_its_date() -> None:
    source = of(LINE, "practitioner.txt")
    assert "give it with --effective-date" in refusal_of(PRACTITIONER, [source])
    assert read_facts(PRACTITIONER, [source], DATED).label == "January 2026"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("1002\t10004\t\t20190101\t*\t1\tA", "“1002” is no column 1 code; expected five digits"),
        ("10021\tj2001\t\t20190101\t*\t1\tA", "“j2001” is no column 2 code; expected five"),
        ("10021\t10004\tx\t20190101\t*\t1\tA", "“x” is no mark of an edit from before 1996"),
        ("10021\t10004\t\t20191301\t*\t1\tA", "“20191301” is no effective date; expected a day"),
        ("10021\t10004\t\t*\t*\t1\tA", "“*” is no effective date; expected a day such as"),
        ("10021\t10004\t\t20190101\t2019\t1\tA", "“2019” is no deletion date; expected a day"),
        ("10021\t10004\t\t20190101\t*\t2\tA", "“2” is no modifier indicator; expected 0, 1 or 9."),
        ("10021\t10004\t\t20190101\t*\t1", "has 6 columns between tabs; expected 7."),
        ("10021\t10004\t\t20190101\t*\t1\tA\tB", "has 8 columns between tabs; expected 7."),
        (f"10021\t10004\t\t20190101\t*\t1\t{'A' * 121}", "is longer than 120 characters."),
    ],
)
def test_each_problem_says_what_was_expected(line: str, message: str) -> None:
    (told,) = messages_of(read_facts(PRACTITIONER, [of(f"{LINE}{line}\n")]))
    assert told.startswith("8: ")
    assert message in told


def test_spaces_around_values_and_a_tab_at_the_end_do_no_harm() -> None:
    spaced = "10021 \t 10004\t * \t20190101 \t * \t 1\tA  B \t\n\n"
    (row,) = rows_of(read_facts(PRACTITIONER, [of(spaced)]))
    assert row == PtpEditRow(
        7, "10021", "10004", True, date(2019, 1, 1), None, "1", "A B"
    )  # fmt: skip


def test_a_file_cut_in_the_middle_is_told() -> None:
    other = LINE.replace("10004", "10005")
    for length in (-4, -20, -len("Misuse of Column Two code with Column One code\n")):
        told = messages_of(read_facts(PRACTITIONER, [of(LINE + other[:length])]))
        assert told == ["8: ends in the middle of its rationale; is it complete?"]
    (told_early,) = messages_of(read_facts(PRACTITIONER, [of(LINE + other[:20])]))
    assert "Is the file complete?" in told_early


@pytest.mark.parametrize("content", [HEADING, HEADING[:300]])
def test_a_file_cut_before_its_rows_is_refused(content: str) -> None:
    message = refusal_of(PRACTITIONER, [source_of(content, NAME)])
    assert "below its heading; is it complete?" in message or "has no heading" in message


def test_two_edits_that_both_applied_contradict_each_other() -> None:
    other = LINE.replace("\t1\t", "\t0\t")
    (told,) = messages_of(read_facts(PRACTITIONER, [of(LINE + other)]))
    assert told == (
        "8: 10021/10004 from 2019-01-01 stands already on line 7, with another end or indicator."
    )


def test_the_same_edit_twice_is_kept_once() -> None:
    assert len(rows_of(read_facts(PRACTITIONER, [of(LINE * 3)]))) == 1


def test_a_file_given_twice_is_told() -> None:
    lines = LINE + LINE.replace("10021", "10022")
    sources = [of(lines, "ccipra-v320r0.txt"), of(lines, "copy-ccipra-v320r0.txt")]
    told = messages_of(read_facts(PRACTITIONER, sources))
    assert len(told) == 2
    assert "10021 stood in column 1 of ccipra-v320r0.txt before" in told[0]


CODES = st.from_regex(r"[0-9A-Z]{5}", fullmatch=True)
DAYS = st.dates(date(1996, 1, 1), date(2030, 1, 1))
EDITS = st.builds(
    PtpEditRow,
    line=st.just(0),
    column1=CODES,
    column2=CODES,
    existed_before_1996=st.booleans(),
    effective_on=DAYS,
    deleted_on=st.none() | DAYS,
    modifier_indicator=st.sampled_from("019"),
    rationale=st.sampled_from(["CMS manual", "More extensive procedure", "Mutually exclusive"]),
)


def written(row: PtpEditRow) -> str:
    deleted = f"{row.deleted_on:%Y%m%d}" if row.deleted_on else "*"
    mark = "*" if row.existed_before_1996 else ""
    return "\t".join(
        [row.column1, row.column2, mark, f"{row.effective_on:%Y%m%d}", deleted,
         row.modifier_indicator, row.rationale]
    )  # fmt: skip


@given(st.lists(EDITS, max_size=20))
def test_what_is_written_is_read(edits: list[PtpEditRow]) -> None:
    read = list(read_lines(((0, written(row)) for row in edits), "f"))
    assert read == edits


@given(st.lists(EDITS, max_size=20))
def test_settled_edits_are_unique_and_lose_no_pair(edits: list[PtpEditRow]) -> None:
    ordered = sorted(edits, key=lambda row: row.column1)
    kept = [row for row in settle([("f", ordered)]) if not isinstance(row, Problem)]
    names = [(row.column1, row.column2, row.effective_on) for row in kept]
    assert len(set(names)) == len(names)
    assert set(names) == {(row.column1, row.column2, row.effective_on) for row in edits}


def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    """100,000 edits take below 3 MB; two million in a file took below 40 MB in all."""
    path = tmp_path / NAME
    path.write_text(HEADING + "".join(generated(100_000)))
    edition = read_facts(PRACTITIONER, open_sources([path]))
    tracemalloc.start()
    try:
        assert sum(1 for _ in edition.tables["PtpEdit"]) == 100_000
        assert tracemalloc.get_traced_memory()[1] < 3 << 20
    finally:
        tracemalloc.stop()


def generated(count: int) -> Iterator[str]:
    """Yield lines of invented edits, 200 to a column 1 code."""
    for number in range(count):
        column1, column2 = 10_000 + number // 200, 50_000 + number % 200
        yield f"{column1}\t{column2}\t\t20190101\t*\t1\tMore extensive procedure\n"
