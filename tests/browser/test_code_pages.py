"""Home, browse, search and code pages in a real browser: read, pressed, typed, narrow, printed."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from codes import views
from codes.authored_texts import SECTION_TITLES
from codes.models import Code
from tests import factories
from tests.browser.checks import assert_accessible, assert_fits, stop_timers
from tests.browser.test_registration import log_in, register
from tests.mailbox import Mailbox

CODE = "/codes/cpt/33948/"
LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis"  # 45 letters without a place to break


@pytest.fixture(autouse=True)
def code(site: str) -> Code:
    """Return a code with both descriptions, all six sections and a neighbour."""
    chapter = factories.heading("chapter", "surgery", display="Surgery")
    section = factories.heading("section", "33946-33989", parent=chapter)
    code = factories.code("33948", parent=section, long_descriptor=f"{LONG} " * 90)
    factories.code("33949", parent=section)
    factories.published_text(code, "plain", html="<p>In common language.</p>")
    for key in SECTION_TITLES:
        factories.published_text(code, key, html=f"<p>Content of {key}.</p>")
    return code


@pytest.fixture
def handset(browser: Browser, site: str) -> Iterator[Page]:
    """Return a page of a phone of the usual size, with a finger."""
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, base_url=site
    )
    yield context.new_page()
    context.close()


def test_a_guest_reads_one_page_registers_and_reads_the_rest(
    page: Page, site: str, mailbox: Mailbox
) -> None:
    page.goto(CODE)
    expect(page.locator(".meter")).to_have_text(
        "0 code page views remaining. Guest accounts are limited to 1 page view. "
        "Register free account to get 5 more views."
    )
    expect(page.get_by_text("In common language.")).to_be_visible()
    expect(page.locator(".locked")).to_have_count(6)
    expect(page.get_by_text("Content of")).to_have_count(0)

    page.get_by_role("link", name="Next code 33949").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("CPT® Code 33949")
    expect(page.get_by_role("heading", level=2)).to_have_text("You have used your guest page view")

    register(page, site, mailbox)
    page.goto(CODE)
    expect(page.locator(".meter__count")).to_have_text("5 code page views remaining.")
    expect(page.get_by_text("Content of")).to_have_count(6)
    expect(page.locator(".locked")).to_have_count(0)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/search/",
        "/search/?q=short+descriptor",
        "/search/?q=nothing-like-it",
        "/codes/",
        "/codes/cpt/",
        "/codes/cpt/chapter/surgery/",
        "/codes/cpt/section/33946-33989/",
        "/codes/cpt/99999/",
        "/casepilot/",
        CODE,
    ],
)
def test_open_pages_are_accessible_and_fit(page: Page, phone: Page, path: str) -> None:
    page.goto(path)
    assert_accessible(page)
    phone.goto(path)
    assert_fits(phone)


def test_a_code_page_is_accessible_on_a_phone_with_its_menu_open(phone: Page) -> None:
    phone.goto(CODE)
    assert_accessible(phone)
    phone.get_by_role("button", name="Menu", exact=True).click()
    assert_accessible(phone)


def test_a_category_of_many_pages_is_accessible_and_fits(
    page: Page, phone: Page, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "NODES_PER_PAGE", 2)
    icd = factories.system("icd-10-cm")
    category = factories.heading("category", "S82", of=icd)
    for i in range(5):
        factories.code(f"S82.{i}", of=icd, parent=category, short_descriptor=LONG)
    page.goto("/codes/icd-10-cm/category/S82/")
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_text("Page 2 of 3")).to_be_visible()
    assert_accessible(page)
    phone.goto("/codes/icd-10-cm/category/S82/?page=2")
    assert_fits(phone)


def test_an_unlocked_page_is_accessible_and_fits(page: Page, phone: Page, site: str) -> None:
    factories.user("coder@example.org")
    for window in (page, phone):
        log_in(window, site, "coder@example.org")
        window.goto(CODE)
        expect(window.get_by_text("Content of")).to_have_count(6)
    assert_accessible(page)
    assert_fits(phone)


def test_a_spent_page_is_accessible(page: Page) -> None:
    page.goto(CODE)
    page.goto("/codes/cpt/33949/")
    expect(page.locator(".meter--last")).to_be_visible()
    assert_accessible(page)


def test_the_first_screen_of_a_phone_says_what_matters(handset: Page) -> None:
    handset.goto(CODE)
    for wanted in (
        handset.get_by_role("heading", level=1),
        handset.locator(".meter"),
        handset.locator(".lead__descriptor"),
        handset.get_by_text("Open: both descriptions. Locked: 6 sections."),
        handset.get_by_role("heading", name="Official Description"),
    ):
        box = wanted.bounding_box()
        assert box is not None
        assert box["y"] + box["height"] <= 844


def test_what_a_finger_presses_is_large_enough(handset: Page) -> None:
    handset.goto(CODE)
    for target in handset.locator(".button, .menu-button, .chips a, .contents a, .brand").all():
        box = target.bounding_box()
        if box is not None:
            assert round(box["height"]) >= 44, target


def test_slash_goes_to_the_search(page: Page) -> None:
    page.goto(CODE)
    page.keyboard.press("/")
    field = page.get_by_role("combobox")
    expect(field).to_be_focused()
    page.keyboard.type("and/or")
    expect(field).to_have_value("and/or")


def test_slash_finds_the_search_of_the_first_page(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("/")
    expect(page.locator("#home-search")).to_be_focused()


def test_the_first_tab_skips_to_the_content(page: Page) -> None:
    page.goto(CODE)
    page.keyboard.press("Tab")
    expect(page.locator(".skip-link")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_copies_the_code(page: Page) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(CODE)
    stop_timers(page)
    page.get_by_role("button", name="Copy code").click()
    expect(page.locator("[data-copy-status]")).to_have_text("33948 copied")
    assert page.evaluate("navigator.clipboard.readText()") == "33948"


def test_the_menu_opens_without_script_and_escape_closes_it(phone: Page) -> None:
    phone.route("**/*.js", lambda route: route.abort())
    phone.goto(CODE)
    product = phone.get_by_role("link", name="CareerCenter")
    expect(product).not_to_be_visible()
    phone.get_by_role("button", name="Menu", exact=True).click()
    expect(product).to_be_visible()
    phone.keyboard.press("Escape")
    expect(product).not_to_be_visible()


def test_reads_and_searches_without_script(no_script: Page) -> None:
    no_script.goto(CODE)
    expect(no_script.get_by_text("In common language.")).to_be_visible()
    expect(no_script.locator("[data-copy]")).not_to_be_visible()
    no_script.get_by_role("searchbox").fill("33949")
    no_script.get_by_role("searchbox").press("Enter")
    expect(no_script.get_by_role("heading", level=1)).to_have_text("CPT® Code 33949")


def test_nothing_moves_while_the_page_loads(page: Page) -> None:
    page.add_init_script(
        "window.moved = 0; new PerformanceObserver((list) => {"
        " for (const entry of list.getEntries()) window.moved += entry.value;"
        "}).observe({type: 'layout-shift', buffered: true})"
    )
    page.goto(CODE, wait_until="networkidle")
    assert page.evaluate("window.moved") == 0


def test_paper_has_the_text_and_nothing_to_press(page: Page) -> None:
    page.goto(CODE)
    page.emulate_media(media="print")
    expect(page.get_by_text("In common language.")).to_be_visible()
    expect(page.locator(".ama-notice")).to_be_visible()
    expect(page.locator(".locked-grid")).not_to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
