"""Outgoing mail in the admin: what failed and why, and another try; never the content."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts import mail
from accounts.models import OutgoingMail
from tests import factories

pytestmark = pytest.mark.django_db

URL = "/admin/accounts/outgoingmail/"


def stored(**fields: Any) -> OutgoingMail:
    """Return a message that has not gone out."""
    values = {"to": "a@example.org", "subject": "Hello", "message": b"Subject: x\n\nSECRET-CODE"}
    return OutgoingMail.objects.create(**(values | fields))


@pytest.fixture
def admin() -> Client:
    client = Client()
    client.force_login(factories.staff())
    return client


def test_shows_the_servers_answer_and_not_the_content(admin: Client) -> None:
    row = stored(last_error="SMTPRecipientsRefused: 550 No such user", attempts=1)

    for url in (URL, f"{URL}{row.pk}/change/"):
        content = admin.get(url).content
        assert b"550 No such user" in content
        assert b"SECRET-CODE" not in content


def test_the_list_tells_states_and_can_be_narrowed_by_them(admin: Client) -> None:
    stored(to="new@example.org")
    stored(to="lost@example.org", attempts=3, last_error="No answer")
    stored(to="sent@example.org", attempts=1, sent_at=timezone.now(), message=b"")
    page = admin.get(URL).content.decode()
    for state in ("waits to be sent", "not sent after 3 attempts: No answer", ">sent "):
        assert state in page
    for query, found in (("sent", {"sent"}), ("unsent", {"new", "lost"})):
        rows = admin.get(URL, {"state": query}).context["cl"].result_list
        assert {row.to.partition("@")[0] for row in rows} == found


def test_another_try_is_for_what_has_not_gone_out(admin: Client) -> None:
    waiting, sent = stored(), stored(sent_at=timezone.now(), message=b"")

    response = admin.post(
        URL, {"action": "try_again", "_selected_action": [waiting.pk, sent.pk]}, follow=True
    )

    assert b"1 of 2 will be tried again." in response.content
    assert [job.args for job in ProcrastinateJob.objects.all()] == [{"mail_id": waiting.pk}]


def test_nothing_can_be_written(admin: Client) -> None:
    row = stored()

    assert admin.get(f"{URL}add/").status_code == 403
    admin.post(f"{URL}{row.pk}/change/", {"to": "b@example.org", "message": "Other"})

    row.refresh_from_db()
    assert row.to == "a@example.org"
    assert bytes(row.message).endswith(b"SECRET-CODE")


def test_the_list_costs_the_same_for_one_and_twenty(
    admin: Client, django_assert_max_num_queries: Any
) -> None:
    for count in (1, 20):
        while OutgoingMail.objects.count() < count:
            stored()
        with django_assert_max_num_queries(5):
            admin.get(URL)


def test_old_messages_are_forgotten() -> None:
    old, new = stored(), stored()
    OutgoingMail.objects.filter(pk=old.pk).update(
        created_at=timezone.now() - mail.KEPT - timedelta(minutes=1)
    )

    assert mail.purge_old() == 1
    assert OutgoingMail.objects.get() == new
