"""``POST /api/v1/ask``: every question and answer is held against the OpenAPI description."""

import json
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from openapi_core import Config, OpenAPI
from openapi_core.contrib.django import DjangoOpenAPIRequest, DjangoOpenAPIResponse
from openapi_spec_validator import validate
from pytest_django.fixtures import Settings

from accounts.models import User, ViewGrant
from accounts.tokens import issue
from assistant.conversations import AskMeter, Conversation, Turn
from tests import factories
from tests.assistant.conftest import LONG, PLAIN

pytestmark = pytest.mark.django_db

URL = "/api/v1/ask"
FILE = Path(__file__).parents[2] / "assistant" / "openapi.json"
DESCRIPTION = json.loads(FILE.read_text()) | {"servers": [{"url": "http://testserver"}]}
Send = Callable[..., Any]


@pytest.fixture
def token(user: User) -> str:
    return issue(user=user, name="tests")


@pytest.fixture(scope="session")
def description() -> OpenAPI:
    """Return the OpenAPI description, read once."""
    reads: dict[str, Callable[[bytes], Any]] = {"application/problem+json": json.loads}
    return OpenAPI.from_dict(DESCRIPTION, config=Config(extra_media_type_deserializers=reads))


@pytest.fixture
def send(client: Client, description: OpenAPI, token: str) -> Send:
    """Return a function that asks and holds question and answer against the description."""

    def sending(status: int = 200, *, with_token: bool = True, **body: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if with_token else {}
        response: Any = client.post(URL, body, content_type="application/json", headers=headers)
        assert response.status_code == status, response.content
        request = DjangoOpenAPIRequest(response.wsgi_request)
        if status == 200:
            description.validate_request(request)
        description.validate_response(request, DjangoOpenAPIResponse(response))
        return response.json()

    return sending


def test_the_description_is_valid_and_names_this_site(client: Client) -> None:
    response = client.get(f"{URL}/openapi.json")
    described = response.json()
    assert described["servers"] == [{"url": "http://127.0.0.1:8000"}]
    validate(described)


def test_the_page_about_it(client: Client) -> None:
    html = client.get("/casepilot/api/").content.decode()
    assert "http://127.0.0.1:8000/api/v1/ask" in html
    assert 'href="/api/v1/ask/openapi.json"' in html


@pytest.mark.usefixtures("code")
class TestAsk:
    """A question of a program."""

    def test_the_typed_answer(self, send: Send, user: User) -> None:
        found = send(question="What is CPT code 99213?")
        answer = found["answer"]
        assert answer["outcome"] == "answered"
        assert LONG in json.dumps(answer)
        assert PLAIN in json.dumps(answer)
        first = answer["statements"][0]
        assert first["citations"][0]["table"] == "codes_code"
        assert first["citations"][0]["edition"]["label"] == "Test edition"
        assert found["notes"] == ["1 code page view used for 99213; 5 left."]
        assert found["questions_left"] == 49
        assert ViewGrant.objects.get().user == user
        assert str(Turn.objects.get().pk) == found["id"]

    def test_a_conversation_goes_on(self, send: Send) -> None:
        first = send(question="What is CPT code 99213?")
        second = send(question="and with modifier 25?", conversation=first["conversation"])
        assert second["conversation"] == first["conversation"]
        assert [c["code"] for c in second["answer"]["codes"] if c["is_subject"]] == ["99213"]
        assert ViewGrant.objects.count() == 1

    def test_sent_twice_counts_once(self, send: Send) -> None:
        once = str(uuid.uuid4())
        assert send(question="99213", once=once)["id"] == send(question="99213", once=once)["id"]
        assert AskMeter.objects.get().used == 1

    def test_a_day(self, send: Send) -> None:
        assert send(question="What is 99213?", on="2025-02-03")["answer"]["day"] == "2025-02-03"

    @pytest.mark.parametrize(
        "body",
        [
            {},
            {"question": ""},
            {"question": 7},
            {"question": "x" * 1001},
            {"question": "99213", "on": "yesterday"},
            {"question": "99213", "conversation": "mine"},
        ],
    )
    def test_what_cannot_be_read(self, send: Send, body: dict[str, Any]) -> None:
        assert send(400, **body)["errors"]
        assert not AskMeter.objects.exists()

    @pytest.mark.parametrize(
        "body",
        [
            *(b"", b"[]", b"{", b"null", b"\xff", b"1" * 30_000, b"[" * 15_000),
            rb'{"question": "99213 \ud800"}',
        ],
    )
    def test_no_json_object(self, client: Client, token: str, body: bytes) -> None:
        response = client.post(
            URL, body, content_type="application/json", headers={"Authorization": f"Bearer {token}"}
        )
        assert response.status_code == 400

    def test_without_a_token(self, send: Send) -> None:
        send(401, with_token=False, question="99213")

    def test_with_a_wrong_token(self, client: Client) -> None:
        response = client.post(
            URL, {}, content_type="application/json", headers={"Authorization": "Bearer cp_no"}
        )
        assert response.status_code == 401

    def test_a_session_says_nothing_here(self, member: Client) -> None:
        response = member.post(URL, {"question": "99213"}, content_type="application/json")
        assert response.status_code == 401
        assert not Turn.objects.exists()

    def test_somebody_elses_conversation(self, send: Send) -> None:
        other = factories.user("other@example.org")
        theirs = Conversation.objects.create(title="x", viewer=f"user:{other.pk}", user=other)
        send(404, question="99213", conversation=str(theirs.pk))

    def test_the_day_is_used_up(self, send: Send, settings: Settings) -> None:
        settings.ASSISTANT_USER_DAILY = 1
        send(question="99213")
        assert send(429, question="99213")["back_at"]
        assert Turn.objects.count() == 1

    def test_without_a_view_left_only_open_facts(self, send: Send, user: User) -> None:
        user.view_limit = 0
        user.save()
        found = send(question="What is CPT code 99213?")
        assert LONG not in json.dumps(found)
        assert PLAIN not in json.dumps(found)
        assert "Visit of a known patient" in json.dumps(found)

    def test_other_methods(self, client: Client) -> None:
        assert client.get(URL).status_code == 405
        assert client.options(URL).status_code == 204

    def test_a_flood(self, send: Send, settings: Settings) -> None:
        settings.RATELIMIT_API_TOKEN = "1/h"
        send(question="99213")
        send(429, question="99213")
