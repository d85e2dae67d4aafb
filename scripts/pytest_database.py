"""A pytest plugin: settings for the tests, and a temporary PostgreSQL unless one is named.

It must run before the settings are read, so pyproject.toml loads it with ``-p``. With
``DATABASE_URL`` set, that server is used; its user must be allowed to create a database. Workers
of pytest-xdist inherit the address and start nothing.
"""

import contextlib
import os
from collections.abc import Generator

import pytest

from scripts import localdb
from scripts.problem import Problem

# What the tests rely on, whatever the machine's environment says.
SETTINGS = {
    "SECRET_KEY": "only-for-tests-" * 4,
    "SITE_URL": "http://127.0.0.1:8000",
    "EMAIL_URL": "smtp://127.0.0.1:2525",
}
OTHERS = ("CASEPILOT_DEMO", "DEBUG", "ALLOWED_HOSTS", "TRUSTED_PROXIES", "REDIS_URL", "LOG_LEVEL")
# Runs that open no database.
WITHOUT = ("--version", "-V", "--help", "-h", "--markers", "--fixtures")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, args: list[str]
) -> Generator[None, None, None]:
    """Set the environment before pytest-django imports the settings."""
    for name in OTHERS:
        os.environ.pop(name, None)
    os.environ.update(SETTINGS)
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _server(early_config, args)
    yield


def _server(config: pytest.Config, args: list[str]) -> str:
    if any(arg in WITHOUT for arg in args):
        return "postgresql:///none"
    server = contextlib.ExitStack()
    config.add_cleanup(server.close)
    try:
        return server.enter_context(localdb.temporary())
    except Problem as problem:
        raise pytest.UsageError(str(problem)) from problem
