"""``/api/v1/search``: the shape, the parameters, the limits, and what it never tells."""

import json
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from codes.models import CodeSystem
from tests.codes.api.conftest import Ask

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("codes")]
URL = "/api/v1/search"


def test_the_four_parts(ask: Ask) -> None:
    assert ask(f"{URL}?terms=respiratory+failure") == [
        2,
        ["J96.0", "J96.01"],
        None,
        [
            ["J96.0", "Acute respiratory failure"],
            ["J96.01", "Acute respiratory failure with hypoxia"],
        ],
    ]


def test_no_terms_and_no_matches_are_empty(ask: Ask) -> None:
    # The library that holds against the description takes no empty value as one.
    assert ask(f"{URL}?terms=", is_described=False) == [0, [], None, []]
    assert ask(f"{URL}?terms=zzzzqqqq") == [0, [], None, []]


@pytest.mark.parametrize(
    ("asked", "count"), [("maxList=1", 1), ("count=1", 1), ("maxList=", 3), ("count=0", 0), ("", 3)]
)
def test_how_many(ask: Ask, asked: str, count: int) -> None:
    is_described = not asked.endswith("=")  # as above
    total, codes, _, rows = ask(f"{URL}?terms=failure&{asked}", is_described=is_described)
    assert (total, len(codes), len(rows)) == (3, count, count)


def test_pages_join_without_a_gap(ask: Ask) -> None:
    pages = [ask(f"{URL}?terms=failure&count=1&offset={place}")[1] for place in range(4)]
    assert [code for page in pages for code in page] == ask(f"{URL}?terms=failure")[1]


def test_fields(ask: Ask) -> None:
    total, codes, extra, rows = ask(
        f"{URL}?terms=I50.9&df=name&cf=system&ef=code:icd,system&sf=code"
    )
    assert (total, codes, rows) == (1, ["icd-10-cm"], [["Heart failure, unspecified"]])
    assert extra == {"icd": ["I50.9"], "system": ["icd-10-cm"]}


def test_only_the_searched_fields(ask: Ask) -> None:
    assert ask(f"{URL}?terms=failure&sf=code")[0] == 0
    assert ask(f"{URL}?terms=I50.9&sf=name")[0] == 0


def test_only_the_named_systems(ask: Ask) -> None:
    assert ask(f"{URL}?terms=walker")[1] == ["E0135"]
    assert ask(f"{URL}?terms=walker&system=icd-10-cm&system=cpt")[1] == []


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("", "terms=…"),
        ("terms=a&df=secret", "no field 'secret'"),
        ("terms=a&maxList=many", "whole number"),
        ("terms=a&offset=7501", "7500"),
        ("terms=a&system=snomed", "snomed"),
        ("terms=a&q=code:J*", "Query strings are not offered"),
    ],
)
def test_bad_parameters(ask: Ask, query: str, says: str) -> None:
    answer = ask(f"{URL}?{query}", status=400)
    assert says in json.dumps(answer, ensure_ascii=False)


def test_licence_modes(ask: Ask) -> None:
    assert ask(f"{URL}?terms=33948")[3] == [["33948", "Sample short"]]
    CodeSystem.objects.filter(slug="cpt").update(display_mode="codes_only")
    assert ask(f"{URL}?terms=33948")[3] == [["33948", ""]]
    CodeSystem.objects.filter(slug="cpt").update(display_mode="off")
    assert ask(f"{URL}?terms=33948")[3] == []


def test_the_long_descriptor_is_in_no_answer(ask: Ask) -> None:
    fields = "code,name,short_desc,display,system"
    answer = ask(f"{URL}?terms=respiratory&df={fields}&ef={fields}")
    assert "in full" not in json.dumps(answer)


def test_pages_of_other_sites_may_ask(client: Client) -> None:
    for response in (client.get(f"{URL}?terms=a"), client.options(URL)):
        assert response["Access-Control-Allow-Origin"] == "*"
        assert "Access-Control-Allow-Credentials" not in response


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_other_methods(method: str) -> None:
    response = getattr(Client(enforce_csrf_checks=True), method)(URL)
    assert response.status_code == 405
    assert response["Allow"] == "GET, HEAD, OPTIONS"
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["detail"].startswith(f"{method.upper()} is not answered here")
    assert response["Access-Control-Allow-Origin"] == "*"


def test_what_a_browser_asks_beforehand_makes_nobody_a_guest(client: Client) -> None:
    response = client.options(URL, headers={"origin": "https://example.org"})
    assert response.status_code == 204
    assert "Content-Type" not in response
    assert not response.cookies


def test_a_flood_is_asked_to_wait(ask: Ask, settings: Settings, token: str) -> None:
    settings.RATELIMIT_API = "2/h"
    for _ in range(2):
        ask(f"{URL}?terms=a")
    assert "with a token" in ask(f"{URL}?terms=a", status=429)["detail"]
    settings.RATELIMIT_API_TOKEN = "1/h"
    ask(f"{URL}?terms=a", token=token)
    ask(f"{URL}?terms=a", token=token, status=429)


@pytest.mark.parametrize("rows", [1, 3])
def test_query_count(
    client: Client,
    settings: Settings,
    django_assert_max_num_queries: Any,
    rows: int,
) -> None:
    settings.RATELIMIT_ENABLE = False
    with django_assert_max_num_queries(7):
        client.get(f"{URL}?terms=failure&maxList={rows}")


def test_a_session_says_nothing(client: Client, user: Any, ask: Ask, settings: Settings) -> None:
    client.force_login(user)
    settings.RATELIMIT_API = "1/h"
    ask(f"{URL}?terms=a")
    ask(f"{URL}?terms=a", status=429)


def test_a_wrong_token_is_refused(ask: Ask) -> None:
    assert "not known here" in ask(f"{URL}?terms=a", token="cp_wrong", status=401)["detail"]
