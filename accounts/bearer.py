"""Finds the owner of the token that a program sends (RFC 6750)."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse, JsonResponse

from accounts.tokens import owner

Handler = Callable[[HttpRequest], HttpResponse]


class BearerMiddleware:
    """Make the token's owner the user of a request for a view that is marked for programs.

    Costs one query where a token is sent, none elsewhere. A token that is not known is refused
    with 401, for an answer without it would be less than the program expects.
    """

    def __init__(self, get_response: Handler) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: list[Any], kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        """Read the mark of the view, then the header."""
        if not getattr(view, "for_programs", False):
            return None
        request.user = AnonymousUser()
        header = request.headers.get("Authorization", "")
        if not header:
            return None
        scheme, _, token = header.partition(" ")
        user = owner(token.strip()) if scheme.lower() == "bearer" else None
        if user is None:
            return _refuse()
        request.user = user
        request.has_token = True  # type: ignore[attr-defined]  # for accounts/viewer.py
        return None


def _refuse() -> HttpResponse:
    problem = {
        "type": "about:blank",
        "title": "Unauthorized",
        "status": 401,
        "detail": "The token is not known here. Make one under “API tokens” of your account, and"
        " send it as: Authorization: Bearer TOKEN",
    }
    response = JsonResponse(problem, status=401, content_type="application/problem+json")
    response["WWW-Authenticate"] = 'Bearer error="invalid_token"'
    response["Cache-Control"] = "no-store"
    return response
