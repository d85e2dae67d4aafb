"""Pages of facts in a real browser: MS-DRGs, a payment by two factors, telehealth."""

from decimal import Decimal

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page

from tests import factories
from tests.browser.checks import assert_accessible, assert_fits


@pytest.fixture(autouse=True)
def facts(site: str) -> None:
    """Fill the pages."""
    factories.code("99213")
    for qualifying, factor in ((True, "33.5675"), (False, "33.4009")):
        factories.relative_value(qualifying=qualifying, conversion_factor=Decimal(factor))
    factories.locality()
    factories.telehealth_service(limitation="A limitation of several words, as the list has it")
    factories.drg("003", title="A LONG TITLE, " * 12, mdc="PRE", type="P", weight=Decimal("19.1"))
    factories.drg("470", mdc="08", type="P")
    factories.code("A01.00", of=factories.system("icd-10-cm"))
    factories.code("5A1522F", of=factories.system("icd-10-pcs"))
    for number in range(60):
        factories.drg_logic(f"A01{number:02}", "001-005", mdc="PRE")
    words = "A class of procedures with a long name, " * 4
    factories.drg_logic("5A1522F", "003", category=words, is_operating_room=False)


@pytest.mark.parametrize(
    "path",
    [
        "/ms-drg/",
        "/ms-drg/?q=nothing",
        "/ms-drg/003/",
        "/ms-drg/003/?of=icd-10-pcs",
        "/codes/icd-10-cm/A01.00/crosswalks/",
        "/codes/icd-10-pcs/5A1522F/crosswalks/",
        "/codes/cpt/99213/compliance/",
        "/codes/cpt/99213/medicare-coverage/?locality=13202-01",
    ],
)
def test_pages_are_accessible_and_fit(page: Page, phone: Page, site: str, path: str) -> None:
    client = Client()
    client.force_login(factories.user())
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    for shown in (page, phone):
        shown.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])
        answer = shown.goto(path)
        assert answer is not None
        assert answer.status == 200
        for summary in shown.locator(".origin > summary").all()[:3]:
            summary.click()
        assert_fits(shown)
        assert_accessible(shown)


def test_a_guest_sees_the_page_of_a_group_with_its_codes_locked(page: Page, phone: Page) -> None:
    for shown in (page, phone):
        shown.goto("/ms-drg/003/")
        assert shown.locator(".locked").count() == 2
        assert_fits(shown)
        assert_accessible(shown)
