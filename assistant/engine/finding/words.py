"""Which codes the words of a question name, and how sure that is."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from django.db.models import Q

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.days import spoken
from assistant.engine.likeness import covered, likeness
from assistant.engine.making import Maker, ref_of
from assistant.engine.plain_words import FAMILIES
from assistant.engine.reading import Reading
from codes.authored_texts import AuthoredText
from codes.models import Code, CodeSystem
from codes.search import Filters, Group, Hit, in_order, search

SHOWN: Final = 6
NAMED_BELOW: Final = 8
MOST_BELOW: Final = 100
"""Billable codes below a heading: named, and counted."""
NAMED: Final = 0.5
NAMED_ALONE: Final = 0.66
"""Which share of the words one name must have to be no guess; more where nothing asks for codes."""

_SURE: Final = (Group.EXACT_CODE, Group.EXACT_DESCRIPTOR, Group.ALL_WORDS)


@dataclass(frozen=True, slots=True)
class Matches:
    """The codes that words may mean, best first, and whether the best one is no guess.

    ``missed`` are the systems that the question names and that have no such words.
    """

    facts: tuple[Fact, ...] = ()
    refs: tuple[CodeRef, ...] = ()
    is_sure: bool = False
    missed: tuple[str, ...] = ()


def find(
    words: str, reading: Reading, systems: Sequence[str], make: Maker, *, has_cue: bool
) -> Matches:
    """Return the codes that the words name; queries as the search, and two more.

    Where the best one is a heading, the billable codes below it are named too.

    ``has_cue`` says that the question has a word that asks for codes or facts.
    """
    if not words:
        return Matches()
    wanted = tuple(slug for slug in reading.systems if slug in systems)
    results = search(words, filters=Filters(systems=wanted, on=reading.day), limit=SHOWN)
    hits = results.hits
    missed = wanted if not hits else ()
    if missed:
        hits = search(words, filters=Filters(on=reading.day), limit=SHOWN).hits
    if not hits:
        return Matches(missed=missed)
    codes = in_order([hit.code_id for hit in hits])
    scored = list(zip(hits, codes, strict=True))
    is_sure = hits[0].group in _SURE or _share(words, scored) >= (
        NAMED if reading.systems or has_cue else NAMED_ALONE
    )
    is_sure = is_sure and bool(re.search(r"[^\W\d_]", words))  # a number alone names nothing
    scored = _usable_first(scored, words, reading)
    codes = [code for _, code in scored]
    facts = [_hit(hit, code, make) for hit, code in scored]
    refs = [ref_of(code) for code in codes]
    if below := _billable_below(codes[0]):
        facts.insert(1, _below(codes[0], below, make))
        refs += [ref_of(code) for code in below[:NAMED_BELOW] if code not in codes]
    return Matches(tuple(facts), tuple(refs), is_sure, missed)


def _usable_first(
    scored: Sequence[tuple[Hit, Code]], words: str, reading: Reading
) -> list[tuple[Hit, Code]]:
    """Return the hits in their order, but last what the words rule out, before it deleted codes,
    and before all others those of the family asked for ("J code for ...")."""
    letter = re.search(r"\b([a-v])[- ]codes?\b", reading.text, re.IGNORECASE)
    first = letter[1].upper() if letter else ""
    return sorted(
        scored,
        key=lambda one: (
            _is_ruled_out(words, *one),
            reading.day is None and one[1].is_deleted,
            not one[1].key.startswith(first),
        ),
    )


def _is_ruled_out(words: str, hit: Hit, code: Code) -> bool:
    """Whether a name says "with" of what the words say "without", abbreviations read out."""
    name = code.public_short.lower()
    absent = re.findall(r"\bwithout (\w+)", words.lower())
    read = dict(text.lower().split(": ", 1) for text in hit.readings if ": " in text)
    return any(
        f"with {each}" in name and f"without {each}" not in name
        for each in (read.get(word, word) for word in absent)
    )


def _share(words: str, scored: Sequence[tuple[Hit, Code]]) -> float:
    """Return the share of the words that the best name has, abbreviations read out."""
    return max(
        covered(words, " ".join([hit.term, code.public_short, *hit.readings]))
        for hit, code in scored
    )


def _hit(hit: Hit, code: Code, make: Maker) -> Fact:
    state = _state(code)
    text = f"{code.system.name} {code.display}: {code.public_short or 'number only'} ({state})."
    is_other_name = hit.is_open and hit.term and hit.term != code.display
    if is_other_name and hit.term.lower() not in code.public_short.lower():
        text += f" Found by “{hit.term}”."
    if hit.readings:
        text += f" Read: {'; '.join(dict.fromkeys(hit.readings))}."
    return make.fact(
        "hit",
        Topic.CODES,
        text,
        code,
        level=Level.OPEN,
        url=code.get_absolute_url(),
        derived=[*([hit.term] if hit.is_open else []), *hit.readings],
    )


def _state(code: Code) -> str:
    if code.is_deleted and code.valid_to:
        return f"deleted, last day {spoken(code.valid_to)}"
    return "billable" if code.billable else "a heading, not billable"


def _billable_below(head: Code) -> list[Code]:
    """Return the billable codes below a heading, none below a code that is billable itself."""
    if head.billable or head.is_deleted:
        return []
    below = Code.objects.visible().below(head).filter(billable=True, valid_to=None)
    return list(below.select_related("system", "release").order_by("position")[:MOST_BELOW])


def _below(head: Code, below: Sequence[Code], make: Maker) -> Fact:
    shown = below[:NAMED_BELOW]
    names = "; ".join(f"{code.display} {code.public_short}".strip() for code in shown)
    more = len(below) - len(shown)
    rest = f", and {more:,}{' or' if len(below) == MOST_BELOW else ''} more" if more else ""
    text = f"{head.display} is a heading; the billable codes below it: {names}{rest}."
    return make.fact(
        "hit.below",
        Topic.CODES,
        text,
        [head, *shown],
        level=Level.OPEN,
        url=head.get_absolute_url(),
        derived=[more] if more else [],
    )


# --- Families of codes --------------------------------------------------------------------------


def families(words: str) -> list[Code]:
    """Return the chapters and sections that all the words name, at most three; one query."""
    named = family_words(words)
    if not re.search(r"\w", named):
        return []
    found = Code.objects.visible().without_former_headings()
    found = found.filter(kind__in=[Code.Kind.CHAPTER, Code.Kind.SECTION])
    found = found.filter(system__display_mode=CodeSystem.DisplayMode.FULL)
    for word in named.split()[:6]:
        pattern = rf"\m{re.escape(word)}"
        found = found.filter(
            Q(short_descriptor__iregex=pattern) | Q(long_descriptor__iregex=pattern)
        )
    heads = found.select_related("system", "release").order_by("system__position", "position")
    return sorted(heads[:20], key=lambda code: -likeness(named, code.public_short))[:3]


def family_words(words: str) -> str:
    """Return the words by which a heading is named, without those that every question has."""
    lower = re.sub(
        r"\b(?:guid\w*|rules?|services?|visits?|guidance|instructions?|codes?|family|chapter"
        r"|section|category|list|notes?|documentation|requirements?|audits?)\b",
        " ",
        words.lower(),
    )
    lower = " ".join(lower.split())
    return FAMILIES.get(lower, lower)


def family(head: Code, make: Maker) -> Iterator[Fact]:
    """Yield what a heading is and which of its codes hold guidance; two queries.

    Guidance itself is read on each code's page, or asked for by its code.
    """
    url = head.browse_url()
    name = f"{head.system.name}, {head.get_kind_display()} {head.display}"
    words = (
        f": {head.public_short}" if head.public_short and head.public_short != head.display else ""
    )
    yield make.fact("family", Topic.GUIDELINES, f"{name}{words}.", head, level=Level.OPEN, url=url)
    below = Code.objects.below(head).filter(kind=Code.Kind.CODE).select_related("system", "release")
    guided = list(below.filter(_has_guidance()).distinct()[:12])
    total = below.count()
    shown = guided or list(below[:8])
    names = "; ".join(f"{code.display} {code.public_short}".strip() for code in shown)
    if not shown:
        return
    what = "Codes with coding guidance" if guided else "Codes"
    yield make.fact(
        "family.codes",
        Topic.GUIDELINES,
        f"{what} in it: {names} ({total:,} codes in all).",
        [head, *shown],
        level=Level.OPEN,
        url=url,
        derived=[total],
    )


def _has_guidance() -> Q:
    return Q(texts__kind=AuthoredText.Kind.GUIDELINES) & ~Q(texts__html="")


def guided_codes(head: Code) -> list[Code]:
    """Return the codes below a heading that hold guidance, at most twelve; one query."""
    below = Code.objects.below(head).filter(_has_guidance()).select_related("system", "release")
    return list(below.distinct()[:12])
