"""Case → codes shows few candidates, the good ones first: what stands behind, what is left out."""

import pytest
from django.test import Client

from tests import factories
from tests.codes.case_pages import code, offered, sent

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("clean_cache")]


@pytest.fixture(autouse=True)
def codes() -> None:
    code("J96.00", "Acute respiratory failure, unspecified")
    code("J96.01", "Acute respiratory failure with hypoxia")
    code("R09.02", "Hypoxemia", inclusion_terms=["Hypoxia"])
    code("E50.9", "Vitamin A deficiency, unspecified")
    code("E55.9", "Vitamin D deficiency, unspecified")
    code("F39", "Unspecified mood [affective] disorder")
    code("K81.9", "Disease of gallbladder, unspecified")
    code("Z67.9", "Unspecified blood type")
    factories.search_index()


def first_and_behind(page: str) -> tuple[set[str], set[str]]:
    """Return the codes that are seen at once, and those behind a summary."""
    at_once, behind = "", ""
    for number, part in enumerate(page.split("<details")):
        inside, _, after = part.partition("</details>")
        at_once += part if number == 0 else after
        behind += inside if number else ""
    return offered(at_once), offered(behind)


def test_what_the_longer_words_say_more_precisely_stands_behind(client: Client) -> None:
    page = sent(client, "Acute respiratory failure with hypoxia.")
    first, behind = first_and_behind(page)
    assert first == {"J96.01"}
    assert behind == {"R09.02"}
    assert "J96.01 says more" in page


def test_an_unspecified_code_gives_way_to_the_specific_one_of_another_sentence(
    client: Client,
) -> None:
    note = "Admitted for acute respiratory failure.\nAcute respiratory failure with hypoxia."
    assert offered(sent(client, note)) == {"J96.01", "R09.02"}


def test_an_unspecified_code_of_something_else_stands_behind(client: Client) -> None:
    code("J96.20", "Acute and chronic respiratory failure, unspecified")
    factories.search_index()
    note = "Acute and chronic respiratory failure.\nAcute respiratory failure with hypoxia."
    assert {"J96.01", "J96.20"} <= offered(sent(client, note))


def test_a_code_that_says_how_where_the_note_does_not_is_left_out(client: Client) -> None:
    code("I50.32", "Chronic diastolic heart failure")
    code("I50.33", "Acute on chronic diastolic heart failure")
    factories.search_index()
    assert offered(sent(client, "Chronic diastolic heart failure.")) == {"I50.32"}
    first, _ = first_and_behind(sent(client, "Acute on chronic diastolic heart failure."))
    assert first == {"I50.33"}


def test_what_the_note_says_is_lacking_is_in_the_name(client: Client) -> None:
    code("G43.009", "Migraine without aura")
    code("G43.109", "Migraine with aura")
    code("G43.909", "Migraine, unspecified")
    factories.search_index()
    assert offered(sent(client, "Migraine without aura.")) == {"G43.009"}


def test_of_codes_that_each_add_another_word_only_the_first_stands(client: Client) -> None:
    for display, kind in (("M84.31", "transverse"), ("M84.32", "oblique")):
        code(display, f"Stress fracture of pelvis, {kind}")
    factories.search_index()
    assert len(offered(sent(client, "Stress fracture of the pelvis."))) == 1


@pytest.mark.parametrize(
    "note",
    ["BP 148/92.", "PTH 780, Hgb 9.8.", "Eating well.", "Good blood return.", "Sigmoid colon."],
)
def test_measures_sites_and_what_is_well_are_no_findings(client: Client, note: str) -> None:
    code("G51.0", "Bell's palsy", inclusion_terms=["BP"])
    code("E20.9", "Hypoparathyroidism", inclusion_terms=["PTH"])
    code("F50.9", "Eating disorder, unspecified")
    code("S36.503A", "Unspecified injury of sigmoid colon, initial encounter")
    factories.search_index()
    assert offered(sent(client, note)) == set()


def test_an_elevated_measure_is_a_finding(client: Client) -> None:
    code("R97.20", "Elevated prostate specific antigen", inclusion_terms=["Elevated PSA"])
    factories.search_index()
    assert offered(sent(client, "Elevated PSA.")) == {"R97.20"}


def test_a_doubt_lends_no_words_to_what_is_sure(client: Client) -> None:
    code("Z99.2", "Dependence on peritoneal dialysis")
    code("T85.71", "Peritoneal dialysis peritonitis")
    factories.search_index()
    page = sent(client, "Peritoneal dialysis.\nPossible peritonitis.")
    assert page.count('value="icd-10-cm/T85.71"') == 1


def test_a_denied_word_is_no_denial_of_another_name(client: Client) -> None:
    code(
        "J44.9",
        "Chronic obstructive pulmonary disease, unspecified",
        inclusion_terms=["COPD"],
    )
    factories.search_index()
    assert "J44.9" in offered(sent(client, "COPD.\nNo evidence of pulmonary embolism."))


def test_a_reaction_in_brackets_is_not_there_today(client: Client) -> None:
    code("L50.9", "Urticaria, unspecified", inclusion_terms=["Hives"])
    code("Z88.0", "Allergy status to penicillin")
    code("Z88.2", "Allergy status to sulfonamides")
    factories.search_index()
    assert offered(sent(client, "Allergic to penicillin (hives) and sulfa.")) == {"Z88.0", "Z88.2"}
    assert offered(sent(client, "Allergies: sulfa drugs (hives)")) == {"Z88.2"}
    assert offered(sent(client, "Hives today.")) == {"L50.9"}


def test_what_a_vaccine_is_against_is_no_disease(client: Client) -> None:
    code("Z23", "Encounter for immunization")
    code("B01.9", "Varicella without complication", inclusion_terms=["Varicella"])
    factories.search_index()
    assert offered(sent(client, "MMR, varicella and Hib vaccines given today.")) == {"Z23"}
    assert offered(sent(client, "Varicella.")) == {"B01.9"}


def test_a_code_that_a_sentence_above_proposes_says_so(client: Client) -> None:
    page = sent(client, "Hypoxia.\nHypoxemia.")
    assert page.count("also above") == 1
    assert page.count('value="icd-10-cm/R09.02"') == 2
    assert "also above" not in sent(client, "Hypoxia.")


def test_alone_the_unspecified_code_and_the_symptom_lead(client: Client) -> None:
    first, _ = first_and_behind(sent(client, "Acute respiratory failure."))
    assert "J96.00" in first
    first, _ = first_and_behind(sent(client, "Hypoxia."))
    assert "R09.02" in first


def test_a_code_that_lacks_what_the_words_tell_is_left_out(client: Client) -> None:
    code("M05.79", "Rheumatoid arthritis with rheumatoid factor")
    code("M06.09", "Rheumatoid arthritis without rheumatoid factor")
    factories.search_index()
    assert offered(sent(client, "Rheumatoid arthritis with rheumatoid factor.")) == {"M05.79"}
    assert offered(sent(client, "Rheumatoid arthritis without rheumatoid factor.")) == {"M06.09"}


def test_a_named_type_of_diabetes_shuts_out_the_type_that_is_meant_without(client: Client) -> None:
    code("E10.10", "Type 1 diabetes mellitus with ketoacidosis")
    code("E11.10", "Type 2 diabetes mellitus with ketoacidosis")
    factories.search_index()
    one = "Type 1 diabetes mellitus. Diabetes mellitus with ketoacidosis."
    assert "E11.10" not in offered(sent(client, one))
    assert "E11.10" in offered(sent(client, "Diabetes mellitus with ketoacidosis."))


def test_the_word_other_is_for_what_the_note_details(client: Client) -> None:
    code("D50.8", "Other iron deficiency anemias")
    code("D50.9", "Iron deficiency anemia, unspecified")
    factories.search_index()
    assert offered(sent(client, "Iron deficiency anemia.")) & {"D50.8", "D50.9"} == {"D50.9"}


def test_a_cancer_of_a_relative_is_named_by_its_site(client: Client) -> None:
    code("Z80.0", "Family history of malignant neoplasm of digestive organs")
    code("Z80.9", "Family history of malignant neoplasm, unspecified")
    factories.search_index()
    first, behind = first_and_behind(sent(client, "Father with colon cancer."))
    assert first == {"Z80.0"}
    assert behind <= {"Z80.9"}


def test_the_letter_of_a_vitamin_counts(client: Client) -> None:
    assert offered(sent(client, "Vitamin D deficiency.")) == {"E55.9"}


@pytest.mark.parametrize(
    "note", ["Mood: good today.", "The gallbladder was seen.", "Blood pressure: taken."]
)
def test_what_everybody_has_is_no_finding(client: Client, note: str) -> None:
    assert offered(sent(client, note)) == set()


def test_measures_of_quality_are_no_services(client: Client) -> None:
    hcpcs = factories.system("hcpcs")
    for display, words in (
        ("G8878", "Sentinel lymph node biopsy procedure performed"),
        ("G0416", "Sentinel lymph node biopsy examination"),
    ):
        factories.code(display, of=hcpcs, short_descriptor=words, long_descriptor=words)
    factories.search_index()
    page = sent(client, "Sentinel lymph node biopsy examination performed.")
    assert "hcpcs/G0416" in page
    assert "G8878" not in page


def test_linked_conditions_have_one_code_and_their_own_stand_behind(client: Client) -> None:
    code("I25.10", "Coronary artery disease")
    code("I20.0", "Unstable angina")
    code("I25.110", "Atherosclerotic heart disease with unstable angina pectoris")
    factories.search_index()
    page = sent(client, "Coronary artery disease.\nUnstable angina.")
    first, behind = first_and_behind(page)
    assert first == {"I25.110"}
    assert behind == {"I25.10", "I20.0"}
    assert "I.C.9.b" in page
    first, _ = first_and_behind(
        sent(client, "Coronary artery disease.\nUnstable angina not related to CAD.")
    )
    assert first >= {"I25.10", "I20.0"}


def test_of_an_old_stroke_what_it_left_or_the_history_is_proposed(client: Client) -> None:
    code("I63.9", "Stroke")
    code("I69.391", "Dysphagia following stroke")
    code("Z86.73", "Personal history of stroke")
    factories.search_index()
    assert offered(sent(client, "Stroke.")) == {"I63.9"}
    assert offered(sent(client, "Week 6 after a stroke.")) == {"Z86.73"}
    note = "Week 6 after a stroke. Dysphagia following the stroke."
    assert offered(sent(client, note)) == {"I69.391"}


def hcpcs(display: str, words: str, **fields: str) -> None:
    system = factories.system("hcpcs")
    factories.code(display, of=system, short_descriptor=words, long_descriptor=words, **fields)


def test_a_given_dose_is_told_in_billing_units(client: Client) -> None:
    hcpcs("J0696", "Injection, ceftriaxone sodium, per 250 mg")
    hcpcs("J0690", "Injection, cefazolin sodium, 500 mg")
    hcpcs("J0687", "Injection, cefazolin sodium (wg critical care), 500 mg")
    factories.search_index()
    page = sent(client, "Ceftriaxone 1 g IM given.")
    assert "1 g is 4 units of 250 mg" in page
    assert "units of" not in sent(client, "Ceftriaxone 1 g IV given every 12 hours.")
    page = sent(client, "Cefazolin 2 g IV given.")
    assert "hcpcs/J0690" in page
    assert "J0687" not in page


def test_a_code_that_is_out_of_use_shuts_nothing_out(client: Client) -> None:
    hcpcs("C9027", "Injection, pembrolizumab", valid_to="2015-12-31")
    hcpcs("J9271", "Injection, pembrolizumab, 1 mg")
    factories.search_index()
    page = sent(client, "Pembrolizumab 200 mg IV infused.")
    assert "hcpcs/J9271" in page
    assert "C9027" not in page


def test_one_fall_is_no_repeated_falls_and_its_cause_comes_last(client: Client) -> None:
    code("R29.6", "Repeated falls", inclusion_terms=["Falling", "Fall"])
    code("W11.XXXA", "Fall on and from ladder, initial encounter")
    code("R51.9", "Headache")
    factories.search_index()
    page = sent(client, "Fell from a ladder, with headache.")
    assert offered(page) == {"W11.XXXA", "R51.9"}
    assert page.index("R51.9") < page.index("W11.XXXA")
    assert "R29.6" in offered(sent(client, "Repeated falls."))
