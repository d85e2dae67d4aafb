"""The admin of CasePilot: what presses comes first, and what is taught is used once reviewed."""

from datetime import date
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries
from pytest_django.fixtures import Settings

from accounts.models import User
from assistant.conversations import Conversation, Turn
from assistant.models import Alias, CuratedAnswer
from assistant.taught import OwnReview
from codes.models import Code, CodeSystem
from tests import factories
from tests.assistant.conftest import ask
from tests.codes.admin_tools import body, signed_in, staff_with

pytestmark = pytest.mark.django_db

TURNS = "/admin/assistant/turn/"
ALIASES = "/admin/assistant/alias/"
CURATED = "/admin/assistant/curatedanswer/"


def question(text: str, **fields: Any) -> Turn:
    """Store a question."""
    of = Conversation.objects.create(title=text, viewer="guest:a")
    answer: dict[str, Any] = {
        "statements": [],
        "notices": [],
        "codes": [],
        "follow_ups": [],
        "facts": [],
    }
    values = {"outcome": "answered", "is_guest": True, "answer": answer} | fields
    return Turn.objects.create(conversation=of, question=text, **values)


class TestQuestions:
    """The list of questions."""

    def test_what_presses_comes_first(self, admin: Client) -> None:
        question("settled", outcome="refused", is_settled=True)
        question("fine", vote=1)
        question("half", outcome="partly")
        question("disliked", vote=-1, complaint="wrong")
        question("nothing", outcome="refused", reason="no confident match")
        shown = admin.get(TURNS).context["cl"].result_list
        assert [t.question for t in shown] == ["nothing", "disliked", "half", "fine", "settled"]

    def test_filters(self, admin: Client) -> None:
        question("nothing", outcome="refused", intent="pays")
        question("disliked", vote=-1)
        for query, found in (("outcome=refused", "nothing"), ("vote=-1", "disliked")):
            shown = admin.get(f"{TURNS}?{query}").context["cl"].result_list
            assert [t.question for t in shown] == [found]

    def test_a_vote_stands_with_its_complaint(self, admin: Client) -> None:
        question("fine")
        assert "not helpful</td>" not in body(admin.get(TURNS))
        question("disliked", vote=-1, complaint="wrong")
        question("disliked too", vote=-1)
        page = body(admin.get(TURNS))
        assert f"not helpful: {Turn.Complaint.WRONG.label}</td>" in page
        assert "not helpful</td>" in page

    def test_a_question_with_its_answer_and_what_to_teach(
        self, admin: Client, member: Client, code: Code
    ) -> None:
        ask(member)
        page = body(admin.get(f"{TURNS}{Turn.objects.get().pk}/change/"))
        assert "Visit of a known patient" in page
        assert f"{ALIASES}add/?words=What+is+CPT+code+99213%3F" in page
        assert f"{CURATED}add/?phrases=" in page
        assert "coder@example.org" not in page

    def test_an_answer_whose_licence_has_ended(
        self, admin: Client, member: Client, code: Code
    ) -> None:
        ask(member)
        CodeSystem.objects.filter(slug="cpt").update(display_mode="off")
        page = body(admin.get(f"{TURNS}{Turn.objects.get().pk}/change/"))
        assert "the licence of what it says has changed" in page
        assert "Visit of a known patient" not in page

    def test_a_question_is_no_html(self, admin: Client) -> None:
        turn = question("<script>alert(1)</script>")
        for path in (TURNS, f"{TURNS}{turn.pk}/change/"):
            assert "<script>alert(1)" not in body(admin.get(path))

    def test_is_marked_as_settled_and_back(self, admin: Client) -> None:
        turn = question("x", outcome="refused")
        for action, state in (("settle", True), ("unsettle", False)):
            admin.post(TURNS, {"action": action, "_selected_action": [str(turn.pk)]})
            turn.refresh_from_db()
            assert turn.is_settled is state

    def test_who_may_only_look_marks_nothing(self) -> None:
        turn = question("x", outcome="refused")
        staff_with("view_turn").post(
            TURNS, {"action": "settle", "_selected_action": [str(turn.pk)]}
        )
        turn.refresh_from_db()
        assert not turn.is_settled

    def test_who_may_not(self, member: Client) -> None:
        assert member.get(TURNS).status_code == 302
        assert staff_with("view_alias").get(TURNS).status_code == 403

    @pytest.mark.parametrize("number", [1, 20])
    def test_query_count(
        self, admin: Client, number: int, django_assert_num_queries: DjangoAssertNumQueries
    ) -> None:
        for n in range(number):
            question(f"q{n}", intent="pays", reason="no data", outcome="partly")
        with django_assert_num_queries(8):
            admin.get(TURNS)


class TestAlias:
    """Other words for a code."""

    FORM = {"words": "sniffles visit", "source": "how the front desk says it", "is_active": "on"}

    def test_the_list_says_what_it_stands_for_and_who_reviewed_it(
        self, admin: Client, code: Code
    ) -> None:
        day = date(2026, 11, 2)
        anna = User.objects.get(email="anna@example.org")
        Alias.objects.create(words="new", code=code, intent="pays", source="x")
        other = Alias.objects.create(words="old", means="a visit", source="x")
        other.review(by=anna, on=day)
        own = Alias.objects.create(words="own", means="a stay", source="x", author=anna)
        own.review(by=anna, on=day, alone=True)
        page = body(admin.get(ALIASES))
        for told in (
            "99213 · intent: pays",
            "not yet, so not used",
            "2 November 2026 by anna@example.org",
            "2 November 2026 by its author",
        ):
            assert told in page
        for query, found in (("reviewed", ["old", "own"]), ("waiting", ["new"])):
            rows = admin.get(ALIASES, {"review": query}).context["cl"].result_list
            assert [alias.words for alias in rows] == found

    def test_is_used_once_reviewed(self, admin: Client, member: Client, code: Code) -> None:
        admin.post(f"{ALIASES}add/", self.FORM | {"code": code.pk})
        alias = Alias.objects.get()
        assert alias.reviewed_on is None
        ask(member, "what is a sniffles visit")
        assert not _subjects()
        admin.post(ALIASES, {"action": "review", "_selected_action": [str(alias.pk)]})
        alias.refresh_from_db()
        assert alias.reviewer is not None
        assert alias.reviewer.email == "anna@example.org"
        ask(member, "what is a sniffles visit")
        assert _subjects() == ["99213"]
        assert LogEntry.objects.filter(change_message__startswith="Reviewed.").exists()

    def test_a_change_takes_the_review_away(self, admin: Client, code: Code) -> None:
        admin.post(f"{ALIASES}add/", self.FORM | {"code": code.pk})
        alias = Alias.objects.get()
        alias.review(by=factories.staff())
        admin.post(f"{ALIASES}{alias.pk}/change/", self.FORM | {"code": code.pk, "means": "x"})
        alias.refresh_from_db()
        assert alias.reviewed_on is None

    def test_that_means_nothing_is_refused(self, admin: Client) -> None:
        response = admin.post(f"{ALIASES}add/", self.FORM)
        assert "Say which code, intent or words it stands for." in body(response)
        assert not Alias.objects.exists()

    def test_the_link_fills_the_form(self, admin: Client) -> None:
        page = body(admin.get(f"{ALIASES}add/?words=sniffles+visit"))
        assert 'value="sniffles visit"' in page


class TestCuratedAnswer:
    """An answer that a person wrote."""

    FORM = {
        "title": "Sniffles",
        "phrases": "sniffles policy",
        "markdown": "Report **what was done**.<script>alert(1)</script>",
        "source": "our manual",
        "is_active": "on",
    }

    def test_is_shown_once_reviewed(self, admin: Client, guest: Client) -> None:
        admin.post(f"{CURATED}add/", self.FORM)
        made = CuratedAnswer.objects.get()
        ask(guest, "What is the sniffles policy?")
        assert "what was done" not in str(Turn.objects.latest("asked_at").answer)
        preview = body(admin.get(f"{CURATED}{made.pk}/change/"))
        assert "<strong>what was done</strong>" in preview
        assert "<script>alert(1)" not in preview
        admin.post(CURATED, {"action": "review", "_selected_action": [str(made.pk)]})
        ask(guest, "What is the sniffles policy?")
        assert "what was done" in str(Turn.objects.latest("asked_at").answer)


class TestReview:
    """Another person than the author reviews; the author only where nobody else can."""

    FORM = TestAlias.FORM | {"means": "visit"}

    @pytest.fixture
    def alias(self, admin: Client) -> Alias:
        """Return an alias that anna wrote."""
        admin.post(f"{ALIASES}add/", self.FORM)
        return Alias.objects.get()

    def review(self, client: Client, alias: Alias) -> str:
        """Mark it as reviewed; return the page that says what came of it."""
        data = {"action": "review", "_selected_action": [str(alias.pk)]}
        page = body(client.post(ALIASES, data, follow=True))
        alias.refresh_from_db()
        return page

    def test_who_wrote_it_waits_for_another(self, admin: Client, alias: Alias) -> None:
        factories.staff("bert@example.org")
        page = self.review(admin, alias)
        assert "1 not reviewed: you wrote it" in page
        assert alias.reviewed_on is None

    def test_another_reviews_it(self, admin: Client, alias: Alias) -> None:
        bert = signed_in(factories.staff("bert@example.org"))
        assert "1 reviewed and in use." in self.review(bert, alias)
        assert alias.reviewer is not None
        assert (alias.reviewer.email, alias.reviewed_alone) == ("bert@example.org", False)

    def test_the_only_one_reviews_alone_and_it_is_recorded(
        self, admin: Client, alias: Alias
    ) -> None:
        staff_with("view_alias")  # who may only look is nobody who can review
        factories.user("inactive@example.org", is_staff=True, is_superuser=True, is_active=False)
        page = self.review(admin, alias)
        assert "Its author reviewed it" in page
        assert alias.reviewed_alone
        assert LogEntry.objects.filter(change_message__contains="Its author reviewed it").exists()
        form = body(admin.get(f"{ALIASES}{alias.pk}/change/"))
        assert "Its author reviewed it" in form

    def test_a_group_of_reviewers_counts(self, admin: Client, alias: Alias) -> None:
        group = Group.objects.create(name="Reviewers")
        group.permissions.set(Permission.objects.filter(codename="change_alias"))
        factories.user("carl@example.org", is_staff=True).groups.add(group)
        self.review(admin, alias)
        assert alias.reviewed_on is None

    def test_the_setting_lets_the_author(
        self, admin: Client, alias: Alias, settings: Settings
    ) -> None:
        factories.staff("bert@example.org")
        settings.ASSISTANT_REVIEW_BY_ANOTHER = False
        self.review(admin, alias)
        assert alias.reviewed_alone

    def test_the_form_says_who_may(self, admin: Client, alias: Alias) -> None:
        assert "Not reviewed, so not used." in body(admin.get(f"{ALIASES}{alias.pk}/change/"))

    def test_readers_are_told_of_an_own_review(self, admin: Client, guest: Client) -> None:
        admin.post(f"{CURATED}add/", TestCuratedAnswer.FORM)
        made = CuratedAnswer.objects.get()
        admin.post(CURATED, {"action": "review", "_selected_action": [str(made.pk)]})
        ask(guest, "What is the sniffles policy?")
        assert "reviewed by its author on" in str(Turn.objects.latest("asked_at").answer)

    def test_the_database_takes_no_other_own_review(self) -> None:
        anna = factories.staff()
        with pytest.raises(IntegrityError), transaction.atomic():
            Alias.objects.create(words="x", means="y", source="s", author=anna, reviewer=anna)
        with pytest.raises(OwnReview):
            Alias(words="x", means="y", source="s", author=anna).review(by=anna)


def _subjects() -> list[str]:
    turn = Turn.objects.latest("asked_at")
    return [each["code"] for each in turn.answer["codes"] if each["is_subject"]]
