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
    with django_assert_num_queries(1):
        words(client, f"{URL}000/")
