"""Case → codes points out a side or a 7th character that is missing, and offers the codes."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from tests import factories
from tests.codes.case_pages import URL, code, offered, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


def remarks(page: str) -> str:
    """Return the part of a page that says what to see to; "" without one."""
    return page.partition('id="remarks-title"')[2].partition("</section>")[0]


@pytest.fixture
def hands() -> None:
    pain = code("M79.6", "Pain in limb, hand and foot", billable=False)
    hand = code("M79.64", "Pain in hand", billable=False, parent=pain)
    code("M79.641", "Pain in right hand", parent=hand)
    code("M79.642", "Pain in left hand", parent=hand)
    code("M79.643", "Pain in unspecified hand", parent=hand)
    factories.search_index()


@pytest.fixture
def sprains() -> None:
    ankle = code("S93.4", "Sprain of ankle", billable=False)
    for number, side in enumerate(("right", "left", "unspecified"), 1):
        base = code(f"S93.40{number}", f"Sprain of {side} ankle", billable=False, parent=ankle)
        for letter, visit in (("A", "initial"), ("D", "subsequent")):
            words = f"{base.long_descriptor}, {visit} encounter"
            code(f"S93.40{number}{letter}", words, parent=base)
    factories.search_index()


@pytest.fixture
def gout() -> None:
    base = code("M1A.071", "Idiopathic chronic gout of ankle", billable=False)
    code("M1A.0710", "Idiopathic chronic gout of ankle, with few tophi", parent=base)
    code("M1A.0711", "Idiopathic chronic gout of ankle, with tophus", parent=base)
    factories.search_index()


@pytest.mark.usefixtures("hands")
def test_a_side_that_the_note_leaves_open_is_asked_for_with_the_codes_of_each(
    client: Client,
) -> None:
    page = sent(client, "Pain in the hand.")
    leading, _, behind = page.partition("<details")
    assert offered(leading) == {"M79.643"}
    assert {"M79.641", "M79.642"} <= offered(behind)
    said = remarks(page)
    assert "M79.643 leaves the side open" in said
    assert 'href="/codes/icd-10-cm/M79.641/"' in said
    assert "right" in said
    assert 'href="/codes/icd-10-cm/M79.642/"' in said
    assert "I.B.13" in said


@pytest.mark.usefixtures("hands")
def test_nothing_is_asked_where_the_note_names_the_side(client: Client) -> None:
    page = sent(client, "Pain in the left hand.")
    assert "M79.642" in offered(page)
    assert "leaves the side open" not in page


@pytest.mark.usefixtures("hands")
def test_both_sides_have_a_code_each_where_no_code_says_both(client: Client) -> None:
    page = sent(client, "Pain in both hands.")
    assert {"M79.641", "M79.642"} <= offered(page)
    assert "leaves the side open" not in page


@pytest.mark.usefixtures("hands")
def test_a_picked_code_without_its_side_is_pointed_out_too(client: Client) -> None:
    page = client.post(URL + "list/", {"code": ["icd-10-cm/M79.643"]}).content.decode()
    assert "M79.643 leaves the side open" in page


@pytest.mark.usefixtures("sprains")
@pytest.mark.parametrize(
    ("note", "taken", "means"),
    [
        ("Sprain of the left ankle.", "S93.402A", "active treatment"),
        ("Follow-up of sprain of the left ankle.", "S93.402D", "healing or recovery"),
    ],
)
def test_the_7th_character_follows_the_visit_and_says_so(
    client: Client, note: str, taken: str, means: str
) -> None:
    page = sent(client, note)
    first = page.partition('name="code" value="icd-10-cm/')[2].partition('"')[0]
    assert first == taken
    assert f"7th character read from the note: {means}" in page
    assert "Other 7th characters (1)" in page


@pytest.mark.usefixtures("gout")
def test_a_base_code_asks_for_its_7th_character_and_offers_all(client: Client) -> None:
    page = sent(client, "Idiopathic chronic gout of the ankle.")
    said = remarks(page)
    assert "M1A.071 needs a 7th character" in said
    assert "M1A.0710" in said
    assert "M1A.0711" in said
    assert "is a heading" not in said


@pytest.mark.usefixtures("sprains")
def test_a_picked_base_code_names_what_each_7th_character_stands_for(client: Client) -> None:
    page = client.post(URL + "list/", {"code": ["icd-10-cm/S93.402"]}).content.decode()
    said = " ".join(remarks(page).split())
    assert "S93.402 needs a 7th character" in said
    assert "active treatment" in said
    assert "healing or recovery" in said


@pytest.mark.usefixtures("hands", "sprains")
def test_remarks_take_two_queries_for_one_code_and_for_many(
    client: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    one = {"code": ["icd-10-cm/M79.643"]}
    many = {"code": ["icd-10-cm/M79.643", "icd-10-cm/S93.403", "icd-10-cm/S93.402"]}
    client.post(URL + "list/", one)
    with django_assert_num_queries(5):
        client.post(URL + "list/", one)
    with django_assert_num_queries(5):
        client.post(URL + "list/", many)
