"""Case → codes in a real browser: paste, read, pick; by keyboard, without scripts, at 320 px."""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import factories
from tests.browser.checks import assert_accessible, assert_fits

NOTE = "HPI: Cough since Monday. Denies fever. Possible acute appendicitis."


@pytest.fixture(autouse=True)
def _codes(site: str) -> None:
    icd = factories.system("icd-10-cm")
    for display, words in (
        ("R05.9", "Cough, unspecified"),
        ("R50.9", "Fever, unspecified"),
        ("K35.80", "Unspecified acute appendicitis"),
    ):
        factories.code(display, of=icd, short_descriptor=words, long_descriptor=words)
    factories.search_index()


def read_note(page: Page, site: str) -> None:
    page.goto(f"{site}/case2code/")
    page.get_by_role("textbox", name="Note or procedure report").fill(NOTE)
    page.get_by_role("button", name="Find codes").press("Enter")


def test_from_note_to_list(page: Page, site: str) -> None:
    read_note(page, site)
    expect(page.get_by_text("R05.9").first).to_be_visible()
    expect(page.get_by_role("checkbox", name="R50.9")).to_have_count(0)
    assert_accessible(page)
    assert_fits(page)


def test_picks_by_keyboard_make_a_list(page: Page, site: str) -> None:
    read_note(page, site)
    expect(page.get_by_role("button", name="Copy")).to_be_disabled()
    box = page.get_by_role("checkbox", name="R05.9").first
    box.focus()
    page.keyboard.press("Space")
    expect(page.get_by_text("1 code picked")).to_be_visible()
    with page.expect_popup() as opened:
        page.get_by_role("button", name="Make my list").press("Enter")
    listed = opened.value
    expect(listed.get_by_label("The list as text")).to_have_value("R05.9 Cough, unspecified\n")
    assert_accessible(listed)


def test_what_is_picked_can_be_copied(page: Page, site: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=site)
    read_note(page, site)
    page.get_by_role("checkbox", name="R05.9").first.check()
    page.get_by_role("button", name="Copy").click()
    expect(page.locator("[data-picks-count]")).to_have_text("Copied")
    assert page.evaluate("navigator.clipboard.readText()") == "R05.9 Cough, unspecified"


def test_counts_the_characters_and_cuts_nothing(page: Page, site: str) -> None:
    page.goto(f"{site}/case2code/")
    note = page.get_by_role("textbox", name="Note or procedure report")
    note.fill("x" * 20_005)
    expect(page.get_by_text("5 characters too many")).to_be_visible()
    assert len(note.input_value()) == 20_005
    assert_accessible(page)


def test_fits_a_phone(phone: Page, site: str) -> None:
    read_note(phone, site)
    expect(phone.get_by_text("R05.9").first).to_be_visible()
    assert_fits(phone)


def test_without_scripts(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 320, "height": 640})
    page = context.new_page()
    read_note(page, site)
    expect(page.get_by_text("R05.9").first).to_be_visible()
    context.close()
