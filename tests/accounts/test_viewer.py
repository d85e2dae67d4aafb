"""Who is asking: cookies and networks of guests."""

import re

import pytest
from django.core.signing import Signer
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory
from pytest_django.fixtures import Settings

from accounts import viewer
from accounts.models import NetworkKey
from accounts.viewer import network_key  # the real one; conftest puts another in its place
from tests import factories

PERIOD = "2026-11"


def request(cookie: str | None = None) -> HttpRequest:
    made = RequestFactory().get("/")
    if cookie is not None:
        made.COOKIES["guest"] = cookie
    return made


def cookie_of(token: str) -> str:
    response = HttpResponse()
    viewer.set_cookie(response, token)
    return str(response.cookies["guest"].value)


class TestCookie:
    """What a guest's browser keeps."""

    def test_it_comes_back_as_it_was_set(self) -> None:
        token = viewer.new_token()
        assert viewer.guest_token(request(cookie_of(token))) == token

    def test_it_holds_128_random_bits(self) -> None:
        tokens = {viewer.new_token() for _ in range(100)}
        assert len(tokens) == 100
        assert all(re.fullmatch(r"[\w-]{22}", token) for token in tokens)

    @pytest.mark.parametrize("cookie", [None, "", ":", "a:b", "x" * 5000])
    def test_without_a_good_signature_there_is_no_guest(self, cookie: str | None) -> None:
        assert viewer.guest_token(request(cookie)) is None

    def test_a_changed_token_is_no_guest(self) -> None:
        cookie = cookie_of(viewer.new_token())
        changed = ("A" if cookie[0] != "A" else "B") + cookie[1:]
        assert viewer.guest_token(request(changed)) is None

    def test_a_signature_for_another_purpose_is_no_guest(self) -> None:
        assert viewer.guest_token(request(Signer(salt="other").sign("token"))) is None

    def test_its_attributes(self, settings: Settings) -> None:
        settings.GUEST_COOKIE_NAME, settings.GUEST_COOKIE_SECURE = "__Host-guest", True
        response = HttpResponse()
        viewer.set_cookie(response, "token")
        cookie = response.cookies["__Host-guest"]
        assert cookie["secure"]
        assert cookie["httponly"]
        assert cookie["samesite"] == "Lax"
        assert cookie["path"] == "/"
        assert cookie["domain"] == ""  # as __Host- demands
        assert cookie["max-age"] == 40 * 86400

    def test_the_server_keeps_only_a_keyed_hash(self, settings: Settings) -> None:
        key = viewer.guest_key("token")
        assert re.fullmatch(r"guest:[0-9a-f]{64}", key)
        assert key == viewer.guest_key("token")
        settings.SECRET_KEY = "another"
        assert key != viewer.guest_key("token")


class TestNetwork:
    """What the guests of one network share."""

    @pytest.mark.parametrize(
        ("one", "other", "same"),
        [
            ("192.0.2.1", "192.0.2.1", True),
            ("192.0.2.1", "192.0.2.2", False),
            ("2001:db8:0:1::1", "2001:db8:0:1:ffff:ffff:ffff:ffff", True),
            ("2001:db8:0:1::1", "2001:db8:0:2::1", False),
            ("::ffff:192.0.2.1", "192.0.2.1", True),
            ("::ffff:192.0.2.1", "::ffff:192.0.2.2", False),
            ("", "", True),
            ("", "192.0.2.1", False),
        ],
    )
    def test_which_addresses_share(self, one: str, other: str, same: bool) -> None:
        buckets = [viewer.network_bucket(address, PERIOD) for address in (one, other)]
        assert (buckets[0] == buckets[1]) is same

    def test_a_bucket_tells_nothing_of_the_address(self) -> None:
        assert re.fullmatch(r"network:[0-9a-f]{64}", viewer.network_bucket("192.0.2.1", PERIOD))

    def test_another_period_has_another_bucket(self) -> None:
        first = viewer.network_bucket("192.0.2.1", PERIOD)
        assert first != viewer.network_bucket("192.0.2.1", "2026-12")

    @pytest.mark.django_db
    def test_the_key_is_random_and_shared_by_all_processes(self) -> None:
        network_key.cache_clear()
        key = network_key(PERIOD)
        network_key.cache_clear()  # as another process
        assert network_key(PERIOD) == key == bytes(NetworkKey.objects.get().key)
        assert len(key) == 32
        assert network_key("2026-12") != key
        network_key.cache_clear()


@pytest.mark.django_db
class TestLimits:
    """How many views somebody has."""

    def test_a_guest(self, settings: Settings) -> None:
        settings.GUEST_VIEW_LIMIT, settings.NETWORK_VIEW_LIMIT = 2, 50
        guest = viewer.of_guest("token", "192.0.2.1", PERIOD)
        assert guest.limit == 2
        assert list(guest.quotas.values()) == [2, 50]
        assert guest.user_id is None

    def test_a_user_has_the_guests_views_and_more(self, settings: Settings) -> None:
        user = factories.user()
        assert viewer.of_user(user).limit == 6
        settings.GUEST_VIEW_LIMIT, settings.REGISTERED_EXTRA_VIEWS = 2, 10
        assert viewer.of_user(user).limit == 12
        assert viewer.of_user(user).quotas == {f"user:{user.pk}": 12}

    @pytest.mark.parametrize("limit", [0, 3, 100])
    def test_an_admin_can_set_another(self, limit: int) -> None:
        assert viewer.of_user(factories.user(view_limit=limit)).limit == limit

    def test_who_is_not_counted(self) -> None:
        assert not viewer.is_unlimited(factories.user())
        assert viewer.is_unlimited(factories.user(unlimited_views=True))
        assert viewer.is_unlimited(factories.staff())
