"""The page about the interface, and the description that programs read."""

import json

import pytest
from django.test import Client
from openapi_spec_validator import validate
from pytest_django import DjangoAssertNumQueries

from codes.limits import in_words
from tests import factories

pytestmark = pytest.mark.django_db


def test_the_description_is_valid(client: Client) -> None:
    response = client.get("/api/v1/openapi.json")
    assert response["Content-Type"] == "application/json"
    description = json.loads(response.content)
    assert description["servers"] == [{"url": "http://127.0.0.1:8000"}]
    validate(description)


def test_the_page(client: Client, django_assert_num_queries: DjangoAssertNumQueries) -> None:
    factories.system("icd-10-cm")
    with django_assert_num_queries(1):
        html = client.get("/api/").content.decode()
    assert "http://127.0.0.1:8000/api/v1/search" in html
    assert "<code>icd-10-cm</code>" in html
    assert "may ask 120 times a minute" in html


def test_its_examples_work(client: Client) -> None:
    factories.code("E11.9", of=factories.system("icd-10-cm"))
    factories.release()
    html = client.get("/api/").content.decode()
    for address in ("/api/v1/search?terms=asthma&amp;maxList=5", "/fhir/metadata"):
        assert f'href="{address}"' in html
        assert client.get(address.replace("&amp;", "&")).status_code == 200


def test_rates_in_words() -> None:
    assert in_words("100/10m") == "100 times in 10 minutes"
    assert in_words("5/d") == "5 times a day"


def test_other_methods(client: Client) -> None:
    assert (
        client.post("/api/").status_code == client.post("/api/v1/openapi.json").status_code == 405
    )
