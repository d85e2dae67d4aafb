"""A pytest plugin: settings for the tests, a temporary PostgreSQL unless one is named, clean ends.

It must run before the settings are read, so pyproject.toml loads it with ``-p``. With
``DATABASE_URL`` set, that server is used; its user must be allowed to create a database. Workers
of pytest-xdist inherit the address and start nothing.
"""

import contextlib
import os
import re
from collections.abc import Generator, Iterator
from pathlib import Path

import pytest

from scripts import localdb
from scripts.problem import Problem

ROOT = Path(__file__).resolve().parent.parent
# What the tests rely on, whatever the machine's environment says.
SETTINGS = {
    "SECRET_KEY": "only-for-tests-" * 4,
    "SITE_URL": "http://127.0.0.1:8000",
    "EMAIL_URL": "smtp://127.0.0.1:2525",
}
QUEUE = ("procrastinate_jobs", "procrastinate_periodic_defers", "procrastinate_workers")
OWN_SERVER = "CASEPILOT_TESTS_OWN_SERVER"
"""Set in the environment, so that the workers of pytest-xdist know it too."""
# Runs that open no database.
WITHOUT = ("--version", "-V", "--help", "-h", "--markers", "--fixtures")


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests(
    early_config: pytest.Config, args: list[str]
) -> Generator[None, None, None]:
    """Set the environment before pytest-django imports the settings."""
    for name in documented_settings() - {"DATABASE_URL"}:
        os.environ.pop(name, None)
    os.environ.update(SETTINGS)
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = _server(early_config, args)
    yield


@pytest.fixture(autouse=True)
def _no_jobs_left(request: pytest.FixtureRequest) -> Iterator[None]:
    """Empty the task queue after a test that commits.

    Django's flush leaves these tables alone, for their models are not Django's to manage.
    """
    yield
    mark = request.node.get_closest_marker("django_db")
    commits = {"live_server", "transactional_db"} & set(request.fixturenames)
    if commits or (mark and mark.kwargs.get("transaction")):
        with request.getfixturevalue("django_db_blocker").unblock():
            _empty_queue()


def _empty_queue() -> None:
    from django.db import connection  # the settings exist only now

    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(QUEUE)} CASCADE")
    # Beside Playwright's loop this connection is one that nothing else would ever close, and the
    # test database cannot be dropped while it is open.
    connection.close()


def documented_settings() -> set[str]:
    """Return the names of the variables that ``.env.example`` explains."""
    lines = (ROOT / ".env.example").read_text()
    return set(re.findall(r"^(?:# )?([A-Z][A-Z_]+)=", lines, re.MULTILINE))


def pytest_configure(config: pytest.Config) -> None:
    """Do not drop the test database when its whole server is thrown away."""
    if os.environ.get(OWN_SERVER) == os.environ["DATABASE_URL"]:
        config.option.reuse_db = True


def _server(config: pytest.Config, args: list[str]) -> str:
    if any(arg in WITHOUT for arg in args):
        return "postgresql:///none"
    server = contextlib.ExitStack()
    config.add_cleanup(server.close)
    try:
        url = server.enter_context(localdb.temporary())
    except Problem as problem:
        raise pytest.UsageError(str(problem)) from problem
    os.environ[OWN_SERVER] = url
    return url
