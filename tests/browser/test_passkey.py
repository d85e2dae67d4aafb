"""Second factors and passkeys in a real browser; Chromium's virtual authenticator is the key."""

from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from playwright.sync_api import Page, expect

from accounts.models import User
from tests import factories
from tests.browser.checks import assert_accessible
from tests.browser.test_registration import log_in
from tests.totp import code_of

VIRTUAL = {
    "protocol": "ctap2",
    "transport": "internal",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
    "automaticPresenceSimulation": True,
}


@pytest.fixture
def authenticator(page: Page) -> Iterator[str]:
    """Plug a virtual platform authenticator into the browser; return its id."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    answer = devtools.send("WebAuthn.addVirtualAuthenticator", {"options": VIRTUAL})
    yield str(answer["authenticatorId"])
    devtools.detach()


@pytest.fixture
def coder(site: str) -> User:
    """Return a registered user."""
    return factories.user("coder@example.org")


def confirm_password(page: Page) -> None:
    """Pass the page that asks for the password once more."""
    expect(page.get_by_role("heading", level=1)).to_have_text("Is it you?")
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Confirm").click()


def add_passkey(page: Page) -> None:
    """Add a passkey on the account's pages."""
    page.goto("/accounts/2fa/webauthn/add/")
    confirm_password(page)
    page.get_by_label("Its name").fill("Laptop")
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")


def log_out(page: Page) -> None:
    """Log out through the form."""
    page.goto("/accounts/logout/")
    page.get_by_role("main").get_by_role("button", name="Log out").click()
    expect(page).to_have_url("/")


def test_logs_in_with_a_passkey_alone(
    page: Page, site: str, coder: User, authenticator: str
) -> None:
    log_in(page, site, coder.email)
    add_passkey(page)
    log_out(page)

    page.goto("/accounts/login/?next=/account/export/")
    page.get_by_role("button", name="Log in with a passkey").click()

    page.wait_for_url(f"{site}/account/export/")


def test_a_passkey_is_the_second_step(
    page: Page, site: str, coder: User, authenticator: str
) -> None:
    log_in(page, site, coder.email)
    add_passkey(page)
    log_out(page)

    page.goto("/accounts/login/")
    page.get_by_label("Email").fill(coder.email)
    page.get_by_label("Password").fill("correct horse")
    page.get_by_role("button", name="Log in", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Second step")
    assert_accessible(page)
    page.get_by_role("button", name="Use a passkey or security key").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Your account")


def test_says_when_the_passkey_is_refused(page: Page, site: str, coder: User) -> None:
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {"options": VIRTUAL | {"isUserVerified": False}},
    )
    page.goto("/accounts/login/")
    page.get_by_role("button", name="Log in with a passkey").click()

    expect(page.locator("[data-passkey-error]")).to_contain_text("No passkey was used")
    assert_accessible(page)


def test_passkeys_are_listed_renamed_and_removed(
    page: Page, site: str, coder: User, authenticator: str
) -> None:
    log_in(page, site, coder.email)
    add_passkey(page)
    assert_accessible(page)

    page.goto("/accounts/2fa/webauthn/")
    assert_accessible(page)
    page.get_by_role("link", name="Rename Laptop").click()
    page.get_by_label("Name").fill("Work laptop")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("link", name="Remove Work laptop").click()
    expect(page.get_by_role("button", name="Remove")).to_be_visible()
    assert_accessible(page)
    page.get_by_role("button", name="Remove").click()

    expect(page.get_by_role("main")).to_contain_text("You have none yet.")
    keys = Authenticator.objects.filter(user=coder, type=Authenticator.Type.WEBAUTHN)
    assert not keys.exists()


def test_sets_up_an_authenticator_app(page: Page, site: str, coder: User) -> None:
    log_in(page, site, coder.email)
    page.goto("/accounts/2fa/totp/activate/")
    confirm_password(page)
    expect(page.get_by_label("Authenticator code")).to_be_visible()
    assert_accessible(page)
    picture = page.get_by_role("img", name="QR code")
    assert picture.evaluate("image => image.complete && image.naturalWidth > 0")

    secret = page.locator("main code").inner_text()
    page.get_by_label("Authenticator code").fill(code_of(secret))
    page.get_by_role("button", name="Turn on").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Recovery codes")
    page.goto("/accounts/2fa/")
    assert_accessible(page)
