"""Who asks, and what there is to ask about."""

import re
import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from codes.models import Code
from tests import factories
from tests.codes.admin_tools import signed_in

Ask = Callable[..., Any]
LONG = "LONG CANARY of a visit"
PLAIN = "PLAIN CANARY of a visit"
GUIDELINE = "GUIDELINE CANARY of a visit"


@pytest.fixture(autouse=True)
def _clean(clean_cache: None) -> None:
    """Start with no counted requests."""


@pytest.fixture
def code(db: None) -> Code:
    """Return a code with something gated on every level."""
    made = factories.code(
        "99213", short_descriptor="Visit of a known patient", long_descriptor=LONG
    )
    factories.published_text(made, html=f"<p>{PLAIN}</p>")
    factories.published_text(made, "guidelines", html=f"<p>{GUIDELINE}</p>")
    return made


@pytest.fixture
def user(db: None) -> User:
    return factories.user("coder@example.org")


@pytest.fixture
def member(client: Client, user: User) -> Client:
    client.force_login(user)
    return client


@pytest.fixture
def admin(db: None) -> Client:
    """Return a client of anna@example.org, who has every permission."""
    return signed_in(factories.staff("anna@example.org"))


@pytest.fixture
def guest(client: Client, db: None) -> Client:
    """Return a client that has the cookie of a guest."""
    client.get("/casepilot/")
    return client


def ask(client: Client, question: str = "What is CPT code 99213?", **more: Any) -> Any:
    """Send a question from the page without the script; return the response."""
    path = more.pop("path", "/casepilot/")
    once = more.pop("once", uuid.uuid4())
    return client.post(path, {"question": question, "once": once}, **more)


def text_of(response: Any) -> str:
    """Return the words of a page on one line, without marks."""
    html = re.sub(r"<template.*?</template>", " ", response.content.decode(), flags=re.S)
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
