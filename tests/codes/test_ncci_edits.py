"""The NCCI Edits section: counts for guests, edits for members, the whole list on its own page."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from codes.facts import PtpEdit
from codes.models import Code
from codes.ncci_rows import in_force
from codes.sections.ncci_edits import NcciEditsSection
from codes.sections.options import SectionOptions
from tests import factories
from tests.codes import ncci_rows

pytestmark = pytest.mark.django_db

URL = "/codes/cpt/10001/"
WHOLE = f"{URL}ncci-edits/"
SECTION = NcciEditsSection()
LONG_AGO = date(2018, 1, 1)


@pytest.fixture
def code() -> Code:
    return factories.code("10001")


def text_of(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, url
    return response.content.decode()


def words_of(client: Client, url: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", text_of(client, url)))


def others(text: str) -> list[str]:
    return re.findall(r'<th scope="row"[^>]*>\s*<(?:a|span) class="code"[^>]*>(\w+)<', text)


def test_a_guest_reads_counts_and_no_byte_of_an_edit(client: Client, code: Code) -> None:
    ncci_rows.save(
        ncci_rows.ptp("10001", "77701", rationale="CANARY-rationale"),
        ncci_rows.ptp("10001", "77702"),
        ncci_rows.ptp("77703", "10001", release=ncci_rows.held("ptp-hospital")),
    )
    ncci_rows.limit("10001", 4)
    ncci_rows.add_on("10001", "77704")
    text = text_of(client, URL)
    assert (
        "2 practitioner and 1 outpatient hospital PTP edits, release 2026 Q1, 1 MUE value,"
        " 1 add-on edit" in text
    )
    assert not re.search(r"\b7770\d", text)
    assert "CANARY" not in text
    assert "77701" not in client.get(WHOLE, follow=True).content.decode()


def test_what_is_held_is_counted_as_of_today(code: Code) -> None:
    ncci_rows.save(
        ncci_rows.ptp("10001", "77701"),
        ncci_rows.ptp("10001", "77702", deleted_on=LONG_AGO),
        ncci_rows.ptp("10001", "77703", "9", effective_on=LONG_AGO, deleted_on=LONG_AGO),
        ncci_rows.ptp("10001", "77704", effective_on=date(2099, 1, 1)),
    )
    assert SECTION.holds(code) == ["1 PTP edit, release 2026 Q1"]


def test_edits_that_ended_are_something_held(member: Client, code: Code) -> None:
    ncci_rows.save(ncci_rows.ptp("10001", "77701", deleted_on=LONG_AGO))
    assert SECTION.holds(code) == ["1 PTP edit that ended"]
    assert "0 in force, 1 ended" in words_of(member, URL)
    assert others(text_of(member, f"{WHOLE}?on=2018-01-01")) == ["77701"]
    assert "only in part" in words_of(member, f"{WHOLE}?on=2017-12-31")


def test_nothing_loaded_is_nothing_held(code: Code) -> None:
    assert SECTION.holds(code) == []
    assert SECTION.load(code, SectionOptions()) == {"text": None}


def test_a_diagnosis_with_the_key_of_a_procedure_has_no_edits() -> None:
    diagnosis = factories.code("A01.00", of=factories.system("icd-10-cm"))
    ncci_rows.save(ncci_rows.ptp("A0100", "77701"))
    assert SECTION.holds(diagnosis) == []
    assert SECTION.load(diagnosis, SectionOptions(is_whole=True)) == {"text": None}


def test_a_member_reads_both_columns_with_words_dates_and_source(
    member: Client, code: Code
) -> None:
    named = factories.code("10002", short_descriptor="Named elsewhere")
    edit = ncci_rows.ptp("10001", "10002", "0", deleted_on=date(2099, 3, 31), line=41234)
    ncci_rows.save(edit, ncci_rows.ptp("77703", "10001"))
    text, words = text_of(member, URL), words_of(member, URL)
    assert f'href="{named.get_absolute_url()}"' in text
    for expected in (
        "Practitioner PTP edits with 10001 in column 1",
        "Practitioner PTP edits with 10001 in column 2",
        "Named elsewhere",
        "0 Not allowed",
        "1 Allowed",
        "2010-01-01",
        "2099-03-31",
        "Standards of medical practice",
        "ptp-practitioner.txt, line 41,234",
        edit.release.sha256,
    ):
        assert expected in words, expected
    assert others(text) == ["10002", "77703"]


def test_the_code_page_shows_the_first_ten_and_links_to_all(member: Client, code: Code) -> None:
    made = [ncci_rows.ptp("10001", f"2{n:04}") for n in range(120)]
    ncci_rows.save(*made[::-1], *(ncci_rows.ptp(f"3{n:04}", "10001") for n in range(3)))
    text = text_of(member, URL)
    assert others(text) == [f"2{n:04}" for n in range(10)] + [f"3{n:04}" for n in range(3)]
    assert f'<a href="{WHOLE}?page=1#ptp-practitioner-1">All 120 edits' in text
    assert "All 3 edits" not in text


def test_its_own_page_holds_every_edit_once_fifty_at_a_time(member: Client, code: Code) -> None:
    hospital = ncci_rows.held("ptp-hospital")
    ncci_rows.save(
        *(ncci_rows.ptp("10001", f"2{n:04}") for n in range(70)),
        *(ncci_rows.ptp(f"3{n:04}", "10001") for n in range(20)),
        *(ncci_rows.ptp("10001", f"2{n:04}", release=hospital) for n in range(40)),
    )
    pages = [others(text_of(member, f"{WHOLE}?page={n}")) for n in (1, 2, 3)]
    assert [len(page) for page in pages] == [50, 50, 30]
    seen = [*pages[0], *pages[1], *pages[2]]
    assert seen[:90] == [f"2{n:04}" for n in range(70)] + [f"3{n:04}" for n in range(20)]
    assert seen[90:] == [f"2{n:04}" for n in range(40)]
    first = text_of(member, WHOLE)
    assert f'href="{WHOLE}?page=2#ptp-practitioner-2"' in first
    assert "Page 1 of 3" in first
    assert member.get(f"{WHOLE}?page=4").status_code == 404


def test_edits_are_searched_by_the_other_code(member: Client, code: Code) -> None:
    ncci_rows.save(
        ncci_rows.ptp("10001", "20001"),
        ncci_rows.ptp("10001", "30001"),
        ncci_rows.ptp("G2000", "10001"),
    )
    assert others(text_of(member, f"{WHOLE}?q=200")) == ["20001"]
    assert others(text_of(member, f"{WHOLE}?q=g2")) == ["G2000"]
    assert "No PTP edit with a code that begins with 4" in words_of(member, f"{WHOLE}?q=4")


def test_a_chosen_day_shows_what_was_in_force_then(member: Client, code: Code) -> None:
    ncci_rows.save(
        ncci_rows.ptp("10001", "20001", deleted_on=date(2019, 12, 31)),
        ncci_rows.ptp("10001", "20002", effective_on=date(2020, 1, 1)),
    )
    assert others(text_of(member, f"{WHOLE}?on=2019-12-31")) == ["20001"]
    assert others(text_of(member, f"{WHOLE}?on=2020-01-01")) == ["20002"]
    assert "1 in force on 1 January 2020, 1 ended" in words_of(member, f"{WHOLE}?on=2020-01-01")
    assert "1 in force on 31 December 2019, 0 ended, 1 to come" in words_of(
        member, f"{WHOLE}?on=2019-12-31"
    )
    assert "only in part" in words_of(member, f"{WHOLE}?on=2018-01-01")
    assert "only in part" not in words_of(member, f"{WHOLE}?on=2019-12-31")


def test_unit_limits_are_those_of_the_quarter(member: Client, code: Code) -> None:
    old = ncci_rows.release("mue-practitioner", date(2025, 10, 1), is_current=False)
    ncci_rows.limit("10001", 7, release=old)
    ncci_rows.limit("10001", 3, "2")
    ncci_rows.limit("10001", 5, "1", release=ncci_rows.held("mue-dme"))
    words = words_of(member, WHOLE)
    assert "Practitioner 3 2 Date of service edit: policy." in words
    assert "DME supplier 5 1 Line edit." in words
    assert "Practitioner 7 3 Date of service edit: clinical." in words_of(
        member, f"{WHOLE}?on=2025-11-01"
    )
    long_before = words_of(member, f"{WHOLE}?on=2025-09-30")
    assert "MUE, Practitioner: no data for 30 September 2025" in long_before


def test_add_on_codes_are_shown_both_ways(member: Client, code: Code) -> None:
    ncci_rows.add_on("10001", "20001", "3")
    ncci_rows.add_on("10001", "CCCCC", "3")
    ncci_rows.add_on("30001", "10001")
    ncci_rows.add_on("30002", "10001", deleted_on=date(2020, 12, 31))
    words = words_of(member, WHOLE)
    assert "10001 is an add-on code" in words
    assert "Set by the contractor" in words
    assert "Add-on codes to 10001" in words
    assert "30001" in words
    assert "30002" not in words


def test_cpt_numbers_are_left_out_where_cpt_is_off(member: Client) -> None:
    factories.system("cpt", display_mode="off")
    factories.code("G0001", of=factories.system("hcpcs"))
    ncci_rows.save(ncci_rows.ptp("G0001", "77701"), ncci_rows.ptp("G0001", "J0002"))
    text = text_of(member, "/codes/hcpcs/G0001/ncci-edits/")
    assert others(text) == ["J0002"]
    assert "77701" not in text
    assert "1 edit here names CPT® codes, which this site does not show." in text


def test_a_release_that_was_left_does_not_count(code: Code) -> None:
    left = ncci_rows.release(day=date(2026, 4, 1), is_current=False, was_left=True)
    ncci_rows.save(ncci_rows.ptp("10001", "20001", release=left))
    assert SECTION.holds(code) == []


@pytest.mark.parametrize("number", [1, 1000])
def test_the_queries_are_the_same_for_one_and_a_thousand_edits(
    code: Code, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    hospital = ncci_rows.held("ptp-hospital")
    for release in (ncci_rows.held(), hospital):
        ncci_rows.save(
            *(ncci_rows.ptp("10001", f"2{n:04}", release=release) for n in range(number)),
            *(ncci_rows.ptp(f"3{n:04}", "10001", release=release) for n in range(number)),
        )
    ncci_rows.limit("10001", 1)
    ncci_rows.add_on("10001", "20000")
    code = Code.objects.select_related("system").prefetch_related("texts").get(pk=code.pk)
    with django_assert_num_queries(5):
        SECTION.holds(code)
    for options in (SectionOptions(), SectionOptions(is_whole=True)):
        with django_assert_num_queries(3):
            SECTION.load(code, options)


@pytest.mark.parametrize("days", [-1, 0, 1])
@pytest.mark.parametrize("deleted", [LONG_AGO, LONG_AGO + timedelta(days=1), None])
def test_the_database_and_the_rules_agree_on_what_is_in_force(
    days: int, deleted: date | None
) -> None:
    edit = ncci_rows.ptp("10001", "20001", effective_on=LONG_AGO, deleted_on=deleted)
    ncci_rows.save(edit)
    day = LONG_AGO + timedelta(days=days)
    assert PtpEdit.objects.all().active_on(day).exists() == in_force(edit, day)
