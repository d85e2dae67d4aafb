"""Crosswalks: maps, categories, diagnoses of coverage articles, add-on pairs, replaced codes."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.finding import drgs
from assistant.engine.finding.lead import quoted
from assistant.engine.making import Maker
from codes.authored_texts import AuthoredText
from codes.models import Code
from codes.sections import BY_SLUG
from codes.sections.authored import published_text
from codes.sections.covered_pairs import Pairings
from codes.sections.crosswalks import AddOnPairs, Equivalence, add_on_pairs
from codes.sections.options import SectionOptions

TOPIC: Final = Topic.CROSSWALKS
_NAMED: Final = 12


def find(code: Code, ref: CodeRef, options: SectionOptions, make: Maker) -> Iterator[Fact]:
    """Yield what the section holds; at most seventeen queries."""
    if text := published_text(code, AuthoredText.Kind.CROSSWALKS):
        yield quoted(text, "authored.crosswalks", TOPIC, ref, make, anchor="crosswalks")
    loaded: Any = BY_SLUG["crosswalks"].load(code, options)
    for system, title in (("icd9", "ICD-9-CM"), ("ccsr", "CCSR")):
        if maps := loaded[system]:
            yield _maps(code, ref, system, title, maps, make)
    if uses := loaded["drgs"]:
        yield drgs.of_code(code, ref, uses, make)
    if loaded["pairings"] and loaded["pairings"].entries:
        yield _pairings(code, ref, loaded["pairings"], make)
    for pairs in loaded["add_on_pairs"]:
        yield _add_on(code, ref, pairs, make, Level.UNLOCKED)
    if references := loaded["references"]:
        names = ", ".join(f"{link.display} {link.words}".strip() for link in references["links"])
        yield make.fact(
            "reference",
            TOPIC,
            f"The HCPCS file refers from {code.display} to {names}.",
            references["fact"],
            level=Level.UNLOCKED,
            code=ref,
            url=_url(ref),
            meaning=[names],
        )


def _maps(
    code: Code, ref: CodeRef, kind: str, title: str, maps: Sequence[Equivalence], make: Maker
) -> Fact:
    said = "; ".join(
        f"{one.display} {one.fact.target_title} ({one.meaning.rstrip('.')})".replace("  ", " ")
        if one.display
        else one.meaning.rstrip(".")
        for one in maps[:_NAMED]
    )
    return make.fact(
        kind,
        TOPIC,
        f"{code.display} in {title}: {said}.",
        [one.fact for one in maps[:_NAMED]],
        level=Level.UNLOCKED,
        code=ref,
        url=_url(ref),
        derived=[one.display for one in maps],
        meaning=[one.meaning for one in maps],
        asked=[code.display],
    )


def _pairings(code: Code, ref: CodeRef, pairings: Pairings, make: Maker) -> Fact:
    shown = pairings.entries[:_NAMED]
    total = pairings.page.paginator.count
    what = "diagnosis" if pairings.are_diagnoses else "procedure"
    plural = "diagnoses" if pairings.are_diagnoses else "procedures"
    names = "; ".join(
        f"{one.link.display} {one.link.words} ({', '.join(one.roles)})".replace("  ", " ")
        for one in shown
    )
    more = f", and {total - len(shown):,} more" if total > len(shown) else ""
    text = (
        f"Coverage articles list {total:,} {what if total == 1 else plural} beside"
        f" {code.display}: {names}{more}. The article's text says which go together."
    )
    return make.fact(
        "pairing",
        TOPIC,
        text,
        [line for one in shown for line in one.lines[:1]],
        level=Level.UNLOCKED,
        code=ref,
        url=_url(ref),
        derived=[total, total - len(shown), *(one.link.display for one in shown)],
        meaning=[one.link.words for one in shown],
        asked=[code.display],
    )


def add_ons(
    code: Code, ref: CodeRef, options: SectionOptions, make: Maker, level: Level
) -> Iterator[Fact]:
    """Yield the primary and the add-on codes of a code without a page; three queries."""
    for pairs in add_on_pairs(code, options):
        yield _add_on(code, ref, pairs, make, level)


def _add_on(code: Code, ref: CodeRef, pairs: AddOnPairs, make: Maker, level: Level) -> Fact:
    shown = pairs.entries[:_NAMED]
    names = ", ".join(one.link.display for one in shown)
    more = f" and {pairs.total - len(shown):,} more" if pairs.total > len(shown) else ""
    if not shown:
        text = f"{code.display} is an add-on code; Medicare's contractors say what it goes with."
    elif pairs.are_primaries:
        text = f"Primary codes of the add-on code {code.display}: {names}{more}."
    else:
        text = f"Add-on codes that go with {code.display}: {names}{more}."
    return make.fact(
        "add_on.pair",
        TOPIC,
        text,
        [one.fact for one in shown],
        level=level,
        code=ref,
        url=_url(ref),
        derived=[pairs.total - len(shown)],
        asked=[code.display],
    )


def _url(ref: CodeRef) -> str:
    return f"{ref.url}#crosswalks" if ref.url else ""
