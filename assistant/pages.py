"""What the templates of CasePilot are given."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings

from assistant import actions, budget
from assistant.conversations import Conversation, Turn
from assistant.people import Person
from assistant.showing import Shown, may_show, show

TURNS_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Left:
    """How many questions are left today; ``limit`` is ``None`` without one."""

    limit: int | None
    used: int
    is_guest: bool
    member_limit: int
    back_at: datetime

    @property
    def questions(self) -> int:
        """Questions that are left; 0 without a limit, where it has no meaning."""
        return max(0, (self.limit or 0) - self.used)


@dataclass(frozen=True, slots=True)
class ShownTurn:
    """A turn with its answer as the page shows it; ``shown`` is empty where it may not."""

    turn: Turn
    shown: Shown | None


def left(person: Person) -> Left:
    """Return what is left for a person; at most one query."""
    known = person.limit is not None and person.key
    return Left(
        limit=person.limit,
        used=budget.used_today(person.key) if known else 0,
        is_guest=person.user is None,
        member_limit=settings.ASSISTANT_USER_DAILY,
        back_at=budget.next_day(),
    )


def conversation_context(conversation: Conversation, person: Person) -> dict[str, Any]:
    """Return the newest turns of a conversation and the question box; four queries."""
    modes = actions.display_modes()
    newest = list(conversation.turns.order_by("-asked_at")[: TURNS_SHOWN + 1])
    turns = [shown_turn(turn, modes) for turn in reversed(newest[:TURNS_SHOWN])]
    return {
        "conversation": conversation,
        "turns": turns,
        "is_cut": len(newest) > TURNS_SHOWN,
        "turns_shown": TURNS_SHOWN,
        "once": uuid.uuid4(),
        "left": left(person),
        "is_guest": person.user is None,
        "guest_hours": settings.ASSISTANT_GUEST_HOURS,
        "has_cpt": any(each.shown and each.shown.has_cpt for each in turns),
    }


def turn_context(turn: Turn, person: Person) -> dict[str, Any]:
    """Return one turn for the stream: a repeated sending brings one of any age. Two queries."""
    return {
        "each": shown_turn(turn, actions.display_modes()),
        "is_guest": person.user is None,
        "conversation": turn.conversation,
        "left": left(person),
    }


def shown_turn(turn: Turn, modes: dict[str, str]) -> ShownTurn:
    """Return a turn as the page shows it under the display modes of now; no query."""
    if not may_show(turn.modes, modes):
        return ShownTurn(turn, None)
    return ShownTurn(turn, show(turn.answer, turn.prose))
