"""The page of CasePilot: the question box, asking without a script, and what it costs."""

import uuid
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import Meter, User, ViewGrant
from assistant.conversations import AskMeter, Conversation, Turn
from codes.models import Code
from tests import factories
from tests.assistant.conftest import GUIDELINE, LONG, PLAIN, ask, text_of

pytestmark = pytest.mark.django_db


class TestBox:
    """A GET fills the box and counts nothing."""

    def test_shows_topics_and_what_is_left(
        self, client: Client, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        client.get("/casepilot/")
        with django_assert_num_queries(2):
            words = text_of(client.get("/casepilot/"))
        assert "Get instant expert-level medical coding assistance." in words
        for topic in ("CPT Codes", "Guidelines", "Modifiers", "Crosswalks", "NCCI Edits"):
            assert topic in words
        assert "3 questions left today." in words
        assert "Register free account to ask 50 a day" in words

    @pytest.mark.parametrize(
        ("query", "filled"),
        [
            ("q=What+is+CPT+code+99213%3F", "What is CPT code 99213?"),
            ("q=Guidelines+for+E%2FM+services", "Guidelines for E/M services"),
            ("code=99213", "What is 99213?"),
            ("code=J96.01&about=modifiers", "Which modifiers go with J96.01?"),
            ("topic=ncci-edits", "Can 99213 and 36415 be billed together?"),
            ("", ""),
        ],
    )
    def test_a_link_fills_it(self, client: Client, query: str, filled: str) -> None:
        response = client.get(f"/casepilot/?{query}")
        assert response.context["initial"] == filled
        assert f">{filled}</textarea>" in response.content.decode()
        assert not Turn.objects.exists()
        assert not AskMeter.objects.exists()

    @pytest.mark.parametrize("query", ["code=<b>", "about=poems", "topic=x", f"q={'x' * 1001}"])
    def test_a_bad_link(self, client: Client, query: str) -> None:
        assert client.get(f"/casepilot/?{query}").status_code == 400

    def test_what_a_link_says_is_no_html(self, client: Client) -> None:
        html = client.get("/casepilot/?q=%3Cscript%3Ealert(1)%3C/script%3E").content.decode()
        assert "<script>alert" not in html

    def test_other_methods(self, client: Client) -> None:
        assert client.put("/casepilot/").status_code == 405
        assert client.delete("/casepilot/").status_code == 405


@pytest.mark.usefixtures("code")
class TestAsking:
    """A question that is sent."""

    def test_leads_to_the_answer(self, member: Client, user: User) -> None:
        response = ask(member)
        turn = Turn.objects.get()
        assert (response.status_code, response["Location"]) == (302, turn.get_absolute_url())
        assert turn.conversation.user == user
        assert (turn.outcome, turn.is_guest) == ("answered", False)
        words = text_of(member.get(turn.conversation.get_absolute_url()))
        assert "What is CPT code 99213?" in words
        assert "Visit of a known patient" in words
        assert "Test edition" in words
        assert "Row" in words

    def test_sent_twice_counts_once(self, member: Client) -> None:
        once = uuid.uuid4()
        first, second = ask(member, once=once), ask(member, once=once)
        assert first["Location"] == second["Location"]
        assert Turn.objects.count() == 1
        assert AskMeter.objects.get().used == 1

    def test_a_name_that_is_taken_otherwise_is_replaced(self, member: Client, user: User) -> None:
        once = uuid.uuid4()
        ask(member, "SECRET 99213?", once=once)
        ask(member, "What is 99213?", once=once)  # such as after Back
        other, stranger = Client(), factories.user("other@example.org")
        other.force_login(stranger)
        response = ask(other, "SECRET 99213?", once=once)
        assert Turn.objects.count() == 3
        assert str(once) not in response["Location"]
        used = {meter.user: meter.used for meter in AskMeter.objects.all()}
        assert used == {user: 2, stranger: 1}

    @pytest.mark.parametrize("question", ["", "   ", "x" * 1001])
    def test_no_question(self, member: Client, question: str) -> None:
        response = ask(member, question)
        assert response.status_code == 400
        assert not Turn.objects.exists()
        assert not AskMeter.objects.exists()
        assert 'role="alert"' in response.content.decode()

    def test_a_zero_byte_is_taken_out(self, member: Client) -> None:
        assert ask(member, "What is 99213\x00?").status_code in (302, 400)

    def test_without_a_cookie_the_guest_gets_one(self, client: Client) -> None:
        response = ask(client)
        assert "guest" in response.cookies
        page = client.get(response["Location"].split("#")[0])
        assert page.status_code == 200

    def test_identifiers_are_masked_and_the_asker_is_told(self, member: Client) -> None:
        ask(member, "Patient John, SSN 123-45-6789, DOB 01/02/1960: what is 99213?")
        turn = Turn.objects.get()
        stored = f"{turn.question}{turn.answer}{turn.conversation.title}"
        assert "123-45-6789" not in stored
        assert "01/02/1960" not in stored
        assert set(turn.masked) == {"name", "Social Security number", "date of birth"}
        page = member.get(turn.conversation.get_absolute_url())
        assert "123-45-6789" not in page.content.decode()
        assert "Taken out of your question: what looked like" in text_of(page)

    def test_what_a_question_says_is_no_html(self, member: Client) -> None:
        ask(member, "<img src=x onerror=alert(1)> 99213")
        page = member.get(Conversation.objects.get().get_absolute_url())
        assert "<img src=x" not in page.content.decode()

    def test_a_failed_answer_costs_nothing(
        self, member: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        member.raise_request_exception = False
        monkeypatch.setattr("assistant.actions.as_plain", lambda answer: 1 / 0)
        assert ask(member).status_code == 500
        assert not Turn.objects.exists()
        assert AskMeter.objects.get().used == 0
        assert not ViewGrant.objects.exists()
        assert Meter.objects.get().used == 0


@pytest.mark.usefixtures("code")
class TestMeter:
    """What an answer costs and what it may say."""

    def test_a_code_is_charged_as_its_page(self, member: Client) -> None:
        ask(member)
        turn = Turn.objects.get()
        assert turn.notes == ["1 code page view used for 99213; 5 left."]
        assert ViewGrant.objects.get().code.display == "99213"
        assert PLAIN in str(turn.answer)
        assert "0 left" not in text_of(member.get("/codes/cpt/99213/"))
        assert Meter.objects.get().used == 1

    def test_a_code_that_is_open_is_free(self, member: Client) -> None:
        member.get("/codes/cpt/99213/")
        ask(member)
        assert Turn.objects.get().notes == []
        assert Meter.objects.get().used == 1

    def test_codes_beyond_the_limit_give_open_facts_only(
        self, member: Client, settings: Settings
    ) -> None:
        settings.REGISTERED_EXTRA_VIEWS = 0
        other = factories.code("99214", short_descriptor="Other short", long_descriptor="LONG 14")
        factories.published_text(other, "guidelines", html="<p>GUIDELINE 14</p>")
        ask(member, "What is the difference between 99213 and 99214?")
        turn = Turn.objects.get()
        assert turn.notes[0] == "1 code page view used for 99213; 0 left."
        assert turn.notes[1].startswith("No code page view was left for 99214")
        assert LONG in str(turn.answer)
        assert "Other short" in str(turn.answer)
        page = member.get(turn.conversation.get_absolute_url()).content.decode()
        text = member.get(f"/casepilot/answers/{turn.pk}/text/").content.decode()
        for canary in ("LONG 14", "GUIDELINE 14"):
            assert canary not in f"{turn.answer}{page}{text}"

    def test_at_most_five_codes(self, member: Client, settings: Settings) -> None:
        settings.REGISTERED_EXTRA_VIEWS = 20
        numbers = [f"1100{n}" for n in range(7)]
        for number in numbers:
            factories.code(number)
        ask(member, "What are " + ", ".join(numbers) + "?")
        assert ViewGrant.objects.count() == 5

    def test_a_guest_gets_open_facts(self, guest: Client) -> None:
        response = ask(guest)
        turn = Turn.objects.get()
        page = guest.get(response["Location"].split("#")[0])
        text = guest.get(f"/casepilot/answers/{turn.pk}/text/")
        everything = f"{turn.answer}{page.content.decode()}{text.content.decode()}"
        for canary in (LONG, PLAIN, GUIDELINE):
            assert canary not in everything
        assert "Visit of a known patient" in text_of(page)
        assert "Register free account" in text_of(page)
        assert not ViewGrant.objects.exists()

    def test_a_guest_who_has_opened_the_page_gets_its_descriptions(self, guest: Client) -> None:
        guest.get("/codes/cpt/99213/")
        ask(guest)
        stored = str(Turn.objects.get().answer)
        assert LONG in stored
        assert GUIDELINE not in stored

    def test_unmetered_systems_are_free(self, member: Client) -> None:
        system = factories.system("icd-10-cm", is_metered=False)
        factories.code("J96.01", of=system, long_descriptor="Respiratory failure, long")
        ask(member, "What is J96.01?")
        assert Turn.objects.get().notes == []
        assert not ViewGrant.objects.exists()

    def test_staff_are_not_counted(self, client: Client) -> None:
        client.force_login(factories.staff())
        ask(client)
        assert not ViewGrant.objects.exists()
        assert not AskMeter.objects.exists()

    def test_a_later_licence_hides_earlier_answers(self, member: Client, code: Code) -> None:
        ask(member)
        turn = Turn.objects.get()
        factories.system("cpt", display_mode="codes_only")
        page = member.get(turn.conversation.get_absolute_url())
        assert "Visit of a known patient" not in page.content.decode()
        assert "This answer is not shown any more" in text_of(page)
        assert member.get(f"/casepilot/answers/{turn.pk}/text/").status_code == 404


@pytest.mark.usefixtures("code")
class TestDailyLimit:
    """How many questions there are."""

    def test_a_guest_has_a_few(self, guest: Client) -> None:
        answers = [ask(guest) for _ in range(4)]
        assert [each.status_code for each in answers] == [302, 302, 302, 429]
        words = text_of(answers[-1])
        assert "Your 3 questions of today are used up." in words
        assert "What is CPT code 99213?" in answers[-1].content.decode()  # what was typed stays
        assert Turn.objects.count() == 3

    def test_a_user_has_more(self, member: Client, settings: Settings) -> None:
        settings.ASSISTANT_USER_DAILY = 4
        assert [ask(member).status_code for _ in range(5)] == [302, 302, 302, 302, 429]
        assert "0 questions left today; they come back on" in text_of(member.get("/casepilot/"))

    def test_guests_of_a_network_share_an_allowance(
        self, client: Client, settings: Settings
    ) -> None:
        settings.ASSISTANT_NETWORK_DAILY = 2
        answers: list[Any] = [ask(Client()) for _ in range(3)]
        assert [each.status_code for each in answers] == [302, 302, 429]
        assert "all guests of your network share" in text_of(answers[-1])

    def test_a_limit_of_nothing(self, guest: Client, settings: Settings) -> None:
        settings.ASSISTANT_GUEST_DAILY = 0
        assert ask(guest).status_code == 429
        assert not AskMeter.objects.exists()

    def test_a_flood_is_refused(self, member: Client, settings: Settings) -> None:
        settings.RATELIMIT_SEARCH = "1/h"
        assert ask(member).status_code == 302
        refused = ask(member)
        assert refused.status_code == 429
        assert refused.has_header("Retry-After")
