"""All that the site knows about somebody, as a file."""

import json
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.auth.models import Group
from django.contrib.contenttypes.models import ContentType
from django.core.mail import send_mail
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import User
from codes import list_actions, synonyms
from codes.authored_texts import TextRevision
from codes.terms import Synonym
from tests import factories
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db
URL = "/account/export/"


def exported(client: Client) -> dict[str, Any]:
    response = client.post(URL)
    assert response.status_code == 200
    values: dict[str, Any] = json.loads(response.content)
    return values


def test_the_page_says_what_the_file_holds(own: Client) -> None:
    html = own.get(URL).content.decode()
    assert "Download the file" in html


def test_the_file(own: Client) -> None:
    response = own.post(URL)
    assert response["Content-Type"] == "application/json"
    name = f"casepilot-{timezone.localdate():%Y-%m-%d}.json"
    assert response["Content-Disposition"] == f'attachment; filename="{name}"'
    assert "no-store" in response["Cache-Control"]


def test_it_holds_the_account_and_its_views(own: Client) -> None:
    factories.code("33948")
    own.get("/codes/cpt/33948/")
    data = exported(own)
    assert data["account"]["email"] == "coder@example.org"
    assert data["account"]["view_limit"] == 6
    (address,) = data["email_addresses"]
    assert address == {"email": "coder@example.org", "verified": True, "primary": True}
    (view,) = data["page_views"]
    assert (view["system"], view["code"]) == ("cpt", "33948")
    (meter,) = data["meters"]
    assert (meter["used"], meter["quota"]) == (1, 6)


def test_it_holds_mails_and_sessions(
    client: Client, user: User, mailbox: Mailbox, clean_cache: None
) -> None:
    send_mail("Hello", "Text", None, ["Coder@Example.org", "other@example.org"])
    client.post("/accounts/login/", {"login": user.email, "password": "correct horse"})
    data = exported(client)
    assert [mail["subject"] for mail in data["mails"]] == ["Hello"]
    (session,) = data["sessions"]
    assert session["ip"] == "127.0.0.1"


def test_it_holds_the_names_of_passkeys_and_groups_and_no_key(own: Client, user: User) -> None:
    user.groups.add(Group.objects.create(name="Editors"))
    passkey = {"name": "My phone", "credential": "CANARY"}
    Authenticator.objects.create(user=user, type="webauthn", data=passkey)
    Authenticator.objects.create(user=user, type="totp", data={"secret": "CANARY"})
    data = exported(own)
    assert data["account"]["groups"] == ["Editors"]
    names = [(factor["type"], factor["name"]) for factor in data["second_factors"]]
    assert names == [("webauthn", "My phone"), ("totp", None)]
    assert "CANARY" not in json.dumps(data)


def test_it_holds_what_an_editor_did() -> None:
    editor = factories.staff()
    text = factories.published_text(factories.code("33948"))
    TextRevision.objects.create(text=text, markdown="Words", status="draft", saved_by=editor)
    system = factories.system()
    factories.release(system, imported_by=editor)
    LogEntry.objects.create(
        user=editor,
        content_type=ContentType.objects.get_for_model(system),
        object_id=str(system.pk),
        object_repr="CPT",
        action_flag=CHANGE,
    )
    client = Client()
    client.force_login(editor)
    hives = Synonym(kind="lay_word", text="hives", means="urticaria", source="Anna")
    synonyms.save(synonym=hives, by=editor)
    data = exported(client)
    assert data["edited_search_terms"][0]["means"] == "urticaria"
    assert data["edited_texts"][0]["markdown"] == "Words"
    assert data["imported_releases"][0]["source_name"] == "Test file"
    assert data["admin_log"][0]["object_repr"] == "CPT"
    assert data["account"]["view_limit"] is None


def test_nobody_elses(own: Client) -> None:
    other = factories.user("other@example.org")
    client = Client()
    client.force_login(other)
    factories.code("33948")
    client.get("/codes/cpt/33948/")
    assert "other@example.org" not in own.post(URL).content.decode()
    assert exported(own)["page_views"] == []


def test_it_holds_the_lists_and_nobody_elses(own: Client, user: User) -> None:
    code, other = factories.code("33948"), factories.code("33949")
    made = list_actions.create_list(owner=user, name="Heart", about="Why")
    made.share()
    list_actions.add_codes(to=made, codes=[code, other], note="A note")
    list_actions.remove_entry(entry=made.entries.get(code=other))
    list_actions.create_list(owner=factories.user(), name="Theirs")
    (data,) = exported(own)["code_lists"]
    assert (data["name"], data["about"], data["is_shared"]) == ("Heart", "Why", True)
    (listed,) = data["codes"]
    assert listed.pop("added_at")
    assert listed == {"system": "cpt", "code": "33948", "note": "A note"}
    assert data["taken_out_last"] == {"system": "cpt", "code": "33949", "note": "A note"}
    assert str(made.share_token) not in own.post(URL).content.decode()


def test_no_secret(own: Client, user: User) -> None:
    text = own.post(URL).content.decode()
    assert user.password not in text
    assert own.cookies["session"].value not in text


def test_query_count(
    own: Client, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.RATELIMIT_ENABLE = False
    # session, user, thirteen of its own, and five of CasePilot (six where there are conversations)
    with django_assert_num_queries(20):
        own.post(URL)


def test_strangers_are_asked_to_log_in(client: Client) -> None:
    for response in (client.get(URL), client.post(URL)):
        assert response["Location"] == f"/accounts/login/?next={URL}"


def test_a_flood_is_asked_to_wait(own: Client, settings: Settings, clean_cache: None) -> None:
    settings.RATELIMIT_FORMS = "2/h"
    assert [own.post(URL).status_code for _ in range(3)] == [200, 200, 429]
    assert own.post("/account/delete/").status_code == 429
    assert own.get(URL).status_code == 200


def test_other_methods(own: Client) -> None:
    assert own.put(URL).status_code == 405


def test_not_from_another_site(user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.post(URL).status_code == 403
