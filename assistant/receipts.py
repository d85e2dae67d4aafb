"""Receipts: a stored question (``Turn``) asked again of today's data, and what differs.

A turn keeps the masked question, what was understood, and every fact with its row and edition.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.timezone import localdate

from assistant.conversations import Turn
from assistant.engine.answer import GUEST, Answer, Asker, CodeRef
from assistant.engine.days import spoken
from assistant.engine.entry import answer
from assistant.engine.plain import as_plain
from codes.metering import Access

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
class Used:
    """A source that facts rest on, with the labels of its editions then and now; "" for none."""

    name: str
    before: str
    now: str


@dataclass(frozen=True, slots=True)
class Replay:
    """A stored turn, the answer of today to the same question, and what differs."""

    turn: Turn
    answer: Answer
    changes: tuple[Change, ...]
    sources: tuple[Used, ...] = ()

    @property
    def is_same(self) -> bool:
        """Whether today's data gives the same facts."""
        return not self.changes


def asker_then(turn: Turn) -> Asker:
    """Return who asked as the engine sees them: what was open to them then is open again.

    So a difference comes from the data and not from the meter.
    """
    opened = {
        (one["system"], one["code"]): Access(one["access"]) for one in turn.answer.get("codes", [])
    }

    def unlock(codes: Sequence[CodeRef]) -> Mapping[int, Access]:
        return {
            code.code_id: opened.get((code.system, code.display), Access.LEAD)
            for code in codes
            if code.code_id is not None
        }

    return Asker(is_registered=not turn.is_guest, unlock=unlock)


def replay(turn: Turn, asker: Asker = GUEST) -> Replay:
    """Ask the question again, in its context and for its day; one query more than an answer.

    ``asker`` is who asks now, and sees no more than that: a guest by default. A question that named
    no day was about the day that it was asked on, and is about today now; that alone is no change.
    """
    earlier = turn.conversation.turns.filter(asked_at__lt=turn.asked_at).order_by("-asked_at")
    context = [one.answer.get("understood") or {} for one in reversed(earlier[:CONTEXT])]
    day = turn.answer.get("day")
    found = answer(turn.question, asker, context, on=date.fromisoformat(day) if day else None)
    before, now = turn.answer.get("facts", []), as_plain(found)["facts"]
    changes = _compare(_dateless(before, localdate(turn.asked_at), day), _dateless(now, None, day))
    return Replay(turn, found, tuple(changes), tuple(_sources(before, now)))


# --- Comparing ----------------------------------------------------------------------------------

Plain = Mapping[str, Any]
_Group = dict[tuple[str, str], list[tuple[Plain, str]]]


_Dated = list[tuple[Plain, str]]
"""Facts, each with its words without the day that was "today" where no day was asked about."""


def _dateless(facts: Sequence[Plain], today: date | None, day: object) -> _Dated:
    names = () if day else (spoken(today or localdate()), (today or localdate()).isoformat())
    said = []
    for fact in facts:
        words = str(fact["text"])
        for name in names:
            words = words.replace(name, "today")
        said.append((fact, words))
    return said


def _compare(before: _Dated, now: _Dated) -> Iterator[Change]:
    """Yield the differences, fact by fact of the same kind about the same code."""
    old, new = _grouped(before), _grouped(now)
    for key in dict.fromkeys([*old, *new]):
        gone = [one for one, said in old[key] if (said, _edition(one)) not in _all(new[key])]
        come = [one for one, said in new[key] if (said, _edition(one)) not in _all(old[key])]
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


def _grouped(facts: _Dated) -> _Group:
    groups: _Group = defaultdict(list)
    for fact, said in facts:
        groups[str(fact["kind"]), str(fact.get("code") or "")].append((fact, said))
    return groups


def _all(facts: Sequence[tuple[Plain, str]]) -> set[tuple[str, str]]:
    return {(said, _edition(fact)) for fact, said in facts}


def _edition(fact: Plain | None) -> str:
    citations = fact.get("citations", []) if fact else []
    labels = [one["edition"]["label"] for one in citations if one.get("edition")]
    return ", ".join(dict.fromkeys(labels))


def _sources(before: Sequence[Plain], now: Sequence[Plain]) -> Iterator[Used]:
    """Yield the sources of both answers by name."""
    then, today = _labels(before), _labels(now)
    for name in sorted({*then, *today}):
        yield Used(name, ", ".join(then.get(name, ())), ", ".join(today.get(name, ())))


def _labels(facts: Sequence[Plain]) -> dict[str, list[str]]:
    labels: dict[str, list[str]] = {}
    for fact in facts:
        for citation in fact.get("citations", []):
            if edition := citation.get("edition"):
                of_source = labels.setdefault(str(edition["name"]), [])
                if edition["label"] not in of_source:
                    of_source.append(str(edition["label"]))
    return labels
