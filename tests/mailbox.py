"""What went out by mail: runs the queued jobs and reads the messages as a person would."""

import re
from dataclasses import dataclass
from email.message import EmailMessage as MimeMessage

from django.core import mail as django_mail
from procrastinate.contrib.django.models import ProcrastinateJob

from accounts.mail import SEND_TASK, StoredMessage
from accounts.tasks import send_mail


@dataclass(frozen=True)
class Mail:
    """One message that was delivered."""

    to: str
    subject: str
    text: str
    html: str

    @property
    def code(self) -> str:
        """Return the code that stands on a line of its own, such as ``BCDF-GHJK``."""
        found = re.search(r"^[A-Z]{4}-[A-Z]{4}$", self.text, re.MULTILINE)
        if found is None:
            raise AssertionError(f"No code in the mail {self.subject!r}:\n{self.text}")
        return found[0]

    @property
    def links(self) -> list[str]:
        """Return the addresses in the text, in order."""
        return re.findall(r"https?://\S+", self.text)


class Mailbox:
    """The messages of one test; made by the fixture ``mailbox``, which sets the backends."""

    def collect(self) -> list[Mail]:
        """Run the jobs that wait and return every message so far, oldest first."""
        for job in ProcrastinateJob.objects.filter(task_name=SEND_TASK).order_by("pk"):
            send_mail(**job.args)
        return [_read(message) for message in django_mail.outbox]

    def newest(self) -> Mail:
        """Return the message that went out last."""
        mails = self.collect()
        assert mails, "No mail went out."
        return mails[-1]


def _read(message: object) -> Mail:
    assert isinstance(message, StoredMessage)
    return Mail(
        to=message.to[0],
        subject=str(message.subject),
        text=_part(message.mime, "plain"),
        html=_part(message.mime, "html"),
    )


def _part(mime: MimeMessage, kind: str) -> str:
    part = mime.get_body((kind,))
    content = part.get_content() if part else ""
    return str(content).replace("\r\n", "\n")
