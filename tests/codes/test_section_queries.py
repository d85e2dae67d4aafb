"""What each of the six sections costs: the same for one edit and a thousand."""

from collections.abc import Callable
from typing import Any

import pytest

from codes.facts import AddOnEdit, CoverageCode, PtpEdit
from codes.models import Code
from codes.sections import SECTIONS, CodeSection
from codes.sections.options import SectionOptions
from tests import factories
from tests.codes import ncci_rows

pytestmark = pytest.mark.django_db

HOLDS = {
    "guidelines": 2,
    "modifiers": 1,
    "crosswalks": 3,
    "ncci_edits": 5,
    "compliance": 3,
    "medicare_coverage": 3,
}
LOADS = {
    "guidelines": 2,
    "modifiers": 5,
    "crosswalks": 9,
    "ncci_edits": 8,
    "compliance": 3,
    "medicare_coverage": 4,
}


def fill(number: int) -> Code:
    """Return a code with that many of every fact that comes in numbers."""
    factories.code("10001")
    factories.relative_value("10001", supervision="02")
    factories.outpatient_payment("10001")
    factories.telehealth_service("10001")
    ncci_rows.limit("10001", 1)
    others = [f"2{n:04}" for n in range(number)]
    PtpEdit.objects.bulk_create(
        edit
        for other in others
        for edit in (ncci_rows.ptp("10001", other), ncci_rows.ptp(f"3{other[1:]}", "10001"))
    )
    one = ncci_rows.add_on("10001", "40000")
    AddOnEdit.objects.bulk_create(
        AddOnEdit(
            release=one.release,
            line=n,
            type="1",
            add_on=other,
            primary="10001",
            effective_on=one.effective_on,
        )
        for n, other in enumerate(others)
    )
    document = factories.coverage_document()
    CoverageCode.objects.bulk_create(
        CoverageCode(
            release=document.release,
            line=n,
            article=document.number,
            version=document.version,
            role=role,
            code_key=key,
        )
        for n, (role, key) in enumerate(
            [("procedure", "10001"), *(("covered", f"A{n:05}") for n in range(number))]
        )
    )
    return loaded()


def loaded() -> Code:
    """Return the code as it is before any section has asked for its facts."""
    return Code.objects.select_related("system").prefetch_related("texts").get(key="10001")


@pytest.mark.parametrize("number", [1, 1000])
@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.key)
def test_a_section_costs_the_same_for_one_and_a_thousand(
    section: CodeSection, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    code = fill(number)
    with django_assert_num_queries(HOLDS[section.key]):
        assert section.holds(code)
    code = loaded()
    with django_assert_num_queries(LOADS[section.key]):
        assert section.load(code, SectionOptions())


def test_sections_share_what_they_read(django_assert_num_queries: Callable[[int], Any]) -> None:
    """The page asks all that they hold, and then loads all of them."""
    code = fill(20)
    with django_assert_num_queries(13):
        assert all(section.holds(code) for section in SECTIONS)
    with django_assert_num_queries(13):
        assert all(section.load(code, SectionOptions()) for section in SECTIONS)
