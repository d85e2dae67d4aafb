"""Workbooks as CMS publishes them, and workbooks made to do harm."""

import io
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from codes.importers import workbook
from codes.importers.opening import open_sources
from codes.importers.rows import FileRefused
from codes.importers.source import SourceFile
from tests.codes.importers.memory import MEGABYTE, memory_below

REAL = Path(__file__).parents[4] / "shared/data/ncci/AOC_V2026Q2-MCR.xlsx"
SHEET = "xl/worksheets/sheet1.xml"
ROWS = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
END = "</sheetData></worksheet>"


def book(*rows: list[object]) -> bytes:
    made = Workbook()
    for row in rows:
        made.worksheets[0].append(row)
    made.create_sheet("Second").append(["second sheet"])
    content = io.BytesIO()
    made.save(content)
    return content.getvalue()


def changed(part: str, change: Callable[[bytes], bytes]) -> bytes:
    """Return a workbook with one of its parts replaced."""
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book(["a", "b"], ["c"]))) as old,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, change(content) if name == part else content)
    return result.getvalue()


def with_sheet(xml: str) -> SourceFile:
    return of(changed(SHEET, lambda _: xml.encode()))


def of(content: bytes) -> SourceFile:
    return SourceFile("book.xlsx", lambda: io.BytesIO(content))


def test_cells_are_text() -> None:
    file = of(
        book(
            ["code", None, 99213, 1.5, 20.0, True, None, None],
            [],
            [datetime(2026, 4, 1), date(2026, 1, 2), datetime(2026, 4, 1, 12, 30), "00100"],  # noqa: DTZ001 - workbooks know no time zone
        )
    )
    assert file.is_workbook
    assert list(file.xlsx_rows()) == [
        (1, ["code", "", "99213", "1.5", "20", "True"]),
        (3, ["2026-04-01", "2026-01-02", "2026-04-01T12:30:00", "00100"]),
    ]
    assert list(file.table_rows()) == list(file.xlsx_rows())
    assert list(file.xlsx_rows(sheet=1)) == [(1, ["second sheet"])]
    assert file.head(1) == "code\t\t99213\t1.5\t20\tTrue"


def test_a_workbook_within_a_zip(tmp_path: Path) -> None:
    path = tmp_path / "outer.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("book.xlsx", book(["a", "b"]))
        archive.writestr("notes.txt", "notes")
    files = open_sources([path])
    assert [(file.name, file.is_workbook) for file in files] == [
        ("outer.zip/book.xlsx", True),
        ("outer.zip/notes.txt", False),
    ]
    assert list(files[0].xlsx_rows()) == [(1, ["a", "b"])]


def test_a_missing_sheet_is_refused() -> None:
    with pytest.raises(FileRefused, match="has no worksheet 3"):
        list(of(book(["a"])).xlsx_rows(sheet=2))


def test_a_text_file_is_no_workbook() -> None:
    with pytest.raises(FileRefused, match="is no workbook"):
        list(of(b"a,b").xlsx_rows())


def test_a_document_of_another_kind_is_no_workbook(tmp_path: Path) -> None:
    path = tmp_path / "letter.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("word/document.xml", "<document/>")
    (file,) = open_sources([path])
    assert file.is_document
    assert not file.is_workbook


@pytest.mark.parametrize("keep", [0.3, 0.9])
def test_a_cut_workbook_is_refused(tmp_path: Path, keep: float) -> None:
    content = book(["a"] * 50)
    path = tmp_path / "cut.xlsx"
    path.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(FileRefused, match="is a zip, but cut or damaged"):
        open_sources([path])


def a_row(cells: str, number: int = 1) -> str:
    return f'{ROWS}<row r="{number}">{cells}</row>{END}'


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (with_sheet(a_row("<c><v>1</v></c>" * 1_000_000)), "more than 16,384 columns"),
        (with_sheet(a_row("<c><v>1</v></c>" * 501)), "has more than 500 columns"),
        (with_sheet(a_row("<c><v>1</v></c>", 2_000_000_000)), "has a row beyond 1,048,576"),
        (with_sheet("<!DOCTYPE a [<!ENTITY b 'c'>]>" + a_row("")), "has a document type"),
        (with_sheet("<a>" * 1_000), "has elements nested more than 40 deep"),
        (with_sheet(a_row("<c><v>" + "x" * 70_000 + "</v></c>")), "has a text longer than 64 KB"),
        (with_sheet(f"{ROWS}<row>"), "is not well-formed"),
        (of(changed("xl/workbook.xml", lambda _: b"<a/>")), "has no worksheet 1"),
        (of(changed("xl/workbook.xml", lambda x: x[:-30])), "is not well-formed"),
        (of(changed("xl/_rels/workbook.xml.rels", lambda _: b"<a/>")), "that can be read"),
        (of(changed("xl/styles.xml", lambda x: x + b" " * 5 * MEGABYTE)), "larger than it could"),
    ],
    ids=["a million columns", "501 columns", "a row far away", "entities", "depth", "long text",
         "cut", "another root", "cut elsewhere", "no relations", "a huge part"],
)  # fmt: skip
def test_hostile_workbooks_are_refused_in_little_memory(file: SourceFile, message: str) -> None:
    with memory_below(20 * MEGABYTE), pytest.raises(FileRefused, match=message):
        list(file.xlsx_rows())


def test_head_of_a_hostile_workbook_is_empty() -> None:
    assert with_sheet("<a>" * 1_000).head() == ""


def test_too_many_parts_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "MAX_PARTS", 3)
    with pytest.raises(FileRefused, match="has more than 3 parts"):
        list(of(book(["a"])).xlsx_rows())


@pytest.mark.skipif(not REAL.exists(), reason="the real files of CMS are not on this machine")
def test_a_real_workbook() -> None:
    (file,) = open_sources([REAL])
    with memory_below(100 * MEGABYTE):
        assert sum(1 for _ in file.xlsx_rows()) == 9_002
