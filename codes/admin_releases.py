"""The admin of releases: where each edition came from, what it changed, and which one is shown.

Every edition is kept whole, so any of them can be shown with one click and a confirmation.
"""

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods

from codes import waiting
from codes.editions import CannotBeShown, why_not
from codes.import_records import RefusedImport
from codes.models import Release
from codes.releases import make_current
from codes.sections import SECTIONS, files

_CANCEL: Final = "Cancel this edition"
_WAIT_AGAIN: Final = "Let it wait for its day again"

if TYPE_CHECKING:
    ReadOnlyModelAdmin = admin.ModelAdmin[Any]
else:
    ReadOnlyModelAdmin = admin.ModelAdmin


class ReadOnlyAdmin(ReadOnlyModelAdmin):
    """Rows that are looked at here and changed elsewhere."""

    actions = None
    show_full_result_count = False

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added by hand."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed by hand."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is removed by hand."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Let those look who may view or change the model."""
        names = [
            f"{self.opts.app_label}.{step}_{self.opts.model_name}" for step in ("view", "change")
        ]
        return any(request.user.has_perm(name) for name in names)


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
        "is_sample",
        "imported_by",
        "imported_at",
        "took",
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
            shown = _shown(release)
            values = {
                "step": step_of(release, shown),
                "why_not": why_not(release, shown),
                "waiting_step": waiting_step(release),
            }
        return super().change_view(request, object_id, form_url, values)

    @admin.display(description="state")
    def state(self, release: Release) -> str:
        """Return whether it is shown, and if not, why."""
        if release.is_current:
            return "shown now"
        if release.was_cancelled:
            return "cancelled or replaced"
        if release.effective_date > localdate():
            return "takes effect later"
        if release.was_left:
            return "gone back from"
        return "kept"

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


class RefusedImportAdmin(ReadOnlyAdmin):
    """Imports that changed nothing, with the first fifty things that were wrong."""

    list_display = ("at", "format", "files", "problem_count", "message")
    list_filter = ("format",)
    fields = ("format", "files", "at", "message", "problem_count", "told")

    @admin.display(description="problems")
    def told(self, refused: RefusedImport) -> SafeString | str:
        """Return the problems one below the other, and how many more there were."""
        lines = list(refused.problems)
        if (more := refused.problem_count - len(lines)) > 0:
            lines.append(f"… and {more:,} more; import_codes --report FILE writes all.")
        return format_html_join(SafeString("<br>"), "{}", ((line,) for line in lines)) or "none"


@require_http_methods(["GET", "HEAD", "POST"])
def make_current_page(request: HttpRequest, pk: int, model_admin: ReleaseAdmin) -> HttpResponse:
    """Ask, and on POST show the release instead of the one shown now; noted in the admin's log."""
    if not may_choose(request):
        raise PermissionDenied
    release = get_object_or_404(Release.objects.select_related("system"), pk=pk)
    shown = _shown(release)
    reason = why_not(release, shown)
    if request.method == "POST" and not reason:
        try:
            return _show(request, model_admin, release, shown)
        except CannotBeShown as error:
            reason = str(error)
    step = step_of(release, shown)
    values = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "original": release,
        "title": f"{step}?",
        "step": step,
        "why_not": reason,
        "shown": shown,
        "is_back": shown is not None and shown.order > release.order,
        "change_url": reverse("admin:codes_release_change", args=[pk]),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "admin/codes/release_make_current.html", values, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def waiting_page(request: HttpRequest, pk: int, model_admin: ReleaseAdmin) -> HttpResponse:
    """Ask, and on POST cancel an edition that waits for its day, or let it wait again; noted."""
    if not may_choose(request):
        raise PermissionDenied
    release = get_object_or_404(Release, pk=pk)
    confirmed = request.POST.get("step", "")
    if confirmed and _turn(request, model_admin, release, confirmed):
        return HttpResponseRedirect(reverse("admin:codes_release_change", args=[pk]))
    values = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "original": release,
        "title": f"{waiting_step(release)}?" if waiting_step(release) else "It does not wait",
        "step": "" if request.method == "POST" else waiting_step(release),
        "is_cancelled": waiting.is_cancelled(release),
        "change_url": reverse("admin:codes_release_change", args=[pk]),
    }
    status = 409 if request.method == "POST" else 200
    return render(request, "admin/codes/release_waiting.html", values, status=status)


def waiting_step(release: Release) -> str:
    """Return the words of the button for an edition whose day is to come; "" for others."""
    if waiting.is_waiting(release):
        return _CANCEL
    return _WAIT_AGAIN if waiting.is_cancelled(release) else ""


@transaction.atomic
def _turn(request: HttpRequest, model_admin: ReleaseAdmin, release: Release, step: str) -> bool:
    """Do what was confirmed; False where it cannot be done any more."""
    turn, told = {
        _CANCEL: (waiting.cancel, "Cancelled before its day."),
        _WAIT_AGAIN: (waiting.wait_again, "Waits for its day again."),
    }.get(step, (None, ""))
    if turn is None or not turn(release=release):
        return False
    model_admin.log_change(request, release, told)
    messages.success(request, f"{release}: {told[0].lower()}{told[1:]}")
    return True


def may_choose(request: HttpRequest) -> bool:
    """Return whether the user may say which release is shown; at most two queries."""
    return request.user.has_perm("codes.change_release")


def step_of(release: Release, shown: Release | None) -> str:
    """Return the words of the button."""
    if shown is not None and shown.order > release.order:
        return "Go back to this release"
    return "Make this release current"


def _shown(release: Release) -> Release | None:
    return Release.objects.filter(source=release.source).current().first()


@transaction.atomic
def _show(
    request: HttpRequest, model_admin: ReleaseAdmin, release: Release, shown: Release | None
) -> HttpResponse:
    make_current(release=release)
    instead = f" instead of {shown.label}" if shown else ""
    model_admin.log_change(request, release, f"Shown{instead}.")
    messages.success(request, f"{release} is shown now{instead}.")
    return HttpResponseRedirect(reverse("admin:codes_release_change", args=[release.pk]))
