"""What a user's export holds of CasePilot."""

from typing import Any

from accounts.models import User
from assistant import actions
from assistant.conversations import AskMeter, Conversation, Turn
from assistant.showing import may_show
from assistant.taught import Alias, CuratedAnswer
from codes.models import CodeSystem


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


def question_counts(user: User) -> list[dict[str, Any]]:
    """Return how many questions the user asked on each day, and how many a language model worded.

    One query; days are kept as long as the site keeps them.
    """
    meters = AskMeter.objects.filter(user=user).order_by("day", "bucket")
    return [
        {
            "day": each.day,
            "of": "worded by a language model" if each.is_of_model else "questions",
            "used": each.used,
            "quota": each.quota,
        }
        for each in meters
    ]


def taught(user: User) -> dict[str, list[dict[str, Any]]]:
    """Return the aliases and curated answers whose words are the user's; two queries."""
    return {
        "aliases": [
            {
                "words": each.words,
                "code": _named(each),
                "intent": each.intent,
                "means": each.means,
                **_written(each),
            }
            for each in Alias.objects.filter(author=user).select_related("code__system")
        ],
        "curated_answers": [
            {
                "title": each.title,
                "phrases": each.phrases,
                "code": _named(each),
                "markdown": each.markdown,
                **_written(each),
            }
            for each in CuratedAnswer.objects.filter(author=user).select_related("code__system")
        ],
    }


def _named(taught: Alias | CuratedAnswer) -> dict[str, str] | None:
    """Return the code that it is about; without its number while its system is switched off."""
    if taught.code is None:
        return None
    system = taught.code.system
    is_hidden = system.display_mode == CodeSystem.DisplayMode.OFF
    return {"system": system.slug, "code": "" if is_hidden else taught.code.display}


def _written(taught: Alias | CuratedAnswer) -> dict[str, Any]:
    return {
        "source": taught.source,
        "is_active": taught.is_active,
        "changed_at": taught.changed_at,
        "reviewed_on": taught.reviewed_on,
    }


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
