"""Outgoing mail: stored first, in the transaction that caused it, and sent by a worker.

A request never waits for a mail server, so neither an outage nor the time that sending takes shows
in its answer. ``settings.MAIL_DELIVERY`` says how a message finally leaves (casepilot_site/env.py).
"""

import email
import email.policy
import smtplib
from collections.abc import Sequence
from datetime import timedelta
from email.message import EmailMessage as MimeMessage
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.module_loading import import_string
from procrastinate.contrib.django import app

from accounts.models import OutgoingMail

SEND_TASK = "accounts.send_mail"  # accounts/tasks.py
QUEUE = "mail"
KEPT = timedelta(days=30)


class NotDelivered(OSError):
    """The message could not be handed over now; a later attempt may succeed."""


class Refused(OSError):
    """The server refused the message for good; trying again would not help."""


class QueuedEmailBackend(BaseEmailBackend):
    """Stores every message and leaves its sending to a worker.

    Row and job belong to the caller's transaction: both stay or both go. Two statements for each
    recipient.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Store the messages, one row for each recipient; return how many messages it were."""
        with transaction.atomic():
            for message in email_messages:
                for recipient in message.recipients():
                    _store(message, recipient)
        return len(email_messages)


def deliver(mail_id: int) -> None:
    """Send one stored message and erase its content; do nothing if that has happened already.

    The row stays locked while it is sent, so that two workers never send the same message. A crash
    between the server's answer and the commit is the one way to send twice. Raises
    ``NotDelivered`` or ``Refused`` with the reason kept on the row.
    """
    try:
        with transaction.atomic():
            _send_locked(mail_id)
    except OSError as error:  # smtplib's errors and those of sockets and files alike
        OutgoingMail.objects.filter(pk=mail_id).update(
            attempts=F("attempts") + 1, last_error=_reason(error)
        )
        raise (Refused if _is_final(error) else NotDelivered)(_reason(error)) from error


def enqueue(mail_id: int) -> None:
    """Have a worker send the message once the transaction is committed. One statement."""
    app.configure_task(SEND_TASK, queue=QUEUE).defer(mail_id=mail_id)


def purge_old() -> int:
    """Forget messages after ``KEPT``, sent or given up; return how many. One statement."""
    return OutgoingMail.objects.filter(created_at__lt=timezone.now() - KEPT).delete()[0]


class StoredMessage(EmailMessage):
    """A stored message in the shape that Django's mail backends send."""

    def __init__(self, mail: OutgoingMail) -> None:
        self.mime = email.message_from_bytes(
            bytes(mail.message), _class=_StoredMime, policy=email.policy.SMTP
        )
        super().__init__(
            subject=mail.subject, from_email=str(self.mime["From"] or ""), to=[mail.to]
        )

    def message(self, **options: Any) -> Any:
        """Return the MIME message as it was stored."""
        return self.mime


class _StoredMime(MimeMessage):
    def as_bytes(self, *args: Any, linesep: str = "", **options: Any) -> bytes:
        """Return the message with CRLF; Django 5.2 passes ``linesep``, later versions do not."""
        return super().as_bytes()


def _store(message: EmailMessage, recipient: str) -> None:
    mail = OutgoingMail.objects.create(
        to=parseaddr(recipient)[1] or recipient,
        subject=str(message.subject)[:300],
        message=message.message().as_bytes(),
    )
    enqueue(mail.pk)


def _send_locked(mail_id: int) -> None:
    mail = OutgoingMail.objects.select_for_update().filter(pk=mail_id, sent_at=None).first()
    if mail is None:
        return
    _connection().send_messages([StoredMessage(mail)])
    mail.attempts += 1
    mail.sent_at = timezone.now()
    mail.message = b""
    mail.last_error = ""
    mail.save(update_fields=["attempts", "sent_at", "message", "last_error"])


def _connection() -> BaseEmailBackend:
    options = dict(settings.MAIL_DELIVERY)
    backend = import_string(f"django.core.mail.backends.{options.pop('backend')}")
    connection: BaseEmailBackend = backend(**options)
    return connection


def _is_final(error: OSError) -> bool:
    """Return whether the server said no to this message (5xx), not to us or just for now."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return True
    return isinstance(error, smtplib.SMTPDataError) and 500 <= error.smtp_code < 600


def _reason(error: OSError) -> str:
    """Return one line for the admin, without the message's content."""
    return f"{type(error).__name__}: {error}"[:500]
