"""The demo's mailbox: shows what a person needs to finish a registration, on this machine only."""

import os
from pathlib import Path

import pytest
from django.core.mail import send_mail
from django.test import Client
from pytest_django.fixtures import Settings

from accounts import demo_mail, mail
from accounts.models import OutgoingMail

pytestmark = pytest.mark.django_db

URL = "/demo/mail/"


@pytest.fixture
def folder(settings: Settings, tmp_path: Path) -> Path:
    """Run as the demo does, with mails in a folder."""
    settings.DEMO = True
    settings.EMAIL_BACKEND = "accounts.mail.QueuedEmailBackend"
    settings.MAIL_DELIVERY = {
        "backend": "filebased.EmailBackend",
        "file_path": str(tmp_path / "mail"),
    }
    return tmp_path / "mail"


def deliver(subject: str, text: str) -> None:
    """Send one message the way the demo's worker does."""
    send_mail(subject, text, None, ["coder@example.org"])
    mail.deliver(OutgoingMail.objects.latest("pk").pk)


def test_shows_a_registrations_code(client: Client, folder: Path) -> None:
    form = {"email": "coder@example.org", "password1": "a long enough phrase"}
    client.post("/accounts/signup/", form)
    assert b"/demo/mail/" in client.get("/accounts/confirm-email/").content
    mail.deliver(OutgoingMail.objects.get().pk)
    (shown,) = demo_mail.read(folder)
    assert shown.to == "coder@example.org"

    page = client.get(URL)

    assert shown.paragraphs[1] in page.content.decode()
    assert page["Cache-Control"] == "max-age=0, no-cache, no-store, must-revalidate, private"
    client.post("/accounts/confirm-email/", {"code": shown.paragraphs[1]})
    assert "_auth_user_id" in client.session


def test_links_can_be_followed(client: Client, folder: Path) -> None:
    deliver("Link", "Follow\n\nhttp://127.0.0.1:8000/accounts/x/?a=1&b=2\n\nnow")

    content = client.get(URL).content.decode()

    assert '<a href="http://127.0.0.1:8000/accounts/x/?a=1&amp;b=2"' in content


def test_text_of_a_mail_is_only_text(client: Client, folder: Path) -> None:
    deliver("<b>Bold</b>", "<script>alert(1)</script>")

    content = client.get(URL).content.decode()

    assert "<b>Bold" not in content
    assert "<script>alert" not in content


def test_the_newest_comes_first_and_old_ones_go(
    client: Client, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(demo_mail, "LIMIT", 2)
    for number in range(3):
        deliver(f"Mail {number}", "Text ä")
        (written,) = set(folder.glob("*.log")) - set(folder.glob("mail-*.log"))
        # Mails of one moment have one time, and may even be written into one file.
        written = written.rename(folder / f"mail-{number}.log")
        os.utime(written, (number, number))

    assert [shown.subject for shown in demo_mail.read(folder)] == ["Mail 2", "Mail 1"]


def test_an_empty_mailbox_says_so(client: Client, folder: Path) -> None:
    assert b"No mail yet." in client.get(URL).content


def test_it_does_not_exist_outside_the_demo(
    client: Client, folder: Path, settings: Settings
) -> None:
    settings.DEMO = False

    assert client.get(URL).status_code == 404


def test_it_does_not_exist_where_mail_really_leaves(
    client: Client, folder: Path, settings: Settings
) -> None:
    settings.MAIL_DELIVERY = {"backend": "smtp.EmailBackend", "host": "127.0.0.1"}

    assert client.get(URL).status_code == 404


@pytest.mark.parametrize("address", ["192.0.2.1", "10.0.0.1", "2001:db8::1", "", "::ffff:10.0.0.1"])
def test_it_does_not_exist_for_other_machines(client: Client, folder: Path, address: str) -> None:
    assert client.get(URL, REMOTE_ADDR=address).status_code == 404


@pytest.mark.parametrize("address", ["127.0.0.1", "127.0.0.2", "::1", "::ffff:127.0.0.1"])
def test_it_exists_for_this_machine(client: Client, folder: Path, address: str) -> None:
    assert client.get(URL, REMOTE_ADDR=address).status_code == 200


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"])
def test_it_does_not_exist_behind_a_proxy(client: Client, folder: Path, header: str) -> None:
    assert client.get(URL, headers={header: "127.0.0.1"}).status_code == 404


def test_it_is_only_read(client: Client, folder: Path) -> None:
    assert client.post(URL).status_code == 405
