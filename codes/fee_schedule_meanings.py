"""What the policy indicators of the Medicare Physician Fee Schedule mean. Pure data.

Source: the record layout of the National Physician Fee Schedule Relative Value File (CMS,
``RVUPUFyy``), told in this site's words. Each value has a short name and an explanation. Values
that are no longer used, such as those of deleted codes, are left out.
"""

from collections.abc import Mapping
from typing import Final

Meanings = Mapping[str, tuple[str, str]]

_NOT_CONCERNED: Final = ("Does not apply", "The concept does not apply to this code.")

STATUS: Final[Meanings] = {
    "A": (
        "Active",
        "Paid separately under the physician fee schedule where it is covered. The letter does"
        " not say that Medicare has decided nationally to cover it.",
    ),
    "B": (
        "Bundled",
        "Always bundled into the payment for the service that it belongs to. It is not paid"
        " separately, and relative values that may be shown are not used.",
    ),
    "C": (
        "Priced by contractors",
        "Medicare's contractors set the price, generally case by case from the documentation,"
        " such as an operative report.",
    ),
    "E": (
        "Excluded by regulation",
        "Excluded from the physician fee schedule by regulation. Where it is covered, it is"
        " paid by other rules.",
    ),
    "I": (
        "Not valid for Medicare",
        "Medicare uses another code to report and to pay for this service.",
    ),
    "J": (
        "Anesthesia",
        "An anesthesia service. It has no relative values: it is paid by base units and time"
        " with the anesthesia conversion factor.",
    ),
    "M": ("Measurement", "Used for reporting measures only; nothing is paid."),
    "N": ("Not covered", "Medicare does not cover this service."),
    "P": (
        "Bundled or excluded",
        "No separate payment under the fee schedule. Furnished incident to a physician's"
        " service on the same day it is bundled into that; otherwise other rules pay for it.",
    ),
    "Q": (
        "Therapy functional information",
        "Used for required reporting of therapy only; nothing is paid.",
    ),
    "R": (
        "Restricted coverage",
        "Special instructions on coverage apply. Where it is covered and no relative values are"
        " shown, contractors price it.",
    ),
    "T": (
        "Paid only alone",
        "Paid only where the same provider bills no other service that the fee schedule pays"
        " for on the same day; otherwise bundled into that service.",
    ),
    "X": (
        "Excluded by law",
        "By law not a physician's service for the fee schedule, so nothing is paid under it."
        " Other parts of Medicare may pay, as for clinical laboratory tests.",
    ),
}

GLOBAL_DAYS: Final[Meanings] = {
    "000": (
        "No days after the procedure",
        "An endoscopy or minor procedure: what is done for it on the same day, before and"
        " after, is in its payment. A visit on that day is generally not paid.",
    ),
    "010": (
        "10 days",
        "A minor procedure: related care on the day itself and in the 10 days after it is in"
        " its payment. A visit in that time is generally not paid.",
    ),
    "090": (
        "90 days",
        "Major surgery: related care on the day before, on the day itself and in the 90 days"
        " after it is in its payment.",
    ),
    "MMM": ("Maternity", "A maternity service; the usual global period does not apply."),
    "XXX": ("No global period", "The global concept does not apply to this code."),
    "YYY": (
        "Set by the contractor",
        "The contractor decides whether a global period applies, and how long it is.",
    ),
    "ZZZ": (
        "Part of another service",
        "Belongs to another service and is always within that service's global period, as"
        " add-on codes are.",
    ),
}

PCTC: Final[Meanings] = {
    "0": (
        "Physician's service",
        "The service has no components: modifiers 26 and TC may not be used.",
    ),
    "1": (
        "Diagnostic test or radiology",
        "Has a professional component (modifier 26) and a technical component (modifier TC);"
        " without a modifier it is both.",
    ),
    "2": (
        "Professional component only",
        "Stands for the physician's part alone; other codes stand for the technical part and"
        " the whole test. Modifiers 26 and TC may not be used.",
    ),
    "3": (
        "Technical component only",
        "Stands for staff and equipment alone; other codes stand for the physician's part and"
        " the whole test. Modifiers 26 and TC may not be used.",
    ),
    "4": (
        "Whole test only",
        "Stands for the whole test, of which other codes describe the two components."
        " Modifiers 26 and TC may not be used.",
    ),
    "5": (
        "Incident to a physician's service",
        "Covered incident to a physician's service when staff employed by the physician furnish"
        " it. Not paid to the physician for hospital inpatients or outpatients. Modifiers 26"
        " and TC may not be used.",
    ),
    "6": (
        "Interpretation of a laboratory test",
        "A clinical laboratory code whose interpretation by a laboratory physician may be paid"
        " separately, with modifier 26. Modifier TC may not be used: the test itself is paid"
        " under the laboratory fee schedule.",
    ),
    "7": (
        "Therapy in private practice",
        "A therapy service that is not paid when a therapist in private practice furnishes it"
        " to a hospital's patient.",
    ),
    "8": (
        "Interpretation by a physician",
        "The professional component of a laboratory code, paid separately only where the"
        " physician interprets an abnormal smear of a hospital inpatient.",
    ),
    "9": _NOT_CONCERNED,
}

MULTIPLE_PROCEDURE: Final[Meanings] = {
    "0": ("No adjustment", "Not reduced when it is furnished with others on the same day."),
    "2": (
        "Standard reduction",
        "Ranked by fee with the other procedures of the day: the highest is paid in full, the"
        " second to fifth at 50 %, further ones by report.",
    ),
    "3": (
        "Endoscopy rules",
        "With another endoscopy of the same family the base endoscopy is paid once: the highest"
        " in full, of the others what they exceed the base. A base endoscopy alongside one of"
        " its family is not paid by itself.",
    ),
    "4": (
        "Diagnostic imaging",
        "With further imaging in the same session the second and later ones are reduced: the"
        " technical component by 50 %, the professional component by 5 %.",
    ),
    "5": (
        "Therapy",
        "With further therapy services on the same day the practice expense of the second and"
        " later units is reduced by 50 %.",
    ),
    "6": (
        "Diagnostic cardiovascular",
        "With further such tests on the same day the technical component of the second and"
        " later ones is reduced by 25 %.",
    ),
    "7": (
        "Diagnostic ophthalmology",
        "With further such tests on the same day the technical component of the second and"
        " later ones is reduced by 20 %.",
    ),
    "9": _NOT_CONCERNED,
}

BILATERAL: Final[Meanings] = {
    "0": (
        "No 150 % payment",
        "Both sides together are paid no more than one fee: the anatomy rules the adjustment"
        " out, or another code stands for both sides.",
    ),
    "1": (
        "150 % payment",
        "Reported for both sides (modifier 50, or RT and LT) it is paid 150 % of the fee, or"
        " what is charged if that is less.",
    ),
    "2": (
        "Both sides included",
        "The relative values are for both sides already, so both sides together are paid one fee.",
    ),
    "3": (
        "Each side in full",
        "Each side is paid in full. Mostly radiology and other diagnostic tests.",
    ),
    "9": _NOT_CONCERNED,
}

ASSISTANT_SURGEON: Final[Meanings] = {
    "0": (
        "With documentation",
        "An assistant is paid only where documentation shows that one was medically necessary.",
    ),
    "1": ("Not paid", "By law an assistant at surgery may not be paid."),
    "2": ("May be paid", "An assistant at surgery may be paid."),
    "9": _NOT_CONCERNED,
}

CO_SURGEONS: Final[Meanings] = {
    "0": ("Not permitted", "Two surgeons (modifier 62) are not paid for this procedure."),
    "1": (
        "With documentation",
        "Two surgeons could be paid where documentation shows that both were medically necessary.",
    ),
    "2": (
        "Permitted",
        "Two surgeons are paid without documentation where each is of a different specialty.",
    ),
    "9": _NOT_CONCERNED,
}

TEAM_SURGEONS: Final[Meanings] = {
    "0": ("Not permitted", "A team of surgeons (modifier 66) is not paid for this procedure."),
    "1": (
        "With documentation",
        "A team could be paid, by report, where documentation shows that it was medically"
        " necessary.",
    ),
    "2": ("Permitted", "A team of surgeons is permitted and paid by report."),
    "9": _NOT_CONCERNED,
}

_THERAPIST: Final = (
    "physical therapist certified by the American Board of Physical Therapy Specialties"
)

SUPERVISION: Final[Meanings] = {
    "01": (
        "General",
        "Done under the supervising practitioner's overall direction and control; presence"
        " during the test is not required.",
    ),
    "02": (
        "Direct",
        "The supervising practitioner must be immediately available to assist throughout the"
        " test, but need not be in the room.",
    ),
    "03": ("Personal", "The supervising practitioner must be in the room during the test."),
    "04": (
        "Psychologist, or general",
        "No supervision where a qualified independent or clinical psychologist furnishes it;"
        " otherwise general supervision.",
    ),
    "05": (
        "Audiologist, or general",
        "No supervision where a qualified audiologist furnishes it; otherwise general supervision.",
    ),
    "06": (
        "Physician or certified therapist",
        f"Must be performed by a physician, or by a {_THERAPIST} as an electrophysiologic"
        " clinical specialist where state law permits.",
    ),
    "21": (
        "Certified technician, or direct",
        "A certified technician may perform it under general supervision; otherwise direct"
        " supervision.",
    ),
    "22": (
        "Technician in contact",
        "A technician may perform it with on-line contact with a physician in real time.",
    ),
    "66": (
        "Physician or certified therapist",
        f"May be performed by a physician, or by a {_THERAPIST} and certified in this very"
        " procedure.",
    ),
    "6A": (
        "As 66, therapist may supervise",
        "As level 66; the certified physical therapist may also supervise another one, but"
        " only the certified one may bill.",
    ),
    "77": (
        "Therapist or technician",
        f"Must be performed by a {_THERAPIST}, by one not so certified under a physician's"
        " direct supervision, or by a certified technician under general supervision.",
    ),
    "7A": (
        "As 77, therapist may supervise",
        "As level 77; the certified physical therapist may also supervise another one, but"
        " only the certified one may bill.",
    ),
    "09": _NOT_CONCERNED,
}

IMAGING_FAMILY: Final[Meanings] = {
    "88": (
        "Reduced with other imaging",
        "Belongs to the imaging whose technical and professional components are reduced when"
        " several are furnished in one session.",
    ),
    "99": _NOT_CONCERNED,
}
