"""The search in a real browser: suggestions, keys, filters in place, history, no script."""

import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from codes.lists import CodeList
from codes.models import Code
from tests import factories
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.test_registration import log_in

LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis"
SUGGEST = "**/search/suggest/*"


@pytest.fixture(autouse=True)
def codes(site: str) -> None:
    """Fill two systems: 25 fractures, some respiratory failures and an office visit."""
    icd = factories.system("icd-10-cm")
    injuries = factories.heading("chapter", "19", of=icd, short_descriptor="Injury")
    lungs = factories.heading("chapter", "10", of=icd, short_descriptor="Lungs")
    for i in range(25):
        words = f"Fracture {i} of {LONG if i == 3 else 'femur'}"
        factories.code(f"S72.{i:02}", of=icd, parent=injuries, **named(words), billable=i % 5 > 0)
    for display, words in {
        "J96.01": "Acute respiratory failure with hypoxia",
        "J96.02": "Acute respiratory failure with hypercapnia",
    }.items():
        factories.code(display, of=icd, parent=lungs, **named(words))
    factories.code("99213", **named("Fracture visit, sample wording"))
    factories.search_index()


def named(words: str) -> dict[str, Any]:
    return {"short_descriptor": words, "long_descriptor": words}


def box(page: Page) -> Locator:
    return page.locator("#site-search")


def options(page: Page) -> Locator:
    return page.locator("header").get_by_role("option")


# --- Suggestions ----------------------------------------------------------------------------------


def test_typing_brings_suggestions_and_enter_opens_the_chosen_one(page: Page) -> None:
    page.goto("/codes/")
    page.keyboard.press("/")
    page.keyboard.insert_text("j96")  # at once: letter by letter, an earlier answer may come first
    expect(options(page)).to_have_count(2)
    field = box(page)
    expect(field).to_have_attribute("aria-expanded", "true")
    expect(page.locator("header [role=status]")).to_have_text("2 suggestions")
    page.keyboard.press("ArrowDown")
    expect(options(page).nth(0)).to_have_attribute("aria-selected", "true")
    chosen = options(page).nth(0).get_attribute("id")
    expect(field).to_have_attribute("aria-activedescendant", chosen or "")
    expect(field).to_be_focused()
    expect(field).to_have_value("j96")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/codes/icd-10-cm/J96.01/$"))


def test_the_arrows_go_round_and_home_and_end_to_the_ends(page: Page) -> None:
    page.goto("/codes/")
    box(page).fill("j96")
    expect(options(page)).to_have_count(2)
    selected = page.locator("header [aria-selected=true] .code")
    for key, expected in [
        ("ArrowUp", "J96.02"),
        ("ArrowUp", "J96.01"),
        ("End", "J96.02"),
        ("Home", "J96.01"),
        ("ArrowDown", "J96.02"),
    ]:
        page.keyboard.press(key)
        expect(selected).to_have_text(expected)
    page.keyboard.press("ArrowDown")  # back in the field
    expect(selected).to_have_count(0)
    assert box(page).get_attribute("aria-activedescendant") is None


def test_enter_without_a_chosen_suggestion_searches(page: Page) -> None:
    page.goto("/codes/")
    box(page).press_sequentially("fracture")
    expect(options(page).first).to_be_visible()
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/search/\?q=fracture$"))


def test_escape_closes_first_and_keeps_the_text(page: Page) -> None:
    page.goto("/codes/")
    box(page).fill("j96")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("Escape")
    expect(options(page)).to_have_count(0)
    expect(box(page)).to_have_value("j96")
    expect(box(page)).to_have_attribute("aria-expanded", "false")
    page.keyboard.press("ArrowDown")
    expect(options(page)).to_have_count(2)


def test_tab_leaves_and_closes(page: Page) -> None:
    page.goto("/codes/")
    box(page).fill("j96")
    expect(options(page)).to_have_count(2)
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Tab")
    expect(options(page)).to_have_count(0)
    expect(page.get_by_role("button", name="Search", exact=True)).to_be_focused()
    expect(page).to_have_url(re.compile("/codes/$"))


def test_a_press_chooses(page: Page) -> None:
    page.goto("/codes/")
    box(page).fill("j96")
    options(page).nth(1).click()
    expect(page).to_have_url(re.compile("/codes/icd-10-cm/J96.02/$"))


def test_a_press_elsewhere_closes(page: Page) -> None:
    page.goto("/codes/")
    box(page).fill("j96")
    expect(options(page)).to_have_count(2)
    page.get_by_role("heading", level=1).click()
    expect(options(page)).to_have_count(0)


def test_the_first_page_and_the_phone_have_them_too(page: Page, phone: Page) -> None:
    page.goto("/")
    page.locator("#home-search").fill("j96")
    expect(page.get_by_role("option")).to_have_count(2)
    assert_accessible(page)
    phone.goto("/codes/")
    box(phone).fill("fracture")
    expect(options(phone).first).to_be_visible()
    assert_fits(phone)
    edge = phone.locator("header .suggest").bounding_box()
    assert edge is not None
    assert edge["x"] >= 0
    assert edge["x"] + edge["width"] <= 320
    assert edge["width"] > 250
    assert_accessible(phone)


def test_what_is_suggested_is_text_and_never_markup(page: Page) -> None:
    Code.objects.filter(display="J96.01").update(short_descriptor="<img src=x onerror=alert(1)>")
    factories.search_index()
    page.goto("/codes/")
    box(page).fill("j96")
    expect(options(page).nth(0)).to_contain_text("<img src=x onerror=alert(1)>")


COUNT_REQUESTS = """
window.most = 0;
const fetched = new Set();
const { fetch } = window;
window.fetch = (address, options) => {
  fetched.add(options.signal);
  options.signal.addEventListener("abort", () => fetched.delete(options.signal));
  window.most = Math.max(window.most, fetched.size);
  return fetch(address, options).finally(() => fetched.delete(options.signal));
};
"""


def hold(page: Page) -> list[Route]:
    """Keep the requests for suggestions without an answer; return them as they come."""
    held: list[Route] = []
    page.route(SUGGEST, lambda route: held.append(route))
    return held


def await_requests(page: Page, held: list[Route], number: int) -> None:
    """Wait until that many requests have come; fail where there are more or they stay away."""
    deadline = time.monotonic() + 60
    while len(held) < number:
        assert time.monotonic() < deadline, "no suggestions were asked for"
        page.wait_for_timeout(20)
    assert len(held) == number


def test_at_most_one_request_is_under_way_on_a_slow_network(page: Page) -> None:
    page.add_init_script(COUNT_REQUESTS)
    page.goto("/codes/")
    held = hold(page)
    for number, letters in enumerate(("j", "j9", "j96"), 1):
        box(page).fill(letters)
        await_requests(page, held, number)
    assert page.evaluate("window.most") == 1
    expect(options(page)).to_have_count(0)
    held[-1].continue_()
    expect(options(page)).to_have_count(2)


def test_a_late_answer_does_not_open_a_list_that_was_left(page: Page) -> None:
    page.goto("/codes/")
    held = hold(page)
    box(page).fill("j96")
    await_requests(page, held, 1)
    page.keyboard.press("Tab")
    (late,) = held
    late.fulfill(json={"suggestions": [{"text": "x", "code": "", "pieces": [["x", False]]}]})
    page.wait_for_timeout(250)
    expect(options(page)).to_have_count(0)


@pytest.mark.parametrize(
    "fault",
    [
        lambda route: route.abort(),
        lambda route: route.fulfill(status=429, headers={"Retry-After": "30"}),
        lambda route: route.fulfill(status=500, body="<html>"),
        lambda route: route.fulfill(status=200, body="no JSON"),
    ],
)
def test_without_an_answer_the_box_still_searches(
    page: Page, fault: Callable[[Route], None]
) -> None:
    page.goto("/codes/")
    page.route(SUGGEST, fault)
    with page.expect_request(SUGGEST) as asked:
        box(page).fill("j96.01")
    asked.value.response()  # it has come, or failed
    expect(options(page)).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/codes/icd-10-cm/J96.01/$"))


def test_too_many_requests_are_followed_by_silence(page: Page) -> None:
    page.goto("/codes/")
    asked: list[str] = []

    def refuse(route: Route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=429, headers={"Retry-After": "3000"})

    page.route(SUGGEST, refuse)
    box(page).fill("j9")
    expect(page.locator("header [role=status]")).to_have_text("No suggestions")  # it was heard
    for letters in ("j96", "j96."):
        box(page).fill(letters)
        page.wait_for_timeout(250)
    assert len(asked) == 1


# --- Results --------------------------------------------------------------------------------------


def test_the_keyboard_goes_from_the_box_through_the_results_and_back(page: Page) -> None:
    page.goto("/search/?q=fracture")
    results = page.locator("[data-result]")
    expect(results).to_have_count(20)
    page.keyboard.press("/")
    expect(box(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(results.nth(0)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(results.nth(1)).to_be_focused()
    page.keyboard.press("End")
    expect(results.nth(19)).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(results.nth(19)).to_be_focused()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowUp")
    expect(box(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(box(page)).to_be_focused()
    page.keyboard.press("ArrowDown")
    address = results.nth(0).get_attribute("href")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(f"{address}$"))


def test_filters_refine_in_place_and_back_undoes_them(page: Page) -> None:
    page.goto("/search/?q=fracture")
    expect(page.locator("#search-status")).to_have_text("26 codes")
    page.evaluate("window.stayed = true")
    facets = page.locator("#facets")
    chosen = facets.get_by_role("link", name=re.compile("^Not billable"))
    chosen.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#search-status")).to_have_text("5 codes")
    expect(page).to_have_url(re.compile(r"\?q=fracture&billable=no$"))
    expect(page.locator("[data-result]")).to_have_count(5)
    expect(chosen).to_be_focused()
    expect(chosen).to_have_attribute("aria-current", "true")
    assert page.evaluate("window.stayed") is True
    page.locator(".chips--active").get_by_role("link").click()
    expect(page.locator("#search-status")).to_have_text("26 codes")
    page.go_back()
    expect(page.locator("#search-status")).to_have_text("5 codes")
    page.go_back()
    expect(page.locator("#search-status")).to_have_text("26 codes")
    page.go_forward()
    expect(page.locator("#search-status")).to_have_text("5 codes")


def test_a_day_refines_in_place(page: Page) -> None:
    Code.objects.filter(display__gte="S72.20").update(valid_from="2026-10-01")
    factories.search_index()
    page.goto("/search/?q=fracture")
    page.get_by_label("Valid on").fill("2026-01-01")
    page.get_by_role("button", name="Show").click()
    expect(page.locator("#search-status")).to_have_text("21 codes")
    expect(page.get_by_text("Valid on 1 January 2026")).to_be_visible()
    expect(page.get_by_label("Valid on")).to_have_value("2026-01-01")


def test_paging_in_place_goes_to_the_top_and_keeps_the_focus(page: Page) -> None:
    page.goto("/search/?q=fracture")
    page.get_by_role("link", name="Next").click()
    expect(page.locator("#search-status")).to_have_text("26 codes, page 2")
    expect(page.locator("[data-result]")).to_have_count(6)
    expect(page.locator("#results")).to_be_focused()
    page.wait_for_function("scrollY === 0")
    expect(page).to_have_title(re.compile("^fracture"))
    page.reload()
    expect(page.locator("[data-result]")).to_have_count(6)


def test_what_cannot_be_replaced_in_place_is_opened_the_plain_way(page: Page) -> None:
    page.goto("/search/?q=fracture")
    refused: list[str] = []

    def refuse(route: Route) -> None:
        if "hx-request" in route.request.headers:
            refused.append(route.request.url)
            return route.fulfill(status=429, body="Too many")
        return route.continue_()

    page.route("**/search/?*", refuse)
    page.locator("#facets").get_by_role("link", name=re.compile("^Not billable")).click()
    expect(page.locator("#search-status")).to_have_text("5 codes")
    expect(page).to_have_url(re.compile(r"\?q=fracture&billable=no$"))
    assert len(refused) == 1


def test_the_count_is_told_by_a_region_that_stays(page: Page) -> None:
    page.goto("/search/?q=fracture")
    page.evaluate("window.region = document.getElementById('search-status')")
    page.locator("#facets").get_by_role("link", name=re.compile("^Not billable")).click()
    expect(page.locator("#search-status")).to_have_text("5 codes")
    assert page.evaluate("window.region === document.getElementById('search-status')")


def test_an_exact_code_within_filters_leaves_for_its_page(page: Page) -> None:
    factories.code("G0439", of=factories.system("hcpcs"))
    factories.code("G04.39", of=factories.system("icd-10-cm"))
    factories.search_index()
    page.goto("/search/?q=G0439")
    page.locator("#facets").get_by_role("link", name=re.compile("^HCPCS")).click()
    expect(page).to_have_url(re.compile("/codes/hcpcs/G0439/$"))


def test_a_code_is_collected_in_place(page: Page, site: str) -> None:
    factories.user("coder@example.org")
    log_in(page, site, "coder@example.org")
    page.goto("/search/?q=respiratory")
    page.evaluate("window.stayed = true")
    page.get_by_role("button", name="Add to list: J96.02").click()
    expect(page.get_by_role("link", name="My codes")).to_be_visible()
    expect(page.get_by_role("button", name=re.compile("^Add to list"))).to_have_count(1)
    assert page.evaluate("window.stayed") is True
    assert [e.code.display for e in CodeList.objects.get().entries.in_order()] == ["J96.02"]


@pytest.mark.parametrize(
    "path",
    [
        "/search/?q=fracture",
        "/search/?q=fracture&billable=no&on=2026-10-01",
        "/search/?q=fracture&page=2",
        "/search/?q=zebra+unicorn",
        f"/search/?q={'x' * 200}",
        f"/search/?q={'x' * 201}",
    ],
)
def test_results_are_accessible_and_fit(page: Page, phone: Page, path: str) -> None:
    page.goto(path)
    assert_accessible(page)
    phone.goto(path)
    assert_fits(phone)
    assert_accessible(phone)


def test_filters_of_a_phone_open_and_close_and_tell_the_count(phone: Page) -> None:
    phone.goto("/search/?q=fracture")
    link = phone.locator("#facets").get_by_role("link", name=re.compile("^Not billable"))
    expect(link).not_to_be_visible()
    phone.get_by_role("button", name="Filters").click()
    link.click()
    expect(phone.locator("#search-status")).to_have_text("5 codes")
    expect(link).to_be_visible()
    assert_accessible(phone)
    phone.keyboard.press("Escape")
    expect(phone.get_by_role("button", name="Filters (1)")).to_be_visible()
    assert_fits(phone)


def test_without_script_filters_and_pages_are_links(no_script: Page) -> None:
    no_script.goto("/search/?q=fracture")
    no_script.locator("#facets").get_by_role("link", name=re.compile("^Billable")).click()
    expect(no_script.locator("#search-status")).to_have_text("21 codes")
    no_script.get_by_role("link", name="Next").click()
    expect(no_script.locator("[data-result]")).to_have_count(1)
    no_script.get_by_label("Valid on").fill("2026-01-01")
    no_script.get_by_role("button", name="Show").click()
    expect(no_script).to_have_url(re.compile("on=2026-01-01"))
    expect(no_script.get_by_role("searchbox")).to_be_visible()


def test_paper_has_results_and_nothing_to_press(page: Page) -> None:
    page.goto("/search/?q=fracture")
    page.emulate_media(media="print")
    expect(page.get_by_text("S72.01")).to_be_visible()
    expect(page.locator("#facets")).not_to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
    results, paper = page.locator("#results").bounding_box(), page.viewport_size
    assert results is not None
    assert paper is not None
    assert results["width"] > 0.9 * paper["width"]  # not in the column that the filters had
