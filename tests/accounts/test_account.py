"""The account page, and how views move from a guest to an account."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts import actions, quota, viewer
from accounts.models import Meter, NetworkKey, User, ViewGrant
from codes.models import Code
from tests import factories
from tests.mailbox import Mailbox

pytestmark = pytest.mark.django_db
URL = "/account/"
PAGE = "/codes/cpt/33948/"
PASSWORD = "correct horse"  # of the factories


@pytest.fixture
def code() -> Code:
    return factories.code("33948")


def views_of(user: User, number: int, period: str = "") -> None:
    """Count that many views of new codes for a user."""
    key = viewer.user_key(user)
    for _ in range(number):
        printed = f"{ViewGrant.objects.count():05}"
        factories.code(printed)
        charged = quota.charge(
            viewer=key,
            user_id=user.pk,
            period=period or quota.current_period().key,
            system="cpt",
            code=printed,
            quotas={key: 1000},
        )
        assert charged.verdict == "granted"


def meter_of(user: User) -> tuple[int, int]:
    """Return how many grants and how many counted views the user has this period."""
    period = quota.current_period().key
    used = Meter.objects.filter(bucket=viewer.user_key(user), period=period)
    grants = user.view_grants.filter(period=period).count()
    return grants, used.values_list("used", flat=True).first() or 0


class TestPage:
    """The ledger."""

    def test_it_says_what_was_counted_and_what_is_left(self, own: Client, code: Code) -> None:
        own.get(PAGE)
        html = own.get(URL).content.decode()
        assert "5 code page views remaining" in html
        assert "1 of 6" in html
        assert f'href="{PAGE}"' in html
        assert f"{quota.current_period().ends:%Y}" in html

    def test_before_the_first_view(self, own: Client) -> None:
        html = own.get(URL).content.decode()
        assert "6 code page views remaining" in html
        assert "No code page has been counted yet." in html

    def test_when_they_come_back_is_said_in_the_sites_time(
        self, client: Client, user: User, settings: Settings, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        settings.TIME_ZONE = "Asia/Tokyo"
        now = datetime(2026, 11, 30, 14, 59, tzinfo=UTC)  # the last minute of November there
        monkeypatch.setattr(timezone, "now", lambda: now)
        client.force_login(user)  # now, for a session of another season has ended by then
        assert "1 December" in client.get(URL).content.decode()

    def test_without_a_limit(self, own: Client, user: User) -> None:
        user.unlimited_views = True
        user.save()
        assert "no limit" in own.get(URL).content.decode()

    def test_earlier_periods_stand_below(self, own: Client, user: User) -> None:
        views_of(user, 2, "2025-01")
        views_of(user, 1)
        ledger = own.get(URL).context["ledger"]
        assert [(period.label, len(grants)) for period, grants in ledger] == [
            (quota.current_period().label, 1),
            ("January 2025", 2),
        ]

    def test_a_system_that_is_off_shows_no_number(self, own: Client, user: User) -> None:
        views_of(user, 1)
        page = own.get(URL).content.decode()
        assert "/codes/cpt/00000/" in page
        assert "American Medical Association" in page
        factories.system("cpt", display_mode="off")
        page = own.get(URL).content.decode()
        assert "00000" not in page
        assert "Not shown on this site now" in page
        assert "American Medical Association" not in page

    def test_a_code_of_an_edition_that_was_left_has_no_link(self, own: Client, user: User) -> None:
        views_of(user, 1)
        Code.objects.update(is_shown=False)
        page = own.get(URL).content.decode()
        assert "/codes/cpt/00000/" not in page
        assert "not in the edition shown now" in page

    def test_only_the_own_views_are_shown(self, own: Client) -> None:
        views_of(factories.user(), 1)
        assert own.get(URL).context["ledger"] == []

    def test_a_long_history_has_pages(self, own: Client, user: User) -> None:
        views_of(user, 51)
        assert len(own.get(URL).context["page_obj"]) == 50
        assert len(own.get(URL, {"page": 2}).context["page_obj"]) == 1

    @pytest.mark.parametrize(
        ("page", "status"),
        [("", 200), ("1", 200), ("2", 404), ("9" * 4000, 404)]
        + [(page, 400) for page in ("0", "-1", "x", "²", "1e3", "9" * 5000)],
    )
    def test_there_is_no_such_page(self, own: Client, page: str, status: int) -> None:
        assert own.get(URL, {"page": page}).status_code == status

    @pytest.mark.parametrize("number", [1, 20])
    def test_query_count(
        self,
        own: Client,
        user: User,
        number: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        views_of(user, number)
        with django_assert_num_queries(5):  # session, user, and three of its own
            own.get(URL)

    def test_strangers_are_asked_to_log_in(self, client: Client) -> None:
        response = client.get(URL)
        assert response.status_code == 302
        assert response["Location"] == "/accounts/login/?next=/account/"

    def test_only_reading(self, own: Client) -> None:
        assert own.post(URL).status_code == 405

    def test_no_proxy_keeps_it(self, own: Client) -> None:
        assert "private" in own.get(URL)["Cache-Control"]


class TestGuestBecomesUser:
    """What was viewed as a guest is taken over; registering does not refill."""

    def register(self, client: Client, mailbox: Mailbox) -> User:
        email = "new@example.org"
        fields = {"email": email, "password1": "a long enough secret"}
        assert client.post("/accounts/signup/", fields).status_code == 302
        client.post("/accounts/confirm-email/", {"code": mailbox.newest().code})
        return User.objects.get(email=email)

    def test_registering_moves_the_view(
        self, client: Client, code: Code, mailbox: Mailbox, clean_cache: None
    ) -> None:
        client.get(PAGE)
        user = self.register(client, mailbox)
        assert meter_of(user) == (1, 1)
        assert "5 code page views remaining" in client.get(URL).content.decode()
        client.get(PAGE)
        assert meter_of(user) == (1, 1)

    def test_logging_out_afterwards_does_not_refill(
        self, client: Client, code: Code, mailbox: Mailbox, clean_cache: None
    ) -> None:
        factories.code("99213")
        client.get(PAGE)
        self.register(client, mailbox)
        cookie = client.cookies["guest"].value
        client.post("/accounts/logout/")
        assert "session" not in client.cookies or not client.cookies["session"].value
        response = client.get("/codes/cpt/99213/")
        assert response["X-Robots-Tag"] == "noindex"  # spent
        assert client.cookies["guest"].value == cookie
        assert client.get(PAGE).headers.get("X-Robots-Tag") is None

    def test_logging_in_moves_the_view(
        self, client: Client, code: Code, user: User, clean_cache: None
    ) -> None:
        client.get(PAGE)
        client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
        assert meter_of(user) == (1, 1)

    def test_without_a_cookie_nothing_moves(self, client: Client, user: User) -> None:
        client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})
        assert meter_of(user) == (0, 0)


class TestAdoption:
    """The statement behind it."""

    def view(self, key: str, code: Code, period: str = "", **fields: Any) -> None:
        charged = quota.charge(
            **{
                "viewer": key,
                "user_id": None,
                "period": period or quota.current_period().key,
                "system": "cpt",
                "code": code.display,
                "quotas": {key: 9},
            }
            | fields
        )
        assert charged.verdict == "granted"

    def test_it_is_done_once(
        self, user: User, code: Code, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        self.view("guest:a", code)
        with django_assert_num_queries(1):
            assert actions.adopt_guest_views(user=user, guest="guest:a") == 1
        assert actions.adopt_guest_views(user=user, guest="guest:a") == 0
        assert meter_of(user) == (1, 1)
        assert Meter.objects.get(bucket="guest:a").used == 1
        taken, left = user.view_grants.get(), ViewGrant.objects.get(viewer="guest:a")
        assert taken.granted_at == left.granted_at

    def test_what_the_user_has_counts_no_second_time(self, user: User, code: Code) -> None:
        key = viewer.user_key(user)
        self.view(key, code, user_id=user.pk)
        self.view("guest:a", code)
        assert actions.adopt_guest_views(user=user, guest="guest:a") == 0
        assert meter_of(user) == (1, 1)

    def test_it_adds_to_what_was_used(self, user: User, code: Code) -> None:
        views_of(user, 2)
        self.view("guest:a", code)
        assert actions.adopt_guest_views(user=user, guest="guest:a") == 1
        assert meter_of(user) == (3, 3)

    def test_the_quota_is_the_end(self, user: User, code: Code) -> None:
        views_of(user, 6)
        self.view("guest:a", code)
        actions.adopt_guest_views(user=user, guest="guest:a")
        assert meter_of(user) == (7, 6)

    @pytest.mark.parametrize("limit", [0, 1])
    def test_a_small_limit(self, user: User, code: Code, limit: int) -> None:
        user.view_limit = limit
        self.view("guest:a", code)
        self.view("guest:a", factories.code("99213"))
        actions.adopt_guest_views(user=user, guest="guest:a")
        assert meter_of(user) == (2, limit)

    def test_a_lowered_limit_forgets_nothing(self, user: User, code: Code) -> None:
        views_of(user, 4)
        user.view_limit = 2
        self.view("guest:a", code)
        actions.adopt_guest_views(user=user, guest="guest:a")
        assert meter_of(user) == (5, 4)

    def test_only_this_period_and_this_guest(self, user: User, code: Code) -> None:
        self.view("guest:a", code, "2025-01")
        self.view("guest:b", code)
        assert actions.adopt_guest_views(user=user, guest="guest:a") == 0
        assert not user.view_grants.exists()


class TestAdmin:
    """Accounts and their ledger in the admin."""

    @pytest.fixture
    def admin(self, client: Client) -> Client:
        client.force_login(factories.staff("admin@example.org"))
        return client

    def test_another_limit(self, admin: Client, user: User, code: Code) -> None:
        url = f"/admin/accounts/user/{user.pk}/change/"
        form = {"view_limit": "50", "is_active": "on"}
        assert admin.post(url, form).status_code == 302
        user.refresh_from_db()
        assert user.view_limit == 50
        assert "0 of 50" in admin.get(url).content.decode()

    def test_no_limit(self, admin: Client, user: User) -> None:
        url = f"/admin/accounts/user/{user.pk}/change/"
        admin.post(url, {"unlimited_views": "on", "is_active": "on"})
        user.refresh_from_db()
        assert user.unlimited_views
        assert user.view_limit is None
        assert "not counted" in admin.get(url).content.decode()

    def test_the_address_stays(self, admin: Client, user: User) -> None:
        url = f"/admin/accounts/user/{user.pk}/change/"
        admin.post(url, {"email": "other@example.org", "is_active": "on"})
        user.refresh_from_db()
        assert user.email == "coder@example.org"

    def test_the_password_can_be_changed(self, admin: Client, user: User) -> None:
        url = f"/admin/accounts/user/{user.pk}/password/"
        words = "another long secret"
        form = {"password1": words, "password2": words, "usable_password": "true"}
        assert admin.post(url, form).status_code == 302
        user.refresh_from_db()
        assert user.check_password(words)

    def test_an_account_is_made(self, admin: Client) -> None:
        words = "another long secret"
        form = {"email": "new@example.org", "password1": words, "password2": words}
        form |= {"usable_password": "true"}
        assert admin.post("/admin/accounts/user/add/", form).status_code == 302
        assert User.objects.get(email="new@example.org").check_password(words)

    def test_not_twice(self, admin: Client, user: User) -> None:
        words = "another long secret"
        form = {"email": "CODER@example.org", "password1": words, "password2": words}
        form |= {"usable_password": "true"}
        html = admin.post("/admin/accounts/user/add/", form).content.decode()
        assert "There is an account with this address." in html

    def test_deleting_an_account_deletes_its_meter(self, admin: Client, user: User) -> None:
        views_of(user, 1)
        url = f"/admin/accounts/user/{user.pk}/delete/"
        assert admin.post(url, {"post": "yes"}).status_code == 302
        assert not User.objects.filter(pk=user.pk).exists()
        assert not Meter.objects.exists()

    def test_deleting_several(self, admin: Client) -> None:
        users = [factories.user() for _ in range(2)]
        for user in users:
            views_of(user, 1)
        form = {"action": "delete_selected", "_selected_action": [u.pk for u in users]}
        admin.post("/admin/accounts/user/", form | {"post": "yes"})
        assert not Meter.objects.exists()
        assert User.objects.count() == 1

    @pytest.mark.parametrize("number", [1, 20])
    def test_the_ledger(
        self,
        admin: Client,
        user: User,
        number: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        views_of(user, number)
        views_of(factories.user(), 1)
        url = f"/admin/accounts/viewgrant/?user__id__exact={user.pk}"
        assert (
            url.replace("&", "&amp;")
            in admin.get(f"/admin/accounts/user/{user.pk}/change/").content.decode()
        )
        with django_assert_num_queries(4):  # session, user, count, rows
            html = admin.get(url).content.decode()
        assert html.count("coder@example.org") == number

    @pytest.mark.parametrize("number", [1, 20])
    def test_the_list_of_accounts(
        self, admin: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for _ in range(number):
            factories.user()
        with django_assert_num_queries(5):
            admin.get("/admin/accounts/user/")

    def test_the_ledger_is_read_only(self, admin: Client, user: User) -> None:
        views_of(user, 1)
        grant = ViewGrant.objects.get()
        assert admin.get("/admin/accounts/viewgrant/add/").status_code == 403
        assert admin.post(f"/admin/accounts/viewgrant/{grant.pk}/delete/").status_code == 403
        assert admin.post(f"/admin/accounts/viewgrant/{grant.pk}/change/").status_code == 403
        assert ViewGrant.objects.exists()


def test_keys_of_networks_go_with_their_period(monkeypatch: pytest.MonkeyPatch) -> None:
    NetworkKey.objects.create(period="2026-11", key=b"1")
    NetworkKey.objects.create(period="2026-12", key=b"2")
    monkeypatch.setattr(timezone, "now", lambda: datetime(2026, 12, 1, tzinfo=UTC))
    actions.purge_expired()
    assert [key.period for key in NetworkKey.objects.all()] == ["2026-12"]
