"""The same sending twice at once, on the real database: one answer, one question, one view.

Both are let past the look for an earlier sending before either stores its answer, in every order,
so the race happens each time and not by chance.
"""

import threading
import uuid
from typing import Any

import pytest
from django.test import Client

from accounts.models import Meter, User, ViewGrant
from assistant import actions
from assistant.conversations import AskMeter, Conversation, Turn
from assistant.engine.entry import answer
from tests import factories
from tests.accounts.threads import at_once
from tests.assistant.conftest import LONG, ask, text_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("clean_cache")]

WAIT = 30  # seconds until a test fails that would hang


class Order:
    """Lets two threads answer one after the other, and ``winner`` store its answer first."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, winner: int) -> None:
        self.winner = winner
        self.mine = threading.local()
        self.answered = [threading.Event(), threading.Event()]
        self.stored = threading.Event()
        self.answer = answer
        monkeypatch.setattr(actions, "answer_of", self)

    def __call__(self, *args: Any, **more: Any) -> Any:
        """Answer as the engine does, when it is this thread's turn; 0 opens the code first."""
        number = self.mine.number
        if number == 1:
            assert self.answered[0].wait(WAIT)
        found = self.answer(*args, **more)
        self.answered[number].set()
        assert self.answered[1].wait(WAIT)
        assert number == self.winner or self.stored.wait(WAIT)
        return found

    def send(self, number: int, client: Client, once: uuid.UUID) -> Any:
        """Send the question from one of the two threads."""
        self.mine.number = number
        try:
            return ask(client, once=once)
        finally:
            if number == self.winner:
                self.stored.set()


@pytest.fixture
def clients(db: None) -> tuple[User, list[Client]]:
    """Return a user with a code to ask about, and two windows of theirs."""
    factories.code("99213", of=factories.system("cpt", is_metered=True), long_descriptor=LONG)
    user = factories.user("coder@example.org")
    windows = [Client(), Client()]
    for window in windows:
        window.force_login(user)
    return user, windows


@pytest.mark.parametrize("winner", [0, 1])
def test_are_answered_once_and_cost_once(
    clients: tuple[User, list[Client]], winner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    user, windows = clients
    order, once = Order(monkeypatch, winner), uuid.uuid4()
    ((one, other),) = at_once(lambda _, n: order.send(n, windows[n], once), threads=2)
    turn = Turn.objects.get()
    assert turn.pk == once
    assert Conversation.objects.count() == 1
    assert one["Location"] == other["Location"] == turn.get_absolute_url()
    assert AskMeter.objects.get(bucket=f"user:{user.pk}").used == 1
    assert ViewGrant.objects.filter(user=user).count() == 1
    assert Meter.objects.get(bucket=f"user:{user.pk}").used == 1


@pytest.mark.parametrize("winner", [0, 1])
def test_the_last_view_is_not_free(
    clients: tuple[User, list[Client]], winner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who reads the long descriptor has used the view that it costs, whoever of them was first."""
    user, windows = clients
    User.objects.filter(pk=user.pk).update(view_limit=1)
    order, once = Order(monkeypatch, winner), uuid.uuid4()
    at_once(lambda _, n: order.send(n, windows[n], once), threads=2)
    monkeypatch.undo()
    assert LONG in text_of(windows[0].get(Turn.objects.get().conversation.get_absolute_url()))
    factories.code("99214", long_descriptor="OTHER CANARY")
    response = ask(windows[0], "What is 99214?", follow=True)
    assert "OTHER CANARY" not in text_of(response)


def test_an_answer_that_fails_gives_its_view_back(
    clients: tuple[User, list[Client]], monkeypatch: pytest.MonkeyPatch
) -> None:
    _, windows = clients
    windows[0].raise_request_exception = False

    def fails(*args: Any) -> Any:
        raise ValueError("broken")

    monkeypatch.setattr(actions, "_store", fails)
    assert ask(windows[0]).status_code == 500
    assert not ViewGrant.objects.exists()
    assert [row.used for row in Meter.objects.all()] == [0]
    assert [row.used for row in AskMeter.objects.all()] == [0]
