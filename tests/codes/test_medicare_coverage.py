"""Medicare Coverage: the payment for a place and day, outpatient status, coverage documents."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from codes import facts
from codes.models import Code
from codes.page import open_section
from codes.sections import BY_SLUG
from codes.sections.fees import plain
from codes.sections.options import SectionOptions
from tests import factories
from tests.codes.pages import words

pytestmark = pytest.mark.django_db

PAGE = "/codes/cpt/99213/"
SECTION = "/codes/cpt/99213/medicare-coverage/"
MANHATTAN = {"locality": "13202-01"}


@pytest.fixture
def visit() -> Code:
    return factories.code("99213")


def test_the_code_page_works_out_the_national_amounts(member: Client, visit: Code) -> None:
    factories.relative_value()
    text = words(member, PAGE)
    assert "Physician fee schedule, October 2025 : national amounts" in text.replace(
        "2025:", "2025 :"
    )
    assert "Work 1.30 × 1.000 = 1.30 1.30 × 1.000 = 1.30" in text
    assert "Practice expense 1.35 × 1.000 = 1.35 0.57 × 1.000 = 0.57" in text
    assert "Sum 2.75 1.97" in text
    assert "× conversion factor $32.3465 $88.95 $63.72" in text
    assert "Payment $88.95 $63.72" in text
    assert f'href="{SECTION}"' in member.get(PAGE).content.decode()


def test_the_section_works_it_out_for_a_locality(member: Client, visit: Code) -> None:
    factories.relative_value()
    factories.locality()
    factories.locality_counties()
    text = words(member, SECTION, MANHATTAN)
    assert "Work 1.30 × 1.065 = 1.3845" in text
    assert "Practice expense 1.35 × 1.166 = 1.5741 0.57 × 1.166 = 0.66462" in text
    assert "Malpractice 0.10 × 1.656 = 0.1656" in text
    assert "Sum 3.1242 2.21472" in text
    assert "Payment $101.06 $71.64" in text
    assert "Counties: NEW YORK." in text


def test_the_locality_is_remembered_and_forgotten(member: Client, visit: Code) -> None:
    factories.relative_value()
    factories.locality()
    words(member, SECTION, MANHATTAN)
    assert member.cookies["locality"]["httponly"]
    assert "Payment $101.06" in words(member, SECTION)
    assert "Payment $88.95" in words(member, PAGE)
    assert "Payment $88.95" in words(member, SECTION, {"locality": ""})
    assert "Payment $88.95" in words(member, SECTION)


@pytest.mark.parametrize("kept", ["x", "13202-01\n", "' OR 1=1", "99999-99"])
def test_a_strange_cookie_does_no_harm(member: Client, visit: Code, kept: str) -> None:
    factories.relative_value()
    factories.locality()
    member.cookies["locality"] = kept
    assert "Payment $88.95" in words(member, SECTION)


def test_an_unreadable_locality_is_refused_and_keeps_the_cookie(
    member: Client, visit: Code
) -> None:
    factories.relative_value()
    factories.locality()
    words(member, SECTION, MANHATTAN)
    assert member.get(SECTION, {"locality": "nowhere"}).status_code == 400
    assert "Payment $101.06" in words(member, SECTION)


def test_components_have_rows_of_their_own(member: Client) -> None:
    factories.code("71046")
    for modifier, total in (("", "1.01"), ("26", "0.31"), ("TC", "0.70")):
        factories.relative_value(
            "71046",
            modifier=modifier,
            work_rvu=Decimal(total),
            nonfacility_pe_rvu=Decimal(0),
            malpractice_rvu=Decimal(0),
        )
    text = words(member, "/codes/cpt/71046/")
    assert text.index("Whole service") < text.index("Professional component, modifier 26")
    assert text.index("modifier 26") < text.index("Technical component, modifier TC")
    assert "Payment $32.67" in text
    assert "Payment $10.03" in text
    assert "Payment $22.64" in text


def test_a_setting_marked_na_has_no_amount(member: Client, visit: Code) -> None:
    factories.relative_value(facility_na=True)
    text = words(member, PAGE)
    assert "Payment $88.95 NA" in text
    assert "NA: rarely or never furnished in this setting" in text


def test_imaging_is_limited_to_the_outpatient_rate(member: Client) -> None:
    factories.code("71275")
    factories.relative_value(
        "71275",
        modifier="TC",
        facility_na=True,
        work_rvu=Decimal(0),
        nonfacility_pe_rvu=Decimal("5.99"),
        malpractice_rvu=Decimal("0.03"),
        opps_nonfacility_pe=Decimal("5.48"),
        opps_facility_pe=Decimal("5.48"),
        opps_malpractice=Decimal("0.03"),
    )
    text = words(member, "/codes/cpt/71275/")
    assert "× conversion factor $32.3465 $194.73 NA" in text
    assert "Limit: the outpatient hospital rate $178.23, lower NA" in text
    assert "Payment $178.23 NA" in text


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("B", "Always bundled into the payment for the service that it belongs to."),
        ("C", "Medicare's contractors set the price"),
        ("N", "Medicare does not cover this service."),
        ("X", "By law not a physician's service"),
        ("H", "Status H."),
    ],
)
def test_a_status_that_is_not_paid_says_so(
    member: Client, visit: Code, status: str, reason: str
) -> None:
    factories.relative_value(status=status)
    text = words(member, PAGE).replace("&#x27;", "'")
    assert f"No price. Status {status}." in text
    assert reason in text
    assert "Relative values that the file gives nevertheless: work 1.30" in text
    assert "Payment $" not in text


def test_restricted_coverage_without_values_is_priced_by_contractors(
    member: Client, visit: Code
) -> None:
    zero = Decimal(0)
    factories.relative_value(status="R", nonfacility_total=zero, facility_total=zero)
    assert "without relative values: Medicare&#x27;s contractors price it." in words(member, PAGE)


def test_anesthesia_is_paid_by_units(member: Client) -> None:
    factories.code("00100")
    factories.relative_value("00100", status="J")
    factories.locality()
    factories.anesthesia_factor()
    text = words(member, "/codes/cpt/00100/medicare-coverage/", MANHATTAN)
    assert "(base units + time units) × the anesthesia conversion factor." in text
    assert "At MANHATTAN the factor is $21.5800 a unit." in text


def test_anesthesia_has_two_factors_since_2026(member: Client) -> None:
    factories.code("00100")
    factories.relative_value("00100", status="J")
    factories.locality()
    factories.anesthesia_factor(qualifying=False)
    factories.anesthesia_factor(qualifying=True, factor=Decimal("21.69"))
    text = words(member, "/codes/cpt/00100/medicare-coverage/", MANHATTAN)
    assert "At MANHATTAN the factor for qualifying APM participants is $21.6900 a unit." in text
    assert "At MANHATTAN the factor for all others is $21.5800 a unit." in text


def test_two_conversion_factors_are_told_apart(member: Client, visit: Code) -> None:
    factories.relative_value(qualifying=True, conversion_factor=Decimal("33.5675"))
    factories.relative_value(qualifying=False, conversion_factor=Decimal("33.4009"))
    text = words(member, PAGE)
    assert text.count("Practice expense 1.35") == 1
    assert "Source of Whole service, all others" in text
    assert "× conversion factor $33.5675, qualifying APM participants" in text
    assert "Payment to qualifying APM participants $92.31" in text  # 2.75 × 33.5675 = 92.310625
    assert "Payment to all others $91.85" in text  # 2.75 × 33.4009 = 91.852475
    assert "APM: Advanced Alternative Payment Model" in text


def test_each_factor_names_its_own_file(member: Client, visit: Code) -> None:
    release = factories.edition()
    release.file_name = "RVU26A.zip/QPP.csv, RVU26A.zip/nonQPP.csv"
    release.save()
    factories.relative_value(qualifying=True)
    factories.relative_value(qualifying=False)
    text = words(member, SECTION)
    assert "Name RVU26A.zip/QPP.csv, line" in text
    assert "Name RVU26A.zip/nonQPP.csv, line" in text


def test_rows_of_two_factors_that_differ_otherwise_stay_apart(member: Client, visit: Code) -> None:
    factories.relative_value(qualifying=True, conversion_factor=Decimal("33.5675"))
    factories.relative_value(qualifying=False, work_rvu=Decimal("1.40"))
    text = words(member, PAGE)
    assert "Work 1.30" in text
    assert "Work 1.40" in text
    assert "Payment to all others" in text


def test_a_day_picks_the_edition_of_its_year(member: Client, visit: Code) -> None:
    factories.relative_value()
    old = factories.edition(label="January 2024", effective_date=date(2024, 1, 1))
    factories.relative_value(release=old, conversion_factor=Decimal("32.7442"))
    left = factories.edition(label="Left", effective_date=date(2024, 2, 1), was_left=True)
    factories.relative_value(release=left, conversion_factor=Decimal("99"))
    assert "Payment $90.05" in words(member, SECTION, {"on": "2024-06-30"})  # 2.75 × 32.7442
    assert "Payment $88.95" in words(member, SECTION, {"on": "2025-12-31"})
    for day in ("2023-12-31", "2025-01-01", "2026-01-01"):
        text = words(member, SECTION, {"on": day})
        assert "No edition of the physician fee schedule for" in text
        assert "Payment $" not in text


def test_the_way_to_the_section_keeps_its_day(visit: Code) -> None:
    factories.relative_value()
    options = SectionOptions(on=date(2025, 11, 30))
    drawn = open_section(BY_SLUG["medicare-coverage"], visit, options, {})
    assert f'href="{SECTION}?on=2025-11-30"' in drawn["html"]


def test_outpatient_status_is_told_in_words(member: Client, visit: Code) -> None:
    factories.outpatient_payment(status_indicator="S", payment_rate=Decimal("1132.50"), apc="5012")
    text = words(member, PAGE)
    assert "Status indicator S Not reduced. Paid separately" in text
    assert "Payment rate $1,132.50" in text
    assert "APC 5012" in text
    assert "copayment" not in text


def test_outpatient_amounts_are_told_to_the_last_place(member: Client, visit: Code) -> None:
    factories.outpatient_payment(
        payment_rate=Decimal("74.356"),
        national_copayment=Decimal("0.000"),
        minimum_copayment=Decimal("1234.500"),
    )
    text = words(member, PAGE)
    assert "Payment rate $74.356 National copayment $0.00 Minimum copayment $1,234.50" in text


def test_the_hcpcs_files_codes_are_told_in_words(member: Client) -> None:
    factories.code("J1100", of=factories.system("hcpcs"))
    factories.hcpcs_detail(
        pricing_indicators=["51"], betos="O1E", statute="1861(S)", ncd_references=["280.1"]
    )
    text = words(member, "/codes/hcpcs/J1100/")
    assert "Coverage D Special coverage instructions apply" in text
    assert "Pricing 51 Drugs" in text
    assert "BETOS category O1E Other drugs" in text
    assert "Coverage issues or NCD manual, section 280.1" in text
    assert "Statute 1861(S)" in text


def test_a_processing_note_is_printed_with_its_own_source(member: Client) -> None:
    factories.code("G0101", of=factories.system("hcpcs"))
    factories.hcpcs_detail("G0101", processing_note="0064")
    note = factories.processing_note("0064")
    factories.processing_note("0065", text="ANOTHER ONE.")
    text = words(member, "/codes/hcpcs/G0101/")
    assert "Processing note 0064" in text
    assert "PAYMENT UNDER AN ACT. Source of the processing note" in text
    assert f"hcpcs-notes.csv, line {note.line:,}" in text
    assert "ANOTHER ONE." not in text


def test_without_its_file_the_number_of_a_note_is_printed(member: Client) -> None:
    factories.code("G0101", of=factories.system("hcpcs"))
    factories.hcpcs_detail("G0101", processing_note="0064")
    text = words(member, "/codes/hcpcs/G0101/")
    assert "Processing note 0064" in text
    assert "Source of the processing note" not in text


def test_documents_name_contractor_and_status(member: Client, visit: Code) -> None:
    factories.coverage_document("52850", related=["33718"], contractors=["One", "Other"])
    factories.coverage_document("33718", kind="lcd", version=9, title="A determination")
    factories.coverage_code()
    text = words(member, PAGE)
    assert "Article 52850 Billing article 52850 names it as procedure" in text
    assert "Active, version 3, from 1 January 2025. One; Other." in text
    assert "LCD 33718 A determination" in text


def test_a_diagnosis_has_its_documents_and_no_fees(member: Client) -> None:
    factories.code("J96.01", of=factories.system("icd-10-cm"))
    factories.coverage_document()
    factories.coverage_code("J9601", role="noncovered")
    text = words(member, "/codes/icd-10-cm/J96.01/medicare-coverage/", {"on": "2026-02-01"})
    assert "names it as non-covered diagnosis" in text
    assert "fee schedule" not in text


def test_many_articles_are_cut_on_the_page_and_paged_in_the_section(
    member: Client, visit: Code
) -> None:
    many_articles(60)
    assert "All 60 entries" in words(member, PAGE)
    assert words(member, PAGE).count("Billing article") == 10
    assert "Page 1 of 3" in words(member, SECTION)
    second = words(member, SECTION, {"page": "2", "on": "2026-02-01"})
    assert second.count("Billing article") == 25
    assert 'href="/codes/cpt/99213/medicare-coverage/?page=1&amp;on=2026-02-01"' in (
        member.get(SECTION, {"page": "2", "on": "2026-02-01"}).content.decode()
    )


def test_nothing_loaded_leaves_no_section(member: Client, visit: Code) -> None:
    assert "Medicare Coverage</h2>" not in member.get(PAGE).content.decode()
    assert member.get(SECTION).status_code == 404


def test_the_locked_card_names_the_editions(client: Client, visit: Code) -> None:
    factories.relative_value()
    factories.outpatient_payment()
    factories.coverage_code()
    text = words(client, PAGE)
    assert (
        "RVUs, release October 2025, OPPS status, release October 2025, 1 coverage article" in text
    )
    assert "$" not in text


def test_only_reading_is_allowed(member: Client, visit: Code) -> None:
    factories.relative_value()
    assert member.post(SECTION).status_code == 405


@pytest.mark.parametrize("number", [1, 1000])
def test_the_section_takes_the_same_queries_for_one_and_a_thousand_rows(
    member: Client,
    number: int,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    visit = factories.code("99213")
    factories.relative_value()
    factories.outpatient_payment()
    factories.locality()
    factories.locality_counties()
    many_articles(number)
    with django_assert_num_queries(12):
        assert "Payment $101.06" in words(member, SECTION, MANHATTAN)
    assert visit.pk


@pytest.mark.parametrize(
    ("number", "text"), [("1.300", "1.30"), ("0", "0.00"), ("3.1242", "3.1242"), ("100", "100.00")]
)
def test_numbers_keep_what_they_say(number: str, text: str) -> None:
    assert plain(Decimal(number)) == text


def many_articles(number: int) -> None:
    release = factories.edition("coverage")
    numbers = [str(50000 + i) for i in range(number)]
    facts.CoverageDocument.objects.bulk_create(
        facts.CoverageDocument(
            release=release,
            line=i,
            kind="article",
            number=n,
            version=1,
            title=f"Billing article {n}",
        )
        for i, n in enumerate(numbers)
    )
    facts.CoverageCode.objects.bulk_create(
        facts.CoverageCode(
            release=release, line=i, article=n, version=1, role="procedure", code_key="99213"
        )
        for i, n in enumerate(numbers)
    )
