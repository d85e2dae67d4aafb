"""The viewer's own account: what was counted, all data as a file, and the way out."""

from itertools import groupby

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_http_methods, require_safe

from accounts import actions, quota, viewer
from accounts.export import personal_data
from accounts.forms import DeleteAccountForm
from accounts.models import Meter as StoredMeter
from accounts.models import User, ViewGrant
from accounts.periods import Period
from codes.forms import PageForm
from codes.limits import limited
from codes.metering import Access, Meter
from codes.models import Code, CodeSystem

VIEWS_PER_PAGE = 50


class UserRequest(HttpRequest):
    """A request behind ``login_required``."""

    user: User


@require_safe
@login_required
@cache_control(private=True, no_cache=True)
def account(request: UserRequest) -> HttpResponse:
    """Show the meter and every view that it counted, the newest first.

    Three queries beside session and user, however long the history is.
    """
    form = PageForm(request.GET)
    if not form.is_valid():
        return render(request, "400.html", status=400)
    views = Paginator(request.user.view_grants.select_related("code__system"), VIEWS_PER_PAGE)
    number = form.cleaned_data["page"] or 1
    if number > views.num_pages:
        raise Http404("There is no such page of views.")
    page = views.page(number)
    period = quota.current_period()
    context = {
        "meter": _meter(request.user, period),
        "period": period,
        "meter_period": settings.METER_PERIOD,
        "page_obj": page,
        "ledger": _by_period(list(page.object_list)),
        "shows_cpt": any(_is_cpt_number(grant.code) for grant in page.object_list),
    }
    return render(request, "accounts/account.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@limited("RATELIMIT_FORMS", group="forms", methods=("POST",))
@login_required
@never_cache
def export(request: UserRequest) -> HttpResponse:
    """Say what the file holds; a POST answers with the file itself."""
    if request.method != "POST":
        return render(request, "accounts/export.html")
    response = JsonResponse(
        personal_data(request.user), json_dumps_params={"indent": 2, "ensure_ascii": False}
    )
    name = f"{settings.SITE_NAME.lower()}-{timezone.localdate():%Y-%m-%d}.json"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@limited("RATELIMIT_FORMS", group="forms", methods=("POST",))
@login_required
@reauthentication_required  # type: ignore[untyped-decorator]  # allauth publishes no types
@never_cache
def delete(request: UserRequest) -> HttpResponse:
    """Delete the account after a fresh login and the typed address."""
    form = DeleteAccountForm(request.POST or None, user=request.user)
    if not form.is_valid():
        return render(request, "accounts/delete.html", {"form": form})
    actions.delete_account(user=request.user)
    logout(request)
    messages.success(request, "Your account and everything about it has been deleted.")
    return redirect("home")


def _meter(user: User, period: Period) -> Meter:
    stored = StoredMeter.objects.filter(bucket=viewer.user_key(user), period=period.key)
    return Meter(
        access=Access.UNLOCKED,
        is_guest=False,
        counts=not viewer.is_unlimited(user),
        used=stored.values_list("used", flat=True).first() or 0,
        limit=viewer.limit_of(user),
        resets_at=period.ends,
    )


def _is_cpt_number(code: Code) -> bool:
    system = code.system
    return system.slug == "cpt" and system.display_mode != CodeSystem.DisplayMode.OFF


def _by_period(grants: list[ViewGrant]) -> list[tuple[Period, list[ViewGrant]]]:
    zone = timezone.get_default_timezone()
    groups = groupby(grants, key=lambda grant: grant.period)
    return [(Period.from_key(key, zone), list(group)) for key, group in groups]
