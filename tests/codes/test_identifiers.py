"""Identifiers of patients: found, masked, and never seen in codes, doses and days of service."""

from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codes.identifiers import MAX_CHARACTERS, Kind, find, mask

NONE_OF_THESE = [
    "99213-25",
    "J96.01 and E11.65",
    "NDC 0002-8215-01",
    "NDC 12345-6789-01, 50242-040-62",
    "00093-7214-01",
    "12345-678-90",
    "seen on 03/04/2026",
    "DOS 2026-03-04",
    "MRI 2026-03-01 no change",
    "weight 82.5 kg",
    "birth weight 3200 g",
    "born at 39 weeks",
    "metformin 500 mg BID 1000",
    "BP 120/80 HR 72, SpO2 98 % on 2 L",
    "1234567 units",
    "modifier 25 and 59",
    "G0439 Z00.00",
    "CPT 99213 99214 36415",
    "claim for 99213, account for 99214",
    "PCS 02703ZZ and 0016070",
    "HCPCS J1885 x 2",
    "DRG 470, visit 3 of 12",
    "99213 by Dr Smith",
    "Injected 40 mg Kenalog Into Left Shoulder",
    "3 St Jude valves",
    "Foley 16 French Way",
    "patient: alert and oriented",
    "Group 3 pulmonary hypertension",
    "L4-5, T1-T12",
    "call back in 3 days",
    "the NPI of the group NPI: 1234567893",
    "facility NPI 1234567893",
]


@pytest.mark.parametrize("text", NONE_OF_THESE)
def test_codes_doses_and_days_of_service_identify_nobody(text: str) -> None:
    assert find(text) == []


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("John Smith DOB 3/4/1961", "[name] DOB [date of birth]"),
        ("Jane Q. Public, DOB 1/2/1950 gout", "[name], DOB [date of birth] gout"),
        ("JOHN DOE MRN 12345678", "[name] MRN [record, account or member number]"),
        (
            "Dx: Essential Hypertension, DOB 3/4/61",
            "Dx: Essential Hypertension, DOB [date of birth]",
        ),
        ("SSN 123-45-6789", "SSN [Social Security number]"),
        ("ssn: 123456789", "ssn: [Social Security number]"),
        ("social security number is 123 45 6789", None),
        ("123–45–6789 alone", "[Social Security number] alone"),
        ("ends XXX-XX-6789", "ends [Social Security number]"),
        ("MBI 1EG4TE5MK73", "MBI [Medicare beneficiary identifier]"),
        ("1eg4-te5-mk73", "[Medicare beneficiary identifier]"),
        ("1EG4 TE5 MK73", "[Medicare beneficiary identifier]"),
        ("Dr Low, NPI 1234567893", "Dr Low, NPI [NPI of a person]"),
        ("MRN: A-00123456", "MRN: [record, account or member number]"),
        ("medical record number 7788123", None),
        ("Acct# 998877-1", "Acct# [record, account or member number]"),
        ("member ID: XYZ123456789", "member ID: [record, account or member number]"),
        ("DOB:3/4/1956", "DOB:[date of birth]"),
        ("born March 4, 1956", "born [date of birth]"),
        ("(DOB 1956-03-04)", "(DOB [date of birth])"),
        ("D.O.B. 4-Mar-56", "D.O.B. [date of birth]"),
        ("phone 555-0199", "phone [phone number]"),
        ("(312) 555-0199", "[phone number]"),
        ("+44 20 7946 0958", "[phone number]"),
        ("mail jane.doe@example.com.", "mail [e-mail address]."),
        ("12 Oak Street, Springfield, IL 62704", "[address]"),
        ("1600 N Main St Apt 4B", "[address]"),
        ("lives at 12 oak street", "lives at [address]"),
        ("P.O. Box 99", "[address]"),
        ("Patient name: Jane Q. Doe", "Patient name: [name]"),
        ("Patient: Doe, Jane DOB 1/2/60", "Patient: [name] DOB [date of birth]"),
        ("Mr. Smith is well", "Mr. [name] is well"),
    ],
)
def test_masks(text: str, masked: str | None) -> None:
    result = mask(text)
    assert result.kinds
    assert not any(digit in result.text for digit in "0123456789")
    assert masked is None or result.text == masked


def test_names_the_kinds_once_and_in_order() -> None:
    result = mask("DOB 1/2/1960, MRN 123456; MRN 654321")
    assert result.kinds == (Kind.BIRTH_DATE, Kind.RECORD_NUMBER)


def test_the_longest_find_wins() -> None:
    found = find("12 Oak Street, Springfield, IL 62704-1234")
    assert [(each.kind, each.start) for each in found] == [(Kind.ADDRESS, 0)]


@pytest.mark.parametrize("at", [1_880, 1_950, 1_995, 2_000, 2_005, 3_990])
def test_finds_across_the_stretches_of_a_long_text(at: int) -> None:
    """Wherever the text is cut, a label and its value count as if it were not."""
    text = "x " * (at // 2) + "member ID: XYZ123456789, " + "y " * 900
    assert mask(text).text.count("[record, account or member number]") == 1
    facility = "x " * (at // 2) + "facility NPI 1234567893, " + "y " * 900
    assert find(facility) == []


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="09Aa -@./:#\n[]MRNDOB", max_size=200))
def test_finds_are_in_order_and_apart(text: str) -> None:
    found = find(text)
    assert all(0 <= each.start < each.end <= len(text) for each in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


def test_several_threads_may_load_it_at_once() -> None:
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(mask, ["MRN 123456"] * 32))
    assert {each.text for each in results} == {"MRN [record, account or member number]"}


def test_too_long_a_text_is_an_error() -> None:
    with pytest.raises(ValueError, match="100,000"):
        find("x" * (MAX_CHARACTERS + 1))


def test_keeps_no_word_of_the_text_in_memory() -> None:
    """spaCy would keep every word it reads; so it reads none."""
    from codes import identifiers

    mask("Zyxwvutish MRN 123456")
    analyzer, _ = identifiers._loaded()
    strings = analyzer.nlp_engine.nlp["en"].vocab.strings  # type: ignore[attr-defined]  # of its spaCy kind
    assert "Zyxwvutish" not in strings
