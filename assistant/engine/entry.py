"""The way in: a question, who asks it and what was asked before, to a typed answer."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from django.utils.timezone import localdate

from assistant.engine import composing
from assistant.engine.answer import (
    GUEST,
    Answer,
    Asker,
    CodeRef,
    Fact,
    Kind,
    Outcome,
    Reason,
    Statement,
)
from assistant.engine.ask import Ask
from assistant.engine.composing import Part
from assistant.engine.context import as_context
from assistant.engine.cues import GREETING
from assistant.engine.editions import Editions
from assistant.engine.finding import taught
from assistant.engine.intents import TOPIC_OF
from assistant.engine.markup import asks_nothing, without_markup
from assistant.engine.resolving import resolve
from assistant.engine.understanding import understand
from assistant.engine.working import Work
from codes.identifiers import Kind as Identifier
from codes.identifiers import mask


def answer(
    question: str,
    asker: Asker = GUEST,
    context: Sequence[Mapping[str, object]] = (),
    *,
    on: date | None = None,
) -> Answer:
    """Return the answer to a message, from rows of the database alone. Never raises on any text.

    ``context`` are the ``understood`` of the turns before, the newest last. ``on`` is the day asked
    about where the message names none. ``asker.unlock`` is called once at most, with the codes that
    the message is about and that have a page. Identifiers of patients are masked before anything
    else is done with the text; markup and program code in it are not read. About 60 queries for a
    code whose page is open.
    """
    today = localdate()
    masked = mask(question[: composing.MAX_CHARACTERS])
    text, has_markup = without_markup(masked.text)
    if has_markup and asks_nothing(text):
        return _only_markup(masked.text)
    asks = [_on(ask, on) for ask in understand(text, context, today)]
    if not asks or GREETING.fullmatch(text.strip()):
        return Answer(masked.text, Outcome.REFUSED, Reason.UNCLEAR, notices=(_ASK_SOMETHING,))
    asks = taught.with_aliases(asks)
    work = Work(asker, today, resolve(asks), Editions.load())
    work.unlock()
    parts = [work.part(ask) for ask in asks]
    found = _put_together(masked.text, masked.kinds, asks, parts, work)
    return replace(found, notices=(*found.notices, _NOT_READ)) if has_markup else found


_NOT_READ = "Markup or program code in the message was not read."
_ASK_SOMETHING = "Ask about a code, a modifier, or what a service or a diagnosis is coded as."


def _only_markup(question: str) -> Answer:
    text = (
        "The message holds markup or program code and no question beside it, so nothing was"
        " searched."
    )
    said = (Statement(text, Kind.REFUSAL),)
    return Answer(question, Outcome.REFUSED, Reason.OUTSIDE, said, notices=(_ASK_SOMETHING,))


def _on(ask: Ask, day: date | None) -> Ask:
    if day is None or ask.reading.day:
        return ask
    return replace(ask, reading=replace(ask.reading, day=day))


def _put_together(
    question: str,
    identifiers: Sequence[Identifier],
    asks: list[Ask],
    parts: list[Part],
    work: Work,
) -> Answer:
    statements, outcome, reason = composing.compose(parts)
    codes = work.codes
    facts = [fact for part in parts for fact in part.facts]
    asked = {TOPIC_OF[intent] for ask in asks for intent in ask.intents[:1]}
    return Answer(
        question=question,
        outcome=outcome,
        reason=reason,
        statements=tuple(statements),
        codes=codes,
        follow_ups=tuple(composing.follow_ups(codes, facts, asked)),
        notices=tuple(_notices(codes, facts, identifiers)),
        understood=as_context(asks),
        day=asks[-1].reading.day,
    )


def _notices(
    codes: Sequence[CodeRef], facts: Sequence[Fact], identifiers: Sequence[Identifier]
) -> Iterator[str]:
    if identifiers:
        names = ", ".join(kind.value for kind in identifiers)
        yield (
            f"Masked before anything was stored: {names}. Please leave out what identifies a"
            " patient; no answer here needs it."
        )
    editions = {c.edition for fact in facts for c in fact.citations if c.edition}
    if any(edition.is_sample for edition in editions):
        yield "Some of this is sample content written for this site, not a publisher's file."
    if any(code.system == "cpt" for code in codes):
        yield (
            "CPT® is a registered trademark of the American Medical Association; CPT code numbers"
            " are copyright of the AMA."
        )
