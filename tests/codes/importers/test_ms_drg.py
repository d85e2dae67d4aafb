"""Diagnosis-related groups, from Table 5 and from a list of titles."""

from datetime import date
from decimal import Decimal

import pytest

from codes.importers.fact_rows import DrgTitleRow
from codes.importers.ms_drg import FORMAT
from codes.importers.rows import FactEdition
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
    "MS-DRG,FY 2025 Final Rule Post-Acute DRG,FY 2025 Final Rule Special Pay DRG,MDC,TYPE,"
    "MS-DRG Title,Weights,Geometric mean LOS,Arithmetic mean LOS\n"
)
ROW = "470,Yes,No,08,SURG,MAJOR HIP AND KNEE JOINT REPLACEMENT,1.8855,1.7,2.1\n"
LISTED = '"001","\\N","P","HEART TRANSPLANT","0","\\N"\n'


def of(lines: str, name: str = "Table 5.csv") -> SourceFile:
    return source_of(HEADING + lines, name)


def by_number(edition: FactEdition) -> dict[str, DrgTitleRow]:
    rows = [row for row in rows_of(edition) if isinstance(row, DrgTitleRow)]
    return {row.number: row for row in rows}


def test_reads_table_5() -> None:
    edition = read_facts(FORMAT, edition_sources("ms_drg", 1))
    assert (edition.source, edition.label) == ("ms-drg", "FY 2026")
    assert edition.effective_date == date(2025, 10, 1)
    rows = by_number(edition)
    assert len(rows) == 5
    assert rows["175"] == DrgTitleRow(
        line=5,
        number="175",
        mdc="04",
        type="M",
        title="PULMONARY EMBOLISM WITH MCC OR ACUTE COR PULMONALE",
        weight=Decimal("1.4514"),
        geometric_mean_stay=Decimal("3.9"),
        arithmetic_mean_stay=Decimal(5),
    )
    assert (rows["001"].mdc, rows["001"].type) == ("PRE", "P")
    assert (rows["998"].mdc, rows["998"].type, rows["998"].weight) == ("", "", Decimal(0))
    assert rows["999"].weight is None


def test_reads_the_layout_with_commas() -> None:
    edition = read_facts(FORMAT, [of(ROW)])
    assert (edition.label, edition.effective_date) == ("FY 2025", date(2024, 10, 1))
    assert by_number(edition)["470"].weight == Decimal("1.8855")


def test_reads_the_list_of_titles_without_those_that_ended() -> None:
    sources = edition_sources("ms_drg", 2)
    assert "give it with --effective-date" in refusal_of(FORMAT, sources)
    rows = by_number(read_facts(FORMAT, sources, DATED))
    assert list(rows) == ["001", "175", "397", "998"]
    assert rows["175"] == DrgTitleRow(2, "175", "04", "M", "PULMONARY EMBOLISM WITH MCC")
    assert rows["001"].mdc == ""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("470,", "4700,", "“4700” is no number of a group; expected three digits."),
        (",08,", ",8,", "“8” is no major category; expected two digits or PRE."),
        ("SURG", "OTHER", "“OTHER” is no type of group; expected SURG or MED."),
        ("MAJOR HIP AND KNEE JOINT REPLACEMENT", "", "has no title."),
        ("1.8855", "heavy", "“heavy” is no weight; expected a number such as 1.25."),
        ("1.7", "1.777", "“1.777” is no mean stay; expected at most 4 digits before and 2"),
    ],
)
def test_each_problem_says_what_was_expected(old: str, new: str, message: str) -> None:
    good = ROW.replace("470", "469")
    (told,) = messages_of(read_facts(FORMAT, [of(good + ROW.replace(old, new))]))
    assert told.startswith("3: ")
    assert message in told


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ('"002","\\N","P"\n', "2: has 3 of 6 columns; is the file complete?"),
        ('"002","\\N","P","X","2","\\N"\n', "2: “2” does not say whether it ended; expected 0"),
        (LISTED, "2: 001 stands already on line 1."),
    ],
)
def test_a_list_that_is_wrong_is_told(row: str, message: str) -> None:
    told = messages_of(read_facts(FORMAT, [source_of(LISTED + row)], DATED))
    assert told[0].startswith(message)


def test_a_file_cut_in_the_middle_is_told() -> None:
    cut = of(ROW + ROW.replace("470", "471")[:30])
    assert messages_of(read_facts(FORMAT, [cut])) == [
        "3: has 6 of 9 columns; is the file complete?"
    ]
    assert "below its heading" in refusal_of(FORMAT, [of("")])
    quoted = source_of(LISTED + LISTED[:30])
    assert "is it complete?" in refusal_of(FORMAT, [quoted], DATED)


@pytest.mark.parametrize("content", [b"", b"\0", b"MS-DRG,Title\n", b'"001","x"\n'])
def test_other_files_are_not_recognised(content: bytes) -> None:
    assert not FORMAT.recognise(source_of(content))


def test_the_real_list() -> None:
    """Of its 812 groups 46 have ended."""
    rows = by_number(read_facts(FORMAT, shared_sources("maps/ms_drg.csv"), DATED))
    assert len(rows) == 766
    assert sum(row.type == "P" for row in rows.values()) == 392
    assert "338" not in rows  # ended on 2023-10-01
    assert rows["397"].title.startswith("APPEND")
