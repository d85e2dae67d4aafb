"""Pages of Case → codes: a note in, candidates out; and the list of what was picked.

Nothing of a note is stored: it comes in the body of a POST, is masked, read and forgotten.
"""

from typing import Any

from django.conf import settings
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from codes.case_forms import NoteForm, PicksForm
from codes.casefinder.conflicts import conflicts
from codes.casefinder.finder import MAX_CHARACTERS, Reading, find
from codes.change_views import csv_response
from codes.limits import Allowance, allowance, limited
from codes.models import Code

_GROUP = "case2code"


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
@sensitive_post_parameters("note")
@limited("RATELIMIT_FORMS", group=_GROUP, methods=("POST",))
def case2code(request: HttpRequest) -> HttpResponse:
    """Offer the form, or show the candidates of a note; one query a search and about ten.

    413 for a note that is too long, 429 where the day's notes are used up; both give the text back.
    """
    if request.method != "POST":
        return _form_page(request, NoteForm(), _allowance(request, take=False))
    form = NoteForm(request.POST)
    if not form.is_valid():
        status = 413 if form.has_error("note", NoteForm.TOO_LONG) else 400
        return _form_page(request, form, _allowance(request, take=False), status=status)
    left = _allowance(request, take=True)
    if left.is_exceeded:
        return _form_page(request, form, left, status=429)
    return _result_page(request, form.cleaned_data["note"], left)


@require_POST
@never_cache
@limited("RATELIMIT_SEARCH", group="case-list")
def case_list(request: HttpRequest) -> HttpResponseBase:
    """Show the picked codes as a list with what to see to, or send them as CSV; two queries."""
    form = PicksForm(request.POST)
    if not form.is_valid():
        return render(request, "codes/case_list.html", {"form": form}, status=400)
    picked = _named(form.cleaned_data["code"])
    if form.cleaned_data["format"] == "csv":
        return csv_response(_table(picked), "codes.csv")
    context = {"form": form, "codes": picked, "conflicts": conflicts(picked)}
    return render(request, "codes/case_list.html", context)


def _allowance(request: HttpRequest, *, take: bool) -> Allowance:
    is_user = request.user.is_authenticated
    rate = settings.CASE_NOTES_OF_USER if is_user else settings.CASE_NOTES_OF_GUEST
    return allowance(request, rate, group=_GROUP + "-day", take=take)


def _form_page(
    request: HttpRequest, form: NoteForm, left: Allowance, *, status: int = 200
) -> HttpResponse:
    context = {"form": form, "left": left, "max_characters": MAX_CHARACTERS}
    return render(request, "codes/case2code.html", context, status=status)


@sensitive_variables("note", "reading", "context")
def _result_page(request: HttpRequest, note: str, left: Allowance) -> HttpResponse:
    reading = find(note)
    context = {
        "form": NoteForm(initial={"note": reading.note}),
        "left": left,
        "max_characters": MAX_CHARACTERS,
        "reading": reading,
        **_counts(reading),
    }
    return render(request, "codes/case2code.html", context)


def _counts(reading: Reading) -> dict[str, Any]:
    certain = [each for support in reading.certain for each in support.candidates]
    return {
        "total": len({each.code.pk for each in certain}),
        "has_cpt": any(each.code.system.slug == "cpt" for each in certain),
    }


def _named(pairs: list[tuple[str, str]]) -> list[Code]:
    """Return these codes as they were named; 404 where one is not shown here; one query."""
    wanted = Q()
    for system, display in pairs:
        wanted |= Q(system__slug=system, display=display)
    rows = Code.objects.visible().with_page().filter(wanted).select_related("system")
    found = {(code.system.slug, code.display): code for code in rows}
    if not found.keys() >= set(pairs):
        raise Http404("There is no such code.")
    return [found[pair] for pair in dict.fromkeys(pairs)]


def _table(codes: list[Code]) -> list[list[str]]:
    head = ["system", "code", "billable", "descriptor"]
    rows = [
        [code.system.name, code.display, "yes" if code.billable else "no", code.public_short]
        for code in codes
    ]
    return [head, *rows]
