"""Fixtures of every test: no network but this machine, plain static files, a fast password hash.

What only chance decides is settled here too: the hour, the seeds of properties, slow machines.
"""

import math
import socket
import time
from collections.abc import Iterator
from itertools import count
from types import SimpleNamespace
from typing import Any

import hypothesis
import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from codes import ama
from tests import factories
from tests.mailbox import Mailbox

LOOPBACK = ("127.", "::1", "localhost")
DAY = 86_400
A_TEST = 60
"""Seconds that a test takes at most, but for those that load much and look at no clock."""

# The same examples in each run, and no verdict on a machine for being slow. Other examples are
# looked for on purpose: ``make test ARGS="--hypothesis-profile=explore"``.
STEADY: dict[str, Any] = {
    "deadline": None,
    "suppress_health_check": [hypothesis.HealthCheck.too_slow],
}
hypothesis.settings.register_profile("explore", **STEADY)
hypothesis.settings.register_profile("steady", derandomize=True, **STEADY)
hypothesis.settings.load_profile("steady")


class OutsideNetworkError(RuntimeError):
    """A test tried to reach another machine."""


@pytest.fixture(scope="session", autouse=True)
def _no_outside_network() -> Iterator[None]:
    """Refuse every connection that leaves this machine: nothing here may depend on one."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if self.family != socket.AF_UNIX and not str(address[0]).startswith(LOOPBACK):
            raise OutsideNetworkError(f"A test tried to connect to {address!r}.")
        connect(self, address)

    patch = pytest.MonkeyPatch()
    patch.setattr(socket.socket, "connect", guarded)
    for name in ("no_proxy", "NO_PROXY"):  # a proxy of this machine's user is another machine
        patch.setenv(name, "*")
    yield
    patch.undo()


@pytest.fixture(autouse=True)
def _test_settings(settings: Settings) -> None:
    """Leave out what costs time and proves nothing: strong hashing, hashed file names."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STATIC_ROOT = settings.BASE_DIR / "static"  # there is nothing collected to serve
    settings.STORAGES = {
        **settings.STORAGES,
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


@pytest.fixture(autouse=True)
def _numbers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no number on a page depend on how many tests ran before in this process."""
    monkeypatch.setattr(factories, "_numbers", count(1))


@pytest.fixture(autouse=True)
def _time_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let even a slow machine read a note for codes to its end."""
    monkeypatch.setattr("codes.casefinder.searching.MAX_SECONDS", 600.0)


@pytest.fixture(autouse=True)
def _network_key(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start as a process that has served a guest before: the key of networks costs no query."""
    monkeypatch.setattr("accounts.viewer.network_key", lambda period: b"key of " + period.encode())


@pytest.fixture(autouse=True)
def _ama_lines() -> None:
    """Start as a process that has shown a page before: the lines of the AMA cost no query."""
    ama.keep(ama.Lines(), math.inf)  # not even where the test takes longer than they are kept


CLOCKS_WITH_PERIODS = [
    "django_ratelimit.core.time",  # the first request of a period costs a query less
    "allauth.mfa.totp.internal.auth.time",  # a code of an app holds for one period of 30 s
    "tests.totp.time",
]


@pytest.fixture(autouse=True)
def _one_period(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let no period end within a test: a code would be refused, a query more would be counted."""
    started = time.time()
    clock = SimpleNamespace(time=lambda: started)
    for name in CLOCKS_WITH_PERIODS:
        monkeypatch.setattr(name, clock)


@pytest.fixture(autouse=True)
def _one_day() -> None:
    """Let no day, and so no month or year, end within a test; the site's time is UTC here.

    A test that would begin in the last minute of a day waits for the next.
    """
    left = DAY - time.time() % DAY
    if left < A_TEST:
        time.sleep(left + 1)


@pytest.fixture
def clean_cache(db: None) -> Iterator[None]:
    """Start and end with no counted requests."""
    cache.clear()
    yield
    cache.clear()


@pytest.fixture
def mailbox(settings: Settings) -> Mailbox:
    """Queue mail as in production; ``mailbox.newest()`` sends what waits and reads it."""
    settings.EMAIL_BACKEND = "accounts.mail.QueuedEmailBackend"
    settings.MAIL_DELIVERY = {"backend": "locmem.EmailBackend"}
    return Mailbox()
