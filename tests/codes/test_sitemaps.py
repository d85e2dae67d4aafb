"""What search engines are told: the sitemaps and robots.txt."""

from collections.abc import Callable
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client

from codes.models import CodeSystem
from tests import factories

pytestmark = pytest.mark.django_db


def locations(client: Client, path: str) -> list[str]:
    tree = ElementTree.fromstring(client.get(path).content)
    return [element.text or "" for element in tree.iter() if element.tag.endswith("loc")]


def test_the_index_names_sitemaps_that_exist(client: Client) -> None:
    factories.code("33948")
    index = locations(client, "/sitemap.xml")
    assert len(index) == 2
    for address in index:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_each_code_page_is_in_them_and_headings_are_not(client: Client) -> None:
    factories.code("33948", parent=factories.heading("chapter", "surgery"))
    assert locations(client, "/sitemap-codes.xml") == ["http://testserver/codes/cpt/33948/"]
    browse = locations(client, "/sitemap-browse.xml")
    assert {"http://testserver/codes/cpt/", "http://testserver/codes/cpt/changes/"} <= set(browse)


def test_a_system_that_is_off_is_in_none(client: Client) -> None:
    factories.code("33948")
    CodeSystem.objects.update(display_mode="off")
    assert locations(client, "/sitemap-codes.xml") == []
    assert "http://testserver/codes/cpt/" not in locations(client, "/sitemap-browse.xml")


@pytest.mark.parametrize("number", [1, 20])
@pytest.mark.parametrize(("path", "queries"), [("/sitemap.xml", 3), ("/sitemap-codes.xml", 2)])
def test_they_take_few_queries(
    client: Client,
    number: int,
    path: str,
    queries: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    for i in range(number):
        factories.code(f"339{i:02}")
    with django_assert_num_queries(queries):
        client.get(path)


def test_robots_names_the_sitemap_and_keeps_crawlers_out_of_searches(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in text
    assert "Disallow: /search/" in text
    assert "Disallow: /codes/" not in text
