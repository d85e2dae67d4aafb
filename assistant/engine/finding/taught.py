"""What people taught the assistant: aliases, and answers written and reviewed by a person."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.engine.answer import Fact, Level
from assistant.engine.ask import Ask
from assistant.engine.days import spoken
from assistant.engine.finding.lead import plain_text
from assistant.engine.intents import TOPIC_OF, Intent
from assistant.engine.making import Maker
from assistant.engine.reading import Mention
from assistant.taught import Alias, CuratedAnswer
from codes.models import Code

_INTENTS = {intent.value: intent for intent in Intent}


def with_aliases(asks: Sequence[Ask]) -> list[Ask]:
    """Return the questions with what their aliases stand for; one query."""
    aliases = list(Alias.objects.in_use().select_related("code__system"))
    return [_with_aliases(ask, aliases) for ask in asks] if aliases else list(asks)


def _with_aliases(ask: Ask, aliases: Sequence[Alias]) -> Ask:
    for alias in aliases:
        pattern = rf"(?<!\w){re.escape(alias.words)}(?!\w)"
        if not re.search(pattern, ask.text, re.IGNORECASE):
            continue
        if intent := _INTENTS.get(alias.intent):
            ask = replace(ask, intents=tuple(dict.fromkeys([intent, *ask.intents])))
        if alias.means:
            words = re.sub(pattern, alias.means, ask.subject_words, flags=re.IGNORECASE)
            ask = replace(ask, subject_words=words)
        if alias.code and not ask.reading.codes:
            ask = _about(ask, alias.code, alias.words)
    return ask


def _about(ask: Ask, code: Code, typed: str) -> Ask:
    """Return the question as if it named the code, or the heading by its key."""
    if code.kind not in Code.PAGE_KINDS:
        return replace(ask, subject_words=code.public_short or code.display)
    has_dot = "." in code.display
    mention = Mention(code.key, typed, has_dot=has_dot, system=code.system.slug)
    return replace(ask, reading=replace(ask.reading, codes=(mention,)))


def curated(ask: Ask, make: Maker) -> Iterator[Fact]:
    """Yield the answers that people wrote for the question; one query."""
    said = _words(ask.text)
    for one in CuratedAnswer.objects.in_use().select_related("reviewer", "code__system"):
        if not any(words and words <= said for words in map(_words, one.phrases.splitlines())):
            continue
        topic = TOPIC_OF[ask.intents[0]]
        day = spoken(one.reviewed_on) if one.reviewed_on else ""
        by = " by its author" if one.reviewed_alone else ""
        text = (
            f"{one.title}. {plain_text(one.html)}\nWritten for this site and reviewed{by} on {day}."
            f" Source: {one.source}"
        )
        yield make.fact(
            "curated",
            topic,
            text,
            one,
            level=Level.OPEN,
            url=one.code.get_absolute_url() if one.code else "",
            derived=[text],
            is_quote=True,
        )


def _words(text: str) -> set[str]:
    """Return the words of a text in one form: lower case, without a plural s."""
    return {word.removesuffix("s") for word in re.findall(r"[^\W_]+", text.lower())}
