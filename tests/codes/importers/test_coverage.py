"""The parser of the Medicare Coverage Database, on tiny editions and on wrong files."""

import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from codes.importers import coverage
from codes.importers.coverage import CoverageCodeRow
from codes.importers.coverage_documents import CoverageDocumentRow
from codes.importers.opening import open_sources
from codes.importers.rows import FactEdition, FileRefused, Problem
from codes.importers.source import Options, SourceFile
from tests.codes.importers.fact_tools import DATA, edition_sources, source_of

ARTICLE = "article_id,article_version,title,status,article_eff_date,last_updated\n"
HCPC = "article_id,article_version,hcpc_code_id,hcpc_code_group\n"
COVERED = "article_id,article_version,icd10_code_id,icd10_covered_group\n"
GOOD = ARTICLE + "1,1,T,A,,2026-01-01\n"
NOTHING = Options()
TABLES = {
    "article": ARTICLE + "1,1,Title,A,2026-01-01,2026-01-02\n",
    "hcpc": HCPC + "1,1,99990,1\n",
    "covered": COVERED + "1,1,J96.01,1\n",
    "noncovered": COVERED.replace("covered_group", "noncovered_group"),
    "related": "article_id,article_version,r_lcd_id\n",
    "x_contractor": (
        "article_id,article_version,contractor_id,contractor_type_id,contractor_version\n"
    ),
    "contractor": "contractor_id,contractor_type_id,contractor_version,contractor_bus_name\n",
}


def tables(**changed: str) -> list[SourceFile]:
    """Return a whole export of articles; ``changed`` tables instead of the plain ones."""
    return [source_of(text, f"{name}.csv") for name, text in (TABLES | changed).items() if text]


def read(sources: list[SourceFile], options: Options = NOTHING) -> FactEdition:
    known = [source for source in sources if coverage.FORMAT.recognise(source)]
    (edition,) = coverage.FORMAT.read(known, options)
    assert isinstance(edition, FactEdition)
    return edition


def documents(edition: FactEdition) -> dict[str, CoverageDocumentRow]:
    found = {}
    for row in edition.tables["CoverageDocument"]:
        assert isinstance(row, CoverageDocumentRow), row
        found[f"{row.number}/{row.version}"] = row
    return found


def codes(edition: FactEdition) -> list[CoverageCodeRow]:
    rows = []
    for row in edition.tables["CoverageCode"]:
        assert isinstance(row, CoverageCodeRow), row
        rows.append(row)
    return rows


def problems(sources: list[SourceFile]) -> list[str]:
    edition = read(sources)
    streams: Iterator[object] = (row for stream in edition.tables.values() for row in stream)
    return [str(row) for row in streams if isinstance(row, Problem)]


def refusal(sources: list[SourceFile], options: Options = NOTHING) -> str:
    def everything() -> list[object]:
        return [list(stream) for stream in read(sources, options).tables.values()]

    with pytest.raises(FileRefused) as refused:
        everything()
    return str(refused.value)


def test_only_the_tables_that_are_read_are_known() -> None:
    known = {
        source.name: coverage.FORMAT.recognise(source) for source in edition_sources("coverage", 1)
    }
    assert not known.pop("article_x_hcpc_code_group.csv")
    assert not known.pop("lcd_x_requestor_letters.csv")
    assert len(known) == 13
    assert all(known.values())


def test_the_first_edition() -> None:
    edition = read(edition_sources("coverage", 1))
    assert (edition.source, edition.label) == ("coverage", "2 March 2026")
    assert edition.effective_date == date(2026, 3, 2)
    found = documents(edition)
    assert found["A900001/2"] == CoverageDocumentRow(
        line=2,
        kind="article",
        number="A900001",
        version=2,
        title="Billing and Coding: Invented Service A",
        status="active",
        effective_on=date(2026, 1, 1),
        ended_on=None,
        contractors=["Invented Contractor, LLC (99101)", "Another Contractor"],
        related=["L910001", "A900002", "999.1"],
    )
    assert list(found) == [
        *("999.1/3", "999.2/2", "999.1/1", "999.1#920004/3"),
        *("L910001/5", "L910002/1"),
        *("A900001/2", "A900002/1", "DA900003/1"),
    ]


def test_dates_and_states_of_the_first_edition() -> None:
    found = documents(read(edition_sources("coverage", 1)))
    retired = found["A900002/1"]
    assert retired.title == "Billing & Coding: Invented Service B"
    assert (retired.status, retired.line) == ("retired", 4)
    assert (retired.effective_on, retired.ended_on) == (date(2025, 1, 15), date(2026, 2, 28))
    assert retired.related == ["L919999"]
    assert found["DA900003/1"].status == "proposed"
    assert found["L910001/5"].related == ["A900001"]
    assert found["L910001/5"].contractors == ["Invented Contractor, LLC (99101)"]
    assert found["L910002/1"].effective_on == date(2015, 10, 1)
    ended = found["999.2/2"]
    assert (ended.status, ended.effective_on, ended.ended_on) == (
        "retired",
        None,
        date(2021, 1, 1),
    )


def test_the_codes_of_the_first_edition() -> None:
    rows = codes(read(edition_sources("coverage", 1)))
    assert [(row.article, row.role, row.group, row.code_key) for row in rows] == [
        ("A900001", "procedure", 1, "99990"),
        ("A900001", "procedure", 2, "G0999"),
        ("A900002", "procedure", 1, "99990"),
        ("L910002", "procedure", 1, "E0999"),
        ("A900001", "covered", 1, "J9601"),
        ("A900001", "covered", 1, "J9602"),
        ("A900001", "covered", 2, "Z9981"),
        ("A900001", "noncovered", 1, "R0600"),
    ]
    assert rows[0] == CoverageCodeRow(2, "A900001", 2, "procedure", 1, "99990")


def test_no_descriptor_and_no_text_is_kept() -> None:
    edition = read(edition_sources("coverage", 1))
    kept = repr([list(stream) for stream in edition.tables.values()])
    assert "KEPT" not in kept.upper()
    assert "<p>" not in kept


def test_the_second_edition_holds_articles_alone() -> None:
    edition = read(edition_sources("coverage", 2))
    assert edition.effective_date == date(2026, 4, 2)
    assert {row.number: row.status for row in documents(edition).values()} == {
        "A900001": "active",
        "A900004": "future",
    }
    assert [row.code_key for row in codes(edition)] == ["99990", "99991", "J9601", "J9690"]


def test_zips_are_read_together_in_any_order(tmp_path: Path) -> None:
    names = {"current_article_csv.zip": "article", "current_lcd_csv.zip": "lcd", "ncd.zip": "ncd"}
    for name, prefix in names.items():
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            for path in (DATA / "coverage" / "1").glob("*.csv"):
                if path.name.startswith((prefix, "contractor")):
                    archive.write(path, path.name)
    paths = [tmp_path / name for name in sorted(names, reverse=True)]
    edition = read(open_sources(paths))
    assert len(documents(edition)) == 9
    assert len(codes(edition)) == 8
    assert "current_lcd_csv.zip/lcd.csv" in edition.file_name


def test_windows_line_ends_marks_quotes_and_capitals_make_no_difference() -> None:
    article = "\ufeff" + TABLES["article"].replace(
        "article_id,article_version", '"ARTICLE_ID","Article_Version"'
    )
    edition = read(tables(article=article.replace("\n", "\r\n")))
    assert list(documents(edition)) == ["A1/1"]
    assert len(codes(edition)) == 2


def test_the_importer_may_state_label_and_day() -> None:
    edition = read(tables(), Options("Week 40", date(2026, 9, 28)))
    assert (edition.label, edition.effective_date) == ("Week 40", date(2026, 9, 28))
    undated = tables(article=ARTICLE + "1,1,Title,A,,\n")
    assert "--effective-date" in refusal(undated)


@pytest.mark.parametrize(
    ("table", "text", "message"),
    [
        (
            "article",
            GOOD + "x,1,T,A,,\n",
            "“x” is no id of a document",
        ),
        (
            "article",
            GOOD + "2,z,T,A,,\n",
            "“z” is no version; expected",
        ),
        (
            "article",
            GOOD + "2,1,T,A,2026-13-01,\n",
            "no effective date",
        ),
        ("article", GOOD + "1,1,T,A,,\n", "A1 version 1 stands already"),
        ("article", GOOD + "2,1,T,", "has 4 of 6 columns"),
        ("hcpc", HCPC + "1,1,9999,1\n", "“9999” is no procedure code; expected five digits"),
        ("hcpc", HCPC + "1,1,99990,one\n", "“one” is no group; expected a whole number"),
        ("hcpc", HCPC + "1,1,99990,1\n1,1", "has 2 of 4 columns; is the file complete?"),
        ("covered", COVERED + "1,1,J96/01,1\n", "“J96/01” is no covered code; expected"),
        ("x_contractor", TABLES["x_contractor"] + "1,1\n", "has 2 of 5 columns"),
        ("contractor", TABLES["contractor"] + "1,1\n", "has 2 of 4 columns"),
    ],
)
def test_each_problem_names_its_line(table: str, text: str, message: str) -> None:
    (found,) = problems(tables(**{table: text}))
    assert message in found
    assert found.startswith(f"{table}.csv:")


def test_incomplete_and_mixed_exports_are_refused() -> None:
    assert "holds article, but not article_x_icd10_covered" in refusal(tables(covered=""))
    assert "holds no article, LCD or NCD" in refusal(tables(article=""))
    twice = [*tables(), source_of(TABLES["hcpc"], "again.csv")]
    assert "again.csv: is the table article_x_hcpc_code a second time" in refusal(twice)
    others = tables(hcpc=HCPC + "2,1,99990,1\n")
    assert "hcpc.csv: names no document of the other files" in refusal(others)
    headless = tables(article=ARTICLE)
    assert "holds no documents" in refusal(headless, Options("x", date(2026, 1, 1)))


def test_hostile_files_are_refused() -> None:
    assert "NUL byte" in refusal(tables(hcpc=HCPC + "1,1,\0,1\n"))
    assert "500 columns" in refusal(tables(hcpc=HCPC + "," * 600 + "\n"))
    assert "well-formed CSV" in refusal(tables(covered=COVERED + '1,1,"J96'))
    for content in (b"", b"\0\1\2", b"%PDF-1.7", b"a,b\n1,2\n", b"\xff\xfea\0"):
        assert not coverage.FORMAT.recognise(source_of(content))


def test_many_codes_are_streamed() -> None:
    article = ARTICLE + "".join(f"{n},1,T,A,,2026-01-01\n" for n in range(1, 61))
    lines = [f"{n // 250 + 1},1,J{n % 100:02}.{n % 250:03},1" for n in range(15_000)]
    edition = read(tables(article=article, covered=COVERED + "\n".join(lines) + "\n"))
    tracemalloc.start()
    count = sum(1 for _ in edition.tables["CoverageCode"])
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 15_001
    assert peak < 8 << 20  # as much as the block read at a time takes, whatever the size
