"""API tokens: made once, shown once, listed, deleted, and of nobody else."""

import hashlib
import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import ApiToken, User
from accounts.tokens import MOST_TOKENS, issue, owner
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
URL = "/account/tokens/"
PASSWORD = "correct horse"  # of the factories


@pytest.fixture
def own(client: Client, user: User) -> Client:
    """Return a client that has just logged in through the form."""
    client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
    asked = client.get(URL)["Location"]
    client.post(asked, {"password": PASSWORD})
    return client


def test_it_is_made_and_shown_once(own: Client, user: User) -> None:
    html = own.post(URL, {"name": "billing script"}).content.decode()
    shown = re.search(r'value="(cp_[\w-]{43})"', html)
    assert shown
    assert owner(shown[1]) == user
    token = ApiToken.objects.get()
    assert (token.name, token.last_used_on) == ("billing script", timezone.localdate())
    again = own.get(URL).content.decode()
    assert "billing script" in again
    assert shown[1] not in again


def test_the_password_is_asked_for_first(client: Client, user: User) -> None:
    client.force_login(user)
    for response in (client.get(URL), client.post(URL, {"name": "x"})):
        assert response["Location"].startswith("/accounts/reauthenticate/")
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("name", "says"), [("", "required"), ("x" * 61, "60 characters"), ("taken", "another name")]
)
def test_a_bad_name_makes_nothing(own: Client, user: User, name: str, says: str) -> None:
    issue(user=user, name="taken")
    response = own.post(URL, {"name": name})
    assert response.status_code == 400
    assert says in response.content.decode()
    assert ApiToken.objects.count() == 1


def test_there_is_a_most(own: Client, user: User) -> None:
    for number in range(MOST_TOKENS):
        issue(user=user, name=f"number {number}")
    response = own.post(URL, {"name": "one more"})
    assert response.status_code == 400
    assert "Delete one that you no longer need" in response.content.decode()
    assert ApiToken.objects.count() == MOST_TOKENS


def test_deleting_asks_first_and_ends_it(own: Client, user: User) -> None:
    token = issue(user=user, name="old")
    url = f"{URL}{ApiToken.objects.get().pk}/delete/"
    assert "old" in own.get(url).content.decode()
    assert owner(token) == user
    response = own.post(url, follow=True)
    assert "It no longer works." in response.content.decode()
    assert owner(token) is None


def test_nobody_elses_token(own: Client) -> None:
    issue(user=factories.user(), name="theirs")
    url = f"{URL}{ApiToken.objects.get().pk}/delete/"
    assert own.get(url).status_code == own.post(url).status_code == 404
    assert ApiToken.objects.count() == 1
    assert "theirs" not in own.get(URL).content.decode()


def test_a_missing_token(own: Client) -> None:
    assert own.post(f"{URL}999999/delete/").status_code == 404


def test_strangers_are_asked_to_log_in(client: Client) -> None:
    for url in (URL, f"{URL}1/delete/"):
        assert client.get(url)["Location"] == f"/accounts/login/?next={url}"


def test_other_methods(own: Client) -> None:
    assert own.put(URL).status_code == own.put(f"{URL}1/delete/").status_code == 405


def test_a_closed_account_has_no_token(user: User) -> None:
    token = issue(user=user, name="x")
    User.objects.update(is_active=False)
    assert owner(token) is None


def test_the_database_holds_only_a_hash(user: User) -> None:
    token = issue(user=user, name="x")
    assert ApiToken.objects.get().digest == hashlib.sha256(token.encode()).hexdigest()


@pytest.mark.parametrize(
    ("changed", "constraint"),
    [
        ({"name": " "}, "apitoken_has_a_name"),
        ({"digest": "x" * 64}, "apitoken_digest_is_hex"),
        ({"name": "taken"}, "apitoken_name_once"),
        ({"digest": "a" * 64}, "accounts_apitoken_digest"),
    ],
)
def test_constraints(user: User, changed: dict[str, str], constraint: str) -> None:
    ApiToken.objects.create(user=user, name="taken", digest="a" * 64)
    values = {"user": user, "name": "new", "digest": "b" * 64} | changed
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        ApiToken.objects.create(**values)


def test_query_count(
    own: Client, user: User, settings: Settings, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    settings.RATELIMIT_ENABLE = False
    for number in range(20):
        with django_assert_num_queries(6):  # session, user, three of allauth, tokens
            assert own.get(URL).status_code == 200
        if number in (0, 18):
            issue(user=user, name=f"number {number}")


def test_use_is_noted_once_a_day(
    user: User, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    token = issue(user=user, name="x")
    with django_assert_num_queries(2):
        owner(token)
    with django_assert_num_queries(1):
        owner(token)
