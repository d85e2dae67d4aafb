"""Pages of what changed: the editions of a system, one edition, a CSV file and a feed of each."""

import csv
from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.syndication.views import Feed
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.views.decorators.http import require_safe

from codes import changes
from codes.change_forms import ChangesForm
from codes.changes import ChangedCode
from codes.code_versions import CodeChange
from codes.models import CodeSystem, Release

CHANGES_PER_PAGE = 50
EDITIONS_IN_FEED = 20


@require_safe
def system_changes(request: HttpRequest, system: str) -> HttpResponse:
    """List the editions of a system that are held, with how much each changed; three queries."""
    shown = get_object_or_404(CodeSystem.objects.visible(), slug=system)
    context = {"system": shown, "editions": _editions(shown)}
    return render(request, "codes/system_changes.html", context)


@require_safe
def release_changes(request: HttpRequest, system: str, release: int) -> HttpResponseBase:
    """Show what an edition changed: a page of it, or all of it as CSV; seven queries."""
    shown = get_object_or_404(CodeSystem.objects.visible(), slug=system)
    edition = get_object_or_404(Release.objects.held(), system=shown, pk=release)
    form = ChangesForm(request.GET, system=shown)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = changes.of_release(edition, kind=chosen.get("kind", ""), chapter=chosen.get("chapter"))
    is_open = request.user.is_authenticated
    is_full = changes.shows_full_wording(shown, is_signed_in=is_open)
    if chosen.get("format") == "csv":
        return _as_csv(found, edition, is_full=is_full, is_open=is_open)
    page = _page_of(found, chosen.get("page") or 1)
    context = {
        "system": shown,
        "release": edition,
        "before": changes.edition_before(edition),
        "counts": changes.counts(Release.objects.filter(pk=edition.pk)).get(edition.pk),
        "form": form,
        "page_obj": page,
        "rows": [ChangedCode(change, shown, is_full, is_open) for change in page],
        "is_full": is_full,
    }
    return render(
        request, "codes/release_changes.html", context, status=200 if form.is_valid() else 400
    )


class ChangesFeed(Feed):  # type: ignore[type-arg]  # generic only in the stubs
    """The editions of a system as they arrive, for a feed reader; three queries."""

    feed_type = Atom1Feed
    author_name = settings.SITE_NAME

    def get_object(self, request: HttpRequest, system: str) -> CodeSystem:
        """Return the system, or answer 404 where it is not shown."""
        return get_object_or_404(CodeSystem.objects.visible(), slug=system)

    def title(self, system: CodeSystem) -> str:
        """Return what the feed is called."""
        return f"What changed in {system.name}"

    def link(self, system: CodeSystem) -> str:
        """Return the page that the feed follows."""
        return reverse("codes:system_changes", args=[system.slug])

    def feed_copyright(self, system: CodeSystem) -> str:
        """Return the publisher's line."""
        return system.copyright_line

    def items(self, system: CodeSystem) -> list[dict[str, Any]]:
        """Return the newest editions with their counts."""
        return _editions(system)[:EDITIONS_IN_FEED]

    def item_title(self, item: dict[str, Any]) -> str:
        """Return which edition it is."""
        return f"{item['release'].system.name}, {item['release'].label}"

    def item_description(self, item: dict[str, Any]) -> str:
        """Return in one sentence how much it changed."""
        counted: dict[str, int] | None = item["counts"]
        if item["before"] is None:
            return "The oldest edition held; there is none to compare it with."
        numbers = counted or dict.fromkeys(changes.KINDS, 0)
        words = [f"{numbers[kind]:,} {title.lower()}" for kind, title in changes.KINDS.items()]
        return f"Against {item['before'].label}: {', '.join(words)}."

    def item_link(self, item: dict[str, Any]) -> str:
        """Return the page of the edition."""
        release: Release = item["release"]
        return reverse("codes:release_changes", args=[release.source, release.pk])

    def item_updateddate(self, item: dict[str, Any]) -> Any:
        """Return when the edition was loaded."""
        return item["release"].imported_at


def _editions(system: CodeSystem) -> list[dict[str, Any]]:
    """Return the editions held, the newest first, with what each changed; two queries."""
    held = list(system.releases.held().select_related("system"))
    counted = changes.counts(system.releases.held())
    return [
        {
            "release": release,
            "before": changes.edition_before(release, held),
            "counts": counted.get(release.pk),
        }
        for release in reversed(held)
    ]


def _page_of(found: QuerySet[CodeChange], number: int) -> Any:
    pages = Paginator(found, CHANGES_PER_PAGE)
    if number > pages.num_pages:
        raise Http404("There is no such page of changes.")
    return pages.page(number)


class _Echo:
    """A file that hands back what is written to it, for a response that is sent in pieces."""

    def write(self, line: str) -> str:
        return line


def _as_csv(
    found: QuerySet[CodeChange], release: Release, *, is_full: bool, is_open: bool
) -> StreamingHttpResponse:
    """Send all changes as CSV, row by row; memory does not grow with them."""
    system = release.system
    if system is None:
        raise Http404("The release is no edition of a code system.")
    found_rows = found.iterator(chunk_size=500)
    rows = (ChangedCode(change, system, is_full, is_open) for change in found_rows)
    return csv_response(changes.as_table(rows), f"{release.source}-changes-{release.pk}.csv")


def csv_response(table: Iterable[Iterable[object]], name: str) -> StreamingHttpResponse:
    """Return a table as a CSV file to be saved."""
    writer = csv.writer(_Echo())
    lines: Iterator[str] = (writer.writerow(record) for record in table)
    response = StreamingHttpResponse(lines, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["X-Robots-Tag"] = "noindex"
    return response
