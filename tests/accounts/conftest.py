"""Whose account the tests look at."""

import pytest
from django.test import Client

from accounts.models import User
from tests import factories


@pytest.fixture
def user(db: None) -> User:
    return factories.user("coder@example.org")


@pytest.fixture
def own(client: Client, user: User) -> Client:
    """Return a client of that user."""
    client.force_login(user)
    return client
