"""Who reads and who writes in the tests of codes, and what there is to write about."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection
from django.test import Client

from accounts.models import User
from codes.authored_texts import AuthoredText
from tests import factories
from tests.codes.admin_tools import draft, signed_in
from tests.codes.import_tools import edition


@pytest.fixture
def round_keys(db: None) -> None:
    """Let the primary keys of this test begin at a million, so that none looks like a code.

    After a test that imports 98,000 codes they would begin there. It is undone with the test.
    """
    with connection.cursor() as cursor:
        cursor.execute("""
            DO $$ DECLARE sequence text; BEGIN
                FOR sequence IN SELECT format('%I', sequencename) FROM pg_sequences
                    WHERE schemaname = current_schema() AND max_value > 1000000
                LOOP EXECUTE 'ALTER SEQUENCE ' || sequence || ' RESTART WITH 1000000'; END LOOP;
            END $$
        """)


@pytest.fixture
def member(client: Client) -> Client:
    """Return a client of a registered user, whose views are counted."""
    client.force_login(factories.user())
    return client


@pytest.fixture
def admin() -> Client:
    """Return a client of anna@example.org, who has every permission."""
    return signed_in(factories.staff("anna@example.org"))


@pytest.fixture
def owner(db: None) -> User:
    """Return who has the lists."""
    return factories.user("coder@example.org")


@pytest.fixture
def own(client: Client, owner: User) -> Client:
    """Return a client of the owner."""
    client.force_login(owner)
    return client


@pytest.fixture
def text() -> AuthoredText:
    """Return a draft."""
    return draft()


@pytest.fixture
def variant(tmp_path: Path) -> Callable[..., list[str]]:
    """Return an edition with texts replaced in its tabular list and in its list of codes."""

    def make(number: int, *replaced: tuple[str, str]) -> list[str]:
        folder = tmp_path / str(len(list(tmp_path.iterdir())))
        folder.mkdir()
        paths = [Path(shutil.copy(name, folder)) for name in edition(number)]
        for path in paths:
            text = path.read_text(encoding="utf-8-sig")
            for old, new in replaced:
                text = text.replace(old, new)
            path.write_text(text, encoding="utf-8")
        return [str(path) for path in paths]

    return make
