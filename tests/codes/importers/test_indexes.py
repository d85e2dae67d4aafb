"""The indexes of ICD-10-CM and of HCPCS Level II: paths, codes, tables, and hostile files."""

import json
from dataclasses import replace
from datetime import date

import pytest

from codes.importers import hcpcs_index, icd10cm_index, icd10cm_index_xml
from codes.importers.index_rows import IndexEdition, IndexRow
from codes.importers.opening import open_sources
from codes.importers.rows import FileRefused, Problem
from codes.importers.source import Format, Options, SourceFile
from tests.codes.importers.fact_tools import DATA, DATED, NONE_STATED, edition_sources, source_of

CM, HCPCS = icd10cm_index.FORMAT, hcpcs_index.FORMAT


def read(
    format_: Format, *sources: SourceFile, options: Options = NONE_STATED
) -> list[IndexEdition]:
    assert all(format_.recognise(source) for source in sources)
    editions = format_.read(list(sources), options)
    return [edition for edition in editions if isinstance(edition, IndexEdition)]


def rows_of(edition: IndexEdition) -> list[IndexRow]:
    rows = list(edition.rows)
    assert not [row for row in rows if isinstance(row, Problem)]
    return [row for row in rows if isinstance(row, IndexRow)]


def said(edition: IndexEdition) -> list[tuple[str, str, str]]:
    return [(row.text, row.modifiers, row.code) for row in rows_of(edition)]


def index_xml(inner: str, title: str = "ICD-10-CM INDEX TO DISEASES") -> SourceFile:
    text = f"<ICD10CM.index><title>{title}</title><letter>{inner}</letter></ICD10CM.index>"
    return source_of(text, "icd10cm-index-April-1-2026.xml")


def test_the_path_of_each_entry_leads_to_its_code() -> None:
    external, index = read(CM, *edition_sources("icd10cm_index", 1))
    assert said(index) == [
        ("AIDS", "related complex", "B20"),
        ("Cholera", "Asiatic, epidemic, malignant", "A00.9"),
        ("Cholera, classical", "Asiatic, epidemic, malignant", "A00.0"),
        (
            "Cholera, due to, biovar eltor",
            "Asiatic, epidemic, malignant, Vibrio cholerae",
            "A00.1",
        ),
        ("Cholera, antitoxin reaction", "Asiatic, epidemic, malignant", "T88.59-"),
        ("Fracture, traumatic, ulna, upper end", "abduction, closed, shaft", "S52.0-"),
    ]
    assert said(external) == [("Fall, falling, from, furniture NEC", "accidental", "W08")]
    assert [row.line for row in rows_of(read(CM, *edition_sources("icd10cm_index", 1))[1])][:2] == [
        9,
        21,
    ]


def test_each_index_is_a_source_of_its_own() -> None:
    sources = [*edition_sources("icd10cm_index", 1)]
    sources += open_sources(sorted((DATA / "icd10cm_index" / "tables").iterdir()))
    editions = read(CM, *sources)
    assert {edition.source for edition in editions} == {
        "icd-10-cm-index",
        "icd-10-cm-external-cause-index",
        "icd-10-cm-neoplasm-table",
        "icd-10-cm-drug-table",
    }
    assert {edition.effective_date for edition in editions} == {date(2025, 10, 1)}
    assert {edition.label for edition in editions} == {"October 2025"}


def test_cells_of_tables_stand_under_their_heading() -> None:
    drugs, neoplasms = read(
        CM, *open_sources(sorted((DATA / "icd10cm_index" / "tables").iterdir()))
    )
    assert [(row.text, row.code) for row in rows_of(neoplasms)] == [
        ("Neoplasm, neoplastic, malignant primary", "C80.1"),
        ("Neoplasm, neoplastic, malignant secondary", "C79.9"),
        ("Neoplasm, neoplastic, ca in situ", "D09.9"),
        ("Neoplasm, neoplastic, breast, malignant primary", "C50.9-"),
        ("Neoplasm, neoplastic, breast, malignant secondary", "C79.81"),
    ]
    assert [(row.text, row.code) for row in rows_of(drugs)] == [
        ("Acetaminophen, poisoning, accidental (unintentional)", "T39.1X1"),
        ("Acetaminophen, adverse effect", "T39.1X5"),
        ("Acetone, poisoning, accidental (unintentional)", "T52.4X1"),
        ("Acetone, vapor, poisoning, accidental (unintentional)", "T52.4X1"),
    ]


def test_the_external_causes_are_also_read_as_a_table() -> None:
    (edition,) = read(CM, edition_sources("icd10cm_index", 2)[0])
    assert edition.source == "icd-10-cm-external-cause-index"
    assert edition.effective_date == date(2026, 10, 1)
    assert said(edition)[0] == ("Fall, falling, from, furniture NEC", "accidental", "W08")


def test_a_key_has_no_punctuation() -> None:
    assert IndexRow(1, "Fracture", "S52.0-").key == "S520"
    assert IndexRow(1, "Wheelchair", "E0950", last="E1030").last_key == "E1030"
    assert IndexRow(1, "Wheelchair", "E0950").last_key == "E0950"


def test_two_files_of_one_index_are_refused() -> None:
    source = index_xml("")
    with pytest.raises(FileRefused, match="several files of the same index"):
        CM.read([source, source], NONE_STATED)


def test_an_index_says_which_it_is_and_of_when() -> None:
    with pytest.raises(FileRefused, match="“ICD-10-PCS TABLES”, is of no index that is known"):
        CM.read([index_xml("", "ICD-10-PCS TABLES")], NONE_STATED)
    nameless = replace_name(index_xml(""), "index.xml")
    with pytest.raises(FileRefused, match="give it with --effective-date"):
        CM.read([nameless], NONE_STATED)
    (edition,) = read(CM, nameless, options=DATED)
    assert edition.effective_date == date(2026, 1, 1)


def replace_name(source: SourceFile, name: str) -> SourceFile:
    return source_of(b"".join(source.chunks()), name)


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ("<mainTerm><title>A</title>", "is not well-formed XML"),
        ("<term>" * 40, "elements are nested more than 30 deep"),
        (f"<mainTerm><title>{'x' * 6_000}</title></mainTerm>", "a text is longer than 5,000"),
    ],
)
def test_a_hostile_file_is_refused(inner: str, message: str) -> None:
    (edition,) = read(CM, index_xml(inner))
    with pytest.raises(FileRefused, match=message):
        list(edition.rows)


def test_a_document_type_is_refused() -> None:
    text = '<!DOCTYPE x [<!ENTITY a "b">]><ICD10CM.index><title>INDEX</title></ICD10CM.index>'
    with pytest.raises(FileRefused, match="has a document type declaration"):
        list(icd10cm_index_xml.read_index([text.encode()], file="x.xml"))
    with pytest.raises(FileRefused, match="begins with <html>: this is no ICD-10-CM index"):
        list(icd10cm_index_xml.read_index([b"<html></html>"], file="x.xml"))


def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icd10cm_index_xml, "MAX_ROWS", 1)
    inner = "<mainTerm><title>A</title><code>A00</code><code>A01</code></mainTerm>"
    (edition,) = read(CM, index_xml(inner))
    with pytest.raises(FileRefused, match="holds more than 1 entries"):
        list(edition.rows)


@pytest.mark.parametrize(
    ("inner", "message"),
    [
        ("<mainTerm><title>A</title><cell col='2'>A00</cell></mainTerm>", "has no heading"),
        ("<mainTerm><code>A00</code></mainTerm>", "A00 has no term."),
    ],
)
def test_what_cannot_be_an_entry_is_a_problem(inner: str, message: str) -> None:
    (edition,) = read(CM, index_xml(inner))
    (problem,) = edition.rows
    assert isinstance(problem, Problem)
    assert message in problem.message


def test_a_row_of_the_table_without_a_code_is_a_problem() -> None:
    text = "path,query,nonessential,code\nFall,Fall,,\n\n"
    (edition,) = read(CM, source_of(text, "external_2026.csv"))
    (problem,) = edition.rows
    assert str(problem) == ("external_2026.csv:2: has no path or no code; is the file complete?")


# --- HCPCS ---------------------------------------------------------------------------------------


def test_the_hcpcs_index_has_codes_and_ranges() -> None:
    (edition,) = read(HCPCS, *edition_sources("hcpcs_index", 1))
    assert [(row.line, row.text, row.code, row.last) for row in rows_of(edition)] == [
        (2, "Syringe", "A4206", ""),
        (3, "Supplies, self-administered injections", "A4211", ""),
        (5, "Supplies", "A4206", "A4211"),
        (6, "Cerliponase alfa", "J0567", ""),
        (7, "Wound dressing", "A2001", ""),
        (10, "Wheelchair", "E0950", "E1030"),
    ]
    assert (edition.source, edition.label, edition.effective_date) == (
        "hcpcs-index",
        "2025",
        date(2025, 1, 1),
    )


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("Syringe,Syringe,A42", "“A42” is no code or range of codes."),
        (",,A4206", "“A4206” is no code or range of codes."),
        ("Syringe,Syringe,A4211-A4206", "is no range: it ends before it begins."),
        ("Syringe,Syringe,A4211-B4206", "is no range: it ends before it begins."),
    ],
)
def test_a_row_that_names_no_code_is_a_problem(row: str, message: str) -> None:
    text = f"query,main_term,code_or_range\n{row}\n"
    (edition,) = read(HCPCS, source_of(text, "hcpcs_index_2026.csv"))
    (problem,) = edition.rows
    assert isinstance(problem, Problem)
    assert (problem.line, message in problem.message) == (2, True)


def test_the_hcpcs_index_needs_a_year() -> None:
    source = source_of("query,main_term,code_or_range\n", "index.csv")
    with pytest.raises(FileRefused, match="the name holds no year"):
        HCPCS.read([source], NONE_STATED)
    (edition,) = read(HCPCS, source, options=DATED)
    assert edition.effective_date == date(2026, 1, 1)


def test_other_tables_are_not_taken_for_an_index() -> None:
    for text in (json.dumps({"path": 1}), "code,path,query\n", "<ICD10CM.tabular/>"):
        source = source_of(text)
        assert not CM.recognise(source)
        assert not HCPCS.recognise(source)


def test_editions_may_be_named() -> None:
    options = replace(DATED, label="Mine")
    assert read(HCPCS, edition_sources("hcpcs_index", 2)[0], options=options)[0].label == "Mine"
    assert read(CM, edition_sources("icd10cm_index", 2)[1], options=options)[0].label == "Mine"
