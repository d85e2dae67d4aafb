"""The read-only page of a list behind a secret link."""

from typing import TypeVar

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from codes.limits import limited
from codes.list_files import as_file
from codes.list_reading import page_of, shown_of
from codes.lists import CodeList

Response = TypeVar("Response", bound=HttpResponseBase)


@require_safe
@limited("RATELIMIT_SEARCH", group="lists")
def shared_list(request: HttpRequest, token: str) -> HttpResponse:
    """Show the list behind a secret link to whoever has it; four queries."""
    shown = get_object_or_404(CodeList.objects.shared(token))
    page = page_of(request, shown)
    if page is None:
        return render(request, "400.html", status=400)
    response = render(request, "codes/shared_list.html", shown_of(shown, page))
    return _unlisted(response)


@require_safe
@limited("RATELIMIT_SEARCH", group="lists")
def shared_list_export(request: HttpRequest, token: str, file: str) -> HttpResponseBase:
    """Send the list behind a secret link as a file; three queries."""
    response = as_file(get_object_or_404(CodeList.objects.shared(token)), file)
    return _unlisted(response)


def _unlisted(response: Response) -> Response:
    """Keep a secret address out of indexes, caches and the logs of the pages that it links to."""
    response["X-Robots-Tag"] = "noindex, nofollow"
    response["Referrer-Policy"] = "no-referrer"
    response["Cache-Control"] = "private, no-store"
    return response
