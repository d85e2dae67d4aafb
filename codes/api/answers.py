"""How programs are answered: JSON that any page may read, and errors that say what to do."""

from collections.abc import Callable, Sequence
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.csrf import csrf_exempt

View = Callable[..., HttpResponseBase]

OPEN_TO_PAGES = {
    # Cookies say nothing here (codes/machine.py), so a page of any site may read the answers.
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, Accept",
    "Access-Control-Allow-Methods": "GET, HEAD, POST, OPTIONS",
    "Access-Control-Max-Age": "86400",
}


def answers_pages(view: View) -> View:
    """Let scripts of other sites read the answer, and answer what a browser asks beforehand."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        is_asked_beforehand = request.method == "OPTIONS"
        response = _nothing() if is_asked_beforehand else view(request, *args, **kwargs)
        for name, value in OPEN_TO_PAGES.items():
            response[name] = value
        return response

    return wrapper


def asked_by(
    methods: Sequence[str], *, refuse: Callable[[str], HttpResponse]
) -> Callable[[View], View]:
    """Answer other methods with 405, in the form of ``refuse``, which gets a sentence.

    Django's own refusal has no words, and its check for forged forms comes before it.
    """

    def decorate(view: View) -> View:
        @csrf_exempt
        @wraps(view)
        def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method in methods:
                return view(request, *args, **kwargs)
            allowed = ", ".join(methods)
            response = refuse(f"{request.method} is not answered here; there are: {allowed}.")
            response["Allow"] = allowed
            return response

        return wrapper

    return decorate


def not_allowed(detail: str) -> HttpResponse:
    """Return 405."""
    return problem(405, "Method Not Allowed", detail)


def _nothing() -> HttpResponse:
    """Return an answer without content, which is no page: its reader gets no cookie."""
    response = HttpResponse(status=204)
    del response["Content-Type"]
    return response


def problem(status: int, title: str, detail: str, **more: Any) -> JsonResponse:
    """Return an error as problem details (RFC 9457)."""
    body = {"type": "about:blank", "title": title, "status": status, "detail": detail, **more}
    response = JsonResponse(body, status=status, content_type="application/problem+json")
    response["Cache-Control"] = "no-store"
    return response


def too_many(request: HttpRequest, *, wait: int) -> HttpResponse:
    """Return 429; ``wait`` in seconds."""
    detail = f"Too many questions. Ask again in {wait} seconds, or with a token of your account."
    response = problem(429, "Too Many Requests", detail)
    response["Retry-After"] = str(wait)
    return response
