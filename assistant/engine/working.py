"""The making of one answer: its questions in turn, each with all that is found for it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from assistant.engine import not_held
from assistant.engine.answer import Asker, CodeRef, Fact, Level, Reason, Topic
from assistant.engine.ask import Ask
from assistant.engine.composing import Part
from assistant.engine.editions import Editions, fill
from assistant.engine.finding import (
    as_of,
    described,
    drgs,
    factors,
    icd9,
    modifiers,
    one_code,
    others,
    places,
    taught,
    together,
    unknown,
    words,
)
from assistant.engine.finding.one_code import Look
from assistant.engine.finding.places import Place
from assistant.engine.intents import Intent
from assistant.engine.making import Maker
from assistant.engine.resolving import Found, Resolved

MAX_SUBJECTS: Final = 6
"""How many codes of a message may be opened for its asker."""
WHOLE: Final = 2
"""Of how many codes everything is shown; of more only what is asked about."""

_NO_ADVICE: Final = (
    "This site answers questions about codes. It gives no medical or legal advice for a person:"
    " please ask a clinician or a lawyer."
)
_OUTSIDE: Final = (
    "That is outside medical coding. Ask about codes, guidelines, modifiers, crosswalks, NCCI"
    " edits, compliance or Medicare coverage."
)
_NO_MATCH: Final = (
    "Nothing held here matches these words with confidence. Name a code, or the service or"
    " diagnosis in other words."
)
_FAMILY_INTENTS: Final = {Intent.GUIDELINES, Intent.HIERARCHY, Intent.COMPLIANCE}


@dataclass(slots=True)
class Work:
    """What one answer is made with."""

    asker: Asker
    today: date
    resolved: Resolved
    editions: Editions
    make: Maker = field(default_factory=Maker)
    hits: list[CodeRef] = field(default_factory=list)
    _found: dict[str, list[Fact]] = field(default_factory=dict)

    @property
    def codes(self) -> tuple[CodeRef, ...]:
        """The codes of the answer: those asked about, then those found by words."""
        named = [one.ref for one in self.resolved.found.values() if one.ref]
        return tuple(dict.fromkeys([*named, *self.hits]))

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
        is_registered = self.asker.is_registered
        found = self.resolved.of(ask)
        if ask.reading.day_note:
            part.facts.append(self._day_note(ask))
        part.facts += taught.curated(ask, self.make)
        look = self._look(part, found)
        found = [self._then(one, look) for one in found]
        part.facts += together.find(
            found, ask, self.today, self.editions, self.make, is_registered=is_registered
        )
        for number, one in enumerate(found):
            part.facts += self._of_code(one, look, is_whole=number < WHOLE)
        part.facts += modifiers.each(look.modifiers, self.make)
        part.facts += others.find(
            ask, self.editions, self.make, on=look.options.on, is_registered=is_registered
        )
        part.facts += self._not_held(ask, found)
        if factors.is_asked(ask):
            part.facts += factors.find(ask, self.editions, self.make, is_registered=is_registered)
        part.facts += described.find(ask, self.editions, self.make)
        part.facts += icd9.find(ask, found, self.editions, self.make, is_registered=is_registered)
        self._ranges(ask, part)
        self._gaps(found, look, part)
        if not any(not fact.kind.startswith("reading") for fact in part.facts):
            self._by_words(ask, part)
        self._refuse(ask, part, found)
        return part

    # --- Codes ----------------------------------------------------------------------------------

    def _look(self, part: Part, found: Sequence[Found]) -> Look:
        is_about_procedures = bool(together.procedures(found))
        place = places.asked(part.ask) if is_about_procedures else Place()
        if place.choices:
            part.facts.append(places.choices(place.choices, self.make))
        elif not place.locality and is_about_procedures:
            part.facts += places.unread(part.ask, self.make)
        is_named = place.locality or (place.choices and not part.ask.has_cue)
        if is_named and Intent.PAYS not in part.ask.intents:
            intents = (Intent.PAYS, *part.ask.intents)  # "99214 in Boston"
            part.ask = replace(part.ask, intents=intents)
        is_registered = self.asker.is_registered
        return Look(
            part.ask,
            self.today,
            self.editions,
            self.make,
            is_registered,
            place.key,
            checked=together.checked(found, part.ask, is_registered=is_registered),
        )

    def _then(self, one: Found, look: Look) -> Found:
        """Return the code with what the edition of the day says of it; two queries."""
        day = look.options.on
        if one.code is None or day is None:
            return one
        code, then = as_of.at(one.code, day)
        return replace(one, code=code, then=then)

    def _of_code(self, one: Found, look: Look, *, is_whole: bool) -> list[Fact]:
        key = f"{one.mention.key} {look.options} {look.modifiers} {is_whole}"
        if key not in self._found:
            self._found[key] = self._look_at(one, look, is_whole=is_whole)
        return self._found[key]

    def _look_at(self, one: Found, look: Look, *, is_whole: bool) -> list[Fact]:
        if one.code is not None:
            return one_code.find(one, look, is_whole=is_whole)
        if one.ref is not None:
            return one_code.of_files(one.ref, self.resolved.systems[one.ref.system], look)
        return list(unknown.find(one, self.resolved, self.editions, self.make))

    def _gaps(self, found: Sequence[Found], look: Look, part: Part) -> None:
        for one in found:
            if one.ref:
                system = self.resolved.systems[one.ref.system]
                part.facts += one_code.gaps_of(one.ref, system, part.facts, look)

    def _not_held(self, ask: Ask, found: Sequence[Found]) -> Iterator[Fact]:
        """Say that no file here is about what the question names beside its codes or for itself."""
        is_about_payment = bool({Intent.PAYS, Intent.COVERED} & set(ask.intents))
        for one in not_held.named(ask.text):
            if found or is_about_payment or not one.is_payer:
                yield self.make.fact(
                    "missing.matter", Topic.CODES, one.said, [], level=Level.OPEN, asked=[one.typed]
                )

    def _ranges(self, ask: Ask, part: Part) -> None:
        for span in ask.reading.ranges:
            heads = self.resolved.headings.get(span.typed, [])
            for head in heads[:2]:
                part.facts += words.family(head, self.make)
            if not heads:
                text = f"No heading {span.typed} is held here, and neither of its ends is."
                part.facts.append(
                    self.make.fact(
                        "unknown.range",
                        Topic.CODES,
                        text,
                        [],
                        level=Level.OPEN,
                        asked=[span.typed, span.first, span.last],
                    )
                )

    # --- Words ----------------------------------------------------------------------------------

    def _by_words(self, ask: Ask, part: Part) -> None:
        """Look for what the words name: families of codes, then codes."""
        if ask.refusal is not Reason.NONE:
            return
        text = ask.subject_words
        if set(ask.intents[:2]) & _FAMILY_INTENTS:
            for head in words.families(text):
                part.facts += words.family(head, self.make)
            if part.facts:
                return
        groups = (
            list(drgs.by_title(text, ask.reading.day, self.make)) if "drg" in ask.aspects else []
        )
        part.facts += groups
        matches = words.find(
            text, ask.reading, list(self.resolved.systems), self.make, has_cue=ask.has_cue
        )
        part.facts += [self._missed(slug) for slug in matches.missed]
        part.facts += matches.facts
        self.hits += matches.refs
        if matches.missed:
            part.reasons.append(Reason.NO_DATA)
        if not matches.is_sure and not groups:
            part.refusals.append((Reason.NO_MATCH, _NO_MATCH))

    def _missed(self, slug: str) -> Fact:
        """Say that a system has none of the words, and of a sample that it is one."""
        system, release = self.resolved.systems[slug], self.editions.of_system(slug)
        label = f" ({release.label})" if release else ""
        text = f"Nothing in {system.name}{label} is named so."
        if release and release.is_sample:
            text += (
                f" Of {system.name} only a sample is loaded. To fill it: {fill(slug)}, with the"
                " publisher's licence."
            )
        return self.make.fact(
            "missing.words", Topic.CODES, text, [release] if release else [], level=Level.OPEN
        )

    def _refuse(self, ask: Ask, part: Part, found: Sequence[Found]) -> None:
        if ask.refusal is Reason.ADVICE:
            part.refusals.insert(0, (Reason.ADVICE, _NO_ADVICE))
        elif ask.refusal is Reason.OUTSIDE and not found:
            part.refusals.insert(0, (Reason.OUTSIDE, _OUTSIDE))

    def _day_note(self, ask: Ask) -> Fact:
        text = ask.reading.day_note
        return self.make.fact("reading.day", Topic.CODES, text, [], level=Level.OPEN, asked=[text])
