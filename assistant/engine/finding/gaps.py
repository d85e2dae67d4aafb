"""What is not held of what a question asks, said as what it is: not loaded, or loaded and silent.

That a file is not loaded says nothing about a code; that a loaded file has no row for it does.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.ask import Ask
from assistant.engine.days import spoken
from assistant.engine.editions import FILES, Editions, fill, held_on
from assistant.engine.intents import TOPIC_OF, Intent
from assistant.engine.making import Maker, of_sample
from codes.facts import PROCEDURE_SYSTEMS
from codes.models import Release


@dataclass(frozen=True, slots=True)
class Need:
    """What an intent needs: a source, and how facts that satisfy it begin.

    ``silence`` is what it means where the source is loaded and holds nothing of the code.
    ``aspect`` is what a question names where it wants this one and not the others of its intent;
    the facts about its absence bear it too.
    """

    source: str
    kinds: tuple[str, ...]
    silence: str = ""
    aspect: str = ""


_Needs = dict[Intent, tuple[Need, ...]]
_NO_ARTICLE: Final = "{file}, has no article that lists {code}."
_NO_MAP: Final = "{code} is not mapped to ICD-9-CM: it is not in {file}."
_NO_ROW: Final = "{file}, has no row of {code}."
_NO_LOGIC: Final = "{file}, does not list {code}."
_PROCEDURE: Final[_Needs] = {
    Intent.PAYS: (
        Need(
            "mpfs",
            ("fee", "outpatient"),
            "{file}, has no row of {code}: the physician fee schedule does not price it.",
        ),
        Need("opps-b", ("outpatient",), _NO_ROW, "outpatient"),
    ),
    Intent.STATUS: (
        Need("mpfs", ("policy.",), _NO_ROW),
        Need("opps-b", ("outpatient",), _NO_ROW, "outpatient"),
    ),
    Intent.COVERED: (Need("coverage", ("article",), _NO_ARTICLE),),
    Intent.UNITS: (Need("mue-practitioner", ("limit", "missing.mue")),),
    Intent.TOGETHER: (Need("ptp-practitioner", ("pair.", "ptp.", "missing.ptp")),),
    Intent.ADD_ON: (
        Need(
            "add-on-edits",
            ("add_on",),
            "{file}, names {code} neither as an add-on code nor as the primary code of one.",
        ),
    ),
    Intent.MAP: (Need("coverage", ("pairing", "successor", "reference", "add_on.pair")),),
    Intent.MODIFIERS: (Need("mpfs", ("modifier.", "authored.modifiers")),),
}
_DIAGNOSIS: Final[_Needs] = {
    Intent.COVERED: (Need("coverage", ("article",), _NO_ARTICLE),),
    Intent.MAP: (
        Need("gem-icd-10-cm-icd-9-cm", ("icd9",), _NO_MAP, "icd9"),
        Need("ccsr", ("ccsr",), "{file}, puts {code} into no category.", "ccsr"),
        Need("ms-drg-diagnoses", ("drg",), _NO_LOGIC, "drg"),
    ),
}
_PCS: Final[_Needs] = {
    Intent.MAP: (
        Need("gem-icd-10-pcs-icd-9-cm", ("icd9",), _NO_MAP, "icd9"),
        Need("ms-drg-procedures", ("drg",), _NO_LOGIC, "drg"),
    ),
}

_ONLY_NAMED: Final = frozenset(["drg", "outpatient"])
"""What a question about maps or payment in general does not ask for."""
_OF_MAPS: Final = frozenset(["successor", "icd9", "ccsr", "drg"])

_TELEHEALTH: Final = Need("telehealth", ("telehealth",), "{file}, does not list {code}.")

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

_OTHER_SYSTEMS: Final[dict[tuple[str, str], str]] = {
    (slug, aspect): text
    for aspect, slugs, text in (
        (
            "icd9",
            PROCEDURE_SYSTEMS,
            "{code} is a code of {system}, and the maps to ICD-9-CM (GEMs) are about ICD-10-CM and"
            " ICD-10-PCS codes only.",
        ),
        (
            "ccsr",
            (*PROCEDURE_SYSTEMS, "icd-10-pcs"),
            "{code} is a code of {system}, and the CCSR categories held here are those of ICD-10-CM"
            " codes.",
        ),
        (
            "drg",
            PROCEDURE_SYSTEMS,
            "{code} is a code of {system}, and MS-DRGs group inpatient stays, whose claims have"
            " diagnoses of ICD-10-CM and procedures of ICD-10-PCS.",
        ),
    )
    for slug in slugs
}
"""What is said of a map that is not about the codes of a system, by system and aspect."""


def find(
    ask: Ask,
    ref: CodeRef,
    system: str,
    facts: Sequence[Fact],
    editions: Editions,
    make: Maker,
    *,
    on: date | None = None,
) -> Iterator[Fact]:
    """Yield what is missing for the intents of a question about one code.

    One query for each gap where a day is asked about, else none.
    """
    needs = _needs(ref.system)
    for intent in ask.intents[:3]:
        is_other = ref.system not in PROCEDURE_SYSTEMS and intent in _ONLY_PROCEDURES
        if is_other and any(fact.kind.startswith("pair.excludes") for fact in facts):
            continue
        if is_other:
            text = _ONLY_PROCEDURES[intent].format(code=ref.display, system=system)
            yield _fact(f"none.{intent.name.lower()}", intent, text, [], ref, make)
            continue
        for need in _wanted(intent, ask, needs):
            if not any(_satisfies(fact, need, ref) for fact in facts):
                yield from _absent(need, intent, ref, editions, make, on)
    if Intent.MAP in ask.intents[:3]:
        yield from _other_system(ask, ref, system, make)
    if Intent.CHANGED in ask.intents[:2]:
        yield from _one_edition(ref, facts, editions, make)


def _wanted(intent: Intent, ask: Ask, needs: _Needs) -> Sequence[Need]:
    """Return what the intent needs: of maps those that the question names, or every one."""
    if intent is Intent.COVERED and "telehealth" in ask.aspects:
        return (_TELEHEALTH,)
    wanted = needs.get(intent, ())
    named = tuple(need for need in wanted if need.aspect and need.aspect in ask.aspects)
    if intent is Intent.MAP and named:
        return named
    if intent is Intent.MAP and _OF_MAPS & set(ask.aspects):
        return ()  # what came after a code stands in its own system; a map it is not in is said
    return tuple(need for need in wanted if need.aspect not in _ONLY_NAMED or need in named)


def _other_system(ask: Ask, ref: CodeRef, system: str, make: Maker) -> Iterator[Fact]:
    for aspect in ask.aspects:
        if text := _OTHER_SYSTEMS.get((ref.system, aspect)):
            text = text.format(code=ref.display, system=system)
            yield _fact(f"none.{aspect}", Intent.MAP, text, [], ref, make)


def _satisfies(fact: Fact, need: Need, ref: CodeRef) -> bool:
    """Whether a fact is what is needed; that of another code is not where each has its own."""
    is_own = fact.code is None or fact.code.key == ref.key or not need.silence
    return is_own and fact.kind.startswith(need.kinds)


def _absent(
    need: Need,
    intent: Intent,
    ref: CodeRef,
    editions: Editions,
    make: Maker,
    on: date | None,
) -> Iterator[Fact]:
    """Yield that the source is not loaded, that no edition of the day is, or what it means that
    the edition holds nothing of the code.
    """
    kind = f"missing.{need.source}"
    if editions.lacks([need.source]):
        yield _fact(kind, intent, _not_loaded(need.source), [], ref, make)
        return
    release = editions.current[need.source]
    if on is not None:
        held = held_on(need.source, on)
        if held is None:
            yield _fact(kind, intent, _none_of_the_day(release, on), [release], ref, make, on)
            return
        release = held
    if need.silence:
        text = need.silence.format(file=_name(release), code=ref.display)
        text += of_sample(release, "Medicare's own files")
        if release.is_sample:
            text += f" To fill it: {fill(need.source)}."
        kind = f"none.{need.aspect or intent.name.lower()}"
        yield _fact(kind, intent, text, [release], ref, make)


def _needs(system: str) -> _Needs:
    if system in PROCEDURE_SYSTEMS:
        return _PROCEDURE
    return _DIAGNOSIS if system == "icd-10-cm" else _PCS


def _not_loaded(source: str) -> str:
    holds = FILES[source].holds
    return f"Not loaded here: {holds}. To fill it: {fill(source)}."


def _none_of_the_day(current: Release, on: date) -> str:
    return (
        f"Of {spoken(on)} no edition of {FILES[current.source].holds} is held here; the one shown"
        f" now is {current.label}, in effect from {spoken(current.effective_date)}."
    )


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
    kind: str,
    intent: Intent,
    text: str,
    rows: Sequence[Release],
    ref: CodeRef,
    make: Maker,
    on: date | None = None,
) -> Fact:
    return make.fact(
        kind,
        TOPIC_OF.get(intent, Topic.CODES),
        text,
        rows,
        level=Level.OPEN,
        code=ref,
        asked=[ref.display, *([on] if on else [])],
    )
