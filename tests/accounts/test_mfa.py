"""Two-factor login: authenticator app, recovery codes, passkeys; the browser part is elsewhere."""

import re

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from tests import factories
from tests.mailbox import Mailbox
from tests.totp import code_of

pytestmark = pytest.mark.django_db

LOGIN = {"login": "coder@example.org", "password": "correct horse"}


@pytest.fixture
def coder(client: Client) -> User:
    """Return a user who is logged in and has just typed the password again."""
    user = factories.user("coder@example.org")
    client.post("/accounts/login/", LOGIN)
    client.post("/accounts/reauthenticate/", {"password": "correct horse"})
    return user


def activate(client: Client) -> tuple[str, list[str]]:
    """Set up an authenticator app; return its key and the recovery codes."""
    page = client.get("/accounts/2fa/totp/activate/").content.decode()
    found = re.search(r"<code>([A-Z2-7]+)</code>", page)
    assert found
    client.post("/accounts/2fa/totp/activate/", {"code": code_of(found[1])})
    codes = client.get("/accounts/2fa/recovery-codes/").content.decode()
    return found[1], re.findall(r"^(?:<pre>)?(\d{8})$", codes.partition("<p>10 of 10")[2], re.M)


def test_the_page_says_what_is_on(client: Client, coder: User) -> None:
    page = client.get("/accounts/2fa/").content

    assert page.count(b'<span class="badge">Off</span>') == 2


def test_the_key_is_shown_as_a_picture_too(client: Client, coder: User) -> None:
    page = client.get("/accounts/2fa/totp/activate/").content

    assert b'src="data:image/svg+xml;base64,' in page


def test_it_needs_the_password_again(client: Client) -> None:
    client.force_login(factories.user("coder@example.org"))

    response = client.get("/accounts/2fa/totp/activate/")

    assert response["Location"].startswith("/accounts/reauthenticate/")


@pytest.mark.django_db(transaction=True)  # allauth sends these mails after the commit
def test_the_owner_is_told_of_the_app(client: Client, coder: User, mailbox: Mailbox) -> None:
    activate(client)

    assert mailbox.newest().subject == "An authenticator app was added to your CasePilot account"


def test_the_login_asks_for_the_second_factor(client: Client, coder: User) -> None:
    _, codes = activate(client)
    assert len(codes) == 10

    other = Client()
    assert other.post("/accounts/login/", LOGIN)["Location"] == "/accounts/2fa/authenticate/"
    assert "_auth_user_id" not in other.session
    assert b"Second step" in other.get("/accounts/2fa/authenticate/").content
    assert b"Incorrect code." in other.post("/accounts/2fa/authenticate/", {"code": "1"}).content
    answer = other.post("/accounts/2fa/authenticate/", {"code": codes[0]})

    assert answer["Location"] == "/account/"
    assert other.session["_auth_user_id"] == str(coder.pk)


def test_a_recovery_code_works_once(client: Client, coder: User) -> None:
    _, codes = activate(client)
    for expected in (302, 200):
        other = Client()
        other.post("/accounts/login/", LOGIN)
        answer = other.post("/accounts/2fa/authenticate/", {"code": codes[0]})
        assert answer.status_code == expected


def test_a_code_of_the_app_works_once(client: Client, coder: User) -> None:
    key, _ = activate(client)
    code = code_of(key)
    for expected in (302, 200):
        other = Client()
        other.post("/accounts/login/", LOGIN)
        answer = other.post("/accounts/2fa/authenticate/", {"code": code})
        assert answer.status_code == expected


def test_guessing_codes_is_stopped(client: Client, coder: User, clean_cache: None) -> None:
    _, codes = activate(client)
    other = Client()
    other.post("/accounts/login/", LOGIN)
    for _ in range(5):
        other.post("/accounts/2fa/authenticate/", {"code": "00000000"})

    answer = other.post("/accounts/2fa/authenticate/", {"code": codes[0]})

    assert answer.status_code == 200
    assert "_auth_user_id" not in other.session


def test_the_admin_is_behind_the_second_factor_too(client: Client, coder: User) -> None:
    coder.is_staff = coder.is_superuser = True
    coder.save()
    _, codes = activate(client)
    other = Client()

    where = other.post("/accounts/login/", LOGIN | {"next": "/admin/"})["Location"]
    assert where == "/accounts/2fa/authenticate/"
    assert other.get("/admin/").status_code == 302
    answer = other.post("/accounts/2fa/authenticate/", {"code": codes[0]})

    assert answer["Location"] == "/admin/"
    assert other.get("/admin/").status_code == 200


def test_the_app_can_be_turned_off(client: Client, coder: User, mailbox: Mailbox) -> None:
    activate(client)
    assert b"Turn off" in client.get("/accounts/2fa/totp/deactivate/").content

    client.post("/accounts/2fa/totp/deactivate/")

    assert not Authenticator.objects.filter(type=Authenticator.Type.TOTP).exists()
    assert Client().post("/accounts/login/", LOGIN)["Location"] == "/account/"


def test_recovery_codes_are_made_anew_and_downloaded(client: Client, coder: User) -> None:
    _, old = activate(client)
    assert b"The 10 that you have stop working." in (
        client.get("/accounts/2fa/recovery-codes/generate/").content
    )
    client.post("/accounts/2fa/recovery-codes/generate/")

    download = client.get("/accounts/2fa/recovery-codes/download/")

    assert download["Content-Disposition"] == 'attachment; filename="recovery-codes.txt"'
    new = download.content.decode().split()
    assert len(new) == 10
    assert not set(new) & set(old)


def test_passkeys_are_offered_under_the_sites_name(
    client: Client, coder: User, settings: Settings
) -> None:
    settings.SITE_NAME = "Our clinic"

    page = client.get("/accounts/2fa/webauthn/add/").content.decode()

    assert '"name": "Our clinic"' in page
    assert 'value="Passkey 1"' in page


@pytest.mark.parametrize("action", ["edit", "remove"])
def test_the_keys_of_others_do_not_exist(client: Client, coder: User, action: str) -> None:
    other = factories.user()
    key = Authenticator.objects.create(
        user=other, type=Authenticator.Type.WEBAUTHN, data={"name": "Theirs"}
    )

    assert client.get(f"/accounts/2fa/webauthn/keys/{key.pk}/{action}/").status_code == 404


def test_an_unknown_passkey_is_refused(client: Client) -> None:
    response = client.post("/accounts/2fa/webauthn/login/", {"credential": "{}"})

    assert response["Location"] == "/accounts/login/"
    assert "_auth_user_id" not in client.session
