"""Coding Guidelines: policy indicators in words, add-on codes, why a code is not billable."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from codes.facts import AddOnEdit
from codes.indicators import POLICY
from codes.models import CodeNote
from tests import factories
from tests.codes.pages import words

pytestmark = pytest.mark.django_db

PAGE = "/codes/cpt/15272/"
SECTION = "/codes/cpt/15272/guidelines/"


def test_each_indicator_has_its_value_and_its_meaning(member: Client) -> None:
    factories.code("15272")
    values = {
        "status": "A",
        "global_days": "090",
        "pctc": "1",
        "multiple_procedure": "3",
        "bilateral": "2",
        "assistant_surgeon": "1",
        "co_surgeons": "2",
        "team_surgeons": "1",
        "supervision": "03",
        "imaging_family": "88",
    }
    factories.relative_value("15272", **values)
    text = words(member, PAGE).replace("&#x27;", "'")
    for field, value in values.items():
        indicator = POLICY[field]
        expected = (
            f"{indicator.title} {value} {indicator.name(value)}. {indicator.explanation(value)}"
        )
        assert expected in text
    assert "Do not apply" not in text


def test_concepts_that_do_not_apply_are_named_together(member: Client) -> None:
    factories.code("15272")
    factories.relative_value("15272", bilateral="9", co_surgeons="9")
    text = words(member, PAGE)
    assert "Do not apply Bilateral surgery 9 , Co-surgeons 9" in text


def test_an_unknown_value_is_shown_without_a_guess(member: Client) -> None:
    factories.code("15272")
    factories.relative_value("15272", multiple_procedure="8")
    assert "Multiple procedures 8 (the site knows no meaning of this value)" in words(member, PAGE)


def test_a_component_that_differs_is_told(member: Client) -> None:
    factories.code("15272")
    factories.relative_value("15272", supervision="09")
    factories.relative_value("15272", supervision="02", modifier="TC")
    text = words(member, PAGE)
    assert "Supervision of diagnostic tests 09 Does not apply." in text
    assert "Technical component, modifier TC: 02 Direct." in text
    assert "Do not apply Diagnostic imaging family 99" in text


def test_the_base_endoscopy_is_a_link(member: Client) -> None:
    factories.code("15272")
    factories.code("45378", short_descriptor="The base")
    factories.relative_value("15272", endoscopic_base="45378")
    assert "Base endoscopy 45378 The base" in words(member, PAGE)


@pytest.mark.parametrize(
    ("type_", "primary", "said"),
    [
        ("1", "15271", "It is paid only where one of 1 primary code that CMS lists"),
        ("2", "CCCCC", "Medicare’s contractors decide which primary codes it goes with."),
        ("3", "15271", "CMS lists 1 primary code; Medicare’s contractors may accept others."),
    ],
)
def test_an_add_on_code_is_told(member: Client, type_: str, primary: str, said: str) -> None:
    factories.code("15272")
    factories.add_on_edit("15272", primary, type=type_)
    text = words(member, PAGE)
    assert "15272 is an add-on code." in text
    assert said in text
    assert "add-on-edits.csv" in text


def test_a_primary_code_is_told_and_ended_edits_are_not(member: Client) -> None:
    factories.code("15272")
    factories.add_on_edit("15273", "15272")
    factories.add_on_edit("15274", "15272")
    factories.add_on_edit("15275", "15272", deleted_on=date(2020, 12, 31))
    assert "It is the primary code of 2 add-on codes." in words(member, PAGE)


def test_a_code_that_is_not_billable_says_why(member: Client) -> None:
    factories.code("15272", billable=False)
    factories.relative_value("15272")
    assert "Not billable. Not valid for reporting." in words(member, PAGE)


def test_a_billable_code_gives_no_reason(member: Client) -> None:
    factories.code("15272")
    factories.relative_value("15272")
    assert "Not billable." not in words(member, PAGE)


def test_the_locked_card_counts_and_tells_nothing(client: Client) -> None:
    factories.code("15272")
    factories.relative_value("15272")
    factories.add_on_edit("15272", "15271")
    text = words(client, PAGE)
    assert "10 policy indicators, release October 2025, add-on code rules" in text
    assert "15271" not in text


def test_an_icd_code_with_the_key_of_a_procedure_has_no_policy(member: Client) -> None:
    factories.code("A01.00", of=factories.system("icd-10-cm"))
    factories.relative_value("A0100")
    assert member.get("/codes/icd-10-cm/A01.00/guidelines/").status_code == 404


@pytest.mark.parametrize("number", [1, 1000])
def test_the_section_takes_the_same_queries_for_one_and_a_thousand_rows(
    member: Client, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    factories.code("15272")
    factories.relative_value("15272")
    release = factories.edition("add-on-edits")
    AddOnEdit.objects.bulk_create(
        AddOnEdit(
            release=release,
            line=i,
            type="1",
            add_on="15272",
            primary=f"{i:05}",
            effective_on=date(2013, 4, 1),
        )
        for i in range(number)
    )
    with django_assert_num_queries(8):
        assert f"one of {number} primary code" in words(member, SECTION)


def test_notes_on_7th_characters_are_those_of_the_nearest_place(member: Client) -> None:
    system = factories.system("icd-10-cm")
    fracture = factories.heading("category", "S52", of=system)
    torus = factories.code("S52.52", of=system, parent=fracture)
    texts = {fracture: "B also means type I or II", torus: "Of S52.52"}
    for place, text in texts.items():
        for kind in (CodeNote.Kind.SEVENTH_CHARACTER, CodeNote.Kind.NOTE):
            CodeNote.objects.create(
                code=place,
                release=place.release,
                kind=kind,
                position=CodeNote.Kind.values.index(kind) + 1,
                text=f"{kind.label}: {text}",
            )
    text = words(member, "/codes/icd-10-cm/S52.52/")
    assert "7th character: Of S52.52" in text
    assert "7th character: B also means" not in text
    assert "Note: B also means" in text
    above = words(member, "/codes/icd-10-cm/S52/")
    assert "7th character: B also means" in above
