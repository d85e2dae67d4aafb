"""The NCCI section and the NCCI check in a real browser."""

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import BrowserContext, Page, expect

from codes.models import Code
from tests import factories
from tests.browser.checks import assert_accessible, assert_fits
from tests.codes import ncci_rows

SECTION = "/codes/cpt/10001/ncci-edits/"
CHECK = "/ncci-check/?codes=10001-59%0A10002+x3%0A10003%0Anothing&on=2026-02-15"


@pytest.fixture(autouse=True)
def code(site: str) -> Code:
    """Return a code with edits in both columns, unit limits and add-on codes."""
    hospital = ncci_rows.held("ptp-hospital")
    ncci_rows.save(
        ncci_rows.ptp("10001", "10002"),
        ncci_rows.ptp("10003", "10001", "0"),
        *(ncci_rows.ptp("10001", f"2{n:04}") for n in range(60)),
        *(ncci_rows.ptp("10001", f"2{n:04}", release=hospital) for n in range(5)),
    )
    ncci_rows.limit("10001", 1, "2")
    ncci_rows.limit("10002", 2, "3")
    ncci_rows.add_on("10001", "10003")
    factories.code("10002", short_descriptor="A code with words")
    return factories.code("10001")


def sign_in(context: BrowserContext, site: str) -> None:
    client = Client()
    client.force_login(factories.user())
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])


@pytest.mark.parametrize("path", [SECTION, "/codes/cpt/10001/", CHECK, "/ncci-check/"])
def test_pages_are_accessible_and_fit(page: Page, phone: Page, site: str, path: str) -> None:
    for shown in (page, phone):
        sign_in(shown.context, site)
        shown.goto(path)
        assert_fits(shown)
        for summary in shown.locator(".origin > summary").all()[:3]:
            summary.click()
        assert_fits(shown)
        assert_accessible(shown)


def test_a_guest_is_invited(page: Page) -> None:
    page.goto(CHECK)
    expect(page.get_by_role("main").get_by_role("link", name="Log in")).to_be_visible()
    assert_accessible(page)


def test_asks_and_asks_again(page: Page, site: str) -> None:
    sign_in(page.context, site)
    page.goto(SECTION)
    page.get_by_role("link", name="Check 10001 together with other codes").click()
    page.get_by_label("Codes", exact=True).fill("10001\n10002 x3")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_text("10002 is not paid beside 10001")).to_be_visible()
    expect(page.get_by_text("Over the limit")).to_be_visible()
    page.get_by_label("Codes", exact=True).fill("10003-59, 10001, what")
    page.get_by_role("button", name="Check", exact=True).click()
    expect(page.get_by_text("No modifier opens this edit.")).to_be_visible()
    expect(page.get_by_role("alert")).to_contain_text("what")
    expect(page.get_by_label("Codes", exact=True)).to_have_value("10003-59, 10001, what")


def test_a_fact_tells_where_it_is_from(page: Page, site: str) -> None:
    sign_in(page.context, site)
    page.goto(SECTION)
    name = page.get_by_text("ptp-practitioner.txt").first
    expect(name).not_to_be_visible()
    page.get_by_role("row", name="10002").get_by_text("Source").click()
    expect(name).to_be_visible()


def test_on_a_phone_edits_stand_row_by_row_and_are_still_a_table(phone: Page, site: str) -> None:
    sign_in(phone.context, site)
    phone.goto(SECTION)
    hidden = "tables => tables.map(each => each.scrollWidth - each.clientWidth)"
    tables = phone.locator("main .table-scroll")
    assert set(tables.evaluate_all(hidden)) == {0}
    row = phone.get_by_role("table").first.get_by_role("row").filter(has_text="10002")
    code, modifier = row.get_by_role("rowheader"), row.get_by_role("cell").first
    above, below = code.bounding_box(), modifier.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"]
    label = "cell => getComputedStyle(cell, '::before').content"
    assert modifier.evaluate(label) == '"Modifier"'
    phone.emulate_media(media="print")
    assert row.evaluate("row => getComputedStyle(row).display") == "table-row"
