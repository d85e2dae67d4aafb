"""Receipts: a stored question asked again of today's data tells what changed."""

import uuid
from typing import Any

import pytest

from assistant import receipts
from assistant.conversations import Conversation, Turn
from assistant.engine.answer import Answer
from assistant.engine.entry import answer
from assistant.engine.plain import as_plain
from assistant.receipts import Became
from codes.facts import RelativeValue
from tests import factories
from tests.assistant.askers import MEMBER

pytestmark = pytest.mark.django_db


def stored(given: Answer, conversation: Conversation | None = None) -> Turn:
    """Return the turn of an answer, as the pages store it."""
    if conversation is None:
        user = factories.user()
        conversation = Conversation.objects.create(viewer=f"user:{user.pk}", user=user, title="T")
    values: dict[str, Any] = {"outcome": given.outcome.value, "is_guest": False}
    return Turn.objects.create(
        pk=uuid.uuid4(),
        conversation=conversation,
        question=given.question,
        answer=as_plain(given),
        **values,
    )


@pytest.fixture
def row(db: None) -> RelativeValue:
    """Return the fee schedule row of a code that has a page."""
    factories.code("99213", long_descriptor="LONG CANARY")
    return factories.relative_value("99213")


def test_keeps_the_masked_question_and_the_editions(row: RelativeValue) -> None:
    turn = stored(answer("What does 99213 pay? Patient SSN 123-45-6789", MEMBER))
    turn.refresh_from_db()
    assert "123-45-6789" not in str(turn.answer) + turn.question
    assert "[Social Security number]" in turn.question
    editions = [c["edition"] for fact in turn.answer["facts"] for c in fact["citations"]]
    assert any(edition["source"] == "mpfs" for edition in editions if edition)


def test_the_same_data_gives_the_same(row: RelativeValue) -> None:
    turn = stored(answer("What does 99213 pay?", MEMBER))
    assert receipts.replay(turn, MEMBER).is_same


def test_tells_what_a_new_edition_changed(row: RelativeValue) -> None:
    turn = stored(answer("What does 99213 pay?", MEMBER))
    row.release.is_current = False
    row.release.save()
    newer = factories.edition("mpfs", label="January 2026", is_current=True)
    factories.relative_value("99213", release=newer, conversion_factor="33.4009")
    changed = {one.kind: one for one in receipts.replay(turn, MEMBER).changes}
    fee = changed["fee"]
    assert fee.became is Became.CHANGED
    assert "$88.95" in fee.before
    assert "$91.85" in fee.now
    assert (fee.edition_before, fee.edition_now) == ("October 2025", "January 2026")


def test_shows_no_more_than_its_asker_may_see(row: RelativeValue) -> None:
    turn = stored(answer("What is 99213?", MEMBER))
    again = receipts.replay(turn)
    assert "CANARY" not in repr(again.answer)
    assert any(change.became is Became.GONE for change in again.changes)


def test_a_follow_up_is_asked_in_its_context(row: RelativeValue) -> None:
    first = answer("What is 99213?", MEMBER)
    turn = stored(first)
    later = stored(answer("is it billable?", MEMBER, [first.understood]), turn.conversation)
    assert [c.display for c in receipts.replay(later, MEMBER).answer.subjects] == ["99213"]


def test_is_asked_for_its_day(row: RelativeValue) -> None:
    turn = stored(answer("Is 99213 valid on 2026-03-01?", MEMBER))
    assert str(receipts.replay(turn, MEMBER).answer.day) == "2026-03-01"
