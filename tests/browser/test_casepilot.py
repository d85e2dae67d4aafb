"""CasePilot in a real browser: asking, follow-ups, no script, keyboard, a bad connection, axe."""

import uuid

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, Route, expect

from accounts.models import User
from assistant.conversations import AskMeter, Turn
from codes import identifiers
from codes.authored_texts import AuthoredText
from codes.models import Code
from tests import factories
from tests.browser.checks import assert_accessible, assert_fits, stop_timers

BOX = "Ask a coding question"


@pytest.fixture(autouse=True)
def code(site: str) -> Code:
    """Return a visit with a plain description, guidelines and a neighbour."""
    family = factories.heading("category", "99202-99215", short_descriptor="Office visits")
    made = factories.code("99213", parent=family, short_descriptor="Visit of a known patient")
    factories.published_text(made, html="<p>An everyday visit.</p>")
    factories.published_text(made, "guidelines", html="<p>Choose the level by decisions.</p>")
    factories.modifier("25", release=factories.edition("hcpcs-modifiers"))
    return made


@pytest.fixture(autouse=True, scope="module")
def _warm() -> None:
    """Load what the first question of a process waits for; casepilot_site/wsgi.py does it there."""
    identifiers.mask("warm")


@pytest.fixture
def user(site: str) -> User:
    return factories.user("coder@example.org")


def sign_in(context: BrowserContext, site: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])


def ask(page: Page, question: str) -> None:
    page.locator("#question").fill(question)
    page.get_by_role("button", name="Ask", exact=True).click()


def test_the_first_example_from_the_code_page(page: Page, site: str, user: User) -> None:
    sign_in(page.context, site, user)
    page.goto("/codes/cpt/99213/")
    page.get_by_role("link", name="What is CPT code 99213?").click()
    expect(page.get_by_label(BOX)).to_have_value("What is CPT code 99213?")
    assert not AskMeter.objects.exists()  # nothing is counted before it is sent
    page.get_by_role("button", name="Ask", exact=True).click()
    answer = page.get_by_role("article")
    expect(answer).to_contain_text("Visit of a known patient")
    expect(page.get_by_role("status").filter(has_text="The answer is here.")).to_be_visible()
    expect(page.get_by_text("49 questions left today.")).to_be_visible()
    expect(page).to_have_url(f"{site}{Turn.objects.get().conversation.get_absolute_url()}")
    source = answer.get_by_text("Source", exact=False).first
    source.click()
    expect(answer.get_by_text("File test.txt").first).to_be_visible()
    page.reload()
    expect(page.get_by_role("article")).to_contain_text("Visit of a known patient")


def test_the_second_example_from_the_code_page(page: Page, site: str, user: User) -> None:
    sign_in(page.context, site, user)
    page.goto("/codes/cpt/99213/")
    page.get_by_role("link", name="Guidelines for E/M services").click()
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("article")).to_be_visible()
    assert Turn.objects.get().question == "Guidelines for E/M services"


def test_a_question_about_the_code_of_the_page(page: Page, site: str, user: User) -> None:
    sign_in(page.context, site, user)
    page.goto("/codes/cpt/99213/")
    page.get_by_role("link", name="Which modifiers go with 99213?").click()
    expect(page.get_by_label(BOX)).to_have_value("Which modifiers go with 99213?")


def test_a_follow_up_keeps_its_subject(page: Page, site: str, user: User) -> None:
    sign_in(page.context, site, user)
    page.goto("/casepilot/")
    ask(page, "What is CPT code 99213?")
    expect(page.get_by_role("article")).to_have_count(1)
    page.get_by_role("button", name="Guidelines for 99213").click()
    expect(page.get_by_role("article")).to_have_count(2)
    ask(page, "and with modifier 25?")
    expect(page.get_by_role("article")).to_have_count(3)
    last = Turn.objects.latest("asked_at")
    assert [c["code"] for c in last.answer["codes"] if c["is_subject"]] == ["99213"]
    assert len({turn.conversation_id for turn in Turn.objects.all()}) == 1


def test_without_script(no_script: Page) -> None:
    page = no_script
    page.goto("/casepilot/?q=What+is+CPT+code+99213%3F")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("article")).to_contain_text("Visit of a known patient")
    page.get_by_role("article").get_by_role("button", name="Helpful", exact=True).click()
    expect(page.get_by_text("you called this answer helpful")).to_be_visible()
    page.get_by_role("link", name="As text with sources").click()
    expect(page.get_by_text("Sources")).to_be_visible()
    page.go_back()
    page.locator("#question").fill("What is 99999?")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_role("article")).to_have_count(2)


def test_a_guest_runs_out_and_is_told(page: Page) -> None:
    page.goto("/casepilot/")
    for number in (1, 2, 3):
        ask(page, "What is CPT code 99213?")
        expect(page.get_by_role("article")).to_have_count(number)
    ask(page, "One more?")
    expect(page.get_by_role("alert")).to_contain_text("Your 3 questions of today are used up.")
    expect(page.locator("#question")).to_have_value("One more?")
    assert_accessible(page)


def test_by_keyboard(page: Page, site: str, user: User) -> None:
    sign_in(page.context, site, user)
    page.goto("/casepilot/")
    page.locator("#question").focus()
    page.keyboard.type("What is CPT code 99213?")
    page.keyboard.press("Enter")
    article = page.get_by_role("article")
    expect(article).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(article.locator("details.cite[open]")).to_have_count(1)
    page.locator("#question").focus()
    page.keyboard.type("a")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("b")
    expect(page.locator("#question")).to_have_value("a\nb")


def test_a_lost_connection_is_tried_again_and_counts_once(
    page: Page, site: str, user: User
) -> None:
    sign_in(page.context, site, user)
    page.goto("/casepilot/")
    tries: list[str] = []

    def lose(route: Route) -> None:
        tries.append(route.request.method)
        if route.request.method == "POST" and len(tries) == 1:
            route.fetch()  # it arrives, and its answer does not come back
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/casepilot/", lose)
    ask(page, "What is CPT code 99213?")
    expect(page.get_by_role("article")).to_have_count(1)
    assert len(tries) == 2
    assert Turn.objects.count() == 1
    assert AskMeter.objects.get().used == 1


def test_a_server_that_is_away_leaves_the_question(page: Page) -> None:
    page.goto("/casepilot/")
    page.route("**/casepilot/", lambda route: route.abort("connectionrefused"))
    ask(page, "What is CPT code 99213?")
    state = page.get_by_role("status").filter(has_text="cannot be reached")
    expect(state).to_be_visible()
    expect(page.locator("#question")).to_have_value("What is CPT code 99213?")
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()


def test_a_slow_answer_can_be_stopped(page: Page) -> None:
    page.goto("/casepilot/")
    page.route("**/casepilot/", lambda route: None)  # it never comes back
    ask(page, "What is CPT code 99213?")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("status").filter(has_text="Stopped.")).to_be_visible()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_enabled()
    page.unroute_all(behavior="ignoreErrors")


def test_a_server_error_is_said(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    page.goto("/casepilot/")
    page.route("**/casepilot/", lambda route: route.fulfill(status=500, body="no"))
    ask(page, "What is CPT code 99213?")
    expect(page.get_by_role("status").filter(has_text="could not be made")).to_be_visible()


def test_votes_and_copies(page: Page, site: str, user: User) -> None:
    sign_in(page.context, site, user)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/casepilot/")
    ask(page, "What is CPT code 99213?")
    answer = page.get_by_role("article")
    answer.get_by_text("Not helpful").click()
    answer.get_by_label("Something is missing").check()
    answer.get_by_label("In your words").fill("the status")
    answer.get_by_role("button", name="Send").click()
    expect(answer.get_by_text("you called this answer not helpful")).to_be_focused()
    turn = Turn.objects.get()
    assert (turn.vote, turn.complaint, turn.comment) == (-1, "missing", "the status")
    stop_timers(page)
    answer.get_by_role("link", name="As text with sources").click()
    expect(answer.get_by_text("Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith("What is CPT code 99213?")
    assert "[1]" in copied


def test_history_and_deletion(page: Page, site: str, user: User) -> None:
    sign_in(page.context, site, user)
    page.goto("/casepilot/")
    ask(page, "What is CPT code 99213?")
    expect(page.get_by_role("article")).to_have_count(1)
    page.goto("/casepilot/history/")
    assert_accessible(page)
    page.get_by_role("link", name="Delete “What is CPT code 99213?”").click()
    expect(page.get_by_role("button", name="Delete it")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Delete it").click()
    expect(page.get_by_text("You have not asked anything yet.")).to_be_visible()


@pytest.mark.parametrize("is_member", [True, False])
def test_pages_are_accessible_and_fit(
    page: Page, phone: Page, site: str, user: User, is_member: bool
) -> None:
    for shown in (page, phone):
        if is_member:
            sign_in(shown.context, site, user)
        shown.goto("/casepilot/")
        assert_fits(shown)
        assert_accessible(shown)
        ask(shown, "Patient SSN 123-45-6789: what are 99213 and 99999?")
        expect(shown.get_by_role("article")).to_have_count(1)
        for summary in shown.locator("article summary").all():
            if summary.is_visible():
                summary.click()
        assert_fits(shown)
        assert_accessible(shown)
    page.goto("/casepilot/api/")
    assert_accessible(page)


def test_what_is_locked_is_folded_behind_its_button(page: Page) -> None:
    page.goto("/casepilot/")
    ask(page, "Guidelines for 99213")
    locked = page.locator(".turn__locked")
    expect(locked.get_by_role("link", name="Register free account")).to_be_visible()
    inside = locked.get_by_text("Coding Guidelines of 99213").first
    fold = locked.locator("details").first
    if not fold.evaluate("one => one.open"):
        expect(inside).not_to_be_visible()
        fold.locator("summary").first.press("Enter")
    expect(inside).to_be_visible()


def test_a_printed_answer_is_whole(page: Page, site: str, user: User) -> None:
    sign_in(page.context, site, user)
    page.goto("/casepilot/")
    ask(page, "What is CPT code 99213?")
    source = page.locator(".cite__list").first
    expect(source).not_to_be_visible()
    page.emulate_media(media="print")
    expect(source).to_be_visible()
    expect(page.get_by_text("Choose the level by decisions.", exact=True)).to_be_visible()
    expect(page.get_by_role("button", name="Ask", exact=True)).not_to_be_visible()


def test_the_replay_of_a_question_in_the_admin(phone: Page, site: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    client.post("/casepilot/", {"question": "What is 99213?", "once": str(uuid.uuid4())})
    turn = Turn.objects.get()
    AuthoredText.objects.update(html="<p>Another everyday wording.</p>")
    sign_in(phone.context, site, factories.staff("anna@example.org"))
    phone.goto(f"{site}/admin/assistant/turn/{turn.pk}/change/")
    phone.get_by_role("link", name="Replay against").click()
    expect(phone.get_by_text("Changed (")).to_be_visible()
    expect(phone.locator("ins", has_text="Another").first).to_be_visible()
    assert_fits(phone)
