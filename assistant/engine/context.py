"""What a turn leaves for the next one, and what a question takes from it. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from assistant.engine import doses
from assistant.engine.answer import Reason
from assistant.engine.ask import Ask
from assistant.engine.intents import UNTOPICAL, Intent
from assistant.engine.lookalikes import Lookalike, Other
from assistant.engine.place_names import is_place
from assistant.engine.reading import Mention


def as_context(asks: Sequence[Ask]) -> dict[str, object]:
    """Return what the next turn needs of these questions, as plain values."""
    codes = [code for ask in asks for code in ask.reading.codes]
    last = asks[-1]
    return {
        "codes": [
            {"key": c.key, "typed": c.typed, "dot": c.has_dot, "modifiers": list(c.modifiers)}
            for c in {code.key: code for code in codes}.values()
        ],
        "ranges": [[r.first, r.last] for ask in asks for r in ask.reading.ranges],
        "others": [[o.kind.value, o.number, o.typed] for o in last.reading.others],
        "modifiers": list(last.reading.modifiers),
        "units": last.reading.units,
        "day": last.reading.day.isoformat() if last.reading.day else None,
        "intents": [intent.value for intent in last.intents],
        "aspects": list(last.aspects),
        "words": last.subject_words,
        "place": last.reading.words if Intent.PAYS in last.intents else "",
    }


_TWO: Final = re.compile(r"\b(?:the|those|these) two\b|\bboth\b", re.IGNORECASE)


def carried_on(ask: Ask, before: Mapping[str, object], further: Mapping[str, object]) -> Ask:
    """Give a question that leans on an earlier one what it does not say itself."""
    if ask.refusal is Reason.OUTSIDE:
        return ask
    earlier = _codes_of(before)
    if not earlier and not ask.asks_of_its_own and (others := _others_of(before)):
        reading = replace(ask.reading, others=tuple(others))
        return replace(ask, reading=reading, subject_words="", inherited=("others",))
    if len(earlier) < 2 and _TWO.search(ask.text):
        earlier = [*_codes_of(further), *earlier]
    is_bare = not ask.has_subject and not ask.reading.others and _is_bare(ask)
    leans = ask.is_follow_up or (is_bare and bool(earlier))
    if not leans:
        return ask
    codes = _codes_carried(ask, earlier, is_bare=is_bare)
    reading, inherited = ask.reading, []
    if codes:
        reading = replace(reading, codes=codes)
        inherited.append("codes")
    if reading.day is None and (day := before.get("day")):
        reading = replace(reading, day=_day_of(day))
        inherited.append("day")
    intents, aspects, words = ask.intents, ask.aspects, ask.subject_words
    if len(codes) > 1 and ask.has_subject:
        intents = _pair_first(intents)
    elif len(reading.codes) > 1 and _is_about_opening(ask, before):
        intents = tuple(dict.fromkeys([Intent.TOGETHER, *intents]))
    elif _has_no_cue(ask):
        intents = tuple(dict.fromkeys([*_intents_of(before), *intents]))
        aspects = aspects or tuple(map(str, _listed(before, "aspects")))
        inherited.append("intents")
    if Intent.PAYS in intents and not words and (place := str(before.get("place") or "")):
        reading = replace(reading, words=f"{reading.words} {place}".strip())
    if not reading.codes and is_bare and (earlier_words := str(before.get("words") or "")):
        words = f"{earlier_words} {words}".strip()
        inherited.append("words")
    return replace(
        ask,
        reading=reading,
        intents=intents,
        aspects=aspects,
        subject_words=words,
        inherited=tuple(inherited),
    )


def _codes_carried(ask: Ask, earlier: Sequence[Mention], *, is_bare: bool) -> tuple[Mention, ...]:
    """Return the codes of before and its own; none where it is not about those of before."""
    if not earlier:
        return ()
    if not ask.has_subject:
        names_other = bool(
            ask.reading.others
        )  # "and in POS 11?" leans, "codes of DRG 638" does not
        return tuple(earlier) if is_bare or ask.refers_back or names_other else ()
    if not _joins(ask):
        return ()
    own = {code.key for code in ask.reading.codes}
    return (*(c for c in earlier if c.key not in own), *ask.reading.codes)


def _pair_first(intents: Sequence[Intent]) -> tuple[Intent, ...]:
    """Return the intents after what is asked of two codes."""
    pair = [Intent.TOGETHER, Intent.DIFFERENCE]
    if Intent.DIFFERENCE in intents:
        pair.reverse()
    return tuple(dict.fromkeys([*pair, *intents]))


def _is_about_opening(ask: Ask, before: Mapping[str, object]) -> bool:
    """Whether modifiers are asked for after a pair was: may one open its edit?"""
    was_pair = _intents_of(before)[:1] == [Intent.TOGETHER]
    return was_pair and not ask.has_subject and ask.intents[0] is Intent.MODIFIERS


def _is_bare(ask: Ask) -> bool:
    """Whether a question without a code has no words of its own to look for either."""
    number = len(ask.subject_words.split())
    if number == 0 or is_place(ask.text) or (number <= 2 and doses.asked(ask.text)):
        return True
    needs_code = bool(set(ask.intents[:1]) - {*UNTOPICAL, Intent.GUIDELINES})
    if ask.aspects and number <= 2:
        return True
    return number <= 2 and (ask.is_follow_up or ask.refers_back or needs_code)


_BESIDE: Final = (
    r"(?:with|beside|besides|alongside|along with|on top of|in addition to|next to|plus|into|"
    r"included in|bundled (?:in|to)|same (?:day|date|session|visit|claim|time) as)"
)
_JOINS_BEFORE: Final = re.compile(
    rf"^\W*(?:and |or )?(?:together )?"
    rf"(?:{_BESIDE}|versus|vs|compared|difference (?:to|from|with))\b",
    re.IGNORECASE,
)
_BESIDE_THAT: Final = re.compile(
    rf"\b{_BESIDE}\s+(?:it|them|(?:that|this|these|those|the (?:same|first|other|earlier|last))"
    r"(?:\s+(?:codes?|ones?|procedures?|services?))?(?=\W*$|[?.,;!]|\s+(?:on|for|if|and|or|in|at|"
    r"when|too|also|as)\b))",
    re.IGNORECASE,
)


def _joins(ask: Ask) -> bool:
    """Whether the code typed now is asked about beside the earlier one.

    As in "with 36415?", "can I bill 36415 with it?", "can it be billed with 36415?".
    """
    if ask.refers_back and Intent.TOGETHER in ask.intents:
        return True
    if _JOINS_BEFORE.search(ask.text) or _BESIDE_THAT.search(ask.text):
        return True
    return any(_is_beside(code.typed, ask.text) for code in ask.reading.codes)


def _is_beside(typed: str, text: str) -> bool:
    """Whether the text says that "it" goes, or is billed, with the code as typed."""
    pattern = (
        rf"\b(?:it|they|that|this)\b[^.?!;]*\b{_BESIDE}\s+"
        rf"(?:(?:an?|the|cpt|hcpcs|code)\s+)*{re.escape(typed)}\b"
    )
    return bool(re.search(pattern, text, re.IGNORECASE))


def _has_no_cue(ask: Ask) -> bool:
    intents = set(ask.intents) - {Intent.WHAT_IS}
    if intents <= {Intent.MODIFIERS} and ask.reading.modifiers:
        return True
    return not intents


def _listed(before: Mapping[str, object], name: str) -> Iterable[object]:
    value = before.get(name)
    return value if isinstance(value, list) else []


def _codes_of(before: Mapping[str, object]) -> list[Mention]:
    codes = []
    for one in _listed(before, "codes"):
        if isinstance(one, Mapping) and isinstance(one.get("key"), str):
            codes.append(
                Mention(
                    one["key"], str(one.get("typed") or one["key"]), has_dot=bool(one.get("dot"))
                )
            )
    return codes


def _others_of(before: Mapping[str, object]) -> list[Other]:
    kinds = {kind.value: kind for kind in Lookalike}
    return [
        Other(kinds[str(one[0])], str(one[1]), str(one[2]))
        for one in _listed(before, "others")
        if isinstance(one, list) and len(one) == 3 and str(one[0]) in kinds
    ]


def _intents_of(before: Mapping[str, object]) -> list[Intent]:
    known = {intent.value: intent for intent in Intent}
    return [known[str(name)] for name in _listed(before, "intents") if str(name) in known]


def _day_of(value: object) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
