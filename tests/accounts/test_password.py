"""Forgotten, changed and set passwords; the e-mail address that they hang on."""

import re
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob
from pytest_django.fixtures import Settings

from accounts.models import OutgoingMail, User
from tests import factories
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db

RESET = "/accounts/password/reset/"
NEW = {"password1": "another long phrase", "password2": "another long phrase"}


@pytest.fixture
def coder() -> User:
    return factories.user("coder@example.org")


def path_of(link: str) -> str:
    """Return the link without the machine."""
    return re.sub(r"^https?://[^/]+", "", link)


def test_the_link_sets_a_new_password(client: Client, coder: User, mailbox: Mailbox) -> None:
    assert client.post(RESET, {"email": coder.email})["Location"] == f"{RESET}done/"
    mail = mailbox.newest()
    assert (mail.to, mail.subject) == (coder.email, "Choose a new password for CasePilot")
    assert "once, for 24 hours" in mail.text

    form = client.get(path_of(mail.links[0]))["Location"]
    assert b"Choose a new password" in client.get(form).content
    assert client.post(form, NEW)["Location"] == "/accounts/password/reset/key/done/"

    coder.refresh_from_db()
    assert coder.check_password(NEW["password1"])
    assert mailbox.newest().subject == "Your CasePilot password was reset"


def test_the_link_leads_to_this_site_whatever_host_was_asked(
    client: Client, coder: User, mailbox: Mailbox, settings: Settings
) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    settings.SITE_URL = "https://casepilot.example"
    client.post(RESET, {"email": coder.email}, headers={"Host": "evil.example"})
    form = {"email": coder.email, "password1": NEW["password1"]}
    client.post("/accounts/signup/", form, headers={"Host": "evil.example"})

    mails = mailbox.collect()
    assert len(mails) == 2
    for mail in mails:
        assert "https://casepilot.example/accounts/password/reset/" in mail.text
        assert "evil.example" not in mail.text


def test_the_link_works_once(client: Client, coder: User, mailbox: Mailbox) -> None:
    client.post(RESET, {"email": coder.email})
    link = path_of(mailbox.newest().links[0])
    client.post(client.get(link)["Location"], NEW)

    assert b"The link no longer works" in Client().get(link).content


def test_the_link_works_for_a_day(client: Client, coder: User, mailbox: Mailbox) -> None:
    client.post(RESET, {"email": coder.email})
    link = path_of(mailbox.newest().links[0])
    later = timezone.localtime().replace(tzinfo=None) + timedelta(hours=25)

    with patch.object(PasswordResetTokenGenerator, "_now", return_value=later):
        assert b"The link no longer works" in client.get(link).content


def test_an_unknown_address_gets_the_same_answer_and_no_mail(
    client: Client, coder: User, mailbox: Mailbox
) -> None:
    answers = [Client().post(RESET, {"email": address}) for address in (coder.email, "x@y.org")]

    assert [(a.status_code, a["Location"]) for a in answers] == [(302, f"{RESET}done/")] * 2
    assert [mail.to for mail in mailbox.collect()] == [coder.email]
    assert OutgoingMail.objects.count() == ProcrastinateJob.objects.count() == 1


def test_an_unknown_address_costs_the_same_work(
    client: Client, coder: User, mailbox: Mailbox
) -> None:
    with CaptureQueriesContext(connection) as known:
        client.post(RESET, {"email": coder.email})
    with CaptureQueriesContext(connection) as unknown:
        client.post(RESET, {"email": "stranger@example.org"})

    assert _writes(known) == _writes(unknown)
    assert {"accounts_outgoingmail", "procrastinate_defer_jobs_v1"} <= set(_writes(unknown))


def test_a_new_password_follows_the_same_rules(
    client: Client, coder: User, mailbox: Mailbox
) -> None:
    client.post(RESET, {"email": coder.email})
    form = client.get(path_of(mailbox.newest().links[0]))["Location"]

    response = client.post(form, {"password1": "short", "password2": "short"})

    assert b"at least 10 characters" in response.content
    coder.refresh_from_db()
    assert coder.check_password("correct horse")


def test_changing_it_logs_out_the_others_and_tells_the_owner(
    client: Client, coder: User, mailbox: Mailbox
) -> None:
    other = Client()
    for browser in (client, other):
        browser.force_login(coder)

    response = client.post("/accounts/password/change/", {"oldpassword": "correct horse"} | NEW)

    assert response["Location"] == "/account/"
    assert b"Your password is changed." in client.get("/account/").content
    assert other.get("/account/").status_code == 302
    mail = mailbox.newest()
    assert mail.subject == "Your CasePilot password was changed"
    assert "Address: 127.0.0.1" in mail.text


def test_changing_it_needs_the_old_one(client: Client, coder: User) -> None:
    client.force_login(coder)

    response = client.post("/accounts/password/change/", {"oldpassword": "wrong horse"} | NEW)

    assert b"Please type your current password." in response.content
    coder.refresh_from_db()
    assert coder.check_password("correct horse")


@pytest.mark.parametrize(
    "path", ["password/change/", "password/set/", "email/", "2fa/", "sessions/"]
)
def test_strangers_are_asked_to_log_in(client: Client, path: str) -> None:
    response = client.get(f"/accounts/{path}")

    assert response["Location"].startswith("/accounts/login/?next=")


def test_the_address_changes_when_the_new_one_is_confirmed(
    client: Client, coder: User, mailbox: Mailbox
) -> None:
    client.force_login(coder)
    client.post("/accounts/reauthenticate/", {"password": "correct horse"})

    client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})
    mail = mailbox.newest()
    assert mail.to == "new@example.org"
    coder.refresh_from_db()
    assert coder.email == "coder@example.org"
    client.post("/accounts/confirm-email/", {"code": mail.code})

    coder.refresh_from_db()
    assert coder.email == "new@example.org"
    warning = mailbox.newest()
    assert warning.to == "coder@example.org"
    assert "from coder@example.org to new@example.org" in warning.text


def test_the_address_of_another_account_is_not_given_away(
    client: Client, coder: User, mailbox: Mailbox
) -> None:
    factories.user("taken@example.org")
    client.force_login(coder)
    client.post("/accounts/reauthenticate/", {"password": "correct horse"})

    response = client.post("/accounts/email/", {"email": "taken@example.org", "action_add": ""})

    assert response["Location"] == "/accounts/confirm-email/"
    coder.refresh_from_db()
    assert coder.email == "coder@example.org"


def test_changing_the_address_asks_for_the_password_again(client: Client, coder: User) -> None:
    client.force_login(coder)

    response = client.post("/accounts/email/", {"email": "new@example.org", "action_add": ""})

    assert response["Location"].startswith("/accounts/reauthenticate/")


def _writes(queries: CaptureQueriesContext) -> list[str]:
    """Return the tables that were written to, and the functions that write, in order."""
    pattern = r'INSERT INTO "(accounts_\w+)"|(procrastinate_defer_jobs\w*)'
    found = (re.search(pattern, query["sql"]) for query in queries)
    return [match[1] or match[2] for match in found if match]
