"""Readers of the environment: a typo stops the start with one clear line."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from casepilot_site import env

ROOT = Path(__file__).resolve().parents[2]
NAME = "CASEPILOT_TEST_VALUE"


def test_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(NAME, raising=False)
    with pytest.raises(ImproperlyConfigured, match=f"Set the environment variable {NAME}"):
        env.text(NAME)
    assert env.text(NAME, "default") == "default"
    monkeypatch.setenv(NAME, "  value ")
    assert env.text(NAME) == "value"


@pytest.mark.parametrize(
    ("value", "expected"),
    [("1", True), ("TRUE", True), ("yes", True), ("on", True), ("0", False), ("No", False)],
)
def test_boolean(monkeypatch: pytest.MonkeyPatch, value: str, expected: bool) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.boolean(NAME, default=not expected) is expected


@pytest.mark.parametrize("value", ["ture", "2", "y", "enabled"])
def test_a_misspelt_boolean_is_an_error(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME}='{value}' is not a boolean"):
        env.boolean(NAME, default=True)


def test_an_empty_boolean_is_the_default(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "")
    assert env.boolean(NAME, default=True) is True
    assert env.boolean(NAME, default=False) is False


@pytest.mark.parametrize("value", ["-1", "1.5", "ten", "١", "0x1"])
def test_a_number_that_is_none_is_an_error(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match="is not a whole number from 0 up"):
        env.integer(NAME, 1)


def test_integer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "0")
    assert env.integer(NAME, 5) == 0
    with pytest.raises(ImproperlyConfigured, match="from 1 up"):
        env.integer(NAME, 5, minimum=1)


def test_listing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, " a, ,b ,")
    assert env.listing(NAME) == ["a", "b"]
    monkeypatch.delenv(NAME)
    assert env.listing(NAME) == []


def test_choice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "year")
    with pytest.raises(ImproperlyConfigured, match="'year' is not one of day, month"):
        env.choice(NAME, "day", ("day", "month"))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "postgresql://user:p%40ss@db:5433/name?sslmode=require",
            {
                "NAME": "name",
                "USER": "user",
                "PASSWORD": "p@ss",
                "HOST": "db",
                "PORT": "5433",
                "OPTIONS": {"sslmode": "require"},
            },
        ),
        (
            "postgres://postgres@/name?host=/run/folder",
            {"NAME": "name", "USER": "postgres", "HOST": "/run/folder", "PORT": "", "OPTIONS": {}},
        ),
    ],
)
def test_database(monkeypatch: pytest.MonkeyPatch, url: str, expected: dict[str, object]) -> None:
    monkeypatch.setenv(NAME, url)
    assert expected.items() <= env.database(NAME).items()


def test_another_database_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "sqlite:///file")
    with pytest.raises(ImproperlyConfigured, match="must start with postgresql://"):
        env.database(NAME)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (
            "smtp+tls://me%40x.org:pa%2Fss@mail.example.org",
            {
                "backend": "smtp.EmailBackend",
                "host": "mail.example.org",
                "port": 587,
                "username": "me@x.org",
                "password": "pa/ss",
                "use_tls": True,
                "use_ssl": False,
            },
        ),
        ("smtps://mail.example.org", {"port": 465, "use_tls": False, "use_ssl": True}),
        ("smtp://localhost:2525", {"port": 2525, "use_tls": False, "use_ssl": False}),
        ("file:///var/mail%20out", {"file_path": "/var/mail out"}),
        ("console://", {"backend": "console.EmailBackend"}),
    ],
)
def test_mail(monkeypatch: pytest.MonkeyPatch, url: str, expected: dict[str, object]) -> None:
    monkeypatch.setenv(NAME, url)
    assert expected.items() <= dict(env.mail(NAME, None)).items()


def test_every_way_to_a_mail_server_has_a_timeout(monkeypatch: pytest.MonkeyPatch) -> None:
    for scheme in ("smtp", "smtp+tls", "smtps"):
        monkeypatch.setenv(NAME, f"{scheme}://mail.example.org")
        assert env.mail(NAME, None)["timeout"] > 0


@pytest.mark.parametrize("url", ["https://mail.example.org", "mail.example.org"])
def test_another_way_to_send_mail_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv(NAME, url)
    with pytest.raises(ImproperlyConfigured, match="write smtp://"):
        env.mail(NAME, None)


SAFE = {
    "SECRET_KEY": "x" * 60,
    "SITE_URL": "https://casepilot.example",
    "DATABASE_URL": "postgresql:///none",
    "EMAIL_URL": "smtp://127.0.0.1",
}


@pytest.mark.parametrize(
    ("changed", "line"),
    [
        ({"SECRET_KEY": ""}, "Set the environment variable SECRET_KEY"),
        ({"EMAIL_URL": ""}, "Set the environment variable EMAIL_URL"),
        ({"DATABASE_URL": ""}, "Set the environment variable DATABASE_URL"),
        ({"SITE_URL": "http://casepilot.example"}, "must start with https:// in production"),
        ({"DEBUG": "treu"}, "DEBUG='treu' is not a boolean"),
        ({"METER_PERIOD": "year"}, "METER_PERIOD='year' is not one of"),
    ],
)
def test_a_bad_setting_stops_the_start(changed: dict[str, str], line: str) -> None:
    assert line in _settings_say("DEBUG", changed)


def test_unset_settings_are_safe() -> None:
    names = "DEBUG DEMO SESSION_COOKIE_SECURE CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT"
    assert _settings_say(names, {}).split() == ["False", "False", "True", "True", "True"]


def _settings_say(names: str, changed: dict[str, str]) -> str:
    """Return the settings of those names, or the error, in a process of its own."""
    inherited = {key: os.environ[key] for key in ("PATH", "HOME") if key in os.environ}
    code = f"from casepilot_site import settings as s; print(*map(vars(s).get, {names.split()!r}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=inherited | SAFE | changed,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout + done.stderr


def test_the_example_names_every_variable() -> None:
    source = "".join(
        (ROOT / "casepilot_site" / name).read_text() for name in ("settings.py", "env.py")
    )
    used = set(re.findall(r'env\.\w+\(\s*"([A-Z_]+)"', source))
    example = (ROOT / ".env.example").read_text()
    named = set(re.findall(r"^#? ?([A-Z_]+)=", example, re.M))

    assert used <= named
