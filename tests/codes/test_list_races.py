"""Two windows change the same lists at the same moment, on the real database.

The first window holds its locks until the database shows that the second one waits for them; so
the race happens each time, not by chance.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection, connections, transaction
from django.test import Client

from accounts.models import User
from codes import list_actions
from codes.lists import CodeList
from codes.models import Code
from tests import factories
from tests.codes.list_tools import displays, entry_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]


@pytest.fixture
def codes() -> list[Code]:
    icd = factories.system("icd-10-cm")
    return [factories.code(f"J96.0{i}", of=icd) for i in range(1, 4)]


@pytest.fixture
def filled(owner: User, codes: list[Code]) -> CodeList:
    made = list_actions.create_list(owner=owner, name="Knee")
    list_actions.add_codes(to=made, codes=codes)
    return made


def is_anyone_waiting() -> bool:
    """Return whether another connection waits for a lock that this one holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"  # not pg_stat_activity, whose list stays as first seen
            " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        (waiting,) = cursor.fetchone() or (0,)
    return bool(waiting)


@contextmanager
def while_waiting(request: Callable[[], int]) -> Iterator[list[int]]:
    """Do the block's changes in one transaction while another window's request waits for it.

    The list that is given holds, afterwards, the status that the request was answered with.
    """

    def in_thread() -> int:
        try:
            return request()
        finally:
            connections.close_all()

    answered: list[int] = []
    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            User.objects.select_for_update(no_key=True).get()
            list(CodeList.objects.select_for_update(no_key=True))
            running: Future[int] = pool.submit(in_thread)
            deadline = time.monotonic() + 60
            while not (is_anyone_waiting() or running.done()):
                assert time.monotonic() < deadline, "the other window neither waited nor answered"
                time.sleep(0.01)
            assert not running.done(), "the other window did not wait"
            yield answered
        answered.append(running.result(timeout=60))


def sending(owner: User, path: str, **data: Any) -> Callable[[], int]:
    """Return what posts a form as this user and gives the status; an error is raised."""
    client = Client()
    client.force_login(owner)
    return lambda: client.post(path, data).status_code


def places(of: CodeList) -> list[int]:
    return list(of.entries.in_order().values_list("position", flat=True))


@pytest.mark.usefixtures("codes")
@pytest.mark.parametrize("name", ["Knee", "knee"])
def test_two_windows_name_the_same_new_list(owner: User, codes: list[Code], name: str) -> None:
    second = sending(owner, "/lists/add/", code="icd-10-cm/J96.02", name=name)
    with while_waiting(second) as answered:
        list_actions.add_to_named(owner=owner, name="Knee", codes=codes[:1])
    assert answered == [302]
    assert displays(CodeList.objects.get()) == ["J96.01", "J96.02"]


def test_two_windows_make_the_first_list(owner: User, codes: list[Code]) -> None:
    second = sending(owner, "/lists/add/", code="icd-10-cm/J96.02")
    with while_waiting(second) as answered:
        list_actions.add_to_last(owner=owner, codes=codes[:1])
    assert answered == [302]
    assert displays(CodeList.objects.get()) == ["J96.01", "J96.02"]


def test_a_list_takes_the_name_that_a_new_one_was_to_have(owner: User, filled: CodeList) -> None:
    second = sending(owner, "/lists/", name="Hip")
    with while_waiting(second) as answered:
        list_actions.rename_list(of=filled, owner=owner, name="HIP", about="")
    assert answered == [400]
    assert CodeList.objects.get().name == "HIP"


@pytest.mark.parametrize("step", [{"do": "up"}, {"do": "save", "position": "1"}, {"do": "remove"}])
def test_a_code_is_moved_while_it_is_taken_out(
    owner: User, filled: CodeList, step: dict[str, str]
) -> None:
    entry = entry_of(filled, "J96.02")
    second = sending(owner, f"/lists/{filled.pk}/codes/{entry.pk}/", **step)
    with while_waiting(second) as answered:
        list_actions.remove_entry(entry=entry)
    assert answered == [302]
    assert displays(filled) == ["J96.01", "J96.03"]
    assert places(filled) == [1, 2]


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/lists/add/", {"code": "icd-10-cm/J96.01", "list": "PK"}),
        ("/lists/PK/", {"do": "sort"}),
        ("/lists/PK/", {"do": "restore"}),
        ("/lists/PK/edit/", {"name": "Hip"}),
        ("/lists/PK/codes/ENTRY/", {"do": "up"}),
    ],
)
def test_a_list_is_deleted_under_the_hands_of_another_window(
    owner: User, filled: CodeList, path: str, data: dict[str, str]
) -> None:
    numbers = {"PK": str(filled.pk), "ENTRY": str(entry_of(filled, "J96.02").pk)}
    for word, number in numbers.items():
        path = path.replace(word, number)
        data = {name: value.replace(word, number) for name, value in data.items()}
    with while_waiting(sending(owner, path, **data)) as answered:
        CodeList.objects.filter(pk=filled.pk).delete()
    assert answered == [404]
    assert not CodeList.objects.exists()


def test_a_link_of_a_list_that_is_deleted_meanwhile_leads_nowhere(
    owner: User, filled: CodeList
) -> None:
    with while_waiting(sending(owner, f"/lists/{filled.pk}/", do="share")) as answered:
        CodeList.objects.filter(pk=filled.pk).delete()
    assert answered == [302]
    assert not CodeList.objects.exists()


@pytest.mark.usefixtures("codes")
def test_no_empty_list_stays_where_the_codes_are_too_many(
    owner: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(list_actions, "MAX_CODES", 1)
    both = ["icd-10-cm/J96.01", "icd-10-cm/J96.02"]
    assert sending(owner, "/lists/add/", code=both, name="Knee")() == 400
    assert sending(owner, "/lists/add/", code=both)() == 400
    assert not CodeList.objects.exists()


def test_names_are_compared_as_the_constraint_compares_them(owner: User, codes: list[Code]) -> None:
    """The sign for kelvin is a small k in small letters, and no K in capitals."""
    list_actions.create_list(owner=owner, name="k")
    assert sending(owner, "/lists/", name="\u212a")() == 400
    assert sending(owner, "/lists/add/", code="icd-10-cm/J96.01", name="\u212a")() == 302
    assert displays(CodeList.objects.get()) == ["J96.01"]
