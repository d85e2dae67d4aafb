"""What the page of a list and its shared page have in common: a page of its codes."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest

from codes.forms import PageForm
from codes.lists import CodeList

ENTRIES_PER_PAGE = 100


def page_of(request: HttpRequest, shown: CodeList) -> Any:
    """Return a page of the codes that may be shown, or ``None`` for a page that is no number.

    Beyond the last page is the last: the code that was on it may have been removed.
    """
    form = PageForm(request.GET)
    if not form.is_valid():
        return None
    entries = shown.entries.visible().in_order()
    return Paginator(entries, ENTRIES_PER_PAGE).get_page(form.cleaned_data["page"] or 1)


def shown_of(shown: CodeList, page: Any) -> dict[str, object]:
    """Return what the page of a list and its shared page have in common."""
    entries = list(page.object_list)
    return {
        "list": shown,
        "page_obj": page,
        "entries": entries,
        "size": page.paginator.count,
        "hidden": shown.entries.count() - page.paginator.count,
        "cpt": next((e.code.system for e in entries if e.code.system.slug == "cpt"), None),
    }
