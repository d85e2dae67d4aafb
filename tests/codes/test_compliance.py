"""Compliance: the history of a code, the dates of the HCPCS file, supervision of tests."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.codes.pages import words

pytestmark = pytest.mark.django_db

PAGE = "/codes/cpt/93015/"
SECTION = "/codes/cpt/93015/compliance/"


def test_the_history_tells_the_days_that_the_edition_states(member: Client) -> None:
    factories.code("93015", valid_from=date(2010, 1, 1), valid_to=date(2020, 12, 31))
    text = words(member, PAGE)
    assert "History of 93015" in text
    assert "Added 1 January 2010" in text
    assert "Deleted last day of use 31 December 2020" in text
    then = words(member, SECTION, {"on": "2015-01-01"})
    assert "Added" in then
    assert "last day of use 31 December 2020" not in then


def test_the_dates_of_the_hcpcs_file_are_told(member: Client) -> None:
    factories.code("J1100", of=factories.system("hcpcs"))
    factories.hcpcs_detail(
        "J1100",
        added_on=date(1986, 1, 1),
        action="D",
        action_on=date(2025, 7, 1),
        terminated_on=date(2025, 6, 30),
    )
    text = words(member, "/codes/hcpcs/J1100/")
    assert "Added 1 January 1986" in text
    assert "1 July 2025: D Code or modifier discontinued" in text
    assert "Last day of use 30 June 2025" in text
    assert "hcpcs-details.csv" in text


def test_supervision_is_told_for_each_part(member: Client) -> None:
    factories.code("93015")
    factories.relative_value("93015", supervision="09")
    factories.relative_value("93015", supervision="02", modifier="TC")
    text = words(member, PAGE)
    assert "Technical component, modifier TC: 02 Direct. The supervising practitioner" in text
    assert "Whole service:" not in text.split("Supervision of the test", 1)[1]


def test_an_unknown_level_is_shown_without_a_guess(member: Client) -> None:
    factories.code("93015")
    factories.relative_value("93015", supervision="55")
    assert "Whole service: 55 Source" in words(member, PAGE)


def test_no_supervision_and_no_history_leave_no_section(member: Client) -> None:
    factories.code("93015")
    factories.relative_value("93015", supervision="09")
    assert member.get(SECTION).status_code == 404


def test_documentation_points_stand_first(member: Client) -> None:
    code = factories.code("93015", valid_from=date(2010, 1, 1))
    factories.published_text(code, "compliance", html="<p>Document this</p>")
    text = words(member, SECTION)
    assert text.index("Document this") < text.index("History of 93015")


def test_the_locked_card_counts(client: Client) -> None:
    factories.code("93015", valid_from=date(2010, 1, 1))
    factories.relative_value("93015", supervision="02")
    text = words(client, PAGE)
    assert "Code history, 1 event, supervision, release October 2025" in text
    assert "Direct." not in text


def test_the_telehealth_list_is_told_in_words(member: Client) -> None:
    factories.code("99213")
    factories.telehealth_service(status="Provisional", limitation="CANARY-limit")
    text = words(member, "/codes/cpt/99213/")
    assert "Medicare telehealth, October 2025" in text
    assert "Status Provisional By audio alone Yes: sound without a picture" in text
    assert "Payment limitation CANARY-limit" in text
    assert "telehealth.csv, line" in text
    locked = words(Client(), "/codes/cpt/99213/")
    assert "Telehealth list, release October 2025" in locked
    assert "CANARY" not in locked


@pytest.mark.parametrize(
    ("audio_only", "says"),
    [(False, "No: sound and picture are needed"), (None, "The list does not say")],
)
def test_what_the_telehealth_list_says_of_audio(
    member: Client, audio_only: bool | None, says: str
) -> None:
    factories.code("99213")
    factories.telehealth_service(audio_only=audio_only, status="")
    text = words(member, "/codes/cpt/99213/")
    assert f"By audio alone {says}" in text
    assert "Status" not in text.split("Medicare telehealth", 1)[1].split("Source", 1)[0]


def test_what_the_telehealth_list_does_not_name_is_said(member: Client) -> None:
    factories.code("93015")
    factories.telehealth_service("99213")
    text = words(member, PAGE)
    assert "Medicare telehealth, October 2025 Not on Medicare’s list of telehealth" in text
    assert "File Test file of telehealth, October 2025" in text
    assert "telehealth.csv In effect from 1 October 2025" in text
    assert "By audio alone" not in text
    assert "Not on Medicare’s list" not in words(member, SECTION, {"on": "2024-10-15"})
    assert "Not on Medicare’s list" in words(member, SECTION, {"on": "2025-10-15"})


@pytest.mark.parametrize("display", ["99213", "93015"])
def test_the_locked_card_does_not_tell_whether_a_code_is_on_the_list(
    client: Client, display: str
) -> None:
    factories.telehealth_service("99213")
    factories.code(display)
    text = words(client, f"/codes/cpt/{display}/")
    assert "Telehealth list, release October 2025" in text
    assert "Not on" not in text


@pytest.mark.parametrize(
    ("system", "display", "fields"),
    [
        ("icd-10-cm", "J96.01", {}),
        ("icd-10-pcs", "0016070", {}),
        ("cpt", "9301", {"kind": "category", "billable": False}),
    ],
)
def test_the_telehealth_list_is_about_procedure_codes_only(
    member: Client, system: str, display: str, fields: dict[str, Any]
) -> None:
    factories.telehealth_service("99213")
    factories.code(display, of=factories.system(system), **fields)
    assert "telehealth" not in words(member, f"/codes/{system}/{display}/")


def test_a_sample_list_does_not_say_what_is_not_on_medicares(member: Client) -> None:
    factories.code("93015")
    factories.telehealth_service("99213", release=factories.edition("telehealth", is_sample=True))
    assert "telehealth" not in words(member, PAGE)


def test_the_telehealth_list_of_another_year_says_nothing(member: Client) -> None:
    factories.code("99213", valid_from=date(2010, 1, 1))
    factories.telehealth_service()
    for day, is_told in (("2025-12-31", True), ("2026-01-01", False)):
        text = words(member, "/codes/cpt/99213/compliance/", {"on": day})
        assert ("Medicare telehealth" in text) is is_told


@pytest.mark.parametrize("number", [1, 20])
def test_the_section_takes_the_same_queries_for_one_and_twenty_rows(
    member: Client, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    factories.code("J1100", of=factories.system("hcpcs"), valid_from=date(2010, 1, 1))
    factories.hcpcs_detail("J1100")
    for i in range(number):
        factories.relative_value("J1100", supervision="01", modifier=f"{i:02}")
    with django_assert_num_queries(11):
        words(member, "/codes/hcpcs/J1100/compliance/")
