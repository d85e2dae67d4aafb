"""The PTP edits of a code, as lists by service and column: counted, paged, read, with links."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from django.core.paginator import Page, Paginator
from django.http import Http404

from codes import ptp_reads
from codes.facts import AddOnEdit, PtpEdit
from codes.models import Code, Release
from codes.ncci_editions import Coverage
from codes.ncci_facts import SERVICES, Held, Service
from codes.remembered import remembered
from codes.sections.code_links import CodeLink, is_cpt
from codes.sections.options import SectionOptions

FIRST: Final = 10
"""How many rows of a list stand on the code page."""
PER_PAGE: Final = 50


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
    coverage: Coverage[Release]
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


def empty_lists(held: Held, day: date) -> list[PtpList]:
    """Return an empty list for each service and column that a release answers for."""
    covered = [(service, held.edits(service.ptp, day)) for service in SERVICES if service.ptp]
    return [
        PtpList(service, coverage, column)
        for service, coverage in covered
        if coverage.release
        for column in (1, 2)
    ]


def counted(lists: list[PtpList], code: Code, day: date, prefix: str = "") -> list[PtpList]:
    """Count the edits of each list; two queries for a code in memory."""
    releases = tuple(each.coverage.release.pk for each in lists if each.coverage.release)
    found = _counts(code, releases, day, prefix) if lists else {}
    for each in lists:
        release = each.coverage.release.pk if each.coverage.release else 0
        numbers = found[each.column].get(release, (0, 0, 0))
        each.active, each.ended, each.later = numbers
    return lists


@remembered
def _counts(
    code: Code, releases: tuple[int, ...], day: date, prefix: str
) -> dict[int, dict[int, tuple[int, int, int]]]:
    """Return the counts by column and release; two queries, since one for both would be planned
    for several processes, whose start takes ten times as long as the counting."""
    return {column: ptp_reads.counts(releases, column, code.key, day, prefix) for column in (1, 2)}


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
    """Return the rows of all lists that are shown; one query."""
    parts = [
        ptp_reads.Part(each.coverage.release.pk, each.column, each.start, each.shown)
        for each in lists
        if each.shown and each.coverage.release
    ]
    return ptp_reads.in_force(parts, key, day, prefix)


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
