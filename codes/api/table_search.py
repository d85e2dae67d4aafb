"""``/api/v1/search``: the search, in the shape of NLM's Clinical Table Search Service.

So autocompleters that are written for that service work here unchanged. Its documentation:
https://clinicaltables.nlm.nih.gov/apidoc/icd10cm/v3/doc.html
"""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import cache_control

from codes.api.answers import answers_pages, asked_by, not_allowed, problem, too_many
from codes.api.forms import TableSearchForm
from codes.limits import limited_for_programs
from codes.machine import for_programs
from codes.models import Code
from codes.search import Filters, Group, Hit, in_order, search

BY_CODE = {Group.EXACT_CODE, Group.CODE_PREFIX, Group.CODE_RANGE}


@for_programs
@answers_pages
@asked_by(["GET", "HEAD", "OPTIONS"], refuse=not_allowed)
@limited_for_programs(group="api", refuse=too_many)
@cache_control(private=True, max_age=60)
def table_search(request: HttpRequest) -> HttpResponse:
    """Answer ``[total, codes, extra, rows]``: what ``cf``, ``ef`` and ``df`` ask of each code.

    The queries of a search, one for the codes, one for the chosen systems. Only what is open to
    all is told: the printed code, the short descriptor, the system.
    """
    form = TableSearchForm(request.GET)
    if not form.is_valid():
        return problem(400, "Bad Request", "Some parameters cannot be read.", errors=form.errors)
    asked = form.cleaned_data
    total, codes = _found(form)
    ((_, key),) = asked["cf"][:1] or [("code", "display")]
    extra = {name: [_value(code, field) for code in codes] for name, field in asked["ef"]}
    rows = [[_value(code, field) for _, field in asked["df"]] for code in codes]
    answer = [total, [_value(code, key) for code in codes], extra or None, rows]
    return JsonResponse(answer, safe=False, json_dumps_params={"ensure_ascii": False})


def _found(form: TableSearchForm) -> tuple[int, list[Code]]:
    """Return how many codes match, and the asked rows of them."""
    limit, offset = form.rows()
    asked = form.cleaned_data
    filters = Filters(systems=tuple(system.slug for system in asked["system"]))
    results = search(asked["terms"], filters=filters, limit=limit, offset=offset)
    hits = [hit for hit in results.hits if _is_asked_for(hit, {field for _, field in asked["sf"]})]
    left_out = len(results.hits) - len(hits)
    return results.total - left_out, in_order([hit.code_id for hit in hits])


def _is_asked_for(hit: Hit, fields: set[str]) -> bool:
    """Return whether the hit was found in one of the searched fields (``sf``)."""
    return ("display" if hit.group in BY_CODE else "short") in fields


def _value(code: Code, field: str) -> Any:
    if field == "display":
        return code.display
    return code.system.slug if field == "system" else code.public_short
