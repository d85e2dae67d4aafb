"""The parser of ICD-10-PCS, on tiny editions, wrong files and the real one."""

import io
from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codes.importers import formats, icd10pcs
from codes.importers.opening import open_sources
from codes.importers.order_file import OrderRow, fiscal_day, read_order
from codes.importers.rows import CodeRow, Edition, FileRefused, Problem, check
from codes.importers.source import Options, SourceFile
from tests.codes.importers.order_files import Line, order_file, order_line, pcs_lines

DATA = Path(__file__).parents[2] / "data" / "icd10pcs"
REAL = Path(__file__).parents[4] / "shared" / "data" / "icd10pcs"


def of(text: str, name: str = "icd10pcs_order_2026.txt") -> SourceFile:
    return SourceFile(name, lambda: io.BytesIO(text.encode()))


def read(sources: Sequence[SourceFile], options: Options | None = None) -> Edition:
    (edition,) = icd10pcs.read(formats.matching(icd10pcs.FORMAT, sources), options)
    assert isinstance(edition, Edition)
    return edition


def read_folder(number: int) -> Edition:
    edition = read(open_sources(sorted((DATA / str(number)).iterdir())))
    assert list(edition.problems) == []
    assert check(edition.rows) == []
    return edition


def by_key(edition: Edition) -> dict[str, CodeRow]:
    return {row.key: row for row in edition.rows}


def problems_of(text: str) -> list[str]:
    return [str(problem) for problem in read([of(text)]).problems]


@pytest.fixture(scope="module")
def rows() -> dict[str, CodeRow]:
    return by_key(read_folder(1))


def test_names_the_edition() -> None:
    edition = read_folder(1)
    assert (edition.label, edition.effective_date) == ("October 2025", date(2025, 10, 1))
    assert edition.file_name == "icd10pcs_order_2026.txt"
    assert (edition.system.slug, edition.system.position) == ("icd-10-pcs", 4)


def test_the_levels_above_a_code(rows: dict[str, CodeRow]) -> None:
    assert list(rows)[:5] == ["0", "00", "00B", "00B00ZX", "00B00ZZ"]
    section, system, heading, code = (rows[key] for key in ("0", "00", "00B", "00B00ZZ"))
    assert (section.kind, section.display, section.long) == (
        "chapter",
        "Section 0",
        "Medical and Surgical",
    )
    assert (system.kind, system.display, system.parent) == ("section", "00", ("chapter", "0"))
    assert (heading.kind, heading.billable, heading.parent) == (
        "category",
        False,
        ("section", "00"),
    )
    assert (code.kind, code.billable, code.parent) == ("code", True, ("category", "00B"))
    assert code.display == "00B00ZZ"


@pytest.mark.parametrize(
    ("key", "title"),
    [
        ("00", "Central Nervous System and Cranial Nerves"),
        ("0W", "Anatomical Regions, General"),
        ("B2", "Heart"),
        ("30", "Circulatory"),
        ("5A", "Physiological Systems"),
        ("GZ", "Mental Health"),
        ("X0", "Nervous System"),
    ],
)
def test_titles_of_body_systems(rows: dict[str, CodeRow], key: str, title: str) -> None:
    assert rows[key].long == rows[key].short == title


def test_both_descriptors(rows: dict[str, CodeRow]) -> None:
    row = rows["10D00Z0"]
    assert row.short == "Extraction of POC, High, Open Approach"
    assert row.long == "Extraction of Products of Conception, High, Open Approach"
    assert (row.file, row.line) == ("icd10pcs_order_2026.txt", 9)


def test_the_second_edition_with_its_tables() -> None:
    edition = read_folder(2)
    rows = by_key(edition)
    assert edition.file_name == "icd10pcs_order_2027.txt, icd10pcs_tables_2027.xml"
    assert edition.label == "October 2026"
    assert "00C00ZZ" not in rows
    assert rows["00C03ZZ"].billable
    assert rows["00B00ZZ"].long.endswith("reworded")
    assert rows["00C"].notes == (
        ("note", "Extirpation: Taking or cutting out solid matter from a body part"),
    )
    assert rows["B20"].notes == ()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("icd10pcs_order_2026.txt", date(2025, 10, 1)),
        ("april-1-2026-order-file.zip/icd10pcs_order_2026.txt", date(2026, 4, 1)),
        ("2026-icd-10-pcs-order-file.zip/order.txt", date(2025, 10, 1)),
        ("icd10cm_order_2026_Apr.txt", date(2026, 4, 1)),
        ("order.txt", None),
    ],
)
def test_the_day_in_a_name(name: str, expected: date | None) -> None:
    assert fiscal_day(name) == expected


def test_a_name_without_a_year_is_refused_unless_it_is_told() -> None:
    file = of(order_file(pcs_lines()), "order.txt")
    with pytest.raises(FileRefused, match=r"order\.txt: .*give its day with --effective-date"):
        read([file])
    edition = read([file], Options("A label", date(2026, 4, 1)))
    assert (edition.label, edition.effective_date) == ("A label", date(2026, 4, 1))


CODE: Line = ("00B00ZZ", True, "Short", "Long")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (order_file(pcs_lines(CODE)).replace("00002 ", "00003 "), "order number 3 where 2 was ex"),
        (order_file(pcs_lines(("0ZZ00ZZ", True, "A", "B"))), ":2: 0ZZ00ZZ: stands below 0ZZ, whi"),
        (order_file(pcs_lines(("00B00Z", True, "A", "B"))), "00B00Z: is no code of seven charac"),
        (order_file(pcs_lines(("00B0", False, "A", "B"))), "00B0: is no heading of three"),
        (order_file(pcs_lines(("00BO0ZZ", True, "A", "B"))), "00BO0ZZ: is no code of seven"),
        (order_file(pcs_lines(("E0B", False, "A", "B"))), "E0B: is of a section that ICD-10-PC"),
        (order_file(pcs_lines(("00B00ZZ", True, "A", ""))), "00B00ZZ: has no long descriptor. Is"),
        (order_file(pcs_lines()) + "stray\r\n", "txt:18: “stray”: expected order number (1-5)"),
        (order_file(pcs_lines()[:-1]), "holds no code of section X. Is the file complete?"),
        (order_file(pcs_lines())[:-10], "ends in the middle of a line. Is the file complete?"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told(text: str, message: str) -> None:
    assert any(message in problem for problem in problems_of(text)), problems_of(text)


def test_a_code_that_stands_twice_is_told_by_the_checks() -> None:
    edition = read([of(order_file(pcs_lines(CODE, CODE)))])
    assert "stands twice" in str(check(edition.rows)[0])


@pytest.mark.parametrize(
    "text",
    ["", "code,name\n", order_file([("A00", False, "Cholera", "Cholera")] * 3), "<a/>"],
    ids=["empty", "another table", "ICD-10-CM", "another XML"],
)
def test_another_file_is_not_recognised(text: str) -> None:
    assert not icd10pcs.recognises(of(text))


def test_two_order_files_are_refused() -> None:
    files = [of(order_file(pcs_lines())), of(order_file(pcs_lines()))]
    with pytest.raises(FileRefused, match="expected one order file"):
        read(files)


def test_tables_of_another_edition_are_told() -> None:
    order = (DATA / "1" / "icd10pcs_order_2026.txt").read_text()
    tables = (DATA / "2" / "icd10pcs_tables_2027.xml").read_text()
    found = read([of(order), of(tables, "tables.xml")]).problems
    assert [problem.message for problem in found] == [
        "table X0H is not in icd10pcs_order_2026.txt."
    ]
    fewer = tables.replace('code="H"', 'code="5"')
    found = read([of(order), of(fewer, "tables.xml")]).problems
    assert "heading HZ2 has no table in tables.xml." in [problem.message for problem in found]


TABLES = "<ICD10PCS.tabular>{}</ICD10PCS.tabular>"
TABLE = '<pcsTable><axis pos="1"><label code="0">A</label></axis></pcsTable>'


@pytest.mark.parametrize(
    ("xml", "message"),
    [
        (TABLES.format(TABLE), "table “0” has not three characters"),
        (TABLES.format("<pcsTable>"), "is not well-formed XML .*; is it complete"),
        ("<!DOCTYPE a>" + TABLES.format(""), "has a document type declaration"),
        ("<other>" + TABLES.format("") + "</other>", "begins with <other>"),
        (TABLES.format("<a>" * 30), "nested more than 24 deep"),
        (TABLES.format("x" * 5_000), "a text is longer than 4,000"),
    ],
)
def test_hostile_tables_are_refused(xml: str, message: str) -> None:
    with pytest.raises(FileRefused, match=message):
        read([of(order_file(pcs_lines())), of(xml, "tables.xml")])


TEXT = st.from_regex(r"[!-~](?:[ -~]*[!-~])?", fullmatch=True)
LINES = st.builds(
    OrderRow,
    line=st.just(1),
    key=st.from_regex(r"[0-9A-Z]{3,7}", fullmatch=True),
    billable=st.booleans(),
    short=TEXT.filter(lambda text: len(text) <= 60),
    long=TEXT,
)


@given(st.lists(LINES, max_size=6), st.sampled_from(["\n", "\r\n"]))
@settings(deadline=None)
def test_what_was_written_is_read(rows: list[OrderRow], end: str) -> None:
    lines = [(row.key, row.billable, row.short, row.long) for row in rows]
    found = [row for row in read_order(of(order_file(lines, end=end))) if isinstance(row, OrderRow)]
    assert [(row.key, row.billable, row.short, row.long) for row in found] == lines
    assert [row.line for row in found] == list(range(1, len(lines) + 1))


def test_the_writer_follows_the_columns_of_the_layout() -> None:
    line = order_line(2, ("0016070", True, "Short", "Long"))
    assert (line[:5], line[6:13], line[14], line[16:21], line[77:]) == (
        "00002", "0016070", "1", "Short", "Long",
    )  # fmt: skip


def test_an_empty_file_holds_nothing() -> None:
    found = list(read_order(of("")))
    assert all(isinstance(problem, Problem) for problem in found)


@pytest.mark.skipif(not REAL.exists(), reason="the real files of CMS are not on this machine")
def test_the_real_order_file() -> None:
    edition = read(open_sources(sorted(REAL.glob("*.zip"))))
    assert list(edition.problems) == []
    assert check(edition.rows) == []
    kinds = Counter(row.kind for row in edition.rows)
    assert kinds == {"chapter": 17, "section": 117, "category": 917, "code": 79_193}
    assert sum(row.billable for row in edition.rows) == 79_193
    assert by_key(edition)["0DTJ4ZZ"].long == (
        "Resection of Appendix, Percutaneous Endoscopic Approach"
    )
