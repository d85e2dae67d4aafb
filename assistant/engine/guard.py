"""Checks that a text says nothing that its facts do not: no code, number, date or modifier more.

The engine's own statements pass it in tests, whatever the question; a language model's sentences
must pass it before anybody reads them. Pure: imports no Django.
"""

import re
from collections.abc import Iterable
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Final

from assistant.engine.answer import Answer, Fact
from assistant.engine.days import MONTHS

_NAMES: Final = re.compile(
    r"\bICD-(?:10|9)(?:-(?:CM|PCS))?\b|\bExcludes\s?[12]\b|\bcolumn [12]\b|\b7th characters?\b"
    r"|\bMS-DRGs?\b|\bE/M\b",
    re.I,
)
_MONTH: Final = "|".join(sorted(MONTHS, key=len, reverse=True))
_DAY_FIRST: Final = re.compile(rf"\b(\d{{1,2}})\s+({_MONTH})\.?,?\s+(\d{{4}})\b", re.I)
_MONTH_FIRST: Final = re.compile(
    rf"\b({_MONTH})\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?,?\s+(\d{{4}})\b", re.I
)
_ISO: Final = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
_SLASHED: Final = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4})\b")
_MODIFIERS: Final = re.compile(
    r"\bmodifiers?\s+((?:-?[0-9A-Z]{2}(?![\w])(?:\s*,\s*(?:and |or )?|\s+and\s+|\s+or\s+|/)?)+)"
)
_TOKEN: Final = re.compile(r"[A-Za-z]{0,4}\d[\dA-Za-z]*(?:[.,]\d[\dA-Za-z]*)*")
_WORDS: Final = {
    word: str(number)
    for number, word in enumerate(
        [
            "zero",
            "one",
            "two",
            "three",
            "four",
            "five",
            "six",
            "seven",
            "eight",
            "nine",
            "ten",
            "eleven",
            "twelve",
        ]
    )
}
_COUNTED: Final = re.compile(
    rf"\b({'|'.join(_WORDS)})\s+(?:units?|days?|dollars?|codes?|edits?|modifiers?|hundred|thousand)\b",
    re.I,
)


def tokens(text: str) -> set[str]:
    """Return every code, number, date and modifier in a text, each in one form.

    Names such as ICD-10-CM or column 1 are no numbers. ``J96.01`` and ``j9601`` are one code, and
    ``1,234.50`` and ``1234.5`` one number. A date is one token, not three.
    """
    found: set[str] = set()

    def keep(day: date | None, typed: str) -> str:
        if day is None:
            return typed
        found.add(f"day {day.isoformat()}")
        return " "

    text = _NAMES.sub(" ", text)
    text = _DAY_FIRST.sub(lambda m: keep(_day(m[3], MONTHS[m[2].lower()], m[1]), m[0]), text)
    text = _MONTH_FIRST.sub(lambda m: keep(_day(m[3], MONTHS[m[1].lower()], m[2]), m[0]), text)
    text = _ISO.sub(lambda m: keep(_day(m[1], m[2], m[3]), m[0]), text)
    text = _SLASHED.sub(lambda m: keep(_day(m[3], m[1], m[2]), m[0]), text)
    for match in _MODIFIERS.finditer(text):
        found.update(re.findall(r"[0-9A-Z]{2}", match[1]))
    for match in _COUNTED.finditer(text):
        found.add(_WORDS[match[1].lower()])
    found.update(_one_form(token) for token in _TOKEN.findall(text))
    return found


def _day(year: object, month: object, day: object) -> date | None:
    try:
        return date(int(str(year)), int(str(month)), int(str(day)))
    except ValueError:
        return None


def _one_form(token: str) -> str:
    token = token.upper()
    if token[0].isalpha() or token[-1].isalpha():
        return token.replace(".", "").replace(",", "")
    try:
        number = Decimal(token.replace(",", ""))
    except InvalidOperation:  # such as 1.2.3
        return token
    if re.fullmatch(r"0\d+", token):
        return token  # 00 and 010 are indicators, not numbers
    return f"{number.normalize():f}"


def proven(facts: Iterable[Fact]) -> set[str]:
    """Return what the facts allow a text to say."""
    allowed: set[str] = set()
    for fact in facts:
        for text in (*fact.values, *fact.meaning, *fact.derived, *fact.asked):
            allowed |= tokens(text)
            allowed.add(_one_form(text) if text else "")
        for citation in fact.citations:
            if edition := citation.edition:
                allowed |= tokens(f"{edition.name} {edition.label} {edition.effective_on}")
    return allowed


def unproven(text: str, facts: Iterable[Fact]) -> set[str]:
    """Return the codes, numbers, dates and modifiers of a text that none of its facts holds."""
    missing = tokens(text) - (allowed := proven(facts))
    # 0 before a number, as in 05, is a matter of print.
    return {one for one in missing if one.lstrip("0") not in allowed and f"0{one}" not in allowed}


def faults(answer: Answer) -> list[str]:
    """Return what an answer says without proof, one line each; empty for a good one."""
    found = []
    for statement in answer.statements:
        if missing := unproven(statement.text, statement.facts):
            found.append(f"{', '.join(sorted(missing))} in “{statement.text}”")
        if not statement.facts and tokens(statement.text):
            found.append(f"no fact under “{statement.text}”")
    return found
