"""The pages that list codes: systems, chapters, sections, categories."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from codes import views
from codes.models import Code, CodeSystem
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def category() -> Code:
    icd = factories.system("icd-10-cm", name="ICD-10-CM", code_noun="ICD-10-CM Code")
    chapter = factories.heading("chapter", "10", of=icd, display="Chapter 10")
    section = factories.heading("section", "J96-J99", of=icd, parent=chapter)
    return factories.heading("category", "J96", of=icd, parent=section)


def fill(category: Code, number: int) -> None:
    for i in range(number):
        factories.code(f"J96.{i:02}", of=category.system, parent=category)


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("/codes/", "ICD-10-CM"),
        ("/codes/icd-10-cm/", "Chapter 10"),
        ("/codes/icd-10-cm/chapter/10/", "J96-J99"),
        ("/codes/icd-10-cm/section/J96-J99/", "J96"),
        ("/codes/icd-10-cm/category/J96/", "J96.00"),
    ],
)
def test_each_level_lists_the_next(client: Client, category: Code, path: str, text: str) -> None:
    fill(category, 1)
    response = client.get(path)
    assert response.status_code == 200
    assert text in response.content.decode()


@pytest.mark.parametrize("number", [1, 20])
@pytest.mark.parametrize(
    ("path", "queries"),
    [
        ("/codes/", 2),
        ("/codes/icd-10-cm/", 2),
        ("/codes/icd-10-cm/chapter/10/", 3),
        ("/codes/icd-10-cm/section/J96-J99/", 3),
        ("/codes/icd-10-cm/category/J96/", 3),
    ],
)
def test_each_level_takes_few_queries(
    client: Client,
    category: Code,
    number: int,
    path: str,
    queries: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    fill(category, number)
    with django_assert_num_queries(queries):
        client.get(path)


CATEGORY = "/codes/icd-10-cm/category/J96/"


def listed(client: Client, page: int) -> list[str]:
    text = client.get(CATEGORY, {"page": page}).content.decode()
    return re.findall(r'<span class="code">(J96\.\d+)</span>', text)


def test_a_large_category_is_paged_in_printed_order(
    client: Client, category: Code, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "NODES_PER_PAGE", 2)
    fill(category, 5)
    assert [listed(client, page) for page in (1, 2, 3)] == [
        ["J96.00", "J96.01"],
        ["J96.02", "J96.03"],
        ["J96.04"],
    ]
    second = client.get(CATEGORY, {"page": 2}).content.decode()
    assert "Page 2 of 3" in second
    assert f'{CATEGORY}?page=2">' in second  # the canonical address
    assert "/codes/icd-10-cm/section/J96-J99/" in second
    for missing in (4, 99999):
        assert client.get(CATEGORY, {"page": missing}).status_code == 404


def test_a_small_category_has_no_pages(client: Client, category: Code) -> None:
    fill(category, 1)
    assert 'class="pagination"' not in client.get(CATEGORY).content.decode()


@pytest.mark.parametrize("page", ["0", "x", "1e3"])
def test_a_page_that_is_no_number_of_one_is_refused(
    client: Client, category: Code, page: str
) -> None:
    assert client.get(CATEGORY, {"page": page}).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/codes/none/",
        "/codes/icd-10-cm/chapter/99/",
        "/codes/icd-10-cm/section/J96/",
        "/codes/icd-10-cm/category/J97/",
    ],
)
def test_an_unknown_heading_is_404(client: Client, category: Code, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_system_that_is_off_is_nowhere(client: Client, category: Code) -> None:
    CodeSystem.objects.update(display_mode="off")
    assert "ICD-10-CM" not in client.get("/codes/").content.decode()
    for path in ("/codes/icd-10-cm/", "/codes/icd-10-cm/category/J96/", "/codes/icd-10-cm/J96/"):
        assert client.get(path).status_code == 404


def test_codes_only_shows_no_wording(client: Client, category: Code) -> None:
    fill(category, 1)
    Code.objects.update(short_descriptor="CANARY", long_descriptor="CANARY")
    CodeSystem.objects.update(display_mode="codes_only")
    for path in (
        "/codes/icd-10-cm/",
        "/codes/icd-10-cm/category/J96/",
        "/codes/icd-10-cm/J96.00/",
        "/search/?q=canary",
    ):
        response = client.get(path)
        assert response.status_code == 200
        assert "CANARY" not in response.content.decode()


@pytest.mark.parametrize("path", ["/codes/", "/codes/icd-10-cm/", "/codes/icd-10-cm/J96/"])
def test_only_reading_is_allowed(client: Client, category: Code, path: str) -> None:
    assert client.post(path).status_code == 405
