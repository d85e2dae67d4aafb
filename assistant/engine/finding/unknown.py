"""Codes that no system here holds: what was searched, what is near, what would fill it."""

from collections.abc import Iterator

from assistant.engine.answer import Fact, Level, Topic
from assistant.engine.editions import Editions, fill
from assistant.engine.making import Maker
from assistant.engine.resolving import Found, Resolved
from codes.sections.code_links import is_cpt

TOPIC = Topic.CODES


def find(found: Found, resolved: Resolved, editions: Editions, make: Maker) -> Iterator[Fact]:
    """Yield what can be said of a code without a row; no query."""
    typed = found.mention.typed.upper()
    if found.is_hidden:
        text = "This site does not show CPT® codes, so nothing is said of the number asked about."
        yield make.fact("missing.hidden", TOPIC, text, [], level=Level.OPEN)
        return
    searched = [r for slug in resolved.systems if (r := editions.of_system(slug))]
    where = ", ".join(f"{resolved.systems[r.source].name} ({r.label})" for r in searched)
    yield make.fact(
        "unknown",
        TOPIC,
        f"{typed} is in no code system held here: {where}." if where else f"{typed} is not here.",
        searched,
        level=Level.OPEN,
        asked=[typed],
    )
    cpt = editions.of_system("cpt")
    if cpt and cpt.is_sample and len(found.mention.key) == 5 and is_cpt(found.mention.key):
        text = (
            f"Of CPT® only a sample is loaded ({cpt.label}), so a CPT® number that is not in it may"
            f" well exist. To fill it: {fill('cpt')}, with the AMA's licence."
        )
        yield make.fact("missing.cpt", TOPIC, text, cpt, level=Level.OPEN)
    if found.nearest:
        near = "; ".join(f"{code.display} {code.public_short}".strip() for code in found.nearest)
        yield make.fact(
            "unknown.nearest",
            TOPIC,
            f"Nearest to {typed}: {near}.",
            found.nearest,
            level=Level.OPEN,
            asked=[typed],
        )
