"""NCCI medically unlikely edits: three services, a notice of several lines, cut files."""

from datetime import date

import pytest

from codes.importers.fact_rows import UnitLimitRow
from codes.importers.mue import FORMAT
from codes.importers.rows import FactEdition
from codes.importers.source import SourceFile
from tests.codes.importers.fact_tools import (
    DATED,
    edition_sources,
    messages_of,
    read_facts,
    refusal_of,
    rows_of,
    source_of,
)

NOTICE = '"CPT codes are copyright of the AMA.\nAll rights reserved.",,,\n'
HEADING = '"HCPCS/\nCPT Code",Practitioner Services MUE Values,MUE Adjudication Indicator,'
TOP = f"{NOTICE}{HEADING}MUE Rationale\n"
ROW = "10021,1,3 Date of Service Edit: Clinical,Nature of Service/Procedure\n"
NAME = "MCR_MUE_PractitionerServices_Eff_01-01-2026.csv"


def of(lines: str, name: str = NAME) -> SourceFile:
    return source_of(TOP + lines, name)


def limits(edition: FactEdition) -> dict[str, tuple[int, str]]:
    found = {}
    for row in rows_of(edition):
        assert isinstance(row, UnitLimitRow)
        found[row.code_key] = (row.units, row.adjudication)
    return found


def test_reads_three_services_as_three_editions() -> None:
    sources = edition_sources("mue", 1)
    assert all(map(FORMAT.recognise, sources))
    editions = {}
    for edition in FORMAT.read(sources, DATED):
        assert isinstance(edition, FactEdition)
        editions[edition.source] = edition
    assert editions.keys() == {"mue-dme", "mue-outpatient", "mue-practitioner"}
    practitioner = editions["mue-practitioner"]
    assert practitioner.label == "2026 Q1"
    assert practitioner.effective_date == date(2026, 1, 1)
    assert practitioner.source_name == "NCCI Medically Unlikely Edits, Practitioner Services"
    assert practitioner.file_name == NAME
    assert limits(practitioner) == {
        "0001U": (1, "2"),
        "10021": (1, "3"),
        "11045": (12, "3"),
        "A4216": (0, "1"),
        "J0171": (120, "3"),
    }
    assert limits(editions["mue-outpatient"])["11045"] == (10, "3")
    assert limits(editions["mue-dme"]) == {"A4216": (210, "1"), "E0100": (1, "2")}


def test_reads_one_service_alone() -> None:
    edition = read_facts(FORMAT, edition_sources("mue", 2))
    assert (edition.label, edition.effective_date) == ("2026 Q2", date(2026, 4, 1))
    rows = rows_of(edition)
    assert rows[2] == UnitLimitRow(8, "J0171", 120, "2", "Prescribing Information, revised")
    assert len(rows) == 4


def test_columns_are_found_by_their_names() -> None:
    source = source_of(
        NOTICE + "HCPCS/CPT Code,MUE Rationale,MUE Adjudication Indicator,DME Supplier Services MUE"
        " Values\nA4216,Clinical: Data,1 Line Edit,210\n",
        "limits.csv",
    )
    edition = read_facts(FORMAT, [source], DATED)
    assert edition.source == "mue-dme"
    assert limits(edition) == {"A4216": (210, "1")}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("10021", "1002", "“1002” is no code; expected five digits or capitals."),
        (",1,", ",one,", "“one” is no number of units; expected 0 to 1,000,000."),
        (",1,", ",-1,", "“-1” is no number of units"),
        (",1,", ",9999999,", "“9999999” is no number of units"),
        (",3 Date", ",4 Date", "“4 Date of Service Edit: Clinical” is no adjudication indicator"),
        (",3 Date", ",31 Date", "“31 Date of Service Edit: Clinical” is no adjudication"),
        (",Nature of Service/Procedure", "", "has 3 of 4 columns; is the file complete?"),
        ("Nature", "Nature" * 40, "is longer than 200 characters."),
    ],
)
def test_each_problem_says_what_was_expected(old: str, new: str, message: str) -> None:
    (told,) = messages_of(read_facts(FORMAT, [of("A4216,1,1 Line,x\n" + ROW.replace(old, new))]))
    assert told.startswith("6: ")
    assert message in told


def test_a_code_that_stands_twice_is_told() -> None:
    assert messages_of(read_facts(FORMAT, [of(ROW * 2)])) == ["6: 10021 stands already on line 5."]


def test_a_service_given_twice_is_refused() -> None:
    assert "hold one service twice" in refusal_of(FORMAT, [of(ROW), of(ROW)])


def test_a_missing_column_is_refused() -> None:
    source = source_of(TOP.replace("MUE Rationale", "Reason") + ROW, NAME)
    assert "has no column “MUE Rationale”" in refusal_of(FORMAT, [source])


def test_dates_are_of_the_name_or_stated() -> None:
    assert "give it with --effective-date" in refusal_of(FORMAT, [of(ROW, "limits.csv")])
    assert read_facts(FORMAT, [of(ROW, "limits.csv")], DATED).label == "January 2026"
    wrong = of(ROW, NAME.replace("01-01", "13-01"))
    assert "a date that does not exist" in refusal_of(FORMAT, [wrong])


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (TOP, "holds no unit limits below its heading; is it complete?"),
        (TOP + '10021,1,"3 Date', "is no well-formed CSV"),
        (TOP + ROW + "10022,1\0", "holds a NUL byte"),
        (TOP + ROW + "," * 600, "has more than 500 columns."),
    ],
)
def test_hostile_files_are_refused(content: str, message: str) -> None:
    assert message in refusal_of(FORMAT, [source_of(content, NAME)])


@pytest.mark.parametrize("content", [b"", b"\0", NOTICE.encode(), b"HCPCS,MOD\n"])
def test_other_files_are_not_recognised(content: bytes) -> None:
    assert not FORMAT.recognise(source_of(content))
