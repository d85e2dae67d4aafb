"""Wording by a language model: what it is sent, what is kept, and what happens when it fails.

The library's own FunctionModel stands for the model, so its signatures are the real ones.
"""

import json
import socket
import threading
from collections.abc import Callable, Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.models import User
from assistant import budget, providers, streaming
from assistant.conversations import Turn
from assistant.engine.answer import Asker
from assistant.engine.entry import answer
from assistant.providers import ModelComposer, Template
from codes.models import Release
from tests import factories
from tests.assistant.conftest import LONG, PLAIN, ask, text_of
from tests.assistant.test_streaming import STREAM, events

pydantic_ai = pytest.importorskip("pydantic_ai", reason="the extra “model” is not installed")
from pydantic_ai.exceptions import ModelHTTPError  # noqa: E402  # after the skip
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart  # noqa: E402
from pydantic_ai.models.function import AgentInfo, FunctionModel  # noqa: E402

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("code")]

Says = Callable[[str], str]


class FakeModel:
    """A model that says what it is told to, and remembers what it was sent."""

    def __init__(self) -> None:
        self.says: Says = lambda sent: "99213: Visit of a known patient [F1]."
        self.sent: list[str] = []
        self.infos: list[AgentInfo] = []

    def __call__(self, messages: list[ModelMessage], info: AgentInfo) -> ModelResponse:
        self.sent.append("\n".join(map(str, messages)))
        self.infos.append(info)
        return ModelResponse(parts=[TextPart(self.says(self.sent[-1]))])


@pytest.fixture
def model(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeModel]:
    """Turn a model on."""
    fake = FakeModel()
    settings.ASSISTANT_MODEL = "fake"
    settings.ASSISTANT_MODEL_SEES_CPT = True
    settings.ASSISTANT_MODEL_SECONDS = 60
    monkeypatch.setattr(providers, "_model", lambda: FunctionModel(fake))
    yield fake
    cache.delete(providers.FAILURES)


def test_off_by_default(member: Client) -> None:
    assert isinstance(providers.composer(), Template)
    assert Template().compose("x", []) is None
    assert [name for name, _ in events(ask(member, **STREAM))] == ["answer", "done"]


class TestStream:
    """The engine's card first, the wording after its check."""

    def test_the_wording_comes_after_the_answer(self, member: Client, model: FakeModel) -> None:
        came = events(ask(member, **STREAM))
        assert [name for name, _ in came] == ["answer", "waiting", "wording", "done"]
        assert "turn__wording" not in came[0][1]["html"]
        assert "Worded by a language model" in came[2][1]["html"]
        turn = Turn.objects.get()
        assert turn.prose == [{"text": "99213: Visit of a known patient.", "facts": ["F1"]}]
        page = member.get(turn.conversation.get_absolute_url())
        assert "Worded by a language model" in text_of(page)

    def test_it_gets_the_masked_question_and_facts_and_no_more(
        self, member: Client, model: FakeModel
    ) -> None:
        events(ask(member, "SSN 123-45-6789: what is 99213?", **STREAM))
        (sent,) = model.sent
        assert "[Social Security number]" in sent
        assert LONG in sent
        for private in ("123-45-6789", "coder@example.org", "sessionid"):
            assert private not in sent
        assert model.infos[0].function_tools == []

    def test_an_invention_is_removed_and_counted(self, member: Client, model: FakeModel) -> None:
        model.says = lambda sent: "99213: Visit of a known patient [F1]. It pays $93.50 [F1]."
        events(ask(member, **STREAM))
        turn = Turn.objects.get()
        assert [one["text"] for one in turn.prose or []] == ["99213: Visit of a known patient."]
        assert turn.refused_sentences == 1
        assert "93.50" not in text_of(member.get(turn.conversation.get_absolute_url()))

    def test_nothing_left_is_the_engines_answer(self, member: Client, model: FakeModel) -> None:
        model.says = lambda sent: "99214 pays $93.50 [F1]."
        came = events(ask(member, **STREAM))
        assert [name for name, _ in came] == ["answer", "waiting", "done"]
        assert "93.50" not in json.dumps(came)
        assert len(model.sent) == 2  # it was asked again once
        assert Turn.objects.get().refused_sentences == 2

    def test_a_second_try_may_hold(self, member: Client, model: FakeModel) -> None:
        model.says = lambda sent: (
            "99213: Visit of a known patient [F1]." if len(model.sent) > 1 else "99999 [F1]."
        )
        came = events(ask(member, **STREAM))
        assert [name for name, _ in came][2] == "wording"
        assert Turn.objects.get().refused_sentences == 1

    def test_what_it_writes_is_no_html(self, member: Client, model: FakeModel) -> None:
        model.says = lambda sent: "99213: Visit <img src=x> [F1]. 99213: “Visit” & patient [F1]."
        came = events(ask(member, **STREAM))
        assert "<img src=x" not in json.dumps(came)
        assert "&amp; patient" in came[2][1]["html"]

    def test_guests_get_the_engines_answer(self, guest: Client, model: FakeModel) -> None:
        assert [name for name, _ in events(ask(guest, **STREAM))] == ["answer", "done"]
        assert model.sent == []

    def test_without_the_script_nobody_waits(self, member: Client, model: FakeModel) -> None:
        assert ask(member).status_code == 302
        assert model.sent == []

    def test_sent_twice_is_worded_once(self, member: Client, model: FakeModel) -> None:
        import uuid

        once = uuid.uuid4()
        events(ask(member, once=once, **STREAM))
        came = events(ask(member, once=once, **STREAM))
        assert [name for name, _ in came] == ["answer", "done"]
        assert "Worded by a language model" in came[0][1]["html"]
        assert len(model.sent) == 1

    def test_what_is_locked_is_not_sent(self, member: Client, user: User, model: FakeModel) -> None:
        user.view_limit = 0
        user.save()
        events(ask(member, **STREAM))
        assert LONG not in model.sent[0]
        assert PLAIN not in model.sent[0]


class TestLicence:
    """Wording of a licensed file stays here unless the licence lets it leave."""

    def test_it_stays_here(self, member: Client, model: FakeModel, settings: Settings) -> None:
        settings.ASSISTANT_MODEL_SEES_CPT = False
        factories.relative_value("99213")
        events(ask(member, **STREAM))
        assert "Visit of a known patient" not in model.sent[0]
        assert LONG not in model.sent[0]
        assert "Test edition" not in model.sent[0]

    def test_samples_are_ours(self, member: Client, model: FakeModel, settings: Settings) -> None:
        settings.ASSISTANT_MODEL_SEES_CPT = False
        Release.objects.update(is_sample=True)
        events(ask(member, **STREAM))
        assert "Visit of a known patient" in model.sent[0]


class TestFailure:
    """A model that is away, slow, spent or busy leaves the engine's answer."""

    def test_it_is_away_and_then_left_alone(self, member: Client, model: FakeModel) -> None:
        def away(sent: str) -> str:
            raise ModelHTTPError(503, "fake", "away")

        model.says = away
        for _ in range(5):
            came = events(ask(member, **STREAM))
            assert [name for name, _ in came] == ["answer", "waiting", "done"]
        assert len(model.sent) == providers.MOST_FAILURES
        cache.delete(providers.FAILURES)
        model.says = lambda sent: "99213: Visit of a known patient [F1]."
        assert "wording" in [name for name, _ in events(ask(member, **STREAM))]

    def test_it_is_slow(self, member: Client, model: FakeModel, settings: Settings) -> None:
        settings.ASSISTANT_MODEL_SECONDS = 0.05
        loop = providers._loop()

        def slow(sent: str) -> str:
            # What the loop does later is done once the seconds of the model are over.
            over = threading.Event()
            loop.call_soon_threadsafe(loop.call_later, 0.1, over.set)
            assert over.wait(60)
            return "99213: Visit of a known patient [F1]."

        model.says = slow
        came = events(ask(member, **STREAM))
        assert [name for name, _ in came] == ["answer", "waiting", "done"]
        assert cache.get(providers.FAILURES) == 1

    def test_the_users_budget(self, member: Client, model: FakeModel, settings: Settings) -> None:
        settings.ASSISTANT_MODEL_USER_DAILY = 1
        kinds = [len(events(ask(member, **STREAM))) for _ in range(2)]
        assert kinds == [4, 3]
        assert len(model.sent) == 1

    def test_the_days_budget(self, member: Client, model: FakeModel, settings: Settings) -> None:
        settings.ASSISTANT_MODEL_DAILY = 1
        for _ in range(2):
            events(ask(member, **STREAM))
        assert len(model.sent) == 1
        assert budget.used_today("model:all") == 1

    def test_too_many_wait_already(
        self, member: Client, model: FakeModel, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        full = threading.BoundedSemaphore(1)
        full.acquire()
        monkeypatch.setattr(streaming, "_waits", full)
        came = events(ask(member, **STREAM))
        assert [name for name, _ in came] == ["answer", "waiting", "done"]
        assert model.sent == []


def test_the_settings_make_a_model(settings: Settings) -> None:
    settings.ASSISTANT_MODEL = "some-model"
    settings.ASSISTANT_MODEL_URL = "http://127.0.0.1:9/v1"
    composer = providers.composer()
    assert isinstance(composer, ModelComposer)
    assert composer.model.model_name == "some-model"
    assert composer.model.base_url.startswith("http://127.0.0.1:9/v1")  # type: ignore[union-attr]  # it has one


@pytest.mark.parametrize("name", ["nobody:knows-this", "openai:gpt-4o"])
def test_a_model_that_cannot_be_used_leaves_the_answer(
    name: str, member: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    settings.ASSISTANT_MODEL = name
    Release.objects.update(is_sample=True)
    came = events(ask(member, **STREAM))
    assert [kind for kind, _ in came] == ["answer", "waiting", "done"]


def test_nobody_answers_there(settings: Settings) -> None:
    settings.ASSISTANT_MODEL = "some-model"
    settings.ASSISTANT_MODEL_SECONDS = 60
    facts = answer("99213", Asker()).facts
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # nobody listens there, and nobody else can
        settings.ASSISTANT_MODEL_URL = f"http://127.0.0.1:{silent.getsockname()[1]}/v1"
        with pytest.raises(providers.ModelFailed, match="Connection"):
            providers.composer().compose("What is 99213?", facts)
