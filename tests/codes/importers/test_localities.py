"""Payment localities: their indices, their counties, their anaesthesia factors."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from codes.importers import anesthesia, gpci, localities
from codes.importers.fact_rows import AnesthesiaFactorRow, LocalityCountiesRow, LocalityRow
from codes.importers.rows import Row
from codes.importers.source import Format, SourceFile
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

FORMATS = {"gpci": gpci.FORMAT, "localities": localities.FORMAT, "anesthesia": anesthesia.FORMAT}


def rows(name: str, number: int) -> list[Row]:
    return rows_of(read_facts(FORMATS[name], edition_sources(name, number)))


def text_of(source: SourceFile) -> str:
    return b"".join(source.chunks()).decode()


def changed(name: str, old: str, new: str) -> SourceFile:
    """Return the first edition's file with one text in place of another."""
    (source,) = edition_sources(name, 1)
    text = b"".join(source.chunks()).decode()
    assert old in text
    return source_of(text.replace(old, new), source.name)


@pytest.mark.parametrize(
    ("name", "number", "label", "rows_expected"),
    [
        ("gpci", 1, "2025", 4),
        ("gpci", 2, "2026", 4),
        ("localities", 1, "2025", 6),
        ("localities", 2, "2026", 4),
        ("anesthesia", 1, "2025", 3),
        ("anesthesia", 2, "2026", 6),
    ],
)
def test_names_each_edition(name: str, number: int, label: str, rows_expected: int) -> None:
    edition = read_facts(FORMATS[name], edition_sources(name, number))
    assert (edition.source, edition.label) == (name, label)
    assert edition.effective_date == date(int(label), 1, 1)
    assert len(rows_of(edition)) == rows_expected
    assert FORMATS[name].notice == ""


def test_reads_indices() -> None:
    alabama, alaska, los_angeles, manhattan = rows("gpci", 1)
    assert alabama == LocalityRow(
        line=4,
        mac="10112",
        state="AL",
        number="00",
        name="ALABAMA",
        work_index=Decimal(1),
        practice_index=Decimal("0.869"),
        malpractice_index=Decimal("0.575"),
    )
    assert isinstance(alaska, LocalityRow)
    assert (alaska.name, alaska.work_index) == ("ALASKA", Decimal("1.5"))
    assert isinstance(los_angeles, LocalityRow)
    assert los_angeles.name.startswith("LOS ANGELES-LONG BEACH-ANAHEIM (LOS")
    assert isinstance(manhattan, LocalityRow)
    assert manhattan.malpractice_index == Decimal("1.687")


def test_reads_the_work_index_with_its_floor() -> None:
    alabama, alaska, _, delaware = rows("gpci", 2)
    assert isinstance(alabama, LocalityRow)
    assert (alabama.number, alabama.work_index) == ("00", Decimal(1))
    assert isinstance(alaska, LocalityRow)
    assert (alaska.mac, alaska.number) == ("02102", "01")
    assert isinstance(delaware, LocalityRow)
    assert delaware.work_index == Decimal("1.01")


def test_carries_state_and_contractor_down() -> None:
    found = rows("localities", 1)
    assert found[0] == LocalityCountiesRow(5, "10112", "00", "ALABAMA", "STATEWIDE", "ALL COUNTIES")
    assert found[2] == LocalityCountiesRow(
        8, "01112", "62", "CALIFORNIA", "RIVERSIDE-SAN BERNARDINO-ONTARIO",
        "SAN BERNARDINO, RIVERSIDE",
    )  # fmt: skip
    assert found[3] == LocalityCountiesRow(
        9, "01112", "75", "CALIFORNIA", "REST OF STATE", "ALL OTHER COUNTIES"
    )


def test_leaves_out_a_row_that_repeats_the_one_before() -> None:
    missouri = [
        (row.line, row.number)
        for row in rows("localities", 1)
        if isinstance(row, LocalityCountiesRow) and row.state_name == "MISSOURI"
    ]
    assert missouri == [(11, "02"), (12, "99")]


def test_reads_anaesthesia_factors() -> None:
    first = rows("anesthesia", 1)
    assert first[0] == AnesthesiaFactorRow(2, "10112", "00", "ALABAMA", None, Decimal("19.31"))
    assert isinstance(first[2], AnesthesiaFactorRow)
    assert first[2].name == "WYOMING"
    second = rows("anesthesia", 2)
    alabama: dict[str, Any] = {"line": 2, "mac": "10112", "number": "00", "name": "ALABAMA"}
    assert second[0] == AnesthesiaFactorRow(**alabama, qualifying=True, factor=Decimal("19.5108"))
    assert second[3] == AnesthesiaFactorRow(**alabama, qualifying=False, factor=Decimal("19.4"))


def test_the_higher_anaesthesia_factor_is_the_qualifying_one_in_two_files_too() -> None:
    (one,) = edition_sources("anesthesia", 1)
    higher = source_of(
        text_of(one).replace("19.31", "19.44").replace("27.86", "28"), "ANES2026_b.csv"
    )
    lower = source_of(text_of(one), "ANES2026_a.csv")
    edition = read_facts(anesthesia.FORMAT, [lower, higher])
    assert (edition.file_name, edition.label) == ("ANES2026_a.csv, ANES2026_b.csv", "2026")
    found = [row for row in rows_of(edition) if isinstance(row, AnesthesiaFactorRow)]
    assert [(row.qualifying, str(row.factor)) for row in found if row.number == "00"] == [
        (True, "19.44"),
        (False, "19.31"),
    ]


@pytest.mark.parametrize(
    ("names", "message"),
    [
        (("ANES2026_a.csv", "ANES2026_b.csv"), "have the same conversion factors"),
        (("ANES2025.csv", "ANES2026.csv"), "are of different years."),
        (("ANES2026_a.csv", "b.csv", "c.csv"), "expected one or two columns of"),
    ],
)
def test_anaesthesia_files_that_do_not_belong_together_are_refused(
    names: tuple[str, ...], message: str
) -> None:
    (one,) = edition_sources("anesthesia", 1)
    raised = [
        source_of(text_of(one).replace("27.86", f"{number}"), name)
        for number, name in enumerate(names, start=31)
    ]
    same = [source_of(text_of(one), name) for name in names]
    assert message in refusal_of(anesthesia.FORMAT, same if "same" in message else raised)


@pytest.mark.parametrize(
    ("name", "old", "new", "message"),
    [
        ("gpci", "10112,", "101123,", "4: “101123” is no contractor number; expected five"),
        ("gpci", ",AL,", ",Ala,", "4: “Ala” is no state; expected two capital letters."),
        ("gpci", ",AL,00,", ",AL,000,", "4: “000” is no locality number; expected two digits."),
        ("gpci", "ALABAMA", "*", "4: has no name of the locality."),
        ("gpci", "0.869", "high", "4: “high” is no practice expense index; expected a number"),
        ("gpci", "02102,AK,01", "10112,AK,00", "5: 10112 00 stands already on line 4."),
        ("localities", "1182,18,", "1182,x,", "7: “x” is no locality number; expected two"),
        ("localities", "10112,0,ALABAMA ", "10112,0,", "5: has no contractor or no state, and"),
        ("localities", "LOS ANGELES /ORAGNGE CNTY", " ", "7: has no counties; expected their"),
        ("anesthesia", "19.31", "", "2: “” is no conversion factor; expected a number"),
        ("anesthesia", "02102 ,01", "10112 ,00", "3: 10112 00 stands already on line 2."),
    ],
)
def test_each_problem_says_what_was_expected(name: str, old: str, new: str, message: str) -> None:
    told = messages_of(read_facts(FORMATS[name], [changed(name, old, new)]))
    assert told[0].startswith(message)


@pytest.mark.parametrize("name", ["gpci", "localities"])
def test_two_files_are_refused(name: str) -> None:
    sources = edition_sources(name, 1) * 2
    assert "expected one file of" in refusal_of(FORMATS[name], sources)


@pytest.mark.parametrize(
    ("name", "keep"), [("gpci", "MP GPCI"), ("localities", "Counties"), ("anesthesia", "20.3178")]
)
def test_a_file_cut_after_its_heading_is_refused(name: str, keep: str) -> None:
    (source,) = edition_sources(name, 1)
    text = b"".join(source.chunks()).decode()
    cut = source_of(text[: text.index(keep) + len(keep)], source.name)
    assert "below its heading; is it complete?" in refusal_of(FORMATS[name], [cut])


def test_undated_files_ask_for_their_date() -> None:
    (source,) = edition_sources("anesthesia", 1)
    undated = source_of(b"".join(source.chunks()), "factors.csv")
    assert "give it with --effective-date" in refusal_of(anesthesia.FORMAT, [undated])
    assert read_facts(anesthesia.FORMAT, [undated], DATED).label == "January 2026"


@pytest.mark.parametrize("format_", FORMATS.values(), ids=FORMATS)
@pytest.mark.parametrize("content", [b"", b"\0", b"Contractor,Counties\n", b"State\tLocality\n"])
def test_other_files_are_not_recognised(format_: Format, content: bytes) -> None:
    assert not format_.recognise(source_of(content))


def test_each_format_knows_only_its_own_files() -> None:
    for name, format_ in FORMATS.items():
        for other in FORMATS.keys() - {name}:
            assert not any(map(format_.recognise, edition_sources(other, 1)))


def test_the_real_files_have_the_same_localities() -> None:
    found = {}
    for name, path in (
        ("gpci", "mpfs/GPCI2025.csv"),
        ("localities", "mpfs/25LOCCO.csv"),
        ("anesthesia", "mpfs/ANES2025.csv"),
    ):
        edition = read_facts(FORMATS[name], shared_sources(path))
        assert (edition.label, edition.effective_date) == ("2025", date(2025, 1, 1))
        real = rows_of(edition)
        assert len(real) == 109
        found[name] = {
            (row.mac, row.number)
            for row in real
            if isinstance(row, LocalityRow | LocalityCountiesRow | AnesthesiaFactorRow)
        }
        assert len(found[name]) == 109
    assert found["gpci"] == found["localities"] == found["anesthesia"]
