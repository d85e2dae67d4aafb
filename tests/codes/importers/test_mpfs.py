"""The fee schedule's relative values: one file of 2025, two of 2026, hostile ones, the real one."""

from datetime import date
from decimal import Decimal

import pytest

from codes.importers.fact_rows import RelativeValueRow
from codes.importers.mpfs import FORMAT
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

Rows = dict[tuple[str, str, bool | None], RelativeValueRow]


def rows_by_name(edition: FactEdition) -> Rows:
    found: Rows = {}
    for row in rows_of(edition):
        assert isinstance(row, RelativeValueRow)
        found[row.code_key, row.modifier, row.qualifying] = row
    return found


@pytest.fixture(scope="module")
def rows() -> Rows:
    return rows_by_name(read_facts(FORMAT, edition_sources("mpfs", 1)))


def text_of(source: SourceFile) -> str:
    return b"".join(source.chunks()).decode("utf-8-sig")


def changed(old: str, new: str) -> SourceFile:
    """Return the file of 2025 with one text in place of another."""
    text = text_of(edition_sources("mpfs", 1)[0])
    assert old in text
    return source_of(text.replace(old, new), "PPRRVU2025_Oct.csv")


def test_names_the_edition() -> None:
    edition = read_facts(FORMAT, edition_sources("mpfs", 1))
    assert (edition.source, edition.label) == ("mpfs", "October 2025")
    assert edition.effective_date == date(2025, 10, 1)
    assert edition.file_name == "PPRRVU2025_Oct.csv"
    assert edition.importer == "mpfs 1"
    assert list(edition.tables) == ["RelativeValue"]
    assert FORMAT.notice == "ama"


def test_reads_every_field(rows: Rows) -> None:
    assert rows["33361", "", None] == RelativeValueRow(
        line=14,
        code_key="33361",
        modifier="",
        qualifying=None,
        status="A",
        work_rvu=Decimal("22.47"),
        nonfacility_pe_rvu=Decimal(0),
        nonfacility_na=True,
        facility_pe_rvu=Decimal("9.02"),
        facility_na=False,
        malpractice_rvu=Decimal("5.03"),
        nonfacility_total=Decimal("36.52"),
        facility_total=Decimal("36.52"),
        pctc="0",
        global_days="000",
        preoperative=Decimal(0),
        intraoperative=Decimal(0),
        postoperative=Decimal(0),
        multiple_procedure="2",
        bilateral="0",
        assistant_surgeon="2",
        co_surgeons="2",
        team_surgeons="0",
        endoscopic_base="",
        conversion_factor=Decimal("32.3465"),
        supervision="09",
        calculation_flag="0",
        imaging_family="99",
        opps_nonfacility_pe=Decimal(0),
        opps_facility_pe=Decimal(0),
        opps_malpractice=Decimal(0),
    )


def test_reads_components_and_indicators(rows: Rows) -> None:
    assert len(rows) == 12
    assert rows["71046", "26", None].work_rvu == Decimal("0.18")
    assert rows["71046", "TC", None].opps_malpractice == Decimal("0.01")
    assert rows["71046", "", None].facility_na
    assert rows["45378", "53", None].nonfacility_total == Decimal("4.86")
    assert rows["45380", "", None].endoscopic_base == "45378"
    assert rows["70551", "", None].imaging_family == "88"
    assert rows["0005F", "", None].status == "I"


def test_keeps_no_descriptor(rows: Rows) -> None:
    assert not any("Sample" in str(row) for row in rows.values())


def test_reads_the_two_files_of_2026() -> None:
    edition = read_facts(FORMAT, edition_sources("mpfs", 2))
    assert (edition.label, edition.effective_date) == ("January 2026", date(2026, 1, 1))
    rows = rows_by_name(edition)
    assert len(rows) == 24
    assert rows["10021", "", True].conversion_factor == Decimal("33.5675")
    assert rows["10021", "", False].conversion_factor == Decimal("33.4009")
    assert rows["10021", "", False].work_rvu == Decimal("1.00")
    assert rows["45380", "", True].endoscopic_base == "45378"
    assert ("0005F", "", True) not in rows
    assert ("10035", "", False) in rows


def test_tells_the_two_files_apart_by_their_factor_not_by_their_names() -> None:
    qualifying, other = edition_sources("mpfs", 2)
    swapped = [source_of(text_of(qualifying), "b.csv"), source_of(text_of(other), "a.csv")]
    edition = read_facts(FORMAT, [swapped[1], swapped[0]])
    assert edition.file_name == "b.csv, a.csv"
    assert rows_by_name(edition)["10021", "", True].conversion_factor == Decimal("33.5675")


def test_one_of_the_two_files_is_refused() -> None:
    message = refusal_of(FORMAT, edition_sources("mpfs", 2)[:1])
    assert "give the QPP and the non-QPP file of the release together" in message


def test_the_same_file_twice_is_refused() -> None:
    first = edition_sources("mpfs", 2)[0]
    assert "have the same conversion factor, 33.5675" in refusal_of(FORMAT, [first, first])


def test_two_files_of_2025_are_refused() -> None:
    first = edition_sources("mpfs", 1)[0]
    assert "expected 1 relative value file(s)" in refusal_of(FORMAT, [first, first])


def test_files_of_two_releases_are_refused() -> None:
    qualifying, other = edition_sources("mpfs", 2)
    april = source_of(text_of(other).replace("January Release", "April Release"), "other.csv")
    assert "are of different releases" in refusal_of(FORMAT, [qualifying, april])


def test_the_month_may_stand_in_the_name_only() -> None:
    edition = read_facts(FORMAT, [changed(" October Release", "")])
    assert edition.label == "October 2025"


def test_an_undated_file_asks_for_its_date() -> None:
    undated = changed("2025 National", "National")
    assert "give it with --effective-date" in refusal_of(FORMAT, [undated])
    assert read_facts(FORMAT, [undated], DATED).label == "January 2026"


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("10021,,", "1002,,", "13: “1002” is no code; expected five digits or capitals."),
        ("10021,,,A", "10021,,,AB", "13: “AB” is no status code; expected one capital letter."),
        ("10021,,,A,,1.03", "10021,,,A,,x", "13: “x” is no work RVU; expected a number such as"),
        ("10021,,,A,,1.03", "10021,,,A,,1.0301", "13: “1.0301” is no work RVU; expected at most"),
        ("10021,,,A,,1.03", "10021,,,A,,1e9", "13: “1e9” is no work RVU; expected a number"),
        ("0.00,NA,9.02", "0.00,maybe,9.02", "14: “maybe” is no NA indicator; expected NA or"),
        ("45378,53", "45378,", "16: 45378 stands already on line 15."),
        ("45378,53", "45378,ABC", "16: MOD “ABC” is longer than 2 characters."),
    ],
)
def test_each_problem_says_what_was_expected(old: str, new: str, message: str) -> None:
    (told,) = messages_of(read_facts(FORMAT, [changed(old, new)]))
    assert told.startswith(message)


def test_a_file_cut_in_the_middle_of_a_row_is_told() -> None:
    text = text_of(edition_sources("mpfs", 1)[0])
    cut = source_of(text[: text.index("G0439") + 20], "cut.csv")
    assert "it complete?" in refusal_of(FORMAT, [cut])  # within the quotes of the descriptor
    cut = source_of(text[: text.index("70551") + 40], "cut.csv")
    (told,) = messages_of(read_facts(FORMAT, [cut]))
    assert told.startswith("21: has 13 of 31 columns; is the file complete?")


def test_a_file_cut_after_its_heading_is_refused() -> None:
    text = text_of(edition_sources("mpfs", 1)[0])
    cut = source_of(text[: text.index("0005F")], "cut.csv")
    assert "holds no relative values below its heading" in refusal_of(FORMAT, [cut])


def test_a_missing_column_is_refused() -> None:
    message = refusal_of(FORMAT, [changed("GLOB,PRE", "GLOBE,PRE")])
    assert "10: has no column “GLOB DAYS”; is it the official layout?" in message


@pytest.mark.parametrize("content", [b"", b"\0\0", b"HCPCS,MOD\n", b"PK\x03\x04", b"a,b\n1,2\n"])
def test_other_files_are_not_recognised(content: bytes) -> None:
    assert not FORMAT.recognise(source_of(content))


def test_the_real_file() -> None:
    edition = read_facts(FORMAT, shared_sources("mpfs/PPRRVU2025_Oct.redacted.csv"))
    rows = rows_by_name(edition)
    assert (edition.label, len(rows)) == ("October 2025", 19_090)
    assert len({code for code, _, _ in rows}) == 16_852
    assert rows["99213", "", None].work_rvu == Decimal("1.30")
    assert {row.conversion_factor for row in rows.values()} == {Decimal("32.3465")}
    payable = [row for row in rows.values() if row.status == "A"]
    assert len(payable) == 9_021
    assert all(
        row.work_rvu + row.facility_pe_rvu + row.malpractice_rvu == row.facility_total
        for row in payable
    )
