"""Pages of Case2Code: browse, code page, NCCI check."""

from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import Prefetch, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import localdate
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from codes import as_of, localities
from codes import page as code_pages
from codes import search as searching
from codes.claim_lines import read_lines
from codes.forms import NcciCheckForm, PageForm, SectionForm
from codes.limits import limited
from codes.lookup import code_key
from codes.metering import Access, metered
from codes.models import Code, CodeSystem, Release
from codes.ncci_check import check
from codes.sections import BY_SLUG

NODES_PER_PAGE = 200


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """List the systems with the edition that each shows; two queries."""
    current = Prefetch("releases", Release.objects.current(), to_attr="current_releases")
    systems = CodeSystem.objects.visible().prefetch_related(current)
    return render(request, "codes/index.html", {"systems": systems})


@require_safe
def system(request: HttpRequest, system: str) -> HttpResponse:
    """List the chapters of a system; two queries."""
    shown = get_object_or_404(CodeSystem.objects.visible(), slug=system)
    chapters = Code.objects.filter(system=shown, parent=None).without_former_headings()
    chapters = chapters.select_related("system", "release")
    return render(request, "codes/system.html", {"system": shown, "chapters": chapters})


@require_safe
def node(request: HttpRequest, system: str, kind: str, key: str) -> HttpResponse:
    """List what stands below a chapter, section or category, paged; three queries."""
    form = PageForm(request.GET)
    if not form.is_valid():
        return render(request, "400.html", status=400)
    shown = get_object_or_404(
        Code.objects.node(system, kind, key).select_related("system", "release")
    )
    below = Q(ancestors__contains=[shown.pk]) if kind == Code.Kind.CATEGORY else Q(parent=shown)
    codes = Code.objects.without_former_headings().order_by("position")
    pages = Paginator(codes.filter(below).values("pk"), NODES_PER_PAGE)
    number = form.cleaned_data["page"] or 1
    if number > pages.num_pages:
        raise Http404("There is no such page of codes.")
    page = pages.page(number)
    around = codes.filter(Q(pk__in=page.object_list) | Q(pk__in=shown.ancestors))
    related = list(around.select_related("system"))
    context = {
        "system": shown.system,
        "node": shown,
        "ancestors": [code for code in related if code.pk in shown.ancestors],
        "children": [code for code in related if code.pk not in shown.ancestors],
        "page_obj": page,
    }
    return render(request, f"codes/{kind}.html", context)


@require_safe
@metered(system="system", code="code")
def code_page(request: HttpRequest, system: str, code: str) -> HttpResponseBase:
    """Show a code to the level that the meter grants; one statement beside the meter's.

    With ``?on=`` as of another day, which takes more (codes/as_of.py).
    """
    meter = request.meter  # type: ignore[attr-defined]  # left by ViewQuotaMiddleware
    if "on" in request.GET:
        return _as_of_page(request, system, code)
    page = code_pages.load(system, code, meter.access)
    if page is None:
        return _unknown_code(request, system, code)
    return code_pages.respond(request, page, meter)


@limited("RATELIMIT_SEARCH", group="as_of")
def _as_of_page(request: HttpRequest, system: str, code: str) -> HttpResponse:
    """Show a code as of another day; nothing of that is stored, so it is limited."""
    meter = request.meter  # type: ignore[attr-defined]  # as above
    return as_of.respond(request, system, code, meter) or _unknown_code(request, system, code)


@require_safe
@metered(system="system", code="code", members_only=True)
def section_page(request: HttpRequest, system: str, code: str, section: str) -> HttpResponse:
    """Show one section whole, as of a day, paged; opening it is opening the code's page.

    Whoever may not see it is sent to the code's page, which says why.
    """
    meter = request.meter  # type: ignore[attr-defined]  # left by ViewQuotaMiddleware
    shown = Code.objects.at(system, code).select_related("system", "release").first()
    if shown is None:
        return _unknown_code(request, system, code, section)
    chosen = BY_SLUG[section]
    if meter.access is not Access.UNLOCKED:
        return redirect(_with_query(request, shown.get_absolute_url()) + f"#{chosen.key}")
    if not chosen.holds(shown):
        raise Http404("The section holds nothing for this code.")
    form = SectionForm(localities.asked(request))
    context: dict[str, object] = {
        "code": shown,
        "code_title": f"{shown.system.code_noun} {shown.display}",
        "title": chosen.title,
        "form": form,
        "meter": meter,
    }
    if not form.is_valid():  # not delivered, so not counted: nothing but the errors
        return render(request, "codes/section_page.html", context, status=400)
    options = form.options()
    context["section"] = code_pages.open_section(chosen, shown, options, {})
    response = render(request, "codes/section_page.html", context)
    localities.remember(response, request, options.locality)
    return response


def _unknown_code(
    request: HttpRequest, system: str, text: str, section: str | None = None
) -> HttpResponse:
    """Redirect another printed form to the code's page; else 404 with the nearest codes."""
    shown = get_object_or_404(CodeSystem.objects.visible(), slug=system)
    key = code_key(text)[:40]
    if found := searching.by_key(key).filter(system=shown).first():
        url = found.get_absolute_url() + (f"{section}/" if section else "")
        return redirect(_with_query(request, url), permanent=True)
    context = {"system": shown, "text": text, "nearest": searching.nearest(system, key)}
    return render(request, "codes/not_found.html", context, status=404)


def _with_query(request: HttpRequest, url: str) -> str:
    """Return the address with what was asked of the one that it replaces."""
    query = request.GET.urlencode()
    return f"{url}?{query}" if query else url


@require_safe
@cache_control(private=True)
@limited("RATELIMIT_SEARCH", group="ncci-check")
def ncci_check(request: HttpRequest) -> HttpResponse:
    """Say whether the typed codes may be billed together on a day; for registered users.

    Six queries beside those of the limit, however many codes; the address holds the question.
    """
    if not request.user.is_authenticated:
        return render(request, "codes/ncci_check_guest.html", {"next_url": request.get_full_path()})
    form = NcciCheckForm(request.GET or None)
    if not form.is_valid():
        status = 400 if form.is_bound else 200
        return render(request, "codes/ncci_check.html", {"form": form}, status=status)
    text, service = form.cleaned_data["codes"], form.chosen_service()
    lines, unread = read_lines(text)
    day = form.cleaned_data["on"] or localdate()
    question = urlencode({"codes": text, "service": service.key, "on": day.isoformat()})
    context = {
        "form": form,
        "lines": lines,
        "unread": unread,
        "answer": check(lines, service, day) if lines else None,
        "question": question,
    }
    return render(request, "codes/ncci_check.html", context)
