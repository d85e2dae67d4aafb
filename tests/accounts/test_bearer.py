"""A token names its owner on views for programs, and nowhere else."""

import pytest
from django.test import Client

from accounts.models import User, ViewGrant
from accounts.tokens import issue
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]
LOOKUP = "/fhir/CodeSystem/$lookup?system=http://hl7.org/fhir/sid/icd-10-cm&code=J96.01"


@pytest.fixture
def user() -> User:
    factories.code("J96.01", of=factories.system("icd-10-cm"))
    return factories.user()


@pytest.mark.parametrize(
    "header", ["Bearer cp_wrong", "Bearer ", "Bearer", "Basic YTpi", "nonsense", "Bearer \x00"]
)
def test_what_is_no_token_is_refused(client: Client, user: User, header: str) -> None:
    response = client.get(LOOKUP, headers={"Authorization": header})
    assert response.status_code == 401
    assert response["WWW-Authenticate"] == 'Bearer error="invalid_token"'
    assert response["Content-Type"] == "application/problem+json"


def test_the_scheme_in_any_capitals(client: Client, user: User) -> None:
    token = issue(user=user, name="x")
    assert client.get(LOOKUP, headers={"Authorization": f"bEARER  {token}"}).status_code == 200
    assert ViewGrant.objects.filter(user=user).count() == 1


def test_a_token_opens_no_page_for_people(client: Client, user: User) -> None:
    token = issue(user=user, name="x")
    response = client.get("/account/", headers={"Authorization": f"Bearer {token}"})
    assert response["Location"] == "/accounts/login/?next=/account/"


def test_a_session_is_nobody_to_programs(client: Client, user: User) -> None:
    client.force_login(user)
    assert client.get(LOOKUP).status_code == 200
    assert not ViewGrant.objects.exists()


def test_each_user_has_a_meter_of_their_own(client: Client, user: User) -> None:
    other = factories.user()
    for one in (user, other):
        client.get(LOOKUP, headers={"Authorization": f"Bearer {issue(user=one, name='x')}"})
    assert [grant.user_id for grant in ViewGrant.objects.order_by("pk")] == [user.pk, other.pk]
