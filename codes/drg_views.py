"""Pages of the Medicare severity diagnosis-related groups (MS-DRG): all of them, and one.

The groups and how many codes their logic uses are open to all. Which codes those are is in the
gated sections of the code pages, so here too they are for registered readers only.
"""

from collections import Counter
from typing import Any, Final

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from codes.drg_categories import CATEGORIES, TYPES
from codes.drg_forms import SYSTEMS, DrgForm
from codes.facts import DrgLogic, DrgTitle
from codes.search_forms import SearchForm
from codes.sections.code_links import of_system
from codes.sections.editions import held

PER_PAGE: Final = 100
CODES_PER_PAGE: Final = 50


@require_safe
def drg_list(request: HttpRequest) -> HttpResponse:
    """List the groups of the edition shown, or those that are searched for; two queries."""
    form = SearchForm(request.GET)
    words, number = ("", 1)
    if form.is_valid():
        words, number = form.cleaned_data["q"], form.cleaned_data["page"] or 1
    groups = DrgTitle.objects.current().search(words).select_related("release")
    pages = Paginator(groups.order_by("number"), PER_PAGE)
    if number > pages.num_pages:
        raise Http404("There is no such page of groups.")
    page = pages.page(number)
    context = {
        "form": form,
        "words": words,
        "page": page,
        "groups": [(group, CATEGORIES.get(group.mdc, "")) for group in page],
        "release": page[0].release if len(page) else None,
    }
    return render(request, "codes/drg_list.html", context, status=200 if form.is_valid() else 400)


@require_safe
def drg(request: HttpRequest, number: str) -> HttpResponse:
    """Show one group with what each edition held says of it, and the codes that its logic uses.

    Two queries for a guest, five for a registered reader.
    """
    if len(number) < 3:
        return redirect("codes:drg", number.zfill(3), permanent=True)
    shown, others = _editions_of(number)
    form = DrgForm(request.GET)
    counts = _counts(number)
    context = {
        "form": form,
        "group": shown,
        "category": CATEGORIES.get(shown.mdc, ""),
        "type": TYPES.get(shown.type, ""),
        "others": others,
        "counts": [(system, noun, counts[system]) for system, noun in SYSTEMS.items()],
        "is_open": request.user.is_authenticated,
    }
    if any(counts.values()) and request.user.is_authenticated:
        context |= _codes_of(number, counts, form)
    return render(request, "codes/drg.html", context, status=200 if form.is_valid() else 400)


def _editions_of(number: str) -> tuple[DrgTitle, list[DrgTitle]]:
    """Return what the edition shown says of a group, and what the others do; one query, or 404."""
    held_ones = DrgTitle.objects.filter(number=number, release__was_left=False)
    rows = list(
        held_ones.select_related("release").order_by("-release__effective_date", "-release")
    )
    shown = next((row for row in rows if row.release.is_current), None)
    if shown is None:
        raise Http404("There is no such group.")
    return shown, [row for row in rows if row is not shown]


def _logic_of(number: str) -> QuerySet[DrgLogic]:
    """Return the codes that the logic of a group uses, in the editions shown."""
    return held(DrgLogic, None).filter(first_drg__lte=number, last_drg__gte=number)


def _counts(number: str) -> Counter[str]:
    """Return how many entries each system has in the logic of a group; one query."""
    counted = _logic_of(number).values("code_system").annotate(entries=Count("pk"))
    return Counter(dict(counted.values_list("code_system", "entries")))


def _codes_of(number: str, counts: Counter[str], form: DrgForm) -> dict[str, Any]:
    """Return a page of the codes that the logic of a group uses; three queries."""
    given = form.cleaned_data if form.is_valid() else {}
    asked = given.get("of", "")
    system = asked if counts[asked] else min(counts)
    pages = Paginator(range(counts[system]), CODES_PER_PAGE)
    if (wanted := given.get("page") or 1) > pages.num_pages:
        raise Http404("There is no such page of codes.")
    page = pages.page(wanted)
    found = _logic_of(number).filter(code_system=system).order_by("code_key", "line")
    rows = found[page.start_index() - 1 : page.end_index()]
    links = of_system({row.code_key for row in rows}, system)
    entries = [
        (row, CATEGORIES.get(row.mdc, ""), links[row.code_key])
        for row in rows
        if row.code_key in links
    ]
    return {"chosen": system, "page": page, "entries": entries}
