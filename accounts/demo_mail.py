"""The demo's mailbox: shows on this machine the mails that the demo writes into a folder.

Elsewhere it does not exist. A mail holds codes and links that open accounts, so the page answers
only to a peer on the same machine that came without a proxy.
"""

import email
import email.policy
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from casepilot_site.addresses import parse

LIMIT = 50
_PROXY_HEADERS = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_VIA")
_RULE = b"\n" + b"-" * 79 + b"\n"  # what Django's file backend writes after each message


@dataclass(frozen=True)
class DemoMail:
    """One message as the page shows it; ``paragraphs`` is its text."""

    to: str
    subject: str
    sent: datetime | None
    paragraphs: list[str]


@require_safe
@never_cache
def mailbox(request: HttpRequest) -> HttpResponse:
    """Show the newest mails of the demo, newest first; no query."""
    folder = settings.MAIL_DELIVERY.get("file_path")
    if not (settings.DEMO and folder and _is_local(request)):
        raise Http404
    return render(request, "accounts/demo_mail.html", {"mails": read(Path(folder)), "limit": LIMIT})


def read(folder: Path) -> list[DemoMail]:
    """Return the newest messages in the files of Django's file backend, at most ``LIMIT``."""
    files = sorted(folder.glob("*.log"), key=lambda file: file.stat().st_mtime_ns, reverse=True)
    mails: list[DemoMail] = []
    for file in files[:LIMIT]:
        mails += [_mail(part) for part in reversed(file.read_bytes().split(_RULE)) if part.strip()]
    return mails[:LIMIT]


def _is_local(request: HttpRequest) -> bool:
    address = parse(request.META.get("REMOTE_ADDR", ""))
    forwarded = any(header in request.META for header in _PROXY_HEADERS)
    return address is not None and address.is_loopback and not forwarded


def _mail(raw: bytes) -> DemoMail:
    message = email.message_from_bytes(raw, _class=EmailMessage, policy=email.policy.default)
    body = message.get_body(("plain",))
    text = str(body.get_content()) if body else ""
    sent = message["Date"].datetime if message["Date"] else None
    paragraphs = [part.strip() for part in text.replace("\r\n", "\n").split("\n\n")]
    return DemoMail(
        str(message["To"]), str(message["Subject"]), sent, list(filter(None, paragraphs))
    )
