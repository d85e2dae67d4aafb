"""Lists of codes in a real browser: collected, ordered in place, shared, without script."""

import re

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from codes import list_actions
from codes.lists import CodeList
from tests import factories
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.test_registration import log_in

LONG = "Pneumonoultramicroscopicsilicovolcanoconiosis"


@pytest.fixture
def owner(site: str) -> User:
    return factories.user("coder@example.org")


@pytest.fixture
def made(owner: User) -> CodeList:
    """Return a list of three codes with long words and a long note."""
    icd = factories.system("icd-10-cm")
    codes = [
        factories.code("J96.01", of=icd, short_descriptor="Acute respiratory failure"),
        factories.code("J96.02", of=icd, short_descriptor=f"{LONG} {LONG}"),
        factories.code("99213"),
    ]
    made = list_actions.create_list(owner=owner, name=f"{LONG} list", about=f"{LONG} " * 9)
    list_actions.add_codes(to=made, codes=codes, note=f"{LONG} " * 8)
    return made


def expect_order(page: Page, codes: list[str]) -> None:
    expect(page.locator(".entry__code")).to_have_text(codes)


def test_codes_are_moved_in_place_and_the_focus_stays(
    page: Page, site: str, made: CodeList
) -> None:
    log_in(page, site, "coder@example.org")
    page.goto(f"/lists/{made.pk}/")
    page.evaluate("window.stayed = true")
    down = page.get_by_role("button", name="Move J96.01 down")
    down.focus()
    page.keyboard.press("Enter")
    expect(page.locator(".entry__code").nth(1)).to_have_text("J96.01")
    expect(down).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator(".entry__code").nth(2)).to_have_text("J96.01")
    expect_order(page, ["J96.02", "99213", "J96.01"])
    page.get_by_role("button", name="Sort by code").click()
    expect(page.locator(".entry__code").nth(0)).to_have_text("99213")
    assert page.evaluate("window.stayed") is True


def test_a_code_is_removed_and_put_back_in_place(page: Page, site: str, made: CodeList) -> None:
    log_in(page, site, "coder@example.org")
    page.goto(f"/lists/{made.pk}/")
    page.get_by_role("button", name="Remove J96.02").click()
    expect(page.locator(".entry__code")).to_have_count(2)
    expect(page.locator("#list-status")).to_have_text("2 codes in this list")
    page.get_by_role("button", name="Undo").click()
    expect(page.locator(".entry__code")).to_have_count(3)
    expect_order(page, ["J96.01", "J96.02", "99213"])


def test_a_step_that_fails_is_said_to_have_failed(page: Page, site: str, made: CodeList) -> None:
    log_in(page, site, "coder@example.org")
    page.goto(f"/lists/{made.pk}/")
    page.route(f"**/lists/{made.pk}/codes/*/", lambda route: route.fulfill(status=429, body="No"))
    page.get_by_role("button", name="Move J96.01 down").click()
    expect(page.get_by_role("alert")).to_contain_text("This did not work.")
    expect_order(page, ["J96.01", "J96.02", "99213"])
    assert_accessible(page)


def test_a_code_page_leads_to_a_list_and_back(page: Page, site: str, made: CodeList) -> None:
    factories.code("33948")
    log_in(page, site, "coder@example.org")
    page.goto("/codes/cpt/33948/")
    page.get_by_role("link", name="Add to list").click()
    expect(page.get_by_label("Or a new list")).to_be_visible()
    assert_accessible(page)
    page.get_by_label("Or a new list").fill("Heart")
    page.get_by_label("Note").fill("Ask first")
    page.get_by_role("button", name="Add", exact=True).click()
    expect(page).to_have_url(re.compile("/codes/cpt/33948/$"))
    expect(page.get_by_text("33948 added to Heart.")).to_be_visible()
    assert CodeList.objects.get(name="Heart").entries.get().note == "Ask first"


@pytest.mark.parametrize("path", ["", "edit/", "delete/", "codes/{entry}/"])
def test_pages_of_a_list_are_accessible_and_fit(
    page: Page, phone: Page, site: str, made: CodeList, path: str
) -> None:
    made.share()
    list_actions.remove_entry(entry=made.entries.get(code__display="J96.01"))
    address = f"/lists/{made.pk}/" + path.format(entry=made.entries.first().pk)  # type: ignore[union-attr]  # it has two
    for window in (page, phone):
        log_in(window, site, "coder@example.org")
        window.goto(address)
        assert_accessible(window)
    assert_fits(phone)


def test_the_lists_and_a_shared_one_are_accessible_and_fit(
    page: Page, phone: Page, site: str, made: CodeList
) -> None:
    made.share()
    for window in (page, phone):
        window.goto(made.shared_path())
        assert_accessible(window)
    assert_fits(phone)
    for window in (page, phone):
        log_in(window, site, "coder@example.org")
        window.goto("/lists/")
        assert_accessible(window)
    assert_fits(phone)


def test_a_list_is_kept_without_script(no_script: Page, site: str, made: CodeList) -> None:
    log_in(no_script, site, "coder@example.org")
    no_script.goto(f"/lists/{made.pk}/")
    no_script.get_by_role("button", name="Move J96.01 down").click()
    expect_order(no_script, ["J96.02", "J96.01", "99213"])
    no_script.get_by_role("button", name="Remove J96.02").click()
    no_script.get_by_role("button", name="Undo").click()
    expect_order(no_script, ["J96.02", "J96.01", "99213"])
    no_script.get_by_role("link", name="Note and place of J96.02").click()
    no_script.get_by_label("Note").fill("New note")
    no_script.get_by_label("Place in the list").fill("3")
    no_script.get_by_role("button", name="Save").click()
    expect_order(no_script, ["J96.01", "99213", "J96.02"])
    expect(no_script.get_by_text("New note")).to_be_visible()
    no_script.get_by_role("button", name="Make a secret link").click()
    no_script.get_by_role("link", name="Open it").click()
    expect(no_script.get_by_text("A list that someone shared with you")).to_be_visible()


def test_paper_has_the_list_and_nothing_to_press(page: Page, site: str, made: CodeList) -> None:
    log_in(page, site, "coder@example.org")
    page.goto(f"/lists/{made.pk}/")
    page.emulate_media(media="print")
    expect(page.get_by_text("J96.01")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
