"""From a message to what is asked: its questions, their intents in order, their subjects. Pure.

Intents only order an answer and open it; whatever code is recognised, everything stored about it is
shown. So a cue that is missed costs a place in the answer, never the answer.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from assistant.engine import doses
from assistant.engine.answer import Reason
from assistant.engine.aspects import ASPECTS
from assistant.engine.cues import CUES, FOLLOW_UP, GREETING, PRONOUN
from assistant.engine.intents import Intent
from assistant.engine.lookalikes import Lookalike, Other
from assistant.engine.place_names import is_place
from assistant.engine.plain_words import NEGATED, STOP
from assistant.engine.reading import Mention, Reading, plain, read
from assistant.engine.refusals import LEGAL, MEDICAL, OFFSITE

MAX_QUESTIONS: Final = 4


@dataclass(frozen=True, slots=True)
class Ask:
    """One question of a message.

    ``intents`` run from the most likely on; ``aspects`` name the kinds of facts that it wants
    first. ``subject_words`` are what is left for a search. ``refusal`` is what it asks for that
    nobody gets here.
    """

    text: str
    reading: Reading
    intents: tuple[Intent, ...]
    aspects: tuple[str, ...] = ()
    subject_words: str = ""
    is_follow_up: bool = False
    refusal: Reason = Reason.NONE
    refers_back: bool = False
    inherited: tuple[str, ...] = ()
    has_cue: bool = False

    @property
    def asks_something(self) -> bool:
        """Whether it names a subject or has a word that asks."""
        return self.has_cue or self.has_subject or bool(self.reading.others)

    @property
    def modifiers(self) -> tuple[str, ...]:
        """The modifiers that its codes are typed with."""
        return tuple(name for code in self.reading.codes for name in code.modifiers)

    @property
    def asks_of_its_own(self) -> bool:
        """Whether it stands without the question before it."""
        leans = self.refers_back or self.is_follow_up
        return self.has_subject or bool(self.reading.others) or not leans or self.has_cue

    @property
    def has_subject(self) -> bool:
        """Whether it names a code itself."""
        reading = self.reading
        return bool(reading.codes or reading.ranges or reading.icd9)


def understand(message: str, context: Sequence[Mapping[str, object]], today: date) -> list[Ask]:
    """Return the questions of a message, those that lean on earlier ones with their subject.

    ``context`` is what was understood of the turns before, the newest last (``as_context``).
    """
    asks = _with_their_words([_ask(piece, today) for piece in _pieces(plain(message))], today)
    asks = asks[:MAX_QUESTIONS]
    done: list[Ask] = []
    further = context[-2] if len(context) > 1 else {}
    for ask in asks:
        before = as_context(done) if done else (context[-1] if context else None)
        done.append(_carried_on(ask, before, further) if before else ask)
    return done


# --- Splitting ----------------------------------------------------------------------------------

_NEXT: Final = (
    r"(?:what|how|which|when|is|are|does|do|can|may|who|where)\b(?!\s+(?:about)?\s*$)"
    r"|(?:an? |the )?(?:[a-v][- ]codes?|(?:icd\S*|cpt|hcpcs|dx|diagnosis|procedure)(?: codes?)?"
    r"|codes?) for\b"
)
_SPLIT: Final = re.compile(
    rf"(?<=[?!;])\s+|\n+|(?:,?\s+(?:and|also|plus)\s+)(?=(?:{_NEXT}))", re.IGNORECASE
)


def _pieces(text: str) -> list[str]:
    pieces = [piece.strip() for piece in _SPLIT.split(text) if piece and piece.strip(" ?!.;,")]
    merged: list[str] = []
    for piece in pieces:
        if merged and not re.search(r"\w{2}", piece):
            merged[-1] += " " + piece
        else:
            merged.append(piece)
    merged = [piece for piece in merged if not GREETING.fullmatch(piece)] or merged
    return merged or ([text] if re.search(r"\w", text) else [])


def _with_their_words(asks: list[Ask], today: date) -> list[Ask]:
    """Join what asks nothing by itself to the question that lacks a subject, or leave it out.

    "Patient has pneumonia. What is the code?" is one question; a greeting is none.
    """
    asking = [ask for ask in asks if ask.asks_something]
    if not asking or len(asking) == len(asks):
        return asks
    aside = " ".join(ask.text for ask in asks if not ask.asks_something and ask.subject_words)
    if not aside:
        return asking
    return [
        ask if ask.has_subject or ask.subject_words else _ask(f"{ask.text} {aside}", today)
        for ask in asking
    ]


# --- One question -------------------------------------------------------------------------------


def _ask(text: str, today: date) -> Ask:
    reading = read(text, today)
    if reading.day and re.search(r"\bsince\b", text, re.IGNORECASE):
        reading = replace(reading, day=None, day_note="")  # a beginning, not a day of service
    intents = _intents(text, reading)
    aspects = tuple(
        dict.fromkeys(name for name, pattern in ASPECTS.items() if pattern.search(text))
    )
    return Ask(
        text=text,
        reading=reading,
        intents=intents,
        aspects=aspects,
        subject_words=content_words(_without_grouping(reading.words, aspects)),
        is_follow_up=bool(FOLLOW_UP.search(text)),
        refusal=_refusal(text),
        refers_back=bool(PRONOUN.search(text)),
        has_cue=any(pattern.search(text) for _, _, pattern in CUES),
    )


def _without_grouping(words: str, aspects: Sequence[str]) -> str:
    """Return the words without those that only say that a DRG groups something."""
    if "drg" not in aspects:
        return words
    return re.sub(r"\b(?:MS(?=[\s-]*DRG)|group(?:s|ed|er|ing)?|logic)\b", " ", words, flags=re.I)


UNTOPICAL: Final = {Intent.WHAT_IS, Intent.BILLABLE, Intent.WHICH_CODE, Intent.HIERARCHY}
"""Intents that any question about codes may seem to have."""


def _intents(text: str, reading: Reading) -> tuple[Intent, ...]:
    """Return the intents by weight, earlier cues first among equals; never empty."""
    found: list[tuple[int, int, Intent]] = []
    for intent, weight, pattern in CUES:
        if match := pattern.search(text):
            found.append((-weight, match.start(), intent))
    intents = [intent for _, _, intent in sorted(found)]
    if len(reading.codes) > 1:
        extra = [Intent.TOGETHER, Intent.DIFFERENCE]
        if _is_diagnosis_with_procedure(reading):
            extra.insert(0, Intent.COVERED)  # NCCI edits pair procedures only
        is_topical = bool(set(intents) - UNTOPICAL)
        intents = list(dict.fromkeys([*intents, *extra] if is_topical else [*extra, *intents]))
        if Intent.WHAT_IS in intents and intents[0] is not Intent.WHAT_IS:
            intents.remove(Intent.WHAT_IS)
    if Intent.DIFFERENCE in intents[:1] and len(reading.codes) == 1 and len(intents) > 1:
        intents.append(intents.pop(0))  # of two sides of one code
    if reading.codes and Intent.WHICH_CODE in intents:
        intents.remove(Intent.WHICH_CODE)  # the code is named
        intents.append(Intent.WHICH_CODE)
    if reading.codes and not set(intents) - UNTOPICAL and is_place(reading.words):
        intents.insert(0, Intent.PAYS)  # "99214 in Boston"
    if reading.modifiers and not set(intents) - UNTOPICAL:
        intents.insert(0, Intent.MODIFIERS)
    elif reading.modifiers or any(code.modifiers for code in reading.codes):
        intents.append(Intent.MODIFIERS)
    return tuple(dict.fromkeys(intents)) or (Intent.WHAT_IS,)


_PROCEDURE: Final = re.compile(r"\d{4}[0-9AFTUM]|[A-V]\d{4}")


def _is_diagnosis_with_procedure(reading: Reading) -> bool:
    """Whether the forms of the codes say that a diagnosis is asked about beside a procedure."""
    forms = {bool(_PROCEDURE.fullmatch(c.key)) and not c.has_dot for c in reading.codes}
    return len(forms) == 2 and all(len(c.key) < 7 or c.has_dot for c in reading.codes)


def _refusal(text: str) -> Reason:
    if MEDICAL.search(text) or LEGAL.search(text):
        return Reason.ADVICE
    return Reason.OUTSIDE if OFFSITE.search(text) else Reason.NONE


def content_words(text: str) -> str:
    """Return the words that may name a disease, a procedure or a product."""
    words = re.findall(r"[^\W_]+(?:[-'/][^\W_]+)*", _NO_SUBJECT.sub(" ", text))
    return " ".join(
        "without" if word.lower() == "no" else word
        for before, word, after in zip(["", *words], words, [*words[1:], ""], strict=False)
        if not _is_stop(word) or _names_absence(before, word, after)
    )


_NO_SUBJECT: Final = re.compile(
    r"(?:\b(?:dob|mrn|ssn|npi|phone|acct|account)\W{0,3})?\[[a-z ,A-Z-]{3,40}\]"  # masks
    r"|\b[a-v][- ]codes?\b",
    re.IGNORECASE,
)
"""What names no subject though its words might: a masked identifier, a family of HCPCS codes."""


def _is_stop(word: str) -> bool:
    return word.lower().strip("'") in STOP


def _names_absence(before: str, word: str, after: str) -> bool:
    """Whether a "not" or "no" is part of a name ("not intractable", "GERD no esophagitis"), and no
    verb's ("is not paid", "has no")."""
    is_not = word.lower() in ("not", "no") and before.lower() not in NEGATED and bool(after)
    return is_not and not _is_stop(after) and (word.lower() == "not" or bool(before))


# --- What was asked before ----------------------------------------------------------------------


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


def _carried_on(ask: Ask, before: Mapping[str, object], further: Mapping[str, object]) -> Ask:
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
    reading, inherited = ask.reading, []
    names_other = bool(ask.reading.others)  # "and in POS 11?" leans, "codes of DRG 638" does not
    if not ask.has_subject and (is_bare or ask.refers_back or names_other) and earlier:
        reading = replace(reading, codes=tuple(earlier))
        inherited.append("codes")
    elif ask.has_subject and _joins(ask) and earlier:
        own = {code.key for code in reading.codes}
        reading = replace(
            reading, codes=(*(c for c in earlier if c.key not in own), *reading.codes)
        )
        inherited.append("codes")
    if reading.day is None and (day := before.get("day")) and not ask.reading.day:
        reading = replace(reading, day=_day_of(day))
        inherited.append("day")
    intents = ask.intents
    aspects = ask.aspects
    if "codes" in inherited and len(reading.codes) > 1 and ask.has_subject:
        pair = [Intent.TOGETHER, Intent.DIFFERENCE]
        if Intent.DIFFERENCE in intents:
            pair.reverse()
        intents = tuple(dict.fromkeys([*pair, *intents]))
    elif _is_about_opening(ask, before) and len(reading.codes) > 1:
        intents = tuple(dict.fromkeys([Intent.TOGETHER, *intents]))
    elif _has_no_cue(ask):
        intents = tuple(dict.fromkeys([*_intents_of(before), *intents]))
        aspects = aspects or tuple(map(str, _listed(before, "aspects")))
        inherited.append("intents")
    words = ask.subject_words
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


__all__ = ["Ask", "Intent", "Lookalike", "Reading", "as_context", "content_words", "understand"]
