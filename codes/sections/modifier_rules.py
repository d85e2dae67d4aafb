"""Which modifiers the indicators of a fee schedule row allow, bar or tie to pay. Pure: no Django.

Source: CMS, record layout of the National Physician Fee Schedule Relative Value File, and Medicare
Claims Processing Manual, chapter 12, sections 20 and 40. Each rule rests on one value of one
indicator; where no indicator speaks, or says that its concept does not apply, nothing is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol

from codes.indicators import POLICY


class Use(StrEnum):
    """What an indicator says of a modifier, as it is printed."""

    ALLOWED = "Allowed"
    DOCUMENTED = "Allowed with documentation"
    PAY = "Relevant to pay"
    BARRED = "Barred"


class Indicators(Protocol):
    """What the rules read of a fee schedule row; only shares are numbers."""

    pctc: str
    global_days: str
    multiple_procedure: str
    bilateral: str
    assistant_surgeon: str
    co_surgeons: str
    team_surgeons: str
    intraoperative: Decimal
    postoperative: Decimal


@dataclass(frozen=True, slots=True)
class Rule:
    """What one value of an indicator means for modifiers.

    ``because`` is empty where the indicator's own meaning says it.
    """

    use: Use
    modifiers: tuple[str, ...]
    because: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """A rule that applies to a row, with the indicator that it rests on."""

    rule: Rule
    indicator: str
    value: str
    because: str


_COMPONENTS: Final = ("26", "TC")
_BOTH_SIDES: Final = ("50",)
_ASSISTANTS: Final = ("80", "81", "82", "AS")
_CO_SURGEONS: Final = ("62",)
_TEAM: Final = ("66",)

_NO_COMPONENTS: Final = Rule(Use.BARRED, _COMPONENTS)
_SAME_DAY: Final = Rule(
    Use.PAY,
    ("25",),
    "On the visit, not on this code: on the day of this procedure only a visit that is significant"
    " and separate from it is paid.",
)
_DECISION: Final = Rule(
    Use.PAY,
    ("57",),
    "On the visit, not on this code: a visit on the day of this procedure or the day before is"
    " paid where the decision for it was made then.",
)


def _after(days: int) -> tuple[Rule, Rule]:
    return (
        Rule(
            Use.PAY,
            ("24",),
            f"On the visit, not on this code: a visit in the {days} days after this procedure is"
            " paid only where it has nothing to do with it.",
        ),
        Rule(
            Use.PAY,
            ("58", "78", "79"),
            f"On a further procedure in the {days} days after this one: staged or more extensive"
            " (58), an unplanned return to the operating room (78), or unrelated (79).",
        ),
    )


RULES: Final[Mapping[str, Mapping[str, tuple[Rule, ...]]]] = {
    "pctc": {
        "0": (_NO_COMPONENTS,),
        "1": (Rule(Use.ALLOWED, _COMPONENTS),),
        "2": (_NO_COMPONENTS,),
        "3": (_NO_COMPONENTS,),
        "4": (_NO_COMPONENTS,),
        "5": (_NO_COMPONENTS,),
        "6": (Rule(Use.ALLOWED, ("26",)), Rule(Use.BARRED, ("TC",))),
        "8": (Rule(Use.BARRED, ("TC",)),),
    },
    "bilateral": {
        "0": (Rule(Use.BARRED, _BOTH_SIDES),),
        "1": (Rule(Use.PAY, ("50", "LT", "RT")),),
        "2": (Rule(Use.BARRED, _BOTH_SIDES),),
        "3": (Rule(Use.PAY, ("50", "LT", "RT")),),
    },
    "multiple_procedure": {
        "2": (Rule(Use.PAY, ("51",)),),
        "3": (Rule(Use.PAY, ("51",)),),
    },
    "assistant_surgeon": {
        "0": (Rule(Use.DOCUMENTED, _ASSISTANTS),),
        "1": (Rule(Use.BARRED, _ASSISTANTS),),
        "2": (Rule(Use.ALLOWED, _ASSISTANTS),),
    },
    "co_surgeons": {
        "0": (Rule(Use.BARRED, _CO_SURGEONS),),
        "1": (Rule(Use.DOCUMENTED, _CO_SURGEONS),),
        "2": (Rule(Use.ALLOWED, _CO_SURGEONS),),
    },
    "team_surgeons": {
        "0": (Rule(Use.BARRED, _TEAM),),
        "1": (Rule(Use.DOCUMENTED, _TEAM),),
        "2": (Rule(Use.ALLOWED, _TEAM),),
    },
    "global_days": {
        "000": (_SAME_DAY,),
        "010": (_SAME_DAY, *_after(10)),
        "090": (_DECISION, *_after(90)),
    },
}
"""By the field of ``RelativeValue`` and its value."""


def findings(row: Indicators) -> list[Finding]:
    """Return what the indicators of a row say of modifiers, in the order of ``RULES``."""
    found = [
        Finding(rule, POLICY[name].title, value, rule.because or POLICY[name].explanation(value))
        for name, rules in RULES.items()
        for value in (str(getattr(row, name)),)
        for rule in rules.get(value, ())
    ]
    return [*found, *_shared_care(row)]


def _shared_care(row: Indicators) -> list[Finding]:
    """Return what follows from the shares of operation and care afterwards, where there are any."""
    if not row.postoperative:
        return []
    rule = Rule(
        Use.PAY,
        ("54", "55"),
        "Where one practitioner operates (54) and another gives the care afterwards (55), each is"
        f" paid a share: {row.intraoperative:.0%} of the fee is for the operation itself,"
        f" {row.postoperative:.0%} for the care afterwards.",
    )
    value = f"{row.intraoperative.normalize():f} / {row.postoperative.normalize():f}"
    return [Finding(rule, "Intra- and postoperative share", value, rule.because)]


CPT_MODIFIERS: Final[Mapping[str, str]] = {
    "22": "Work that goes far beyond what the procedure usually takes.",
    "23": "General anesthesia for a procedure that usually needs none, or only a local one.",
    "24": "A visit within a global period that has nothing to do with the procedure.",
    "25": "A visit on the day of a procedure, significant and separate from it.",
    "26": "The professional component alone of a service that has two.",
    "27": "One of several visits to outpatient clinics of hospitals on one day.",
    "32": "A service that someone else, such as a payer or an authority, demands.",
    "33": "A preventive service, for which the law may waive what the patient would pay.",
    "47": "Regional or general anesthesia given by the surgeon.",
    "50": "The same procedure on both sides of the body in one session.",
    "51": "One of several procedures in the same session.",
    "52": "A service of which only a part was done, by the practitioner's choice.",
    "53": "A procedure that was begun and then stopped.",
    "54": "The operation alone, without the care after it.",
    "55": "The care after an operation alone.",
    "56": "The care before an operation alone.",
    "57": "The visit at which a major operation was decided on.",
    "58": "A procedure within a global period that was planned, or goes further than the first.",
    "59": "A procedure that is distinct from another of the same day.",
    "62": "Two surgeons who each do a part of one procedure.",
    "63": "A procedure on an infant who weighs no more than 4 kg.",
    "66": "A team of surgeons who do one procedure together.",
    "73": "An outpatient procedure of a facility, stopped before anesthesia was given.",
    "74": "An outpatient procedure of a facility, stopped after anesthesia was given.",
    "76": "A procedure or service that the same practitioner repeats.",
    "77": "A procedure that another practitioner repeats.",
    "78": "An unplanned return to the operating room within a global period, for a related cause.",
    "79": "A procedure within a global period that has nothing to do with the first.",
    "80": "An assistant at surgery.",
    "81": "An assistant at surgery for a small part of the operation.",
    "82": "An assistant at surgery where no qualified resident was available.",
    "90": "A laboratory test that an outside laboratory did.",
    "91": "A laboratory test repeated on one day because its further results are needed.",
    "92": "A laboratory test with a portable kit that is used once.",
    "93": "A telehealth service by sound alone, in real time.",
    "95": "A telehealth service by sound and picture, in real time.",
    "96": "A service to learn skills of daily life for the first time.",
    "97": "A service to regain lost skills of daily life.",
    "99": "Stands for several modifiers, which are given elsewhere on the claim.",
}
"""CPT modifiers by number, in this site's words; never the AMA's."""
