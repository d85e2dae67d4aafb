"""What the tests of the admin share: clients by permission, and forms as a browser sends them."""

from typing import Any

from django.contrib.auth.models import Permission
from django.test import Client

from accounts.models import User
from codes import texts
from codes.authored_texts import AuthoredText
from codes.models import CodeSystem
from tests import factories

CODES = "/admin/codes/code/"
PLAIN = "/admin/codes/plaindescription/"
SECTIONS = "/admin/codes/section/"


def signed_in(user: User) -> Client:
    """Return a client of that user."""
    client = Client()
    client.force_login(user)
    return client


def staff_with(*permissions: str) -> Client:
    """Return a client of a staff member with just these permissions."""
    user = factories.user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return signed_in(user)


def draft(display: str = "33948") -> AuthoredText:
    """Return a draft of a description of a new code."""
    new = AuthoredText(code=factories.code(display), kind="plain")
    return texts.save_draft(text=new, markdown="First **wording**", by=None)


def publish(text: AuthoredText) -> AuthoredText:
    """Return the text, reviewed and published by two editors."""
    texts.review(text=text, by=factories.staff())
    return texts.publish(text=text, by=factories.staff())


def form_of(text: AuthoredText, markdown: str, **button: str) -> dict[str, str]:
    """Return what the form sends that was opened just now."""
    text.refresh_from_db()
    return {"markdown": markdown, "seen": texts.version_of(text), **button}


def body(response: Any) -> str:
    """Return the page as text."""
    content: str = response.content.decode()
    return content


def icd() -> CodeSystem:
    """Return a system of the public domain."""
    return factories.system("icd-10-cm", name="ICD-10-CM")
