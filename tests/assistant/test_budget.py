"""The count of questions: what it decides, and that it is exact whatever happens at once."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from assistant import actions, budget
from assistant.conversations import AskMeter, Conversation, Turn
from assistant.people import Person
from tests import factories
from tests.accounts.threads import at_once

GUEST, NETWORK = "guest:a", "network:n"


def used(bucket: str = GUEST) -> int:
    return budget.used_today(bucket)


@pytest.mark.django_db
class TestCount:
    """One asker after the other."""

    def test_counts_up_to_the_limit(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(1):
            first = budget.count({GUEST: 2})
        assert (first.used, first.spent) == (1, None)
        assert budget.count({GUEST: 2}).used == 2
        spent = budget.count({GUEST: 2})
        assert (spent.used, spent.spent) == (2, GUEST)
        assert used() == 2

    def test_all_buckets_or_none(self) -> None:
        budget.count({GUEST: 5, NETWORK: 1})
        assert budget.count({"guest:b": 5, NETWORK: 1}).spent == NETWORK
        assert (used(), used("guest:b"), used(NETWORK)) == (1, 0, 1)

    def test_without_buckets_nothing_is_asked(self, django_assert_num_queries: Any) -> None:
        with django_assert_num_queries(0):
            assert budget.count({}).spent is None

    def test_a_limit_of_nothing(self) -> None:
        assert budget.count({GUEST: 0}).spent == GUEST
        assert not AskMeter.objects.exists()

    def test_a_lowered_limit(self) -> None:
        for _ in range(3):
            budget.count({GUEST: 3})
        assert budget.count({GUEST: 1}).spent == GUEST
        assert used() == 3

    def test_given_back(self, django_assert_num_queries: Any) -> None:
        quotas = {GUEST: 1, NETWORK: 9}
        counted = budget.count(quotas)
        with django_assert_num_queries(1):
            budget.give_back(quotas, counted)
        assert (used(), used(NETWORK)) == (0, 0)
        assert budget.count(quotas).spent is None

    def test_a_refusal_has_nothing_to_give_back(self) -> None:
        budget.count({GUEST: 1})
        budget.give_back({GUEST: 1}, budget.count({GUEST: 1}))
        assert used() == 1

    def test_another_day_counts_anew(self) -> None:
        budget.count({GUEST: 1})
        AskMeter.objects.update(day="2020-01-01")
        assert budget.count({GUEST: 1}).spent is None

    def test_the_next_day_is_tomorrow(self) -> None:
        assert budget.next_day() > timezone.now()
        assert timezone.localtime(budget.next_day()).hour == 0


@pytest.mark.django_db
class TestConstraints:
    """What the database itself refuses."""

    def test_never_more_than_the_limit(self) -> None:
        with pytest.raises(IntegrityError, match="askmeter_within_quota"), transaction.atomic():
            AskMeter.objects.create(bucket="a", day="2026-11-28", used=2, quota=1)

    def test_one_row_a_bucket_and_day(self) -> None:
        AskMeter.objects.create(bucket="a", day="2026-11-28", used=1, quota=1)
        with pytest.raises(IntegrityError, match="askmeter_once"), transaction.atomic():
            AskMeter.objects.create(bucket="a", day="2026-11-28", used=1, quota=1)

    @pytest.mark.parametrize("viewer", ["user:0", "somebody"])
    def test_a_conversation_has_an_owner(self, viewer: str) -> None:
        with pytest.raises(IntegrityError, match="of_user_or_guest"), transaction.atomic():
            Conversation.objects.create(title="x", viewer=viewer)

    @pytest.mark.parametrize(
        ("values", "name"),
        [
            ({"vote": 2}, "vote_is_known"),
            ({"outcome": "maybe"}, "outcome_is_known"),
            ({"vote": 1, "complaint": "wrong"}, "complaint_needs_its_vote"),
        ],
    )
    def test_a_turn(self, values: dict[str, Any], name: str) -> None:
        of = Conversation.objects.create(title="x", viewer="guest:a")
        fields = {"question": "x", "answer": {}, "outcome": "answered", "is_guest": True}
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            Turn.objects.create(conversation=of, **(fields | values))


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    """Many threads on the real database, each with its own connection."""

    def test_a_limit_is_never_exceeded(self) -> None:
        results = at_once(
            lambda turn, thread: budget.count({f"guest:{turn}": 5}).spent is None, rounds=25
        )
        for turn, counted in enumerate(results):
            assert sum(counted) == 5
            assert used(f"guest:{turn}") == 5

    def test_a_network_shares_and_what_is_given_back_is_not_lost(self) -> None:
        def work(turn: int, thread: int) -> bool:
            quotas = {f"guest:{turn}-{thread % 8}": 3, f"network:{turn}": 12}
            counted = budget.count(quotas)
            if counted.spent is None and thread % 2:
                budget.give_back(quotas, counted)
                return False
            return counted.spent is None

        for turn, kept in enumerate(at_once(work, rounds=15)):
            rows = AskMeter.objects.filter(bucket__startswith=f"guest:{turn}-")
            assert sum(kept) == sum(row.used for row in rows) == used(f"network:{turn}") <= 12

    def test_questions_of_one_user_at_once(self, settings: Any) -> None:
        settings.ASSISTANT_USER_DAILY = 3
        factories.code("99213")
        user = factories.user()

        def work(turn: int, thread: int) -> bool:
            person = Person(user)
            try:
                actions.ask(person=person, question="What is 99213?", once=names[thread])
            except actions.NoQuestionLeft:
                return False
            return True

        names = _names(8)
        (asked,) = at_once(work, threads=8)
        assert sum(asked) == 3 == Turn.objects.count() == used(f"user:{user.pk}")

    def test_one_sending_that_comes_many_times_at_once_is_answered_once(self) -> None:
        factories.code("99213")
        user = factories.user()
        (once,) = _names(1)

        def work(turn: int, thread: int) -> object:
            return actions.ask(person=Person(user), question="What is 99213?", once=once)[0].pk

        (asked,) = at_once(work, threads=8)
        assert set(asked) == {once}
        assert Turn.objects.count() == 1
        assert used(f"user:{user.pk}") == 1


def _names(number: int) -> list[Any]:
    import uuid

    return [uuid.uuid4() for _ in range(number)]
