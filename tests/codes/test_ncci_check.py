"""The NCCI check: may these codes be billed together on that day?"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any
from urllib.parse import urlencode

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from tests import factories
from tests.codes import ncci_rows

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]

URL = "/ncci-check/"
DAY = "2026-02-15"


@pytest.fixture
def member(client: Client) -> Client:
    factories.system("cpt")
    client.force_login(factories.user())
    return client


def html(client: Client, codes: str, *, on: str = DAY, **fields: str) -> str:
    response = client.get(f"{URL}?{urlencode({'codes': codes, 'on': on, **fields})}")
    assert response.status_code == 200
    return response.content.decode()


def words(client: Client, codes: str, **fields: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html(client, codes, **fields)))


def test_a_guest_is_told_what_it_does_and_nothing_else(client: Client) -> None:
    ncci_rows.save(ncci_rows.ptp("10001", "10002", rationale="CANARY"))
    response = client.get(f"{URL}?codes=10001,10002")
    text = response.content.decode()
    assert response.status_code == 200
    assert "The check is for registered users." in text
    assert "?next=/ncci-check/%3Fcodes%3D10001%2C10002" in text
    assert "CANARY" not in text
    assert "not paid beside" not in text


def test_a_guest_costs_no_query_of_edits(
    client: Client, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client.get(URL)
    with django_assert_num_queries(2) as queries:
        client.get(f"{URL}?codes=10001,10002")
    assert all("casepilot_cache" in query["sql"] for query in queries)  # the rate limit


def test_the_empty_form_asks_for_codes(member: Client) -> None:
    response = member.get(URL)
    assert response.status_code == 200
    assert "private" in response["Cache-Control"]
    assert "<textarea" in response.content.decode()
    assert 'role="alert"' not in response.content.decode()


def test_an_edit_is_named_with_its_columns_and_source(member: Client) -> None:
    edit = ncci_rows.ptp("10001", "10002", "0", line=41234)
    ncci_rows.save(edit)
    for typed in ("10001, 10002", "10002\n10001"):
        text = words(member, typed)
        assert "1 edit" in text
        assert "Edit: 10002 is not paid beside 10001. No modifier opens this edit." in text
        assert "line 41,234" in text
        assert edit.release.sha256 in text


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("10001, 10002", "An NCCI-associated modifier may open this edit"),
        (
            "10001, 10002-59",
            "Modifier 59, as typed, may open this edit where the record justifies it",
        ),
        ("10001-LT, 10002-RT", "Modifier LT or RT, as typed, may open"),
        ("10001, 10002-76", "none is typed."),
    ],
)
def test_a_typed_modifier_may_open_an_edit(member: Client, typed: str, expected: str) -> None:
    ncci_rows.save(ncci_rows.ptp("10001", "10002", "1"))
    assert expected in words(member, typed)


def test_no_edit_says_so_and_what_was_or_will_be(member: Client) -> None:
    ncci_rows.save(
        ncci_rows.ptp("10001", "10002", deleted_on=date(2025, 12, 31)),
        ncci_rows.ptp("10001", "10003", effective_on=date(2026, 4, 1)),
    )
    text = words(member, "10001 10002 10003".replace(" ", ","))
    assert "3 pairs without edit" in text
    assert "There was one until 31 December 2025." in text
    assert "One begins on 1 April 2026." in text


def test_the_last_day_of_an_edit_is_a_day_with_it(member: Client) -> None:
    ncci_rows.save(ncci_rows.ptp("10001", "10002", deleted_on=date(2025, 12, 31)))
    assert "1 edit" in words(member, "10001,10002", on="2025-12-31")
    assert "1 pair without edit" in words(member, "10001,10002", on="2026-01-01")


def test_no_data_is_not_no_edit(member: Client) -> None:
    ncci_rows.save(ncci_rows.ptp("10001", "10002"), ncci_rows.ptp("10001", "10003"))
    text = words(member, "10001,10002,10003", on="2015-06-01")
    assert "2 edits" in text
    assert "1 pair without data for that date" in text
    assert "without edit" not in text


def test_without_any_release_there_is_no_data(member: Client) -> None:
    for key in ("10001", "10002"):
        factories.code(key)
    text = words(member, "10001,10002")
    assert "1 pair without data for that date" in text
    assert "PTP edits, practitioner: no data for 15 February 2026." in text


def test_a_release_of_the_time_answers_where_the_newest_does_not_reach(member: Client) -> None:
    old = ncci_rows.release(day=date(2025, 1, 1), is_current=False)
    ncci_rows.save(
        ncci_rows.ptp("10001", "10002"),
        ncci_rows.ptp("10001", "10002", release=old),
        ncci_rows.ptp("10001", "10003", release=old),
    )
    assert "2 edits" in words(member, "10001,10002,10003", on="2025-02-01")
    assert "1 edit " in words(member, "10001,10002,10003")


def test_a_day_after_the_quarter_of_the_newest_release_is_told(member: Client) -> None:
    ncci_rows.save(ncci_rows.ptp("10001", "10002"))
    assert "is for an earlier time" in words(member, "10001,10002", on="2026-08-01")
    assert "is for an earlier time" not in words(member, "10001,10002", on="2026-03-31")


def test_hospitals_have_edits_of_their_own(member: Client) -> None:
    ncci_rows.save(ncci_rows.ptp("10001", "10002", release=ncci_rows.held("ptp-hospital")))
    ncci_rows.save(ncci_rows.ptp("10001", "10003"), ncci_rows.ptp("10002", "10003"))
    assert "1 edit " in words(member, "10001,10002", service="hospital")
    assert "1 pair without edit" in words(member, "10001,10002", service="practitioner")


def test_units_are_held_against_the_limit(member: Client) -> None:
    ncci_rows.limit("10001", 1, "1")
    ncci_rows.limit("10002", 2, "2")
    ncci_rows.limit("10003", 0, "3")
    text = words(member, "10001, 10001, 10002 x1, 10002 x2, 10003")
    assert "Within the limit 1 unit, MUE 1. Line edit." in text
    assert "Over the limit 3 units, MUE 2. Date of service edit: policy." in text
    assert "Not payable 1 unit, MUE 0. Medicare does not pay" in text


def test_an_add_on_code_wants_a_primary(member: Client) -> None:
    ncci_rows.add_on("10001", "10002")
    ncci_rows.add_on("10003", "CCCCC", "2")
    factories.code("10002")
    text = words(member, "10001,10003")
    assert "No primary code typed It is paid only beside one of 1 primary code: 10002." in text
    assert "The Medicare contractor defines its primary codes." in text
    assert "Primary code typed 10002." in words(member, "10001,10002")


def test_what_cannot_be_checked_is_named_and_kept(member: Client) -> None:
    ncci_rows.save(ncci_rows.ptp("10001", "10002"), ncci_rows.ptp("10002", "10003"))
    typed = "10001-25\nnot a code\n99998\n10003 x2 <b>"
    text = html(member, typed)
    assert f">{typed.replace('<b>', '&lt;b&gt;')}</textarea>" in text
    assert '<span class="code">not a code</span> It is no' in text
    assert '<span class="code">99998</span>' in text
    assert "99998 and" not in re.sub(r"<[^>]+>", "", text)
    assert "There are not two different codes to compare." in text


def test_a_code_that_only_the_edits_name_is_known(member: Client) -> None:
    ncci_rows.save(ncci_rows.ptp("10001", "20001"), ncci_rows.ptp("20002", "10002"))
    text = words(member, "10001,10002")
    assert "1 pair without edit" in text
    assert "Not checked" not in text


def test_more_than_25_lines_are_named(member: Client) -> None:
    ncci_rows.save(*(ncci_rows.ptp(f"100{n:02}", "99999") for n in range(27)))
    text = html(member, "\n".join(f"100{n:02}" for n in range(27)))
    assert text.count("It comes after the 25 lines") == 2
    assert "300 pairs without edit" in text


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ("codes=", "Type at least one code."),
        ("codes=10001&on=yesterday", "Enter a valid date."),
        ("codes=10001&service=nobody", "Select a valid choice."),
        ("codes=" + "1" * 2001, "at most 2000 characters"),
        ("codes=10001%00", "Null characters are not allowed."),
    ],
)
def test_bad_questions_are_answered_clearly(member: Client, query: str, error: str) -> None:
    response = member.get(f"{URL}?{query}")
    assert response.status_code == 400
    assert error in response.content.decode()


def test_the_answer_has_an_address_with_its_day(member: Client) -> None:
    ncci_rows.save(ncci_rows.ptp("10001", "10002"))
    first = html(member, "10001\r\n10002-59 x2")
    link = re.search(r'href="(/ncci-check/\?[^"]+)">Link to this answer', first)
    assert link
    assert f"on={DAY}" in link[1]
    again = member.get(link[1].replace("&amp;", "&")).content.decode()
    assert "Modifier 59, as typed" in again


def test_cpt_codes_are_not_answered_where_cpt_is_off(member: Client) -> None:
    factories.system("cpt", display_mode="off")
    ncci_rows.save(ncci_rows.ptp("10001", "10002"), ncci_rows.ptp("G0001", "J0002"))
    text = words(member, "10001,10002,G0001,J0002")
    assert "since this site does not show CPT® codes: 10001 , 10002 ." in text
    assert "J0002 is not paid beside G0001" in text
    assert "10002 is not paid" not in text


def test_cpt_primary_codes_are_not_listed_where_cpt_is_off(member: Client) -> None:
    factories.system("cpt", display_mode="off")
    ncci_rows.add_on("G0001", "77701")
    text = words(member, "G0001")
    assert "of a system that this site does not show" in text
    assert "77701" not in text


def test_writing_methods_are_refused(member: Client) -> None:
    assert member.post(URL, {"codes": "10001"}).status_code == 405


def test_floods_are_refused(member: Client, settings: Settings) -> None:
    settings.RATELIMIT_SEARCH = "2/h"
    statuses = [ask(URL).status_code for ask in (member.head, member.get, member.head)]
    assert statuses == [200, 200, 429]


@pytest.mark.parametrize("number", [2, 25])
def test_the_queries_are_the_same_for_two_and_25_codes(
    member: Client, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    keys = [f"100{n:02}" for n in range(number)]
    ncci_rows.save(*(ncci_rows.ptp(a, b) for a in keys for b in keys if a < b))
    ncci_rows.limit(keys[0], 1)
    ncci_rows.add_on(keys[1], keys[0])
    for key in keys:
        factories.code(key)
    html(member, ",".join(keys))
    beside = 4  # session, user, and two of the rate limit
    with django_assert_num_queries(6 + beside):
        html(member, ",".join(keys))


def test_it_is_found_from_the_search_page(client: Client) -> None:
    assert f'href="{URL}"' in client.get("/search/").content.decode()


def test_the_section_leads_to_it(member: Client) -> None:
    factories.code("10001")
    ncci_rows.save(ncci_rows.ptp("10001", "10002"))
    assert f'href="{URL}?codes=10001"' in member.get("/codes/cpt/10001/").content.decode()
