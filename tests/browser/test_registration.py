"""A stranger registers through the real forms and the mail, in a real browser."""

import pytest
from playwright.sync_api import Page, expect

from accounts.models import User
from tests import factories
from tests.browser.checks import assert_accessible, assert_fits
from tests.mailbox import Mailbox

PASSWORD = "a long enough phrase"


def register(page: Page, site: str, mailbox: Mailbox, address: str = "coder@example.org") -> None:
    """Fill the form, take the code from the mail, and end up logged in."""
    page.goto(f"{site}/accounts/signup/")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Register", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Confirm your e-mail address")
    page.get_by_label("Code", exact=True).fill(mailbox.newest().code)
    page.get_by_role("button", name="Confirm").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def test_registers_with_the_code_from_the_mail(page: Page, site: str, mailbox: Mailbox) -> None:
    register(page, site, mailbox)

    assert page.url == f"{site}/account/"
    user = User.objects.get(email="coder@example.org")
    assert user.emailaddress_set.get().verified  # type: ignore[attr-defined]  # allauth's


def test_works_without_javascript(no_script: Page, site: str, mailbox: Mailbox) -> None:
    register(no_script, site, mailbox)

    assert no_script.url == f"{site}/account/"


@pytest.mark.parametrize(
    "path", ["/accounts/signup/", "/accounts/login/", "/accounts/password/reset/"]
)
def test_entrance_pages_are_accessible(page: Page, phone: Page, site: str, path: str) -> None:
    page.goto(site + path)
    assert_accessible(page)
    phone.goto(site + path)
    assert_fits(phone)


def test_forms_with_errors_are_accessible(page: Page, site: str) -> None:
    page.goto(f"{site}/accounts/signup/")
    page.get_by_label("Email").fill("coder@example.org")
    page.get_by_label("Password").fill("short")
    page.get_by_role("button", name="Register", exact=True).click()

    expect(page.get_by_label("Password")).to_have_attribute("aria-invalid", "true")
    assert_accessible(page)


def test_the_page_of_the_code_is_accessible(
    page: Page, phone: Page, site: str, mailbox: Mailbox
) -> None:
    for window in (page, phone):
        window.goto(f"{site}/accounts/signup/")
        window.get_by_label("Email").fill(f"{id(window)}@example.org")
        window.get_by_label("Password").fill(PASSWORD)
        window.get_by_role("button", name="Register", exact=True).click()
        expect(window.get_by_label("Code", exact=True)).to_be_visible()
    assert_accessible(page)
    assert_fits(phone)


def log_in(page: Page, site: str, address: str, password: str = "correct horse") -> None:
    """Log in through the form."""
    page.goto(f"{site}/accounts/login/")
    page.get_by_label("Email").fill(address)
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def test_account_pages_are_accessible(page: Page, phone: Page, site: str) -> None:
    factories.user("coder@example.org")
    for window in (page, phone):
        log_in(window, site, "coder@example.org")
    for path in ("email/", "password/change/", "2fa/", "sessions/", "logout/", "reauthenticate/"):
        page.goto(f"{site}/accounts/{path}")
        assert_accessible(page)
        phone.goto(f"{site}/accounts/{path}")
        assert_fits(phone)


def test_logging_out_goes_home(page: Page, site: str) -> None:
    factories.user("coder@example.org")
    log_in(page, site, "coder@example.org")

    page.goto(f"{site}/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()

    expect(page).to_have_url(f"{site}/")
