"""The JSON-LD of a code page: the breadcrumb with addresses, and what is not free."""

import json
import re
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from codes.models import Code, CodeSystem
from tests import factories

pytestmark = pytest.mark.django_db

URL = "/codes/icd-10-cm/J96.01/"


@pytest.fixture(autouse=True)
def code(settings: Settings) -> Code:
    settings.SITE_URL = "https://example.org"
    icd = factories.system("icd-10-cm")
    chapter = factories.heading("chapter", "10", of=icd, display="Chapter 10", short_descriptor="X")
    category = factories.heading("category", "J96", of=icd, parent=chapter, short_descriptor="J96")
    return factories.code("J96.01", of=icd, parent=category, short_descriptor="<Failure> & more")


def data_of(client: Client) -> dict[str, Any]:
    text = client.get(URL).content.decode()
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    assert match
    data: dict[str, Any] = json.loads(match[1])
    return data


def gated(data: dict[str, Any]) -> list[str]:
    assert not any(part["isAccessibleForFree"] for part in data["hasPart"])
    return [part["cssSelector"] for part in data["hasPart"]]


def test_each_step_of_the_breadcrumb_has_words_and_an_address(client: Client) -> None:
    steps = data_of(client)["breadcrumb"]["itemListElement"]
    site = "https://example.org/codes/icd-10-cm"
    assert [(step["position"], step["name"], step["item"]) for step in steps] == [
        (1, "Chapter 10 X", f"{site}/chapter/10/"),
        (2, "J96", f"{site}/J96/"),
        (3, "J96.01 <Failure> & more", f"{site}/J96.01/"),
    ]


def test_the_breadcrumb_keeps_to_the_licence(client: Client) -> None:
    CodeSystem.objects.update(display_mode="codes_only")
    steps = data_of(client)["breadcrumb"]["itemListElement"]
    assert [step["name"] for step in steps] == ["Chapter 10", "J96", "J96.01"]


def test_what_a_spent_viewer_does_not_get_is_not_free(client: Client) -> None:
    data = data_of(client)
    assert data["isAccessibleForFree"] is False
    assert gated(data)[:2] == ["#official", "#common-language"]
    text = client.get(URL).content.decode()
    assert 'id="official"' in text
    assert 'id="common-language"' in text


def test_the_descriptions_are_free_where_views_are_not_counted(client: Client) -> None:
    CodeSystem.objects.update(is_metered=False)
    assert not {"#official", "#common-language"} & set(gated(data_of(client)))
