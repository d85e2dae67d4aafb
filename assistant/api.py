"""``POST /api/v1/ask``: a question from a program, and the typed answer as JSON."""

import json
import uuid
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from accounts import viewer
from assistant import actions
from assistant.actions import NoQuestionLeft
from assistant.conversations import Conversation, Turn
from assistant.forms import ApiQuestionForm
from assistant.pages import left
from assistant.people import Person
from assistant.showing import may_show
from codes.api.answers import answers_pages, problem, too_many
from codes.api.openapi import described
from codes.limits import limited_for_programs
from codes.machine import for_programs

OPENAPI = Path(__file__).with_name("openapi.json")
MOST_BYTES = 20_000


@csrf_exempt
@for_programs
@answers_pages
@require_http_methods(["POST", "OPTIONS"])
@limited_for_programs(group="api", refuse=too_many)
@never_cache
def ask(request: HttpRequest) -> HttpResponse:
    """Answer a question in the name of the token's owner, as the page would: the same typed
    answer, counted and charged the same.
    """
    user = viewer.signed_in(request)
    if user is None:
        return _without_token()
    form = ApiQuestionForm(_body(request))
    if not form.is_valid():
        return problem(400, "Bad Request", "The question cannot be read.", errors=form.errors)
    person = Person(user)
    data = form.cleaned_data
    conversation = None
    if data["conversation"]:
        conversation = Conversation.objects.of(person).filter(pk=data["conversation"]).first()
        if conversation is None:
            return problem(404, "Not Found", "There is no such conversation of yours.")
    return _answered(person, data, conversation)


@require_safe
def documentation(request: HttpRequest) -> HttpResponse:
    """Show how a program asks; no query."""
    context = {"base": settings.SITE_URL, "daily": settings.ASSISTANT_USER_DAILY}
    return render(request, "assistant/api.html", context)


@require_safe
@answers_pages
@cache_control(public=True, max_age=3600)
def openapi(request: HttpRequest) -> HttpResponse:
    """Return the OpenAPI description, with the address of this site as its server."""
    return described(OPENAPI)


def _answered(
    person: Person, data: dict[str, Any], conversation: Conversation | None
) -> HttpResponse:
    try:
        turn, _ = actions.ask(
            person=person,
            question=data["question"].replace("\x00", ""),
            once=data["once"] or uuid.uuid4(),
            conversation=conversation,
            on=data["on"],
        )
    except NoQuestionLeft as spent:
        detail = "The questions of this account are used up for today."
        back = spent.back_at.isoformat()
        response = problem(429, "Too Many Requests", detail, back_at=back)
        response["Retry-After"] = str(actions.seconds_until(spent.back_at))
        return response
    return JsonResponse(_plain(turn, person), json_dumps_params={"ensure_ascii": False})


def _plain(turn: Turn, person: Person) -> dict[str, Any]:
    remaining = left(person)
    answer = turn.answer if may_show(turn.modes, actions.display_modes()) else None
    return {
        "id": str(turn.pk),
        "conversation": str(turn.conversation_id),
        "asked_at": turn.asked_at.isoformat(),
        "masked": turn.masked,
        "notes": turn.notes,
        "questions_left": None if remaining.limit is None else remaining.questions,
        "answer": answer,
    }


def _body(request: HttpRequest) -> dict[str, Any]:
    """Return the JSON object that was sent; an empty one for anything else."""
    if len(request.body) > MOST_BYTES:
        return {}
    try:
        sent = json.loads(request.body)
        json.dumps(sent, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        return {}
    if not isinstance(sent, dict):
        return {}
    return {key: value for key, value in sent.items() if isinstance(value, str)}


def _without_token() -> HttpResponse:
    detail = "Make a token under “API tokens” of your account, and send it as: Authorization:"
    response = problem(401, "Unauthorized", f"{detail} Bearer TOKEN")
    response["WWW-Authenticate"] = "Bearer"
    return response
