"""The lists of a user: made, renamed, filled, ordered, emptied, deleted; nobody else's."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from accounts.models import User
from codes import list_actions, lists
from codes.code_versions import CodeChange, CodeVersion
from codes.lists import CodeList, CodeListEntry
from codes.models import Code
from tests import factories
from tests.codes.list_tools import displays, entry_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


def filled(owner: User, *displays: str, name: str = "Knee") -> CodeList:
    """Return a list of ICD-10-CM codes, made where they do not exist."""
    icd = factories.system("icd-10-cm")
    there = {code.display: code for code in Code.objects.filter(system=icd)}
    codes = [there.get(each) or factories.code(each, of=icd) for each in displays]
    made = list_actions.create_list(owner=owner, name=name)
    list_actions.add_codes(to=made, codes=codes)
    return made


def step(client: Client, of: CodeList, display: str, **data: Any) -> Any:
    return client.post(f"/lists/{of.pk}/codes/{entry_of(of, display).pk}/", data)


# --- The lists of a user --------------------------------------------------------------------------


def test_a_list_is_made_and_stands_among_the_lists(own: Client) -> None:
    assert "You have no list yet" in own.get("/lists/").content.decode()
    response = own.post("/lists/", {"name": " Knee ", "about": "Total knee <b>"})
    made = CodeList.objects.get()
    assert response["Location"] == f"/lists/{made.pk}/"
    text = own.get("/lists/").content.decode()
    assert "Knee" in text
    assert "Total knee &lt;b&gt;" in text
    assert "0 codes" in text


@pytest.mark.parametrize("name", ["", "   ", "n" * 81, "knee", "KNEE"])
def test_a_name_that_does_not_do_makes_no_list(own: Client, owner: User, name: str) -> None:
    filled(owner, "J96.01")
    response = own.post("/lists/", {"name": name})
    assert response.status_code == 400
    assert response.context["form"].errors["name"]
    assert CodeList.objects.count() == 1


def test_two_users_may_use_one_name(own: Client) -> None:
    filled(factories.user(), "J96.01")
    assert own.post("/lists/", {"name": "Knee"}).status_code == 302


def test_there_are_so_many_lists_and_no_more(
    own: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_actions, "MAX_LISTS", 1)
    filled(owner, "J96.01")
    response = own.post("/lists/", {"name": "Hip"})
    assert response.status_code == 400
    assert "which is the most" in response.content.decode()
    assert CodeList.objects.count() == 1


@pytest.mark.parametrize("path", ["", "{pk}/", "{pk}/edit/", "{pk}/delete/", "{pk}/codes.csv"])
def test_a_guest_is_asked_to_log_in(client: Client, owner: User, path: str) -> None:
    address = "/lists/" + path.format(pk=filled(owner, "J96.01").pk)
    for response in (client.get(address), client.post(address, {"do": "share"})):
        if response.status_code != 405:
            assert response["Location"].startswith("/accounts/login/?next=/lists/")


@pytest.mark.parametrize(
    "path",
    ["{pk}/", "{pk}/edit/", "{pk}/delete/", "{pk}/codes/{entry}/", "{pk}/valueset.json"],
)
def test_a_stranger_finds_nothing(own: Client, path: str) -> None:
    theirs = filled(factories.user(), "J96.01", "J96.02")
    address = "/lists/" + path.format(pk=theirs.pk, entry=entry_of(theirs, "J96.01").pk)
    assert own.get(address).status_code == 404
    for data in ({"do": "share"}, {"do": "remove"}, {"name": "Mine"}, {}):
        assert own.post(address, data).status_code in {404, 405}
    theirs.refresh_from_db()
    assert (theirs.name, theirs.share_token) == ("Knee", None)
    assert displays(theirs) == ["J96.01", "J96.02"]


def test_an_entry_is_found_in_its_own_list_only(own: Client, owner: User) -> None:
    one, other = filled(owner, "J96.01"), filled(owner, "J96.02", name="Hip")
    entry = entry_of(one, "J96.01")
    assert own.get(f"/lists/{other.pk}/codes/{entry.pk}/").status_code == 404


@pytest.mark.parametrize("number", ["0", "999999", "99999999999999999999", "x"])
def test_there_is_no_such_list(own: Client, number: str) -> None:
    for path in ("", "edit/", "delete/", "codes.csv", "codes/1/"):
        assert own.get(f"/lists/{number}/{path}").status_code == 404


def test_methods(own: Client, owner: User) -> None:
    made = filled(owner, "J96.01")
    for path in ("", "edit/", "delete/", f"codes/{entry_of(made, 'J96.01').pk}/"):
        assert own.put(f"/lists/{made.pk}/{path}").status_code == 405
        assert own.head(f"/lists/{made.pk}/{path}").status_code == 200
    assert own.post(f"/lists/{made.pk}/codes.csv").status_code == 405
    assert own.delete("/lists/").status_code == 405


def test_nothing_is_changed_without_the_token_of_the_form(owner: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(owner)
    made = filled(owner, "J96.01")
    for address in (f"/lists/{made.pk}/delete/", f"/lists/{made.pk}/", "/lists/add/"):
        assert strict.post(address, {"do": "share"}).status_code == 403
    assert CodeList.objects.get().share_token is None


def test_a_flood_is_asked_to_wait(own: Client, settings: Any) -> None:
    settings.RATELIMIT_SEARCH = "2/h"
    answers = [own.post("/lists/", {"name": f"List {i}"}).status_code for i in range(3)]
    assert answers == [302, 302, 429]


# --- One list -------------------------------------------------------------------------------------


def test_a_list_shows_codes_in_order_with_notes(own: Client, owner: User) -> None:
    made = filled(owner, "J96.02", "J96.01")
    made.entries.update(note="<b>Look</b> at the gases")
    text = own.get(f"/lists/{made.pk}/").content.decode()
    assert text.index("J96.02") < text.index("J96.01")
    assert "&lt;b&gt;Look&lt;/b&gt; at the gases" in text
    assert 'content="noindex"' in text


def test_it_is_renamed(own: Client, owner: User) -> None:
    made = filled(owner, "J96.01")
    filled(owner, "J96.02", name="Hip")
    address = f"/lists/{made.pk}/edit/"
    assert 'value="Knee"' in own.get(address).content.decode()
    assert own.post(address, {"name": "hip"}).status_code == 400
    assert own.post(address, {"name": "knee", "about": "New"})["Location"] == f"/lists/{made.pk}/"
    made.refresh_from_db()
    assert (made.name, made.about) == ("knee", "New")


def test_it_is_deleted_after_a_question(own: Client, owner: User) -> None:
    made = filled(owner, "J96.01")
    other = filled(owner, "J96.01", name="Hip")
    address = f"/lists/{made.pk}/delete/"
    assert "It holds 1 code" in own.get(address).content.decode()
    assert CodeList.objects.count() == 2
    response = own.post(address, follow=True)
    assert "“Knee” has been deleted" in response.content.decode()
    assert list(CodeList.objects.all()) == [other]
    assert displays(other) == ["J96.01"]


@pytest.mark.parametrize(
    ("display", "to", "expected"),
    [
        ("J96.03", {"do": "up"}, "J96.01 J96.03 J96.02 J96.04"),
        ("J96.01", {"do": "up"}, "J96.01 J96.02 J96.03 J96.04"),
        ("J96.01", {"do": "down"}, "J96.02 J96.01 J96.03 J96.04"),
        ("J96.04", {"do": "down"}, "J96.01 J96.02 J96.03 J96.04"),
        ("J96.04", {"do": "save", "position": "1"}, "J96.04 J96.01 J96.02 J96.03"),
        ("J96.01", {"do": "save", "position": "500"}, "J96.02 J96.03 J96.04 J96.01"),
    ],
)
def test_codes_are_moved(
    own: Client, owner: User, display: str, to: dict[str, str], expected: str
) -> None:
    made = filled(owner, "J96.01", "J96.02", "J96.03", "J96.04")
    assert step(own, made, display, **to).status_code == 302
    assert " ".join(displays(made)) == expected
    assert list(made.entries.in_order().values_list("position", flat=True)) == [1, 2, 3, 4]


def test_a_list_is_sorted_as_the_systems_print_their_codes(own: Client, owner: User) -> None:
    made = filled(owner, "J96.01", "J96.02", "J96.03")
    step(own, made, "J96.03", do="up")
    factories.code("99213", of=factories.system("cpt", position=1))
    own.post("/lists/add/", {"code": "cpt/99213", "list": made.pk})
    own.post(f"/lists/{made.pk}/", {"do": "sort"})
    assert displays(made) == ["99213", "J96.01", "J96.02", "J96.03"]


def test_a_note_is_saved_and_the_place_kept(own: Client, owner: User) -> None:
    made = filled(owner, "J96.01", "J96.02")
    address = f"/lists/{made.pk}/codes/{entry_of(made, 'J96.02').pk}/"
    assert "J96.02" in own.get(address).content.decode()
    response = own.post(f"{address}?page=1", {"do": "save", "note": "pO2 < 60", "position": "2"})
    assert response["Location"] == f"/lists/{made.pk}/?page=1"
    assert entry_of(made, "J96.02").note == "pO2 < 60"
    assert displays(made) == ["J96.01", "J96.02"]


@pytest.mark.parametrize(
    "data",
    [
        {},
        {"do": "burn"},
        {"do": "save", "note": "n" * 501},
        {"do": "save", "position": "0"},
        {"do": "save", "position": "x"},
    ],
)
def test_a_bad_step_changes_nothing(own: Client, owner: User, data: dict[str, str]) -> None:
    made = filled(owner, "J96.01", "J96.02")
    response = own.post(f"/lists/{made.pk}/codes/{entry_of(made, 'J96.01').pk}/", data)
    assert (response.status_code, displays(made)) == (
        200 if not data else 400,
        ["J96.01", "J96.02"],
    )
    assert own.post(f"/lists/{made.pk}/", {"do": "burn"}).status_code == 400


def test_a_code_is_taken_out_and_put_back_where_it_was(own: Client, owner: User) -> None:
    made = filled(owner, "J96.01", "J96.02", "J96.03")
    step(own, made, "J96.02", do="save", note="Keep this")
    step(own, made, "J96.02", do="remove")
    assert displays(made) == ["J96.01", "J96.03"]
    assert list(made.entries.in_order().values_list("position", flat=True)) == [1, 2]
    assert "was taken out of this list" in own.get(f"/lists/{made.pk}/").content.decode()
    own.post(f"/lists/{made.pk}/", {"do": "restore"})
    assert displays(made) == ["J96.01", "J96.02", "J96.03"]
    assert entry_of(made, "J96.02").note == "Keep this"
    assert "was taken out" not in own.get(f"/lists/{made.pk}/").content.decode()
    own.post(f"/lists/{made.pk}/", {"do": "restore"})
    assert displays(made) == ["J96.01", "J96.02", "J96.03"]


def test_a_code_that_was_added_again_is_not_put_back_twice(own: Client, owner: User) -> None:
    made = filled(owner, "J96.01", "J96.02")
    step(own, made, "J96.01", do="remove")
    own.post("/lists/add/", {"code": "icd-10-cm/J96.01", "list": made.pk})
    assert "was taken out" not in own.get(f"/lists/{made.pk}/").content.decode()
    own.post(f"/lists/{made.pk}/", {"do": "restore"})
    assert displays(made) == ["J96.02", "J96.01"]


def test_a_full_list_takes_nothing_back(
    own: Client, owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = filled(owner, "J96.01", "J96.02")
    step(own, made, "J96.01", do="remove")
    monkeypatch.setattr(list_actions, "MAX_CODES", 1)
    response = own.post(f"/lists/{made.pk}/", {"do": "restore"}, follow=True)
    assert "A list holds at most 1 codes" in response.content.decode()
    assert displays(made) == ["J96.02"]


def test_long_lists_are_paged(own: Client, owner: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("codes.list_reading.ENTRIES_PER_PAGE", 2)
    made = filled(owner, "J96.01", "J96.02", "J96.03")
    second = own.get(f"/lists/{made.pk}/", {"page": "2"})
    assert [entry.code.display for entry in second.context["entries"]] == ["J96.03"]
    step(own, made, "J96.03", do="remove")
    assert own.get(f"/lists/{made.pk}/", {"page": "2"}).context["page_obj"].number == 1
    assert own.get(f"/lists/{made.pk}/", {"page": "x"}).status_code == 400


@pytest.mark.parametrize("number", [1, 20])
def test_a_list_takes_the_same_queries_for_one_and_twenty_codes(
    own: Client, owner: User, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    made = filled(owner, *(f"J{i:02}.1" for i in range(number)))
    for i in range(number - 1):
        list_actions.create_list(owner=owner, name=f"List {i}")
    with django_assert_num_queries(8):  # session and user; the list and its codes
        own.get(f"/lists/{made.pk}/")
    with django_assert_num_queries(3):
        own.get("/lists/")
    with django_assert_num_queries(5):
        own.get(f"/lists/{made.pk}/codes.csv")


# --- What the database holds ----------------------------------------------------------------------


def test_the_database_refuses_what_cannot_be(owner: User) -> None:
    made = filled(owner, "J96.01", "J96.02")
    one, other = made.entries.in_order()
    refused: list[Callable[[], Any]] = [
        lambda: CodeList.objects.create(owner=owner, name="KNEE"),
        lambda: CodeList.objects.create(owner=owner, name=" "),
        lambda: CodeList.objects.filter(pk=made.pk).update(share_token="short"),
        lambda: CodeListEntry.objects.filter(pk=one.pk).update(code=other.code),
        lambda: CodeListEntry.objects.filter(pk=one.pk).update(position=0),
        lambda: CodeListEntry.objects.filter(pk=one.pk).update(position=lists.MAX_CODES + 1),
    ]
    for change in refused:
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


@pytest.mark.django_db(transaction=True)
def test_two_codes_never_share_a_place(owner: User) -> None:
    made = filled(owner, "J96.01", "J96.02")
    with pytest.raises(IntegrityError):
        made.entries.update(position=1)


# --- After a release ------------------------------------------------------------------------------


def changed(code: Code, on: date, **kinds: bool) -> CodeChange:
    """Let an edition of a day have changed a code."""
    held = code.system.releases.filter(effective_date=on).first()
    release = held or factories.release(code.system, effective_date=on, label=f"Edition of {on}")
    code.system.releases.update(is_current=False)
    newest = code.system.releases.filter(effective_date__lte=timezone.localdate())[:1]
    code.system.releases.filter(pk__in=newest.values("pk")).update(is_current=True)
    after = CodeVersion.objects.create(
        release=release,
        code=code,
        kind=code.kind,
        key=code.key,
        display=code.display,
        billable=True,
        short_descriptor="After",
        long_descriptor="After",
        position=code.position,
    )
    names = ("is_added", "is_deleted", "is_revised", "is_rebilled")
    values = dict.fromkeys(names, False) | kinds
    return CodeChange.objects.create(release=release, code=code, after=after, **values)


def news(client: Client, of: CodeList) -> list[tuple[str, list[str]]]:
    found = client.get(f"/lists/{of.pk}/").context["news"]
    return [(each.entry.code.display, each.kinds) for each in found]


def test_a_list_says_which_codes_a_release_changed_until_seen(own: Client, owner: User) -> None:
    made = filled(owner, "J96.01", "J96.02", "J96.03")
    codes = [entry.code for entry in made.entries.in_order()]
    assert news(own, made) == []
    changed(codes[0], date(2026, 4, 1), is_revised=True)
    changed(codes[0], date(2026, 10, 1), is_deleted=True)
    changed(codes[2], date(2026, 10, 1), is_rebilled=True)
    assert news(own, made) == [
        ("J96.01", ["Revised", "Deleted"]),
        ("J96.03", ["Billable state"]),
    ]
    text = own.get(f"/lists/{made.pk}/").content.decode()
    assert "2 of these codes have changed since you last looked" in text
    assert "2 changed" in own.get("/lists/").content.decode()
    own.post(f"/lists/{made.pk}/", {"do": "seen"})
    assert news(own, made) == []
    assert "2 changed" not in own.get("/lists/").content.decode()


def test_reading_is_not_seeing(own: Client, owner: User) -> None:
    made = filled(owner, "J96.01")
    changed(made.entries.get().code, date(2026, 4, 1), is_revised=True)
    assert news(own, made) == news(own, made) != []


def test_what_changed_before_a_code_was_added_is_no_news(own: Client, owner: User) -> None:
    code = factories.code("J96.01", of=factories.system("icd-10-cm"))
    changed(code, date(2026, 4, 1), is_revised=True)
    assert news(own, filled(owner, "J96.01")) == []


def test_an_edition_that_waits_or_was_left_is_no_news(own: Client, owner: User) -> None:
    made = filled(owner, "J96.01")
    code = made.entries.get().code
    changed(code, date(2099, 1, 1), is_revised=True)
    assert news(own, made) == []
    left = changed(code, date(2026, 4, 1), is_revised=True).release
    left.was_left = True
    left.save()
    assert news(own, made) == []


def test_a_code_whose_seen_edition_is_gone_tells_all(own: Client, owner: User) -> None:
    made = filled(owner, "J96.01")
    changed(made.entries.get().code, date(2025, 4, 1), is_added=True)
    assert news(own, made) == []
    made.entries.update(seen=None)
    assert news(own, made) == [("J96.01", ["In use again"])]


@pytest.mark.parametrize("number", [1, 20])
def test_news_take_the_same_queries_for_one_and_twenty_codes(
    own: Client, owner: User, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    made = filled(owner, *(f"J{i:02}.1" for i in range(number)))
    for entry in made.entries.all():
        changed(entry.code, date(2026, 4, 1), is_revised=True)
    with django_assert_num_queries(9):
        own.get(f"/lists/{made.pk}/")
    with django_assert_num_queries(3):
        own.get("/lists/")


def test_a_code_that_the_shown_edition_lacks_is_kept_without_a_link(
    own: Client, owner: User
) -> None:
    made = filled(owner, "J96.01", "J96.02")
    Code.objects.filter(display="J96.02").update(is_shown=False)
    text = own.get(f"/lists/{made.pk}/").content.decode()
    assert "Not in the edition shown now" in text
    assert "/codes/icd-10-cm/J96.01/" in text
    assert "/codes/icd-10-cm/J96.02/" not in text


# --- Licence modes --------------------------------------------------------------------------------


def test_a_system_that_is_off_is_said_to_be_hidden_and_kept(own: Client, owner: User) -> None:
    made = filled(owner, "J96.01")
    code = factories.code("99213", short_descriptor="quokka")
    list_actions.add_codes(to=made, codes=[code])
    made.entries.filter(code=code).update(note="wombat")
    code.system.display_mode = "off"
    code.system.save()
    address = f"/lists/{made.pk}/"
    text = own.get(address).content.decode()
    assert "1 code of this list belongs to a code system that this site does not show" in text
    for name in ("", "codes.csv", "codes.json", "valueset.json"):
        response = own.get(address + name)
        body = b"".join(response) if response.streaming else response.content
        for word in (b"99213", b"quokka", b"wombat"):
            assert word not in body
    assert own.get(f"{address}codes/{entry_of(made, '99213').pk}/").status_code == 404
    step(own, made, "99213", do="remove")
    assert displays(made) == ["J96.01", "99213"]


def test_codes_only_shows_numbers_without_words(own: Client, owner: User) -> None:
    made = filled(owner, "J96.01")
    code = factories.code("99213", short_descriptor="quokka")
    list_actions.add_codes(to=made, codes=[code])
    code.system.display_mode = "codes_only"
    code.system.save()
    for name in ("", "codes.csv", "codes.json", "valueset.json"):
        response = own.get(f"/lists/{made.pk}/{name}")
        body = b"".join(response) if response.streaming else response.content
        assert b"99213" in body
        assert b"quokka" not in body
        assert b"American Medical Association" in body
