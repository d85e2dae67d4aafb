"""How programs are answered: JSON that any page may read, and errors that say what to do."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase

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
        response = (
            HttpResponse(status=204) if is_asked_beforehand else view(request, *args, **kwargs)
        )
        for name, value in OPEN_TO_PAGES.items():
            response[name] = value
        return response

    return wrapper


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
