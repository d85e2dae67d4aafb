"""The way in: a question, who asks it and what was asked before, to a typed answer."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.db.models import Prefetch, prefetch_related_objects
from django.utils.timezone import localdate

from assistant.engine import composing
from assistant.engine.answer import (
    GUEST,
    Answer,
    Asker,
    CodeRef,
    Fact,
    Level,
    Outcome,
    Reason,
    Statement,
    Topic,
)
from assistant.engine.composing import Part
from assistant.engine.editions import Editions, fill
from assistant.engine.finding import lead, locked, pairs
from assistant.engine.intents import TOPIC_OF
from assistant.engine.making import Maker
from assistant.engine.reading import spoken
from assistant.engine.resolving import Found, Resolved, resolve
from assistant.engine.understanding import Ask, as_context, understand
from codes.authored_texts import AuthoredText
from codes.claim_lines import Line
from codes.facts import PROCEDURE_SYSTEMS
from codes.metering import Access

MAX_SUBJECTS = 6
"""How many codes of a message are looked at whole; of more only what they are."""


def answer(
    question: str,
    asker: Asker = GUEST,
    context: Sequence[Mapping[str, object]] = (),
    *,
    on: date | None = None,
) -> Answer:
    """Return the answer to a message, from rows of the database alone.

    ``context`` are the ``understood`` of the turns before, the newest last. ``on`` is the day asked
    about where the message names none. ``asker.unlock`` is called once, with the codes that the
    message is about and that have a page. Never raises on any text.
    """
    today = localdate()
    asks = understand(question, context, today)
    if on is not None:
        asks = [
            ask if ask.reading.day else replace(ask, reading=replace(ask.reading, day=on))
            for ask in asks
        ]
    if not asks:
        return Answer(question, Outcome.REFUSED, Reason.UNCLEAR)
    work = _Work(asker, today, resolve(asks), Editions.load())
    work.unlock()
    parts = [work.part(ask) for ask in asks]
    return _put_together(question, asks, parts, work)


@dataclass(slots=True)
class _Work:
    """What one answer is made with."""

    asker: Asker
    today: date
    resolved: Resolved
    editions: Editions
    make: Maker = field(default_factory=Maker)
    seen: set[int] = field(default_factory=set)

    def unlock(self) -> None:
        """Ask once what of the subject codes is open, and note it in them."""
        found = self.resolved.found
        subjects = [one.ref for one in found.values() if one.ref and one.code][:MAX_SUBJECTS]
        opened = self.asker.unlock(subjects) if subjects else {}
        for key, one in found.items():
            if one.ref and one.ref.code_id in opened:
                access = opened[one.ref.code_id or 0]
                found[key] = replace(one, ref=replace(one.ref, access=access))

    def part(self, ask: Ask) -> Part:
        """Find everything for one question."""
        part = Part(ask)
        found = self.resolved.of(ask)
        if ask.reading.day_note:
            text = ask.reading.day_note
            part.facts.append(
                self.make.fact("reading.day", Topic.CODES, text, [], level=Level.OPEN, asked=[text])
            )
        for one in found:
            part.facts += self._of_code(one, ask)
        part.facts += self._together(found, ask)
        return part

    # --- One code -------------------------------------------------------------------------------

    def _of_code(self, one: Found, ask: Ask) -> Iterable[Fact]:
        if one.code is None or one.ref is None:
            yield from self._unknown(one)
            return
        if one.code.pk in self.seen:
            return
        self.seen.add(one.code.pk)
        code, ref = one.code, one.ref
        texts = AuthoredText.objects.select_related("release")
        prefetch_related_objects([code], Prefetch("texts", texts))
        around = lead.Around.of(code)
        yield from lead.find(code, ref, around, ask.reading.day, self.make)
        if ref.access is not Access.UNLOCKED:
            yield from locked.find(code, ref, self.make, is_registered=self.asker.is_registered)
        yield from self._readings(one)

    def _readings(self, one: Found) -> Iterable[Fact]:
        for other in one.others:
            text = (
                f"“{one.mention.typed}” can also be read as {other.system.name} {other.display}"
                f"{': ' + other.public_short if other.public_short else ''}."
            )
            yield self.make.fact(
                "reading.other",
                Topic.CODES,
                text,
                other,
                level=Level.OPEN,
                url=other.get_absolute_url(),
                asked=[one.mention.typed],
            )

    def _unknown(self, one: Found) -> Iterable[Fact]:
        slugs = self.resolved.systems
        searched = [r for slug in slugs if (r := self.editions.of_system(slug))]
        typed = one.mention.typed.upper()
        where = ", ".join(f"{slugs[r.source].name} ({r.label})" for r in searched)
        text = f"{typed} is in no code system held here: {where}."
        yield self.make.fact(
            "unknown", Topic.CODES, text, searched, level=Level.OPEN, asked=[typed]
        )
        cpt = self.editions.of_system("cpt")
        if cpt and cpt.is_sample and len(one.mention.key) == 5 and one.mention.key[:4].isdigit():
            text = (
                f"Of CPT® only a sample is loaded ({cpt.label}), so a CPT number that is not here"
                f" may well exist. To fill it: {fill('cpt')}, with the AMA's licence."
            )
            yield self.make.fact("missing.cpt", Topic.CODES, text, cpt, level=Level.OPEN)
        if one.nearest:
            near = "; ".join(f"{c.display} {c.public_short}".strip() for c in one.nearest)
            text = f"Nearest to {typed}: {near}."
            yield self.make.fact(
                "unknown.nearest",
                Topic.CODES,
                text,
                one.nearest,
                level=Level.OPEN,
                asked=[typed],
            )

    # --- Several codes --------------------------------------------------------------------------

    def _together(self, found: Sequence[Found], ask: Ask) -> list[Fact]:
        refs = [o.ref for o in found if o.ref and o.ref.system in PROCEDURE_SYSTEMS]
        if not refs:
            return []
        day = ask.reading.day or self.today
        lines = [_line(one, ask, is_only=len(refs) == 1) for one in found if one.ref in refs]
        if not self.asker.is_registered:
            return self._pair_for_guest(refs, day)
        return pairs.find(refs, lines, day, self.make, is_day_asked=ask.reading.day is not None)

    def _pair_for_guest(self, refs: Sequence[CodeRef], day: date) -> list[Fact]:
        if len(refs) < 2:
            return []
        names = " and ".join(ref.display for ref in refs)
        text = (
            f"Whether {names} may be billed together on {spoken(day)} is for registered users:"
            " register for free and use the NCCI check."
        )
        return [
            self.make.fact(
                "locked.pair",
                Topic.NCCI,
                text,
                [],
                level=Level.OPEN,
                asked=[day, *(ref.display for ref in refs)],
            )
        ]


def _line(one: Found, ask: Ask, *, is_only: bool) -> Line:
    """Return a code of the question as a line of a claim."""
    own = one.mention.modifiers or ask.reading.modifiers
    units = one.mention.units or (ask.reading.units if is_only else None) or 1
    return Line(one.mention.key, tuple(own[:4]), max(1, min(units, 9_999)))


def _put_together(question: str, asks: list[Ask], parts: list[Part], work: _Work) -> Answer:
    statements: list[Statement] = []
    outcomes = []
    for number, part in enumerate(parts):
        said, outcome, reason = composing.compose(part, number)
        statements += said
        outcomes.append((outcome, reason))
    outcome, reason = composing.worst(outcomes)
    codes = tuple(one.ref for one in work.resolved.found.values() if one.ref)
    facts = [fact for part in parts for fact in part.facts]
    asked = {TOPIC_OF[intent] for ask in asks for intent in ask.intents[:1]}
    return Answer(
        question=question,
        outcome=outcome,
        reason=reason,
        statements=tuple(statements),
        codes=codes,
        follow_ups=tuple(composing.follow_ups(codes, facts, asked)),
        notices=tuple(_notices(codes, facts)),
        understood=as_context(asks),
        day=asks[-1].reading.day,
    )


def _notices(codes: Sequence[CodeRef], facts: Sequence[Fact]) -> Iterable[str]:
    editions = {c.edition for fact in facts for c in fact.citations if c.edition}
    if any(edition.is_sample for edition in editions):
        yield "Some of this is sample content written for this site, not a publisher's file."
    if any(code.system == "cpt" for code in codes):
        yield (
            "CPT® is a registered trademark of the American Medical Association; CPT code numbers"
            " are copyright of the AMA."
        )
