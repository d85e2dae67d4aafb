"""Suggestions while somebody types: codes and words, with what was typed marked."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from codes import search as searching
from codes.search import TermKind
from tests.codes.search_tools import made_codes

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
URL = "/search/suggest/"


@pytest.fixture
def codes() -> None:
    made_codes()


@pytest.mark.usefixtures("codes")
def test_suggestions_for_a_code(client: Client) -> None:
    response = client.get(URL, {"q": "j96.0"})
    values = response.json()
    assert values["query"] == "j96.0"
    assert [each["code"] for each in values["suggestions"]] == ["J96.01", "J96.02"]
    first = values["suggestions"][0]
    assert first["address"] == "/codes/icd-10-cm/J96.01/"
    assert "".join(text for text, _ in first["pieces"]) == "Acute respiratory failure with hypoxia"
    assert response["Cache-Control"] == "private, max-age=60"


@pytest.mark.usefixtures("codes")
def test_suggestions_for_words_mark_what_was_typed(client: Client) -> None:
    word, code = client.get(URL, {"q": "hypox"}).json()["suggestions"]
    assert word["text"] == "hypoxia"
    assert code["pieces"] == [["Acute respiratory failure with ", False], ["hypoxia", True]]


@pytest.mark.usefixtures("codes")
@pytest.mark.parametrize("typed", ["", "   ", "zebra", "\x00"])
def test_nothing_to_suggest(client: Client, typed: str) -> None:
    response = client.get(URL, {"q": typed})
    assert response.status_code in {200, 400}
    assert response.json()["suggestions"] == []


def test_a_suggestion_of_words_leads_to_a_search(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = searching.Suggestion("heart failure", None, "", "", TermKind.DESCRIPTOR, "")
    monkeypatch.setattr(searching, "suggest", lambda text, **_: [made])
    (only,) = client.get(URL, {"q": "heart"}).json()["suggestions"]
    assert (only["text"], only["code"], only["address"]) == ("heart failure", "", "")
    assert only["pieces"] == [["heart failure", False]]


def test_too_long_a_text_and_a_bad_system_are_refused(client: Client) -> None:
    for asked in ({"q": "x" * 201}, {"q": "x", "system": "a b"}):
        assert client.get(URL, asked).status_code == 400


def test_suggestions_have_a_limit_of_their_own(client: Client, settings: Any) -> None:
    settings.RATELIMIT_SUGGEST = "2/h"
    asked = [client.get(URL, {"q": "x"}) for _ in range(3)]
    assert [response.status_code for response in asked] == [200, 200, 429]
    assert client.get("/search/", {"q": ""}).status_code == 200


@pytest.mark.parametrize("number", [1, 8])
def test_suggestions_take_the_same_queries_for_one_and_eight(
    client: Client,
    number: int,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    made = [
        searching.Suggestion(f"J96.{i}", i + 1, f"J96.{i}", "icd-10-cm", TermKind.CODE, "Words")
        for i in range(number)
    ]
    monkeypatch.setattr(searching, "suggest", lambda text, **_: made)
    client.get(URL, {"q": "j96"})
    with django_assert_num_queries(2):  # they count the request
        client.get(URL, {"q": "j96"})
