"""NCCI add-on code edits, as a workbook and as text with tabs."""

import io
from collections import Counter
from datetime import date

import pytest
from openpyxl import Workbook

from codes.importers.add_on_edits import FORMAT
from codes.importers.columns import Unreadable, day_of_year
from codes.importers.fact_rows import AddOnEditRow
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
    "AOC_Edit_Type\tAdd-On_Code\tAOC_DelDT\tPrimary_Code\tPrimary_Code_DelDT\tAOC_Edit_EffDT\t"
    "AOC_Edit_DelDT\tSpecial_Instruction_Notes\n"
)
ROW = "1\t11045\t\t11042\t\t2013091\t\t\n"
NAME = "AOC_V2026Q1-MCR.txt"


def of(lines: str, name: str = NAME) -> SourceFile:
    return source_of(f"A notice of the AMA\n{HEADING}{lines}", name)


def test_reads_a_workbook() -> None:
    edition = read_facts(FORMAT, edition_sources("add_on_edits", 1))
    assert (edition.source, edition.label) == ("add-on-edits", "2026 Q1")
    assert edition.effective_date == date(2026, 1, 1)
    rows = rows_of(edition)
    assert len(rows) == 6
    assert rows[0] == AddOnEditRow(
        line=3,
        type="2",
        add_on="0054T",
        add_on_deleted_on=None,
        primary="CCCCC",
        primary_deleted_on=None,
        effective_on=date(2013, 4, 1),
        deleted_on=None,
        notes="Contractor Defined Primary Codes",
    )
    assert rows[2:4] == [
        AddOnEditRow(
            5, "1", "0767T", None, "0766T", None, date(2023, 1, 1), date(2024, 12, 31), ""
        ),
        AddOnEditRow(6, "1", "0767T", None, "0766T", None, date(2026, 1, 1), None, ""),
    ]
    assert isinstance(rows[4], AddOnEditRow)
    assert rows[4].notes.startswith("Based on Internet-Only Manual")
    assert rows[5] == AddOnEditRow(
        line=8,
        type="1",
        add_on="U0005",
        add_on_deleted_on=date(2023, 6, 30),
        primary="U0003",
        primary_deleted_on=date(2023, 12, 31),
        effective_on=date(2021, 10, 1),
        deleted_on=date(2023, 6, 30),
        notes="",
    )


def test_reads_text_with_tabs() -> None:
    edition = read_facts(FORMAT, edition_sources("add_on_edits", 2))
    assert (edition.label, edition.effective_date) == ("2026 Q2", date(2026, 4, 1))
    rows = rows_of(edition)
    assert len(rows) == 6
    assert rows[1] == AddOnEditRow(
        line=5,
        type="1",
        add_on="11045",
        add_on_deleted_on=None,
        primary="11042",
        primary_deleted_on=date(2026, 3, 31),
        effective_on=date(2013, 4, 1),
        deleted_on=date(2026, 3, 31),
        notes="",
    )


def test_of_a_workbook_and_the_text_beside_it_the_workbook_is_read() -> None:
    sources = [*edition_sources("add_on_edits", 2), *edition_sources("add_on_edits", 1)]
    assert read_facts(FORMAT, sources).file_name == "AOC_V2026Q1-MCR.xlsx"


def test_two_workbooks_are_refused() -> None:
    assert "expected one file" in refusal_of(FORMAT, edition_sources("add_on_edits", 1) * 2)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("1\t11045", "4\t11045", "“4” is no type of add-on code; expected 1, 2 or 3."),
        ("11045", "1104", "“1104” is no add-on code; expected five digits or capitals."),
        ("11042", "ccccc", "“ccccc” is no primary code; expected five digits or capitals."),
        ("2013091", "20130401", "“20130401” is no effective date; expected year and day such as"),
        ("2013091", "2013366", "“2013366” is no effective date"),
        ("2013091", "2013000", "“2013000” is no effective date"),
        ("\t\t11042", "\t2013\t11042", "“2013” is no deletion of the add-on"),
        ("\t2013091\t\t", "", "has 5 of 6 columns; is the file complete?"),
    ],
)
def test_each_problem_says_what_was_expected(old: str, new: str, message: str) -> None:
    good = ROW.replace("11045", "99417")
    (told,) = messages_of(read_facts(FORMAT, [of(good + ROW.replace(old, new))]))
    assert told.startswith("4: ")
    assert message in told


def test_an_edit_that_stands_twice_is_told() -> None:
    told = messages_of(read_facts(FORMAT, [of(ROW * 2)]))
    assert told == ["4: 11045 11042 2013-04-01 stands already on line 3."]


def test_an_undated_file_asks_for_its_date() -> None:
    assert "give it with --effective-date" in refusal_of(FORMAT, [of(ROW, "edits.txt")])
    assert read_facts(FORMAT, [of(ROW, "edits.txt")], DATED).label == "January 2026"


def test_a_file_without_rows_is_refused() -> None:
    assert "below its heading; is it complete?" in refusal_of(FORMAT, [of("")])


def test_another_workbook_is_not_recognised() -> None:
    workbook = Workbook()
    assert workbook.active is not None
    workbook.active.append(["HCPCS", "MOD"])
    content = io.BytesIO()
    workbook.save(content)
    assert not FORMAT.recognise(source_of(content.getvalue(), "AOC_V2026Q1-MCR.xlsx"))
    assert not FORMAT.recognise(source_of(content.getvalue()[:500], "AOC_V2026Q1-MCR.xlsx"))


def test_days_of_the_year() -> None:
    assert day_of_year("2024366", "day") == date(2024, 12, 31)
    assert day_of_year("2026001", "day") == date(2026, 1, 1)
    for text in ("2023366", "0000001", "202601", "２０２６００１", "2026-01"):
        with pytest.raises(Unreadable):
            day_of_year(text, "day")


def test_the_real_workbook() -> None:
    edition = read_facts(FORMAT, shared_sources("ncci/AOC_V2026Q2-MCR.xlsx"))
    assert (edition.label, edition.effective_date) == ("2026 Q2", date(2026, 4, 1))
    rows = [row for row in rows_of(edition) if isinstance(row, AddOnEditRow)]
    assert len(rows) == 9_000
    assert Counter(row.type for row in rows) == {"1": 8_293, "2": 47, "3": 660}
    assert sum(row.deleted_on is not None for row in rows) == 1_260
    assert len({(row.add_on, row.primary) for row in rows}) == 8_951
