"""OPPS Addendum B, in the official layout and the one with fewer columns."""

from datetime import date
from decimal import Decimal

import pytest

from codes.importers.fact_rows import OutpatientPaymentRow
from codes.importers.opps_b import FORMAT
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
    "HCPCS Code,Short Descriptor,SI,APC ,Relative Weight,Payment Rate ,"
    "National Unadjusted Copayment ,Minimum Unadjusted Copayment ,Note,* Indicates a Change\n"
)
ROW = '45378,,T,5311,9.8760," $1,901.32 ",.,$180.27,,\n'
NAME = "April 2026 Addendum B.csv"


def of(lines: str, name: str = NAME) -> SourceFile:
    return source_of(f"Addendum B,,,,,,,,,\n{HEADING}{lines}", name)


def by_code(edition: FactEdition) -> dict[str, OutpatientPaymentRow]:
    rows = [row for row in rows_of(edition) if isinstance(row, OutpatientPaymentRow)]
    return {row.code_key: row for row in rows}


def test_reads_the_official_layout() -> None:
    edition = read_facts(FORMAT, edition_sources("opps_b", 1))
    assert (edition.source, edition.label) == ("opps-b", "January 2026")
    assert edition.effective_date == date(2026, 1, 1)
    rows = by_code(edition)
    assert len(rows) == 7
    assert rows["45378"] == OutpatientPaymentRow(
        line=7,
        code_key="45378",
        status_indicator="T",
        apc="5311",
        relative_weight=Decimal("9.8760"),
        payment_rate=Decimal("901.32"),
        national_copayment=None,
        minimum_copayment=Decimal("180.27"),
        notes="",
    )
    assert rows["33208"].payment_rate == Decimal("10330.47")
    assert rows["33208"].notes == "Capped at the deductible"
    assert rows["0001F"].payment_rate is None
    assert rows["A4341"].status_indicator == "N"
    assert rows["J0171"].payment_rate == Decimal("0.329")


def test_keeps_no_descriptor() -> None:
    edition = read_facts(FORMAT, edition_sources("opps_b", 1))
    assert not any("Sample" in str(row) for row in rows_of(edition))


def test_reads_the_layout_with_fewer_columns() -> None:
    edition = read_facts(FORMAT, edition_sources("opps_b", 2))
    assert (edition.label, edition.effective_date) == ("April 2026", date(2026, 4, 1))
    rows = by_code(edition)
    assert len(rows) == 5
    assert rows["C9804"] == OutpatientPaymentRow(5, "C9804", "H1", "", None, None, None, None, "")
    assert rows["J0171"].payment_rate == Decimal("0.329")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("45378", "4537", "“4537” is no code; expected five digits or capitals."),
        (",T,", ",t,", "“t” is no status indicator; expected such as J1."),
        (",T,", ",,", "“” is no status indicator"),
        ("5311", "A5", "“A5” is no APC; expected a number such as 5361."),
        ("9.8760", "much", "“much” is no relative weight; expected a number"),
        ("$1,901.32", "$1.9013", "“1.9013” is no payment rate; expected at most 10 digits"),
        ("$180.27", "free", "“free” is no minimum copayment; expected a number"),
        (ROW[5:], "\n", "has 1 of 8 columns; is the file complete?"),
    ],
)
def test_each_problem_says_what_was_expected(old: str, new: str, message: str) -> None:
    good = ROW.replace("45378", "45380")
    (told,) = messages_of(read_facts(FORMAT, [of(good + ROW.replace(old, new))]))
    assert told.startswith("4: ")
    assert message in told


def test_a_code_that_stands_twice_is_told() -> None:
    assert messages_of(read_facts(FORMAT, [of(ROW * 2)])) == ["4: 45378 stands already on line 3."]


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("April 2026 Addendum B.csv", "April 2026"),
        ("2026_july_web_addendum_b.06302026.csv", "July 2026"),
        ("oct-2026-addendum-b.csv", "October 2026"),
    ],
)
def test_the_month_is_of_the_name(name: str, label: str) -> None:
    assert read_facts(FORMAT, [of(ROW, name)]).label == label


def test_an_undated_file_asks_for_its_date() -> None:
    assert "give it with --effective-date" in refusal_of(FORMAT, [of(ROW, "b.csv")])
    assert read_facts(FORMAT, [of(ROW, "b.csv")], DATED).label == "January 2026"


def test_a_file_without_rows_is_refused() -> None:
    assert "holds no codes below its heading" in refusal_of(FORMAT, [of("")])


@pytest.mark.parametrize("content", [b"", b"\0", b"HCPCS Code,Price\n", b"HCPCS,MOD\n"])
def test_other_files_are_not_recognised(content: bytes) -> None:
    assert not FORMAT.recognise(source_of(content))


def test_the_real_file() -> None:
    edition = read_facts(FORMAT, shared_sources("opps/addendum_b_2026-04.redacted.csv"))
    assert (edition.label, edition.effective_date) == ("April 2026", date(2026, 4, 1))
    rows = by_code(edition)
    assert len(rows) == 19_059
    assert rows["99284"].payment_rate == Decimal("426.3")
    assert sum(row.payment_rate is not None for row in rows.values()) == 7_336
    assert sum(row.status_indicator == "J1" for row in rows.values()) == 3_449
