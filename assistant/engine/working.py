"""The making of one answer: its questions in turn, each with all that is found for it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

from assistant.engine import not_held
from assistant.engine.answer import Asker, CodeRef, Fact, Level, Reason, Topic
from assistant.engine.ask import Ask
from assistant.engine.composing import Part
from assistant.engine.days import spoken
from assistant.engine.editions import Editions, fill
from assistant.engine.finding import (
    as_of,
    comparing,
    crosswalks,
    described,
    dosage,
    drgs,
    excludes,
    factors,
    modifiers,
    one_code,
    others,
    pairs,
    places,
    taught,
    unknown,
    words,
)
from assistant.engine.finding.one_code import Look
from assistant.engine.finding.places import Place
from assistant.engine.intents import UNTOPICAL, Intent
from assistant.engine.making import Maker
from assistant.engine.resolving import Found, Resolved
from codes.claim_lines import Line
from codes.facts import PROCEDURE_SYSTEMS, Locality
from codes.ncci_facts import HOSPITAL, PRACTITIONER, SUPPLIER, Service

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
_OLD_V_CODE: Final = re.compile(r"V\d\d\.\d{1,2}", re.IGNORECASE)
"""How ICD-9-CM's V codes look, which are not in ICD-10-CM where they are unknown."""
_IN_SOMEWHERE: Final = re.compile(
    r"\bin (?!(?:20|19)\d\d|(?:an?|the|my|our|any|each|one|this|that|total|general|addition|"
    r"(?:non-?)?facility|office|hospital|medicare|dollars|opps|icd|cpt|hcpcs|full|part|use|it)\b)"
    r"([a-z][a-z. '-]{2,30}?)\W*$",
    re.IGNORECASE,
)
"""What ends a question as a place would."""
_HOSPITAL: Final = re.compile(r"\b(?:hospitals?|facility|facilities|hopd|opps)\b", re.IGNORECASE)
_SUPPLIER: Final = re.compile(r"\b(?:dme(?:pos)?|suppliers?)\b", re.IGNORECASE)
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
        found = self.resolved.of(ask)
        if ask.reading.day_note:
            part.facts.append(self._day_note(ask))
        part.facts += taught.curated(ask, self.make)
        look = self._look(part, found)
        found = [self._then(one, look) for one in found]
        part.facts += self._beside(found, ask)
        for number, one in enumerate(found):
            part.facts += self._of_code(one, look, is_whole=number < WHOLE)
        part.facts += modifiers.each(look.modifiers, self.make)
        part.facts += others.find(
            ask,
            self.editions,
            self.make,
            on=look.options.on,
            is_registered=self.asker.is_registered,
        )
        part.facts += self._not_held(ask, found)
        if factors.is_asked(ask):
            registered = self.asker.is_registered
            part.facts += factors.find(ask, self.editions, self.make, is_registered=registered)
        part.facts += described.find(ask, self.editions, self.make)
        self._icd9(ask, found, part)
        self._ranges(ask, part)
        self._gaps(found, look, part)
        if not any(not fact.kind.startswith("reading") for fact in part.facts):
            self._by_words(ask, part)
        self._refuse(ask, part, found)
        return part

    # --- Codes ----------------------------------------------------------------------------------

    def _look(self, part: Part, found: Sequence[Found]) -> Look:
        place = self._place(part.ask, found)
        if place.choices:
            part.facts.append(self._choices(place.choices))
        elif not place.locality and _procedures(found):
            part.facts += self._no_place(part.ask)
        is_named = place.locality or (place.choices and not part.ask.has_cue)
        if is_named and Intent.PAYS not in part.ask.intents:
            intents = (Intent.PAYS, *part.ask.intents)  # "99214 in Boston"
            part.ask = replace(part.ask, intents=intents)
        ask = part.ask
        return Look(
            ask,
            self.today,
            self.editions,
            self.make,
            self.asker.is_registered,
            place.key,
            checked=_service(ask) if self._is_checked(ask, found) else None,
        )

    def _then(self, one: Found, look: Look) -> Found:
        """Return the code with what the edition of the day says of it; two queries."""
        day = look.options.on
        if one.code is None or day is None:
            return one
        code, then = as_of.at(one.code, day)
        return replace(one, code=code, then=then)

    def _place(self, ask: Ask, found: Sequence[Found]) -> Place:
        """Return the place of payment, where a question about procedures names one."""
        is_asked = Intent.PAYS in ask.intents or not set(ask.intents) - {
            *UNTOPICAL,
            Intent.MODIFIERS,
        }
        is_asked = is_asked or not ask.has_cue
        if not is_asked or not _procedures(found):
            return Place()
        return places.find(ask.reading.words, ask.reading.day)

    def _no_place(self, ask: Ask) -> Iterator[Fact]:
        """Say that what stands where a place would stand is no locality that was read."""
        if Intent.PAYS not in ask.intents[:2] and ask.has_cue:
            return
        if match := _IN_SOMEWHERE.search(ask.reading.words):
            text = (
                f"No Medicare payment locality was read in “{match[1]}”, so amounts are national:"
                " name a locality, a county with its state, or a state."
            )
            yield self.make.fact(
                "reading.place", Topic.COVERAGE, text, [], level=Level.OPEN, asked=[match[1]]
            )

    def _choices(self, places: Sequence[Locality]) -> Fact:
        """Say that a state has several localities, of which the question names none."""
        names = "; ".join(place.name for place in places[:8])
        more = f" and {len(places) - 8:,} more" if len(places) > 8 else ""
        text = (
            f"{places[0].state} has {len(places):,} payment localities, so the amount is the"
            f" national one. Name one for its own: {names}{more}."
        )
        return self.make.fact(
            "reading.place",
            Topic.COVERAGE,
            text,
            places[:8],
            level=Level.OPEN,
            derived=[len(places), len(places) - 8],
        )

    def _is_checked(self, ask: Ask, found: Sequence[Found]) -> bool:
        """Whether the NCCI check is asked: of several codes, and where units matter."""
        asks_units = Intent.UNITS in ask.intents or bool(_units(ask))
        return self.asker.is_registered and (len(_procedures(found)) > 1 or asks_units)

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

    def _beside(self, found: Sequence[Found], ask: Ask) -> list[Fact]:
        """Return what holds of several codes together, and the units of one."""
        facts: list[Fact] = []
        named = [(one.code, one.ref) for one in found if one.code and one.ref]
        if len(named) > 1:
            facts += comparing.find(named, self.make)
            facts += excludes.find(
                [(one.code, one.ref) for one in found if one.code and one.ref and _has_notes(one)],
                self.make,
            )
        facts += dosage.find(named, ask, self.make)
        procedures = _procedures(found)
        refs = [one.ref for one in procedures if one.ref]
        day = ask.reading.day or self.today
        if not self.asker.is_registered:
            return [*facts, *self._pair_for_guest(refs, day)]
        if not procedures or not self._is_checked(ask, found):
            return facts
        is_only = len(procedures) == 1
        lines = [_line(one, ask, is_only=is_only) for one in procedures]
        return [*facts, *pairs.find(refs, lines, day, self.make, service=_service(ask))]

    def _pair_for_guest(self, refs: Sequence[CodeRef], day: date) -> list[Fact]:
        if len(refs) < 2 or "ptp-practitioner" not in self.editions.current:
            return []
        names = " and ".join(ref.display for ref in refs)
        text = (
            f"Whether {names} may be billed together on {spoken(day)} is for registered users:"
            " register for free, and ask again or use the NCCI check."
        )
        asked = [day, *(ref.display for ref in refs)]
        return [self.make.fact("locked.pair", Topic.NCCI, text, [], level=Level.OPEN, asked=asked)]

    def _not_held(self, ask: Ask, found: Sequence[Found]) -> Iterator[Fact]:
        """Say that no file here is about what the question names beside its codes or for itself."""
        is_about_payment = bool({Intent.PAYS, Intent.COVERED} & set(ask.intents))
        for one in not_held.named(ask.text):
            if found or is_about_payment or not one.is_payer:
                yield self.make.fact(
                    "missing.matter", Topic.CODES, one.said, [], level=Level.OPEN, asked=[one.typed]
                )

    def _icd9(self, ask: Ask, found: Sequence[Found], part: Part) -> None:
        numbers = ask.reading.icd9
        unknown = [one.mention.typed for one in found if one.ref is None]
        old = [typed.upper() for typed in unknown if _OLD_V_CODE.fullmatch(typed)]
        if old and self.asker.is_registered:
            part.facts += crosswalks.towards_icd9(old, self.make)
        if not numbers:
            return
        backward, forward = "gem-icd-9-cm-icd-10-cm", "gem-icd-10-cm-icd-9-cm"
        held = self.editions.current
        named = ", ".join(numbers)
        facts: list[Fact] = []
        if self.asker.is_registered:
            facts = list(crosswalks.from_icd9(numbers, self.make))
            if not facts and backward not in held:
                facts = list(crosswalks.towards_icd9(numbers, self.make))
        part.facts += facts
        if facts:
            return
        if not {backward, forward} & set(held):
            text = f"No map of ICD-9-CM {named} is loaded here. To fill it: {fill(backward)}."
        elif not self.asker.is_registered:
            text = f"Maps of ICD-9-CM {named} are for registered users."
        elif backward in held:
            text = f"The map loaded here has no ICD-9-CM {named}."
        else:
            text = (
                f"The map to ICD-9-CM held here names no {named}, and the map from ICD-9-CM is not"
                f" loaded. To fill it: {fill(backward)}."
            )
        part.facts.append(
            self.make.fact(
                "missing.gem", Topic.CROSSWALKS, text, [], level=Level.OPEN, asked=numbers
            )
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


def _has_notes(one: Found) -> bool:
    """Whether the notes of the day are held that is asked about."""
    return one.then is None or as_of.has_notes(one.then)


def _service(ask: Ask) -> Service:
    """Return whose edits and limits a question is about: practitioners', unless it says else."""
    if {Intent.TOGETHER, Intent.UNITS} & set(ask.intents):
        if _HOSPITAL.search(ask.text):
            return HOSPITAL
        if _SUPPLIER.search(ask.text):
            return SUPPLIER
    return PRACTITIONER


def _procedures(found: Sequence[Found]) -> list[Found]:
    return [one for one in found if one.ref and one.ref.system in PROCEDURE_SYSTEMS]


def _units(ask: Ask) -> int | None:
    return ask.reading.units or next((c.units for c in ask.reading.codes if c.units), None)


def _line(one: Found, ask: Ask, *, is_only: bool) -> Line:
    """Return a code of the question as a line of a claim."""
    own = one.mention.modifiers or ask.reading.modifiers
    units = one.mention.units or (ask.reading.units if is_only else None) or 1
    return Line(one.ref.key if one.ref else "", tuple(own[:4]), max(1, min(units, 9_999)))
