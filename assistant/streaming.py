"""An answer as Server-Sent Events: the engine's card at once, a model's wording after its check.

A stream ends by itself: its longest wait is ``ASSISTANT_MODEL_SECONDS``, and of those waits a
process allows ``ASSISTANT_MODEL_AT_ONCE``, so that threads are left for everybody else.
"""

import json
from collections.abc import Iterator
from threading import BoundedSemaphore

from django.conf import settings
from django.http import HttpRequest, StreamingHttpResponse
from django.template.loader import render_to_string

from assistant import providers
from assistant.conversations import Turn
from assistant.engine.answer import Answer
from assistant.pages import turn_context
from assistant.people import Person

_waits = BoundedSemaphore(settings.ASSISTANT_MODEL_AT_ONCE)
EVENT_STREAM = "text/event-stream"


def is_wanted(request: HttpRequest) -> bool:
    """Return whether the page's script asks; everybody else gets a page."""
    return EVENT_STREAM in request.headers.get("Accept", "")


def respond(
    request: HttpRequest, person: Person, turn: Turn, found: Answer | None
) -> StreamingHttpResponse:
    """Return the stream: ``answer``, perhaps ``wording``, and ``done``, each with HTML."""
    html = _card(request, person, turn)
    response = StreamingHttpResponse(
        _events(request, person, turn, found, html), content_type=EVENT_STREAM
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"  # a proxy that collects would hold the answer back
    return response


def word_now(person: Person, turn: Turn, found: Answer | None) -> bool:
    """Have a model word the answer, where one is set; return whether it did.

    ``found`` is empty for an answer that was stored before: it is not worded twice.
    """
    if found is None or person.user is None or not _is_worth_wording(found):
        return False
    if not _waits.acquire(blocking=False):
        return False
    try:
        prose = providers.word(person.user, turn.question, found)
    finally:
        _waits.release()
    if prose is None:
        return False
    turn.keep_wording(prose.as_plain(), prose.removed)
    return bool(prose.sentences)


def _is_worth_wording(found: Answer) -> bool:
    return providers.is_on() and bool(found.facts)


def _events(
    request: HttpRequest, person: Person, turn: Turn, found: Answer | None, html: str
) -> Iterator[bytes]:
    yield _event("answer", {"html": html, "id": str(turn.pk)})
    if found is not None and person.user is not None and _is_worth_wording(found):
        yield _event("waiting", {})
        if word_now(person, turn, found):
            yield _event("wording", {"html": _card(request, person, turn), "id": str(turn.pk)})
    yield _event("done", {"url": turn.conversation.get_absolute_url()})


def _card(request: HttpRequest, person: Person, turn: Turn) -> str:
    return render_to_string("assistant/_turn_event.html", turn_context(turn, person), request)


def _event(name: str, data: dict[str, str]) -> bytes:
    return f"event: {name}\ndata: {json.dumps(data)}\n\n".encode()
