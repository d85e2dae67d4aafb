"""The charging statement: what it decides, and that it is exact whatever happens at once."""

import contextlib
import threading
import time
from collections import Counter
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, OperationalError, connection, connections, transaction

from accounts import actions, quota
from accounts.models import Meter, User, ViewGrant
from accounts.quota import Charge, Verdict
from codes.models import Code
from tests import factories
from tests.accounts.threads import THREADS, at_once

PERIOD = "2026-11"
GUEST = "guest:a"
NETWORK = "network:n"


def charge(viewer: str = GUEST, code: str = "33948", **changes: Any) -> Charge:
    """Charge one view; a guest without a network and a limit of 1 unless told otherwise."""
    values: dict[str, Any] = {
        "viewer": viewer,
        "user_id": int(viewer.removeprefix("user:")) if viewer.startswith("user:") else None,
        "period": PERIOD,
        "system": "cpt",
        "code": code,
        "quotas": {viewer: 1},
    }
    return quota.charge(**(values | changes))


def counts(bucket: str = GUEST, period: str = PERIOD) -> tuple[int, int]:
    """Return how many grants a viewer has and how many views the bucket counts."""
    grants = ViewGrant.objects.filter(viewer=bucket, period=period).count()
    used = Meter.objects.filter(bucket=bucket, period=period).values_list("used", flat=True)
    return grants, used.first() or 0


@pytest.fixture
def code(db: None) -> Code:
    return factories.code("33948")


@pytest.mark.usefixtures("code")
class TestVerdict:
    """One viewer after the other."""

    def test_the_first_view_is_granted(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            charged = charge()
        assert (charged.verdict, charged.used, charged.spent) == (Verdict.GRANTED, 1, None)
        assert charged.grant_id == ViewGrant.objects.get().pk
        assert counts() == (1, 1)

    def test_the_same_code_is_free_again(self, django_assert_num_queries: Any) -> None:
        charge()
        with django_assert_num_queries(1):
            charged = charge()
        assert charged == Charge(Verdict.AGAIN, used=1, spent=GUEST)
        assert counts() == (1, 1)

    def test_another_code_is_refused_when_the_limit_is_reached(self) -> None:
        factories.code("99213")
        charge()
        assert charge(code="99213") == Charge(Verdict.SPENT, used=1, spent=GUEST)
        assert counts() == (1, 1)

    def test_another_period_counts_anew(self) -> None:
        charge()
        assert charge(period="2026-12").verdict is Verdict.GRANTED
        assert charge(period="2026-12").verdict is Verdict.AGAIN
        assert counts(period="2026-12") == (1, 1)

    def test_another_viewer_counts_apart(self) -> None:
        charge()
        assert charge("guest:b").verdict is Verdict.GRANTED

    @pytest.mark.parametrize(
        ("system", "printed"),
        [("cpt", "00000"), ("nothing", "33948"), ("cpt", "33948 "), ("cpt", "'; --")],
    )
    def test_there_is_no_such_page(self, system: str, printed: str) -> None:
        assert charge(system=system, code=printed) == Charge(Verdict.MISSING)
        assert counts() == (0, 0)

    @pytest.mark.parametrize("kind", ["chapter", "section"])
    def test_a_heading_has_no_page(self, kind: str) -> None:
        factories.heading(kind, "A00-A09")
        assert charge(code="A00-A09").verdict is Verdict.MISSING

    def test_a_category_has_one(self) -> None:
        factories.heading("category", "J96")
        assert charge(code="J96").verdict is Verdict.GRANTED

    def test_a_system_that_is_off_has_no_page(self, code: Code) -> None:
        factories.system("cpt", display_mode="off")
        assert charge().verdict is Verdict.MISSING

    def test_an_unmetered_system_does_not_count(self) -> None:
        factories.system("cpt", is_metered=False)
        assert charge().verdict is Verdict.UNMETERED
        assert counts() == (0, 0)

    def test_a_limit_of_nothing_grants_nothing(self) -> None:
        assert charge(quotas={GUEST: 0}) == Charge(Verdict.SPENT, used=0, spent=GUEST)
        assert counts() == (0, 0)
        assert not Meter.objects.exists()

    def test_a_lowered_limit_keeps_what_was_counted(self) -> None:
        for number in range(3):
            factories.code(f"9920{number}")
            assert charge(code=f"9920{number}", quotas={GUEST: 5}).verdict is Verdict.GRANTED
        lowered = {GUEST: 2}
        assert charge(quotas=lowered) == Charge(Verdict.SPENT, used=3, spent=GUEST)
        assert charge(code="99200", quotas=lowered).verdict is Verdict.AGAIN
        assert counts() == (3, 3)

    def test_a_raised_limit_counts_from_where_it_was(self) -> None:
        factories.code("99213")
        charge()
        assert charge(code="99213", quotas={GUEST: 2}).used == 2
        assert Meter.objects.get().quota == 2

    def test_a_user_is_charged_under_the_account(self) -> None:
        user = factories.user()
        assert charge(f"user:{user.pk}").verdict is Verdict.GRANTED
        assert user.view_grants.get().viewer == f"user:{user.pk}"


@pytest.mark.usefixtures("code")
class TestNetwork:
    """A guest is charged to the cookie and to the network."""

    def test_both_buckets_count(self) -> None:
        charge(quotas={GUEST: 1, NETWORK: 9})
        assert counts() == (1, 1)
        assert counts(NETWORK) == (0, 1)

    def test_a_spent_network_refuses_a_new_guest(self) -> None:
        charge(quotas={GUEST: 1, NETWORK: 1})
        refused = charge("guest:b", quotas={"guest:b": 1, NETWORK: 1})
        assert refused == Charge(Verdict.SPENT, used=0, spent=NETWORK)
        assert counts("guest:b") == (0, 0)

    def test_the_own_bucket_is_named_first(self) -> None:
        factories.code("99213")
        charge(quotas={GUEST: 1, NETWORK: 1})
        again = charge(code="99213", quotas={GUEST: 1, NETWORK: 1})
        assert again == Charge(Verdict.SPENT, used=1, spent=GUEST)

    def test_a_counted_page_stays_free_in_a_spent_network(self) -> None:
        charge(quotas={GUEST: 1, NETWORK: 1})
        assert charge(quotas={GUEST: 1, NETWORK: 1}).verdict is Verdict.AGAIN


@pytest.mark.usefixtures("code")
class TestGiveBack:
    """A view whose page was not delivered."""

    def test_every_bucket_gets_it_back(self, django_assert_num_queries: Any) -> None:
        quotas = {GUEST: 1, NETWORK: 9}
        grant_id = charge(quotas=quotas).grant_id
        assert grant_id is not None
        with django_assert_num_queries(1):
            quota.give_back(grant_id, quotas)
        assert (counts(), counts(NETWORK)) == ((0, 0), (0, 0))
        assert charge(quotas=quotas).verdict is Verdict.GRANTED

    def test_twice_is_once(self) -> None:
        factories.code("99213")
        charge(code="99213", quotas={GUEST: 5})
        grant_id = charge(quotas={GUEST: 5}).grant_id
        assert grant_id is not None
        quota.give_back(grant_id, {GUEST: 5})
        quota.give_back(grant_id, {GUEST: 5})
        assert counts() == (1, 1)

    def test_another_period_is_left_alone(self) -> None:
        charge(period="2026-12")
        grant_id = charge().grant_id
        assert grant_id is not None
        quota.give_back(grant_id, {GUEST: 1})
        assert counts(period="2026-12") == (1, 1)


@pytest.mark.usefixtures("code")
class TestConstraints:
    """What the database itself refuses."""

    def test_an_error_that_is_not_the_last_view_is_raised(self) -> None:
        with pytest.raises(IntegrityError, match="viewer_is_user_or_guest"), transaction.atomic():
            charge("somebody")

    def test_a_meter_never_exceeds_its_quota(self) -> None:
        with pytest.raises(IntegrityError, match="meter_within_quota"), transaction.atomic():
            Meter.objects.create(bucket=GUEST, period=PERIOD, used=2, quota=1)

    def test_there_is_one_meter_of_a_bucket_and_period(self) -> None:
        Meter.objects.create(bucket=GUEST, period=PERIOD, used=1, quota=1)
        with pytest.raises(IntegrityError, match="meter_once"), transaction.atomic():
            Meter.objects.create(bucket=GUEST, period=PERIOD, used=1, quota=1)

    def test_there_is_one_grant_of_a_viewer_code_and_period(self, code: Code) -> None:
        ViewGrant.objects.create(viewer=GUEST, period=PERIOD, code=code)
        with pytest.raises(IntegrityError, match="viewgrant_once"), transaction.atomic():
            ViewGrant.objects.create(viewer=GUEST, period=PERIOD, code=code)

    @pytest.mark.parametrize("viewer", ["user:0", "guest:a", "a"])
    def test_a_grant_of_a_user_bears_the_users_key(self, code: Code, viewer: str) -> None:
        user = factories.user()
        with pytest.raises(IntegrityError, match="user_or_guest"), transaction.atomic():
            ViewGrant.objects.create(viewer=viewer, user=user, period=PERIOD, code=code)


def many_codes(number: int = THREADS) -> list[str]:
    """Make codes in one statement and return them as printed."""
    system, release = factories.system(), factories.release()
    printed = [f"C{i:04}" for i in range(number)]
    Code.objects.bulk_create(
        Code(
            system=system,
            release=release,
            kind="code",
            key=text,
            display=text,
            short_descriptor=text,
            long_descriptor=text,
            position=i,
        )
        for i, text in enumerate(printed)
    )
    return printed


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """64 threads on the real database, each with its own connection."""

    def test_a_limit_is_never_exceeded(self) -> None:
        codes = many_codes()
        results = at_once(
            lambda turn, thread: charge(
                f"guest:{turn}", codes[thread], quotas={f"guest:{turn}": 5}
            ),
            rounds=25,
        )
        for turn, charged in enumerate(results):
            assert Counter(c.verdict for c in charged) == {Verdict.GRANTED: 5, Verdict.SPENT: 59}
            assert {c.used for c in charged if c.verdict is Verdict.GRANTED} == {1, 2, 3, 4, 5}
            assert counts(f"guest:{turn}") == (5, 5)

    def test_one_code_is_counted_once(self) -> None:
        many_codes(1)
        results = at_once(
            lambda turn, thread: charge(f"guest:{turn}", "C0000", quotas={f"guest:{turn}": 5}),
            rounds=20,
        )
        for turn, charged in enumerate(results):
            assert Counter(c.verdict for c in charged) == {Verdict.GRANTED: 1, Verdict.AGAIN: 63}
            assert {c.used for c in charged} == {1}
            assert counts(f"guest:{turn}") == (1, 1)

    def test_few_codes_for_many_requests(self) -> None:
        codes = many_codes(8)
        results = at_once(
            lambda turn, thread: (
                thread % 8,
                charge(f"guest:{turn}", codes[thread % 8], quotas={f"guest:{turn}": 5}),
            ),
            rounds=20,
        )
        for turn, charged in enumerate(results):
            granted = [code for code, c in charged if c.verdict is Verdict.GRANTED]
            opened = {code for code, c in charged if c.verdict is not Verdict.SPENT}
            assert len(granted) == 5
            assert opened == set(granted)
            assert counts(f"guest:{turn}") == (5, 5)

    def test_guests_of_one_network_share_its_allowance(self) -> None:
        codes = many_codes(3)

        def view(turn: int, thread: int) -> Charge:
            guest, network = f"guest:{turn}-{thread % 32}", f"network:{turn}"
            return charge(guest, codes[thread % 3], quotas={guest: 1, network: 20})

        for turn, charged in enumerate(at_once(view, rounds=20)):
            assert sum(c.verdict is Verdict.GRANTED for c in charged) == 20
            assert counts(f"network:{turn}")[1] == 20
            grants = ViewGrant.objects.filter(viewer__startswith=f"guest:{turn}-")
            meters = Meter.objects.filter(bucket__startswith=f"guest:{turn}-")
            assert grants.count() == 20
            assert meters.count() == 20  # a guest who was refused left nothing behind

    def test_views_that_are_given_back_meanwhile_do_not_get_lost(self) -> None:
        codes = many_codes()

        def view(turn: int, thread: int) -> bool:
            guest, network = f"guest:{turn}-{thread % 4}", f"network:{turn}"
            quotas = {guest: 3, network: 9}
            charged = charge(guest, codes[thread], quotas=quotas)
            if charged.grant_id is not None and thread % 2:
                quota.give_back(charged.grant_id, quotas)
            return charged.grant_id is not None and not thread % 2

        for turn, kept in enumerate(at_once(view, rounds=20)):
            grants = ViewGrant.objects.filter(viewer__startswith=f"guest:{turn}-").count()
            assert grants == sum(kept) == counts(f"network:{turn}")[1] <= 9
            for number in range(4):
                held, used = counts(f"guest:{turn}-{number}")
                assert held == used <= 3

    def test_a_guest_who_signs_in_in_many_tabs_is_moved_once(self) -> None:
        codes = many_codes(6)
        users = [factories.user() for _ in range(10)]
        period = quota.current_period().key
        for user in users:
            charge(f"guest:{user.pk}", codes[0], period=period)

        def work(turn: int, thread: int) -> int:
            user = users[turn]
            if thread % 2:
                return actions.adopt_guest_views(user=user, guest=f"guest:{user.pk}")
            key = f"user:{user.pk}"
            charge(key, codes[thread % 6], period=period, quotas={key: 6})
            return 0

        for turn, moved in enumerate(at_once(work, rounds=len(users))):
            held, used = counts(f"user:{users[turn].pk}", period)
            assert sum(moved) <= 1
            assert held == used <= 6

    def test_views_of_an_account_that_is_being_deleted_leave_nothing(self) -> None:
        codes = many_codes()
        users = [factories.user() for _ in range(10)]
        keys = [f"user:{user.pk}" for user in users]  # a deleted object forgets its number

        def work(turn: int, thread: int) -> None:
            key = keys[turn]
            if thread == 0:
                actions.delete_account(user=users[turn])
                return
            # Whoever comes too late finds no user: the foreign key refuses the view.
            with contextlib.suppress(IntegrityError):
                charge(key, codes[thread], quotas={key: 99})

        at_once(work, rounds=len(users))
        assert not User.objects.exists()
        assert not ViewGrant.objects.exists()
        assert not Meter.objects.exists()


@pytest.mark.django_db(transaction=True)
class TestInTheMiddle:
    """One view held up in the middle of its statement by a lock on the meter."""

    @pytest.fixture
    def rival(self) -> Any:
        """Return a connection beside Django's."""
        many_codes(2)
        charge(code="C0000", quotas={GUEST: 5})
        parameters = connection.get_connection_params()
        names = ("dbname", "user", "password", "host", "port")
        with psycopg.connect(**{n: parameters[n] for n in names if parameters.get(n)}) as rival:
            yield rival

    def held_up(self, results: list[object], quotas: dict[str, int]) -> threading.Thread:
        """Start a view that has to wait for the rival, and return once it waits."""

        def view() -> None:
            try:
                results.append(charge(code="C0001", quotas=quotas))
            except OperationalError as error:
                results.append(error)
            finally:
                connections.close_all()

        thread = threading.Thread(target=view)
        thread.start()
        return thread

    def waiting(self, rival: psycopg.Connection[Any]) -> int:
        """Return the process that waits for the rival's lock."""
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            row = rival.execute(
                "SELECT pid FROM pg_stat_activity"
                " WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))"
            ).fetchone()
            if row is not None:
                return int(row[0])
        raise TimeoutError("No view waits for the rival.")

    def test_whoever_loses_the_race_for_the_last_view_is_told_so(
        self, rival: psycopg.Connection[Any]
    ) -> None:
        results: list[object] = []
        rival.execute("UPDATE accounts_meter SET used = 2, quota = 2 WHERE bucket = 'guest:a'")
        thread = self.held_up(results, {GUEST: 2})
        self.waiting(rival)
        rival.commit()
        thread.join(timeout=30)
        assert results == [Charge(Verdict.SPENT, used=2, spent=GUEST)]
        assert counts() == (1, 2)  # nothing of the loser, not even the grant

    def test_a_server_process_that_dies_leaves_nothing_behind(
        self, rival: psycopg.Connection[Any]
    ) -> None:
        results: list[object] = []
        rival.execute("SELECT FROM accounts_meter WHERE bucket = 'guest:a' FOR UPDATE")
        thread = self.held_up(results, {GUEST: 5})
        rival.execute("SELECT pg_terminate_backend(%s)", [self.waiting(rival)])
        thread.join(timeout=30)
        rival.commit()
        assert isinstance(results[0], OperationalError)
        assert counts() == (1, 1)
        assert charge(code="C0001", quotas={GUEST: 5}).verdict is Verdict.GRANTED
        assert counts() == (2, 2)
