"""NCCI Edits of one code: how many pairs, the first of them, limits of every service."""

from collections.abc import Iterator
from typing import Any, Final

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.days import spoken
from assistant.engine.finding.lead import quoted
from assistant.engine.making import Maker
from codes.authored_texts import AuthoredText
from codes.facts import PROCEDURE_SYSTEMS
from codes.models import Code
from codes.ncci_facts import Service
from codes.sections import BY_SLUG
from codes.sections.authored import published_text
from codes.sections.ncci_edits import Limit
from codes.sections.options import SectionOptions
from codes.sections.ptp_lists import PtpList

TOPIC: Final = Topic.NCCI


def find(
    code: Code,
    ref: CodeRef,
    options: SectionOptions,
    make: Maker,
    level: Level = Level.UNLOCKED,
    *,
    checked: Service | None = None,
) -> Iterator[Fact]:
    """Yield what the section holds; eight queries, one where no NCCI file is loaded.

    ``checked`` leaves out the limit that the NCCI check of the question says.
    """
    if code.pk and (text := published_text(code, AuthoredText.Kind.NCCI_EDITS)):
        yield quoted(text, "authored.ncci_edits", TOPIC, ref, make, anchor="ncci_edits")
    if code.system.slug not in PROCEDURE_SYSTEMS:
        return
    loaded: Any = BY_SLUG["ncci-edits"].load(code, options)
    for each in loaded.get("ptp_lists", ()):
        if each.active and each.coverage.release:
            yield _list(code, ref, each, loaded["day"], make, level)
    for limit in loaded.get("limits", ()):
        if limit.service != checked:
            yield _limit(code, ref, limit, make, level)


def _list(code: Code, ref: CodeRef, each: PtpList, day: Any, make: Maker, level: Level) -> Fact:
    number = f"{each.active:,} PTP edit{'' if each.active == 1 else 's'}"
    release = each.coverage.release
    label = release.label if release else ""
    rows = each.rows[:5]
    names = ", ".join(
        f"{row.other.display} (modifier indicator {row.fact.modifier_indicator})"  # type: ignore[union-attr]  # a PTP list holds PTP edits
        for row in rows
    )
    first = f" The first: {names}." if names else ""
    meaning = (
        "the other code is not paid beside it" if each.column == 1 else "it is the one not paid"
    )
    return make.fact(
        "ptp.list",
        TOPIC,
        f"{code.display} is in column {each.column} of {number} in force on {spoken(day)} for"
        f" {each.service.name.lower()} services, edition {label}: {meaning}.{first}",
        [*(row.fact for row in rows), *([release] if release else [])],
        level=level,
        code=ref,
        url=f"{ref.url}#ncci_edits" if ref.url else "",
        derived=[each.active],
        asked=[day, code.display],
    )


def _limit(code: Code, ref: CodeRef, limit: Limit, make: Maker, level: Level) -> Fact:
    return make.fact(
        "limit",
        TOPIC,
        f"The unit limit (MUE) of {code.display} is {limit.fact.units:,} for"
        f" {limit.service.name.lower()} services. {limit.adjudication}: {limit.explanation}",
        limit.fact,
        level=level,
        code=ref,
        url=f"{ref.url}#ncci_edits" if ref.url else "",
        meaning=[limit.adjudication, limit.explanation],
        asked=[code.display],
    )
