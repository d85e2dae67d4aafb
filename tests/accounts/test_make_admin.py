"""``make_admin``: one account, one password, shown once and good for one login."""

import re
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db


def make_admin(**options: str) -> str:
    """Run the command and return what it says."""
    said = StringIO()
    call_command("make_admin", stdout=said, **options)
    return said.getvalue()


def password_in(said: str) -> str:
    """Return the password that was printed."""
    found = re.search(r"^One-time password: (\S+)$", said, re.M)
    assert found
    return found[1]


def test_makes_an_admin_with_a_confirmed_address() -> None:
    said = make_admin()

    admin = User.objects.get()
    assert "Admin: admin@casepilot.localhost" in said
    assert admin.email == "admin@casepilot.localhost"
    assert admin.is_staff
    assert admin.is_superuser
    assert admin.check_password(password_in(said))
    assert admin.emailaddress_set.get().verified  # type: ignore[attr-defined]  # allauth's


def test_the_password_works_for_one_login() -> None:
    form = {"login": "admin@casepilot.localhost", "password": password_in(make_admin())}
    first, second = Client(), Client()

    answer = first.post("/accounts/login/", form | {"next": "/admin/"})

    assert answer["Location"] == "/accounts/password/set/?next=%2Fadmin%2F"
    assert first.get(answer["Location"]).status_code == 200
    second.post("/accounts/login/", form)
    assert "_auth_user_id" not in second.session


def test_the_admins_own_password_lasts() -> None:
    form = {"login": "admin@casepilot.localhost", "password": password_in(make_admin())}
    client = Client()
    client.post("/accounts/login/", form)
    new = {"password1": "another long phrase", "password2": "another long phrase"}

    answer = client.post("/accounts/password/set/?next=/admin/", new | {"next": "/admin/"})

    assert answer["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
    for _ in range(2):
        other = Client()
        answer = other.post("/accounts/login/", form | {"password": "another long phrase"})
        assert answer["Location"] == "/account/"


def test_a_password_set_on_the_command_line_lasts() -> None:
    make_admin()
    admin = User.objects.get()
    admin.set_password("another long phrase")
    admin.save()

    for _ in range(2):
        answer = Client().post(
            "/accounts/login/", {"login": admin.email, "password": "another long phrase"}
        )
        assert answer["Location"] == "/account/"


def test_a_second_run_changes_nothing_and_helps() -> None:
    make_admin()
    before = User.objects.values().get()

    said = make_admin(email="other@example.org")

    assert User.objects.values().get() == before
    assert "An admin exists: admin@casepilot.localhost" in said
    assert "manage.py changepassword admin@casepilot.localhost" in said
    assert "password:" not in said.replace("New password:", "")


def test_another_address_can_be_chosen() -> None:
    assert "Admin: chief@example.org" in make_admin(email="chief@example.org")


@pytest.mark.parametrize("email", ["nonsense", "", "a@b@c"])
def test_an_address_that_is_none_is_refused(email: str) -> None:
    with pytest.raises(CommandError, match="not an e-mail address"):
        make_admin(email=email)
    assert not User.objects.exists()


def test_a_coder_is_not_made_an_admin_by_the_way() -> None:
    factories.user("coder@example.org")

    with pytest.raises(CommandError, match="has an account"):
        make_admin(email="Coder@Example.org")
    assert not User.objects.filter(is_superuser=True).exists()
