"""What is not held of what a question asks, said as what it is: not loaded, or loaded and silent.

That a file is not loaded says nothing about a code; that a loaded file has no row for it does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.editions import FILES, Editions, fill
from assistant.engine.intents import TOPIC_OF, Intent
from assistant.engine.making import Maker
from assistant.engine.understanding import Ask
from codes.facts import PROCEDURE_SYSTEMS
from codes.models import Release


@dataclass(frozen=True, slots=True)
class Need:
    """What an intent needs: the sources, and how facts that satisfy it begin.

    ``silence`` is what it means where the source is loaded and holds nothing of the code.
    """

    sources: tuple[str, ...]
    kinds: tuple[str, ...]
    silence: str = ""


_PROCEDURE: Final[dict[Intent, Need]] = {
    Intent.PAYS: Need(
        ("mpfs",),
        ("fee", "outpatient"),
        "{file}, has no row of {code}: the physician fee schedule does not price it.",
    ),
    Intent.STATUS: Need(("mpfs",), ("policy.",), "{file}, has no row of {code}."),
    Intent.COVERED: Need(("coverage",), ("article",), "{file}, has no article that lists {code}."),
    Intent.UNITS: Need(("mue-practitioner",), ("limit",)),
    Intent.TOGETHER: Need(("ptp-practitioner",), ("pair.", "ptp.", "missing.ptp")),
    Intent.ADD_ON: Need(
        ("add-on-edits",),
        ("add_on",),
        "{file}, names {code} neither as an add-on code nor as the primary code of one.",
    ),
    Intent.MAP: Need(("coverage",), ("pairing", "successor", "reference", "add_on.pair")),
    Intent.MODIFIERS: Need(("mpfs",), ("modifier.", "authored.modifiers")),
}
_DIAGNOSIS: Final[dict[Intent, Need]] = {
    Intent.COVERED: Need(("coverage",), ("article",), "{file}, has no article that lists {code}."),
    Intent.MAP: Need(
        ("gem-icd-10-cm-icd-9-cm", "ccsr"),
        ("icd9", "ccsr", "successor"),
        "{file}, has nothing of {code}.",
    ),
}
_PCS: Final[dict[Intent, Need]] = {Intent.MAP: Need(("gem-icd-10-pcs-icd-9-cm",), ("icd9",))}

_TELEHEALTH: Final = Need(("telehealth",), ("telehealth",), "{file}, does not list {code}.")

_ONLY_PROCEDURES: Final[dict[Intent, str]] = {
    Intent.PAYS: (
        "{code} is an {system} code, and Medicare's fee schedules price CPT® and HCPCS codes only."
    ),
    Intent.UNITS: (
        "{code} is an {system} code, and unit limits (MUE) are about CPT® and HCPCS codes only."
    ),
    Intent.TOGETHER: ("{code} is an {system} code, and NCCI edits pair CPT® and HCPCS codes only."),
    Intent.MODIFIERS: (
        "{code} is an {system} code, and modifiers go with CPT® and HCPCS codes only."
    ),
    Intent.ADD_ON: ("{code} is an {system} code, and add-on codes are CPT® and HCPCS codes only."),
    Intent.STATUS: (
        "{code} is an {system} code, and status, global days and the like are about CPT® and HCPCS"
        " codes only."
    ),
}


def find(
    ask: Ask, ref: CodeRef, system: str, facts: Sequence[Fact], editions: Editions, make: Maker
) -> Iterator[Fact]:
    """Yield what is missing for the intents of a question about one code; no query."""
    needs = _needs(ref.system)
    for intent in ask.intents[:3]:
        is_other = ref.system not in PROCEDURE_SYSTEMS and intent in _ONLY_PROCEDURES
        if is_other and any(fact.kind.startswith("pair.excludes") for fact in facts):
            continue
        if is_other:
            text = _ONLY_PROCEDURES[intent].format(code=ref.display, system=system)
            yield _fact(f"none.{intent.name.lower()}", intent, text, [], ref, make)
            continue
        need = needs.get(intent)
        if intent is Intent.COVERED and "telehealth" in ask.aspects:
            need = _TELEHEALTH
        if need is None or any(_satisfies(fact, need) for fact in facts):
            continue
        sources = [s for s in need.sources if _is_wanted(s, ask)]
        lacking = editions.lacks(sources)
        for source in lacking:
            kind, text = f"missing.{source}", _not_loaded(source)
            yield _fact(kind, intent, text, [], ref, make)
        if not lacking and need.silence:
            release = editions.current[sources[0]]
            text = need.silence.format(file=_name(release), code=ref.display)
            yield _fact(f"none.{intent.name.lower()}", intent, text, [release], ref, make)
    if Intent.CHANGED in ask.intents[:2]:
        yield from _one_edition(ref, facts, editions, make)


def _is_wanted(source: str, ask: Ask) -> bool:
    """Whether a source of maps is the one asked for, where the question says which."""
    if source == "ccsr":
        return "icd9" not in ask.aspects or "ccsr" in ask.aspects
    return not source.startswith("gem") or "ccsr" not in ask.aspects or "icd9" in ask.aspects


def _needs(system: str) -> dict[Intent, Need]:
    if system in PROCEDURE_SYSTEMS:
        return _PROCEDURE
    return _DIAGNOSIS if system == "icd-10-cm" else _PCS


def _satisfies(fact: Fact, need: Need) -> bool:
    return fact.kind.startswith(need.kinds)


def _not_loaded(source: str) -> str:
    holds = FILES[source].holds
    return f"Not loaded here: {holds}. To fill it: {fill(source)}."


def _name(release: Release) -> str:
    return f"{release.source_name}, {release.label}"


def _one_edition(
    ref: CodeRef, facts: Sequence[Fact], editions: Editions, make: Maker
) -> Iterator[Fact]:
    release = editions.of_system(ref.system)
    known = [fact for fact in facts if fact.kind in ("history", "as_of", "deleted")]
    if release is None or known:
        return
    text = (
        f"No change of {ref.display} is recorded by the editions held here; the one shown is"
        f" {release.label}. Changes are known where more than one edition is loaded."
    )
    kind = "none.changed"
    yield _fact(kind, Intent.CHANGED, text, [release], ref, make)


def _fact(
    kind: str, intent: Intent, text: str, rows: Sequence[Release], ref: CodeRef, make: Maker
) -> Fact:
    return make.fact(
        kind,
        TOPIC_OF.get(intent, Topic.CODES),
        text,
        rows,
        level=Level.OPEN,
        code=ref,
        asked=[ref.display],
    )
