"""The shared cache: many clients at once never get past a limit, and a window never grows."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.core.cache import cache
from django.db import connection
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from codes import tasks
from tests.accounts.threads import many_connections

LIMIT = 20
REQUESTS = 160
THREADS = 32

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


def all_at_once(work: Callable[[int], Any]) -> list[Any]:
    """Do the work for every request, as many at once as there are threads."""

    def with_own_connection(number: int) -> Any:
        try:
            return work(number)
        finally:
            connection.close()

    with many_connections(THREADS), ThreadPoolExecutor(THREADS) as pool:
        return list(pool.map(with_own_connection, range(REQUESTS)))


@pytest.mark.django_db(transaction=True)
def test_exactly_the_limit_gets_through() -> None:
    cache.set("counter", 0, 60)

    counted = all_at_once(lambda _: cache.incr("counter"))

    assert sum(number <= LIMIT for number in counted) == LIMIT
    assert sorted(counted) == list(range(1, REQUESTS + 1))


@pytest.mark.django_db(transaction=True)
def test_one_of_many_opens_the_window() -> None:
    opened = all_at_once(lambda number: cache.add("window", number, 60))

    assert opened.count(True) == 1


def test_counting_keeps_the_expiry() -> None:
    cache.set("counter", 1, 60)
    before = expiry("counter")

    assert cache.incr("counter", 5) == 6

    assert expiry("counter") == before


def test_what_expired_is_gone() -> None:
    cache.set("counter", 1, 0)

    assert cache.get("counter", "nothing") == "nothing"
    assert not cache.has_key("counter")
    assert not cache.touch("counter")
    with pytest.raises(ValueError, match="holds no number"):
        cache.incr("counter")
    assert cache.add("counter", 2, 60)
    assert cache.get("counter") == 2


def test_only_numbers_are_counted() -> None:
    cache.set("words", "three")

    for key in ("words", "nothing"):
        with pytest.raises(ValueError, match="holds no number"):
            cache.incr(key)


def test_counting_down_and_versions() -> None:
    cache.set("counter", 5, 60)
    cache.set("counter", 50, 60, version=2)

    assert cache.decr("counter") == 4
    assert cache.incr("counter", version=2) == 51
    assert cache.get("counter") == 4


@hypothesis_settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
@given(st.none() | st.booleans() | st.integers() | st.text() | st.lists(st.floats(allow_nan=False)))
def test_a_value_comes_back_as_it_was(value: Any) -> None:
    cache.set("value", value, 60)

    found = cache.get("value", "nothing")

    assert found == value
    assert type(found) is type(value)


def test_add_leaves_what_is_there() -> None:
    cache.set("key", "first", 60)

    assert not cache.add("key", "second", 60)
    assert cache.get("key") == "first"


def test_delete_and_clear() -> None:
    cache.set_many({"one": 1, "two": 2})

    assert cache.delete("one")
    assert not cache.delete("one")
    cache.clear()
    assert cache.get("two") is None


def test_a_value_can_last_for_ever() -> None:
    cache.set("key", "value", None)

    assert cache.get("key") == "value"
    assert str(expiry("key")).startswith("9999-")


def test_the_task_removes_only_what_expired() -> None:
    cache.set("old", 1, 0)
    cache.set("new", 2, 60)

    tasks.purge_limits(timestamp=0)

    assert expiry("old") is None
    assert cache.get("new") == 2


@pytest.mark.parametrize(
    ("operation", "statements"),
    [
        (lambda: cache.get("key"), 1),
        (lambda: cache.incr("counter"), 1),
        (lambda: cache.delete("key"), 1),
        (lambda: cache.touch("key"), 1),
    ],
)
def test_an_operation_is_one_statement(
    operation: Callable[[], object], statements: int, django_assert_num_queries: Any
) -> None:
    cache.set("counter", 1, 60)
    with django_assert_num_queries(statements):
        operation()


def expiry(key: str) -> object:
    """Return when the value ends, or ``None`` where no row is left."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT expires::text FROM casepilot_cache WHERE cache_key = %s", [f":1:{key}"]
        )
        row = cursor.fetchone()
    return row[0] if row else None
