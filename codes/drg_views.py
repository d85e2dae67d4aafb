"""Pages of the Medicare severity diagnosis-related groups (MS-DRG): all of them, and one.

No public file at hand says which codes lead to which group, so codes and groups are not linked.
"""

from typing import Final

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from codes.drg_categories import CATEGORIES, TYPES
from codes.facts import DrgTitle
from codes.search_forms import SearchForm

PER_PAGE: Final = 100


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
    """Show one group with what each edition held says of it; one query."""
    if len(number) < 3:
        return redirect("codes:drg", number.zfill(3), permanent=True)
    held = DrgTitle.objects.filter(number=number, release__was_left=False)
    rows = list(held.select_related("release").order_by("-release__effective_date", "-release"))
    shown = next((row for row in rows if row.release.is_current), None)
    if shown is None:
        raise Http404("There is no such group.")
    context = {
        "group": shown,
        "category": CATEGORIES.get(shown.mdc, ""),
        "type": TYPES.get(shown.type, ""),
        "others": [row for row in rows if row is not shown],
    }
    return render(request, "codes/drg.html", context)
