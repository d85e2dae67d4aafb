"""The sets that measure search keep their form, and name only codes that exist.

No database: these are checks of text files. The README beside the sets gives their format.
"""

import csv
import re
from functools import cache
from pathlib import Path

import pytest

from codes.importers import files
from codes.importers.icd10cm_tabular import packaged_files, read_list

SEARCH_SETS = Path(__file__).with_name("search_sets")
AT_LEAST = {"typed.csv": 220, "abbreviations.csv": 150}

ICD10CM = re.compile(r"[A-Z]\d[0-9A-Z](\.[0-9A-Z]{1,4})?")
HCPCS = re.compile(r"[A-V]\d{4}")


@cache
def icd10cm_keys() -> frozenset[str]:
    """Return every entry of the packaged ICD-10-CM edition, without dots."""
    _, listing = packaged_files()
    text = files.text_of(listing, limit=16 << 20)
    return frozenset(read_list(text, file=listing.name))


def problem_of(code: str) -> str:
    """Return what is wrong with a code of a set, nothing where it is right."""
    if HCPCS.fullmatch(code):
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
        ("E11", ""),
        ("E119", "'E119' is no code as printed"),
        ("E11.99", "E11.99 is not in ICD-10-CM"),
    ],
)
def test_check_tells_wrong_codes_from_right_ones(code: str, problem: str) -> None:
    assert problem_of(code) == problem
