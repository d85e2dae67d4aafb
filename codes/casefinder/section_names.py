"""What the sections of clinical notes are called, and what each is about. Pure data."""

from enum import StrEnum


class Part(StrEnum):
    """What a section of a note is about."""

    COMPLAINT = "chief complaint"
    HISTORY = "history of present illness"
    REVIEW = "review of systems"
    PAST = "past medical history"
    SURGERIES = "past surgical history"
    FAMILY = "family history"
    SOCIAL = "social history"
    MEDICATIONS = "medications"
    ALLERGIES = "allergies"
    EXAM = "examination"
    RESULTS = "results"
    ASSESSMENT = "assessment"
    PLAN = "plan"
    PROCEDURE = "procedure"
    TECHNIQUE = "description of the procedure"
    FINDINGS = "findings"
    ADVICE = "instructions"
    ADMINISTRATIVE = "administrative"
    OTHER = "note"


def _named(part: Part, names: str) -> dict[str, Part]:
    return {" ".join(name.split()): part for name in names.split("|")}


HEADINGS: dict[str, Part] = {
    **_named(
        Part.COMPLAINT,
        """
        chief complaint | cc | reason for visit | reason for consultation | presenting
        complaint
        """,
    ),
    **_named(
        Part.HISTORY,
        """
        history of present illness | hpi | history | subjective | interval history | hospital
        course | clinical history | present illness | s | clinical indication
        """,
    ),
    **_named(
        Part.REVIEW,
        """
        review of systems | ros
        """,
    ),
    **_named(
        Part.PAST,
        """
        past medical history | pmh | pmhx | medical history | problem list | active problems |
        past history | chronic conditions | comorbidities
        """,
    ),
    **_named(
        Part.SURGERIES,
        """
        past surgical history | psh | pshx | surgical history | prior surgeries
        """,
    ),
    **_named(
        Part.FAMILY,
        """
        family history | fh | fhx | family medical history
        """,
    ),
    **_named(
        Part.SOCIAL,
        """
        social history | sh | shx | habits
        """,
    ),
    **_named(
        Part.MEDICATIONS,
        """
        medications | meds | current medications | home medications | medication list |
        discharge medications | current meds | home meds
        """,
    ),
    **_named(
        Part.ALLERGIES,
        """
        allergies | allergy | drug allergies
        """,
    ),
    **_named(
        Part.EXAM,
        """
        physical exam | physical examination | exam | examination | pe | vitals | vital signs
        | objective | o | vs | general | heent | neck | lungs | chest | heart | cardiovascular
        | respiratory | abdomen | extremities | neuro | neurologic | neurological | skin |
        musculoskeletal | psych | psychiatric | gi | gu | constitutional | eyes | cv | resp |
        msk | gastrointestinal | genitourinary | endocrine | hematologic | back | ent
        """,
    ),
    **_named(
        Part.RESULTS,
        """
        labs | laboratory | lab results | results | data | imaging | radiology | ekg | ecg |
        x-ray | laboratory data | studies | diagnostics | chest x-ray | cxr | ct | mri |
        ultrasound
        """,
    ),
    **_named(
        Part.ASSESSMENT,
        """
        assessment | a | impression | diagnosis | diagnoses | assessment and plan |
        assessment/plan | a/p | a&p | assessment & plan | final diagnosis | final diagnoses |
        discharge diagnosis | discharge diagnoses | primary diagnosis | secondary diagnoses |
        secondary diagnosis | admitting diagnosis | clinical impression | preoperative
        diagnosis | pre-operative diagnosis | preop diagnosis | postoperative diagnosis |
        post-operative diagnosis | postop diagnosis | indication | indications | indication
        for procedure | indications for procedure | principal diagnosis | visit diagnoses |
        encounter diagnoses | problems | ed diagnosis | pathologic diagnosis | complications |
        ap | imp | dx
        """,
    ),
    **_named(
        Part.PLAN,
        """
        plan | p | recommendations | treatment plan | disposition | orders | treatment
        """,
    ),
    **_named(
        Part.PROCEDURE,
        """
        procedure | procedures | procedure performed | procedures performed | operation |
        operation performed | operations | name of procedure | title of procedure | title of
        operation | operative procedure | procedure in detail heading
        """,
    ),
    **_named(
        Part.TECHNIQUE,
        """
        description of procedure | procedure description | details of procedure | procedure in
        detail | technique | operative technique | procedure details | description of
        operation | procedure note | anesthesia | estimated blood loss | ebl | specimens |
        specimen | implants | drains | operative report
        """,
    ),
    **_named(
        Part.FINDINGS,
        """
        findings | operative findings | intraoperative findings
        """,
    ),
    **_named(
        Part.ADVICE,
        """
        instructions | patient instructions | discharge instructions | education | patient
        education | counseling | return precautions | follow up | follow-up | followup |
        consent
        """,
    ),
    **_named(
        Part.ADMINISTRATIVE,
        """
        patient | patient name | name | dob | date of birth | mrn | date | date of service |
        dos | provider | surgeon | assistant | physician | age | sex | signed | electronically
        signed by | dictated by | attending | account | ssn | phone | address | email |
        insurance | member id | referring physician | facility | location | room | time |
        gender | pcp | cc'd | code status | date of admission | date of discharge | date of
        procedure | date of surgery | anesthesiologist
        """,
    ),
}
ORGANS = frozenset(name for name, part in HEADINGS.items() if part is Part.EXAM) - {
    "physical exam",
    "physical examination",
    "exam",
    "examination",
    "pe",
    "vitals",
    "objective",
    "vital signs",
    "o",
    "vs",
}
