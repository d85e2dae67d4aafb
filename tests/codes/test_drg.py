"""Pages of the MS-DRGs: all of them, a search, and one."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from tests import factories
from tests.codes.pages import words

pytestmark = pytest.mark.django_db

URL = "/ms-drg/"


@pytest.fixture
def groups() -> None:
    factories.drg("001", title="HEART TRANSPLANT WITH MCC", mdc="PRE", type="P")
    factories.drg("175", title="PULMONARY EMBOLISM WITH MCC", mdc="04", type="M")
    factories.drg("470", title="MAJOR JOINT REPLACEMENT 100% SAMPLE", mdc="08", type="P")


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", ["001", "175", "470"]),
        ("?q=175", ["175"]),
        ("?q=1", ["001"]),
        ("?q=mcc+heart", ["001"]),
        ("?q=with", ["001", "175"]),
        ("?q=0%25", ["470"]),
        ("?q=_", []),
        ("?q=nothing", []),
    ],
)
def test_groups_are_found_by_number_and_words(
    client: Client, groups: None, query: str, numbers: list[str]
) -> None:
    text = client.get(f"{URL}{query}").content.decode()
    assert [number for number in ("001", "175", "470") if f"/ms-drg/{number}/" in text] == numbers
    assert ("No group has this number" in text) is (not numbers)


def test_one_group_is_told_with_its_source(client: Client, groups: None) -> None:
    factories.drg(
        "003",
        title="ECMO",
        mdc="PRE",
        type="P",
        weight=Decimal("19.1234"),
        geometric_mean_stay=Decimal("21.5"),
        arithmetic_mean_stay=Decimal("28.9"),
    )
    text = words(client, f"{URL}003/")
    assert "MS-DRG 003 ECMO" in text
    assert "PRE Before the major diagnostic categories Type Surgical" in text
    assert "Relative weight 19.1234 Mean length of stay, geometric 21.50 days" in text
    assert "ms-drg.csv" in text
    assert "no weights" not in text
    assert "This edition holds titles, no weights" in words(client, f"{URL}175/")


def test_other_editions_stand_beside_it(client: Client, groups: None) -> None:
    old = factories.edition("ms-drg", label="FY 2024", effective_date=date(2023, 10, 1))
    factories.drg("175", title="FORMER TITLE", weight=Decimal("1.5"), release=old)
    factories.drg("999", title="FORMER GROUP", release=old)
    left = factories.edition("ms-drg", label="Left", was_left=True)
    factories.drg("175", title="LEFT TITLE", release=left)
    text = words(client, f"{URL}175/")
    assert "FY 2024 1 October 2023 FORMER TITLE 1.5000" in text
    assert "LEFT" not in text
    assert client.get(f"{URL}999/").status_code == 404
    assert "999" not in words(client, URL)


def test_nothing_loaded_is_said(client: Client) -> None:
    assert "No MS-DRGs are loaded." in words(client, URL)


def test_a_short_number_leads_to_the_page(client: Client) -> None:
    response = client.get(f"{URL}1/")
    assert (response.status_code, response["Location"]) == (301, f"{URL}001/")


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("555/", 404),
        ("0001/", 404),
        ("x/", 404),
        ("?page=2", 404),
        ("?page=0", 400),
        ("?q=%00", 400),
        (f"?q={'x' * 201}", 400),
    ],
)
def test_bad_requests_are_answered_clearly(
    client: Client, groups: None, path: str, status: int
) -> None:
    assert client.get(f"{URL}{path}").status_code == status


@pytest.mark.parametrize("url", [URL, f"{URL}175/"])
def test_only_reading_is_allowed(client: Client, groups: None, url: str) -> None:
    assert client.post(url).status_code == 405


@pytest.mark.parametrize("number", [1, 120])
def test_the_queries_are_the_same_for_few_and_many(
    client: Client, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for i in range(number):
        factories.drg(f"{i:03}")
    with django_assert_num_queries(2):
        assert ("Page 1 of 2" in words(client, URL)) is (number > 100)
    with django_assert_num_queries(2):
        words(client, f"{URL}000/")


# --- The codes of a group ------------------------------------------------------------------------


def test_registered_readers_see_the_codes_that_the_logic_uses(member: Client, groups: None) -> None:
    factories.code("I26.99", of=factories.system("icd-10-cm"), short_descriptor="Embolism")
    factories.drg_logic("I2699", "175-176", mdc="04")
    factories.drg_logic("I2609", "175", mdc="04")
    factories.drg_logic("A0100", "173-174")
    factories.drg_logic("5A1522F", "175", category="A class", is_operating_room=False)
    text = words(member, f"{URL}175/")
    assert "Diagnoses that its logic uses" in text
    assert "I26.99 Embolism MDC 04 Respiratory system" in text
    assert "I26.09 MDC 04" in text
    assert "ms-drg-diagnoses.csv" in text
    assert "A01.00" not in text
    assert "Procedures that its logic uses: 1" in text
    other = words(member, f"{URL}175/?of=icd-10-pcs")
    assert "5A1522F MDC 08 Musculoskeletal system" in other
    assert "A class Not of the operating room" in other
    assert "I26.99" not in other


def test_guests_see_how_many_and_no_code(client: Client, groups: None) -> None:
    factories.drg_logic("I2699", "175-176", mdc="04")
    factories.drg_logic("I2609", "175", mdc="04")
    text = words(client, f"{URL}175/?of=icd-10-cm")
    assert "Diagnoses that its logic uses Register to view content" in text
    assert "2 entries" in text
    assert "I26" not in text
    assert "is not in the files loaded" in words(client, f"{URL}001/")


def test_codes_of_a_system_that_is_off_are_not_named(member: Client, groups: None) -> None:
    factories.system("icd-10-cm", display_mode="off")
    factories.drg_logic("I2699", "175", mdc="04")
    text = words(member, f"{URL}175/")
    assert "They are of a system that this site does not show." in text
    assert "I26" not in text


def test_many_codes_are_paged(member: Client, groups: None) -> None:
    for place in range(60):
        factories.drg_logic(f"I{place:02}", "175", mdc="04")
    assert "Page 1 of 2" in words(member, f"{URL}175/")
    assert "I59" in words(member, f"{URL}175/?page=2")
    assert member.get(f"{URL}175/?page=3").status_code == 404


@pytest.mark.parametrize("query", ["?of=cpt", "?page=0", "?of=%00", "?page=x"])
def test_choices_that_are_none_show_the_first_list(
    member: Client, groups: None, query: str
) -> None:
    factories.drg_logic("I2699", "175", mdc="04")
    response = member.get(f"{URL}175/{query}")
    assert response.status_code == 400
    assert "I26.99" in response.content.decode()


@pytest.mark.parametrize("number", [1, 120])
def test_the_codes_of_a_group_take_the_same_queries(
    member: Client, groups: None, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for place in range(number):
        factories.code(f"I{place:03}", of=factories.system("icd-10-cm"))
        factories.drg_logic(f"I{place:03}", "175", mdc="04")
    with django_assert_num_queries(7):
        assert "I000" in words(member, f"{URL}175/")
