"""Fixtures of the tests that drive a real Chromium against the running site.

Every test here gets the marker ``browser``. A page may load nothing from elsewhere, break no
Content-Security-Policy and raise no script error: ``page`` fails the test otherwise.
"""

import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from scripts.browser import ARGUMENTS, chromium
from tests.browser.checks import watch
from tests.mailbox import Mailbox

# Playwright's loop lives in the thread of the tests for the whole session.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

WAIT = 60  # seconds until a test fails that would hang; a busy machine may need many
expect.set_options(timeout=1000 * WAIT)

PHONE: ViewportSize = {"width": 320, "height": 640}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what lives in this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Start the machine's own Chromium; without one scripts/pytest_browser.py has skipped."""
    return {
        **browser_type_launch_args,
        "executable_path": str(chromium()),
        "args": list(ARGUMENTS),
    }


@pytest.fixture(scope="session", autouse=True)
def _nothing_collected() -> Iterator[None]:
    """Serve the static files from where they are; the server starts before a test's settings."""
    with override_settings(STATIC_ROOT=settings.BASE_DIR / "static"):
        yield


@pytest.fixture(scope="session")
def base_url(live_server: LiveServer) -> str:
    """Let ``page.goto("/search/")`` mean the running site."""
    return str(live_server.url)


@pytest.fixture(scope="session")
def _under_way() -> Iterator[set[int]]:
    """Give the threads in which the running site answers a request now."""
    threads: set[int] = set()

    def started(**_: object) -> None:
        if threading.current_thread() is not threading.main_thread():  # not the client of a test
            threads.add(threading.get_ident())

    def finished(**_: object) -> None:
        threads.discard(threading.get_ident())

    request_started.connect(started)
    request_finished.connect(finished)
    yield threads
    request_started.disconnect(started)
    request_finished.disconnect(finished)


@pytest.fixture
def site(
    live_server: LiveServer, mailbox: Mailbox, clean_cache: None, _under_way: set[int]
) -> Iterator[str]:
    """Return the address of the running site, without a slash at the end; mails link to it.

    Its end waits for what is asked still: the tables are emptied then, and the next test begins.
    """
    with override_settings(SITE_URL=live_server.url):
        yield str(live_server.url)
        deadline = time.monotonic() + WAIT
        while _under_way:
            assert time.monotonic() < deadline, "a request is not answered"
            time.sleep(0.01)


@pytest.fixture
def page(site: str, context: BrowserContext) -> Iterator[Page]:
    """Return a page whose faults fail the test at its end."""
    page = context.new_page()
    faults: list[str] = []
    watch(page, site, faults)
    yield page
    assert not faults, "\n".join(faults)


@pytest.fixture
def phone(browser: Browser, site: str) -> Iterator[Page]:
    """Return a page as narrow as the site supports: 320 px."""
    faults: list[str] = []
    context = browser.new_context(viewport=PHONE, base_url=site)
    page = context.new_page()
    watch(page, site, faults)
    yield page
    context.close()
    assert not faults, "\n".join(faults)


@pytest.fixture
def no_script(browser: Browser, site: str) -> Iterator[Page]:
    """Return a page of a browser without JavaScript."""
    context = browser.new_context(java_script_enabled=False, base_url=site)
    yield context.new_page()
    context.close()
