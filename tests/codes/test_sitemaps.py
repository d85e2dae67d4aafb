"""What search engines are told: the sitemaps and robots.txt."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree

import pytest
from django.test import Client
from django.utils.timezone import localdate

from codes.authored_texts import AuthoredText
from codes.models import CodeSystem, Release
from tests import factories

pytestmark = pytest.mark.django_db


def locations(client: Client, path: str, tag: str = "}loc") -> list[str]:
    tree = ElementTree.fromstring(client.get(path).content)
    return [element.text or "" for element in tree.iter() if element.tag.endswith(tag)]


def days(client: Client, path: str = "/sitemap-codes.xml") -> list[str]:
    return [moment[:10] for moment in locations(client, path, "lastmod")]


def test_the_index_names_sitemaps_that_exist(client: Client) -> None:
    factories.code("33948")
    index = locations(client, "/sitemap.xml")
    assert len(index) == 4
    for address in index:
        assert client.get(address.removeprefix("http://testserver")).status_code == 200


def test_the_groups_of_the_edition_shown_are_in_them(client: Client) -> None:
    assert locations(client, "/sitemap-groups.xml") == []
    factories.drg("470")
    factories.drg("001")
    old = factories.edition("ms-drg", effective_date=date(2023, 10, 1), is_current=False)
    factories.drg("999", release=old)
    groups = locations(client, "/sitemap-groups.xml")
    assert groups == [f"http://testserver/ms-drg/{path}" for path in ("", "001/", "470/")]
    for address in groups:
        page = client.get(address.removeprefix("http://testserver"))
        assert page.status_code == 200
        assert "noindex" not in page.content.decode()


@pytest.mark.parametrize("number", [1, 20])
def test_the_groups_take_one_query(
    client: Client, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for place in range(number):
        factories.drg(f"{place:03}")
    with django_assert_num_queries(1):
        assert len(locations(client, "/sitemap-groups.xml")) == number + 1


def test_the_products_are_in_them_and_open_to_all(client: Client) -> None:
    products = locations(client, "/sitemap-products.xml")
    assert "http://testserver/casepilot/" in products
    for address in products:
        page = client.get(address.removeprefix("http://testserver"))
        assert page.status_code == 200
        assert "noindex" not in page.content.decode()


def test_each_code_page_is_in_them_and_headings_are_not(client: Client) -> None:
    factories.code("33948", parent=factories.heading("chapter", "surgery"))
    assert locations(client, "/sitemap-codes.xml") == ["http://testserver/codes/cpt/33948/"]
    browse = locations(client, "/sitemap-browse.xml")
    assert {"http://testserver/codes/cpt/", "http://testserver/codes/cpt/changes/"} <= set(browse)


def test_chapters_and_sections_are_browsed_and_categories_are_codes(client: Client) -> None:
    icd = factories.system("icd-10-cm")
    chapter = factories.heading("chapter", "10", of=icd)
    section = factories.heading("section", "J96-J99", of=icd, parent=chapter)
    factories.heading("category", "J96", of=icd, parent=section)
    factories.heading("chapter", "99", of=icd, valid_to=localdate() - timedelta(days=1))
    site = "http://testserver/codes/icd-10-cm"
    browse = locations(client, "/sitemap-browse.xml")
    assert f"{site}/chapter/10/" in browse
    assert f"{site}/section/J96-J99/" in browse
    assert not [address for address in browse if "/category/" in address or "/99/" in address]
    assert len(browse) == len(set(browse))
    assert locations(client, "/sitemap-codes.xml") == [f"{site}/J96/"]


def test_a_page_changes_with_its_release_and_its_newest_published_text(client: Client) -> None:
    code, other = factories.code("33948"), factories.code("33949")
    Release.objects.update(imported_at=datetime(2026, 3, 1, 12, tzinfo=UTC))
    assert days(client) == ["2026-03-01", "2026-03-01"]
    for kind, month in (("plain", 5), ("guidelines", 4)):
        text = factories.published_text(code, kind)
        at = datetime(2026, month, 1, 12, tzinfo=UTC)
        AuthoredText.objects.filter(pk=text.pk).update(published_at=at)
    older = factories.published_text(other)
    AuthoredText.objects.filter(pk=older.pk).update(published_at=datetime(2026, 1, 1, tzinfo=UTC))
    AuthoredText.objects.create(code=other, kind="modifiers", markdown="A draft")
    assert days(client) == ["2026-05-01", "2026-03-01"]
    assert "2026-05-01" in days(client, "/sitemap.xml")


def test_a_system_that_is_off_is_in_none(client: Client) -> None:
    factories.code("33948", parent=factories.heading("chapter", "surgery"))
    CodeSystem.objects.update(display_mode="off")
    assert locations(client, "/sitemap-codes.xml") == []
    assert not [url for url in locations(client, "/sitemap-browse.xml") if "/cpt/" in url]


@pytest.mark.parametrize("number", [1, 20])
@pytest.mark.parametrize(
    ("path", "queries"),
    [("/sitemap.xml", 7), ("/sitemap-browse.xml", 2), ("/sitemap-codes.xml", 2)],
)
def test_they_take_few_queries(
    client: Client,
    number: int,
    path: str,
    queries: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    for i in range(number):
        code = factories.code(f"339{i:02}", parent=factories.heading("chapter", f"chapter{i}"))
        factories.published_text(code)
    with django_assert_num_queries(queries):
        client.get(path)


def test_robots_names_the_sitemap_and_keeps_crawlers_out_of_searches(client: Client) -> None:
    text = client.get("/robots.txt").content.decode()
    assert "Sitemap: http://127.0.0.1:8000/sitemap.xml" in text
    assert "Disallow: /search/" in text
    assert "Disallow: /codes/" not in text
