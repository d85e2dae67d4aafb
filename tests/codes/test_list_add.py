"""Codes go into lists: from a button at once, or by a page that asks which list."""

from collections.abc import Callable
from threading import Barrier, Thread
from typing import Any
from urllib.parse import parse_qs

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from codes import list_actions
from codes.lists import CodeList
from codes.models import Code
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
URL = "/lists/add/"
NAMED = "icd-10-cm/J96.01"


@pytest.fixture(autouse=True)
def codes() -> list[Code]:
    icd = factories.system("icd-10-cm")
    return [
        factories.code(f"J96.0{i}", of=icd, short_descriptor="Acute <resp> failure")
        for i in range(1, 4)
    ]


def content(of: CodeList) -> list[tuple[str, str]]:
    return [(entry.code.display, entry.note) for entry in of.entries.in_order()]


def test_the_first_code_makes_a_first_list(own: Client) -> None:
    response = own.post(URL, {"code": NAMED}, follow=True)
    made = CodeList.objects.get()
    assert made.name == "My codes"
    assert response.redirect_chain == [(f"/lists/{made.pk}/", 302)]
    assert f'J96.01 added to <a href="/lists/{made.pk}/">My codes</a>.' in response.content.decode()
    assert content(made) == [("J96.01", "")]


def test_the_next_code_goes_to_the_list_used_last(own: Client, owner: User) -> None:
    knee = list_actions.create_list(owner=owner, name="Knee")
    list_actions.create_list(owner=owner, name="Hip")
    own.post(URL, {"code": NAMED, "list": knee.pk, "note": "Why"})
    own.post(URL, {"code": "icd-10-cm/J96.02"})
    assert content(knee) == [("J96.01", "Why"), ("J96.02", "")]


def test_a_new_list_is_named_on_the_way_and_an_old_one_found(own: Client) -> None:
    own.post(URL, {"code": NAMED, "name": "Knee"})
    own.post(URL, {"code": "icd-10-cm/J96.02", "name": "knee"})
    assert content(CodeList.objects.get()) == [("J96.01", ""), ("J96.02", "")]


def test_a_name_counts_more_than_a_chosen_list(own: Client, owner: User) -> None:
    knee = list_actions.create_list(owner=owner, name="Knee")
    own.post(URL, {"code": NAMED, "list": knee.pk, "name": "Hip"})
    assert content(knee) == []
    assert content(CodeList.objects.get(name="Hip")) == [("J96.01", "")]


def test_a_code_stands_in_a_list_once(own: Client) -> None:
    own.post(URL, {"code": NAMED, "note": "First"})
    response = own.post(URL, {"code": NAMED, "note": "Second"}, follow=True)
    assert "J96.01 is already in" in response.content.decode()
    assert content(CodeList.objects.get()) == [("J96.01", "First")]


def test_several_codes_are_added_at_once_in_their_order(own: Client) -> None:
    named = ["icd-10-cm/J96.03", NAMED, "icd-10-cm/J96.03"]
    response = own.post(URL, {"code": named}, follow=True)
    assert "2 codes added to" in response.content.decode()
    assert [display for display, _ in content(CodeList.objects.get())] == ["J96.03", "J96.01"]
    assert "are already in" in own.post(URL, {"code": named}, follow=True).content.decode()


def test_it_asks_which_list(own: Client, owner: User) -> None:
    assert "Name of your list" in own.get(URL, {"code": NAMED}).content.decode()
    list_actions.create_list(owner=owner, name="Knee <b>")
    list_actions.create_list(owner=factories.user(), name="Theirs")
    text = own.get(URL, {"code": [NAMED, "icd-10-cm/J96.02"], "next": "/search/?q=x"}).content
    assert b"Knee &lt;b&gt;" in text
    assert b"Theirs" not in text
    assert b'value="icd-10-cm/J96.02"' in text
    assert b'value="/search/?q=x"' in text


def test_htmx_gets_one_line_instead_of_a_page(own: Client) -> None:
    response = own.post(URL, {"code": NAMED}, headers={"hx-request": "true"})
    assert response.status_code == 200
    text = response.content.decode()
    assert "<html" not in text
    assert f'in <a href="{CodeList.objects.get().get_absolute_url()}">My codes</a>' in text


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("/search/?q=failure&page=2", "/search/?q=failure&page=2"),
        ("https://elsewhere.example/", None),
        ("//elsewhere.example/", None),
        ("javascript:alert(1)", None),
    ],
)
def test_it_goes_back_to_a_page_of_this_site_only(
    own: Client, address: str, expected: str | None
) -> None:
    response = own.post(URL, {"code": NAMED, "next": address})
    assert response["Location"] == (expected or CodeList.objects.get().get_absolute_url())


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"code": ""},
        {"code": "J96.01"},
        {"code": "icd-10-cm/"},
        {"code": NAMED, "list": "x"},
        {"code": NAMED, "note": "n" * 501},
        {"code": NAMED, "name": "n" * 81},
        {"code": "icd-10-cm/\x00"},
        {"code": [NAMED] * 101},
    ],
)
def test_bad_parameters(own: Client, data: Any) -> None:
    assert own.post(URL, data).status_code == 400
    if data != {"code": NAMED, "list": "x"}:
        assert own.get(URL, data).status_code == 400
    assert not CodeList.objects.exists()


@pytest.mark.parametrize(
    "data",
    [
        {"code": "icd-10-cm/J99.99"},
        {"code": "nothing/J96.01"},
        {"code": [NAMED, "icd-10-cm/J99.99"]},
        {"code": NAMED, "list": 999999},
    ],
)
def test_what_is_not_there(own: Client, data: Any) -> None:
    assert own.post(URL, data).status_code == 404
    assert not CodeList.objects.exists()


def test_a_heading_and_a_hidden_code_cannot_be_added(own: Client) -> None:
    factories.heading("chapter", "C1")
    factories.code("99213", of=factories.system("cpt", display_mode="off"))
    for named in ("cpt/C1", "cpt/99213"):
        assert own.post(URL, {"code": named}).status_code == 404
        assert own.get(URL, {"code": named}).status_code == 404


def test_nobody_adds_to_the_list_of_another(own: Client) -> None:
    theirs = list_actions.create_list(owner=factories.user(), name="Theirs")
    assert own.post(URL, {"code": NAMED, "list": theirs.pk}).status_code == 404
    assert content(theirs) == []


def test_a_guest_is_asked_to_log_in(client: Client) -> None:
    response = client.get(URL, {"code": NAMED})
    assert response["Location"] == "/accounts/login/?next=/lists/add/%3Fcode%3Dicd-10-cm%252FJ96.01"
    assert client.post(URL, {"code": NAMED}).status_code == 302
    assert not CodeList.objects.exists()


@pytest.mark.parametrize(
    ("shown", "expected"),
    [
        ("https://testserver/search/?q=gout&page=2", "/search/?q=gout&page=2"),
        ("https://testserver//elsewhere.example/", "/lists/"),
        ("", "/lists/"),
        ("https://[", "/lists/"),
    ],
)
@pytest.mark.parametrize("address", [URL, "/lists/1/", "/lists/1/codes/1/"])
def test_htmx_of_an_ended_session_opens_the_login_as_a_page(
    client: Client, address: str, shown: str, expected: str
) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": shown}
    response = client.post(address, {"code": NAMED}, headers=headers)
    assert response.status_code == 200
    assert not response.content
    login, _, query = response["HX-Redirect"].partition("?")
    assert login == "/accounts/login/"
    assert parse_qs(query) == {"next": [expected]}
    assert not CodeList.objects.exists()


def test_a_full_list_takes_no_more(own: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    own.post(URL, {"code": NAMED})
    monkeypatch.setattr(list_actions, "MAX_CODES", 2)
    response = own.post(URL, {"code": ["icd-10-cm/J96.02", "icd-10-cm/J96.03"]})
    assert response.status_code == 400
    assert "“My codes” has 1." in response.content.decode()
    assert content(CodeList.objects.get()) == [("J96.01", "")]


def test_too_many_lists(own: Client, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    list_actions.create_list(owner=owner, name="Knee")
    monkeypatch.setattr(list_actions, "MAX_LISTS", 1)
    assert own.post(URL, {"code": NAMED, "name": "Hip"}).status_code == 400
    assert own.post(URL, {"code": NAMED}).status_code == 302


@pytest.mark.parametrize("number", [1, 20])
def test_adding_takes_the_same_statements_for_one_and_twenty_codes(
    own: Client, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    icd = factories.system("icd-10-cm")
    named = [f"icd-10-cm/{factories.code(f'K{i:02}.1', of=icd).display}" for i in range(number)]
    own.post(URL, {"code": NAMED})
    with django_assert_num_queries(18):
        own.post(URL, {"code": named}, headers={"hx-request": "true"})


@pytest.mark.django_db(transaction=True)
def test_two_windows_at_once_keep_the_limit_and_the_order(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(list_actions, "MAX_CODES", 10)
    made = list_actions.create_list(owner=factories.user(), name="Knee")
    icd = factories.system("icd-10-cm")
    numbered = [factories.code(f"M{i:02}.1", of=icd) for i in range(16)]
    barrier = Barrier(8, timeout=60)
    refused: list[str] = []

    def add(mine: list[Code]) -> None:
        barrier.wait()
        try:
            for code in mine:
                try:
                    list_actions.add_codes(to=made, codes=[code])
                except list_actions.Full as full:
                    refused.append(str(full))
        finally:
            connection.close()

    threads = [Thread(target=add, args=(numbered[i::8],)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    places = list(made.entries.in_order().values_list("position", flat=True))
    assert places == list(range(1, 11))
    assert len(refused) == 6
