"""Modifiers: what the indicators of a code say of them, and the pages of their own."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from codes.fee_schedule_meanings import GLOBAL_DAYS, PCTC
from codes.indicators import POLICY
from codes.models import CodeSystem
from codes.ncci import ASSOCIATED_MODIFIERS
from codes.sections.modifier_rules import CPT_MODIFIERS, RULES, Use, findings
from tests import factories
from tests.codes.ncci_rows import held, ptp, save
from tests.codes.pages import words

pytestmark = pytest.mark.django_db

PAGE = "/codes/cpt/27447/"
SECTION = "/codes/cpt/27447/modifiers/"


@dataclass
class Row:
    """A row whose indicators all say that their concept does not apply."""

    pctc: str = "9"
    global_days: str = "XXX"
    multiple_procedure: str = "9"
    bilateral: str = "9"
    assistant_surgeon: str = "9"
    co_surgeons: str = "9"
    team_surgeons: str = "9"
    intraoperative: Decimal = Decimal(0)
    postoperative: Decimal = Decimal(0)


def uses(row: Row) -> dict[str, Use]:
    return {name: found.rule.use for found in findings(row) for name in found.rule.modifiers}


def knee() -> None:
    """Make a joint replacement: 90 days, both sides, assistants, co-surgeons documented."""
    factories.code("27447")
    factories.relative_value(
        "27447",
        global_days="090",
        multiple_procedure="2",
        bilateral="1",
        assistant_surgeon="2",
        co_surgeons="1",
        preoperative=Decimal("0.10"),
        intraoperative=Decimal("0.69"),
        postoperative=Decimal("0.21"),
    )


def test_concepts_that_do_not_apply_say_nothing() -> None:
    assert findings(Row()) == []


@pytest.mark.parametrize(
    ("indicators", "expected"),
    [
        ({"pctc": "0"}, {"26": Use.BARRED, "TC": Use.BARRED}),
        ({"pctc": "1"}, {"26": Use.ALLOWED, "TC": Use.ALLOWED}),
        ({"pctc": "6"}, {"26": Use.ALLOWED, "TC": Use.BARRED}),
        ({"pctc": "8"}, {"TC": Use.BARRED}),
        ({"bilateral": "0"}, {"50": Use.BARRED}),
        ({"bilateral": "1"}, {"50": Use.PAY, "LT": Use.PAY, "RT": Use.PAY}),
        ({"bilateral": "2"}, {"50": Use.BARRED}),
        ({"assistant_surgeon": "0"}, dict.fromkeys(("80", "81", "82", "AS"), Use.DOCUMENTED)),
        ({"assistant_surgeon": "1"}, dict.fromkeys(("80", "81", "82", "AS"), Use.BARRED)),
        ({"assistant_surgeon": "2"}, dict.fromkeys(("80", "81", "82", "AS"), Use.ALLOWED)),
        ({"co_surgeons": "0"}, {"62": Use.BARRED}),
        ({"co_surgeons": "1"}, {"62": Use.DOCUMENTED}),
        ({"co_surgeons": "2"}, {"62": Use.ALLOWED}),
        ({"team_surgeons": "0"}, {"66": Use.BARRED}),
        ({"team_surgeons": "1"}, {"66": Use.DOCUMENTED}),
        ({"team_surgeons": "2"}, {"66": Use.ALLOWED}),
        ({"multiple_procedure": "0"}, {}),
        ({"multiple_procedure": "2"}, {"51": Use.PAY}),
        ({"global_days": "000"}, {"25": Use.PAY}),
        ({"global_days": "010"}, dict.fromkeys(("25", "24", "58", "78", "79"), Use.PAY)),
        ({"global_days": "090"}, dict.fromkeys(("57", "24", "58", "78", "79"), Use.PAY)),
        ({"global_days": "ZZZ"}, {}),
        ({"postoperative": Decimal("0.21")}, {"54": Use.PAY, "55": Use.PAY}),
        ({"bilateral": "7"}, {}),
    ],
)
def test_a_value_of_an_indicator_speaks_of_its_modifiers(
    indicators: dict[str, Any], expected: dict[str, Use]
) -> None:
    assert uses(Row(**indicators)) == expected


def test_every_rule_rests_on_a_known_value_and_says_why() -> None:
    for name, values in RULES.items():
        for value, rules in values.items():
            assert POLICY[name].name(value), (name, value)
            assert all(rule.because or POLICY[name].explanation(value) for rule in rules)
    assert {value for value in PCTC if "may not be used" in PCTC[value][1]} <= set(RULES["pctc"])
    assert set(RULES["global_days"]) < set(GLOBAL_DAYS)


def test_every_cpt_modifier_named_has_words_of_this_site() -> None:
    named = {
        m
        for values in RULES.values()
        for rules in values.values()
        for r in rules
        for m in r.modifiers
    }
    assert {name for name in named | {"54", "55"} if name.isdigit()} <= set(CPT_MODIFIERS)


def test_the_page_says_what_is_allowed_and_why(member: Client) -> None:
    knee()
    factories.modifier("AS", short_descriptor="Assistant at surgery service")
    text = words(member, PAGE)
    assert "Allowed 80 , 81 , 82 , AS An assistant at surgery may be paid." in text
    assert "Allowed with documentation 62" in text
    assert "Barred 26 , TC" in text
    assert "Relevant to pay 50 , LT , RT" in text
    assert "Relevant to pay 57 On the visit, not on this code" in text
    assert "69% of the fee is for the operation itself, 21% for the care afterwards" in text
    assert "Assistant at surgery: 2" in text
    html = member.get(PAGE).content.decode()
    assert 'href="/modifiers/AS/"' in html
    assert 'href="/modifiers/LT/"' not in html  # no loaded file has it


def test_a_component_with_values_of_its_own_is_told(member: Client) -> None:
    factories.code("27447")
    factories.relative_value("27447", pctc="1")
    factories.relative_value("27447", pctc="1", modifier="26", nonfacility_total=Decimal("0.31"))
    assert "Relative values of its own: 0.31 / 1.97" in words(member, PAGE)


def test_ncci_modifiers_are_named_where_an_edit_can_be_opened(member: Client) -> None:
    factories.code("27447")
    factories.relative_value("27447")
    assert "PTP modifier indicator" not in words(member, PAGE)
    save(ptp("01402", "27447", "0"))
    assert "PTP modifier indicator" not in words(member, SECTION)
    save(ptp("27447", "27486", deleted_on=date(2015, 1, 1)))
    assert "PTP modifier indicator" not in words(member, SECTION)
    save(ptp("27447", "27487"))
    text = words(member, SECTION)
    assert "PTP modifier indicator: 1" in text
    assert all(name in text for group in ASSOCIATED_MODIFIERS.values() for name in group)


def test_a_day_is_answered_from_its_edition(member: Client) -> None:
    knee()
    assert "October 2025" in words(member, SECTION, {"on": "2025-11-01"})
    assert "No edition of the physician fee schedule" in words(
        member, SECTION, {"on": "2024-11-01"}
    )


def test_the_locked_card_counts_the_modifiers(client: Client) -> None:
    knee()
    text = words(client, PAGE)
    assert "19 modifiers, release October 2025" in text
    assert "may be paid" not in text


def test_a_code_without_facts_has_no_section(member: Client) -> None:
    factories.code("27447")
    assert member.get(SECTION).status_code == 404
    factories.code("Z00.00", of=factories.system("icd-10-cm"))
    assert member.get("/codes/icd-10-cm/Z00.00/modifiers/").status_code == 404


@pytest.mark.parametrize("number", [1, 1000])
def test_the_section_takes_the_same_queries_for_one_and_a_thousand_edits(
    member: Client, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    knee()
    release = held()
    save(*[ptp("27447", f"{i:05}", release=release) for i in range(number)])
    with django_assert_num_queries(11):
        words(member, SECTION)


# --- Pages of modifiers -----------------------------------------------------------------------


def test_the_list_has_both_publishers(client: Client) -> None:
    factories.system("cpt")
    factories.modifier("LT", short_descriptor="Left side")
    factories.modifier("ZZ", short_descriptor="Gone", terminated_on=date(2019, 12, 31))
    text = words(client, "/modifiers/")
    assert "LT Left side" in text
    assert "ZZ Gone Ended" in text
    assert "26 The professional component alone" in text
    assert "American Medical Association" in text


def test_a_page_says_what_the_file_says(client: Client) -> None:
    factories.modifier(
        "LT", coverage="C", added_on=date(1990, 1, 1), action="N", action_on=date(1995, 1, 1)
    )
    text = words(client, "/modifiers/LT/")
    assert "HCPCS modifier LT" in text
    assert "Left side of the body" in text
    assert "Coverage C The Medicare contractor decides on coverage" in text
    assert "Added 1 January 1990" in text
    assert "1 January 1995: No change" in text
    assert "Bilateral surgery 1 Relevant to pay" in text
    assert "hcpcs-modifiers.csv" in text


def test_a_cpt_modifier_has_words_of_this_site(client: Client) -> None:
    factories.system("cpt")
    text = words(client, "/modifiers/26/")
    assert "CPT® modifier 26" in text
    assert "This site’s own words, not the AMA’s." in text
    assert "Professional and technical component 1 Allowed" in text
    assert "American Medical Association" in text


@pytest.mark.parametrize(
    ("mode", "words_shown"), [("off", ""), ("codes_only", "own"), ("full", "file")]
)
def test_a_licence_decides_what_is_shown_of_a_licensed_modifier(
    client: Client, mode: str, words_shown: str
) -> None:
    factories.system("cpt", display_mode=mode)
    licensed = factories.edition("cpt-modifiers")
    factories.modifier("26", short_descriptor="CANARY", long_descriptor="CANARY", release=licensed)
    for url in ("/modifiers/", "/modifiers/26/"):
        text = client.get(url).content.decode()
        assert ("CANARY" in text) == (words_shown == "file")
        assert ("The professional component alone" in text) == (words_shown == "own")
    assert (client.get("/modifiers/26/").status_code == 404) == (mode == CodeSystem.DisplayMode.OFF)


@pytest.mark.parametrize(
    "url", ["/modifiers/QQ/", "/modifiers/1/", "/modifiers/ABC/", "/modifiers/%00A/"]
)
def test_an_unknown_modifier_is_404(client: Client, url: str) -> None:
    assert client.get(url).status_code == 404


def test_small_letters_lead_to_the_page(client: Client) -> None:
    response = client.get("/modifiers/lt/")
    assert response.status_code == 301
    assert response["Location"] == "/modifiers/LT/"


@pytest.mark.parametrize("url", ["/modifiers/", "/modifiers/LT/"])
def test_only_reading_is_allowed(client: Client, url: str) -> None:
    assert client.post(url).status_code == 405


@pytest.mark.parametrize("url", ["/modifiers/", "/modifiers/AA/"])
@pytest.mark.parametrize("number", [1, 20])
def test_pages_take_two_queries(
    client: Client, url: str, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for i in range(number):
        factories.modifier(f"A{chr(65 + i)}")
    with django_assert_num_queries(2):
        words(client, url)
