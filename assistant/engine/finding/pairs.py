"""Whether the codes of a question may be billed together, and their units: the NCCI check."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Final
from urllib.parse import urlencode

from django.urls import reverse

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.days import spoken
from assistant.engine.editions import FILES, fill
from assistant.engine.making import Maker, of_sample
from codes.claim_lines import Line
from codes.facts import PtpEdit
from codes.models import Release
from codes.ncci import AddOnVerdict, Opening, PairAnswer, UnitsVerdict, Verdict
from codes.ncci_check import Answer as Check
from codes.ncci_check import Units, check
from codes.ncci_editions import Coverage
from codes.ncci_facts import PRACTITIONER, Service

TOPIC = Topic.NCCI
_REAL_EDITS: Final = "Medicare's own edits"
_REAL_LIMITS: Final = "Medicare's own limits"


def find(
    refs: Sequence[CodeRef],
    lines: Sequence[Line],
    day: date,
    make: Maker,
    *,
    service: Service = PRACTITIONER,
) -> list[Fact]:
    """Return what the NCCI files say of the codes of one claim on a day; queries as ``check``.

    For registered users only (``Level.MEMBERS``); whoever calls this has looked at that.
    """
    found = check(lines, service, day)
    typed = ", ".join(
        "-".join([line.key, *line.modifiers]) + (f" x{line.units}" if line.units > 1 else "")
        for line in lines
    )
    query = urlencode({"codes": typed, "service": service.key, "on": day.isoformat()})
    url = f"{reverse('codes:ncci_check')}?{query}"
    code = refs[0] if refs else None
    found = replace(found, pairs=[*found.pairs, *_others(found, lines)])
    return [
        *_pairs(found, code, url, make),
        *_units(found, lines, code, url, make),
        *_add_ons(found, code, url, make),
    ]


def _others(found: Check, lines: Sequence[Line]) -> list[PairAnswer[PtpEdit]]:
    """Return the pairs with a code that no NCCI file names; the check takes it for a slip.

    The question's codes are known to exist, so where the data is complete there is no edit.
    """
    verdict = Verdict.NO_EDIT if found.ptp.is_complete else Verdict.NO_DATA
    keys = [key for key in dict.fromkeys(line.key for line in lines) if key not in found.hidden]
    return [
        PairAnswer(one, other, verdict)
        for one, other in combinations(keys, 2)
        if {one, other} & set(found.unknown)
    ]


# --- Pairs --------------------------------------------------------------------------------------


def _pairs(found: Check, code: CodeRef | None, url: str, make: Maker) -> Iterator[Fact]:
    for pair in found.pairs:
        if pair.verdict is Verdict.EDIT and pair.edit is not None:
            yield _edit(found, pair, pair.edit, code, url, make)
        elif pair.verdict is Verdict.NO_EDIT:
            yield _no_edit(found, pair, code, url, make)
        else:
            yield _no_data(found, pair, code, url, make)
        yield from _other_days(found, pair, code, url, make)


def _edit(
    found: Check,
    pair: PairAnswer[PtpEdit],
    edit: PtpEdit,
    code: CodeRef | None,
    url: str,
    make: Maker,
) -> Fact:
    text = (
        f"{edit.column2} is not paid beside {edit.column1} on {spoken(found.day)}: an NCCI PTP edit"
        f" has {edit.column1} in column 1 and {edit.column2} in column 2, in force since"
        f" {spoken(edit.effective_on)}, modifier indicator {edit.modifier_indicator}."
        f" {_opening(pair)}"
    )
    text += _late(found.ptp)
    if edit.rationale:
        text += f" Rationale: {edit.rationale}."
    text += of_sample(found.ptp.release, _REAL_EDITS)
    return make.fact(
        "pair.edit",
        TOPIC,
        text,
        edit,
        level=Level.MEMBERS,
        code=code,
        url=url,
        asked=[found.day, *pair.modifiers],
    )


def _opening(pair: PairAnswer[PtpEdit]) -> str:
    if pair.opening is Opening.NEVER:
        return "No modifier opens this edit."
    if pair.opening is Opening.TYPED:
        names = " or ".join(pair.modifiers)
        return f"Modifier {names}, as asked, may open it where the record justifies it."
    return (
        "An NCCI-associated modifier may open it where the circumstances and the record justify it."
    )


def _no_edit(
    found: Check, pair: PairAnswer[PtpEdit], code: CodeRef | None, url: str, make: Maker
) -> Fact:
    release = found.ptp.release
    label = release.label if release else ""
    late = _late(found.ptp)
    text = (
        f"No NCCI PTP edit exists between {pair.one} and {pair.other} on {spoken(found.day)} for"
        f" {found.service.name.lower()} services, by the edition {label}.{late}"
        f"{of_sample(release, _REAL_EDITS)}"
    )
    return make.fact(
        "pair.none",
        TOPIC,
        text,
        [release] if release else [],
        level=Level.MEMBERS,
        code=code,
        url=url,
        asked=[found.day, pair.one, pair.other],
    )


def _late(coverage: Coverage[Release]) -> str:
    if not coverage.is_late:
        return ""
    return " A newer edition is out for that day and is not loaded, so look again there."


def _no_data(
    found: Check, pair: PairAnswer[PtpEdit], code: CodeRef | None, url: str, make: Maker
) -> Fact:
    release, source = found.ptp.release, found.service.ptp
    text = (
        f"Whether an NCCI PTP edit exists between {pair.one} and {pair.other} on"
        f" {spoken(found.day)} cannot be said: this site holds no PTP data for that date."
    )
    if release and found.ptp.reaches_back_to:
        text += (
            f" The edition {release.label} is complete from {spoken(found.ptp.reaches_back_to)} on."
        )
    elif source:
        text += f" To fill it: {fill(source)} ({FILES[source].holds})."
    return make.fact(
        "missing.ptp",
        TOPIC,
        text,
        [release] if release else [],
        level=Level.OPEN,
        code=code,
        url=url,
        asked=[found.day, pair.one, pair.other],
        derived=[found.ptp.reaches_back_to] if found.ptp.reaches_back_to else [],
    )


def _other_days(
    found: Check, pair: PairAnswer[PtpEdit], code: CodeRef | None, url: str, make: Maker
) -> Iterator[Fact]:
    for edit in pair.others:
        if edit.deleted_on and edit.deleted_on < found.day:
            when = f"in force from {spoken(edit.effective_on)} to {spoken(edit.deleted_on)}"
            text = f"An edit of {edit.column1} and {edit.column2} was {when}; it has ended."
        else:
            text = (
                f"An edit of {edit.column1} and {edit.column2} begins on"
                f" {spoken(edit.effective_on)}."
            )
        yield make.fact("pair.other", TOPIC, text, edit, level=Level.MEMBERS, code=code, url=url)


# --- Units --------------------------------------------------------------------------------------


def _units(
    found: Check, lines: Sequence[Line], code: CodeRef | None, url: str, make: Maker
) -> Iterator[Fact]:
    for each in found.units:
        answer = each.answer
        if answer.limit is not None:
            yield make.fact(
                "limit",
                TOPIC,
                _limit(found, each),
                answer.limit,
                level=Level.MEMBERS,
                code=code,
                url=url,
                meaning=[each.adjudication, each.explanation],
                asked=[found.day, *([answer.counted] if answer.counted > 1 else [])],
            )
        elif found.mue.release:
            yield _no_limit(found, answer.key, found.mue.release, code, url, make)
        else:
            yield _no_limits_held(found, answer.key, code, url, make)
    for key in found.unknown:  # the question's codes are known to exist, so no file limits them
        if found.mue.release:
            yield _no_limit(found, key, found.mue.release, code, url, make)
        else:
            yield _no_limits_held(found, key, code, url, make)


def _no_limit(
    found: Check, key: str, release: Release, code: CodeRef | None, url: str, make: Maker
) -> Fact:
    text = (
        f"The MUE edition {release.label} publishes no unit limit of {key} for"
        f" {found.service.name.lower()} services. Some limits are not published, so this is no"
        f" promise.{_late(found.mue)}{of_sample(release, _REAL_LIMITS)}"
    )
    return make.fact(
        "limit.none", TOPIC, text, release, level=Level.MEMBERS, code=code, url=url, asked=[key]
    )


def _no_limits_held(found: Check, key: str, code: CodeRef | None, url: str, make: Maker) -> Fact:
    text = (
        f"What unit limit (MUE) {key} had on {spoken(found.day)} cannot be said: this site holds no"
        f" MUE file for {found.service.name.lower()} services in force on that day."
    )
    if found.service.mue:
        text += f" To fill it: {fill(found.service.mue)}."
    asked = [found.day, key]
    return make.fact(
        "missing.mue", TOPIC, text, [], level=Level.OPEN, code=code, url=url, asked=asked
    )


def _limit(found: Check, each: Units) -> str:
    limit, answer = each.answer.limit, each.answer
    if limit is None:
        return ""
    text = (
        f"The unit limit (MUE) of {limit.code_key} is {limit.units:,} for"
        f" {found.service.name.lower()} services. {each.adjudication}: {each.explanation}"
    )
    if answer.verdict is UnitsVerdict.OVER:
        text += f" The {answer.counted:,} units asked about are over it."
    elif answer.verdict is UnitsVerdict.NOT_PAYABLE:
        text += " A limit of 0 means that Medicare does not pay it for this service."
    elif answer.counted > 1:
        text += f" The {answer.counted:,} units asked about are within it."
    if limit.rationale:
        text += f" Rationale: {limit.rationale}."
    return text + of_sample(found.mue.release, _REAL_LIMITS)


# --- Add-on codes -------------------------------------------------------------------------------


def _add_ons(found: Check, code: CodeRef | None, url: str, make: Maker) -> Iterator[Fact]:
    for each in found.add_ons:
        named = [row for row in each.rows if row.primary in each.present] or each.rows[:1]
        if each.verdict is AddOnVerdict.HAS_PRIMARY:
            text = (
                f"{each.key} is an add-on code, and {', '.join(each.present)} is one of its primary"
                " codes."
            )
        elif each.verdict is AddOnVerdict.NO_PRIMARY:
            text = f"{each.key} is an add-on code: it is paid only beside one of its primary codes."
            if each.listed:
                named = [row for row in each.rows if row.primary in each.listed[:12]]
                more = len(each.listed) - 12
                text += f" Listed: {', '.join(each.listed[:12])}"
                text += f" and {more} more." if more > 0 else "."
        else:
            text = (
                f"{each.key} is an add-on code; Medicare's contractors say which primary codes it"
                " goes with."
            )
        yield make.fact(
            "add_on.check",
            TOPIC,
            text,
            named,
            level=Level.MEMBERS,
            code=code,
            url=url,
            derived=[max(0, len(each.listed) - 12)],
        )
