"""A conversation's page, the history, deletion, votes, the answer as text, handing over."""

import json
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import actions as account_actions
from accounts.export import personal_data
from accounts.models import User
from assistant import actions
from assistant.conversations import AskMeter, Conversation, Turn
from assistant.models import Alias, CuratedAnswer
from assistant.people import Person
from codes.models import Code, CodeSystem
from tests import factories
from tests.assistant.conftest import LONG, ask, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def stranger(db: None) -> Client:
    client = Client()
    client.force_login(factories.user("stranger@example.org"))
    return client


@pytest.fixture
def turn(member: Client, code: Any) -> Turn:
    """Return what a registered user asked."""
    ask(member)
    return Turn.objects.get()


@pytest.fixture
def url(turn: Turn) -> str:
    return turn.conversation.get_absolute_url()


def many(of: Conversation, number: int) -> None:
    """Add turns to a conversation, as copies of its first."""
    first = of.turns.get()
    for _ in range(number):
        Turn.objects.create(
            conversation=of,
            question=first.question,
            answer=first.answer,
            outcome="answered",
            is_guest=False,
            modes=first.modes,
        )


class TestConversation:
    """One conversation."""

    def test_goes_on_with_its_subject(self, member: Client, url: str) -> None:
        response = ask(member, "and with modifier 25?", path=url)
        assert response["Location"].startswith(url)
        second = Turn.objects.latest("asked_at")
        assert [c["code"] for c in second.answer["codes"] if c["is_subject"]] == ["99213"]
        assert second.notes == []  # its page is open already

    def test_follow_ups_are_buttons(self, member: Client, url: str) -> None:
        factories.modifier("25")
        html = member.get(url).content.decode()
        follow_ups = Turn.objects.get().answer["follow_ups"]
        for each in follow_ups:
            assert f'name="question" value="{each["text"]}"' in html

    def test_a_later_question_without_a_name_is_answered_each_time(
        self, member: Client, url: str
    ) -> None:
        for _ in range(2):
            member.post(url, {"question": "What is 99213?"})
        assert Turn.objects.count() == 3

    def test_after_many_questions_another_begins(
        self, member: Client, turn: Turn, url: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("assistant.actions.MAX_TURNS", 1)
        assert not ask(member, path=url)["Location"].startswith(url)
        assert Conversation.objects.count() == 2

    @pytest.mark.parametrize("turns", [1, 20])
    def test_query_count(
        self,
        member: Client,
        turn: Turn,
        url: str,
        turns: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        many(turn.conversation, turns - 1)
        with django_assert_num_queries(6):  # session, user, and four of its own
            member.get(url)

    def test_a_long_one_is_cut(self, member: Client, turn: Turn, url: str) -> None:
        many(turn.conversation, 24)
        response = member.get(url)
        assert len(response.context["turns"]) == 20
        assert "The last 20 questions" in text_of(response)

    def test_a_guest_keeps_it_by_the_cookie(self, guest: Client, code: Any) -> None:
        url = ask(guest)["Location"].split("#")[0]
        assert guest.get(url).status_code == 200
        assert url in guest.get("/casepilot/").content.decode()
        assert Client().get(url).status_code == 404

    def test_registering_takes_it_along(self, guest: Client, user: User, code: Any) -> None:
        url = ask(guest)["Location"].split("#")[0]
        guest.force_login(user)
        assert guest.get(url).status_code == 200
        ask(guest, path=url)
        assert Conversation.objects.get().user == user
        assert LONG in str(Turn.objects.latest("asked_at").answer)
        guest.logout()
        assert guest.get(url).status_code == 404

    def test_is_nobody_elses(self, stranger: Client, turn: Turn, url: str) -> None:
        for client in (stranger, Client()):
            assert client.get(url).status_code == 404
            assert ask(client, path=url).status_code == 404
            assert client.post(f"{url}delete/").status_code == 404
            assert client.get(f"/casepilot/answers/{turn.pk}/text/").status_code == 404
            vote = client.post(f"/casepilot/answers/{turn.pk}/feedback/", {"vote": "up"})
            assert vote.status_code == 404
        assert Turn.objects.count() == 1

    def test_bad_ids_and_methods(self, member: Client, url: str) -> None:
        assert member.get(f"/casepilot/{uuid.uuid4()}/").status_code == 404
        assert member.get("/casepilot/1/").status_code == 404
        assert member.put(url).status_code == 405

    def test_not_from_another_site(self, user: User) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(user)
        assert ask(client).status_code == 403
        assert not Turn.objects.exists()


class TestDelete:
    """Deleting one conversation, or all."""

    def test_asks_first(self, member: Client, url: str) -> None:
        assert "Delete this conversation?" in text_of(member.get(f"{url}delete/"))
        assert Conversation.objects.exists()

    def test_deletes(self, member: Client, url: str) -> None:
        assert member.post(f"{url}delete/")["Location"] == "/casepilot/history/"
        assert not Turn.objects.exists()
        assert member.get(url).status_code == 404

    def test_a_guest_deletes(self, guest: Client, code: Any) -> None:
        url = ask(guest)["Location"].split("#")[0]
        assert guest.post(f"{url}delete/")["Location"] == "/casepilot/"
        assert not Turn.objects.exists()

    def test_all(self, member: Client, turn: Turn) -> None:
        ask(member)
        other = factories.user("other@example.org")
        theirs = Conversation.objects.create(title="x", viewer=f"user:{other.pk}", user=other)
        assert "2 conversations with all answers are deleted" in text_of(
            member.get("/casepilot/history/delete/")
        )
        member.post("/casepilot/history/delete/")
        assert list(Conversation.objects.all()) == [theirs]

    def test_with_the_account(self, turn: Turn, user: User) -> None:
        account_actions.delete_account(user=user)
        assert not Conversation.objects.exists()
        assert not Turn.objects.exists()
        assert not AskMeter.objects.exists()

    def test_purge(self, guest: Client, user: User, code: Any) -> None:
        ask(guest)
        Conversation.objects.create(title="mine", viewer=f"user:{user.pk}", user=user)
        actions.purge()
        assert Conversation.objects.count() == 2
        actions.purge(now=timezone.now() + timedelta(hours=25))
        assert [each.title for each in Conversation.objects.all()] == ["mine"]
        assert not AskMeter.objects.exists()
        actions.purge(now=timezone.now() + timedelta(days=366))
        assert not Conversation.objects.exists()


class TestHistory:
    """The list of conversations."""

    def test_lists_the_own_ones(self, member: Client, stranger: Client, url: str) -> None:
        html = member.get("/casepilot/history/").content.decode()
        assert url in html
        assert url not in stranger.get("/casepilot/history/").content.decode()
        assert "You have not asked anything yet" in text_of(stranger.get("/casepilot/history/"))

    def test_is_for_users(self, client: Client) -> None:
        for path in ("/casepilot/history/", "/casepilot/history/delete/"):
            assert client.get(path)["Location"] == f"/accounts/login/?next={path}"
            assert client.put(path).status_code == 405

    @pytest.mark.parametrize("number", [1, 20])
    def test_query_count(
        self,
        member: Client,
        user: User,
        number: int,
        django_assert_num_queries: DjangoAssertNumQueries,
    ) -> None:
        for n in range(number):
            Conversation.objects.create(title=f"c{n}", viewer=f"user:{user.pk}", user=user)
        with django_assert_num_queries(4):
            member.get("/casepilot/history/")

    def test_pages(self, member: Client, user: User) -> None:
        for n in range(31):
            Conversation.objects.create(title=f"c{n}", viewer=f"user:{user.pk}", user=user)
        assert "c0" in text_of(member.get("/casepilot/history/?page=2"))
        assert member.get("/casepilot/history/?page=3").status_code == 404
        assert member.get("/casepilot/history/?page=x").status_code == 400


class TestExport:
    """What a user takes along."""

    def test_holds_questions_and_answers(self, turn: Turn, user: User) -> None:
        turn.judge(vote=-1, complaint="missing", comment="the status")
        (found,) = personal_data(user)["conversations"]
        (question,) = found["questions"]
        assert question["question"] == "What is CPT code 99213?"
        assert question["answer"]["outcome"] == "answered"
        assert (question["vote"], question["comment"]) == ("not helpful", "the status")

    def test_nobody_elses(self, turn: Turn) -> None:
        assert personal_data(factories.user("other@example.org"))["conversations"] == []

    @pytest.mark.parametrize("number", [1, 20])
    def test_query_count(
        self, turn: Turn, user: User, number: int, django_assert_num_queries: Any
    ) -> None:
        many(turn.conversation, number - 1)
        with django_assert_num_queries(19):
            personal_data(user)


class TestExportOfTheRest:
    """Counted questions, and what the user taught the assistant."""

    def test_holds_how_many_questions_were_counted(self, turn: Turn, user: User) -> None:
        today = timezone.localdate()
        AskMeter.objects.create(
            bucket=f"model:user:{user.pk}", day=today, used=2, quota=20, user=user
        )
        AskMeter.objects.create(bucket="user:0", day=today, used=9, quota=9)
        found = personal_data(user)["question_counts"]
        assert [(one["of"], one["used"]) for one in found] == [
            ("worded by a language model", 2),
            ("questions", 1),
        ]
        assert {one["day"] for one in found} == {today}

    def test_holds_what_was_taught(self, user: User, code: Code) -> None:
        _teach(user, code)
        found = personal_data(user)["taught"]
        (alias,), (curated,) = found["aliases"], found["curated_answers"]
        assert (alias["words"], alias["code"]) == ("wellness", {"system": "cpt", "code": "99213"})
        assert (curated["title"], curated["markdown"]) == ("Sniffles", "What was done")
        assert personal_data(factories.user())["taught"] == {"aliases": [], "curated_answers": []}

    def test_names_no_number_of_a_system_that_is_off(self, user: User, code: Code) -> None:
        _teach(user, code)
        CodeSystem.objects.update(display_mode="off")
        (alias,) = personal_data(user)["taught"]["aliases"]
        assert alias["code"] == {"system": "cpt", "code": ""}

    def test_is_in_the_file(self, member: Client, user: User, code: Code) -> None:
        _teach(user, code)
        data = json.loads(member.post("/account/export/").content)
        assert data["taught"]["aliases"][0]["words"] == "wellness"
        assert data["question_counts"] == []

    def test_what_was_taught_stays_without_the_person(self, user: User, code: Code) -> None:
        _teach(user, code)
        AskMeter.objects.create(
            bucket=f"user:{user.pk}", day=timezone.localdate(), used=1, quota=9, user=user
        )
        account_actions.delete_account(user=user)
        assert [one.author_id for one in (Alias.objects.get(), CuratedAnswer.objects.get())] == [
            None,
            None,
        ]
        assert not AskMeter.objects.exists()


def _teach(user: User, code: Code) -> None:
    """Write an alias and a curated answer in the user's name."""
    Alias(words="wellness", code=code, source="desk").rewrite(by=user)
    curated = CuratedAnswer(
        title="Sniffles", phrases="sniffles", markdown="What was done", source="manual"
    )
    curated.rewrite(by=user)


class TestFeedback:
    """Thumbs with a reason."""

    def test_up(self, member: Client, turn: Turn) -> None:
        response = member.post(
            f"/casepilot/answers/{turn.pk}/feedback/", {"vote": "up", "complaint": "wrong"}
        )
        assert response["Location"] == turn.get_absolute_url()
        turn.refresh_from_db()
        assert (turn.vote, turn.complaint) == (1, "")
        assert "you called this answer helpful" in text_of(
            member.get(turn.conversation.get_absolute_url())
        )

    def test_down_with_a_masked_comment(self, member: Client, turn: Turn) -> None:
        data = {"vote": "down", "complaint": "wrong", "comment": "for SSN 123-45-6789"}
        member.post(f"/casepilot/answers/{turn.pk}/feedback/", data)
        turn.refresh_from_db()
        assert (turn.vote, turn.complaint) == (-1, "wrong")
        assert turn.comment == "for SSN [Social Security number]"

    def test_the_script_gets_a_fragment(self, member: Client, turn: Turn) -> None:
        response = member.post(
            f"/casepilot/answers/{turn.pk}/feedback/",
            {"vote": "up"},
            headers={"X-Fragment": "feedback"},
        )
        html = response.content.decode()
        assert response.status_code == 200
        assert "<html" not in html
        assert 'aria-pressed="true"' in html

    @pytest.mark.parametrize(
        "data", [{}, {"vote": "sideways"}, {"vote": "down", "complaint": "rude"}]
    )
    def test_bad(self, member: Client, turn: Turn, data: dict[str, str]) -> None:
        response = member.post(f"/casepilot/answers/{turn.pk}/feedback/", data)
        assert response.status_code == 400
        turn.refresh_from_db()
        assert turn.vote == 0

    def test_a_get_changes_nothing(self, member: Client, turn: Turn) -> None:
        assert member.get(f"/casepilot/answers/{turn.pk}/feedback/").status_code == 405


class TestText:
    """The answer to be copied."""

    def test_names_its_sources(self, member: Client, turn: Turn) -> None:
        response = member.get(f"/casepilot/answers/{turn.pk}/text/")
        assert response["Content-Type"] == "text/plain; charset=utf-8"
        text = response.content.decode()
        assert text.startswith("What is CPT code 99213?\n")
        assert "[1]" in text
        assert "[1] Test file, Test edition (test.txt" in text
        assert "http://127.0.0.1:8000/codes/cpt/99213/" in text
        assert "American Medical Association" in text


class TestHandOver:
    """CaseConsultant's page, which is not built."""

    def test_shows_the_question_and_sends_nothing(self, member: Client, turn: Turn) -> None:
        words = text_of(member.get(f"/caseconsultant/?turn={turn.pk}"))
        assert "What is CPT code 99213?" in words
        assert "It has not been sent to anybody" in words

    def test_nobody_elses_question(self, stranger: Client, turn: Turn) -> None:
        words = text_of(stranger.get(f"/caseconsultant/?turn={turn.pk}"))
        assert "99213" not in words

    @pytest.mark.parametrize("query", ["", "?turn=1", "?turn="])
    def test_without_one(self, client: Client, query: str) -> None:
        assert "Your question" not in text_of(client.get(f"/caseconsultant/{query}"))


def test_a_person_without_a_key_owns_nothing(guest: Client, code: Any) -> None:
    ask(guest)
    assert not Conversation.objects.of(Person()).exists()
