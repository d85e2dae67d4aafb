"""What the six sections of a code hold, for whoever has not opened its page."""

from collections.abc import Iterator

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.making import Maker
from codes.metering import Access
from codes.models import Code
from codes.sections import SECTIONS

TOPICS = {
    "guidelines": Topic.GUIDELINES,
    "modifiers": Topic.MODIFIERS,
    "crosswalks": Topic.CROSSWALKS,
    "ncci_edits": Topic.NCCI,
    "compliance": Topic.COMPLIANCE,
    "medicare_coverage": Topic.COVERAGE,
}
"""The topic of each section, by its key."""


def find(code: Code, ref: CodeRef, make: Maker, *, is_registered: bool) -> Iterator[Fact]:
    """Yield a line for each section that holds something, as the locked cards say it, and one for
    the descriptions; about twenty queries. Nothing gated is loaded."""
    key = "Open the code page" if is_registered else "Register for free and open the code page"
    if ref.access is Access.LEAD:
        text = f"The official and the plain description of {code.display} are on its page."
        yield make.fact("locked.descriptions", Topic.CODES, text, code, level=Level.OPEN, code=ref)
    for section in SECTIONS:
        if phrases := section.holds(code):
            held = ", ".join(phrases)
            text = f"{section.title} of {code.display} holds: {held}. {key} to read it."
            yield make.fact(
                f"locked.{section.key}",
                TOPICS[section.key],
                text,
                code,
                level=Level.OPEN,
                code=ref,
                url=f"{ref.url}#{section.key}",
                derived=[held],
            )
