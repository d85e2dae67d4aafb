"""Changes of more than one row: asking, forgetting, taking over what a guest asked."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone

from assistant import budget
from assistant.conversations import MAX_TURNS, AskMeter, Conversation, Turn
from assistant.engine.answer import Answer
from assistant.engine.entry import answer as answer_of
from assistant.engine.plain import as_plain
from assistant.people import Person
from assistant.unlocking import Opening
from codes import identifiers
from codes.identifiers import Masked
from codes.models import CodeSystem

_CONTEXT = 3  # turns that a question may lean on
_TITLE = 120


class NoQuestionLeft(Exception):  # named after what happened
    """The day's questions are used up. ``is_network``: those that the guests of a network share."""

    def __init__(self, *, is_network: bool) -> None:
        super().__init__("No question is left today.")
        self.is_network = is_network

    @property
    def back_at(self) -> datetime:
        """When there are questions again."""
        return budget.next_day()


def ask(
    *,
    person: Person,
    question: str,
    once: uuid.UUID,
    conversation: Conversation | None = None,
    on: Any = None,
) -> tuple[Turn, Answer | None]:
    """Answer a question and store both; return the turn, and the answer that was made for it.

    ``once`` names the sending: the same question with the same name returns the stored turn, with
    ``None`` for the answer, and costs nothing; a name that is taken otherwise is replaced. Raises
    ``NoQuestionLeft``. The question is masked before anything else sees it. It is counted first,
    its codes are charged while it is answered, and everything is given back if the answer cannot
    be made and stored. Run it in autocommit mode.
    """
    masked = identifiers.mask(question)
    if stored := _sent_before(person, once, masked.text):
        return stored, None
    if Turn.objects.filter(pk=once).exists():
        once = uuid.uuid4()  # such as after Back, with another question in the same form
    quotas = person.quotas()
    counted = budget.count(quotas, user_id=person.user.pk if person.user else None)
    if counted.spent is not None:
        raise NoQuestionLeft(is_network=counted.spent != person.key)
    opening = Opening(person)
    try:
        found = answer_of(masked.text, opening.asker, _context(conversation), on=on)
        return _store(person, conversation, once, masked, found, opening), found
    except BaseException as error:
        budget.give_back(quotas, counted)
        if isinstance(error, IntegrityError) and (
            stored := _sent_before(person, once, masked.text)
        ):
            # The same sending came twice at once. What this one opened the stored answer may rest
            # on, so its views stay counted.
            return stored, None
        opening.give_back()
        raise


def _sent_before(person: Person, once: uuid.UUID, text: str) -> Turn | None:
    return Turn.objects.of(person).filter(pk=once, question=text).first()


def _context(conversation: Conversation | None) -> list[dict[str, object]]:
    if conversation is None:
        return []
    newest = conversation.turns.order_by("-asked_at").values_list("answer__understood", flat=True)
    return [understood for understood in reversed(newest[:_CONTEXT]) if understood]


@transaction.atomic
def _store(
    person: Person,
    conversation: Conversation | None,
    once: uuid.UUID,
    masked: Masked,
    found: Answer,
    opening: Opening,
) -> Turn:
    plain = as_plain(found)
    intents = found.understood.get("intents")
    return Turn.objects.create(
        pk=once,
        conversation=_conversation(person, conversation, masked.text),
        question=masked.text,
        masked=[kind.value for kind in masked.kinds],
        answer=plain,
        intent=str(intents[0]) if isinstance(intents, list) and intents else "",
        outcome=found.outcome.value,
        reason=found.reason.value,
        is_guest=person.user is None,
        notes=opening.notes(),
        modes=display_modes(),
    )


def _conversation(person: Person, conversation: Conversation | None, text: str) -> Conversation:
    """Return the conversation that goes on, or a new one; a guest's becomes the user's."""
    if conversation is None or conversation.turns.count() >= MAX_TURNS:
        title = " ".join(text.split())
        cut = title if len(title) <= _TITLE else f"{title[: _TITLE - 1]}…"
        return Conversation.objects.create(title=cut, **person.owner)
    conversation.asked_at = timezone.now()
    if person.user is not None:
        conversation.viewer, conversation.user = person.key, person.user
    conversation.save(update_fields=["asked_at", "viewer", "user"])
    return conversation


def display_modes() -> dict[str, str]:
    """Return how much of each code system is shown now; one query."""
    return dict(CodeSystem.objects.order_by("slug").values_list("slug", "display_mode"))


def forget_all(*, person: Person) -> int:
    """Delete every conversation of a person; return how many there were."""
    own = Conversation.objects.of(person)
    number = own.count()
    own.delete()
    return number


def purge(*, now: datetime | None = None) -> int:
    """Delete guests' conversations after a day, users' that nobody has used for long, old meters.

    The spans are settings. Return how many rows that were.
    """
    now = now or timezone.now()
    guests_until = now - timedelta(hours=settings.ASSISTANT_GUEST_HOURS)
    users_until = now - timedelta(days=settings.ASSISTANT_KEEP_DAYS)
    deleted = 0
    for old in (
        Conversation.objects.filter(user=None, asked_at__lt=guests_until),
        Conversation.objects.filter(user__isnull=False, asked_at__lt=users_until),
        AskMeter.objects.filter(day__lt=timezone.localdate(now)),
    ):
        deleted += old.delete()[0]
    return deleted


def seconds_until(moment: datetime) -> int:
    """Return how many whole seconds it is until then, at least one."""
    return max(1, int((moment - timezone.now()).total_seconds()) + 1)
