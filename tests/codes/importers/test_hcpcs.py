"""The parser of HCPCS Level II, on tiny editions, wrong files and the real ones."""

import csv
import io
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from codes.importers import formats, hcpcs
from codes.importers.hcpcs import HcpcsDetailRow, ModifierRow
from codes.importers.opening import open_sources
from codes.importers.rows import CodeRow, Edition, FactEdition, FileRefused, RowsRefused, check
from codes.importers.source import Options, SourceFile
from tests.codes.importers.hcpcs_files import COLUMNS, Record, fixed_width, spreadsheet

DATA = Path(__file__).parents[2] / "data" / "hcpcs"
REAL = Path(__file__).parents[4] / "shared" / "data" / "hcpcs"
needs_real = pytest.mark.skipif(
    not REAL.exists(), reason="the real files of CMS are not on this machine"
)
DAY = Options(effective_date=date(2025, 10, 1))


class Parsed:
    """What came of reading a file."""

    def __init__(self, *paths: Path | SourceFile, options: Options | None = None) -> None:
        sources = [
            source
            for path in paths
            for source in ([path] if isinstance(path, SourceFile) else open_sources([path]))
        ]
        codes, details, modifiers = hcpcs.read(
            formats.matching(hcpcs.FORMAT, sources), options or Options()
        )
        assert isinstance(codes, Edition)
        assert isinstance(details, FactEdition)
        assert isinstance(modifiers, FactEdition)
        self.edition = codes
        self.rows: dict[str, CodeRow] = {row.key: row for row in codes.rows}
        self.details: dict[str, HcpcsDetailRow] = {}
        for detail in details.tables["HcpcsDetail"]:
            assert isinstance(detail, HcpcsDetailRow)
            self.details[detail.code_key] = detail
        self.modifiers: dict[str, ModifierRow] = {}
        for modifier in modifiers.tables["Modifier"]:
            assert isinstance(modifier, ModifierRow)
            self.modifiers[modifier.modifier] = modifier
        self.sources = (details.source, modifiers.source)
        assert check(codes.rows) == []


def of(text: str, name: str = "HCPC2025_OCT_ANWEB.txt") -> SourceFile:
    return SourceFile(name, lambda: io.BytesIO(text.encode()))


@pytest.fixture(scope="module")
def first() -> Parsed:
    return Parsed(DATA / "1" / "HCPC2025_JUL_ANWEB.txt")


@pytest.fixture(scope="module")
def second() -> Parsed:
    return Parsed(DATA / "2" / "HCPC2025_OCT_ANWEB.csv")


def test_names_the_edition(first: Parsed) -> None:
    edition = first.edition
    assert (edition.label, edition.effective_date) == ("July 2025", date(2025, 7, 1))
    assert edition.file_name == "HCPC2025_JUL_ANWEB.txt"
    assert edition.importer == "hcpcs 1"
    assert (edition.system.slug, edition.system.position) == ("hcpcs", 3)
    assert first.sources == ("hcpcs-details", "hcpcs-modifiers")


def test_codes_stand_below_their_letter_in_order(first: Parsed) -> None:
    assert list(first.rows) == ["A", "A4206", "A4211", "C", "C9014", "G", "G0001", "J", "J0567",
                                "Y", "Y0001"]  # fmt: skip
    chapter = first.rows["A"]
    assert (chapter.kind, chapter.display, chapter.parent) == ("chapter", "A codes", None)
    assert chapter.long == "Transportation, medical and surgical supplies, and administrative items"
    assert first.rows["Y"].long == "Codes that begin with Y"
    assert first.rows["A4206"].parent == ("chapter", "A")


def test_a_code(first: Parsed) -> None:
    row = first.rows["A4206"]
    assert (row.kind, row.key, row.display) == ("code", "A4206", "A4206")
    assert row.short == "1 cc sterile syringe&needle"
    assert row.long == "Syringe with needle, sterile, 1 cc or less, each"
    assert (row.billable, row.valid_from, row.valid_to) == (True, date(1993, 1, 1), None)
    assert (row.file, row.line) == ("HCPC2025_JUL_ANWEB.txt", 12)
    assert first.rows["Y0001"].long.endswith("with an accent: Ménière")


def test_a_long_descriptor_is_joined_by_one_space(first: Parsed) -> None:
    assert first.rows["A4211"].long == (
        "Supplies for self-administered injections, with a text so long that it needs all of "
        "three lines, each of which is joined to the one before it by exactly one space, as here"
    )
    assert first.modifiers["KM"].long_descriptor.endswith("a text that goes on in a second line")


def test_codes_of_the_ama_and_the_ada_are_passed_over(first: Parsed, second: Parsed) -> None:
    for parsed in (first, second):
        assert not {"99999", "D9999"} & (parsed.rows.keys() | parsed.details.keys())
        assert not any("passed over" in row.long for row in parsed.rows.values())


def test_a_terminated_code(first: Parsed) -> None:
    row = first.rows["C9014"]
    assert (row.billable, row.valid_to) == (False, date(2018, 12, 31))
    assert row.replaced_by == ("J0567",)
    assert first.details["C9014"].cross_references == ["J0567", "99999"]


def test_the_last_day_of_use_is_billable(first: Parsed, second: Parsed) -> None:
    assert first.rows["G0001"].valid_to == date(2025, 10, 1)
    assert first.rows["G0001"].billable
    assert second.rows["G0001"].billable
    assert not second.rows["J0567"].billable
    assert second.rows["J0567"].replaced_by == ("J0568",)


def test_details_keep_the_order_of_the_file(first: Parsed) -> None:
    assert first.details["A4211"] == HcpcsDetailRow(
        line=13,
        code_key="A4211",
        pricing_indicators=["32", "46"],
        multiple_pricing="A",
        ncd_references=["60-9", "280.1"],
        manual_references=["2049", "100-04"],
        statute="1861(s)(2)",
        lab_certifications=["340", "400"],
        cross_references=[],
        coverage="D",
        asc_group="",
        asc_date=None,
        processing_note="0088",
        betos="D1E",
        types_of_service=["9"],
        anesthesia_base_units="000",
        added_on=date(1986, 1, 1),
        action_on=date(1996, 1, 1),
        terminated_on=None,
        action="N",
    )
    asc = first.details["C9014"]
    assert (asc.asc_group, asc.asc_date) == ("YY", date(2018, 1, 1))
    assert len(first.details) == 6


def test_modifiers(first: Parsed) -> None:
    assert list(first.modifiers) == ["A2", "KM", "QX"]
    assert first.modifiers["QX"] == ModifierRow(
        line=8,
        modifier="QX",
        short_descriptor="Ends in a while",
        long_descriptor="A modifier that ends in a while",
        coverage="C",
        added_on=date(1986, 1, 1),
        action_on=date(2025, 9, 30),
        terminated_on=date(2025, 9, 30),
        action="D",
    )


def test_the_second_edition(second: Parsed) -> None:
    assert (second.edition.label, second.edition.effective_date) == (
        "October 2025",
        date(2025, 10, 1),
    )
    assert list(second.modifiers) == ["A2", "KM", "JZ"]
    assert second.rows["A4206"].long.endswith("each one")
    assert second.rows["J0568"].long == "A successor, with a comma, and “quotation marks”"
    assert second.details["A4211"].lab_certifications == ["340", "400"]


def test_both_layouts_say_the_same() -> None:
    records = _records_of_every_field()
    text, sheet = Parsed(of(fixed_width(records))), Parsed(of(spreadsheet(records)))
    assert [replace(row, line=0) for row in text.rows.values()] == [
        replace(row, line=0) for row in sheet.rows.values()
    ]
    assert [replace(detail, line=0) for detail in text.details.values()] == [
        replace(detail, line=0) for detail in sheet.details.values()
    ]


def test_a_workbook_that_lost_leading_zeros(tmp_path: Path) -> None:
    book = Workbook()
    for row in csv.reader(io.StringIO(spreadsheet(_records_of_every_field()))):
        book.worksheets[0].append([int(x) if x.isdecimal() and len(x) < 9 else x for x in row])
    path = tmp_path / "HCPC2026_APR_ANWEB.xlsx"
    book.save(path)
    parsed, expected = Parsed(path), Parsed(of(fixed_width(_records_of_every_field())))
    assert parsed.edition.label == "April 2026"
    for key, detail in expected.details.items():
        assert replace(parsed.details[key], line=0) == replace(detail, line=0)


def test_text_comes_before_a_sheet_in_one_zip() -> None:
    sheet = of(spreadsheet([Record("A4206", ["From the sheet"], "Short")]), "a.zip/HCPC2025.csv")
    text = of(fixed_width([Record("A4206", ["From the text"], "Short")]), "a.zip/HCPC2025.txt")
    assert Parsed(sheet, text).rows["A4206"].long == "From the text"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("HCPC2025_OCT_ANWEB.csv", date(2025, 10, 1)),
        ("HCPC2026_APR_ANWEB_v2.xlsx", date(2026, 4, 1)),
        ("HCPC2020_ANWEB_w_disclaimer.txt", date(2020, 1, 1)),
        ("2020-Alpha-Numeric-HCPCS-File.zip/HCPC2020_ANWEB.txt", date(2020, 1, 1)),
        ("july-2026-alpha-numeric-hcpcs-file.zip/codes.txt", date(2026, 7, 1)),
        ("2019-alpha-numeric-hcpcs-file.zip/codes.txt", date(2019, 1, 1)),
        ("codes.txt", None),
    ],
)
def test_the_day_in_a_name(name: str, expected: date | None) -> None:
    assert hcpcs.effective_date_in(name) == expected


def test_a_name_without_an_edition_is_refused_unless_it_is_told() -> None:
    file = of(fixed_width([Record("A4206", ["Syringe"], "Syringe")]), "codes.txt")
    with pytest.raises(FileRefused, match=r"codes\.txt: .*give its day with --effective-date"):
        Parsed(file)
    options = Options(label="A label", effective_date=date(2026, 4, 2))
    edition = Parsed(file, options=options).edition
    assert (edition.label, edition.effective_date) == ("A label", date(2026, 4, 2))


def _changed(change: Callable[[str], str]) -> SourceFile:
    records = [Record("A4206", ["Syringe"], "Syringe"), Record("A4207", ["One", "Two"], "Two")]
    return of(change(fixed_width(records)))


GOOD = Record("A4206", ["Syringe"], "Syringe")


@pytest.mark.parametrize(
    ("file", "message"),
    [
        (_changed(lambda x: x[:-200]), r":4: A4207: ends before column 293, its action\. Is"),
        (_changed(lambda x: x + "stray\r\n"), r":6: expected a code or modifier"),
        (_changed(lambda x: x.replace("A420700200", "A420700300")), r":5: A4207: sequence .* miss"),
        (_changed(lambda x: x.replace("A420700200", "A420800200")), r":5: A4208: continues a rec"),
        (of(fixed_width([GOOD, GOOD])), r":4: A4206: stands twice"),
        (of(fixed_width([GOOD, replace(GOOD, key="B4206", coverage="X")])), r"coverage “X” is no"),
        (of(fixed_width([GOOD, replace(GOOD, key="B4206", action="Q")])), r"action “Q” is none"),
        (of(fixed_width([GOOD, replace(GOOD, key="B4206", added="20251301")])),
         r":4: B4206: added date “20251301” is no date"),
        (of(spreadsheet([replace(GOOD, terminated="soon")])), r"A4206: termination date “soon”"),
        (of(spreadsheet([replace(GOOD, short="")])), r":2: A4206: has no short descriptor"),
        (of(spreadsheet([replace(GOOD, pieces=[""])])), r":2: A4206: has no long descriptor"),
        (of(spreadsheet([replace(GOOD, statute="x" * 11)])), r"statute has more than 10 charac"),
        (of(spreadsheet([replace(GOOD, key="A420")])), r":2: “A420” is no code .* and no modif"),
        (of(spreadsheet([GOOD, replace(GOOD, key="A4207")])[:-60]), r":3: A4207: has no .* compl"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_told_with_its_line(file: SourceFile, message: str) -> None:
    with pytest.raises(RowsRefused, match=message):
        Parsed(file)


def test_every_problem_is_told() -> None:
    wrong = [replace(GOOD, key=f"A{n:04}", coverage="X", action="Q") for n in range(1, 6)]
    with pytest.raises(RowsRefused) as refused:
        Parsed(of(fixed_width(wrong)))
    assert len(refused.value.problems) == 10


def test_a_missing_column_is_refused() -> None:
    text = spreadsheet([GOOD]).replace("ACTION CD", "ACTION").replace("XREF5", "XREF")
    with pytest.raises(FileRefused, match=r"csv:1: has no column ACTION CD, XREF5\."):
        Parsed(of(text, "HCPC2025.csv"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "code,name\nA4206,Syringe\n",
        "00001 001     0 Central Nervous System\n",
        fixed_width([Record("99999", ["A code of the AMA"], "AMA")]),
        "\n".join("A4206" for _ in range(50)),
    ],
    ids=["empty", "another table", "ICD-10-PCS", "CPT only", "codes only"],
)
def test_another_file_is_not_recognised(text: str) -> None:
    assert not hcpcs.recognises(of(text))


def test_a_sheet_without_rows_is_refused() -> None:
    with pytest.raises(FileRefused, match="holds no code of HCPCS Level II"):
        Parsed(of(",".join(COLUMNS) + "\n"))


def test_each_letter_that_is_in_use_has_a_title() -> None:
    assert sorted(hcpcs.CHAPTERS) == list("ABCEGHJKLMPQRSTUV")


# Properties

WORD = st.from_regex(r"[!-~]{1,10}", fullmatch=True)
PIECES = st.lists(
    st.lists(WORD, min_size=1, max_size=6).map(" ".join).map(lambda x: x[:80].strip()),
    min_size=1,
    max_size=4,
)
DATES = st.dates(date(1980, 1, 1), date(2030, 12, 31)).map(lambda day: f"{day:%Y%m%d}")


def upto(count: int, pattern: str) -> st.SearchStrategy[list[str]]:
    return st.lists(st.from_regex(pattern, fullmatch=True), max_size=count)


RECORDS = st.builds(
    Record,
    key=st.from_regex(r"[A-CE-Z][0-9]{4}", fullmatch=True),
    pieces=PIECES,
    short=st.from_regex(r"[!-~]{1,28}", fullmatch=True),
    pricing=upto(4, "[0-9]{2}"),
    multiple_pricing=st.sampled_from(["", "9", "A"]),
    ncd=upto(3, "[0-9]{2}-[0-9]{1,3}"),
    manual=upto(3, "[0-9.]{1,8}"),
    statute=st.from_regex(r"[0-9]{4}\([a-z]\)|", fullmatch=True),
    lab=upto(8, "[0-9]{3}"),
    references=upto(5, r"[A-Z][0-9]{4}"),
    coverage=st.sampled_from([*hcpcs.COVERAGE, ""]),
    asc_group=st.sampled_from(["", "YY"]),
    asc_date=DATES | st.just(""),
    note=st.from_regex(r"[0-9]{4}|", fullmatch=True),
    betos=st.sampled_from([*hcpcs.BETOS, ""]),
    services=upto(5, "[0-9A-Z]"),
    anesthesia=st.just("000"),
    added=DATES,
    acted=DATES,
    terminated=st.just(""),
    action=st.sampled_from(list(hcpcs.ACTIONS)),
)


@given(st.lists(RECORDS, min_size=1, max_size=5, unique_by=lambda record: record.key))
@settings(max_examples=25, deadline=None)  # each example is read in both layouts
def test_what_was_written_is_read(records: list[Record]) -> None:
    for text in (fixed_width(records), spreadsheet(records)):
        parsed = Parsed(of(text))
        assert len(parsed.details) == len(records)
        for record in records:
            _assert_same(record, parsed.rows[record.key], parsed.details[record.key])


def _assert_same(record: Record, row: CodeRow, detail: HcpcsDetailRow) -> None:
    assert (row.long, row.short) == (" ".join(record.pieces), record.short)
    assert f"{row.valid_from:%Y%m%d}" == record.added
    assert detail.pricing_indicators == record.pricing
    assert detail.ncd_references == record.ncd
    assert detail.manual_references == record.manual
    assert detail.lab_certifications == record.lab
    assert detail.cross_references == record.references
    assert detail.types_of_service == record.services
    assert (detail.multiple_pricing, detail.statute, detail.coverage, detail.asc_group) == (
        record.multiple_pricing, record.statute, record.coverage, record.asc_group,
    )  # fmt: skip
    assert (detail.asc_date.strftime("%Y%m%d") if detail.asc_date else "") == record.asc_date
    assert (detail.processing_note, detail.betos, detail.action) == (
        record.note, record.betos, record.action,
    )  # fmt: skip


def _records_of_every_field() -> list[Record]:
    full = Record(
        "A4211", ["First line", "second line"], "Short", ["32", "00"], "A", ["60-9"], ["2049"],
        "1861(n)", ["010", "340"], ["A4212"], "D", "YY", "20250101", "0088", "D1E", ["9", "P"],
        "000", "19860101", "19960101", "20241231", "D",
    )  # fmt: skip
    return [full, Record("A4212", ["Successor"], "Successor", anesthesia="000")]


# The real files


@needs_real
def test_the_real_spreadsheet() -> None:
    parsed = Parsed(REAL / "HCPC2025_OCT_ANWEB.csv")
    codes = [row for row in parsed.rows.values() if row.kind == "code"]
    assert (len(codes), len(parsed.details), len(parsed.modifiers)) == (8_463, 8_463, 383)
    assert sum(row.valid_to is not None for row in codes) == 1_205
    assert max(len(row.long) for row in codes) == 4_501
    assert parsed.rows["E0100"].long.startswith("Cane, includes canes of all materials")
    _assert_all_meanings_are_known(parsed)


@needs_real
def test_the_real_file_of_fixed_width() -> None:
    parsed = Parsed(REAL / "2020-Alpha-Numeric-HCPCS-File.zip")
    codes = [row for row in parsed.rows.values() if row.kind == "code"]
    assert (len(codes), len(parsed.details), len(parsed.modifiers)) == (6_710, 6_710, 369)
    assert parsed.edition.label == "January 2020"
    assert parsed.edition.file_name.endswith(".zip/HCPC2020_ANWEB_w_disclaimer.txt")
    _assert_all_meanings_are_known(parsed)


def _assert_all_meanings_are_known(parsed: Parsed) -> None:
    for row in parsed.details.values():
        assert row.coverage in hcpcs.COVERAGE
        assert row.action in hcpcs.ACTIONS
        assert row.betos in hcpcs.BETOS
        assert row.multiple_pricing in hcpcs.MULTIPLE_PRICING
        assert row.asc_group in {"", *hcpcs.ASC_GROUPS}
        assert set(row.pricing_indicators) <= hcpcs.PRICING.keys()
        assert set(row.types_of_service) <= hcpcs.TYPES_OF_SERVICE.keys()
        assert set(row.lab_certifications) <= hcpcs.LAB_CERTIFICATIONS.keys()
