"""Modifiers: which are allowed, barred or relevant to pay with a code, by the facts loaded."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Model
from django.utils.timezone import localdate

from codes import ptp_reads
from codes.facts import PROCEDURE_SYSTEMS, RelativeValue
from codes.models import Code
from codes.modifiers import Entry, shown
from codes.ncci import ASSOCIATED_MODIFIERS
from codes.ncci_editions import edition_of_the_day
from codes.ncci_facts import SERVICES, held_for
from codes.sections.authored import AuthoredSection
from codes.sections.fees import plain
from codes.sections.medicare_coverage import fee_schedule
from codes.sections.modifier_rules import Use, findings
from codes.sections.options import SectionOptions


@dataclass(frozen=True, slots=True)
class Line:
    """What a fact says of some modifiers; ``entries`` are those that the site shows."""

    use: Use
    entries: list[Entry]
    indicator: str
    value: str
    because: str
    fact: Model

    @property
    def tone(self) -> str:
        """Which badge its use has."""
        return {Use.ALLOWED: "good", Use.BARRED: "bad", Use.PAY: "accent"}.get(self.use, "warn")


class ModifiersSection(AuthoredSection):
    """Authored guidance, and what the fee schedule and NCCI say of modifiers."""

    template = "codes/sections/_modifiers.html"

    def __init__(self) -> None:
        super().__init__("modifiers")

    def holds(self, code: Code) -> list[str]:
        """Return how many modifiers the fee schedule speaks of; one query beside the texts."""
        phrases = super().holds(code)
        rows = fee_schedule(code, None) if code.system.slug in PROCEDURE_SYSTEMS else []
        if rows and (named := _named(rows)):
            noun = "modifier" if len(named) == 1 else "modifiers"
            phrases.append(f"{len(named)} {noun}, release {rows[0].release.label}")
        return phrases

    def load(self, code: Code, options: SectionOptions) -> Mapping[str, object]:
        """Return the text and a line for each rule that applies; five queries beside the texts."""
        values = super().load(code, options)
        if code.system.slug not in PROCEDURE_SYSTEMS:
            return values
        rows = fee_schedule(code, options.on)
        entries = shown(_named(rows) | _ASSOCIATED)
        return {
            **values,
            "lines": [*_rule_lines(rows, entries), *_row_lines(rows, entries)],
            "ncci": _opening(code, options.on or localdate(), entries),
            "release": rows[0].release if rows else None,
        }


_ASSOCIATED: Final = {name for group in ASSOCIATED_MODIFIERS.values() for name in group}


def _named(rows: list[RelativeValue]) -> set[str]:
    ruled = {name for row in rows[:1] for found in findings(row) for name in found.rule.modifiers}
    return ruled | {row.modifier for row in rows if row.modifier}


def _rule_lines(rows: list[RelativeValue], entries: Mapping[str, Entry]) -> list[Line]:
    """Return what the indicators of the whole service say; without such a row, of the first."""
    return [
        Line(
            found.rule.use,
            _among(found.rule.modifiers, entries),
            found.indicator,
            found.value,
            found.because,
            row,
        )
        for row in rows[:1]
        for found in findings(row)
    ]


def _row_lines(rows: list[RelativeValue], entries: Mapping[str, Entry]) -> list[Line]:
    """Return the modifiers with which the file values the code apart; one line each."""
    own = {row.modifier: row for row in rows if row.modifier}
    return [
        Line(
            Use.PAY,
            _among([modifier], entries),
            "Relative values of its own",
            f"{plain(row.nonfacility_total)} / {plain(row.facility_total)}",
            "With this modifier the fee schedule values the code apart: the totals are those"
            " outside a facility and in one.",
            row,
        )
        for modifier, row in own.items()
    ]


def _opening(code: Code, day: date, entries: Mapping[str, Entry]) -> Line | None:
    """Return the NCCI-associated modifiers where an edit of the code can be opened; two queries,
    one where the NCCI releases are known."""
    known = held_for(code)
    editions = [edition_of_the_day(known.of(service.ptp), day) for service in SERVICES]
    releases = [edition.release.pk for edition in editions if edition.release]
    first = ptp_reads.openable(releases, code.key, day) if releases else None
    if first is None:
        return None
    (first,) = known.named([first])
    names = [name for group in ASSOCIATED_MODIFIERS.values() for name in group]
    because = (
        "Some PTP edits of this code can be opened: where the circumstances justify it, one of"
        " these modifiers lets both codes be paid."
    )
    return Line(
        Use.DOCUMENTED, _among(names, entries), "PTP modifier indicator", "1", because, first
    )


def _among(names: Iterable[str], entries: Mapping[str, Entry]) -> list[Entry]:
    unknown = {name: Entry(name, "", name.isdigit(), has_page=False) for name in names}
    return list((unknown | {name: entries[name] for name in unknown if name in entries}).values())
