"""Who asks the engine in tests, and what they are told."""

from collections.abc import Mapping, Sequence

from assistant.engine import guard
from assistant.engine.answer import Answer, Asker, CodeRef
from assistant.engine.entry import answer
from codes.metering import Access


def everything(codes: Sequence[CodeRef]) -> Mapping[int, Access]:
    """Open every page that is asked about."""
    return {code.code_id: Access.UNLOCKED for code in codes if code.code_id is not None}


MEMBER = Asker(is_registered=True, unlock=everything)
"""A registered user who has opened every page asked about."""
LOCKED = Asker(is_registered=True)
"""A registered user who has opened no page."""


def ask(*messages: str, asker: Asker = MEMBER) -> Answer:
    """Return the answer to the last message, after those before; it holds what is proven alone."""
    turns: list[dict[str, object]] = []
    for text in messages[:-1]:
        turns.append(dict(answer(text, asker, turns).understood))
    found = answer(messages[-1], asker, turns)
    assert guard.faults(found) == []
    return found


def said(found: Answer, number: int = 4) -> str:
    """Return the first statements."""
    return "\n".join(one.text for one in found.statements[:number])
