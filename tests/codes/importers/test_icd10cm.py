"""ICD-10-CM from its files together: tabular list, list of codes, order file."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from codes.importers import formats, icd10cm
from codes.importers.opening import open_sources
from codes.importers.rows import CodeRow, Edition, FileRefused, check
from codes.importers.source import Options, SourceFile

DATA = Path(__file__).parents[2] / "data"


def sources_of(number: int, *kinds: str) -> list[SourceFile]:
    """Return the files of a tiny edition: "tabular", "list" and "order"."""
    (tabular,) = (DATA / "icd10cm" / str(number)).glob("*.xml")
    (listing,) = (DATA / "icd10cm" / str(number)).glob("*.txt")
    (order,) = (DATA / "icd10cm_order" / str(number)).glob("*.txt")
    paths = {"tabular": tabular, "list": listing, "order": order}
    return open_sources([paths[kind] for kind in kinds])


def read(sources: Sequence[SourceFile], options: Options | None = None) -> Edition:
    (edition,) = icd10cm.read(formats.matching(icd10cm.FORMAT, sources), options)
    assert isinstance(edition, Edition)
    return edition


def whole(edition: Edition) -> dict[tuple[str, str], CodeRow]:
    assert list(edition.problems) == []
    assert check(edition.rows) == []
    return {row.ref: row for row in edition.rows}


def changed(source: SourceFile, old: str, new: str) -> SourceFile:
    text = "\n".join(source.texts()) + "\n"
    assert old in text
    return SourceFile(source.name, lambda: io.BytesIO(text.replace(old, new).encode()))


@pytest.mark.parametrize("number", [1, 2])
def test_the_order_file_can_stand_for_the_list(number: int) -> None:
    by_list = whole(read(sources_of(number, "tabular", "list")))
    by_order = whole(read(sources_of(number, "tabular", "order")))
    assert list(by_list) == list(by_order)
    for ref, row in by_list.items():
        assert (row.long, row.billable) == (by_order[ref].long, by_order[ref].billable)


def test_official_short_descriptors() -> None:
    rows = whole(read(sources_of(1, "tabular", "list", "order")))
    code = rows["code", "S52011A"]
    assert code.short == "Torus fx upper end of right ulna, init for clos fx"
    assert code.long == (
        "Torus fracture of upper end of right ulna, initial encounter for closed fracture"
    )
    assert rows["category", "A00"].notes
    assert rows["section", "A00-A09"].long == "Intestinal infectious diseases"


def test_the_flag_of_the_order_file_counts() -> None:
    tabular, order = sources_of(1, "tabular", "order")
    other = changed(order, "A09     1", "A09     0")
    assert not whole(read([tabular, other]))["category", "A09"].billable


def test_names_the_edition() -> None:
    edition = read(sources_of(2, "order", "tabular", "list"))
    assert (edition.label, edition.effective_date) == ("April 2026", date(2026, 4, 1))
    assert edition.file_name == (
        "icd10cm-tabular-April-1-2026.xml, code-list-April-2026.txt, icd10cm_order_2026_April.txt"
    )
    (tabular, order) = sources_of(2, "tabular", "order")
    tabular.name = "icd10cm_tabular_2026.xml"
    assert read([tabular, order]).effective_date == date(2025, 10, 1)
    tabular.name = "tabular.xml"
    with pytest.raises(FileRefused, match="give it with --effective-date"):
        read([tabular, order])
    options = Options("A label", date(2026, 4, 2))
    assert read([tabular, order], options).label == "A label"


@pytest.mark.parametrize("kinds", [("tabular",), ("order",), ("list", "order"), ("tabular",) * 2])
def test_files_that_are_no_edition_are_refused(kinds: tuple[str, ...]) -> None:
    with pytest.raises(FileRefused, match="expected the tabular list"):
        read(sources_of(1, *kinds))


def test_files_of_two_editions_are_told() -> None:
    tabular, order = *sources_of(2, "tabular"), *sources_of(1, "order")
    found = [str(problem) for problem in read([tabular, order]).problems]
    assert "icd10cm_order_2026.txt:3: A001 is not in the tabular list." in found
    assert any("A09.1: is not in icd10cm_order_2026.txt." in problem for problem in found)


def test_a_code_that_stands_twice_in_the_order_file_is_told() -> None:
    tabular, order = sources_of(1, "tabular", "order")
    other = changed(order, "00003 A001 ", "00003 A000 ")
    found = [str(problem) for problem in read([tabular, other]).problems]
    assert "icd10cm_order_2026.txt:3: A000: stands twice." in found


@pytest.mark.parametrize(
    "text",
    ["", "one two three", "<ICD10CM.index></ICD10CM.index>", "00001 001     0 Central Nervous"],
)
def test_another_file_is_not_recognised(text: str) -> None:
    assert not icd10cm.recognises(SourceFile("file", lambda: io.BytesIO(text.encode())))
