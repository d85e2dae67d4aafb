"""Logging in and out, what is counted against guessing, and the way into the admin."""

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.core.signing import Signer
from django.test import Client

from accounts import quota, viewer
from accounts.models import User, ViewGrant
from tests import factories

pytestmark = pytest.mark.django_db

URL = "/accounts/login/"


@pytest.fixture
def coder() -> User:
    return factories.user("coder@example.org")


def log_in(client: Client, password: str = "correct horse", **form: str) -> str:
    """Post the form; return where it leads, or nothing."""
    data = {"login": "coder@example.org", "password": password} | form
    return client.post(URL, data).headers.get("Location", "")


def test_the_page_works(client: Client) -> None:
    response = client.get(URL)

    assert response.status_code == 200
    assert b"Log in with a passkey" in response.content


def test_leads_to_the_account(client: Client, coder: User) -> None:
    assert log_in(client) == "/account/"
    assert client.session["_auth_user_id"] == str(coder.pk)


def test_leads_back_to_where_the_visitor_was(client: Client, coder: User) -> None:
    assert log_in(client, next="/search/?q=ecmo&page=2") == "/search/?q=ecmo&page=2"


@pytest.mark.parametrize("target", ["https://example.com/", "//example.com", "javascript:alert(1)"])
def test_never_leads_elsewhere(client: Client, coder: User, target: str) -> None:
    assert log_in(client, next=target) == "/account/"


def test_the_registration_link_keeps_the_way_back(client: Client) -> None:
    content = client.get(f"{URL}?next=/codes/cpt/33948/").content.decode()

    assert 'href="/accounts/signup/?next=%2Fcodes%2Fcpt%2F33948%2F"' in content


def test_wrong_password_and_unknown_address_read_the_same(client: Client, coder: User) -> None:
    answers = [
        client.post(URL, {"login": "coder@example.org", "password": "wrong horse"}),
        client.post(URL, {"login": "nobody@example.org", "password": "wrong horse"}),
    ]

    for answer in answers:
        assert b"The email address and/or password you specified are not correct." in answer.content
    assert "_auth_user_id" not in client.session


def test_an_unknown_address_costs_a_hash_too(client: Client) -> None:
    # allauth hashes the password in vain; this notices if it ever stops.
    hashed: list[object] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(User, "set_password", lambda self, raw: hashed.append(raw))
        client.post(URL, {"login": "nobody@example.org", "password": "wrong horse"})

    assert hashed == ["wrong horse"]


def test_capitals_in_the_address_do_not_matter(client: Client, coder: User) -> None:
    assert log_in(client, login="Coder@Example.org") == "/account/"


def test_a_closed_account_is_told_so(client: Client, coder: User) -> None:
    coder.is_active = False
    coder.save()

    assert log_in(client) == "/accounts/inactive/"
    assert b"This account is closed" in client.get("/accounts/inactive/").content
    assert "_auth_user_id" not in client.session


def test_an_unconfirmed_address_is_sent_a_code(client: Client, coder: User) -> None:
    coder.emailaddress_set.update(verified=False)  # type: ignore[attr-defined]  # allauth's

    assert log_in(client) == "/accounts/confirm-email/"
    assert "_auth_user_id" not in client.session


def test_guessing_is_stopped_after_five_times(
    client: Client, coder: User, clean_cache: None
) -> None:
    for _ in range(5):
        log_in(client, password="wrong horse")

    answer = client.post(URL, {"login": "coder@example.org", "password": "correct horse"})

    assert b"Too many failed login attempts. Try again later." in answer.content


def test_a_network_of_ipv6_counts_as_one_client(client: Client, clean_cache: None) -> None:
    for number in range(30):
        client.post(URL, {}, REMOTE_ADDR=f"2001:db8::{number + 1:x}")

    assert client.post(URL, {}, REMOTE_ADDR="2001:db8::ffff").status_code == 429
    assert client.post(URL, {}, REMOTE_ADDR="2001:db8:0:1::1").status_code == 200


def test_mapped_ipv4_clients_are_not_one_network(client: Client, clean_cache: None) -> None:
    for _ in range(30):
        client.post(URL, {}, REMOTE_ADDR="::ffff:192.0.2.1")

    assert client.post(URL, {}, REMOTE_ADDR="192.0.2.1").status_code == 429
    assert client.post(URL, {}, REMOTE_ADDR="::ffff:192.0.2.2").status_code == 200


def test_a_client_without_an_address_can_log_in(client: Client, coder: User) -> None:
    response = client.post(
        URL, {"login": "coder@example.org", "password": "correct horse"}, REMOTE_ADDR=""
    )

    assert response["Location"] == "/account/"


def test_the_guests_views_become_the_users(client: Client, coder: User) -> None:
    code, token = factories.code("33948"), viewer.new_token()
    signer = Signer(salt="accounts.viewer.guest")
    client.cookies[settings.GUEST_COOKIE_NAME] = signer.sign(token)
    period = quota.current_period().key
    ViewGrant.objects.create(viewer=viewer.guest_key(token), period=period, code=code)

    log_in(client)

    assert ViewGrant.objects.get(user=coder).code == code
    assert client.cookies[settings.GUEST_COOKIE_NAME].value == signer.sign(token)


def test_logging_out_asks_first(client: Client, coder: User) -> None:
    client.force_login(coder)

    assert client.get("/accounts/logout/").status_code == 200
    assert "_auth_user_id" in client.session
    assert client.post("/accounts/logout/")["Location"] == "/"
    assert "_auth_user_id" not in client.session


def test_sessions_are_listed_and_ended(client: Client, coder: User) -> None:
    other = Client(HTTP_USER_AGENT="Old laptop")
    log_in(other)
    log_in(client)

    html = client.get("/accounts/sessions/").content.decode()
    assert "Old laptop" in html
    assert "keeps the network address" in html
    client.post("/accounts/sessions/")

    assert not Session.objects.filter(session_key=other.session.session_key).exists()
    assert client.get("/account/").status_code == 200


def test_the_admin_asks_for_the_sites_login(client: Client) -> None:
    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1][0] == "/accounts/login/?next=%2Fadmin%2F"


def test_the_admins_own_login_form_is_closed(client: Client) -> None:
    factories.staff("admin@example.org")

    client.post("/admin/login/", {"username": "admin@example.org", "password": "correct horse"})

    assert "_auth_user_id" not in client.session


def test_the_admin_is_closed_to_coders(client: Client, coder: User) -> None:
    client.force_login(coder)

    assert client.get("/admin/", follow=True).status_code == 403


def test_staff_come_back_to_the_admin(client: Client) -> None:
    factories.staff("admin@example.org")
    form = {"login": "admin@example.org", "password": "correct horse", "next": "/admin/"}

    assert client.post(URL, form)["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200
