"""From a message to what is asked: its questions, their intents in order, their subjects. Pure.

Intents only order an answer and open it; whatever code is recognised, everything stored about it is
shown. So a cue that is missed costs a place in the answer, never the answer.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from assistant.engine.answer import Reason
from assistant.engine.ask import Ask
from assistant.engine.aspects import ASPECTS
from assistant.engine.context import as_context, carried_on
from assistant.engine.cues import CUES, FOLLOW_UP, GREETING, PRONOUN
from assistant.engine.intents import UNTOPICAL, Intent
from assistant.engine.place_names import is_place
from assistant.engine.plain_words import NEGATED, STOP
from assistant.engine.reading import Reading, plain, read
from assistant.engine.refusals import LEGAL, MEDICAL, OFFSITE

MAX_QUESTIONS: Final = 4


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
        done.append(carried_on(ask, before, further) if before else ask)
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
