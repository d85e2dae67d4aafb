"""Medicare's list of telehealth services, as a workbook and as text."""

from datetime import date

import pytest

from codes.importers import formats
from codes.importers.fact_rows import TelehealthServiceRow
from codes.importers.source import SourceFile
from codes.importers.telehealth import FORMAT
from tests.codes.importers.fact_tools import (
    DATED,
    edition_sources,
    messages_of,
    read_facts,
    refusal_of,
    rows_of,
    source_of,
)

TITLE = "LIST OF MEDICARE TELEHEALTH SERVICES effective January 1, 2025 - updated May 1, 2024"
HEADING = "Code,Short Descriptor,Status,Can Audio-only Interaction Meet the Requirements?"
NAME = "list.csv"


def of(*lines: str, title: str = TITLE, heading: str = HEADING) -> SourceFile:
    return source_of("\n".join([f'"{title}",,,', heading, *lines, ""]), NAME)


def test_reads_a_workbook() -> None:
    edition = read_facts(FORMAT, edition_sources("telehealth", 1))
    assert (edition.source, edition.label) == ("telehealth", "2025")
    assert edition.effective_date == date(2025, 1, 1)
    assert rows_of(edition) == [
        TelehealthServiceRow(3, "90785", "Permanent", True, ""),
        TelehealthServiceRow(4, "90791", "Permanent", True, ""),
        TelehealthServiceRow(5, "92507", "Provisional", False, "Only where a sample says so"),
        TelehealthServiceRow(6, "G0108", "Permanent", True, ""),
        TelehealthServiceRow(7, "G0446", "Permanent", None, ""),
    ]


def test_reads_other_columns() -> None:
    edition = read_facts(FORMAT, edition_sources("telehealth", 2))
    assert (edition.label, edition.effective_date) == ("2026", date(2026, 1, 1))
    assert rows_of(edition)[2:] == [
        TelehealthServiceRow(5, "G0108", "", False, ""),
        TelehealthServiceRow(6, "G0316", "", False, ""),
        TelehealthServiceRow(7, "G0446", "", None, ""),
    ]


def test_no_descriptor_is_kept() -> None:
    for number in (1, 2):
        edition = read_facts(FORMAT, edition_sources("telehealth", number))
        assert "Sample wording" not in str(rows_of(edition))
    assert FORMAT.notice == "ama"


def test_tabs_and_a_quoted_title_are_read() -> None:
    lines = (f"{TITLE}\n{HEADING}\n90785,Words,Permanent,yes\n").replace(",", "\t")
    assert rows_of(read_facts(FORMAT, [source_of(lines, "list.txt")])) == [
        TelehealthServiceRow(3, "90785", "Permanent", True, "")
    ]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("9078,,Permanent,Yes", "4: “9078” is no code; expected five digits or capitals."),
        ("90786,,Permanent,Perhaps", "4: “Perhaps” does not say whether audio alone will do"),
        ("90785,,Permanent,Yes", "4: 90785 stands already on line 3."),
        (f"90786,,{'x' * 121},Yes", "4: status “xxx"),
        ("9078,,,", "4: “9078” is no code"),
    ],
)
def test_each_problem_says_what_was_expected(row: str, message: str) -> None:
    (told,) = messages_of(read_facts(FORMAT, [of("90785,,Permanent,Yes", row)]))
    assert told.startswith(message)


def test_notes_below_the_list_are_left_out() -> None:
    edition = read_facts(FORMAT, [of("90785,,Permanent,Yes", "* As of this year.,,,", ",,,")])
    assert len(rows_of(edition)) == 1


def test_an_empty_list_is_refused() -> None:
    assert "below its heading; is it complete?" in refusal_of(FORMAT, [of()])


def test_a_list_without_its_year_asks_for_it() -> None:
    undated = of("90785,,Permanent,Yes", title="List of telehealth services")
    assert "give it with --effective-date" in refusal_of(FORMAT, [undated])
    assert read_facts(FORMAT, [undated], DATED).label == "January 2026"


@pytest.mark.parametrize("text", ["Code,Name,Status\n90785,,\n", "HCPCS,MOD,DESCRIPTION\n", ""])
def test_other_files_are_not_recognised(text: str) -> None:
    assert not FORMAT.recognise(source_of(text, NAME))


def test_it_is_told_apart_by_its_content() -> None:
    source = of("90785,,Permanent,Yes")
    assert formats.recognised([source]) == [(FORMAT, [source])]
