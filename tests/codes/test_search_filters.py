"""The filters of the search page: links with counts, and parameters that are no filters."""

import pytest
from django.test import Client

from codes.models import Code
from codes.search import Facet
from tests.codes.search_tools import URL, answer, hit, made_codes, main

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


@pytest.fixture
def codes() -> dict[str, Code]:
    return made_codes()


def test_filters_are_handed_on(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = answer(monkeypatch, hit(codes["I50.9"]), total=45)
    query = "q=heart++failure&system=icd-10-cm&system=hcpcs&chapter=9&section=I30-I5A"
    client.get(f"{URL}?{query}&billable=no&coverage=yes&on=2026-10-01&page=2")
    (asked_once,) = asked
    assert asked_once["text"] == "heart failure"
    assert (asked_once["limit"], asked_once["offset"]) == (20, 20)
    filters = asked_once["filters"]
    assert filters.systems == ("icd-10-cm", "hcpcs")
    assert (filters.chapter, filters.section) == ("9", "I30-I5A")
    assert (filters.billable, filters.has_coverage) == (False, True)
    assert filters.on.isoformat() == "2026-10-01"


def facets() -> tuple[Facet, ...]:
    return (
        Facet("systems", "icd-10-cm", "ICD-10-CM", 30),
        Facet("systems", "hcpcs", "HCPCS Level II", 15),
        Facet("billable", "yes", "Billable", 40),
        Facet("billable", "no", "Not billable", 5),
        *(Facet("chapter", str(i), f"Chapter <{i}>", 5) for i in range(1, 12)),
    )


def test_filters_are_links_with_counts(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, hit(codes["I50.9"]), total=45, facets=facets())
    response = client.get(URL, {"q": "a&b", "page": "2", "on": "2026-10-01"})
    groups = {group.name: group for group in response.context["filter_groups"]}
    assert list(groups) == ["systems", "billable", "chapter"]
    first = groups["systems"].choices[0]
    assert (first.label, first.count, first.is_on) == ("ICD-10-CM", 30, False)
    # It begins at the first page again, and keeps what else was chosen.
    assert first.address == "?q=a%26b&on=2026-10-01&system=icd-10-cm"
    assert len(groups["chapter"].choices) == 6
    assert len(groups["chapter"].more) == 5
    text = response.content.decode()
    assert "Chapter &lt;1&gt;" in text
    assert 'href="?q=a%26b&amp;on=2026-10-01&amp;system=icd-10-cm"' in text


def test_a_chosen_filter_is_marked_and_can_be_taken_away(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, hit(codes["I50.9"]), total=45, facets=facets())
    asked = {"q": "x", "system": "icd-10-cm", "chapter": "11", "on": "2026-10-01"}
    response = client.get(URL, asked)
    chosen = {choice.label: choice.address for choice in response.context["active"]}
    assert chosen == {
        "ICD-10-CM": "?q=x&on=2026-10-01",  # and its chapter with it
        "Chapter <11>": "?q=x&system=icd-10-cm&on=2026-10-01",
        "Valid on 1 October 2026": "?q=x&system=icd-10-cm&chapter=11",
    }
    groups = {group.name: group for group in response.context["filter_groups"]}
    assert groups["chapter"].choices[0].label == "Chapter <11>"
    assert response.content.decode().count('aria-current="true"') == 2
    assert "Filters (3)" in main(response)


def test_systems_add_up_and_others_replace(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    answer(monkeypatch, hit(codes["I50.9"]), total=45, facets=facets())
    response = client.get(URL, {"q": "x", "system": "icd-10-cm", "billable": "yes"})
    groups = {group.name: group for group in response.context["filter_groups"]}
    assert groups["systems"].choices[1].address == "?q=x&system=icd-10-cm&billable=yes&system=hcpcs"
    assert groups["billable"].choices[1].address == "?q=x&system=icd-10-cm&billable=no"


def test_sections_are_offered_within_a_chapter(
    client: Client, codes: dict[str, Code], monkeypatch: pytest.MonkeyPatch
) -> None:
    sections = tuple(Facet("section", f"S{i}", f"Section {i}", 5) for i in range(2))
    answer(monkeypatch, hit(codes["I50.9"]), facets=(*facets(), *sections))
    names = [
        [group.name for group in client.get(URL, {"q": "x", **chosen}).context["filter_groups"]]
        for chosen in ({}, {"chapter": "1"})
    ]
    assert "section" not in names[0]
    assert "section" in names[1]


@pytest.mark.usefixtures("codes")
def test_filters_that_leave_nothing_say_so(client: Client) -> None:
    response = client.get(URL, {"q": "failure", "billable": "no", "system": "hcpcs"})
    text = main(response)
    assert "Nothing matches with these filters. Search without filters ." in text
    assert 'href="?q=failure"' in response.content.decode()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("q", "x" * 201),
        ("system", "icd 10"),
        ("system", "s" * 51),
        ("chapter", "c" * 41),
        ("section", "\x00"),
        ("billable", "perhaps"),
        ("coverage", "1"),
        ("on", "yesterday"),
        ("on", "2026-13-01"),
        ("page", "0"),
        ("page", "x"),
        ("page", "1001"),
    ],
)
def test_bad_parameters_are_said_to_be_bad(client: Client, name: str, value: str) -> None:
    response = client.get(URL, {"q": "heart", name: value})
    assert response.status_code == 400
    assert "This cannot be searched for" in response.content.decode()


@pytest.mark.parametrize(
    "query", ["system=nothing", "chapter=nothing", "section=x&chapter=y", "system="]
)
@pytest.mark.usefixtures("codes")
def test_a_filter_that_names_nothing_is_no_error(client: Client, query: str) -> None:
    assert client.get(f"{URL}?q=failure&{query}").status_code == 200
