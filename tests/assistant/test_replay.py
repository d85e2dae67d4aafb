"""The replay of a stored question in the admin: what the same asker would be told today."""

import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.timezone import localdate
from pytest_django import DjangoAssertNumQueries

from accounts.models import Meter, ViewGrant
from assistant.conversations import AskMeter, Turn
from assistant.engine.days import spoken
from codes.authored_texts import AuthoredText
from codes.facts import RelativeValue
from codes.models import Code, CodeSystem
from tests import factories
from tests.assistant.conftest import GUIDELINE, LONG, ask, text_of
from tests.codes import ncci_rows
from tests.codes.admin_tools import body, staff_with

pytestmark = pytest.mark.django_db


@pytest.fixture
def fee(code: Code) -> RelativeValue:
    return factories.relative_value("99213")


def path_of(turn: Turn) -> str:
    return f"/admin/assistant/turn/{turn.pk}/replay/"


def asked(client: Client, question: str = "What does 99213 pay?") -> Turn:
    ask(client, question)
    return Turn.objects.latest("asked_at")


def test_the_button_stands_on_the_question(admin: Client, member: Client, fee: Any) -> None:
    turn = asked(member)
    page = body(admin.get(f"/admin/assistant/turn/{turn.pk}/change/"))
    assert f'href="{path_of(turn)}"' in page


def test_the_same_data_says_the_same(admin: Client, member: Client, fee: Any) -> None:
    page = admin.get(path_of(asked(member)))
    assert "Every statement is as it was." in text_of(page)
    assert "differs" not in text_of(page)


def test_a_new_edition_tells_what_changed_and_from_which(
    admin: Client, member: Client, fee: RelativeValue
) -> None:
    turn = asked(member)
    fee.release.is_current = False
    fee.release.save()
    newer = factories.edition("mpfs", label="January 2026", is_current=True)
    factories.relative_value("99213", release=newer, conversion_factor="33.4009")
    page = admin.get(path_of(turn))
    text = text_of(page)
    assert "Changed (" in text
    assert "then October 2025, today January 2026" in text
    assert "<del>88</del>" in body(page)
    assert "<ins>91</ins>" in body(page)


def test_what_is_added_and_what_is_gone(admin: Client, member: Client, fee: Any) -> None:
    turn = asked(member)
    AuthoredText.objects.filter(kind="guidelines").delete()
    factories.outpatient_payment("99213", apc="5012")
    text = text_of(admin.get(path_of(turn)))
    assert "Added (1)" in text
    assert "No longer said (1)" in text
    assert GUIDELINE in text


def test_another_day_alone_changes_nothing(admin: Client, member: Client, code: Code) -> None:
    factories.code("99214")
    ncci_rows.save(ncci_rows.ptp("99213", "99214"))
    turn = asked(member, "Can 99213 and 99214 be billed together?")
    before = localdate() - timedelta(days=1)
    said = str(turn.answer["statements"][0]["text"])
    assert spoken(localdate()) in said
    for fact in turn.answer["facts"]:
        fact["text"] = fact["text"].replace(spoken(localdate()), spoken(before))
    turn.asked_at = timezone.now() - timedelta(days=1)
    turn.save()
    assert "Every statement is as it was." in text_of(admin.get(path_of(turn)))


def test_a_guest_question_is_asked_as_a_guest(admin: Client, guest: Client, fee: Any) -> None:
    turn = asked(guest)
    page = text_of(admin.get(path_of(turn)))
    assert "by a guest" in page
    assert "Every statement is as it was." in page
    for words in (LONG, GUIDELINE, "$88.95"):
        assert words not in page


def test_stores_nothing_and_charges_nobody(admin: Client, member: Client, fee: Any) -> None:
    turn = asked(member)
    tables = (Turn, AskMeter, ViewGrant, Meter)
    before = [list(table._default_manager.order_by("pk").values()) for table in tables]
    admin.get(path_of(turn))
    assert [list(table._default_manager.order_by("pk").values()) for table in tables] == before


def test_a_licence_that_has_ended(admin: Client, member: Client, fee: Any) -> None:
    turn = asked(member)
    CodeSystem.objects.filter(slug="cpt").update(display_mode="off")
    page = text_of(admin.get(path_of(turn)))
    assert "the licence of what the answer says has changed" in page
    assert "$88.95" not in page
    assert "Visit of a known patient" not in page


def test_what_was_asked_is_no_html(admin: Client, member: Client, fee: Any) -> None:
    turn = asked(member, "<script>alert(1)</script> What does 99213 pay?")
    assert "<script>alert(1)" not in body(admin.get(path_of(turn)))


def test_who_may_not(member: Client, fee: Any) -> None:
    turn = asked(member)
    assert member.get(path_of(turn)).status_code == 302
    assert staff_with("view_alias").get(path_of(turn)).status_code == 403
    assert staff_with("view_turn").get(path_of(turn)).status_code == 200


def test_wrong_method_and_bad_id(admin: Client, member: Client, fee: Any) -> None:
    assert admin.post(path_of(asked(member))).status_code == 405
    assert admin.get(f"/admin/assistant/turn/{uuid.uuid4()}/replay/").status_code == 404
    assert admin.get("/admin/assistant/turn/no-id/replay/").status_code in (302, 404)


@pytest.mark.parametrize("number", [1, 20])
def test_query_count(
    admin: Client,
    member: Client,
    fee: Any,
    number: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for n in range(number):
        ncci_rows.add_on(str(20_001 + n), "99213")
    turn = asked(member, "add-on codes of 99213")
    admin.get(path_of(turn))  # what a process keeps for itself is asked once
    with django_assert_num_queries(31):
        admin.get(path_of(turn))
