"""The meter over HTTP: who gets what, what is charged, and what the browser may keep."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts import quota
from accounts.models import Meter, ViewGrant
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.accounts.metered_urls")]

PAGE = "/codes/cpt/33948/"
OTHER = "/codes/cpt/99213/"


@pytest.fixture(autouse=True)
def _codes(db: None) -> None:
    factories.code("33948")
    factories.code("99213")


def read(client: Client, url: str = PAGE, **headers: str) -> dict[str, Any]:
    """Return what the meter left for a page, with headers such as ``sec_fetch_dest``."""
    response = client.get(url, headers={k.replace("_", "-"): v for k, v in headers.items()})
    assert response.status_code == 200
    values: dict[str, Any] = response.json()
    return values


def signed_in(**fields: Any) -> Client:
    client = Client()
    client.force_login(factories.user(**fields))
    return client


class TestGuest:
    """One view, and the network's allowance."""

    def test_the_first_page_is_described(self, client: Client) -> None:
        meter = read(client)
        assert meter["access"] == "described"
        assert (meter["used"], meter["limit"], meter["remaining"], meter["extra"]) == (1, 1, 0, 5)
        assert meter["is_guest"]
        assert meter["counts"]
        assert not meter["is_spent"]

    def test_the_second_is_spent(self, client: Client) -> None:
        read(client)
        meter = read(client, OTHER)
        assert meter["access"] == "lead"
        assert meter["is_spent"]
        assert not meter["network_spent"]
        assert ViewGrant.objects.count() == 1

    def test_the_same_again_is_free(self, client: Client) -> None:
        read(client)
        read(client, OTHER)
        assert read(client)["access"] == "described"
        assert Meter.objects.get(bucket__startswith="guest:").used == 1

    def test_it_costs_one_statement(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(2):  # without a cookie, and with one
            with django_assert_num_queries(1):
                read(client)

    def test_the_views_come_back_with_the_next_period(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, settings: Settings
    ) -> None:
        settings.TIME_ZONE = "America/Chicago"
        last = datetime(2026, 12, 1, 5, 59, 59, tzinfo=UTC)
        monkeypatch.setattr(timezone, "now", lambda: last)
        assert read(client)["resets_at"] == "2026-12-01T00:00:00-06:00"
        assert read(client, OTHER)["is_spent"]
        monkeypatch.setattr(timezone, "now", lambda: last.replace(hour=6, minute=0, second=0))
        assert read(client, OTHER)["access"] == "described"

    @pytest.mark.parametrize("period", ["day", "week", "month"])
    def test_the_period_is_a_setting(self, client: Client, settings: Settings, period: str) -> None:
        settings.METER_PERIOD = period
        read(client)
        assert len(ViewGrant.objects.get().period) == {"day": 10, "week": 8, "month": 7}[period]

    def test_an_unmetered_system_is_described_and_not_counted(self, client: Client) -> None:
        factories.system(is_metered=False)
        for url in (PAGE, OTHER):
            meter = read(client, url)
            assert meter["access"] == "described"
            assert not meter["counts"]
        assert not Meter.objects.exists()

    def test_an_unknown_code_is_not_counted(self, client: Client) -> None:
        meter = read(client, "/codes/cpt/nothing/")
        assert meter["access"] == "lead"
        assert not meter["counts"]
        assert not Meter.objects.exists()

    def test_a_limit_of_nothing(self, client: Client, settings: Settings) -> None:
        settings.GUEST_VIEW_LIMIT = 0
        assert read(client)["is_spent"]
        assert not Meter.objects.exists()

    def test_another_printed_form_is_not_counted(self, client: Client) -> None:
        factories.code("J96.01")
        assert not read(client, "/codes/cpt/j9601/")["counts"]


class TestNetworkAllowance:
    """Clearing cookies does not refill the meter for ever."""

    @pytest.fixture(autouse=True)
    def _two(self, settings: Settings) -> None:
        settings.NETWORK_VIEW_LIMIT = 2

    def view(self, address: str) -> dict[str, Any]:
        return read(Client(REMOTE_ADDR=address))

    def test_new_guests_share_it(self) -> None:
        assert [self.view("192.0.2.1")["access"] for _ in range(4)] == [
            "described",
            "described",
            "lead",
            "lead",
        ]
        assert self.view("192.0.2.1")["network_spent"]
        assert ViewGrant.objects.count() == 2
        assert self.view("192.0.2.2")["access"] == "described"

    def test_a_whole_ipv6_64_is_one_network(self) -> None:
        accesses = [self.view(f"2001:db8::{n}")["access"] for n in range(1, 4)]
        assert accesses == ["described", "described", "lead"]
        assert self.view("2001:db8:0:1::1")["access"] == "described"

    def test_mapped_addresses_are_not_one_network(self) -> None:
        accesses = [self.view(f"::ffff:192.0.2.{n}")["access"] for n in range(1, 5)]
        assert accesses == ["described"] * 4
        self.view("192.0.2.1")
        assert self.view("::ffff:192.0.2.1")["network_spent"]

    def test_a_user_does_not_need_it(self) -> None:
        for _ in range(3):
            self.view("127.0.0.1")
        assert read(signed_in())["access"] == "unlocked"
        assert Meter.objects.get(bucket__startswith="network:").used == 2

    def test_a_counted_page_stays_open(self) -> None:
        known = Client()
        read(known)
        for _ in range(3):
            self.view("127.0.0.1")
        assert read(known)["access"] == "described"


class TestUser:
    """Six views, or what an admin set."""

    def test_six_pages(self) -> None:
        client = signed_in()
        for number in range(7):
            factories.code(f"0000{number}")
        meters = [read(client, f"/codes/cpt/0000{number}/") for number in range(7)]
        assert [meter["access"] for meter in meters] == ["unlocked"] * 6 + ["lead"]
        assert [meter["remaining"] for meter in meters] == [5, 4, 3, 2, 1, 0, 0]
        assert meters[6]["is_spent"]
        assert meters[6]["extra"] == 0

    def test_it_costs_one_statement_beside_session_and_user(
        self, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = signed_in()
        with django_assert_num_queries(3):
            read(client)

    def test_another_limit(self) -> None:
        client = signed_in(view_limit=1)
        assert read(client)["access"] == "unlocked"
        assert read(client, OTHER)["is_spent"]

    def test_a_limit_lowered_below_what_was_used(self) -> None:
        user = factories.user()
        client = Client()
        client.force_login(user)
        read(client)
        read(client, OTHER)
        user.view_limit = 1
        user.save()
        factories.code("00001")
        meter = read(client, "/codes/cpt/00001/")
        assert (meter["used"], meter["limit"], meter["remaining"]) == (2, 1, 0)
        assert meter["is_spent"]
        assert read(client)["access"] == "unlocked"

    @pytest.mark.parametrize("fields", [{"unlimited_views": True}, {"is_staff": True}])
    def test_without_a_limit_nothing_is_counted(
        self, fields: dict[str, bool], django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client = signed_in(**fields)
        with django_assert_num_queries(2):
            meter = read(client)
        assert meter["access"] == "unlocked"
        assert not meter["counts"]
        assert not Meter.objects.exists()

    def test_an_unmetered_system_is_unlocked(self) -> None:
        factories.system(is_metered=False)
        assert read(signed_in())["access"] == "unlocked"

    def test_who_may_no_longer_sign_in_is_a_guest(self) -> None:
        assert read(signed_in(is_active=False))["is_guest"]


class TestWhichRequestsCount:
    """Opening a page counts; everything else does not."""

    def test_head(self, client: Client) -> None:
        assert client.head(PAGE).status_code == 200
        assert not ViewGrant.objects.exists()
        assert "guest" not in client.cookies

    def test_another_method(self, client: Client) -> None:
        client.post(PAGE)
        assert not ViewGrant.objects.exists()

    @pytest.mark.parametrize("use", ["empty", "image", "iframe", "frame", "embed", "script", ""])
    def test_not_a_page_of_its_own(self, client: Client, use: str) -> None:
        meter = read(client, sec_fetch_dest=use)
        assert meter["access"] == "lead"
        assert not meter["is_spent"]
        assert not ViewGrant.objects.exists()

    @pytest.mark.parametrize("use", ["empty", "iframe"])
    def test_nor_for_a_user(self, use: str) -> None:
        assert read(signed_in(), sec_fetch_dest=use)["access"] == "lead"
        assert read(signed_in(is_staff=True), sec_fetch_dest=use)["access"] == "lead"

    @pytest.mark.parametrize(
        ("name", "value"),
        [
            ("Sec-Purpose", "prefetch"),
            ("Sec-Purpose", "prefetch;prerender"),
            ("Sec-Purpose", "prefetch;anonymous-client-ip"),
            ("Purpose", "prefetch"),
            ("X-Moz", "prefetch"),
        ],
    )
    def test_loaded_in_advance_then_opened(self, client: Client, name: str, value: str) -> None:
        early = client.get(PAGE, headers={name: value, "Sec-Fetch-Dest": "document"})
        assert early.status_code == 403
        assert early["Cache-Control"] == "no-store"
        assert not Meter.objects.exists()
        assert read(client, sec_fetch_dest="document")["used"] == 1

    def test_opened(self, client: Client) -> None:
        assert read(client, sec_fetch_dest="document")["used"] == 1


class TestFailedPages:
    """Nobody is charged for a page that did not arrive."""

    @pytest.fixture
    def client(self) -> Client:
        return Client(raise_request_exception=False)

    @pytest.mark.parametrize(
        ("how", "status"),
        [("error", 500), ("database", 503), ("500", 500), ("503", 503), ("404", 404)],
    )
    def test_the_view_comes_back(self, client: Client, how: str, status: int) -> None:
        assert client.get(f"/failing/cpt/33948/?how={how}").status_code == status
        assert not ViewGrant.objects.exists()
        assert {meter.used for meter in Meter.objects.all()} == {0}
        assert read(client, OTHER)["access"] == "described"

    def test_a_redirect_is_no_page(self, client: Client) -> None:
        client.get("/failing/cpt/33948/?how=redirect")
        assert not ViewGrant.objects.exists()

    def test_a_page_the_browser_still_has_is_one(self, client: Client) -> None:
        client.get("/failing/cpt/33948/?how=304")
        assert ViewGrant.objects.count() == 1

    def test_what_was_counted_before_stays_counted(self, client: Client) -> None:
        read(client)
        client.get("/failing/cpt/33948/?how=error")
        assert ViewGrant.objects.count() == 1
        assert Meter.objects.get(bucket__startswith="guest:").used == 1

    def test_a_user_gets_it_back_too(self) -> None:
        client = signed_in()
        client.raise_request_exception = False
        client.get("/failing/cpt/33948/?how=error")
        assert Meter.objects.get().used == 0

    def test_a_database_that_stays_away_does_not_hide_the_answer(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(*args: object) -> None:
            raise OperationalError("away")

        monkeypatch.setattr(quota, "give_back", away)
        response = client.get("/failing/cpt/33948/?how=503")
        assert response.status_code == 503
        assert ViewGrant.objects.count() == 1  # and so the same page is free

    def test_without_the_database_nothing_is_shown(
        self, client: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def away(**kwargs: object) -> None:
            raise OperationalError("away")

        monkeypatch.setattr(quota, "charge", away)
        response = client.get(PAGE)
        assert response.status_code == 503
        assert response["Cache-Control"] == "no-store"
        assert response["Retry-After"]


class TestGuestCookie:
    """Set with the first page of any kind, so that all tabs share one meter."""

    def test_the_first_page_sets_it(self, client: Client) -> None:
        response = client.get("/html/")
        assert response.cookies["guest"]["httponly"]
        assert "private" in response["Cache-Control"]
        assert "Cookie" in response["Vary"]
        assert "guest" not in client.get("/html/").cookies

    def test_tabs_that_were_opened_from_it_share_one_meter(self, client: Client) -> None:
        client.get("/html/")
        cookie = client.cookies["guest"].value
        assert read(client)["used"] == 1
        assert client.cookies["guest"].value == cookie
        assert read(client, OTHER)["is_spent"]

    def test_a_code_page_sets_it_as_well(self, client: Client) -> None:
        read(client)
        assert "guest" in client.cookies

    def test_a_counted_view_renews_it_and_nothing_else_does(self, client: Client) -> None:
        client.get("/html/")
        assert "guest" in client.get(PAGE).cookies
        assert "guest" not in client.get(PAGE).cookies
        assert "guest" not in client.get(OTHER).cookies

    @pytest.mark.parametrize("status", [400, 404, 429])
    def test_an_error_page_is_a_page(self, client: Client, status: int) -> None:
        assert "guest" in client.get("/html/", {"status": status}).cookies

    @pytest.mark.parametrize(
        "url",
        [
            "/cacheable/",
            "/cacheable-by-age/",
            "/robots.txt",
            "/health/",
            "/static/css/tokens.css",
            "/html/?status=302",
            "/html/?status=500",
        ],
    )
    def test_what_sets_none(self, client: Client, url: str) -> None:
        response = client.get(url)
        response.close()  # a static file
        assert not response.cookies

    @pytest.mark.parametrize("header", [{"Sec-Fetch-Dest": "empty"}, {"Sec-Purpose": "prefetch"}])
    def test_requests_that_set_none(self, client: Client, header: dict[str, str]) -> None:
        assert not client.get("/html/", headers=header).cookies
        assert not client.head("/html/").cookies

    def test_a_user_gets_none(self) -> None:
        client = signed_in()
        assert "guest" not in client.get("/html/").cookies
        assert "guest" not in client.get(PAGE).cookies

    def test_a_forged_one_is_replaced(self, client: Client) -> None:
        client.cookies["guest"] = "forged:signature"
        assert read(client)["access"] == "described"
        assert client.cookies["guest"].value != "forged:signature"
        assert read(client, OTHER)["is_spent"]


class TestHeaders:
    """What browsers and proxies may keep."""

    @pytest.mark.parametrize("url", [PAGE, "/codes/cpt/nothing/", "/failing/cpt/33948/?how=404"])
    def test_a_metered_answer_is_the_viewers_own(self, client: Client, url: str) -> None:
        for _ in range(2):
            response = client.get(url)
            assert response["Cache-Control"] == "private, no-cache"
            vary = {name.strip() for name in response["Vary"].split(",")}
            assert {"Cookie", "Sec-Fetch-Dest", "Sec-Purpose"} <= vary

    def test_other_pages_are_left_as_they_are(self, client: Client) -> None:
        assert client.get("/cacheable/")["Cache-Control"] == "public, max-age=60"
        assert "Sec-Purpose" not in client.get("/html/")["Vary"]


class TestPurge:
    """What is kept of guests when their period is over: nothing."""

    def test_guests_of_ended_periods_are_forgotten(
        self, client: Client, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 11, 30, 12, tzinfo=UTC))
        user = signed_in()
        read(client)
        read(user)
        call_command("purge_views")
        assert "Deleted 0 rows." in capsys.readouterr().out
        monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 1, tzinfo=UTC))
        read(client)
        call_command("purge_views")
        assert "Deleted 3 rows." in capsys.readouterr().out
        kept = {(grant.user_id is None, grant.period) for grant in ViewGrant.objects.all()}
        assert kept == {(False, "2026-11"), (True, "2026-12")}
        assert sorted(Meter.objects.values_list("period", flat=True)) == [
            "2026-11",  # the user's
            "2026-12",
            "2026-12",
        ]
        assert read(client, OTHER)["is_spent"]
