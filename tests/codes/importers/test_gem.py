"""Equivalence maps between ICD-10 and ICD-9-CM, in all directions and both layouts."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.importers.fact_rows import CrosswalkRow
from codes.importers.gem import DIRECTIONS, FORMAT, Direction, fixed_fields
from codes.importers.rows import FactEdition, Problem
from codes.importers.source import SourceFile
from tests.codes.importers.fact_tools import (
    DATED,
    edition_sources,
    messages_of,
    read_facts,
    refusal_of,
    rows_of,
    shared_sources,
    source_of,
)

ROW = "A000    0010    00000\n"
NAME = "2018_I10gem.txt"
HEADING = "icd10cm,icd9cm,flags,approximate,no_map,combination,scenario,choice_list\n"


def of(lines: str, name: str = NAME) -> SourceFile:
    return source_of(lines, name)


def test_reads_the_official_layout() -> None:
    edition = read_facts(FORMAT, edition_sources("gem", 1))
    assert (edition.source, edition.label) == ("gem-icd-10-cm-icd-9-cm", "FY 2018")
    assert edition.effective_date == date(2017, 10, 1)
    rows = rows_of(edition)
    assert len(rows) == 8
    assert rows[0] == CrosswalkRow(1, "icd-10-cm", "A000", "icd-9-cm", "0010", "00000")
    assert rows[4] == CrosswalkRow(5, "icd-10-cm", "T3141XA", "icd-9-cm", "94800", "10112")
    assert rows[7] == CrosswalkRow(8, "icd-10-cm", "Y95", "icd-9-cm", "", "11000")


def test_reads_each_direction_as_an_edition() -> None:
    found = {}
    sources = edition_sources("gem", 2)
    assert all(map(FORMAT.recognise, sources))
    for edition in FORMAT.read(sources, DATED):
        assert isinstance(edition, FactEdition)
        found[edition.source] = rows_of(edition)
    assert {source: len(rows) for source, rows in found.items()} == {
        "gem-icd-10-cm-icd-9-cm": 3,
        "gem-icd-9-cm-icd-10-cm": 4,
        "gem-icd-9-cm-procedures-icd-10-pcs": 2,
        "gem-icd-10-pcs-icd-9-cm-procedures": 2,
    }
    assert found["gem-icd-10-cm-icd-9-cm"][2] == CrosswalkRow(
        4, "icd-10-cm", "U071", "icd-9-cm", "", "11000"
    )
    assert found["gem-icd-10-pcs-icd-9-cm-procedures"][1] == CrosswalkRow(
        2, "icd-10-pcs", "XW03321", "icd-9-cm-procedures", "", "11000"
    )


def test_slugs_fit_their_columns() -> None:
    for direction in DIRECTIONS:
        assert max(len(direction.source), len(direction.target)) <= 20


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a001    0011    00000", "“a001” is no code of icd-10-cm."),
        ("A001    001X    00000", "“001X” is no code of icd-9-cm."),
        ("A001    0011    0000", "“0000” are no flags; expected five digits."),
        ("A001    0011    20000", "“20000” are no flags"),
        ("A001    NoDx    10000", "A001: flag and target do not agree whether there is a map."),
        ("A001    0011    11000", "A001: flag and target do not agree whether there is a map."),
        ("A001    0011", "is no mapping; expected source, target, flags. Is the file complete?"),
        ("A000    0010    00000", "A000 0010 00000 stands already on line 1."),
    ],
)
def test_each_problem_says_what_was_expected(line: str, message: str) -> None:
    (told,) = messages_of(read_facts(FORMAT, [of(f"{ROW}{line}\n")]))
    assert told.startswith("2: ")
    assert message in told


def test_a_csv_whose_flags_do_not_agree_is_told() -> None:
    source = of(f"{HEADING}A000,0010,00000,0,0,0,0,0\nA001,0011,00000,1,0,0,0,0\nA002,00\n")
    assert messages_of(read_facts(FORMAT, [source])) == [
        "3: is incomplete, or its flags do not agree.",
        "4: is incomplete, or its flags do not agree.",
    ]


def test_refused_are_one_direction_twice_no_rows_and_no_date() -> None:
    assert "hold one direction twice" in refusal_of(FORMAT, [of(ROW), of(ROW)])
    assert "does not begin with a mapping" in refusal_of(FORMAT, [of(HEADING)])
    assert "give it with --effective-date" in refusal_of(FORMAT, [of(ROW, "gem.txt")])


@pytest.mark.parametrize(
    "content", [b"", b"\0", b"A000 Cholera 12345\n", b"a b c\n", b"A000    0010\n"]
)
def test_other_files_are_not_recognised(content: bytes) -> None:
    assert not FORMAT.recognise(source_of(content))


EXAMPLES = {
    "icd-10-cm": st.from_regex(r"[A-Z][0-9][0-9A-Z]{1,5}", fullmatch=True),
    "icd-9-cm": st.from_regex(r"[0-9]{3,5}|V[0-9]{2,4}|E[0-9]{3,4}", fullmatch=True),
    "icd-10-pcs": st.from_regex(r"[0-9B-DF-HX][0-9A-HJ-NP-Z]{6}", fullmatch=True),
    "icd-9-cm-procedures": st.from_regex(r"[0-9]{2,4}", fullmatch=True),
}
WIDTHS = {"icd-10-cm": 7, "icd-9-cm": 5, "icd-10-pcs": 7, "icd-9-cm-procedures": 5}


@st.composite
def maps(draw: st.DrawFn) -> tuple[Direction, list[CrosswalkRow]]:
    direction = draw(st.sampled_from(DIRECTIONS))
    rows = []
    for line in range(1, 1 + draw(st.integers(0, 10))):
        flags = draw(st.from_regex(r"[01][01][01][0-9][0-9]", fullmatch=True))
        target = "" if flags[1] == "1" else draw(EXAMPLES[direction.target])
        source = draw(EXAMPLES[direction.source])
        rows.append(CrosswalkRow(line, direction.source, source, direction.target, target, flags))
    return direction, rows


def written(row: CrosswalkRow) -> str:
    """Return the line in fixed width, as published: source, target and flags in columns."""
    source = row.source_key.ljust(WIDTHS[row.source_system])
    target = (row.target_key or "NoDx").ljust(WIDTHS[row.target_system])
    return f"{source} {target} {row.flags}"


@given(maps())
def test_what_is_written_is_read(example: tuple[Direction, list[CrosswalkRow]]) -> None:
    direction, rows = example
    read = []
    for fields in fixed_fields(((row.line, written(row)) for row in rows), "f"):
        assert not isinstance(fields, Problem)
        read.append(direction.row(fields))
    assert read == rows


def test_the_real_map() -> None:
    sources = shared_sources("maps/icd10cmtoicd9gem.csv")
    edition = read_facts(FORMAT, sources, DATED)
    assert edition.source == "gem-icd-10-cm-icd-9-cm"
    rows = [row for row in rows_of(edition) if isinstance(row, CrosswalkRow)]
    assert len(rows) == 78_838
    assert sum(row.target_key == "" for row in rows) == 669
