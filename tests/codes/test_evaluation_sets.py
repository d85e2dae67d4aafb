"""The sets that measure search and case finding keep their form, and name only codes that exist.

No database: these are checks of text files. The README beside each of them gives its format.
"""

import csv
import re
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from codes.importers import files
from codes.importers.icd10cm_tabular import packaged_files, read_list

SEARCH_SETS = Path(__file__).with_name("search_sets")
AT_LEAST = {"typed.csv": 220, "abbreviations.csv": 150, "former_titles.csv": 90}
NOTES = Path(__file__).with_name("notes")
NOTE_FIELDS = {"id", "kind", "text", "codes"}
OPTIONAL_FIELDS = {"mask", "also", "kept", "uncertain", "not"}
TRAPS = {"negated", "list", "family", "ruled out", "past", "conditional"}
TRAPS |= {"other person", "other side", "other meaning"}

ICD10CM = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?")
HCPCS = re.compile(r"[A-V]\d{4}")
ICD10PCS = re.compile(r"[0-9B-DF-HX][0-9A-HJ-NP-Z]{6}")


@cache
def icd10cm_keys() -> frozenset[str]:
    """Return every entry of the packaged ICD-10-CM edition, without dots."""
    _, listing = packaged_files()
    text = files.text_of(listing, limit=16 << 20)
    return frozenset(read_list(text, file=listing.name))


def problem_of(code: str) -> str:
    """Return what is wrong with a code of a set, nothing where it is right."""
    if HCPCS.fullmatch(code) or ICD10PCS.fullmatch(code):
        return ""
    if not ICD10CM.fullmatch(code):
        return f"{code!r} is no code as printed"
    return "" if code.replace(".", "") in icd10cm_keys() else f"{code} is not in ICD-10-CM"


def rows_of(name: str) -> list[dict[str, str]]:
    with (SEARCH_SETS / name).open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_every_search_set_is_checked_here() -> None:
    assert {path.name for path in SEARCH_SETS.glob("*.csv")} == set(AT_LEAST)


@pytest.mark.parametrize("name", AT_LEAST)
def test_search_set_keeps_its_form(name: str) -> None:
    rows = rows_of(name)
    queries = [row["query"].casefold() for row in rows]

    assert all(list(row) == ["query", "code"] and all(row.values()) for row in rows)
    assert len(rows) >= AT_LEAST[name]
    assert sorted(set(queries)) == sorted(queries)


@pytest.mark.parametrize("name", AT_LEAST)
def test_search_set_names_only_codes_that_exist(name: str) -> None:
    answers = [row["code"].split("|") for row in rows_of(name)]

    assert all(len(set(codes)) == len(codes) for codes in answers)
    assert [problem for codes in answers for code in codes if (problem := problem_of(code))] == []


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("S52.501A", ""),
        ("J1885", ""),
        ("0YU50JZ", ""),
        ("E11", ""),
        ("E119", "'E119' is no code as printed"),
        ("E11.99", "E11.99 is not in ICD-10-CM"),
    ],
)
def test_check_tells_wrong_codes_from_right_ones(code: str, problem: str) -> None:
    assert problem_of(code) == problem


def case_notes() -> list[dict[str, Any]]:
    files_of_notes = sorted(NOTES.glob("**/*.yaml"))
    return [note for path in files_of_notes for note in yaml.safe_load(path.read_text("utf-8"))]


def right_codes(note: dict[str, Any]) -> list[str]:
    return [code for answer in note["codes"] for code in answer.split("|")]


def forbidden_codes(note: dict[str, Any]) -> list[str]:
    return [code for code, _, _ in note.get("not", [])]


def quotations(note: dict[str, Any]) -> list[str]:
    """Return every piece of a note that its answers quote."""
    traps = [words for _, _, words in note.get("not", [])]
    doubts = list(note.get("uncertain", {}).values())
    return [*note["codes"].values(), *traps, *doubts, *note.get("mask", [])]


def overlap(code: str, other: str) -> bool:
    """Return whether the codes are the same or one stands below the other."""
    return code.startswith(other) or other.startswith(code)


def test_there_are_enough_notes_and_traps() -> None:
    notes = case_notes()

    assert len(notes) >= 66
    assert sum(bool(note.get("not")) for note in notes) >= 40
    assert {kind for note in notes for _, kind, _ in note.get("not", [])} == TRAPS
    assert [key for key, count in Counter(note["id"] for note in notes).items() if count > 1] == []


@pytest.mark.parametrize("note", case_notes(), ids=lambda note: note["id"])
def test_note_keeps_its_form(note: dict[str, Any]) -> None:
    text = " ".join(note["text"].split())

    assert set(note) >= NOTE_FIELDS
    assert set(note) <= NOTE_FIELDS | OPTIONAL_FIELDS
    assert [words for words in quotations(note) if " ".join(words.split()) not in text] == []
    assert set(note.get("kept", [])) <= set(note["codes"])


@pytest.mark.parametrize("note", case_notes(), ids=lambda note: note["id"])
def test_note_names_codes_that_exist_and_agree(note: dict[str, Any]) -> None:
    right = [*right_codes(note), *note.get("also", [])]
    wrong = [*forbidden_codes(note), *note.get("uncertain", {})]

    assert [problem for code in right + wrong if (problem := problem_of(code))] == []
    assert [(a, b) for a in right for b in wrong if overlap(a, b)] == []
    assert set(forbidden_codes(note)).isdisjoint(note.get("uncertain", {}))
