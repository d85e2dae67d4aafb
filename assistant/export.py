"""What a user's export holds of CasePilot."""

from typing import Any

from accounts.models import User
from assistant import actions
from assistant.conversations import Conversation, Turn
from assistant.showing import may_show


def conversations(user: User) -> list[dict[str, Any]]:
    """Return the user's conversations with all answers as values; three queries."""
    modes = actions.display_modes()
    own = Conversation.objects.filter(user=user).order_by("started_at", "pk")
    return [
        {
            "title": each.title,
            "started_at": each.started_at,
            "questions": [_turn(turn, modes) for turn in each.turns.all()],
        }
        for each in own.prefetch_related("turns")
    ]


def _turn(turn: Turn, modes: dict[str, str]) -> dict[str, Any]:
    return {
        "asked_at": turn.asked_at,
        "question": turn.question,
        "masked": turn.masked,
        "outcome": turn.outcome,
        "answer": turn.answer if may_show(turn.modes, modes) else None,
        "model_wording": turn.prose if may_show(turn.modes, modes) else None,
        "notes": turn.notes,
        "vote": turn.get_vote_display(),
        "complaint": turn.complaint,
        "comment": turn.comment,
    }
