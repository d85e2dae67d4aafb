"""Registering: the form, the code by mail, and no word on who has an account already."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.signing import Signer
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from accounts import quota, viewer
from accounts.models import Meter, OutgoingMail, User, ViewGrant
from tests import factories
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db

URL = "/accounts/signup/"
CODE_URL = "/accounts/confirm-email/"
FORM = {"email": "coder@example.org", "password1": "a long enough phrase"}


def test_says_what_an_account_adds(client: Client, settings: Settings) -> None:
    settings.REGISTERED_EXTRA_VIEWS = 7

    response = client.get(URL)

    assert b"<strong>7 more</strong> code page views each month" in response.content
    assert b"noindex" in response.content
    assert b"demo mailbox" not in response.content


def test_points_to_the_mailbox_in_the_demo(client: Client, settings: Settings) -> None:
    settings.DEMO = True

    assert b'<a href="/demo/mail/">' in client.get(URL).content


def test_the_code_finishes_the_registration(client: Client, mailbox: Mailbox) -> None:
    response = client.post(URL, FORM)
    assert response["Location"] == CODE_URL
    user = User.objects.get()
    assert not user.emailaddress_set.get().verified  # type: ignore[attr-defined]  # allauth's
    mail = mailbox.newest()
    assert (mail.to, mail.subject) == ("coder@example.org", "Your CasePilot code")
    assert "15 minutes" in mail.text

    response = client.post(CODE_URL, {"code": mail.code.lower()})

    assert response["Location"] == "/account/"
    assert client.session["_auth_user_id"] == str(user.pk)
    assert user.emailaddress_set.get().verified  # type: ignore[attr-defined]


def test_returns_to_the_page_that_led_here(client: Client, mailbox: Mailbox) -> None:
    client.post(URL, FORM | {"next": "/codes/cpt/33948/"})

    response = client.post(CODE_URL, {"code": mailbox.newest().code})

    assert response["Location"] == "/codes/cpt/33948/"


def test_never_leads_to_another_site(client: Client, mailbox: Mailbox) -> None:
    client.post(URL, FORM | {"next": "https://example.com/"})

    response = client.post(CODE_URL, {"code": mailbox.newest().code})

    assert response["Location"] == "/account/"


def test_the_unconfirmed_cannot_log_in(client: Client, mailbox: Mailbox) -> None:
    client.post(URL, FORM)

    assert "_auth_user_id" not in client.session
    assert client.get("/account/").status_code == 302


def test_a_wrong_code_is_refused_and_the_third_ends_it(client: Client, mailbox: Mailbox) -> None:
    client.post(URL, FORM)
    code = mailbox.newest().code

    assert b"Incorrect code." in client.post(CODE_URL, {"code": "BBBB-BBBB"}).content
    client.post(CODE_URL, {"code": "BBBB-BBBB"})
    client.post(CODE_URL, {"code": "BBBB-BBBB"})

    client.post(CODE_URL, {"code": code})
    assert "_auth_user_id" not in client.session


def test_a_code_lasts_as_long_as_the_mail_says(client: Client, mailbox: Mailbox) -> None:
    client.post(URL, FORM)
    code = mailbox.newest().code
    later = timezone.now() + timedelta(minutes=16)

    with patch("time.time", return_value=later.timestamp()):
        client.post(CODE_URL, {"code": code})

    assert "_auth_user_id" not in client.session


def test_a_new_code_can_be_asked_for(client: Client, mailbox: Mailbox, settings: Settings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"confirm_email": None}
    client.post(URL, FORM)
    first = mailbox.newest().code
    client.post(CODE_URL, {"action": "resend"})
    second = mailbox.newest().code
    assert first != second

    client.post(CODE_URL, {"code": second})

    assert "_auth_user_id" in client.session


def test_a_taken_address_gets_the_same_answer(client: Client, mailbox: Mailbox) -> None:
    factories.user("coder@example.org")
    new, taken = Client(), Client()

    answers = [new.post(URL, FORM | {"email": "new@example.org"}), taken.post(URL, FORM)]
    pages = [new.get(CODE_URL).content.decode(), taken.get(CODE_URL).content.decode()]

    assert [(a.status_code, a["Location"]) for a in answers] == [(302, CODE_URL)] * 2
    assert _bare(pages[0]) == _bare(pages[1])
    assert User.objects.count() == 2
    mails = {mail.to: mail for mail in mailbox.collect()}
    assert mails["coder@example.org"].subject == "You have an account at CasePilot"


def test_a_taken_address_cannot_be_confirmed(client: Client, mailbox: Mailbox) -> None:
    factories.user("coder@example.org")
    client.post(URL, FORM)

    assert b"Incorrect code." in client.post(CODE_URL, {"code": "BBBB-BBBB"}).content
    assert "_auth_user_id" not in client.session


def test_a_taken_address_costs_the_same_hash(client: Client, mailbox: Mailbox) -> None:
    factories.user("coder@example.org")

    with patch("accounts.adapter.make_password", wraps=make_password) as hashed:
        client.post(URL, FORM)

    assert hashed.call_count == 1


def test_capitals_make_no_second_account(client: Client, mailbox: Mailbox) -> None:
    factories.user("coder@example.org")

    client.post(URL, FORM | {"email": "Coder@Example.ORG"})

    assert User.objects.count() == 1


@pytest.mark.parametrize("password", ["short", "password123", "coder@example.org"])
def test_weak_passwords_are_refused(client: Client, password: str) -> None:
    response = client.post(URL, FORM | {"password1": password})

    assert response.status_code == 200
    assert b'aria-invalid="true"' in response.content
    assert not User.objects.exists()


def test_the_guests_views_become_the_accounts(client: Client, mailbox: Mailbox) -> None:
    code = factories.code("33948")
    _be_guest_who_viewed(client, code_id=code.pk)
    client.post(URL, FORM)

    client.post(CODE_URL, {"code": mailbox.newest().code})

    user = User.objects.get()
    assert ViewGrant.objects.get(user=user).code == code
    assert Meter.objects.get(bucket=viewer.user_key(user)).used == 1


def test_many_registrations_from_one_network_are_held_up(
    client: Client, clean_cache: None, mailbox: Mailbox
) -> None:
    for _ in range(20):
        client.post(URL, {})

    response = client.post(URL, {})

    assert response.status_code == 429
    assert response["Retry-After"] == "60"
    assert b"A short pause, please" in response.content


def test_no_mail_is_kept_without_the_job_that_sends_it(client: Client, mailbox: Mailbox) -> None:
    client.raise_request_exception = False
    with patch("accounts.mail.app.configure_task", side_effect=RuntimeError):
        assert client.post(URL, FORM).status_code == 500

    assert not OutgoingMail.objects.exists()


def _bare(page: str) -> str:
    """Return the page without what differs between any two visitors."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)
    return page.replace("new@example.org", "…").replace("coder@example.org", "…")


def _be_guest_who_viewed(client: Client, *, code_id: int) -> None:
    token = viewer.new_token()
    signer = Signer(salt="accounts.viewer.guest")
    client.cookies[settings.GUEST_COOKIE_NAME] = signer.sign(token)
    period = quota.current_period().key
    ViewGrant.objects.create(viewer=viewer.guest_key(token), period=period, code_id=code_id)
