"""The pages around passwords, the second factor and the demo's mailbox: readable by everybody."""

from pathlib import Path

import pytest
from django.core.mail import send_mail
from playwright.sync_api import Page, expect
from pytest_django.fixtures import Settings

from accounts import mail
from accounts.models import OutgoingMail
from tests import factories
from tests.browser.checks import assert_accessible, assert_fits
from tests.browser.test_registration import log_in
from tests.mailbox import Mailbox


def test_a_forgotten_password_is_replaced(page: Page, site: str, mailbox: Mailbox) -> None:
    factories.user("coder@example.org")
    page.goto("/accounts/login/")
    page.get_by_role("link", name="Forgotten your password?").click()
    page.get_by_label("Email").fill("coder@example.org")
    page.get_by_role("button", name="Send the link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")
    assert_accessible(page)

    # The mail's link names the host that was asked, whatever SITE_URL says.
    page.goto(mailbox.newest().links[0])
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a new password")
    assert_accessible(page)
    page.get_by_label("New Password", exact=True).fill("another long phrase")
    page.get_by_label("New Password (again)").fill("another long phrase")
    page.get_by_role("button", name="Save the new password").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Your password is changed")
    assert_accessible(page)

    page.get_by_role("main").get_by_role("link", name="Log in").click()
    log_in(page, site, "coder@example.org", "another long phrase")


@pytest.mark.parametrize("path", ["/accounts/inactive/", "/accounts/password/reset/key/1-none/"])
def test_pages_that_say_no_are_accessible(page: Page, phone: Page, site: str, path: str) -> None:
    page.goto(path)
    assert_accessible(page)
    phone.goto(path)
    assert_fits(phone)


@pytest.mark.parametrize("path", ["/account/", "/account/export/"])
def test_the_own_account_is_accessible_and_fits(
    page: Page, phone: Page, site: str, path: str
) -> None:
    factories.code("33948")
    factories.user("coder@example.org")
    for window in (page, phone):
        log_in(window, site, "coder@example.org")
        window.goto("/codes/cpt/33948/")
        window.goto(path)
    assert_accessible(page)
    assert_fits(phone)


def test_deleting_the_account_is_accessible_and_fits(page: Page, phone: Page, site: str) -> None:
    factories.user("coder@example.org")
    for window in (page, phone):
        log_in(window, site, "coder@example.org")
        window.goto("/account/delete/")
        window.get_by_label("Password").fill("correct horse")
        window.get_by_role("main").get_by_role("button").first.click()
        expect(window.get_by_role("heading", level=1)).to_have_text("Delete your account")
    assert_accessible(page)
    assert_fits(phone)

    page.get_by_label("Your e-mail address").fill("another@example.org")
    page.get_by_role("button", name="Delete this account").click()
    expect(page.get_by_text("This is not the address of this account.")).to_be_visible()
    assert_accessible(page)


def test_choosing_the_first_password_is_accessible(page: Page, site: str) -> None:
    admin = factories.staff("admin@example.org")
    admin.password_is_one_time = True
    admin.save()

    page.goto("/accounts/login/?next=/account/")
    page.get_by_label("Email").fill("admin@example.org")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Choose a password")
    assert_accessible(page)
    page.get_by_label("Password", exact=True).fill("another long phrase")
    page.get_by_label("Password (again)").fill("another long phrase")
    page.get_by_role("button", name="Save the password").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def test_the_demos_mailbox_is_accessible(
    page: Page, phone: Page, site: str, settings: Settings, tmp_path: Path
) -> None:
    settings.DEMO = True
    settings.MAIL_DELIVERY = {"backend": "filebased.EmailBackend", "file_path": str(tmp_path)}
    send_mail("A long subject " * 10, "https://example.org/" + "a" * 200, None, ["a@example.org"])
    mail.deliver(OutgoingMail.objects.get().pk)

    page.goto("/demo/mail/")
    expect(page.get_by_role("article")).to_have_count(1)
    assert_accessible(page)
    phone.goto("/demo/mail/")
    assert_fits(phone)
    for window in (page, phone):
        window.goto("/accounts/signup/")
    assert_accessible(page)
    assert_fits(phone)
