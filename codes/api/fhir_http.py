"""What all views of ``/fhir/`` share: who may ask, in which form, and how errors are said."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.cache import cache_control

from codes.api import fhir_resources
from codes.api.answers import answers_pages, asked_by
from codes.api.fhir_requests import Refused, from_body, from_query
from codes.api.fhir_resources import Resource
from codes.limits import limited_for_programs
from codes.machine import for_programs

JSON = "application/fhir+json; charset=utf-8"
ACCEPTED = ("application/fhir+json", "application/json", "text/json")
FORMATS = ("json", "application/fhir+json", "application/json", "text/json")

Answer = Callable[..., Resource]
View = Callable[..., HttpResponseBase]


def _too_many(request: HttpRequest, *, wait: int) -> HttpResponse:
    text = f"Too many questions. Ask again in {wait} seconds, or with a token of your account."
    response = _response(fhir_resources.outcome("throttled", text), status=429)
    response["Retry-After"] = str(wait)
    return response


def _not_allowed(text: str) -> HttpResponse:
    return _response(fhir_resources.outcome("not-supported", text), status=405)


def fhir(answer: Answer) -> View:
    """Make a view of a function that returns a resource.

    An operation may be asked by POST too: cookies say nothing here, so no page can forge one.
    """

    @for_programs
    @answers_pages
    @asked_by(["GET", "HEAD", "POST", "OPTIONS"], refuse=_not_allowed)
    @limited_for_programs(group="api", refuse=_too_many)
    @cache_control(private=True, no_cache=True)
    @wraps(answer)
    def view(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            _require_json(request)
            return _response(answer(request, *args, **kwargs))
        except Refused as refused:
            outcome = fhir_resources.outcome(refused.code, str(refused))
            return _response(outcome, status=refused.status)

    return view


def parameters_of(request: HttpRequest) -> dict[str, str]:
    """Return what is asked, by GET or POST. Raises ``Refused``."""
    if request.method == "POST":
        return from_body(request.body)
    pairs = [(name, value) for name, values in request.GET.lists() for value in values]
    return from_query(pairs)


def _require_json(request: HttpRequest) -> None:
    """Refuse to answer in a form that is not offered, such as XML."""
    asked = request.GET.get("_format")
    if asked is not None and asked.split(";")[0].strip() not in FORMATS:
        raise Refused(406, "not-supported", "Only JSON is offered: _format=json")
    if asked is None and not any(map(request.accepts, ACCEPTED)):
        raise Refused(406, "not-supported", "Only JSON is offered: Accept: application/fhir+json")


def _response(resource: Resource, status: int = 200) -> HttpResponse:
    return JsonResponse(
        resource,
        status=status,
        content_type=JSON,
        json_dumps_params={"ensure_ascii": False},
    )
