"""Outgoing mail: stored with what caused it, sent by a worker, tried again, erased."""

import re
import smtplib
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import allauth
import pytest
from aiosmtpd.controller import BaseThreadedController
from allauth.account.adapter import get_adapter
from django.core import mail as django_mail
from django.core.mail import EmailMultiAlternatives, send_mail
from django.db import connection, transaction
from django.template.loader import get_template
from django.utils import timezone
from procrastinate.contrib.django import app
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job
from pytest_django.fixtures import Settings

from accounts import mail
from accounts.models import OutgoingMail
from accounts.tasks import GrowingWaits
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db

WAIT = 60  # seconds until a test fails that would hang


# --- Every message that allauth can send -------------------------------------------------------

ALLAUTH = Path(allauth.__file__).parent / "templates"
PREFIXES = sorted(
    str(path.relative_to(ALLAUTH)).removesuffix("_subject.txt")
    for folder in ("account", "mfa")
    for path in ALLAUTH.glob(f"{folder}/email/*_subject.txt")
)
CONTEXT = {
    "code": "BCDF-GHJK",
    "email": "coder@example.org",
    "password_reset_url": "http://127.0.0.1:8000/reset/1-2/",
    "signup_url": "http://127.0.0.1:8000/accounts/signup/",
    "from_email": "old@example.org",
    "to_email": "new@example.org",
    "deleted_email": "old@example.org",
    "timestamp": timezone.now(),
    "ip": "192.0.2.1",
    "user_agent": 'Browser <"1">',
}


def test_allauth_has_the_messages_that_we_know() -> None:
    assert len(PREFIXES) == 18


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_message_has_its_three_templates(prefix: str) -> None:
    for name in ("subject.txt", "body.txt", "body.html"):
        get_template(f"emails/{prefix.rsplit('/', 1)[-1]}/{name}")


@pytest.mark.parametrize("prefix", PREFIXES)
def test_every_message_is_written_out(prefix: str, settings: Settings) -> None:
    settings.SITE_NAME = "Tom & Ann"

    message = get_adapter().render_mail(prefix, "coder@example.org", CONTEXT)

    html = str(message.alternatives[0][0])
    assert "\n" not in message.subject
    assert 10 < len(message.subject) < 78
    for text in (message.subject, message.body, html):
        assert not re.search(r"{[{%]|%}|}}|None", text)
    assert "&amp;" not in message.subject + message.body
    assert "Tom &amp; Ann" in html
    assert "<script" not in html
    assert "src=" not in html  # nothing is fetched when it is opened
    if "ignore" not in message.body and "nothing to do" not in message.body:
        raise AssertionError("It must say what to do if it was not you.")
    if "Browser" in message.body:
        assert 'Browser <"1">' in message.body
        assert "Browser &lt;&quot;1&quot;&gt;" in html


# --- Storing ------------------------------------------------------------------------------------


@pytest.fixture
def queue(settings: Settings) -> None:
    settings.EMAIL_BACKEND = "accounts.mail.QueuedEmailBackend"


def store(**fields: Any) -> OutgoingMail:
    """Store one message with two parts and return its row."""
    values = {"subject": "Grüße", "body": "Text ä", "to": ["a@example.org"]} | fields
    message = EmailMultiAlternatives(**values)
    message.attach_alternative("<p>Text ä</p>", "text/html")
    assert message.send() == 1
    return OutgoingMail.objects.get()


def test_a_message_is_stored_with_its_job(queue: None) -> None:
    row = store()

    assert (row.to, row.subject, row.sent_at, row.attempts) == ("a@example.org", "Grüße", None, 0)
    task = ProcrastinateJob.objects.get()
    assert (task.task_name, task.args, task.status) == (mail.SEND_TASK, {"mail_id": row.pk}, "todo")
    assert not django_mail.outbox


def test_row_and_job_go_with_the_transaction(queue: None) -> None:
    with transaction.atomic():
        store()
        transaction.set_rollback(True)

    assert not OutgoingMail.objects.exists()
    assert not ProcrastinateJob.objects.exists()


def test_each_recipient_is_sent_to_alone(queue: None, mailbox: Mailbox) -> None:
    EmailMultiAlternatives("Hello", "Text", None, ["Ann <a@x.org>"], bcc=["b@x.org"]).send()

    assert list(OutgoingMail.objects.order_by("to").values_list("to", flat=True)) == [
        "a@x.org",
        "b@x.org",
    ]
    assert sorted(message.to for message in mailbox.collect()) == ["a@x.org", "b@x.org"]


def test_a_forged_header_is_refused(queue: None) -> None:
    with pytest.raises(ValueError, match=r"newlines|linefeed"):
        store(subject="Hello\nBcc: everybody@example.org")
    assert not OutgoingMail.objects.exists()


def test_storing_costs_two_statements(queue: None, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(4):  # and the two of the savepoint
        send_mail("Hello", "Text", None, ["a@example.org"])


# --- Sending, with a real server ----------------------------------------------------------------


class Server:
    """Takes messages as an SMTP server does; ``answer`` is what it says to the data."""

    def __init__(self) -> None:
        self.answer = "250 OK"
        self.recipient_answer = "250 OK"
        self.received: list[tuple[str, list[str], EmailMessage]] = []

    async def handle_RCPT(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        if self.recipient_answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return self.recipient_answer

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: Any, session: Any, envelope: Any
    ) -> str:
        if self.answer.startswith("2"):
            content = message_from_bytes(envelope.content, EmailMessage, policy=policy.default)
            self.received.append((envelope.mail_from, envelope.rcpt_tos, content))
        return self.answer


class OnSocket(BaseThreadedController):
    """Serves on a socket that listens already, so that nobody else takes its port meanwhile."""

    def __init__(self, handler: Server, listening: socket.socket) -> None:
        super().__init__(handler, ready_timeout=WAIT)
        self.listening = listening

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self.listening)

    def _trigger_server(self) -> None:
        with socket.create_connection(self.listening.getsockname(), WAIT) as client:
            assert client.recv(3) == b"220"  # ready


@pytest.fixture
def server(queue: None, settings: Settings) -> Iterator[Server]:
    handler = Server()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        controller = OnSocket(handler, listening)
        controller.start()
        host, port = listening.getsockname()
        settings.MAIL_DELIVERY = {
            "backend": "smtp.EmailBackend",
            "host": host,
            "port": port,
            "timeout": WAIT,
        }
        yield handler
        controller.stop()


def test_a_message_arrives_whole_and_is_erased(server: Server) -> None:
    row = store()

    mail.deliver(row.pk)

    sender, recipients, message = server.received[0]
    assert (sender, recipients) == ("noreply@127.0.0.1", ["a@example.org"])
    assert message["Subject"] == "Grüße"
    assert message["From"] == "CasePilot <noreply@127.0.0.1>"
    for kind, expected in (("plain", "Text ä"), ("html", "<p>Text ä</p>")):
        part = message.get_body((kind,))
        assert part is not None
        assert part.get_content().strip() == expected
    row.refresh_from_db()
    assert bytes(row.message) == b""
    assert row.sent_at is not None
    assert row.attempts == 1


def test_sending_again_does_nothing(server: Server) -> None:
    row = store()
    mail.deliver(row.pk)
    mail.deliver(row.pk)
    mail.deliver(row.pk + 1)  # its account was deleted meanwhile

    assert len(server.received) == 1


@pytest.mark.parametrize(
    ("answer", "recipient", "error"),
    [
        ("451 Try later", "250 OK", mail.NotDelivered),
        ("250 OK", "450 Greylisted", mail.NotDelivered),
        ("554 Spam", "250 OK", mail.Refused),
        ("250 OK", "550 No such user", mail.Refused),
    ],
)
def test_a_failure_is_kept_and_changes_nothing_else(
    server: Server, answer: str, recipient: str, error: type[OSError]
) -> None:
    server.answer, server.recipient_answer = answer, recipient
    row = store()

    with pytest.raises(error):
        mail.deliver(row.pk)

    stored = bytes(row.message)
    row.refresh_from_db()
    reason = (answer if recipient == "250 OK" else recipient).split(" ", 1)[1]
    assert reason in row.last_error
    assert (row.sent_at, row.attempts, bytes(row.message)) == (None, 1, stored)


def test_a_later_attempt_succeeds(server: Server) -> None:
    server.answer = "451 Try later"
    row = store()
    with pytest.raises(mail.NotDelivered):
        mail.deliver(row.pk)
    server.answer = "250 OK"

    mail.deliver(row.pk)

    row.refresh_from_db()
    assert row.sent_at is not None
    assert (row.attempts, row.last_error) == (2, "")
    assert len(server.received) == 1


def test_a_server_that_is_away_is_tried_again(queue: None, settings: Settings) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # nobody listens there, and nobody else can
        host, port = silent.getsockname()
        settings.MAIL_DELIVERY = {
            "backend": "smtp.EmailBackend",
            "host": host,
            "port": port,
            "timeout": WAIT,
        }
        row = store()

        with pytest.raises(mail.NotDelivered, match="refused"):
            mail.deliver(row.pk)


def test_the_waits_grow_and_end() -> None:
    waits: list[int] = []
    for attempts in range(30):
        started = timezone.now()
        decision = GrowingWaits().get_retry_decision(
            exception=mail.NotDelivered(), job=job(attempts)
        )
        if decision is None:
            break
        assert decision.retry_at is not None
        waits.append(round((decision.retry_at - started).total_seconds() / 60))

    assert waits[:4] == [1, 2, 4, 8]
    assert max(waits) == waits[-1] == 240
    assert 40 < sum(waits) / 60 < 50  # hours


def test_a_refusal_is_not_tried_again() -> None:
    assert GrowingWaits().get_retry_decision(exception=mail.Refused(), job=job()) is None


def job(attempts: int = 0) -> Job:
    """Return a job that has been tried so often before."""
    return Job(id=1, queue="mail", lock=None, queueing_lock=None, task_name="x", attempts=attempts)


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_not_send_twice(server: Server) -> None:
    row = store()

    def work(_: int) -> None:
        try:
            mail.deliver(row.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))

    assert len(server.received) == 1


@pytest.mark.django_db(transaction=True)
def test_a_worker_sends_what_waits(server: Server) -> None:
    row = store()

    with ThreadPoolExecutor(1) as pool:  # a thread without the loop of the browser tests
        pool.submit(_run_worker).result(timeout=WAIT)

    assert len(server.received) == 1
    row.refresh_from_db()
    assert row.sent_at is not None
    sent = ProcrastinateJob.objects.get(task_name=mail.SEND_TASK, args={"mail_id": row.pk})
    assert sent.status == "succeeded"


def _run_worker() -> None:
    """Run ``manage.py procrastinate worker`` until nothing waits."""
    connector = app.connector.get_worker_connector()  # type: ignore[attr-defined]  # DjangoConnector
    with app.replace_connector(connector) as worker:
        worker.run_worker(
            queues=[mail.QUEUE], wait=False, listen_notify=False, install_signal_handlers=False
        )
    connection.close()


# --- The other ways out -------------------------------------------------------------------------


def test_the_file_backend_writes_the_message(
    queue: None, settings: Settings, tmp_path: Path
) -> None:
    settings.MAIL_DELIVERY = {"backend": "filebased.EmailBackend", "file_path": str(tmp_path)}

    mail.deliver(store().pk)

    (file,) = tmp_path.iterdir()
    assert b"To: a@example.org" in file.read_bytes()


def test_the_console_backend_prints_the_message(
    queue: None, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MAIL_DELIVERY = {"backend": "console.EmailBackend"}

    mail.deliver(store().pk)

    assert "To: a@example.org" in capsys.readouterr().out


def test_names_the_kinds_of_refusal() -> None:
    refused = {"a@x.org": (550, b"No"), "b@x.org": (450, b"Later")}

    assert not mail._is_final(smtplib.SMTPRecipientsRefused(refused))
    assert mail._is_final(smtplib.SMTPNotSupportedError("No SMTPUTF8"))
    assert not mail._is_final(smtplib.SMTPAuthenticationError(535, b"Wrong password"))
