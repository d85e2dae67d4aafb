"""The answer as Server-Sent Events."""

import json
import uuid
from typing import Any

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from assistant.conversations import Turn
from codes.models import CodeSystem
from tests.assistant.conftest import GUIDELINE, LONG, ask

pytestmark = pytest.mark.django_db

STREAM: dict[str, Any] = {"headers": {"Accept": "text/event-stream"}}


def events(response: Any) -> list[tuple[str, dict[str, str]]]:
    """Return the events of a stream: their names and what they bring."""
    text = b"".join(response.streaming_content).decode()
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(b[0].removeprefix("event: "), json.loads(b[1].removeprefix("data: "))) for b in blocks]


@pytest.mark.usefixtures("code")
class TestStream:
    """What the script gets."""

    def test_the_answer_and_the_end(self, member: Client) -> None:
        response = ask(member, **STREAM)
        assert response["Content-Type"] == "text/event-stream"
        assert "no-store" in response["Cache-Control"]
        (answer, card), (done, end) = events(response)
        turn = Turn.objects.get()
        assert (answer, done) == ("answer", "done")
        assert f'id="turn-{turn.pk}"' in card["html"]
        assert LONG in card["html"]
        assert end["url"] == turn.conversation.get_absolute_url()
        assert "csrfmiddlewaretoken" in card["html"]

    def test_a_guest_sees_nothing_gated(self, guest: Client) -> None:
        text = json.dumps(events(ask(guest, **STREAM)))
        assert LONG not in text
        assert GUIDELINE not in text

    def test_sent_again_after_the_licence_has_ended(self, member: Client) -> None:
        once = uuid.uuid4()
        events(ask(member, once=once, **STREAM))
        CodeSystem.objects.filter(slug="cpt").update(display_mode="off")
        text = json.dumps(events(ask(member, once=once, **STREAM)))
        assert "is not shown any more" in text
        assert LONG not in text

    def test_no_question(self, member: Client) -> None:
        response = ask(member, " ", **STREAM)
        assert response.status_code == 400
        assert "Type a question first." in response.content.decode()
        assert "<html" not in response.content.decode()

    def test_none_left(self, guest: Client, settings: Settings) -> None:
        settings.ASSISTANT_GUEST_DAILY = 0
        response = ask(guest, **STREAM)
        assert response.status_code == 429
        assert not response.has_header("Retry-After")
        assert "Register free account" in response.content.decode()

    def test_a_first_guest_gets_a_cookie(self, client: Client) -> None:
        response = ask(client, **STREAM)
        assert "guest" in response.cookies
        assert len(events(response)) == 2
