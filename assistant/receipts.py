"""Receipts: a stored question (``Turn``) asked again of today's data, and what differs.

A turn keeps the masked question, what was understood, and every fact with its row and edition.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from assistant.conversations import Turn
from assistant.engine.answer import GUEST, Answer, Asker
from assistant.engine.entry import answer
from assistant.engine.plain import as_plain

CONTEXT = 3
"""Turns before that a question may lean on."""


class Became(StrEnum):
    """What became of a fact between two answers."""

    NEW = "new"
    GONE = "gone"
    CHANGED = "changed"


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that is not as it was; ``before`` is empty for a new one, ``now`` for one that is
    gone. The editions are labels of the releases."""

    became: Became
    kind: str
    code: str
    before: str = ""
    now: str = ""
    edition_before: str = ""
    edition_now: str = ""


@dataclass(frozen=True, slots=True)
class Replay:
    """A stored turn, the answer of today to the same question, and what differs."""

    turn: Turn
    answer: Answer
    changes: tuple[Change, ...]

    @property
    def is_same(self) -> bool:
        """Whether today's data gives the same facts."""
        return not self.changes


def replay(turn: Turn, asker: Asker = GUEST) -> Replay:
    """Ask the question again, in its context and for its day; one query more than an answer.

    ``asker`` is who asks now, and sees no more than that: a guest by default.
    """
    earlier = turn.conversation.turns.filter(asked_at__lt=turn.asked_at).order_by("-asked_at")
    context = [one.answer.get("understood") or {} for one in reversed(earlier[:CONTEXT])]
    day = turn.answer.get("day")
    found = answer(turn.question, asker, context, on=date.fromisoformat(day) if day else None)
    before = turn.answer.get("facts", [])
    return Replay(turn, found, tuple(_compare(before, as_plain(found)["facts"])))


# --- Comparing ----------------------------------------------------------------------------------

Plain = Mapping[str, Any]
_Group = dict[tuple[str, str], list[Plain]]


def _compare(before: Sequence[Plain], now: Sequence[Plain]) -> Iterator[Change]:
    """Yield the differences, fact by fact of the same kind about the same code."""
    old, new = _grouped(before), _grouped(now)
    for key in dict.fromkeys([*old, *new]):
        gone = [one for one in old[key] if _said(one) not in map(_said, new[key])]
        come = [one for one in new[key] if _said(one) not in map(_said, old[key])]
        yield from _changes(key, gone, come)


def _changes(
    key: tuple[str, str], gone: Sequence[Plain], come: Sequence[Plain]
) -> Iterator[Change]:
    kind, code = key
    for place in range(max(len(gone), len(come))):
        one = gone[place] if place < len(gone) else None
        other = come[place] if place < len(come) else None
        became = Became.CHANGED if one and other else Became.GONE if one else Became.NEW
        yield Change(
            became,
            kind,
            code,
            before=one["text"] if one else "",
            now=other["text"] if other else "",
            edition_before=_edition(one),
            edition_now=_edition(other),
        )


def _grouped(facts: Sequence[Plain]) -> _Group:
    groups: _Group = defaultdict(list)
    for fact in facts:
        groups[str(fact["kind"]), str(fact.get("code") or "")].append(fact)
    return groups


def _said(fact: Plain) -> tuple[str, str]:
    return str(fact["text"]), _edition(fact)


def _edition(fact: Plain | None) -> str:
    citations = fact.get("citations", []) if fact else []
    labels = [one["edition"]["label"] for one in citations if one.get("edition")]
    return ", ".join(dict.fromkeys(labels))
