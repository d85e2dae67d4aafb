"""CCSR categories, in AHRQ's layout and as a list of first categories."""

from collections import Counter
from datetime import date

import pytest

from codes.importers.ccsr import FORMAT, read_pairs
from codes.importers.fact_rows import CrosswalkRow
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

HEADING = (
    "'ICD-10-CM CODE','ICD-10-CM CODE DESCRIPTION','Default CCSR CATEGORY IP',"
    "'Default CCSR CATEGORY DESCRIPTION IP','CCSR CATEGORY 1','CCSR CATEGORY 1 DESCRIPTION',"
    "'CCSR CATEGORY 2','CCSR CATEGORY 2 DESCRIPTION','Rationale for Default Assignment'\n"
)
ROW = "'A000',\"Cholera, sample\",'DIG001',Sample,'DIG001',Sample,' ',,'01'\n"
NAME = "DXCCSR_v2026-1.csv"


def of(lines: str, name: str = NAME) -> SourceFile:
    return source_of(HEADING + lines, name)


def test_reads_every_category_of_a_code() -> None:
    edition = read_facts(FORMAT, edition_sources("ccsr", 1))
    assert (edition.source, edition.label) == ("ccsr", "v2026.1")
    assert edition.effective_date == date(2025, 10, 1)
    rows = rows_of(edition)
    assert rows[0] == CrosswalkRow(
        2, "icd-10-cm", "A000", "ccsr", "DIG001", "", "Intestinal infection"
    )
    found = [
        (row.line, row.source_key, row.target_key) for row in rows if isinstance(row, CrosswalkRow)
    ]
    assert found == [
        (2, "A000", "DIG001"),
        (3, "A0101", "NVS001"),
        (3, "A0101", "INF003"),
        (4, "A4151", "INF002"),
        (4, "A4151", "INF003"),
        (4, "A4151", "GEN004"),
        (5, "W000XXA", "EXT003"),
    ]


def test_reads_the_list_of_first_categories() -> None:
    sources = edition_sources("ccsr", 2)
    assert "give it with --effective-date" in refusal_of(FORMAT, sources)
    edition = read_facts(FORMAT, sources, DATED)
    assert edition.label == "January 2026"
    assert rows_of(edition) == [
        CrosswalkRow(2, "icd-10-cm", "A000", "ccsr", "DIG001"),
        CrosswalkRow(3, "icd-10-cm", "A0101", "ccsr", "INF003"),
        CrosswalkRow(4, "icd-10-cm", "A4151", "ccsr", "INF002"),
        CrosswalkRow(5, "icd-10-cm", "U070", "ccsr", "RSP002"),
    ]


def test_reads_codes_that_begin_with_two_letters() -> None:
    """ICD-10-CM has such since its edition of April 2026."""
    (row, *_) = rows_of(read_facts(FORMAT, [of(ROW.replace("A000", "QA00101"))]))
    assert isinstance(row, CrosswalkRow)
    assert row.source_key == "QA00101"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("'A000'", "'a000'", "“a000” is no ICD-10-CM code; expected one without its dot."),
        ("Sample,'DIG001'", "Sample,'DIG1'", "“DIG1” is no CCSR category; expected such as"),
        ("Sample,'DIG001'", "Sample,' '", "“A000” has no category; is the file complete?"),
        (",' ',,'01'", "", "has 6 of 8 columns; is the file complete?"),
    ],
)
def test_each_problem_says_what_was_expected(old: str, new: str, message: str) -> None:
    good = ROW.replace("A000", "A001")
    (told,) = messages_of(read_facts(FORMAT, [of(good + ROW.replace(old, new))]))
    assert told.startswith("3: ")
    assert message in told


def test_a_pair_that_stands_twice_is_told() -> None:
    told = messages_of(read_facts(FORMAT, [of(ROW * 2)]))
    assert told == ["3: A000 DIG001 stands already on line 2."]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{\n "A000": "DIG001",\n "A001": ', "3: expected a code and its category"),
        ('{\n "A000": "DIG001",\n', "2: ends before its closing “}”; is it complete?"),
        ('{\n "A000": "DIG001",\n "?": "DIG001"\n}', "3: “?” is no ICD-10-CM code"),
        ('{\n "A000": "DIG001",\n "A001": "x"\n}', "3: “x” is no CCSR category"),
        ('{\n "A000": "DIG001",\n "A000": "DIG001"\n}', "3: A000 DIG001 stands already"),
    ],
)
def test_a_list_that_is_wrong_is_told(text: str, message: str) -> None:
    assert messages_of(read_facts(FORMAT, [source_of(text)], DATED))[0].startswith(message)


def test_an_empty_list_is_cut() -> None:
    assert [str(problem) for problem in read_pairs([], "f")] == [
        "f: ends before its closing “}”; is it complete?"
    ]


def test_a_file_without_rows_is_refused() -> None:
    assert "below its heading; is it complete?" in refusal_of(FORMAT, [of("")])


@pytest.mark.parametrize(
    "content",
    [b"", b"\0", b"{", b'{"A000": 1}', b'{\n"A000": "cholera"\n}', b"ICD-10-CM CODE,x\nA00,y\n"],
)
def test_other_files_are_not_recognised(content: bytes) -> None:
    assert not FORMAT.recognise(source_of(content))


def test_the_real_list() -> None:
    sources = shared_sources("maps/ccsr_dx_first_category.json")
    edition = read_facts(FORMAT, sources, DATED)
    rows = [row for row in rows_of(edition) if isinstance(row, CrosswalkRow)]
    assert len(rows) == len({row.source_key for row in rows}) == 74_549
    assert len({row.target_key for row in rows}) == 515
    assert Counter(len(row.source_key) for row in rows)[7] == 51_538
