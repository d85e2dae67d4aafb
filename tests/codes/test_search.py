"""Search: a typed code goes to its page, words to ranked results."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.postgres.search import SearchVector
from django.test import Client
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from codes.models import Code
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


@pytest.fixture
def codes() -> None:
    icd = factories.system("icd-10-cm")
    for display, words in {
        "J96.01": "Acute respiratory failure with hypoxia",
        "J96.02": "Acute respiratory failure with hypercapnia",
        "I50.9": "Heart failure, unspecified",
    }.items():
        factories.code(display, of=icd, short_descriptor=words, long_descriptor=words)
    factories.code("99213", short_descriptor="Established patient, low")
    Code.objects.update(search_vector=SearchVector("long_descriptor", config="english"))


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("j96.01", "/codes/icd-10-cm/J96.01/"),
        ("J9601", "/codes/icd-10-cm/J96.01/"),
        (" 99213 ", "/codes/cpt/99213/"),
        ("99213-25", "/codes/cpt/99213/#modifiers"),
        ("CPT 99213", "/codes/cpt/99213/"),
    ],
)
def test_a_code_in_any_printed_form_goes_to_its_page(
    client: Client, codes: None, typed: str, address: str
) -> None:
    response = client.get("/search/", {"q": typed})
    assert response.status_code == 302
    assert response["Location"] == address


def test_a_key_of_two_systems_lets_the_coder_choose(client: Client, codes: None) -> None:
    factories.code("G0439", of=factories.system("hcpcs"))
    factories.code("G04.39", of=factories.system("icd-10-cm"))
    text = client.get("/search/", {"q": "G0439"}).content.decode()
    assert "/codes/hcpcs/G0439/" in text
    assert "/codes/icd-10-cm/G04.39/" in text


def test_words_find_every_code_that_has_them_all(client: Client, codes: None) -> None:
    text = client.get("/search/", {"q": "resp failure hypox"}).content.decode()
    assert "/codes/icd-10-cm/J96.01/" in text
    assert "/codes/icd-10-cm/J96.02/" not in text


def test_some_words_are_better_than_nothing_and_it_says_so(client: Client, codes: None) -> None:
    response = client.get("/search/", {"q": "heart failure zebra"})
    assert "/codes/icd-10-cm/I50.9/" in response.content.decode()
    assert response.context["matches"].all_words is False


def test_nothing_found_says_so(client: Client, codes: None) -> None:
    response = client.get("/search/", {"q": "zebra"})
    assert response.status_code == 200
    assert response.context["total"] == 0


def test_results_are_paged_in_order(client: Client) -> None:
    icd = factories.system("icd-10-cm")
    for i in range(25):
        factories.code(f"S{i:02}", of=icd, long_descriptor="fracture")
    Code.objects.update(search_vector=SearchVector("long_descriptor", config="english"))
    first = client.get("/search/", {"q": "fracture"}).context["results"]
    second = client.get("/search/", {"q": "fracture", "page": "2"}).context["results"]
    assert [code.display for code in first + second] == [f"S{i:02}" for i in range(25)]
    assert client.get("/search/", {"q": "fracture", "page": "9"}).status_code == 404
    assert client.get("/search/", {"q": "fracture", "page": "x"}).status_code == 400


@pytest.mark.parametrize("number", [1, 20])
def test_a_search_takes_the_same_queries_for_one_and_twenty_results(
    client: Client, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    icd = factories.system("icd-10-cm")
    parent = factories.heading("category", "S00", of=icd)
    for i in range(number):
        factories.code(f"S00.{i:02}", of=icd, parent=parent, long_descriptor="fracture")
    Code.objects.update(search_vector=SearchVector("long_descriptor", config="english"))
    client.get("/search/", {"q": ""})
    with django_assert_num_queries(4):  # two count the request, two find
        client.get("/search/", {"q": "fracture"})


@hypothesis_settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.text(max_size=250))
def test_no_text_gives_an_error(client: Client, settings: Any, typed: str) -> None:
    settings.RATELIMIT_SEARCH = "100000/m"
    assert client.get("/search/", {"q": typed}).status_code in {200, 302, 400}


def test_a_flood_is_asked_to_wait(client: Client, settings: Any) -> None:
    settings.RATELIMIT_SEARCH = "2/m"
    answers = [client.get("/search/", {"q": ""}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert 1 <= int(answers[2]["Retry-After"]) <= 60


def test_a_flood_of_heads_is_one_too(client: Client, settings: Any) -> None:
    settings.RATELIMIT_SEARCH = "2/m"
    methods = (client.head, client.get, client.head)
    assert [ask("/search/", {"q": ""}).status_code for ask in methods] == [200, 200, 429]


def test_only_reading_is_allowed(client: Client) -> None:
    assert client.post("/search/").status_code == 405
