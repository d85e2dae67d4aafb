"""The parser of place of service codes, on tiny tables, wrong files and a real one."""

import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook

from codes.importers import formats, place_of_service
from codes.importers.fact_rows import PlaceOfServiceRow
from codes.importers.opening import open_sources
from codes.importers.rows import FactEdition, FileRefused, Problem
from codes.importers.source import Options, SourceFile

DATA = Path(__file__).parents[2] / "data" / "place_of_service"
REAL = Path(__file__).parents[4] / "shared" / "data" / "maps" / "place_of_service.csv"
DAY = Options(effective_date=date(2026, 1, 1))
HEADINGS = "pos_code,pos_type,pos_name,pos_description\n"


def of(text: str, name: str = "pos.csv") -> SourceFile:
    return SourceFile(name, lambda: io.BytesIO(text.encode()))


def read(source: SourceFile, options: Options = DAY) -> FactEdition:
    sources = formats.matching(place_of_service.FORMAT, [source])
    (edition,) = place_of_service.read(sources, options)
    return edition


def rows_of(edition: FactEdition) -> dict[str, PlaceOfServiceRow]:
    rows = {}
    for row in edition.tables["PlaceOfService"]:
        assert isinstance(row, PlaceOfServiceRow), row
        rows[row.number] = row
    return rows


def problems_of(text: str) -> list[str]:
    rows = read(of(HEADINGS + text)).tables["PlaceOfService"]
    return [str(row) for row in rows if isinstance(row, Problem)]


def test_the_first_edition() -> None:
    (source,) = open_sources([DATA / "1" / "place_of_service_2026_april.csv"])
    edition = read(source, Options())
    assert (edition.source, edition.label) == ("place-of-service", "April 2026")
    assert edition.effective_date == date(2026, 4, 1)
    rows = rows_of(edition)
    assert list(rows) == ["01", "02", "11", "21"]
    assert rows["02"] == PlaceOfServiceRow(
        line=3,
        number="02",
        setting="Facility",
        name="Telehealth Provided Other than in Patient’s Home",
        description="The patient is not located in their home.",
    )
    assert rows["21"].description == ""


def test_the_second_edition() -> None:
    (source,) = open_sources([DATA / "2" / "pos.csv"])
    rows = rows_of(read(source))
    assert list(rows) == ["01", "02", "11", "27"]
    assert rows["02"].description.endswith("reworded.")
    assert {row.setting for row in rows.values()} == {""}


def test_a_workbook(tmp_path: Path) -> None:
    book = Workbook()
    book.worksheets[0].append(["Place of Service Code", "Place of Service Name",
                               "Place of Service Description"])  # fmt: skip
    book.worksheets[0].append([1, "Pharmacy", "A place"])
    book.save(tmp_path / "pos.xlsx")
    (source,) = open_sources([tmp_path / "pos.xlsx"])
    assert rows_of(read(source))["01"].name == "Pharmacy"


def test_the_day_has_to_be_known() -> None:
    with pytest.raises(FileRefused, match="give it with --effective-date"):
        read(of(HEADINGS), Options())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("111,Facility,Name,Text\n", "pos.csv:2: “111” is no code of two digits."),
        ("x,Facility,Name,Text\n", "pos.csv:2: “x” is no code of two digits."),
        ("11,Facility,,Text\n", "pos.csv:2: 11 has no name."),
        ("11,Sometimes,Name,Text\n", "pos.csv:2: “Sometimes” is neither Facility nor Non-Facil"),
        ("11,,Name,A\n11,,Name,B\n", "pos.csv:3: 11 stands already on line 2."),
        ("11,Facility,Name\n", "pos.csv:2: has 3 of 4 columns; is the file complete?"),
        (f"11,,{'x' * 201},A\n", "longer than 200 characters."),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, message: str) -> None:
    (problem,) = problems_of(text)
    assert message in problem


def test_a_table_without_codes_is_refused() -> None:
    with pytest.raises(FileRefused, match="holds no codes below its heading"):
        problems_of("")


@pytest.mark.parametrize("text", ["", "code,name\n", "pos_code,name,description\n"])
def test_another_file_is_not_recognised(text: str) -> None:
    assert not place_of_service.recognise(of(text))


@pytest.mark.skipif(not REAL.exists(), reason="the real files of CMS are not on this machine")
def test_a_real_table() -> None:
    (source,) = open_sources([REAL])
    rows = rows_of(read(source))
    assert len(rows) == 52
    assert sum(row.setting == "Facility" for row in rows.values()) == 18
    assert rows["99"].name == "Other Place of Service"
