"""Encounters for the treatment of a cancer, cancers that are over, and the extent of burns."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.casefinder import burns, rules, treatment_rules
from codes.casefinder.cues import Status
from codes.casefinder.findings import read
from codes.casefinder.passages import sentences
from codes.casefinder.treatment import past_cancers
from codes.importers import files
from codes.importers.icd10cm_tabular import packaged_files, read_list


def proposed(note: str) -> list[str]:
    return [each.display for each in rules.proposals(read(sentences(note)), note)]


@pytest.mark.parametrize(
    ("note", "codes"),
    [
        ("Breast cancer, here for cycle 3 of chemotherapy.", ["Z51.11"]),
        ("Lymphoma. Cycle 2 day 1 of chemotherapy.", ["Z51.11"]),
        ("Melanoma. Nivolumab 240 mg IV given today.", ["Z51.12"]),
        ("Ovarian cancer. Carboplatin 450 mg IV over 60 min.", ["Z51.11"]),
        ("Prostate cancer, here for external beam radiotherapy.", ["Z51.0"]),
        ("Prostate cancer, fraction 3/28.", ["Z51.0"]),
        ("Surveillance after treatment for colon cancer.", ["Z08"]),
        ("Aftercare following right total knee replacement.", ["Z47.1"]),
        ("History of colon cancer.", ["Z85.038"]),
        ("History of carcinoma of the cervix.", ["Z85.41"]),
    ],
)
def test_says_what_the_visit_is_for(note: str, codes: list[str]) -> None:
    assert proposed(note) == codes


@pytest.mark.parametrize(
    "note",
    [
        "Breast cancer, completed chemotherapy in 2020.",
        "Breast cancer. Chemotherapy was declined.",
        "Breast cancer. Anemia due to chemotherapy.",
        "Breast cancer. Here after her last chemotherapy.",
        "Breast cancer. Docetaxel 140 mg IV is planned for next week.",
        "Rheumatoid arthritis. Rituximab 1000 mg IV infused.",
        "Lung cancer. Brachytherapy seeds were placed.",
        "No history of colon cancer.",
    ],
)
def test_proposes_no_treatment_that_is_not_given(note: str) -> None:
    assert not [display for display in proposed(note) if display.startswith(("Z51", "Z08", "Z85"))]


@pytest.mark.parametrize(
    ("note", "is_past"),
    [
        ("Colon cancer, completed treatment in May. No evidence of recurrence.", True),
        ("Breast cancer surveillance. NED.", True),
        ("Breast cancer. No evidence of recurrence.", False),
        ("Breast cancer, on surveillance, with metastasis.", False),
    ],
)
def test_a_cancer_is_over_only_where_both_are_said(note: str, is_past: bool) -> None:
    findings = past_cancers(read(sentences(note)))
    assert any("cancer" in each.text and each.status is Status.PAST for each in findings) is is_past


@pytest.mark.parametrize(
    ("note", "codes"),
    [
        ("Second degree burn, 2% of body surface.", ["T31.0"]),
        ("Burned body surface area 24%, of which 12% is third degree. A burn.", ["T31.21"]),
        ("Burn of 10% TBSA of which full thickness 3%.", ["T31.10"]),
        ("Burns of 15% TBSA, third degree.", ["T31.1"]),
        ("Burns of 15% TBSA, second degree.", ["T31.10"]),
        ("Chemical burn of the leg, 12% TBSA, no third degree.", ["T32.10"]),
        ("Burn of 3% TBSA on the arm. Burn of 4% TBSA on the leg.", []),
        ("Psoriasis, 10% BSA.", []),
        ("No burn, 10% BSA examined.", []),
        ("Burn, third degree 30% of 20% TBSA.", []),
    ],
)
def test_reads_the_extent_of_a_burn(note: str, codes: list[str]) -> None:
    assert proposed(note) == codes


@given(share=st.integers(1, 99), third=st.none() | st.integers(0, 99))
def test_every_extent_has_a_code(share: int, third: int | None) -> None:
    third = None if third is None else min(third, share)
    for category in ("T31", "T32"):
        assert burns.extent_code(category, share, third).replace(".", "") in KEYS


def test_every_treatment_code_is_a_code() -> None:
    tables = (*treatment_rules.ENCOUNTERS, *treatment_rules.FOLLOW_UP, *treatment_rules.HAD)
    assert [each.display for each in tables if each.display.replace(".", "") not in KEYS] == []


KEYS = frozenset(
    read_list(files.text_of(packaged_files()[1], limit=16 << 20), file=packaged_files()[1].name)
)
