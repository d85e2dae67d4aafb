"""Deleting an account: after a fresh login, completely, and nobody else's."""

from datetime import timedelta
from urllib.parse import quote

import pytest
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import CHANGE, LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.mail import send_mail
from django.test import Client
from django.utils import timezone

from accounts import actions, tasks
from accounts.models import Meter, OutgoingMail, User, ViewGrant
from codes import list_actions
from codes.authored_texts import TextRevision
from codes.lists import CodeList, CodeListEntry
from codes.models import Code, Release
from tests import factories
from tests.mailbox import Mailbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
URL = "/account/delete/"
PASSWORD = "correct horse"


@pytest.fixture
def own(client: Client, user: User) -> Client:
    """Return a client that has logged in through the form."""
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    return client


@pytest.fixture
def fresh(own: Client) -> Client:
    """Return a client that has typed its password again just now."""
    asked = own.get(URL)["Location"]
    assert asked == f"/accounts/reauthenticate/?next={quote(URL, safe='')}"
    response = own.post(asked, {"password": PASSWORD})
    assert response["Location"] == URL
    return own


def test_the_password_is_asked_for_first(own: Client, user: User) -> None:
    for response in (own.get(URL), own.post(URL, {"email": user.email})):
        assert response.status_code == 302
        assert response["Location"].startswith("/accounts/reauthenticate/")
    assert User.objects.filter(pk=user.pk).exists()


def test_the_page_says_what_will_be_gone(fresh: Client) -> None:
    html = fresh.get(URL).content.decode()
    assert "coder@example.org" in html
    assert "cannot be undone" in html


def test_opening_the_page_deletes_nothing(fresh: Client, user: User) -> None:
    fresh.get(URL, {"email": user.email})
    assert User.objects.filter(pk=user.pk).exists()


@pytest.mark.parametrize("email", ["", "other@example.org", "coder"])
def test_another_address_deletes_nothing(fresh: Client, user: User, email: str) -> None:
    response = fresh.post(URL, {"email": email})
    assert response.status_code == 200
    assert response.context["form"].errors
    assert 'aria-invalid="true"' in response.content.decode()
    assert User.objects.filter(pk=user.pk).exists()


def test_it_is_gone(fresh: Client, user: User) -> None:
    response = fresh.post(URL, {"email": "Coder@Example.org"}, follow=True)
    assert response.redirect_chain == [("/", 302)]
    assert "has been deleted" in response.content.decode()
    assert not User.objects.filter(pk=user.pk).exists()
    assert fresh.get("/account/").status_code == 302


def test_nothing_about_it_is_left(fresh: Client, user: User, mailbox: Mailbox) -> None:
    factories.code("33948")
    fresh.get("/codes/cpt/33948/")
    send_mail("Hello", "Text", None, ["CODER@example.org", "other@example.org"])
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    Authenticator.objects.create(user=user, type="totp", data={})
    LogEntry.objects.create(
        user=factories.staff(),
        content_type=ContentType.objects.get_for_model(User),
        object_id=str(user.pk),
        object_repr=user.email,
        action_flag=CHANGE,
    )
    made = list_actions.create_list(owner=user, name="Heart")
    list_actions.add_codes(to=made, codes=[Code.objects.get()])
    fresh.post(URL, {"email": user.email})
    own_rows = (ViewGrant, Meter, CodeList, CodeListEntry)
    for model in (*own_rows, Authenticator, UserSession, Session, LogEntry):
        assert not model._default_manager.exists(), model
    assert not EmailAddress.objects.filter(email="coder@example.org").exists()
    assert [mail.to for mail in OutgoingMail.objects.all()] == ["other@example.org"]
    assert elsewhere.get("/account/").status_code == 302


def test_what_others_have_stays(fresh: Client, user: User) -> None:
    other = factories.user("other@example.org")
    client = Client()
    client.post("/accounts/login/", {"login": other.email, "password": PASSWORD})
    factories.code("33948")
    client.get("/codes/cpt/33948/")
    fresh.post(URL, {"email": user.email})
    assert client.get("/account/").status_code == 200
    assert other.view_grants.count() == Meter.objects.count() == 1


def test_the_work_of_an_editor_stays_without_the_name() -> None:
    editor = factories.staff()
    text = factories.published_text(factories.code("33948"))
    text.author = text.reviewer = editor
    text.save()
    revision = TextRevision.objects.create(
        text=text, markdown="Words", status="draft", saved_by=editor
    )
    Release.objects.update(imported_by=editor)
    actions.delete_account(user=editor)
    text.refresh_from_db()
    revision.refresh_from_db()
    assert [text.author_id, text.reviewer_id, revision.saved_by_id] == [None] * 3
    assert Release.objects.get().imported_by is None


def test_strangers_are_asked_to_log_in(client: Client) -> None:
    for response in (client.get(URL), client.post(URL, {"email": "coder@example.org"})):
        assert response["Location"] == f"/accounts/login/?next={URL}"


def test_other_methods(own: Client) -> None:
    assert own.delete(URL).status_code == 405


def test_not_from_another_site(user: User) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.post(URL, {"email": user.email}).status_code == 403
    assert User.objects.filter(pk=user.pk).exists()


def test_expired_sessions_are_forgotten(own: Client) -> None:
    elsewhere = Client()
    elsewhere.post("/accounts/login/", {"login": "coder@example.org", "password": PASSWORD})
    past = timezone.now() - timedelta(seconds=1)
    Session.objects.filter(pk=own.cookies["session"].value).update(expire_date=past)
    tasks.purge_sessions(0)
    assert [kept.session_key for kept in UserSession.objects.all()] == [
        elsewhere.cookies["session"].value
    ]
    assert elsewhere.get("/account/").status_code == 200
    assert own.get("/account/").status_code == 302
