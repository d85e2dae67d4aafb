"""What of a note is searched for, and what never is."""

import pytest

from codes.casefinder import operations
from codes.casefinder.content import content_words
from codes.casefinder.cues import Status
from codes.casefinder.findings import read
from codes.casefinder.passages import sentences
from codes.casefinder.queries import Query, Want, queries
from codes.casefinder.readings import as_indexed, otherwise
from codes.casefinder.section_names import Part


def asked(note: str) -> list[Query]:
    return queries(read(sentences(note)))


def texts(note: str, want: Want = Want.DIAGNOSIS) -> list[str]:
    return [query.text for query in asked(note) if query.want is want]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("69 year old woman with the hypertension", ["hypertension"]),
        ("type 2 diabetes mellitus", ["type", "2", "diabetes", "mellitus"]),
        ("metformin 500 mg BID", ["metformin"]),
        ("Patient seen and examined", []),
        ("follow-up in 2 weeks", []),
        ("on 03/04/2026", []),
        ("left", []),
        ("acute on chronic", []),
        ("COPD", ["COPD"]),
        ("normal gait", []),
        ("doing well", []),
        ("BP 148/92", []),
        ("normal pressure hydrocephalus", ["normal", "pressure", "hydrocephalus"]),
        ("normal-tension glaucoma", ["normal-tension", "glaucoma"]),
        ("normal spontaneous vaginal delivery", ["normal", "spontaneous", "vaginal", "delivery"]),
        ("breast CA", ["breast", "CA"]),
        ("TN", ["TN"]),
    ],
)
def test_only_words_that_may_name_something_are_searched(text: str, words: list[str]) -> None:
    assert [word for word in content_words(text) if word != "year"] == words


def test_normal_findings_of_an_examination_are_not_searched() -> None:
    assert content_words("Abdomen soft", Part.EXAM) == []


@pytest.mark.parametrize(
    "note",
    ["Denies chest pain.", "Return if fever.", "Risk of bleeding.", "Plan: schedule colonoscopy.",
     "Meds: lisinopril 10 mg", "Provider: Low", "DOB: [date of birth]", ""],
)  # fmt: skip
def test_nothing_is_searched_for_what_is_not_so(note: str) -> None:
    assert asked(note) == []


def test_neighbours_are_searched_together_too() -> None:
    assert texts("Diabetes with neuropathy.") == [
        "diabetes",
        "neuropathy",
        "diabetes neuropathy",
    ]


def test_what_is_without_something_is_searched_so_for_what_it_is() -> None:
    (query,) = [query for query in asked("Migraine without aura.") if query.without]
    assert query.text == "migraine without aura"
    assert [finding.text for finding in query.findings] == ["Migraine"]


@pytest.mark.parametrize(
    ("note", "want"),
    [
        ("Mother had gout.", Want.FAMILY),
        ("History of gout.", Want.HISTORY),
        ("Gout in 2011.", Want.HISTORY),
        ("Allergic to metoclopramide.", Want.ALLERGY),
        ("Allergies: metoclopramide", Want.ALLERGY),
        ("Order: folding walker.", Want.PROCEDURE),
        ("Injected triamcinolone 40 mg into the knee.", Want.PROCEDURE),
        ("Procedure: Appendectomy", Want.OPERATION),
    ],
)
def test_each_kind_of_finding_has_its_search(note: str, want: Want) -> None:
    assert want in {query.want for query in asked(note)}


def test_a_drug_for_home_is_not_given_here() -> None:
    assert texts("Prescribed prednisone 40 mg by mouth, injected none.", Want.PROCEDURE) == []


def test_a_given_drug_is_searched_by_its_name() -> None:
    assert "injection ceftriaxone" in texts("Ceftriaxone 1 g IM given.", Want.PROCEDURE)


def test_assessments_come_before_examinations() -> None:
    found = asked("Exam: rash of the arm.\nAssessment: gout.")
    assert [query.text for query in found] == ["gout", "rash arm"]


def test_uncertain_findings_keep_their_status() -> None:
    assert [query.status for query in asked("Possible gout.")] == [Status.UNCERTAIN]


@pytest.mark.parametrize(
    ("words", "other"),
    [
        ("MRSA cellulitis left leg", "cellulitis left lower limb"),
        ("abscess right forearm", "abscess right upper limb"),
        ("E. coli UTI", "UTI"),
        ("adenocarcinoma of the prostate", "malignant neoplasm of the prostate"),
        ("invasive ductal carcinoma left breast", "malignant neoplasm left breast"),
        ("carcinoma in situ of the cervix", ""),
        ("basal cell carcinoma of the nose", ""),
        ("fracture left forearm", ""),
        ("ORIF right femur fracture", "right femur fracture"),
        ("H. pylori positive", ""),
        ("pneumococcal vaccine", ""),
        ("cellulitis of the hand", ""),
        ("hypertension", ""),
    ],
)
def test_reads_limbs_and_agents_as_the_classification_has_them(words: str, other: str) -> None:
    assert otherwise(words) == other


@pytest.mark.parametrize(
    ("words", "indexed"),
    [
        ("left hip fracture", "fracture of unspecified part of neck of left femur"),
        ("closed fracture of the right hip", "fracture of unspecified part of neck of right femur"),
        ("hip fx", "fracture of unspecified part of neck of femur"),
        ("ORIF left hip fracture", "fracture of unspecified part of neck of left femur"),
        ("periprosthetic hip fracture", ""),
        ("left hip pain", ""),
    ],
)
def test_a_hip_fracture_is_where_the_index_sees_it(words: str, indexed: str) -> None:
    assert as_indexed(words) == indexed


@pytest.mark.parametrize(
    ("words", "is_one"),
    [
        ("lap chole", True),
        ("ORIF left hip", True),
        ("cabg", True),
        ("C-section", True),
        ("ORIF left hip fracture", False),
        ("appendicitis", False),
        ("infection after appendectomy", False),
        ("chest pain", False),
    ],
)
def test_tells_operations_from_diseases(words: str, is_one: bool) -> None:
    assert operations.is_operation(words) is is_one


FIXED = "internal fixation device open approach"


@pytest.mark.parametrize(
    ("words", "beside", "name"),
    [
        ("lap chole", "", "lap chole"),
        (
            "ORIF left hip",
            "",
            "reposition left upper femur with internal fixation device open approach",
        ),
        (
            "ORIF L hip",
            "ORIF L hip with cephalomedullary nail",
            f"reposition left upper femur with intramedullary {FIXED}",
        ),
        ("ORIF left ankle", "", ""),
        ("CABG x3", "", ""),
        ("cephalomedullary nail", "", ""),
    ],
)
def test_an_operation_is_named_as_icd_10_pcs_does(words: str, beside: str, name: str) -> None:
    assert operations.in_pcs(words, beside) == name
