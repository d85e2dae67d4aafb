"""Pages of what changed in files of facts: fees, unit limits, edits.

Counts are open to all. The facts themselves stand in the gated sections of the code pages, so here
too they are for registered readers only.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse, reverse_lazy
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from codes import changes, fact_changes, fact_sources
from codes.change_forms import FactChangesForm
from codes.change_views import EDITIONS_IN_FEED, csv_response
from codes.fact_changes import Report, Row
from codes.limits import limited
from codes.models import CodeSystem, Release
from codes.sections.code_links import CodeLink, is_cpt, procedures

ROWS_PER_PAGE = 50
THRESHOLD = 10
"""Percent."""


@require_safe
def changes_index(request: HttpRequest) -> HttpResponse:
    """List every system, and every edition of every file of facts; three queries."""
    current = Prefetch("releases", Release.objects.current(), to_attr="current_releases")
    by_source = groupby(
        _held().order_by("source", "-effective_date", "-pk"), lambda one: one.source
    )
    files = [list(releases) for _, releases in by_source]
    context = {
        "systems": CodeSystem.objects.visible().prefetch_related(current),
        "files": sorted(((_name(each[0]), each) for each in files), key=itemgetter(0)),
    }
    return render(request, "codes/changes_index.html", context)


class FactChangesFeed(Feed):  # type: ignore[type-arg]  # generic only in the stubs
    """The editions of all files of facts as they arrive, for a feed reader; one query.

    Counts only, which are open to all.
    """

    feed_type = Atom1Feed
    title = "What changed in fees, edits, limits and other files"
    link = reverse_lazy("codes:changes_index")
    author_name = settings.SITE_NAME

    def items(self) -> list[tuple[Release, bool]]:
        """Return the newest editions, each with whether an older one of its file is held."""
        held = list(_held().order_by("-imported_at", "-pk"))
        oldest = {one.source: one.pk for one in sorted(held, key=lambda one: one.order)[::-1]}
        return [(one, oldest[one.source] == one.pk) for one in held[:EDITIONS_IN_FEED]]

    def item_title(self, item: tuple[Release, bool]) -> str:
        """Return which edition it is of which file."""
        return f"{_name(item[0])}, {item[0].label}"

    def item_description(self, item: tuple[Release, bool]) -> str:
        """Return how much it changed."""
        release, is_oldest = item
        if is_oldest:
            return "The oldest edition held; there is none to compare it with."
        return " ".join([f"Effective {release.effective_date:%Y-%m-%d}.", *release.comparison])

    def item_link(self, item: tuple[Release, bool]) -> str:
        """Return the page of the edition."""
        return reverse("codes:fact_changes", args=[item[0].pk])

    def item_updateddate(self, item: tuple[Release, bool]) -> Any:
        """Return when the edition was loaded."""
        return item[0].imported_at


def _held() -> QuerySet[Release]:
    return Release.objects.filter(system=None, was_left=False)


def _name(release: Release) -> str:
    return fact_sources.name_of(release.source, release.source_name)


@require_safe
@limited("RATELIMIT_SEARCH", group="fact-changes")
def fact_changes_page(request: HttpRequest, release: int) -> HttpResponseBase:
    """Show what an edition of a file of facts changed, or send it as CSV; five queries, six of
    fees."""
    shown = get_object_or_404(_held(), pk=release)
    report = fact_changes.REPORTS.get(shown.source)
    before = changes.edition_before(shown)
    form = FactChangesForm(request.GET, kinds=report.kinds if report else {})
    context: dict[str, Any] = {
        "release": shown,
        "name": _name(shown),
        "before": before,
        "report": report,
        "form": form,
        "is_open": request.user.is_authenticated,
    }
    if report and before and request.user.is_authenticated:
        chosen = _chosen(form, report)
        if chosen["format"] == "csv":
            return _as_csv(report, shown, before, chosen)
        context |= _page_of(report, shown, before, chosen)
    status = 200 if form.is_valid() else 400
    return render(request, "codes/fact_changes.html", context, status=status)


def _chosen(form: FactChangesForm, report: Report) -> Mapping[str, Any]:
    """Return what the reader chose; what is missing or cannot be read is as if not chosen."""
    given = form.cleaned_data if form.is_valid() else {}
    return {
        "kind": given.get("kind") or next(iter(report.kinds)),
        "threshold": given.get("threshold") or THRESHOLD,
        "page": given.get("page") or 1,
        "format": given.get("format", ""),
    }


def _page_of(
    report: Report, release: Release, before: Release, chosen: Mapping[str, Any]
) -> dict[str, Any]:
    """Return a page of rows with the codes that they name; counting them all would cost more."""
    number = chosen["page"]
    rows = fact_changes.rows_of(
        report,
        release,
        before,
        kind=chosen["kind"],
        threshold=chosen["threshold"],
        limit=ROWS_PER_PAGE + 1,
        offset=(number - 1) * ROWS_PER_PAGE,
    )
    shown = rows[:ROWS_PER_PAGE]
    links = procedures(fact_changes.keys_of(shown))
    return {
        "chosen": chosen,
        "rows": list(_linked(shown, links)),
        "factors": fact_changes.conversion_factors([before, release])
        if report.has_threshold
        else [],
        "previous_page": number - 1,
        "next_page": number + 1 if len(rows) > ROWS_PER_PAGE else None,
    }


def _linked(rows: list[Row], links: dict[str, CodeLink]) -> Iterator[Row]:
    """Yield the rows whose codes may be shown, each with a link to them."""
    for row in rows:
        code, other = links.get(row["code_key"]), links.get(row.get("other_key", ""))
        if code and (other or "other_key" not in row):
            yield row | {"code": code, "other": other}


def _as_csv(
    report: Report, release: Release, before: Release, chosen: Mapping[str, Any]
) -> HttpResponseBase:
    rows = fact_changes.rows_of(
        report,
        release,
        before,
        kind=chosen["kind"],
        threshold=chosen["threshold"],
        limit=None,
    )
    links = procedures(fact_changes.keys_of(rows))
    kept = [row for row in rows if fact_changes.keys_of([row]) <= links.keys()]
    names = [name for name in (kept[0] if kept else {"code_key": ""}) if not name.startswith("is_")]
    table = [
        [*names, "copyright"],
        *([*(row[name] for name in names), _notice(row)] for row in kept),
    ]
    return csv_response(table, f"{release.source}-{chosen['kind']}-{release.pk}.csv")


def _notice(row: Row) -> str:
    """Return the line that goes with a CPT number, wherever a file of them travels."""
    is_named = any(is_cpt(key) for key in fact_changes.keys_of([row]))
    return "CPT is copyright American Medical Association. All rights reserved." if is_named else ""
