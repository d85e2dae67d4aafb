"""Coding knowledge: drugs, BMI, weeks of pregnancy, tobacco, combinations, and its codes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.casefinder import combinations, drug_rules, family_rules, rules
from codes.casefinder.findings import read
from codes.casefinder.passages import sentences
from codes.casefinder.references import Reference, references
from codes.importers import files
from codes.importers.icd10cm_tabular import packaged_files, read_list

TABLES = (*drug_rules.DRUGS, *rules._TOBACCO_RULES, *rules._REASONS, *family_rules.CANCERS)


def proposed(note: str) -> list[str]:
    found = rules.proposals(read(sentences(note)), note)
    return [proposal.display for proposal in found]


@pytest.mark.parametrize(
    ("note", "codes"),
    [
        ("On insulin glargine 20 units.", ["Z79.4"]),
        ("Takes metformin and warfarin.", ["Z79.84", "Z79.01"]),
        ("Aspirin 81 mg daily.", ["Z79.82"]),
        ("Aspirin given once.", []),
        ("Not on insulin.", []),
        ("Start insulin if glucose rises.", ["Z79.4"]),
        ("Allergies: insulin", []),
        ("FH: diabetes on insulin", []),
        ("BMI 41.2 in a 50 year old.", ["Z68.41"]),
        ("BMI 17 in a 9-year-old girl.", []),
        ("28 weeks gestation.", ["Z3A.28"]),
        ("Born at 28 weeks gestation.", []),
        ("Smokes 1 pack per day.", ["F17.210"]),
        ("Former smoker.", ["Z87.891"]),
        ("Never smoker.", []),
        ("Denies tobacco use.", []),
        ("Quit smoking in 2010.", ["Z87.891"]),
        ("Father with colon cancer.", ["Z80.0"]),
        ("FH: carcinoma of the prostate in his brother", ["Z80.42"]),
        ("Maternal aunt had melanoma.", ["Z80.8"]),
        ("Wife had breast cancer.", []),
        ("No family history of breast cancer.", []),
        ("Colon cancer.", []),
        ("Tetanus booster given.", ["Z23"]),
        ("Influenza vaccine administered today.", ["Z23"]),
        ("Vaccines are up to date.", []),
        ("Influenza vaccine refused.", []),
        ("Here for screening mammogram.", ["Z12.31"]),
        ("Colorectal cancer screening, average risk.", ["Z12.11"]),
        ("NIHSS score 14.", ["R29.714"]),
        ("NIHSS: 4", ["R29.704"]),
        ("NIHSS 99.", []),
    ],
)
def test_rules_propose(note: str, codes: list[str]) -> None:
    assert proposed(note) == codes


@given(st.floats(min_value=10, max_value=99, allow_nan=False))
def test_every_bmi_has_a_code_of_its_own_range(bmi: float) -> None:
    code = rules.bmi_code(bmi)
    if 20 <= bmi < 40:
        assert code == f"Z68.{int(bmi)}"
    else:
        assert code in {"Z68.1", "Z68.41", "Z68.42", "Z68.43", "Z68.44", "Z68.45"}


@pytest.mark.parametrize(
    ("displays", "combined"),
    [
        (["I10", "N18.31"], ["I12.9"]),
        (["I10", "N18.6"], ["I12.0"]),
        (["I10", "I50.9"], ["I11.0"]),
        (["I10", "I50.9", "N18.31"], ["I13.0"]),
        (["I10", "I50.9", "N18.5"], ["I13.2"]),
        (["E11.9", "N18.31"], ["E11.22"]),
        (["I11.0", "N18.4"], ["I13.0"]),
        (["I12.9", "I50.22", "N18.31"], ["I13.0"]),
        (["I10", "I51.7"], ["I11.9"]),
        (["I10", "I51.7", "N18.6"], ["I13.11"]),
        (["I25.10", "I20.0"], ["I25.110"]),
        (["I25.1", "I20.9"], ["I25.119"]),
        (["I25.810", "I20.9"], ["I25.709"]),
        (["I25.110", "I20.0"], ["I25.110"]),
        (["E10.9", "N18.6"], ["E10.22"]),
        (["E11.65", "I73.9"], ["E11.51"]),
        (["E11.9", "M86.671", "L97.414"], ["E11.621", "E11.69"]),
        (["E11.9", "L97.214"], []),
        (["I20.0"], []),
        (["I10"], []),
        (["E11.9"], []),
    ],
)
def test_presumed_links_lead_to_a_combination(displays: list[str], combined: list[str]) -> None:
    assert [each.display for each in combinations.combinations(displays)] == combined


@pytest.mark.parametrize(
    ("words", "display"),
    [("peripheral neuropathy", "E11.42"), ("neuropathy", "E11.40")],
)
def test_the_words_tell_the_kind_of_neuropathy(words: str, display: str) -> None:
    found = combinations.combinations(["E11.9", "G62.9"], {"G62.9": words})
    assert [(each.display, each.replaces) for each in found] == [(display, ("E11.9", "G62.9"))]


@pytest.mark.parametrize(
    ("displays", "note"),
    [
        (["I10", "N18.31"], "CKD stage 3a, not due to hypertension."),
        (["E11.9", "N18.31"], "CKD is unrelated to his diabetes."),
        (["I25.10", "I20.9"], "Angina not related to CAD."),
    ],
)
def test_what_the_note_unlinks_is_not_combined(displays: list[str], note: str) -> None:
    assert combinations.combinations(displays, {}, note) == []
    assert combinations.combinations(displays, {}, "")


def test_every_code_that_a_rule_names_is_a_code() -> None:
    _, listing = packaged_files()
    keys = read_list(files.text_of(listing, limit=16 << 20), file=listing.name)
    named = [rule.display for rule in TABLES]
    named += [f"R29.7{score:02d}" for score in range(43)]
    named += [rules.bmi_code(bmi) for bmi in (18, *range(20, 40), 41, 46, 55, 65, 75)]
    named += [rules.weeks_code(weeks) for weeks in range(1, 46)]
    named += ["I11.0", "I11.9", "I12.0", "I12.9", "I13.0", "I13.10", "I13.11", "I13.2"]
    named += [
        f"{kind}.{ending}"
        for kind in combinations._DIABETES
        for ending in (*(ending for _, ending in combinations._DIABETES_WITH), "40", "42")
    ]
    named += [
        f"{vessel}{form}"
        for vessel in combinations._VESSELS.values()
        for form in combinations._FORMS.values()
    ]
    assert [display for display in named if display.replace(".", "") not in keys] == []


def test_every_rule_says_where_it_stands() -> None:
    for rule in TABLES:
        assert "Guidelines section" in rule.source


# --- References of tabular notes -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "covered", "not_covered"),
    [
        ("colitis (K52.9)", ["K529"], ["K528"]),
        ("infection (A04.7-)", ["A0471", "A047"], ["A046"]),
        ("any (A02.-)", ["A020"], ["A03"]),
        ("coli (A04.0-A04.4)", ["A040", "A044"], ["A045"]),
        ("toxic (T61-T62)", ["T619", "T62"], ["T63"]),
        ("flu (J09.X3, J10.2)", ["J09X3", "J102"], ["J101"]),
        ("no code (see below)", [], ["A00"]),
    ],
)
def test_reads_what_a_note_names(text: str, covered: list[str], not_covered: list[str]) -> None:
    found = references(text)
    assert all(any(each.covers(key) for each in found) for key in covered)
    assert not any(each.covers(key) for each in found for key in not_covered)


@given(st.text(alphabet="A0T(9.-,) ", max_size=40))
def test_any_text_is_read(text: str) -> None:
    assert all(isinstance(each, Reference) for each in references(text))
