"""Medicare Coverage: what is paid, where, under which documents and indicators."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, Final

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.finding.lead import quoted
from assistant.engine.making import Maker
from codes.authored_texts import AuthoredText
from codes.facts import PROCEDURE_SYSTEMS, Locality
from codes.models import Code
from codes.sections import BY_SLUG
from codes.sections.authored import published_text
from codes.sections.coverage_documents import Naming
from codes.sections.fees import FeeRow, plain
from codes.sections.options import SectionOptions

TOPIC: Final = Topic.COVERAGE
_NAMED: Final = 8


def find(
    code: Code,
    ref: CodeRef,
    options: SectionOptions,
    make: Maker,
    *,
    today: date,
    level: Level = Level.UNLOCKED,
    asked: Sequence[str] = (),
) -> Iterator[Fact]:
    """Yield what the section holds, paid at ``options.locality`` where one is chosen; at most
    eleven queries. Fees of the modifiers ``asked`` about come first."""
    if code.pk and (text := published_text(code, AuthoredText.Kind.MEDICARE_COVERAGE)):
        yield quoted(
            text, "authored.medicare_coverage", TOPIC, ref, make, anchor="medicare_coverage"
        )
    loaded: Any = BY_SLUG["medicare-coverage"].load(code, options)
    if code.system.slug in PROCEDURE_SYSTEMS:
        loaded["fees"] = sorted(loaded["fees"], key=lambda fee: fee.row.modifier not in asked)
        yield from _fees(code, ref, loaded, make, today, options, level)
        yield from _outpatient(code, ref, loaded, make, level)
    yield from _articles(code, ref, loaded["articles"].entries, make, level)
    for line in loaded.get("detail_lines", ()):
        meaning = f": {line.meaning.rstrip('.')}" if line.meaning else ""
        yield make.fact(
            f"detail.{line.title}",
            TOPIC,
            f"{line.title} of {code.display} in the HCPCS file: {line.value}{meaning}.",
            loaded["detail"],
            level=level,
            code=ref,
            url=_url(ref),
            meaning=[line.meaning, line.value],
        )


# --- The fee schedule ---------------------------------------------------------------------------


def _fees(
    code: Code,
    ref: CodeRef,
    loaded: Any,
    make: Maker,
    today: date,
    options: SectionOptions,
    level: Level,
) -> Iterator[Fact]:
    place: Locality | None = loaded["locality"]
    fees: list[FeeRow] = loaded["fees"]
    for fee in fees:
        yield _fee(code, ref, fee, place, make, level)
    for factor in loaded["anesthesia"]:
        yield make.fact(
            "fee.anesthesia",
            TOPIC,
            f"The anesthesia conversion factor in {factor.name} is ${plain(factor.factor)} a unit"
            f" ({factor.release.label}); base units and time are multiplied with it.",
            factor,
            level=level,
            code=ref,
            url=_url(ref),
        )
    release = loaded["fee_release"]
    if release and options.on is None and release.effective_date.year != today.year:
        text = (
            f"These are the prices of {release.effective_date.year} ({release.label}), the newest"
            f" that are loaded; for {today.year} none are. To fill it: manage.py import_codes mpfs."
        )
        yield make.fact(
            "fee.year",
            TOPIC,
            text,
            release,
            level=level,
            code=ref,
            url=_url(ref),
            asked=[str(today.year)],
        )
    for fee in fees[:1]:
        if fee.has_values:
            yield _values(code, ref, fee, make, level)
        if fee.lines:
            yield _worked(code, ref, fee, place, make, level)


def _fee(
    code: Code, ref: CodeRef, fee: FeeRow, place: Locality | None, make: Maker, level: Level
) -> Fact:
    label = fee.row.release.label
    part = "" if not fee.row.modifier else f" ({fee.title[:1].lower()}{fee.title[1:]})"
    if fee.reason:
        text = f"The fee schedule {label} gives no price for {code.display}{part}: {fee.reason}"
        return make.fact(
            "fee.reason",
            TOPIC,
            text,
            fee.facts,
            level=level,
            code=ref,
            url=_url(ref),
            meaning=[fee.reason, fee.title],
        )
    paid = " and ".join(_settings(fee))
    where = f"in {place.name} ({place.mac} {place.number})" if place else "at national indices"
    text = f"Medicare's fee schedule {label} pays for {code.display}{part} {paid}, {where}."
    if fee.same:
        others = " and ".join(_settings(fee.same))
        text = (
            f"Medicare's fee schedule {label} pays qualifying APM participants for"
            f" {code.display}{part} {paid}, and all others {others}, {where}."
        )
    if not place:
        text += " Each locality pays by its own indices."
    return make.fact(
        "fee",
        TOPIC,
        text,
        [*fee.facts, *([place] if place else [])],
        level=level,
        code=ref,
        url=_url(ref),
        derived=_amounts(fee),
        meaning=[fee.title],
    )


def _settings(fee: FeeRow) -> list[str]:
    return [
        f"${each.fee.amount:,} in a {each.title.lower()} setting"
        if each.fee
        else f"no amount in a {each.title.lower()} setting (marked NA)"
        for each in fee.settings
    ]


def _amounts(fee: FeeRow) -> list[str]:
    settings = [*fee.settings, *(fee.same.settings if fee.same else [])]
    return [f"{each.fee.amount:,}" for each in settings if each.fee]


def _values(code: Code, ref: CodeRef, fee: FeeRow, make: Maker, level: Level) -> Fact:
    row = fee.row
    text = (
        f"Relative values of {code.display} ({row.release.label}): work {plain(row.work_rvu)},"
        f" practice expense {plain(row.nonfacility_pe_rvu)} non-facility and"
        f" {plain(row.facility_pe_rvu)} facility, malpractice {plain(row.malpractice_rvu)}; total"
        f" {plain(row.nonfacility_total)} non-facility and {plain(row.facility_total)} facility."
    )
    return make.fact("rvu", TOPIC, text, row, level=level, code=ref, url=_url(ref))


def _worked(
    code: Code, ref: CodeRef, fee: FeeRow, place: Locality | None, make: Maker, level: Level
) -> Fact:
    titles = [setting.title.lower() for setting in fee.settings]
    steps = "; ".join(
        f"{line.title}: "
        + ", ".join(f"{cell} ({t})" for cell, t in zip(line.cells, titles, strict=True))
        for line in fee.lines
    )
    cells = [cell for line in fee.lines for cell in (line.title, *line.cells)]
    return make.fact(
        "fee.worked",
        TOPIC,
        f"How the payment of {code.display} follows. {steps}.",
        [*fee.facts, *([place] if place else [])],
        level=level,
        code=ref,
        url=_url(ref),
        derived=cells,
    )


# --- Hospitals, documents -----------------------------------------------------------------------


def _outpatient(code: Code, ref: CodeRef, loaded: Any, make: Maker, level: Level) -> Iterator[Fact]:
    row = loaded["outpatient"]
    if not row:
        return
    name = f", {loaded['outpatient_name'].lower()}" if loaded["outpatient_name"] else ""
    text = (
        f"In a hospital outpatient department (OPPS, {row.release.label}) {code.display} has status"
        f" indicator {row.status_indicator}{name}. {loaded['outpatient_meaning']}"
    )
    if row.apc:
        text += f" APC {row.apc}."
    if row.payment_rate:
        text += f" Payment rate ${plain(row.payment_rate)}."
    yield make.fact(
        "outpatient",
        TOPIC,
        text.strip(),
        row,
        level=level,
        code=ref,
        url=_url(ref),
        meaning=[loaded["outpatient_name"], loaded["outpatient_meaning"]],
    )


def _articles(
    code: Code, ref: CodeRef, entries: list[Naming], make: Maker, level: Level
) -> Iterator[Fact]:
    for one in entries[:_NAMED]:
        document = one.document
        text = (
            f"{document.get_kind_display()} {document.number} version {document.version},"
            f" “{document.title}”, lists {code.display} as {one.says}."
        )
        if document.contractors:
            text += f" Contractors: {', '.join(map(str, document.contractors[:4]))}."
        if one.related:
            named = ", ".join(f"{r.get_kind_display()} {r.number}" for r in one.related)
            text += f" It belongs to {named}."
        yield make.fact(
            "article",
            TOPIC,
            text,
            [document, *one.related],
            level=level,
            code=ref,
            url=_url(ref),
            asked=[code.display],
            derived=[document.version],
        )


def _url(ref: CodeRef) -> str:
    return f"{ref.url}#medicare_coverage" if ref.url else ""
