"""What a note says of its patient: some chapters are only for some patients. Pure."""

import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Setting:
    """What the whole note says of the patient; some chapters are only for some patients."""

    is_pregnant: bool
    is_newborn: bool
    had_accident: bool
    had_reaction: bool
    diabetes: frozenset[str]
    """The categories of diabetes beside type 2 that the note has words for."""
    has_type_2: bool = False
    has_esrd: bool = False
    sex: str = ""
    """ "female" or "male" where the note says it, for names of diseases that do."""

    @classmethod
    def of(cls, note: str, told: str) -> "Setting":
        """Read the note, and of it what is told of the patient as a fact; linear."""
        return cls(
            is_pregnant=bool(_PREGNANT.search(note)),
            is_newborn=bool(_NEWBORN.search(note)),
            had_accident=bool(_ACCIDENT.search(note)),
            had_reaction=bool(_REACTION.search(note)),
            diabetes=frozenset(key for key, words in _DIABETES.items() if words.search(told)),
            has_type_2=bool(_TYPE_2.search(told)),
            has_esrd=bool(_ESRD.search(told)),
            sex=_sex(note),
        )

    def is_of_other_kidneys(self, descriptor: str) -> bool:
        """Return whether a drug's name is for those with, or without, end-stage renal disease."""
        match = _FOR_ESRD.search(descriptor)
        return match is not None and bool(match[1]) is self.has_esrd

    def is_of_other_sex(self, descriptor: str) -> bool:
        """Return whether a name is for the sex that the patient is not: "male breast"."""
        other = {"female": _MALE, "male": _FEMALE}.get(self.sex)
        return bool(other and other.search(descriptor))

    def allows(self, key: str) -> bool:
        """Return whether a code of ICD-10-CM may be meant.

        Chapter 15 is for the pregnant and those who gave birth, chapter 16 for newborns
        (Guidelines I.C.15.a and I.C.16.a); causes of injury and effects of drugs want words for
        them, and so do kinds of diabetes other than type 2 (I.C.4.a.2).
        """
        if key[0] == "O" or key.startswith(("Z34", "Z36", "Z39", "Z33")):
            return self.is_pregnant
        if key[0] == "P" or key.startswith("Z38"):
            return self.is_newborn
        if key[0] in "VWXY":
            return self.had_accident
        if "T36" <= key[:3] <= "T65":
            return self.had_reaction or (self.had_accident and key[:3] > "T50")
        if key.startswith(("E08", "E09", "E10", "E13")):
            return key[:3] in self.diabetes
        if key.startswith("E11"):  # type 2 is meant where no type is named
            return self.has_type_2 or self.diabetes.isdisjoint(("E10", "E13"))
        return not key.startswith(_LEFT_TO_RULES)


_LEFT_TO_RULES = (
    "Z3A", "Z68", "Z79", "Z23", "R297", "R4021", "R4022", "R4023", "R4024", "T31", "T32", "Z510",
    "Z511", "Z518",
)  # fmt: skip
"""Which code it is, numbers, given drugs and the visit tell: the weeks, the score, the extent."""


def _sex(note: str) -> str:
    """Return the sex that the note gives with the age, or else by its one pronoun; "" for none."""
    if match := _AGE_AND_SEX.search(note):
        return "female" if match[1].lower() in _WOMAN else "male"
    has_she, has_he = bool(_SHE.search(note)), bool(_HE.search(note))
    return "" if has_she == has_he else ("female" if has_she else "male")


_MALE, _FEMALE = re.compile(r"\bmale\b"), re.compile(r"\bfemale\b")
_WOMAN = {"woman", "female", "f", "lady", "girl"}
_AGE_AND_SEX = re.compile(
    r"\b\d{1,3}[ -]?(?:years?[ -]old|yrs?[ -]old|months?[ -]old|y/?o)?,? ?(?:\w+ )?"
    r"(woman|female|lady|girl|man|male|gentleman|boy|[FM])\b"
)
_SHE = re.compile(r"\bshe\b", re.IGNORECASE)
_HE = re.compile(r"\bhe\b", re.IGNORECASE)


_FOR_ESRD = re.compile(r"\b(non-)?esrd\b", re.IGNORECASE)


def _any_of(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})", re.IGNORECASE)


_DIABETES = {
    "E08": _any_of(r"due to|secondary|pancrea|cystic fibrosis|cushing|underlying"),
    "E09": _any_of(r"induced|steroid|drug"),
    "E10": _any_of(r"type (?:1|i)\b|T1DM?|DM ?(?:1|I)\b|IDDM|juvenile|ketosis-prone|LADA"),
    "E13": _any_of(r"post-?pancreatect|pancreatectomy|MODY|monogenic|secondary diabetes|type 3c"),
}
_TYPE_2 = _any_of(r"type (?:2|ii)\b|T2DM?|DM ?(?:2|II)\b|NIDDM")
_ESRD = _any_of(r"ESRD\b|end[- ]stage renal|(?:hemo)?dialysis")
_PREGNANT = _any_of(
    r"pregnan|gestation|gravid|G\d ?P\d|trimester|post-?partum|in labor|prenatal|antenatal"
    r"|cesarean|c-section|puerper|obstetric|IUP\b|preeclampsia|eclampsia|ectopic|miscarriage"
)
_NEWBORN = _any_of(r"newborn|neonat|born at|\d{1,2}[ -]day[s]?[ -]old|NICU\b|apgar|perinatal")
_ACCIDENT = _any_of(
    r"fell|fall(?:s|en|ing)?\b|accident|collision|MV[AC]\b|crash|struck|hit by|kicked|bitten"
    r"|bite\b|stung|burn|assault|slipped|tripped|twisted|cut (?:his|her)|caught|crush|injur"
    r"|stabbed|gunshot|bicycle|exposure|drown|playing|lifting|sport"
)
_REACTION = _any_of(
    r"adverse|overdos|poison|toxic|reaction|side effect|underdos|noncomplian|ingest|intoleran"
    r"|induced|not taking|ran out|stopped taking|accidental"
)
