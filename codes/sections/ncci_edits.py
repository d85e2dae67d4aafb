"""NCCI Edits: pairs that are not paid together, the most units, and add-on codes."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404
from django.utils.timezone import localdate

from codes import ncci
from codes.facts import AddOnEdit, PtpEdit, UnitLimit, in_force_on
from codes.indicators import ADJUDICATION, MODIFIER_INDICATOR
from codes.lookup import code_key
from codes.models import Code, Release
from codes.ncci_facts import ADD_ON, SERVICES, SYSTEMS, Held, Service, rows_of
from codes.sections.authored import AuthoredSection
from codes.sections.code_links import CodeLink, is_cpt, procedures
from codes.sections.options import SectionOptions

FIRST: Final = 10
"""How many rows of a list stand on the code page."""
PER_PAGE: Final = 50

_OTHER: Final = {1: "column2", 2: "column1"}


@dataclass(frozen=True, slots=True)
class Row:
    """An edit beside the code that it names: ``other`` is not the code of the page."""

    fact: PtpEdit | AddOnEdit
    other: CodeLink


@dataclass(slots=True)
class PtpList:
    """The PTP edits of a code for one service, in which it stands in one of the columns.

    ``active`` counts those in force on the day, ``ended`` and ``later`` the others. ``shown`` of
    the active ones are in ``rows``, after ``start`` others. ``page`` is that of the section's own
    page on which the list begins.
    """

    service: Service
    coverage: ncci.Coverage[Release]
    column: int
    active: int = 0
    ended: int = 0
    later: int = 0
    start: int = 0
    shown: int = 0
    page: int = 1
    rows: list[Row] = field(default_factory=list)

    @property
    def anchor(self) -> str:
        """The id of its heading."""
        return f"ptp-{self.service.key}-{self.column}"

    @property
    def is_over(self) -> bool:
        """Whether it has edits, but none in force."""
        return self.ended > 0 and not self.active

    def edits(self, key: str, prefix: str) -> QuerySet[PtpEdit]:
        """Return every edit of the list, in force or not."""
        return _ptp(key, self.column, prefix).filter(release=self.coverage.release)


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
        if code.system.slug not in SYSTEMS:
            return phrases
        held, today = Held.load(), localdate()
        if held.releases:
            phrases += _ptp_phrases(_counted(_ptp_lists(held, today), code.key, today))
            phrases += _limit_phrases(_limits(held, code.key, today))
            phrases += _add_on_phrases(len(_add_on_edits(held, code.key, today)))
        return phrases

    def load(self, code: Code, options: SectionOptions) -> Mapping[str, object]:
        """Return the text and the edits on a day; eight queries beside the texts, however many
        edits there are. Raises ``Http404`` for a page after the last."""
        text = super().load(code, options)
        if code.system.slug not in SYSTEMS:
            return text
        held, day = Held.load(), options.on or localdate()
        if not held.releases:
            return text
        prefix = code_key(options.words)[:5]
        lists = _counted(_ptp_lists(held, day), code.key, day, prefix)
        page = _place(lists, options)
        edits = list(held.named(_edits(lists, code.key, day, prefix)))
        add_ons = list(held.named(_add_on_edits(held, code.key, day)))
        facts: list[PtpEdit | AddOnEdit] = [*edits, *add_ons]
        links = procedures({_other(fact, code.key) for fact in facts})
        _fill(lists, edits, code.key, links)
        return {
            **text,
            "day": day,
            "ptp_lists": lists,
            "ptp_page": page,
            "ptp_hidden": len(edits) - sum(len(each.rows) for each in lists),
            "limits": _limits(held, code.key, day),
            "add_on_lists": _add_on_lists(add_ons, code.key, links, options),
            "coverages": _coverages(held, day),
            "indicators": MODIFIER_INDICATOR.meanings,
        }


# --- PTP edits ----------------------------------------------------------------------------------


def _ptp(key: str, column: int, prefix: str) -> QuerySet[PtpEdit]:
    own = {f"column{column}": key}
    wanted = {f"{_OTHER[column]}__startswith": prefix} if prefix else {}
    return rows_of(PtpEdit).filter(**own, **wanted)


def _ptp_lists(held: Held, day: date) -> list[PtpList]:
    """Return an empty list for each service and column that a release answers for."""
    covered = [(service, held.edits(service.ptp, day)) for service in SERVICES if service.ptp]
    return [
        PtpList(service, coverage, column)
        for service, coverage in covered
        if coverage.release
        for column in (1, 2)
    ]


def _counted(lists: list[PtpList], key: str, day: date, prefix: str = "") -> list[PtpList]:
    """Count the edits of each list; two queries, since one for both would be planned for several
    processes, whose start takes ten times as long as the counting."""
    releases = [each.coverage.release for each in lists]
    ended = Q(deleted_on__lt=day, deleted_on__gt=F("effective_on"))
    counts: dict[tuple[int, int], tuple[int, int, int]] = {}
    for column in (1, 2) if lists else ():
        edits = _ptp(key, column, prefix).filter(release__in=releases).values_list("release_id")
        for release_id, *numbers in edits.annotate(
            active=Count("pk", filter=in_force_on(day)),
            ended=Count("pk", filter=ended),
            later=Count("pk", filter=Q(effective_on__gt=day)),
        ):
            counts[release_id, column] = (numbers[0], numbers[1], numbers[2])
    for each in lists:
        release_id = each.coverage.release.pk if each.coverage.release else 0
        each.active, each.ended, each.later = counts.get((release_id, each.column), (0, 0, 0))
    return lists


def _place(lists: list[PtpList], options: SectionOptions) -> Page[int] | None:
    """Say which rows of each list are shown: its first ones, or those of a page of all lists."""
    pages = Paginator(range(sum(each.active for each in lists)), PER_PAGE)
    if options.is_whole and options.page > pages.num_pages:
        raise Http404("There is no such page of edits.")
    before, first = 0, (options.page - 1) * PER_PAGE
    for each in lists:
        each.page = before // PER_PAGE + 1
        each.start = min(max(first - before, 0), each.active)
        end = first - before + PER_PAGE if options.is_whole else FIRST
        each.shown = max(0, min(end, each.active) - each.start)
        before += each.active
    return pages.page(options.page) if options.is_whole else None


def _edits(lists: Sequence[PtpList], key: str, day: date, prefix: str) -> list[PtpEdit]:
    """Return the rows of all lists that are shown; one query, each part of it by its index."""
    parts = [
        each.edits(key, prefix)
        .filter(in_force_on(day))
        .order_by(_OTHER[each.column], "effective_on")[each.start : each.start + each.shown]
        for each in lists
        if each.shown
    ]
    return list(parts[0].union(*parts[1:], all=True)) if parts else []


def _fill(
    lists: list[PtpList], edits: Iterable[PtpEdit], key: str, links: Mapping[str, CodeLink]
) -> None:
    """Put the rows into their lists; those with a code that may not be shown are left out."""
    by_place = {(each.coverage.release, each.column): each for each in lists}
    for edit in sorted(edits, key=lambda edit: (_other(edit, key), edit.effective_on)):
        link = _link(_other(edit, key), links)
        column = 1 if edit.column1 == key else 2
        if link:
            by_place[edit.release, column].rows.append(Row(edit, link))


def _other(edit: PtpEdit | AddOnEdit, key: str) -> str:
    one, other = (
        (edit.column1, edit.column2) if isinstance(edit, PtpEdit) else (edit.add_on, edit.primary)
    )
    return other if one == key else one


def _link(key: str, links: Mapping[str, CodeLink]) -> CodeLink | None:
    """Return how a code is printed; ``None`` for a CPT number where CPT is not shown."""
    return links.get(key) or (None if is_cpt(key) else CodeLink(key))


# --- Unit limits --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Limit:
    """The unit limit of a code for one service, with its adjudication in words."""

    service: Service
    coverage: ncci.Coverage[Release]
    fact: UnitLimit

    @property
    def adjudication(self) -> str:
        """What the limit is held against."""
        return ADJUDICATION.name(self.fact.adjudication)

    @property
    def explanation(self) -> str:
        """What that means."""
        return ADJUDICATION.explanation(self.fact.adjudication)


def _limits(held: Held, key: str, day: date) -> list[Limit]:
    """Return the limits of a code, by service; one query."""
    covered = [(service, held.limits(service.mue, day)) for service in SERVICES]
    releases = [coverage.release for _, coverage in covered if coverage.release]
    facts = rows_of(UnitLimit).filter(code_key=key, release__in=releases)
    by_release = {fact.release: fact for fact in held.named(facts)} if releases else {}
    return [
        Limit(service, coverage, by_release[coverage.release])
        for service, coverage in covered
        if coverage.release in by_release
    ]


# --- Add-on codes -------------------------------------------------------------------------------


def _add_on_edits(held: Held, key: str, day: date) -> list[AddOnEdit]:
    """Return those in force in which the code is the add-on or the primary; one query, at most
    some hundred rows."""
    release = held.edits(ADD_ON, day).release
    if release is None:
        return []
    edits = rows_of(AddOnEdit).filter(Q(add_on=key) | Q(primary=key), release=release)
    return list(edits.filter(in_force_on(day)).order_by("add_on", "primary", "effective_on"))


def _add_on_lists(
    edits: Sequence[AddOnEdit], key: str, links: Mapping[str, CodeLink], options: SectionOptions
) -> list[AddOnList]:
    lists = []
    for is_add_on in (True, False):
        some = [edit for edit in edits if (edit.add_on == key) == is_add_on]
        linked = [(edit, _link(_other(edit, key), links)) for edit in some]
        rows = [Row(edit, link) for edit, link in linked if link]
        if rows:
            shown = rows if options.is_whole else rows[:FIRST]
            lists.append(AddOnList(is_add_on, shown, len(rows)))
    return lists


# --- In words -----------------------------------------------------------------------------------


def _coverages(held: Held, day: date) -> list[tuple[str, ncci.Coverage[Release]]]:
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
    values = sorted({limit.fact.units for limit in limits})
    return [f"MUE {' or '.join(map(str, values))}"] if values else []


def _add_on_phrases(number: int) -> list[str]:
    return [f"{number:,} add-on edit{'' if number == 1 else 's'}"] if number else []
