"""The admin of releases: where each edition came from, what it changed, and which one is shown.

Every edition is kept whole, so any of them can be shown with one click and a confirmation.
"""

from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localdate, localtime

from codes.admin_read_only import ReadOnlyAdmin
from codes.admin_release_pages import (
    make_current_page,
    may_choose,
    shown_now,
    step_of,
    waiting_page,
    waiting_step,
)
from codes.editions import why_not
from codes.import_records import RefusedImport
from codes.models import Release
from codes.sections import SECTIONS, files


class StateFilter(admin.SimpleListFilter):
    """Releases by whether they are shown."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [
            ("shown", "shown now"),
            ("waiting", "takes effect later"),
            ("left", "gone back from or cancelled"),
        ]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        """Return the releases of the chosen state."""
        conditions: dict[str, dict[str, object]] = {
            "shown": {"is_current": True},
            "waiting": {
                "is_current": False,
                "was_left": False,
                "effective_date__gt": localdate(),
            },
            "left": {"was_left": True},
        }
        return queryset.filter(**conditions.get(self.value() or "", {}))


class ReleaseAdmin(ReadOnlyAdmin):
    """Which file each edition came from, who loaded it, when, and what it changed."""

    change_form_template = "admin/codes/release_form.html"
    list_display = (
        "label",
        "source",
        "effective_date",
        "state",
        "rows",
        "imported",
    )
    list_filter = (StateFilter, "is_sample", "source")
    list_select_related = ("system", "imported_by")
    search_fields = ("source", "label", "source_name", "file_name", "sha256")
    fieldsets = (
        (None, {"fields": ("source", "system", "label", "effective_date", "state", "is_sample")}),
        ("What it changed", {"fields": ("changed",)}),
        ("Source", {"fields": ("source_name", "file_name", "sha256", "importer")}),
        ("Import", {"fields": ("imported_by", "imported_at", "took", "rows", "codes", "texts")}),
    )

    def get_urls(self) -> list[URLPattern]:
        """Add the pages that ask before another release is shown, or one that waits cancelled."""
        show, wait = (
            self.admin_site.admin_view(partial(view, model_admin=self))
            for view in (make_current_page, waiting_page)
        )
        return [
            path("<int:pk>/make-current/", show, name="codes_release_make_current"),
            path("<int:pk>/waiting/", wait, name="codes_release_waiting"),
            *super().get_urls(),
        ]

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """List the releases, and which import would fill which section; one more query."""
        titles = {section.key: section.title for section in SECTIONS}
        fillings = list(files.loaded(titles, Release.objects.current()))
        return super().changelist_view(request, {"sections": fillings})

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the release, with the button where it can be shown; one more query."""
        release = self.get_object(request, object_id)
        values: dict[str, object] = {}
        if release is not None and may_choose(request):
            shown = shown_now(release)
            values = {
                "step": step_of(release, shown),
                "why_not": why_not(release, shown),
                "waiting_step": waiting_step(release),
            }
        return super().change_view(request, object_id, form_url, values)

    @admin.display(description="state")
    def state(self, release: Release) -> str:
        """Return whether it is shown, and if not, why; and whether it is a sample."""
        return f"{_state(release)}, sample" if release.is_sample else _state(release)

    @admin.display(description="imported", ordering="imported_at")
    def imported(self, release: Release) -> str:
        """Return when, how long it took, and by whom, where that is known."""
        at = date_format(localtime(release.imported_at), "DATETIME_FORMAT")
        took = "" if release.seconds is None else f", in {self.took(release)}"
        return f"{at}{took}" + (f", by {release.imported_by}" if release.imported_by else "")

    @admin.display(description="rows in the file", ordering="row_count")
    def rows(self, release: Release) -> str:
        """Return the count with thousands marked."""
        return f"{release.row_count:,}"

    @admin.display(description="import took", ordering="seconds")
    def took(self, release: Release) -> str:
        """Return the seconds."""
        return "-" if release.seconds is None else f"{release.seconds:,.1f} s"

    @admin.display(description="against the release before")
    def changed(self, release: Release) -> SafeString | str:
        """Return the comparison that was made at the import, line by line."""
        lines = ((line,) for line in release.comparison)
        return format_html_join(SafeString("<br>"), "{}", lines) or "not compared"

    @admin.display(description="codes that come from it")
    def codes(self, release: Release) -> SafeString | str:
        """Return the count as a link to those codes; one query."""
        if release.system_id is None:
            return "none: it holds facts about codes"
        url = reverse("admin:codes_code_changelist")
        query = f"release__id__exact={release.pk}"
        return format_html('<a href="{}?{}">{}</a>', url, query, f"{release.codes.count():,}")

    @admin.display(description="texts that come from it")
    def texts(self, release: Release) -> str:
        """Return the count; one query."""
        return f"{release.texts.count():,}"


def _state(release: Release) -> str:
    if release.is_current:
        return "shown now"
    if release.was_cancelled:
        return "cancelled or replaced"
    if release.effective_date > localdate():
        return "takes effect later"
    return "gone back from" if release.was_left else "kept"


class RefusedImportAdmin(ReadOnlyAdmin):
    """Imports that changed nothing, with the first fifty things that were wrong."""

    list_display = ("at", "format", "problem_count", "message")
    list_filter = ("format",)
    fields = ("format", "files", "at", "message", "problem_count", "told")

    @admin.display(description="problems")
    def told(self, refused: RefusedImport) -> SafeString | str:
        """Return the problems one below the other, and how many more there were."""
        lines = list(refused.problems)
        if (more := refused.problem_count - len(lines)) > 0:
            lines.append(f"… and {more:,} more; import_codes --report FILE writes all.")
        return format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines)) or "none"
