"""Everything stored about one code, as far as its asker may see it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Prefetch, prefetch_related_objects

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.ask import Ask
from assistant.engine.editions import Editions
from assistant.engine.finding import (
    compliance,
    crosswalks,
    edits,
    gaps,
    guidelines,
    lead,
    locked,
    medicare,
    modifiers,
)
from assistant.engine.intents import TOPIC_OF
from assistant.engine.making import Maker
from assistant.engine.resolving import Found
from codes.authored_texts import AuthoredText
from codes.metering import Access
from codes.models import Code, CodeSystem
from codes.ncci_facts import Service
from codes.sections.options import SectionOptions

_ALL: Final = frozenset(Topic)


@dataclass(frozen=True, slots=True)
class Look:
    """How codes are looked at: for which question, at which place, for whom."""

    ask: Ask
    today: date
    editions: Editions
    make: Maker
    is_registered: bool
    locality: str = ""
    checked: Service | None = None
    """Whose edits and limits the NCCI check of the question looks at, where it makes one."""

    @property
    def options(self) -> SectionOptions:
        """What the sections are asked for."""
        day = self.ask.reading.day
        on = day if day and day != self.today else None
        return SectionOptions(on=on, locality=self.locality, is_whole=bool(self.locality))

    @property
    def modifiers(self) -> tuple[str, ...]:
        """Every modifier that the question names."""
        own = [m for code in self.ask.reading.codes for m in code.modifiers]
        return tuple(dict.fromkeys([*self.ask.reading.modifiers, *own]))


def find(found: Found, look: Look, *, is_whole: bool) -> list[Fact]:
    """Return the facts of a code; about 50 queries for one whose page is open, 30 for others.

    With ``is_whole`` unset the topics that are not asked about are left out.
    """
    code, ref, make = found.code, found.ref, look.make
    if code is None or ref is None:
        return []
    texts = AuthoredText.objects.select_related("release")
    prefetch_related_objects([code], Prefetch("texts", texts))
    around = lead.Around.of(code)
    facts = lead.find(code, ref, around, found.then, make)
    if ref.access is Access.UNLOCKED:
        facts += _sections(found, code, ref, look, is_whole)
    elif is_whole:
        facts += locked.find(code, ref, make, is_registered=look.is_registered)
    facts += _readings(found, make)
    return facts


def gaps_of(ref: CodeRef, system: CodeSystem, facts: list[Fact], look: Look) -> Iterator[Fact]:
    """Yield what is missing of what is asked about a code."""
    is_open = ref.access is Access.UNLOCKED or (ref.code_id is None and look.is_registered)
    found = gaps.find(
        look.ask, ref, system.name, facts, look.editions, look.make, on=look.options.on
    )
    for fact in found:
        # That a loaded file says nothing of a code is known only to who may read the file.
        if is_open or not fact.kind.startswith("none.") or not fact.citations:
            yield fact


def _sections(found: Found, code: Code, ref: CodeRef, look: Look, is_whole: bool) -> list[Fact]:
    wanted = _ALL if is_whole else {TOPIC_OF[intent] for intent in look.ask.intents}
    options, make = look.options, look.make
    facts: list[Fact] = []
    if Topic.GUIDELINES in wanted:
        facts += guidelines.find(code, ref, options, make, then=found.then)
    if Topic.MODIFIERS in wanted:
        facts += modifiers.find(code, ref, options, make, asked=look.modifiers)
    if Topic.CROSSWALKS in wanted:
        facts += crosswalks.find(code, ref, options, make)
    if Topic.NCCI in wanted:
        facts += edits.find(code, ref, options, make, checked=look.checked)
    if Topic.COMPLIANCE in wanted:
        facts += compliance.find(code, ref, options, make)
    if Topic.COVERAGE in wanted:
        facts += medicare.find(code, ref, options, make, today=look.today, asked=look.modifiers)
    return facts


def of_files(ref: CodeRef, system: CodeSystem, look: Look) -> list[Fact]:
    """Return what Medicare's files say of a code that has no page here; about 25 queries.

    For registered users, as the NCCI check shows such codes to them; there is no page to open.
    """
    code, make, level = _stand_in(ref, system), look.make, Level.MEMBERS
    facts = [_no_page(ref, system, look)]
    if not look.is_registered:
        text = (
            f"Medicare's files that are loaded here name {ref.display}. Register for free to read"
            " what they say."
        )
        locked_fact = make.fact(
            "locked.files", Topic.COVERAGE, text, [], level=Level.OPEN, asked=[ref.display]
        )
        return [*facts, locked_fact]
    facts += guidelines.policy(code, ref, look.options, make, level)
    facts += modifiers.find(code, ref, look.options, make, asked=look.modifiers, level=level)
    facts += edits.find(code, ref, look.options, make, level, checked=look.checked)
    facts += crosswalks.add_ons(code, ref, look.options, make, level)
    facts += medicare.find(
        code, ref, look.options, make, today=look.today, level=level, asked=look.modifiers
    )
    return facts


def _stand_in(ref: CodeRef, system: CodeSystem) -> Code:
    """Return a code in memory, for readers of facts, which go by its key alone."""
    return Code(system=system, key=ref.key, display=ref.display, kind=Code.Kind.CODE)


def _no_page(ref: CodeRef, system: CodeSystem, look: Look) -> Fact:
    release = look.editions.of_system(ref.system)
    label = f" ({release.label})" if release else ""
    text = (
        f"{ref.display} is not in the {system.name} edition loaded here{label}, so this site has no"
        " description of it; Medicare's files name it."
    )
    return look.make.fact(
        "code.files",
        Topic.CODES,
        text,
        [release] if release else [],
        level=Level.OPEN,
        code=ref,
        asked=[ref.display],
    )


def _readings(found: Found, make: Maker) -> Iterator[Fact]:
    typed = found.mention.typed
    if found.is_corrected and found.code:
        yield make.fact(
            "reading.corrected",
            Topic.CODES,
            f"“{typed}” was read as {found.code.display}.",
            found.code,
            level=Level.OPEN,
            asked=[typed],
        )
    for other in found.others:
        words = f": {other.public_short}" if other.public_short else ""
        yield make.fact(
            "reading.other",
            Topic.CODES,
            f"“{typed}” can also be read as {other.system.name} {other.display}{words}.",
            other,
            level=Level.OPEN,
            url=other.get_absolute_url(),
            asked=[typed],
        )
