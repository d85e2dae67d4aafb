"""A pytest plugin: browser tests need a Chromium, and say so where there is none."""

import os

import pytest

from scripts.browser import MISSING, chromium


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests marked ``browser`` without a Chromium; with ``REQUIRE_BROWSER=1`` refuse."""
    driven = [item for item in items if item.get_closest_marker("browser")]
    if not driven or chromium():
        return
    if os.environ.get("REQUIRE_BROWSER") == "1":
        raise pytest.UsageError(f"REQUIRE_BROWSER=1, but there is {MISSING}")
    for item in driven:
        item.add_marker(pytest.mark.skip(reason=MISSING))
