"""Admin pages that ask before another edition is shown, or one that waits is cancelled.

Each is called through ``AdminSite.admin_view`` (codes/admin_releases.py): only staff get here.
"""

from typing import Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from codes import waiting
from codes.admin_read_only import ReadOnlyAdmin
from codes.editions import CannotBeShown, why_not
from codes.models import Release
from codes.releases import make_current

_CANCEL: Final = "Cancel this edition"
_WAIT_AGAIN: Final = "Let it wait for its day again"


@require_http_methods(["GET", "HEAD", "POST"])
def make_current_page(request: HttpRequest, pk: int, model_admin: ReadOnlyAdmin) -> HttpResponse:
    """Ask, and on POST show the release instead of the one shown now; noted in the admin's log."""
    if not may_choose(request):
        raise PermissionDenied
    release = get_object_or_404(Release.objects.select_related("system"), pk=pk)
    shown = shown_now(release)
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
def waiting_page(request: HttpRequest, pk: int, model_admin: ReadOnlyAdmin) -> HttpResponse:
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
def _turn(request: HttpRequest, model_admin: ReadOnlyAdmin, release: Release, step: str) -> bool:
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


def shown_now(release: Release) -> Release | None:
    """Return the edition of the same source that is shown; one query."""
    return Release.objects.filter(source=release.source).current().first()


@transaction.atomic
def _show(
    request: HttpRequest, model_admin: ReadOnlyAdmin, release: Release, shown: Release | None
) -> HttpResponse:
    make_current(release=release)
    instead = f" instead of {shown.label}" if shown else ""
    model_admin.log_change(request, release, f"Shown{instead}.")
    messages.success(request, f"{release} is shown now{instead}.")
    return HttpResponseRedirect(reverse("admin:codes_release_change", args=[release.pk]))
