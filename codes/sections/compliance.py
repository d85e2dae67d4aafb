"""Compliance: the history of a code, its days in the files, supervision, telehealth, documents."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from codes.facts import PROCEDURE_SYSTEMS, RelativeValue, TelehealthService
from codes.history import history_of
from codes.importers.hcpcs import ACTIONS
from codes.indicators import SUPERVISION
from codes.models import Code, Release
from codes.remembered import remembered
from codes.sections.authored import AuthoredSection
from codes.sections.editions import editions_held, held
from codes.sections.fees import part_title
from codes.sections.medicare_coverage import fee_schedule, hcpcs_detail
from codes.sections.options import SectionOptions
from codes.sections.policy import NOT_CONCERNED


@dataclass(frozen=True, slots=True)
class Supervision:
    """The level of supervision that a part of a diagnostic test needs."""

    fact: RelativeValue
    part: str
    name: str
    explanation: str


class ComplianceSection(AuthoredSection):
    """Authored documentation points, code history, HCPCS dates, supervision, telehealth."""

    template = "codes/sections/_compliance.html"

    def __init__(self) -> None:
        super().__init__("compliance")

    def holds(self, code: Code) -> list[str]:
        """Return counts; beside the texts one query, three for CPT, four for HCPCS; one more for a
        code that the list of telehealth services does not name."""
        phrases = super().holds(code)
        if events := history_of(code):
            noun = "event" if len(events) == 1 else "events"
            phrases.append(f"code history, {len(events)} {noun}")
        if detail := hcpcs_detail(code, None):
            phrases.append(f"dates of the file, release {detail.release.label}")
        if supervision := _supervision(code, None):
            phrases.append(f"supervision, release {supervision[0].fact.release.label}")
        # The same words whether the code is on it or not: that is for whoever opens the section.
        if telehealth_list := _telehealth_list(code, None):
            phrases.append(f"telehealth list, release {telehealth_list.label}")
        return phrases

    def load(self, code: Code, options: SectionOptions) -> Mapping[str, object]:
        """Return it all; at most five queries beside the texts."""
        events = history_of(code)
        if options.on is not None:
            events = [event for event in events if event.on <= options.on]
        detail = hcpcs_detail(code, options.on)
        return {
            **super().load(code, options),
            "events": events,
            "detail": detail,
            "action": ACTIONS.get(detail.action, "") if detail else "",
            "supervision": _supervision(code, options.on),
            "telehealth": _telehealth(code, options.on),
            "telehealth_list": _telehealth_list(code, options.on),
        }


@remembered
def _telehealth(code: Code, on: date | None) -> TelehealthService | None:
    """Return the row of the list of telehealth services, which is that of a calendar year."""
    if code.system.slug not in PROCEDURE_SYSTEMS:
        return None
    rows = held(TelehealthService, on).filter(code_key=code.key)
    if on is not None:
        rows = rows.filter(release__effective_date__year=on.year)
    return rows.first()


@remembered
def _telehealth_list(code: Code, on: date | None) -> Release | None:
    """Return the list of telehealth services that answers for a code, on it or not.

    One query for a code that is not on it. A sample does not answer: what it lacks says nothing.
    """
    if named := _telehealth(code, on):
        return named.release
    if code.system.slug not in PROCEDURE_SYSTEMS or code.kind != Code.Kind.CODE:
        return None
    lists = editions_held(on).filter(source="telehealth", is_sample=False)
    if on is not None:
        lists = lists.filter(effective_date__year=on.year)
    return lists.first()


def _supervision(code: Code, on: date | None) -> list[Supervision]:
    """Return the levels of supervision that the fee schedule demands, once each; one query."""
    if code.system.slug not in PROCEDURE_SYSTEMS:
        return []
    rows: dict[str, RelativeValue] = {}
    for row in fee_schedule(code, on):
        rows.setdefault(row.supervision, row)
    return [
        Supervision(row, part_title(row), SUPERVISION.name(level), SUPERVISION.explanation(level))
        for level, row in rows.items()
        if level and SUPERVISION.name(level) != NOT_CONCERNED
    ]
