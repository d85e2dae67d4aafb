"""Readers of the environment: a typo stops the start with one clear line."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django_ratelimit.core import _split_rate

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


@pytest.mark.parametrize("value", ["-1", "1.5", "ten", "١", "0x1", "1000000001", "9" * 5000])
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
    monkeypatch.setenv(NAME, "Month")
    assert env.choice(NAME, "day", ("day", "month")) == "month"


@pytest.mark.parametrize("value", ["60/m", "1/s", "100/10m", "5/d"])
def test_rate(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.rate(NAME, "1/m") == value
    count, seconds = _split_rate(value)
    assert count > 0
    assert seconds > 0


@pytest.mark.parametrize(
    "value", ["60", "m", "60/", "0/m", "60/0m", "60/x", "60 / m", "-1/m", "60/min", "6١/m"]
)
def test_a_rate_that_is_none_is_an_error(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=f"{NAME}='{value}' is not a rate"):
        env.rate(NAME, "1/m")


def test_networks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "10.0.0.0/8, fd00::/8,192.0.2.1")
    assert env.networks(NAME) == ["10.0.0.0/8", "fd00::/8", "192.0.2.1"]
    monkeypatch.delenv(NAME)
    assert env.networks(NAME) == []


@pytest.mark.parametrize("value", ["10.0.0.1/8", "10.0.0.0/33", "proxy", "10.0.0.0/8;10.0.0.2"])
def test_a_network_that_is_none_is_an_error(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=f"^{NAME}: .*\\.$"):
        env.networks(NAME)


def test_time_zone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "America/New_York")
    assert env.time_zone(NAME, "UTC") == "America/New_York"


@pytest.mark.parametrize("value", ["Mars/Base", "America", "../../etc/passwd", "/etc/passwd"])
def test_a_zone_that_is_none_is_an_error(monkeypatch: pytest.MonkeyPatch, value: str) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match="is not a time zone"):
        env.time_zone(NAME, "UTC")


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("https://CasePilot.example/", "https://casepilot.example"),
        ("http://[::1]:8000", "http://[::1]:8000"),
    ],
)
def test_origin(monkeypatch: pytest.MonkeyPatch, value: str, expected: str) -> None:
    monkeypatch.setenv(NAME, value)
    assert env.origin(NAME, None) == expected


@pytest.mark.parametrize(
    ("value", "line"),
    [
        ("casepilot.example", "is not an address"),
        ("ftp://casepilot.example", "is not an address"),
        ("https://", "is not an address"),
        ("https://127.0.0.1@evil.example", "is not an address"),
        ("https://casepilot.example/site", "has a path"),
        ("https://casepilot.example?x", "has a path"),
        ("https://casepilot.example:x", "cannot be read"),
    ],
)
def test_an_origin_that_is_none_is_an_error(
    monkeypatch: pytest.MonkeyPatch, value: str, line: str
) -> None:
    monkeypatch.setenv(NAME, value)
    with pytest.raises(ImproperlyConfigured, match=line):
        env.origin(NAME, None)


def test_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "none")
    assert env.cache(NAME) is None
    monkeypatch.setenv(NAME, "redis://cache:6379/0")
    assert env.cache(NAME) == "redis://cache:6379/0"
    monkeypatch.setenv(NAME, "cache:6379")
    with pytest.raises(ImproperlyConfigured, match="write redis://"):
        env.cache(NAME)


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


@pytest.mark.parametrize("port", ["x", "65536", "-1", "0", "12 34"])
def test_a_port_that_is_none_is_an_error_without_the_password(
    monkeypatch: pytest.MonkeyPatch, port: str
) -> None:
    for scheme, read in (("postgresql", env.database), ("smtp", lambda name: env.mail(name, None))):
        monkeypatch.setenv(NAME, f"{scheme}://user:canary@host:{port}/name")
        with pytest.raises(ImproperlyConfigured, match=f"{NAME} cannot be read") as caught:
            read(NAME)
        assert caught.value.__cause__ is None
        assert "canary" not in str(caught.value)


def test_half_a_password_is_not_repeated_as_a_port(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "postgresql://user:can/ary@host/name")
    with pytest.raises(ImproperlyConfigured) as caught:
        env.database(NAME)
    assert "can/" not in str(caught.value)
    assert "'can'" not in str(caught.value)


def test_a_port_of_the_options_is_a_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(NAME, "postgresql:///name?port=x")
    with pytest.raises(ImproperlyConfigured, match="the port is not a number"):
        env.database(NAME)


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
        ({"SITE_URL": "http://127.0.0.1.evil.example"}, "must start with https:// in production"),
        ({"RATELIMIT_SEARCH": "many"}, "RATELIMIT_SEARCH='many' is not a rate"),
        ({"RATELIMIT_FORMS": "20"}, "RATELIMIT_FORMS='20' is not a rate"),
        ({"TRUSTED_PROXIES": "10.0.0.1/8"}, "TRUSTED_PROXIES: 10.0.0.1/8 has host bits set."),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL='LOUD' is not one of DEBUG, INFO"),
        ({"TIME_ZONE": "Mars"}, "TIME_ZONE='Mars' is not a time zone"),
        ({"DATABASE_URL": "postgresql://db:x/name"}, "DATABASE_URL cannot be read"),
        ({"EMAIL_URL": "smtp://mail:99999"}, "EMAIL_URL cannot be read"),
        ({"REDIS_URL": "cache"}, "REDIS_URL: write redis://"),
    ],
)
def test_a_bad_setting_stops_the_start(changed: dict[str, str], line: str) -> None:
    said = _settings_say("DEBUG", changed)
    assert said.count("Traceback") == 1  # no other error stands behind this one
    last = said.splitlines()[-1]
    assert last.startswith("django.core.exceptions.ImproperlyConfigured: ")
    assert line in last


def test_this_machine_needs_no_https() -> None:
    changed = {"SITE_URL": "http://[::1]:8000"}
    assert _settings_say("HTTPS ALLOWED_HOSTS", changed).strip() == "False ['[::1]']"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, "31536000 False False"),
        ({"HSTS_INCLUDE_SUBDOMAINS": "1"}, "31536000 True True"),
        ({"HSTS_INCLUDE_SUBDOMAINS": "1", "SITE_URL": "http://127.0.0.1"}, "0 False False"),
    ],
)
def test_https_is_promised_for_the_host_and_for_subdomains_if_asked(
    changed: dict[str, str], expected: str
) -> None:
    names = "SECURE_HSTS_SECONDS SECURE_HSTS_INCLUDE_SUBDOMAINS SECURE_HSTS_PRELOAD"
    assert _settings_say(names, changed).strip() == expected


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
