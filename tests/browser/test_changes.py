"""What changed, and code pages as of another day, in a real browser: accessible, and narrow."""

from datetime import date

import pytest
from playwright.sync_api import Page, expect

from codes.models import Release
from tests.browser.checks import assert_accessible, assert_fits
from tests.codes.import_tools import import_two_editions

CODE = "/codes/icd-10-cm/A00.9/"


@pytest.fixture(autouse=True)
def newer(site: str) -> Release:
    """Return the newer of two editions."""
    import_two_editions()
    return Release.objects.get(is_current=True)


@pytest.fixture
def fees(newer: Release) -> str:
    """Return the page of the newer of two editions of a file of facts."""
    _, made = (
        Release.objects.create(
            source="mpfs",
            label=str(year),
            effective_date=date(year, 1, 1),
            source_name="Relative Value File",
            file_name="test.csv",
            sha256=mark * 64,
            row_count=1,
            importer="test 1",
            comparison=["relative values: 1 rows: 0 new, 1 changed, 0 gone."],
        )
        for year, mark in ((2025, "c"), (2026, "d"))
    )
    return f"/changes/{made.pk}/"


def test_the_pages_are_accessible_and_fit(
    page: Page, phone: Page, newer: Release, fees: str
) -> None:
    changes = "/codes/icd-10-cm/changes/"
    nothing = f"{CODE}?on=2020-01-01"
    for path in (
        *("/changes/", fees, changes, f"{changes}{newer.pk}/"),
        *(f"{CODE}?on=2025-12-01", nothing),
    ):
        page.goto(path)
        assert_accessible(page)
        phone.goto(path)
        assert_fits(phone)


def test_a_reader_looks_at_another_day(page: Page) -> None:
    page.goto(CODE)
    page.get_by_role("link", name="As of another day").click()
    page.get_by_label("As of", exact=True).fill("2025-12-01")
    page.get_by_role("button", name="Show this day").click()
    expect(page.get_by_text("As of 1 December 2025, from release October 2025")).to_be_visible()
    expect(page.locator(".lead__descriptor")).to_have_text("Cholera, unspecified")
    page.get_by_role("link", name="Show the page of today").click()
    expect(page.locator(".lead__descriptor")).to_have_text("Cholera, not further specified")


def test_a_reader_narrows_the_changes(page: Page, newer: Release) -> None:
    page.goto(f"/codes/icd-10-cm/changes/{newer.pk}/")
    expect(page.locator(".changes__item")).to_have_count(10)
    page.get_by_label("Change", exact=True).select_option("revised")
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.locator(".changes__item")).to_have_count(1)
    expect(page.locator(".changes__item del")).to_be_visible()
    with page.expect_download() as download:
        page.get_by_role("button", name="Save as CSV").click()
    assert download.value.suggested_filename == f"icd-10-cm-changes-{newer.pk}.csv"
