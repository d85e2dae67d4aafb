"""NCCI Edits: pairs that are not paid together, the most units, and add-on codes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils.timezone import localdate

from codes.facts import PROCEDURE_SYSTEMS, AddOnEdit, PtpEdit, UnitLimit, in_force_on
from codes.indicators import ADJUDICATION, MODIFIER_INDICATOR
from codes.lookup import code_key
from codes.models import Code, Release
from codes.ncci_editions import Coverage
from codes.ncci_facts import ADD_ON, SERVICES, Held, Service, held_for, rows_of
from codes.remembered import remembered
from codes.sections.authored import AuthoredSection
from codes.sections.code_links import CodeLink, procedures
from codes.sections.options import SectionOptions
from codes.sections.ptp_lists import (
    FIRST,
    PtpList,
    Row,
    counted,
    empty_lists,
    fill,
    link_to,
    other_key,
    place,
    shown_edits,
)


@dataclass(frozen=True, slots=True)
class AddOnList:
    """The add-on code edits in which a code is the add-on, or the primary."""

    is_add_on: bool
    rows: list[Row]
    total: int


class NcciEditsSection(AuthoredSection):
    """Authored text, PTP edits of both columns, unit limits and add-on codes."""

    template = "codes/sections/_ncci_edits.html"

    def __init__(self) -> None:
        super().__init__("ncci_edits")

    def holds(self, code: Code) -> list[str]:
        """Return counts such as ``212 PTP edits, release 2026 Q3``; five queries where NCCI files
        are loaded, one where none is, none for a code that is no procedure."""
        phrases = super().holds(code)
        if code.system.slug not in PROCEDURE_SYSTEMS:
            return phrases
        held, today = held_for(code), localdate()
        if held.releases:
            phrases += _ptp_phrases(counted(empty_lists(held, today), code, today))
            phrases += _limit_phrases(_limits(code, today))
            phrases += _add_on_phrases(len(_add_on_edits(code, today)))
        return phrases

    def load(self, code: Code, options: SectionOptions) -> Mapping[str, object]:
        """Return the text and the edits on a day; eight queries beside the texts, however many
        edits there are. Raises ``Http404`` for a page after the last."""
        text = super().load(code, options)
        if code.system.slug not in PROCEDURE_SYSTEMS:
            return text
        held, day = held_for(code), options.on or localdate()
        if not held.releases:
            return text
        prefix = code_key(options.words)[:5]
        lists = counted(empty_lists(held, day), code, day, prefix)
        page = place(lists, options)
        edits = list(held.named(shown_edits(lists, code.key, day, prefix)))
        add_ons = list(held.named(_add_on_edits(code, day)))
        facts: list[PtpEdit | AddOnEdit] = [*edits, *add_ons]
        links = procedures({other_key(fact, code.key) for fact in facts})
        fill(lists, edits, code.key, links)
        return {
            **text,
            "day": day,
            "ptp_lists": lists,
            "ptp_page": page,
            "ptp_hidden": len(edits) - sum(len(each.rows) for each in lists),
            "limits": _limits(code, day),
            "add_on_lists": _add_on_lists(add_ons, code.key, links, options),
            "coverages": _coverages(held, day),
            "indicators": MODIFIER_INDICATOR.meanings,
        }


# --- Unit limits --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limit:
    """The unit limit of a code for one service, with its adjudication in words."""

    service: Service
    coverage: Coverage[Release]
    fact: UnitLimit

    @property
    def adjudication(self) -> str:
        """What the limit is held against."""
        return ADJUDICATION.name(self.fact.adjudication)

    @property
    def explanation(self) -> str:
        """What that means."""
        return ADJUDICATION.explanation(self.fact.adjudication)


@remembered
def _limits(code: Code, day: date) -> list[Limit]:
    """Return the limits of a code, by service; one query."""
    held = held_for(code)
    covered = [(service, held.limits(service.mue, day)) for service in SERVICES]
    releases = [coverage.release for _, coverage in covered if coverage.release]
    facts = rows_of(UnitLimit).filter(code_key=code.key, release__in=releases)
    by_release = {fact.release: fact for fact in held.named(facts)} if releases else {}
    return [
        Limit(service, coverage, by_release[coverage.release])
        for service, coverage in covered
        if coverage.release in by_release
    ]


# --- Add-on codes -------------------------------------------------------------------------------


@remembered
def _add_on_edits(code: Code, day: date) -> list[AddOnEdit]:
    """Return those in force in which the code is the add-on or the primary; one query, at most
    some hundred rows."""
    release = held_for(code).edits(ADD_ON, day).release
    if release is None:
        return []
    edits = rows_of(AddOnEdit).filter(Q(add_on=code.key) | Q(primary=code.key), release=release)
    return list(edits.filter(in_force_on(day)).order_by("add_on", "primary", "effective_on"))


def _add_on_lists(
    edits: Sequence[AddOnEdit], key: str, links: Mapping[str, CodeLink], options: SectionOptions
) -> list[AddOnList]:
    lists = []
    for is_add_on in (True, False):
        some = [edit for edit in edits if (edit.add_on == key) == is_add_on]
        linked = [(edit, link_to(other_key(edit, key), links)) for edit in some]
        rows = [Row(edit, link) for edit, link in linked if link]
        if rows:
            shown = rows if options.is_whole else rows[:FIRST]
            lists.append(AddOnList(is_add_on, shown, len(rows)))
    return lists


# --- In words -----------------------------------------------------------------------------------


def _coverages(held: Held, day: date) -> list[tuple[str, Coverage[Release]]]:
    """Return what answers for the day, of each kind of file that is held at all."""
    kinds = [
        *((f"PTP edits, {s.name.lower()}", s.ptp, held.edits) for s in SERVICES if s.ptp),
        *((f"MUE, {s.name}", s.mue, held.limits) for s in SERVICES),
        ("Add-on codes", ADD_ON, held.edits),
    ]
    return [(title, find(source, day)) for title, source, find in kinds if held.of(source)]


def _ptp_phrases(lists: Sequence[PtpList]) -> list[str]:
    """Return ``212 PTP edits, release 2026 Q3``; the services apart where both are held."""
    sums: dict[str, int] = {}
    for each in lists:
        name = each.service.name.lower()
        sums[name] = sums.get(name, 0) + each.active
    numbers = [(name, number) for name, number in sums.items() if number]
    if not numbers:
        ended = sum(each.ended for each in lists)
        return [f"{ended:,} PTP edit{'' if ended == 1 else 's'} that ended"] if ended else []
    counts = [
        f"{number:,} {name}" if len(numbers) > 1 else f"{number:,}" for name, number in numbers
    ]
    releases = [each.coverage.release for each in lists if each.active and each.coverage.release]
    labels = " and ".join(dict.fromkeys(release.label for release in releases))
    noun = "PTP edit" if numbers == [(numbers[0][0], 1)] else "PTP edits"
    return [f"{' and '.join(counts)} {noun}, release {labels}"]


def _limit_phrases(limits: Sequence[Limit]) -> list[str]:
    """Say that there are limits; how high they are is for whoever opens the section."""
    number = len(limits)
    return [f"{number:,} MUE value{'' if number == 1 else 's'}"] if number else []


def _add_on_phrases(number: int) -> list[str]:
    return [f"{number:,} add-on edit{'' if number == 1 else 's'}"] if number else []
