"""Who reads and who writes in the tests of codes, and what there is to write about."""

import pytest
from django.test import Client

from accounts.models import User
from codes.authored_texts import AuthoredText
from tests import factories
from tests.codes.admin_tools import draft, signed_in


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
