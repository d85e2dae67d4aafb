"""How a finding is meant: denied, doubted, of the family, past, not yet, or simply stated."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codes.casefinder.cues import Status
from codes.casefinder.findings import read
from codes.casefinder.passages import sentences


def statuses(note: str) -> dict[str, Status]:
    """Return how each run of words of the note is meant."""
    return {finding.text: finding.status for finding in read(sentences(note))}


def meant(note: str, status: Status) -> list[str]:
    return [text for text, found in statuses(note).items() if found is status]


@pytest.mark.parametrize(
    ("note", "denied"),
    [
        ("Denies chest pain.", ["chest pain"]),
        (
            "Denies chest pain, shortness of breath or palpitations.",
            ["chest pain", "shortness of breath", "palpitations"],
        ),
        ("No fever but has cough.", ["fever"]),
        ("No fever, reports cough.", ["fever"]),
        ("Patient denies that she has had seizures.", ["seizures"]),
        ("Denies having had syncope.", ["syncope"]),
        ("She does not have diabetes.", ["diabetes"]),
        ("There is no evidence of deep vein thrombosis.", ["deep vein thrombosis"]),
        ("Diabetes without retinopathy.", ["retinopathy"]),
        ("Type 2 diabetes w/o complication.", ["complication"]),
        ("No history of stroke.", ["stroke"]),
        ("No known drug allergies.", ["drug allergies"]),
        ("Negative for pneumonia and effusion.", ["pneumonia", "effusion"]),
        ("Pulmonary embolism was ruled out.", ["Pulmonary embolism"]),
        ("Pneumonia and effusion were ruled out.", ["Pneumonia", "effusion"]),
        ("Ruled out for myocardial infarction.", ["myocardial infarction"]),
        ("Nausea: denies.", ["Nausea"]),
        ("Fever - no. Cough - yes.", ["Fever"]),
        ("Homans sign negative.", ["Homans sign"]),
        ("Denies chest pain which radiates.", ["chest pain", "radiates"]),
        ("Never had a stroke.", ["a stroke"]),
        ("Neither fever nor chills.", ["fever", "chills"]),
        ("CT shows no hemorrhage.", ["hemorrhage"]),
        ("CT: no fracture, no dislocation.", ["fracture", "dislocation"]),
        ("He is not a smoker.", ["a smoker"]),
        ("Lungs clear.", ["Lungs"]),
        ("Free of metastases.", ["metastases"]),
        ("No family history of breast cancer.", ["breast cancer"]),
        ("No one in the family has diabetes.", ["diabetes"]),
        ("No findings consistent with appendicitis.", ["appendicitis"]),
        ("Appendicitis is unlikely.", ["Appendicitis"]),
        ("no chest pain\nor dyspnea", ["chest pain", "dyspnea"]),
        ("No longer has asthma.", ["asthma"]),
    ],
)
def test_denied(note: str, denied: list[str]) -> None:
    assert meant(note, Status.DENIED) == denied


@pytest.mark.parametrize(
    ("note", "stated"),
    [
        ("No fever but has cough.", ["cough"]),
        ("No fever, reports cough.", ["cough"]),
        ("Diabetes without retinopathy.", ["Diabetes"]),
        ("No change in multiple sclerosis.", ["No change in multiple sclerosis"]),
        ("Gram negative sepsis.", ["Gram negative sepsis"]),
        ("No improvement in back pain.", ["No improvement in back pain"]),
        ("Hypertension is not controlled.", ["Hypertension", "not controlled"]),
        ("Not taking medication for hypertension.", ["Not taking medication", "hypertension"]),
        ("Denies fever, however has a rash.", ["a rash"]),
        ("Mother reports fever.", ["Mother reports fever"]),
        ("Brought in by mother for vomiting.", ["Brought in by mother", "vomiting"]),
        ("Accompanied by her husband. Has anemia.", ["Accompanied by her husband", "anemia"]),
        ("69-year-old man with gout.", ["man", "gout"]),
        ("3 day history of cough.", ["3 day history of cough"]),
        (
            "Follow-up of non-ST elevation myocardial infarction.",
            ["Follow-up of non-ST elevation myocardial infarction"],
        ),
    ],
)
def test_stated(note: str, stated: list[str]) -> None:
    assert meant(note, Status.STATED) == stated


@pytest.mark.parametrize(
    ("note", "status", "words"),
    [
        ("Chest pain, rule out pulmonary embolism.", Status.UNCERTAIN, ["pulmonary embolism"]),
        ("Possible appendicitis.", Status.UNCERTAIN, ["appendicitis"]),
        ("? pneumonia", Status.UNCERTAIN, ["pneumonia"]),
        ("?pneumonia", Status.UNCERTAIN, ["pneumonia"]),
        ("Pneumonia?", Status.UNCERTAIN, ["Pneumonia"]),
        ("Cannot rule out appendicitis.", Status.UNCERTAIN, ["appendicitis"]),
        ("Appendicitis cannot be ruled out.", Status.UNCERTAIN, ["Appendicitis"]),
        ("Pneumonia vs bronchitis.", Status.UNCERTAIN, ["Pneumonia", "bronchitis"]),
        ("Chest pain, likely musculoskeletal.", Status.UNCERTAIN, ["musculoskeletal"]),
        ("Findings suspicious for malignancy.", Status.UNCERTAIN, ["malignancy"]),
        ("DVT is suspected.", Status.UNCERTAIN, ["DVT"]),
        ("Mother had breast cancer.", Status.FAMILY, ["breast cancer"]),
        (
            "Family history of colon cancer and diabetes.",
            Status.FAMILY,
            ["colon cancer", "diabetes"],
        ),
        ("FH: colon cancer, stroke", Status.FAMILY, ["colon cancer", "stroke"]),
        ("Breast cancer in her mother.", Status.FAMILY, ["Breast cancer"]),
        ("History of breast cancer.", Status.PAST, ["breast cancer"]),
        ("S/p appendectomy.", Status.PAST, ["appendectomy"]),
        (
            "Fever had been present on admission and is resolved.",
            Status.PAST,
            ["Fever", "admission"],
        ),
        ("She has a cough no longer.", Status.PAST, ["a cough"]),
        ("She has a cough no longer productive.", Status.PAST, []),
        ("Week 6 after a stroke.", Status.PAST, ["a stroke"]),
        ("Two years after a heart attack.", Status.PAST, ["a heart attack"]),
        (
            "Last year she passed a kidney stone.",
            Status.PAST,
            ["Last year", "passed a kidney stone"],
        ),
        ("He had mumps as a young man.", Status.PAST, ["mumps as a young man"]),
        ("In 2015 she developed diabetes.", Status.PAST, ["In 2015"]),
        ("Last month she fell; now has headaches.", Status.PAST, ["Last month", "fell"]),
        ("Two months after a hip fracture.", Status.PAST, []),
        ("Two days after a stroke.", Status.PAST, []),
        ("Status post left hip replacement.", Status.PAST, ["left hip replacement"]),
        ("Return if fever or vomiting.", Status.HYPOTHETICAL, ["fever", "vomiting"]),
        (
            "Discussed the risks of bleeding and infection.",
            Status.HYPOTHETICAL,
            ["bleeding", "infection"],
        ),
        ("Take ibuprofen as needed for pain.", Status.HYPOTHETICAL, ["pain"]),
        ("Schedule colonoscopy.", Status.PLANNED, ["colonoscopy"]),
    ],
)
def test_meant_otherwise(note: str, status: Status, words: list[str]) -> None:
    assert meant(note, status) == words


def test_findings_keep_their_place_in_the_note() -> None:
    note = "HPI: No fever,\nbut has cough; Hx of gout.\n\nPlan:\n1. Rest\n- Start colchicine 0.6 mg"
    for finding in read(sentences(note)):
        assert note[finding.start : finding.end] == finding.text


WORDS = [
    "denies",
    "no",
    "fever",
    "chest pain",
    "has",
    "but",
    ",",
    "and",
    "with",
    ".",
    "\n",
    "?",
    "history of",
    "mother",
    "rule out",
    "HPI:",
    "ROS:",
    "- ",
    "w/o",
    "not",
    "12",
    "r/o",
    "vs",
]


@settings(max_examples=80, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=25).map(" ".join) | st.text(max_size=80))
def test_any_text_has_findings_in_order_and_apart(note: str) -> None:
    found = read(sentences(note))
    assert all(note[each.start : each.end] == each.text for each in found)
    assert all(a.end <= b.start for a, b in pairwise(found))


FINDINGS = st.sampled_from(["chest pain", "asthma", "deep vein thrombosis", "acute appendicitis"])
DENIALS = st.sampled_from(
    [
        "Denies",
        "No",
        "No evidence of",
        "Negative for",
        "Without",
        "Denies any",
        "He does not have",
        "There is no",
        "No history of",
        "Never had",
    ]
)


@settings(max_examples=80, deadline=None)
@given(DENIALS, st.lists(FINDINGS, min_size=1, max_size=4, unique=True))
def test_a_denial_reaches_a_whole_list(denial: str, findings: list[str]) -> None:
    for joining in (", ", " or ", " and ", ", or "):
        assert meant(f"{denial} {joining.join(findings)}.", Status.DENIED) == findings


@pytest.mark.parametrize("whose", ["in a cousin", "in her paternal aunt", "in two brothers"])
def test_whoever_has_it_may_stand_behind(whose: str) -> None:
    assert meant(f"Epilepsy {whose}.", Status.FAMILY) == ["Epilepsy"]


def test_one_word_behind_several_tests_tells_for_all() -> None:
    assert meant("Hepatitis B and C serologies nonreactive.", Status.DENIED) == [
        "Hepatitis B",
        "C serologies",
    ]


def test_nothing_of_a_note_stays_in_the_store_of_words() -> None:

    from codes.casefinder import findings

    read(sentences("Patient has qwertyzosis."))
    assert "qwertyzosis" not in findings._pipeline().vocab.strings


@pytest.mark.parametrize(
    ("note", "past"),
    [
        ("Mild dysarthria from the old stroke.", ["the old stroke"]),
        ("Hypothyroidism after thyroidectomy for goiter.", ["goiter"]),
    ],
)
def test_what_is_old_or_was_operated_on_is_past(note: str, past: list[str]) -> None:
    assert set(past) <= set(meant(note, Status.PAST))


def test_the_mother_of_the_patient_is_a_relative() -> None:
    note = "Mother of the patient had preeclampsia."
    assert "preeclampsia" in meant(note, Status.FAMILY)


def test_what_somebody_else_has_is_not_the_patients() -> None:
    note = "Her boyfriend tested positive for influenza A. She has a cough."
    assert "influenza A" not in meant(note, Status.STATED)
    assert any("cough" in text for text in meant(note, Status.STATED))
