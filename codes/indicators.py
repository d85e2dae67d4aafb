"""What the one- to three-character indicators of Medicare's files mean, in words.

Sources: the record layout of the National Physician Fee Schedule Relative Value File (CMS,
``RVUPUFyy``), Addendum D1 of the OPPS rule (CMS), and the NCCI files' own legends; told in this
site's words. Pure: imports no Django. A value that is not here is shown as it is printed, with no
meaning beside it: an indicator that CMS adds is not guessed at.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from codes import fee_schedule_meanings as fee


@dataclass(frozen=True, slots=True)
class Indicator:
    """An indicator: what the files call it, and what its values mean (short name, explanation)."""

    title: str
    meanings: Mapping[str, tuple[str, str]]

    def name(self, value: str) -> str:
        """Return the short name of a value; "" where it is unknown."""
        return self.meanings.get(value, ("", ""))[0]

    def explanation(self, value: str) -> str:
        """Return what a value means, in a sentence or two; "" where it is unknown."""
        return self.meanings.get(value, ("", ""))[1]


STATUS: Final = Indicator("Status", fee.STATUS)
GLOBAL_DAYS: Final = Indicator("Global days", fee.GLOBAL_DAYS)
PCTC: Final = Indicator("Professional and technical component", fee.PCTC)
MULTIPLE_PROCEDURE: Final = Indicator("Multiple procedures", fee.MULTIPLE_PROCEDURE)
BILATERAL: Final = Indicator("Bilateral surgery", fee.BILATERAL)
ASSISTANT_SURGEON: Final = Indicator("Assistant at surgery", fee.ASSISTANT_SURGEON)
CO_SURGEONS: Final = Indicator("Co-surgeons", fee.CO_SURGEONS)
TEAM_SURGEONS: Final = Indicator("Team surgery", fee.TEAM_SURGEONS)
SUPERVISION: Final = Indicator("Supervision of diagnostic tests", fee.SUPERVISION)
IMAGING_FAMILY: Final = Indicator("Diagnostic imaging family", fee.IMAGING_FAMILY)

OPPS_STATUS: Final = Indicator(
    "OPPS status indicator",
    {
        "A": (
            "Paid by another schedule",
            "Not paid under OPPS but under another fee schedule or payment system.",
        ),
        "B": (
            "Not recognized on this bill",
            "Not recognized by OPPS on an outpatient hospital bill (types 12x and 13x); another"
            " code or type of bill may be right.",
        ),
        "C": (
            "Inpatient only",
            "Not paid under OPPS: the patient is admitted and the hospital bills as inpatient.",
        ),
        "D": ("Discontinued", "Discontinued; not paid under OPPS or another Medicare system."),
        "E1": (
            "Not paid",
            "Not paid on outpatient claims: no benefit category covers it, the law excludes it, or"
            " it is not reasonable and necessary.",
        ),
        "E2": (
            "No price",
            "Not paid on outpatient claims, because neither pricing information nor claims data"
            " are available.",
        ),
        "F": (
            "At reasonable cost",
            "Corneal tissue acquisition and certain services of nurse anesthetists: not paid under"
            " OPPS but at reasonable cost.",
        ),
        "G": (
            "Pass-through drug",
            "A drug or biological with pass-through status: paid separately.",
        ),
        "H": (
            "Pass-through device",
            "A device category with pass-through status: paid separately by cost, without"
            " copayment.",
        ),
        "H1": (
            "Non-opioid device",
            "A non-opioid medical device for pain relief after surgery: paid separately.",
        ),
        "J1": (
            "Comprehensive APC",
            "Paid through a comprehensive APC: the services of the whole claim are packaged into"
            " this payment, apart from a few exceptions.",
        ),
        "J2": (
            "Comprehensive APC by combination",
            "Paid through a comprehensive APC where certain services stand together on the claim;"
            " otherwise by itself or packaged.",
        ),
        "K": (
            "Drug without pass-through",
            "A drug, biological or therapeutic radiopharmaceutical without pass-through status:"
            " paid separately.",
        ),
        "K1": (
            "Non-opioid drug",
            "A non-opioid drug or biological for pain relief after surgery: paid separately.",
        ),
        "L": (
            "Vaccine",
            "Influenza, pneumococcal and similar preventive vaccines: not paid under OPPS but at"
            " reasonable cost, without deductible or coinsurance.",
        ),
        "M": ("Not billed to the MAC", "Not billable to the Medicare administrative contractor."),
        "N": (
            "Packaged",
            "Paid under OPPS as part of the payment for other services; there is no separate"
            " payment.",
        ),
        "P": (
            "Partial hospitalization",
            "Partial hospitalization or intensive outpatient program: paid by the day.",
        ),
        "Q1": (
            "Packaged with S, T or V",
            "Packaged where a code with status S, T or V is on the same claim; otherwise paid"
            " separately.",
        ),
        "Q2": (
            "Packaged with T",
            "Packaged where a code with status T is on the same claim; otherwise paid separately.",
        ),
        "Q3": (
            "Composite",
            "May be paid through a composite APC where certain services stand together; otherwise"
            " separately or packaged.",
        ),
        "Q4": (
            "Laboratory, packaged with others",
            "A laboratory test: packaged where other hospital services are on the same claim;"
            " otherwise paid under the laboratory fee schedule.",
        ),
        "R": ("Blood", "Blood or a blood product: paid separately."),
        "S": ("Not reduced", "Paid separately; not reduced when several are furnished."),
        "S1": ("Skin substitute", "A skin substitute product: paid separately."),
        "T": ("Reduced", "Paid separately; reduced when several are furnished."),
        "U": ("Brachytherapy source", "A source for brachytherapy: paid separately."),
        "V": ("Visit", "A clinic or emergency department visit: paid separately."),
        "Y": (
            "Durable equipment",
            "Durable medical equipment that is not implanted: not paid under OPPS, billed to the"
            " DME contractor.",
        ),
    },
)

ADJUDICATION: Final = Indicator(
    "MUE adjudication",
    {
        "1": (
            "Line edit",
            "Each claim line is held against the limit by itself. Where more units are right,"
            " modifiers can put them on further lines.",
        ),
        "2": (
            "Date of service edit: policy",
            "All units of the day count together, and the limit is firm: more units would"
            " contradict law, regulation or the code's own definition.",
        ),
        "3": (
            "Date of service edit: clinical",
            "All units of the day count together. More are denied at first, but may be paid where"
            " documentation shows that they were medically necessary.",
        ),
    },
)

MODIFIER_INDICATOR: Final = Indicator(
    "PTP modifier indicator",
    {
        "0": (
            "Not allowed",
            "No modifier opens this edit: the column 2 code is not paid with the column 1 code.",
        ),
        "1": (
            "Allowed",
            "Where the circumstances justify it, an NCCI-associated modifier lets both codes be"
            " paid.",
        ),
        "9": (
            "Not applicable",
            "The edit was deleted as of the day it took effect, so it never applied.",
        ),
    },
)

POLICY: Final[Mapping[str, Indicator]] = {
    "status": STATUS,
    "global_days": GLOBAL_DAYS,
    "pctc": PCTC,
    "multiple_procedure": MULTIPLE_PROCEDURE,
    "bilateral": BILATERAL,
    "assistant_surgeon": ASSISTANT_SURGEON,
    "co_surgeons": CO_SURGEONS,
    "team_surgeons": TEAM_SURGEONS,
    "supervision": SUPERVISION,
    "imaging_family": IMAGING_FAMILY,
}
"""The policy indicators of the fee schedule, by the field of ``RelativeValue`` that holds them."""
