"""Logs name the page of a request; what somebody typed or was sent by mail is never in them."""

import io
import json
import logging
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from casepilot_site.logs import WithoutTarget
from codes import page
from tests import factories
from tests.mailbox import Mailbox

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
CANARY = "zyxwcanary"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that the site's own handler writes, at the level of the settings."""
    (handler,) = (one for one in logging.getLogger().handlers if one.filters)
    assert isinstance(handler, logging.StreamHandler)
    written = io.StringIO()
    before = handler.setStream(written)
    yield written
    handler.setStream(before)


@pytest.fixture
def forgiving() -> Client:
    """A client that sees the error page instead of the exception."""
    return Client(raise_request_exception=False)


def events(log: io.StringIO) -> list[dict[str, Any]]:
    """Return what was logged since the start of the test."""
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_a_search_is_logged_without_its_words(
    client: Client, log: io.StringIO, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    client.get("/search/", {"q": CANARY})

    assert CANARY not in log.getvalue()
    (finished,) = (event for event in events(log) if event["event"] == "request_finished")
    assert (finished["request"], finished["code"]) == ("GET codes:search", 200)
    assert finished["request_id"]


def test_a_reset_link_is_logged_without_its_key(
    client: Client, log: io.StringIO, caplog: pytest.LogCaptureFixture, mailbox: Mailbox
) -> None:
    caplog.set_level(logging.INFO)
    user = factories.user("coder@example.org")
    client.post("/accounts/password/reset/", {"email": user.email})
    (link, *_) = mailbox.newest().links
    address = link.removeprefix("http://127.0.0.1:8000")
    key = address.rstrip("/").rsplit("/", 1)[-1]

    client.get(address, follow=True)
    client.get(f"/accounts/password/reset/key/1-{CANARY}/")

    assert len(key) > 20
    assert key not in log.getvalue()
    assert CANARY not in log.getvalue()
    assert "GET account_reset_password_from_key" in log.getvalue()


def test_a_fault_is_logged_with_its_traceback_and_without_the_address(
    forgiving: Client, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("It broke.")

    factories.code("33948")
    monkeypatch.setattr(page, "load", broken)
    assert forgiving.get("/codes/cpt/33948/", {"q": CANARY}).status_code == 500

    assert CANARY not in log.getvalue()
    assert "/codes/cpt/33948/" not in log.getvalue()
    assert {event["event"] for event in events(log)} == {
        "request_failed",
        "Internal Server Error: codes:code",
    }
    (failed,) = (event for event in events(log) if event["event"] == "request_failed")
    assert failed["request"] == "GET codes:code"
    assert "RuntimeError: It broke." in failed["exception"]


@pytest.mark.parametrize(
    ("method", "path", "event"),
    [
        ("get", f"/{CANARY}/x/y/z/é/", "Not Found: unknown page"),
        ("get", f"/codes/cpt/{CANARY}/", "Not Found: codes:code"),
        ("post", f"/codes/cpt/{CANARY}/", "Method Not Allowed (POST): codes:code"),
    ],
)
def test_djangos_own_messages_name_the_page(
    forgiving: Client, log: io.StringIO, method: str, path: str, event: str
) -> None:
    factories.system("cpt")
    getattr(forgiving, method)(f"{path}?q={CANARY}")

    assert CANARY not in log.getvalue()
    assert [one["event"] for one in events(log)] == [event]


def test_nothing_of_django_goes_another_way() -> None:
    for name in ("django", "django.request", "django.security.csrf"):
        logger = logging.getLogger(name)
        assert (logger.handlers, logger.propagate) == ([], True)


def test_a_forgery_is_logged_without_where_it_came_from(
    settings: Settings, log: io.StringIO
) -> None:
    client = Client(enforce_csrf_checks=True)
    referer = f"https://elsewhere.example/{CANARY}"
    client.post("/accounts/login/", secure=True, headers={"Referer": referer})

    assert CANARY not in log.getvalue()
    assert "account_login" in log.getvalue()


@pytest.fixture
def gunicorn() -> logging.Logger:
    """The log of gunicorn once it has loaded the site, which sets the logs up anew."""
    import_module("casepilot_site.wsgi")
    return logging.getLogger("gunicorn.error")


def test_gunicorn_does_not_name_the_address_of_a_broken_answer(
    gunicorn: logging.Logger, log: io.StringIO
) -> None:
    assert any(isinstance(one, WithoutTarget) for one in gunicorn.filters)

    gunicorn.error("Error handling request %s %s", "GET", f"/search/?q={CANARY}")
    gunicorn.error("Error handling request %s", f"/search/?q={CANARY}")
    gunicorn.error("Listening at: %s", "http://127.0.0.1:8000")

    assert [event["event"] for event in events(log)] == [
        "Error handling request GET unknown page",
        "Error handling request unknown page",
        "Listening at: http://127.0.0.1:8000",
    ]
