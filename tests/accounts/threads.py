"""Many threads at once on the real database, each with a connection of its own."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any, TypeVar

from django.db import connection, connections

Result = TypeVar("Result")

THREADS = 64


@contextmanager
def many_connections(number: int = THREADS) -> Iterator[None]:
    """Let the pool hand out that many connections at once; in production it has eight."""
    options: dict[str, Any] = connection.settings_dict["OPTIONS"]
    usual = options["pool"]
    connection.close()
    connection.close_pool()  # type: ignore[attr-defined]  # of the PostgreSQL backend
    options["pool"] = {"min_size": 0, "max_size": number + 1, "timeout": 30}
    try:
        yield
    finally:
        connection.close()
        connection.close_pool()  # type: ignore[attr-defined]  # as above
        options["pool"] = usual


def at_once(
    work: Callable[[int, int], Result], *, rounds: int = 1, threads: int = THREADS
) -> list[list[Result]]:
    """Call ``work(round, thread)`` in all threads at the same moment, round after round.

    Return the results of each round. An error in any thread is raised here.
    """
    barrier = threading.Barrier(threads, timeout=60)

    def thread(number: int) -> list[Result]:
        try:
            connection.ensure_connection()
            return [_start(barrier, work, turn, number) for turn in range(rounds)]
        except BaseException:
            barrier.abort()
            raise
        finally:
            connections.close_all()

    with many_connections(threads), ThreadPoolExecutor(threads) as pool:
        running = [pool.submit(thread, number) for number in range(threads)]
    errors = [error for future in running if (error := future.exception())]
    for error in sorted(errors, key=lambda error: isinstance(error, threading.BrokenBarrierError)):
        raise error  # the first cause; the others only found the barrier broken
    by_thread = [future.result() for future in running]
    return [[results[turn] for results in by_thread] for turn in range(rounds)]


def _start(
    barrier: threading.Barrier, work: Callable[[int, int], Result], turn: int, number: int
) -> Result:
    barrier.wait()
    return work(turn, number)
