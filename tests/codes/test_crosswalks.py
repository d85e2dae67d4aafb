"""Crosswalks: diagnoses of articles, add-on pairs, maps and categories, replaced codes."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from codes.facts import CoverageCode
from codes.models import Successor
from codes.sections.equivalences import body_system, flags_in_words, printed_icd9
from tests import factories
from tests.codes.pages import words

pytestmark = pytest.mark.django_db

PAGE = "/codes/cpt/99213/"
SECTION = "/codes/cpt/99213/crosswalks/"


def article(*diagnoses: str, number: str = "52850", key: str = "99213") -> None:
    """Make an article that lists a procedure, and diagnoses that it covers."""
    factories.coverage_code(key, number)
    for diagnosis in diagnoses:
        factories.coverage_code(diagnosis, number, role="covered", group=2)


def listed_diagnoses(number: int) -> None:
    """List that many diagnoses, A00.00 and on, in the same article."""
    release = factories.edition("coverage")
    CoverageCode.objects.bulk_create(
        CoverageCode(
            release=release,
            line=i,
            article="52850",
            version=3,
            role="covered",
            code_key=f"A{i:04}",
        )
        for i in range(number)
    )


def test_a_procedure_names_the_diagnoses_of_its_articles(member: Client) -> None:
    factories.code("99213")
    factories.code("J96.01", of=factories.system("icd-10-cm"), short_descriptor="Failure")
    article("J9601", "J9602")
    factories.coverage_code("J9603", role="noncovered")
    article("K500", number="1", key="99214")
    text = words(member, PAGE)
    assert "Diagnoses in coverage articles that list 99213" in text
    assert "J96.01 Failure covered diagnosis Article 52850, version 3, group 2" in text
    assert "J96.02 covered diagnosis" in text
    assert "J96.03 non-covered diagnosis" in text
    assert "K50.0" not in text


def test_a_diagnosis_leads_back_to_the_procedures_that_cover_it(member: Client) -> None:
    factories.code("J96.01", of=factories.system("icd-10-cm"))
    factories.code("J96.03", of=factories.system("icd-10-cm"))
    factories.code("27447", short_descriptor="Visit")
    article("J9601", key="27447")
    factories.coverage_code("J9603", role="noncovered")
    text = words(member, "/codes/icd-10-cm/J96.01/")
    assert "Procedures in coverage articles that cover J96.01" in text
    assert "27447 Visit Article 52850" in text
    assert "27447" not in words(member, "/codes/icd-10-cm/J96.03/")


@pytest.mark.parametrize(
    ("mode", "number", "wording"), [("off", 0, 0), ("codes_only", 1, 0), ("full", 1, 1)]
)
def test_the_licence_of_cpt_holds_on_the_page_of_a_diagnosis(
    member: Client, mode: str, number: int, wording: int
) -> None:
    factories.code("J96.01", of=factories.system("icd-10-cm"))
    factories.code(
        "27447", of=factories.system("cpt", display_mode=mode), short_descriptor="CANARY"
    )
    article("J9601", key="27447")
    factories.crosswalk("J9601", "51881")
    text = words(member, "/codes/icd-10-cm/J96.01/")
    assert ("27447" in text, "CANARY" in text) == (bool(number), bool(wording))


def test_long_lists_are_cut_paged_and_searched(member: Client) -> None:
    factories.code("99213")
    article("B0001")
    listed_diagnoses(150)
    assert "All 151 codes" in words(member, PAGE)
    first = words(member, SECTION)
    assert "A00.99" in first
    assert "A01.00" not in first
    assert "Page 1 of 2" in first
    assert "B00.01" in words(member, SECTION, {"page": "2"})
    found = words(member, SECTION, {"q": "b00.0"})
    assert "B00.01" in found
    assert "A00" not in found
    assert "None begins with “Z99”" in words(member, SECTION, {"q": "Z99"})


def test_add_on_codes_and_primaries_name_each_other(member: Client) -> None:
    factories.code("15272", short_descriptor="More skin")
    factories.code("15271", short_descriptor="First skin")
    factories.add_on_edit("15272", "15271", notes="A note of CMS")
    factories.add_on_edit("15272", "CCCCC", type="2")
    text = words(member, "/codes/cpt/15272/crosswalks/")
    assert "Primary codes of this add-on code" in text
    assert "15271 First skin A note of CMS" in text
    assert "Medicare’s contractors define primary codes for it." in text
    assert "CCCCC" not in text
    assert "Add-on codes of this primary code 15272 More skin" in words(member, "/codes/cpt/15271/")


def test_a_long_list_of_primaries_is_whole_in_the_section(member: Client) -> None:
    factories.code("99213")
    for i in range(30):
        factories.add_on_edit("99213", f"{i:05}")
    assert "All 30 codes" in words(member, PAGE)
    assert "00029" not in words(member, PAGE)
    assert "00029" in words(member, SECTION)


def test_maps_of_a_diagnosis_are_told_in_words(member: Client) -> None:
    factories.code("A01.00", of=factories.system("icd-10-cm"))
    factories.crosswalk("A0100", "0020", flags="10000")
    factories.crosswalk("A0100", "DIG001", target_system="ccsr")
    text = words(member, "/codes/icd-10-cm/A01.00/")
    assert "002.0 Approximate." in text
    assert "DIG001 Body system: Digestive system" in text
    assert "gem-icd-10-cm-icd-9-cm.csv" in text


def test_a_category_has_the_title_of_its_file(member: Client) -> None:
    factories.code("A01.00", of=factories.system("icd-10-cm"))
    factories.crosswalk(
        "A0100", "DIG001", target_system="ccsr", target_title="Intestinal infection"
    )
    text = words(member, "/codes/icd-10-cm/A01.00/")
    assert "DIG001 Intestinal infection Body system: Digestive system" in text


def test_a_map_without_an_equivalent_says_so(member: Client) -> None:
    factories.code("A01.00", of=factories.system("icd-10-cm"))
    factories.crosswalk("A0100", "", flags="11000")
    assert "The map has no equivalent." in words(member, "/codes/icd-10-cm/A01.00/")


def test_a_diagnosis_names_the_groups_whose_logic_uses_it(member: Client) -> None:
    factories.code("A01.00", of=factories.system("icd-10-cm"))
    factories.drg_logic("A0100", "371-373")
    factories.drg_logic("A0100", "974-976", mdc="25")
    factories.drg_logic("A0109", "001")
    factories.drg("371", title="INTESTINAL GROUP", weight=Decimal("1.8"))
    factories.drg("373", title="ANOTHER ONE")
    factories.drg("374", title="OUTSIDE")
    text = words(member, "/codes/icd-10-cm/A01.00/")
    assert "MS-DRGs whose logic uses this diagnosis" in text
    assert "as a principal or a secondary diagnosis; it does not say which." in text
    assert "The group of a stay follows from the whole claim" in text
    assert "MS-DRG 371–373 MDC 06 Digestive system" in text
    assert "371 INTESTINAL GROUP Weight 1.8000" in text
    assert "373 ANOTHER ONE" in text
    assert "MS-DRG 974–976 MDC 25 Human immunodeficiency virus infections" in text
    assert "No title of these groups is loaded." in text
    assert "OUTSIDE" not in text
    assert "ms-drg-diagnoses.csv" in text
    html = member.get("/codes/icd-10-cm/A01.00/").content.decode()
    assert 'href="/ms-drg/371/"' in html
    assert "/ms-drg/372/" not in html


def test_a_procedure_names_its_class_and_what_the_manual_marks(member: Client) -> None:
    factories.code("5A1522F", of=factories.system("icd-10-pcs"))
    factories.drg_logic(
        "5A1522F",
        "003",
        mdc="PRE",
        category="A sample class",
        is_operating_room=False,
        is_in_cluster=True,
    )
    text = words(member, "/codes/icd-10-pcs/5A1522F/")
    assert "MS-DRGs whose logic uses this procedure" in text
    assert (
        "MS-DRG 003 Before the major diagnostic categories Not of the operating room"
        " Also in a combination A sample class" in text
    )


def test_a_long_list_of_groups_is_whole_in_the_section(member: Client) -> None:
    factories.code("0SRC0J9", of=factories.system("icd-10-pcs"))
    for number in range(30):
        factories.drg_logic("0SRC0J9", f"{number:03}", category="Joints")
    page = words(member, "/codes/icd-10-pcs/0SRC0J9/")
    assert "All 30 entries" in page
    assert "MS-DRG 029" not in page
    assert "MS-DRG 029" in words(member, "/codes/icd-10-pcs/0SRC0J9/crosswalks/")


def test_the_groups_of_a_day_are_those_of_its_edition(member: Client) -> None:
    factories.code("A01.00", of=factories.system("icd-10-cm"), valid_from=date(2020, 1, 1))
    factories.release(factories.system("icd-10-cm"), effective_date=date(2020, 1, 1))
    old = factories.edition("ms-drg-diagnoses", effective_date=date(2024, 10, 1), is_current=False)
    factories.drg_logic("A0100", "371-373", release=old)
    factories.drg_logic(
        "A0100", "380", release=factories.edition("ms-drg-diagnoses", label="v43.0")
    )
    section = "/codes/icd-10-cm/A01.00/crosswalks/"
    assert "MS-DRG 380" in words(member, section)
    then = words(member, section, {"on": "2025-01-15"})
    assert "MS-DRG 371–373" in then
    assert "MS-DRG 380" not in then


def test_the_locked_card_counts_entries_of_the_logic(client: Client) -> None:
    factories.code("A01.00", of=factories.system("icd-10-cm"))
    factories.drg_logic("A0100", "371-373")
    factories.drg_logic("A0100", "974-976", mdc="25")
    text = words(client, "/codes/icd-10-cm/A01.00/")
    assert "2 entries in the logic of MS-DRGs, release October 2025" in text
    assert "MS-DRG 371" not in text


@pytest.mark.parametrize("number", [1, 200])
def test_groups_take_the_same_queries_for_one_and_many(
    member: Client, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    factories.code("A01.00", of=factories.system("icd-10-cm"))
    for place in range(number):
        factories.drg_logic("A0100", f"{place:03}-{place + 1:03}")
        factories.drg(f"{place:03}")
    with django_assert_num_queries(13):
        text = words(member, "/codes/icd-10-cm/A01.00/crosswalks/")
    assert f"MS-DRG {number - 1:03}–{number:03}" in text


def test_replaced_codes_name_their_edition(member: Client) -> None:
    old = factories.code("99201", valid_to=date(2020, 12, 31), billable=False)
    new = factories.code("99213", short_descriptor="New words")
    Successor.objects.create(code=old, successor=new, release=old.release)
    assert "Use instead of 99201 99213 New words" in words(member, "/codes/cpt/99201/")
    assert "Codes that 99213 replaces 99201" in words(member, PAGE)
    assert "Test edition" in words(member, SECTION)


def test_the_references_of_the_hcpcs_file_are_links(member: Client) -> None:
    hcpcs = factories.system("hcpcs")
    factories.code("J1100", of=hcpcs)
    factories.code("J1094", of=hcpcs, short_descriptor="Other")
    factories.hcpcs_detail("J1100", cross_references=["J1094", "J1095"])
    factories.add_on_edit("J1100", "J1095")
    text = words(member, "/codes/hcpcs/J1100/")
    assert "Codes that the HCPCS file refers to J1094 Other J1095" in text


def test_the_locked_card_counts(client: Client) -> None:
    factories.code("99213")
    article("J9601", "J9602")
    factories.add_on_edit("99213", "00001")
    text = words(client, PAGE)
    assert "2 diagnoses in articles, 1 add-on code pair" in text
    assert "J96" not in text
    assert "00001" not in text


def test_nothing_loaded_leaves_no_section(member: Client) -> None:
    factories.code("99213")
    assert member.get(SECTION).status_code == 404


@pytest.mark.parametrize("number", [1, 1000])
def test_the_section_takes_the_same_queries_for_one_and_a_thousand_rows(
    member: Client, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    factories.code("99213")
    factories.add_on_edit("99213", "00001")
    article()
    listed_diagnoses(number)
    factories.system("icd-10-cm")
    with django_assert_num_queries(15):
        assert "A00.00" in words(member, SECTION)


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        ("00000", "Identical in meaning."),
        ("10000", "Approximate."),
        ("01000", "The map has no equivalent."),
        ("10112", "Approximate; one part of a combination (scenario 1, choice list 2)"),
        ("", ""),
    ],
)
def test_flags_are_told_in_words(flags: str, said: str) -> None:
    assert flags_in_words(flags).startswith(said)
    assert bool(flags_in_words(flags)) == bool(said)


@given(st.text(max_size=8))
def test_no_flags_break_it(flags: str) -> None:
    assert isinstance(flags_in_words(flags), str)


@pytest.mark.parametrize(
    ("key", "is_procedure", "printed"),
    [
        ("0020", False, "002.0"),
        ("E8120", False, "E812.0"),
        ("V1582", False, "V15.82"),
        ("042", False, "042"),
        ("3965", True, "39.65"),
    ],
)
def test_icd9_codes_have_their_dot(key: str, is_procedure: bool, printed: str) -> None:
    assert printed_icd9(key, is_procedure=is_procedure) == printed


def test_an_unknown_body_system_is_not_guessed() -> None:
    assert body_system("XYZ001") == ""
