"""An admin writes, reviews and publishes a description, and the public page shows it."""

from typing import Literal

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Page, expect

from accounts.models import User
from codes import texts
from codes.authored_texts import AuthoredText
from tests import factories
from tests.browser.checks import assert_fits

PLAIN = "/admin/codes/plaindescription/"


@pytest.fixture
def text(site: str) -> AuthoredText:
    """Return a published description."""
    new = AuthoredText(code=factories.code("33948"), kind="plain")
    text = texts.save_draft(text=new, markdown="Old wording.", by=None)
    texts.review(text=text, by=factories.staff())
    return texts.publish(text=text, by=factories.staff())


def sign_in(page: Page, site: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    name = settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site}])


def test_an_admin_edits_a_description_and_the_public_page_shows_it(
    page: Page, site: str, text: AuthoredText
) -> None:
    sign_in(page, site, factories.staff("anna@example.org"))
    public = page.context.new_page()
    public.goto(f"{site}/codes/cpt/33948/")
    expect(public.locator("#common-language")).to_contain_text("Old wording.")

    page.goto(f"{site}/admin/codes/code/?q=33948")
    page.get_by_role("link", name="33948").click()
    page.get_by_role("link", name="Edit Common Language Description").click()
    page.get_by_label("Wording").fill("A **new** wording.\n\n- One\n- Two")
    preview = page.frame_locator("iframe[name=text-preview]")
    expect(preview.locator("strong")).to_have_text("new")
    expect(preview.locator("li")).to_have_count(2)

    page.get_by_role("button", name="Save draft").click()
    public.reload()
    expect(public.locator("#common-language")).to_contain_text("Old wording.")

    page.get_by_role("button", name="Save and mark as reviewed").click()
    page.get_by_role("button", name="Publish").click()
    expect(page.locator(".messagelist")).to_contain_text("is published")
    public.reload()
    expect(public.locator("#common-language strong")).to_have_text("new")
    previewed = preview.locator("#common-language .prose").inner_html()
    assert public.locator("#common-language .prose").inner_html() == previewed

    page.get_by_role("link", name="History").click()
    expect(page.locator(".diff")).not_to_be_visible()  # published, and not changed since
    page.get_by_role("radio", name="Compare from").last.check()
    page.get_by_role("button", name="Compare the two chosen").click()
    expect(page.locator(".diff ins").first).to_be_visible()
    page.get_by_role("link", name="Restore the wording").last.click()
    page.get_by_role("button", name="Restore this wording").click()
    expect(page.get_by_label("Wording")).to_have_value("Old wording.")
    public.reload()
    expect(public.locator("#common-language strong")).to_have_text("new")


def test_the_preview_needs_no_script(no_script: Page, site: str, text: AuthoredText) -> None:
    sign_in(no_script, site, factories.staff())
    no_script.goto(f"{PLAIN}{text.pk}/change/")
    preview = no_script.frame_locator("iframe[name=text-preview]")
    expect(preview.locator(".prose")).to_have_text("Old wording.")
    no_script.get_by_label("Wording").fill("*Other* wording.")
    no_script.get_by_role("button", name="Preview").click()
    expect(preview.locator("em")).to_have_text("Other")
    no_script.get_by_role("button", name="Save draft").click()
    expect(no_script.locator(".messagelist")).to_contain_text("is saved")


def test_a_code_is_picked_by_number_for_a_new_text(page: Page, site: str) -> None:
    factories.code("99213", short_descriptor="Office visit")
    sign_in(page, site, factories.staff())
    page.goto(f"{site}/admin/codes/section/add/")
    page.get_by_role("combobox").first.click()
    page.locator(".select2-search__field").fill("9921")
    page.get_by_role("option", name="99213 Office visit (CPT®)").click()
    page.get_by_label("Section").select_option("modifiers")
    page.get_by_label("Wording").fill("On *modifiers*.")
    preview = page.frame_locator("iframe[name=text-preview]")
    expect(preview.get_by_role("heading", name="Modifiers")).to_be_visible()
    expect(preview.locator("em")).to_have_text("modifiers")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".text-facts")).to_contain_text("99213 Office visit")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_admin_pages_fit_a_phone(
    phone: Page, site: str, text: AuthoredText, scheme: Literal["light", "dark"]
) -> None:
    sign_in(phone, site, factories.staff("somebody.with.a.long.name@department.example.org"))
    phone.emulate_media(color_scheme=scheme)
    pages = [
        "/admin/",
        f"/admin/codes/code/{text.code_id}/change/",
        f"{PLAIN}{text.pk}/change/",
        f"{PLAIN}{text.pk}/history/",
        f"{PLAIN}{text.pk}/withdraw/",
    ]
    for url in pages:
        phone.goto(url)
        assert_fits(phone)
