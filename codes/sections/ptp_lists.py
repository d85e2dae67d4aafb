"""The PTP edits of a code, as lists by service and column: counted, paged, read, with links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.core.paginator import Page, Paginator
from django.db.models import Count, F, Q, QuerySet
from django.http import Http404

from codes import ncci
from codes.facts import AddOnEdit, PtpEdit, in_force_on
from codes.models import Release
from codes.ncci_facts import SERVICES, Held, Service, rows_of
from codes.sections.code_links import CodeLink, is_cpt
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


def _ptp(key: str, column: int, prefix: str) -> QuerySet[PtpEdit]:
    own = {f"column{column}": key}
    wanted = {f"{_OTHER[column]}__startswith": prefix} if prefix else {}
    return rows_of(PtpEdit).filter(**own, **wanted)


def empty_lists(held: Held, day: date) -> list[PtpList]:
    """Return an empty list for each service and column that a release answers for."""
    covered = [(service, held.edits(service.ptp, day)) for service in SERVICES if service.ptp]
    return [
        PtpList(service, coverage, column)
        for service, coverage in covered
        if coverage.release
        for column in (1, 2)
    ]


def counted(lists: list[PtpList], key: str, day: date, prefix: str = "") -> list[PtpList]:
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


def place(lists: list[PtpList], options: SectionOptions) -> Page[int] | None:
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


def shown_edits(lists: Sequence[PtpList], key: str, day: date, prefix: str) -> list[PtpEdit]:
    """Return the rows of all lists that are shown; one query, each part of it by its index."""
    parts = [
        each.edits(key, prefix)
        .filter(in_force_on(day))
        .order_by(_OTHER[each.column], "effective_on")[each.start : each.start + each.shown]
        for each in lists
        if each.shown
    ]
    return list(parts[0].union(*parts[1:], all=True)) if parts else []


def fill(
    lists: list[PtpList], edits: Iterable[PtpEdit], key: str, links: Mapping[str, CodeLink]
) -> None:
    """Put the rows into their lists; those with a code that may not be shown are left out."""
    by_place = {(each.coverage.release, each.column): each for each in lists}
    for edit in sorted(edits, key=lambda edit: (other_key(edit, key), edit.effective_on)):
        link = link_to(other_key(edit, key), links)
        column = 1 if edit.column1 == key else 2
        if link:
            by_place[edit.release, column].rows.append(Row(edit, link))


def other_key(edit: PtpEdit | AddOnEdit, key: str) -> str:
    """Return the code that an edit names beside the given one."""
    one, other = (
        (edit.column1, edit.column2) if isinstance(edit, PtpEdit) else (edit.add_on, edit.primary)
    )
    return other if one == key else one


def link_to(key: str, links: Mapping[str, CodeLink]) -> CodeLink | None:
    """Return how a code is printed; ``None`` for a CPT number where CPT is not shown."""
    return links.get(key) or (None if is_cpt(key) else CodeLink(key))
