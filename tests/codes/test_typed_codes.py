"""Codes by their number, as people type and paste them: alone, several, in ranges, among words."""

import pytest
from django.test import Client

from codes.models import Code
from codes.search import NO_FILTERS, Filters, Group, search
from tests import factories
from tests.codes.search_tools import URL, main

pytestmark = pytest.mark.django_db

EXACT, RANGE = Group.EXACT_CODE, Group.CODE_RANGE


@pytest.fixture(autouse=True)
def codes() -> None:
    icd = factories.system("icd-10-cm")
    for display, words in (
        ("E11.65", "Type 2 diabetes mellitus with hyperglycemia"),
        ("E11.9", "Type 2 diabetes mellitus without complications"),
        ("I10", "Essential (primary) hypertension"),
        ("I16.0", "Hypertensive urgency"),
        ("N95", "Menopausal and other perimenopausal disorders"),
        ("R29.709", "NIHSS score 9"),
        ("R29.710", "NIHSS score 10"),
    ):
        factories.code(display, of=icd, short_descriptor=words, long_descriptor=words)
    hcpcs = factories.system("hcpcs")
    for display, words in (("E1190", "Wheelchair"), ("A4928", "Surgical mask")):
        factories.code(display, of=hcpcs, short_descriptor=words, long_descriptor=words)
    for display in ("99213", "99214"):
        factories.code(display, short_descriptor="Established patient", long_descriptor="quokka")
    factories.search_index()


def found(text: str, filters: Filters = NO_FILTERS) -> list[tuple[str, Group]]:
    hits = search(text, filters=filters).hits
    displays = Code.objects.in_bulk([hit.code_id for hit in hits])
    return [(displays[hit.code_id].display, hit.group) for hit in hits]


@pytest.mark.parametrize(
    "text",
    ["I10, E11.9", "i10 e119", "I10;E11.9", "I10/E11.9", "(I10) (E11.9)", "I10 | E11.9."],
)
def test_several_codes_are_each_found_and_nothing_else(text: str) -> None:
    assert found(text) == [("I10", EXACT), ("E11.9", EXACT)]


def test_numbers_without_a_letter_are_codes_among_codes() -> None:
    assert found("99213, 99214") == [("99213", EXACT), ("99214", EXACT)]
    assert ("99213", EXACT) not in found("99213 mask")


@pytest.mark.parametrize(
    "text",
    [
        "Hypertension (I10)",
        "I10 hypertension",
        "I10 - Essential hypertension",
        "1. hypertension [I10]",
    ],
)
def test_a_short_code_beside_its_own_words_is_that_code(text: str) -> None:
    assert found(text)[0] == ("I10", EXACT)


def test_a_short_code_beside_other_words_is_a_word() -> None:
    assert found("N95 mask")[0][0] == "A4928"
    assert found("N95 mask E11.9")[:2] == [("N95", EXACT), ("E11.9", EXACT)]


def test_words_beside_a_code_are_looked_for_without_it() -> None:
    assert found("E11.9 type 2 diabetes")[:2] == [
        ("E11.9", EXACT),
        ("E11.65", Group.ALL_WORDS),
    ]


@pytest.mark.parametrize(
    "text", ["E11.6-I10", "e11.6 – i10", "E11.6 to I10", "E11.6 through I10", "(E11.6-I10)"]
)
def test_a_range_holds_the_codes_of_its_system(text: str) -> None:
    assert found(text) == [("E11.65", RANGE), ("E11.9", RANGE), ("I10", RANGE)]


def test_a_range_is_narrowed_and_labelled(client: Client) -> None:
    assert found("99213-99214") == [("99213", RANGE), ("99214", RANGE)]
    assert found("I10-I16", Filters(systems=("hcpcs",))) == []
    assert "Codes of this range" in main(client.get(URL, {"q": "I10-I16"}))


@pytest.mark.parametrize("text", ["I16-I10", "I10-hypertension", "10-20", "-", "I10-"])
def test_what_is_no_range_is_none(text: str) -> None:
    assert RANGE not in {group for _, group in found(text)}


@pytest.mark.parametrize(
    ("text", "first"),
    [("I1O", "I10"), ("l10", "I10"), ("E11.99", "E11.9"), ("E11.66", "E11.65"), ("I10.1", "I10")],
)
def test_a_number_that_no_code_has_leads_to_those_close_to_it(text: str, first: str) -> None:
    hits = found(text)
    assert hits[0][0] == first
    assert {group for _, group in hits} == {Group.CLOSE_SPELLINGS}


def test_that_no_code_has_a_number_is_said_above_those_close_to_it(client: Client) -> None:
    text = main(client.get(URL, {"q": "E11.99"}))
    assert "It looks like a code, but no code system on this site has it." in text
    assert "NIHSS" not in text


def test_a_number_with_a_dot_is_none_of_a_system_without() -> None:
    factories.code("E0199", of=factories.system("hcpcs"), long_descriptor="Pad for a mattress")
    factories.search_index()
    assert ("E0199", Group.CLOSE_SPELLINGS) in found("E1199")
    assert "E0199" not in dict(found("E11.99"))


def test_the_heading_of_several_codes_says_so(client: Client) -> None:
    assert "These codes" in main(client.get(URL, {"q": "I10, E11.9"}))
    assert "This code" in main(client.get(URL, {"q": "Hypertension (I10)"}))


def test_no_close_number_where_the_very_code_is_filtered_away() -> None:
    assert found("I10", Filters(systems=("hcpcs",))) == []


@pytest.mark.parametrize("text", ["(E11.9)", "“e11.9”", "• E11.9", "<E119>", "Dx: E11.9"])
def test_marks_around_a_code_do_not_count(text: str) -> None:
    assert found(text)[0] == ("E11.9", EXACT)
