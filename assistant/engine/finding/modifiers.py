"""Modifiers: what facts say of them with a code, and what each is."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from assistant.engine.answer import Citation, CodeRef, Fact, Level, Topic
from assistant.engine.finding.lead import quoted
from assistant.engine.making import Maker
from codes import modifiers as known
from codes.authored_texts import AuthoredText
from codes.facts import PROCEDURE_SYSTEMS
from codes.models import Code
from codes.ncci import ASSOCIATED_MODIFIERS
from codes.sections import BY_SLUG
from codes.sections.authored import published_text
from codes.sections.modifiers import Line
from codes.sections.options import SectionOptions

TOPIC: Final = Topic.MODIFIERS


def find(
    code: Code,
    ref: CodeRef,
    options: SectionOptions,
    make: Maker,
    *,
    asked: Sequence[str] = (),
    level: Level = Level.UNLOCKED,
) -> Iterator[Fact]:
    """Yield what the section holds, the modifiers asked about first; six queries."""
    if code.pk and (text := published_text(code, AuthoredText.Kind.MODIFIERS)):
        yield quoted(text, "authored.modifiers", TOPIC, ref, make, anchor="modifiers")
    if code.system.slug not in PROCEDURE_SYSTEMS:
        return
    loaded: Any = BY_SLUG["modifiers"].load(code, options)
    lines: list[Line] = [*loaded["lines"], *([loaded["ncci"]] if loaded["ncci"] else [])]
    spoken_of: set[str] = set()
    for line in sorted(lines, key=lambda line: not _names(line) & set(asked)):
        spoken_of |= _names(line)
        yield _line(code, ref, line, make, asked, level)
    silent = [name for name in asked if name not in spoken_of]
    if silent and loaded["release"]:
        label = loaded["release"].label
        yield make.fact(
            "modifier.silent",
            TOPIC,
            f"The fee schedule {label} and the NCCI edits loaded here say nothing of modifier"
            f" {' or '.join(silent)} with {code.display}.",
            loaded["release"],
            level=level,
            code=ref,
            url=_url(ref),
            asked=[*silent, code.display],
        )


def _names(line: Line) -> set[str]:
    return {entry.modifier for entry in line.entries}


def _line(
    code: Code,
    ref: CodeRef,
    line: Line,
    make: Maker,
    asked: Sequence[str],
    level: Level,
) -> Fact:
    names = ", ".join(entry.modifier for entry in line.entries)
    noun = "Modifier" if len(line.entries) == 1 else "Modifiers"
    is_asked = bool(_names(line) & set(asked))
    is_opening = line.indicator == "PTP modifier indicator"
    kind = "ptp.opening" if is_opening else f"modifier.{line.use.name.lower()}"
    return make.fact(
        "modifier.asked" if is_asked else kind,
        TOPIC,
        f"{noun} {names} with {code.display}: {line.use.value.lower()} ({line.indicator}"
        f" {line.value}). {line.because}",
        line.fact,
        level=level,
        code=ref,
        url=_url(ref),
        meaning=[line.because, f"modifiers {names}", line.value],
        asked=[code.display],
    )


def each(names: Sequence[str], make: Maker) -> Iterator[Fact]:
    """Yield what each modifier is, as its own page says it; two queries, none without names."""
    entries = known.shown(names) if names else {}
    for name in names:
        entry = entries.get(name)
        group = next((g for g, members in ASSOCIATED_MODIFIERS.items() if name in members), "")
        if entry is None:
            text = f"Modifier {name} is none of the modifiers held here."
            if group:
                text = (
                    f"Modifier {name} is one of the modifiers that can open an NCCI edit ({group})."
                )
            yield make.fact(
                "unknown.modifier" if not group else "modifier.is",
                TOPIC,
                text,
                [],
                level=Level.OPEN,
                asked=[f"modifier {name}", name],
            )
            continue
        kind = "CPT® modifier" if entry.is_cpt else "HCPCS modifier"
        # The short words of HCPCS are cut off at 28 characters.
        words = entry.words if entry.is_cpt or not entry.fact else entry.fact.long_descriptor
        text = f"Modifier {name}: {words.rstrip('.')} ({kind})."
        if group:
            text += f" It is one of those that can open an NCCI edit ({group})."
        if entry.is_ended:
            text += " It is out of use."
        fact = make.fact(
            "modifier.is",
            TOPIC,
            text,
            entry.fact or [],
            level=Level.OPEN,
            url=entry.url,
            meaning=[words, f"modifier {name}"],
            asked=[name],
        )
        yield fact if entry.fact else _cited_here(fact, name, entry.url)


def _cited_here(fact: Fact, name: str, url: str) -> Fact:
    """Return the fact with the site's own page as its source: no loaded file has the modifier."""
    from dataclasses import replace

    title = f"Modifier {name}, in this site's words"
    return replace(fact, citations=(Citation("codes.modifier_rules", 0, title, url),))


def _url(ref: CodeRef) -> str:
    return f"{ref.url}#modifiers" if ref.url else ""
