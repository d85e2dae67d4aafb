"""Compliance: what happened to a code, its days in the files, supervision, documentation."""

from collections.abc import Iterator
from typing import Any, Final

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.days import spoken
from assistant.engine.finding.lead import quoted
from assistant.engine.making import Maker
from codes.authored_texts import AuthoredText
from codes.facts import HcpcsDetail, TelehealthService
from codes.history import Event
from codes.models import Code
from codes.sections import BY_SLUG
from codes.sections.authored import published_text
from codes.sections.compliance import Supervision
from codes.sections.options import SectionOptions

TOPIC: Final = Topic.COMPLIANCE


def find(code: Code, ref: CodeRef, options: SectionOptions, make: Maker) -> Iterator[Fact]:
    """Yield what the section holds; at most three queries beside the texts."""
    if text := published_text(code, AuthoredText.Kind.COMPLIANCE):
        yield quoted(text, "authored.compliance", TOPIC, ref, make, anchor="compliance")
    loaded: Any = BY_SLUG["compliance"].load(code, options)
    for event in loaded["events"]:
        yield _event(code, ref, event, make)
    if loaded["detail"]:
        yield from _days(code, ref, loaded["detail"], loaded["action"], make)
    for one in loaded["supervision"]:
        yield _supervision(code, ref, one, make)
    if loaded["telehealth"]:
        yield _telehealth(code, ref, loaded["telehealth"], make)


def _event(code: Code, ref: CodeRef, event: Event, make: Maker) -> Fact:
    text = f"{code.display}: {event.title.lower()}, {spoken(event.on)} ({event.release.label})."
    rewordings = [f"{one.name}: “{one.before}” became “{one.after}”." for one in event.rewordings]
    return make.fact(
        "history",
        TOPIC,
        " ".join([text, *rewordings]),
        [event.release, code],
        level=Level.UNLOCKED,
        code=ref,
        url=_url(ref),
        derived=[event.on, *(w for one in event.rewordings for w in (one.before, one.after))],
    )


def _days(
    code: Code, ref: CodeRef, detail: HcpcsDetail, action: str, make: Maker
) -> Iterator[Fact]:
    days = [
        f"added {spoken(detail.added_on)}" if detail.added_on else "",
        f"last action {spoken(detail.action_on)}" if detail.action_on else "",
        f"last day of use {spoken(detail.terminated_on)}" if detail.terminated_on else "",
    ]
    if any(days):
        said = ", ".join(day for day in days if day)
        text = f"{code.display} in the HCPCS file {detail.release.label}: {said}."
        if action:
            text += f" Action {detail.action}: {action.rstrip('.')}."
        yield make.fact(
            "detail.added",
            TOPIC,
            text,
            detail,
            level=Level.UNLOCKED,
            code=ref,
            url=_url(ref),
            meaning=[action],
        )


def _supervision(code: Code, ref: CodeRef, one: Supervision, make: Maker) -> Fact:
    return make.fact(
        "supervision",
        TOPIC,
        f"Supervision of {code.display}, {one.part.lower()}: {one.fact.supervision},"
        f" {one.name.lower()}. {one.explanation}",
        one.fact,
        level=Level.UNLOCKED,
        code=ref,
        url=_url(ref),
        meaning=[one.name, one.explanation, one.part],
    )


def _telehealth(code: Code, ref: CodeRef, row: TelehealthService, make: Maker) -> Fact:
    text = f"{code.display} is on Medicare's list of telehealth services ({row.release.label})."
    if row.status:
        text += f" Status: {row.status}."
    if row.audio_only is not None:
        text += " Sound alone can do." if row.audio_only else " Sound and picture are needed."
    if row.limitation:
        text += f" Payment limitation: {row.limitation}."
    return make.fact("telehealth", TOPIC, text, row, level=Level.UNLOCKED, code=ref, url=_url(ref))


def _url(ref: CodeRef) -> str:
    return f"{ref.url}#compliance" if ref.url else ""
