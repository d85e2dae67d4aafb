"""Coding knowledge that no search by words holds: drugs, BMI, weeks of pregnancy, tobacco. Pure.

Each rule cites where it stands in the ICD-10-CM Official Guidelines for Coding and Reporting, by
section. The rule proposes; the coder decides: a note alone does not say how long a drug is taken.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from codes.casefinder.cues import Status
from codes.casefinder.passages import Part
from codes.casefinder.readings import Finding


@dataclass(frozen=True, slots=True)
class Proposal:
    """A code that a rule proposes for a finding, with why and where the rule stands."""

    display: str
    finding: Finding
    why: str
    source: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Words that lead to a code. ``long_term`` rules want words of lasting use beside a drug."""

    display: str
    pattern: re.Pattern[str]
    why: str
    source: str
    long_term: bool = False


_STATUS_CODES = "Guidelines section I.C.21.c.3 (status)"
_DIABETES = "Guidelines sections I.C.4.a.3 and I.C.21.c.3"
_HISTORY = "Guidelines section I.C.21.c.4 (history of)"
_INDEX = "Alphabetic Index, as Guidelines section I.B.1 asks"
_WEEKS = "Guidelines section I.C.21.c.11"
_BMI = "Guidelines sections I.B.14 and I.C.21.c.3"


def _rule(display: str, words: str, why: str, source: str, *, long_term: bool = False) -> Rule:
    return Rule(display, re.compile(rf"\b(?:{words})\b", re.IGNORECASE), why, source, long_term)


_RULES = (
    _rule(
        "Z79.4",
        r"insulin|lantus|glargine|humalog|lispro|novolog|aspart|levemir|detemir|tresiba"
        r"|degludec|toujeo|basaglar|humulin|novolin|apidra|glulisine",
        "insulin",
        _DIABETES,
    ),
    _rule(
        "Z79.84",
        r"metformin|glucophage|glipizide|glyburide|glimepiride|sitagliptin|januvia"
        r"|linagliptin|tradjenta|saxagliptin|alogliptin|empagliflozin|jardiance|dapagliflozin"
        r"|canagliflozin|invokana|ertugliflozin|pioglitazone|actos|repaglinide|nateglinide"
        r"|acarbose|miglitol|rybelsus",
        "an oral drug that lowers blood sugar",
        _DIABETES,
    ),
    _rule(
        "Z79.85",
        r"ozempic|trulicity|dulaglutide|victoza|liraglutide|exenatide|byetta|bydureon"
        r"|mounjaro|tirzepatide|lixisenatide|pramlintide",
        "an injected drug for diabetes other than insulin",
        _DIABETES,
    ),
    _rule(
        "Z79.01",
        r"warfarin|coumadin|apixaban|eliquis|rivaroxaban|xarelto|dabigatran|pradaxa"
        r"|edoxaban|savaysa",
        "an anticoagulant",
        _STATUS_CODES,
    ),
    _rule(
        "Z79.02",
        r"clopidogrel|plavix|ticagrelor|brilinta|prasugrel|effient",
        "an antiplatelet drug",
        _STATUS_CODES,
    ),
    _rule("Z79.82", r"aspirin|asa 81|asa 325|ecotrin", "aspirin", _STATUS_CODES, long_term=True),
    _rule(
        "Z79.1",
        r"ibuprofen|naproxen|meloxicam|celecoxib|celebrex|diclofenac|indomethacin"
        r"|nsaids?",
        "an NSAID",
        _STATUS_CODES,
        long_term=True,
    ),
    _rule(
        "Z79.51",
        r"inhaled (?:fluticasone|budesonide|beclomethasone|mometasone|steroids?"
        r"|corticosteroids?)|flovent|pulmicort|qvar|symbicort|advair|asmanex|alvesco",
        "an inhaled steroid",
        _STATUS_CODES,
    ),
    _rule(
        "Z79.52",
        r"prednisone|prednisolone|methylprednisolone|dexamethasone|hydrocortisone"
        r"|(?:systemic|oral) (?:cortico)?steroids?",
        "a systemic steroid",
        _STATUS_CODES,
        long_term=True,
    ),
    _rule(
        "Z79.891",
        r"opioids?|opiates?|oxycodone|hydrocodone|morphine|oxycontin|percocet|norco"
        r"|fentanyl patch|hydromorphone|tramadol",
        "an opiate analgesic",
        _STATUS_CODES,
        long_term=True,
    ),
    _rule(
        "Z79.2",
        r"antibiotics?|doxycycline|azithromycin|trimethoprim|nitrofurantoin|amoxicillin",
        "an antibiotic",
        _STATUS_CODES,
        long_term=True,
    ),
    _rule(
        "Z79.3",
        r"oral contraceptives?|birth control pills?|ocps?",
        "a hormonal contraceptive",
        _STATUS_CODES,
    ),
    _rule("Z79.890", r"hormone replacement(?: therapy)?", "hormone replacement", _STATUS_CODES),
    _rule(
        "Z79.83",
        r"alendronate|fosamax|risedronate|actonel|ibandronate|boniva|zoledronic acid"
        r"|reclast",
        "a bisphosphonate",
        _STATUS_CODES,
    ),
    _rule(
        "Z79.810",
        r"tamoxifen|raloxifene|evista|toremifene",
        "a selective estrogen receptor modulator",
        _STATUS_CODES,
    ),
    _rule(
        "Z79.811",
        r"anastrozole|arimidex|exemestane|aromasin|aromatase inhibitors?",
        "an aromatase inhibitor",
        _STATUS_CODES,
    ),
    _rule(
        "Z79.620",
        r"adalimumab|humira|infliximab|remicade|etanercept|enbrel|golimumab"
        r"|certolizumab",
        "an immunosuppressive biologic",
        _STATUS_CODES,
    ),
    _rule("Z79.621", r"tacrolimus|prograf|cyclosporine", "a calcineurin inhibitor", _STATUS_CODES),
    _rule(
        "Z99.81",
        r"(?:home|supplemental|continuous|chronic) (?:o2|oxygen)|oxygen dependent"
        r"|(?:o2|oxygen) dependence",
        "supplemental oxygen",
        _STATUS_CODES,
    ),
    _rule(
        "Z99.2",
        r"(?:on|undergoing|maintenance) (?:hemo|peritoneal )?dialysis|dialysis[ -]dependent"
        r"|(?:hemo)?dialysis (?:(?:three|3) times|mwf|tts|tths)",
        "dialysis",
        _STATUS_CODES,
    ),
)
_LASTING = re.compile(
    r"\b(?:long[ -]?term|chronic(?:ally)?|daily|every day|each day|maintenance|prophyla\w+"
    r"|for years|suppressive|qd|81 ?mg|low[ -]dose|baby)\b",
    re.IGNORECASE,
)
_TOBACCO = (
    # The first that fits decides.
    (
        "Z87.891",
        r"(?:former|ex|past|previous|prior)[ -]?(?:cigarette |tobacco )?smoker|quit (?:smoking"
        r"|tobacco)|stopped smoking|used to smoke|smoked (?:until|in the past|for)"
        r"|(?:history of|h/o|hx of) (?:smoking|tobacco|nicotine)",
        "nicotine dependence in the past",
        _HISTORY,
    ),
    ("F17.220", r"chew(?:s|ing) tobacco|chewing tobacco", "dependence on chewing tobacco", _INDEX),
    (
        "F17.210",
        r"smok(?:es|ing) (?:about |approximately |half |an? |one |two |\d)[\w ./]{0,12}?"
        r"(?:packs?|ppd|cigarettes)|(?:current|active|heavy|daily|every ?day)(?: \w+)? smoker"
        r"|cigarette smoker|smokes cigarettes|continues to smoke"
        r"|(?<!non-)(?<!non)(?<!never )(?<!ex-)\bsmoker|\d+ ?ppd",
        "a smoker: “Smoker” leads to nicotine dependence",
        _INDEX,
    ),
    (
        "Z72.0",
        r"tobacco use(?! disorder)|uses tobacco|smokeless tobacco use",
        "tobacco use without dependence stated",
        _INDEX,
    ),
)
_TOBACCO_RULES = tuple(_rule(d, words, why, source) for d, words, why, source in _TOBACCO)
_BMI_NUMBER = re.compile(
    r"\b(?:BMI|body mass index)\b(?: of| is| was| today)?[\s:=(]{0,4}"
    r"(\d{2}(?:\.\d{1,2})?)\b(?! ?%)",
    re.IGNORECASE,
)
_AGE = re.compile(r"\b(\d{1,3})[ \-]?(?:year|yr|y/?o\b)", re.IGNORECASE)
_MONTHS = re.compile(r"\b\d{1,2}[ \-]?(?:month|week|day)s?[ \-]old\b", re.IGNORECASE)
_WEEKS_NUMBER = r"(\d{1,2})(?:\s?(?:\+|and|w)?\s?\d/7)?\s?-?\s?(?:weeks?|wks?|w)(?:\s?\d/7)?"
_GESTATION = re.compile(
    rf"\b{_WEEKS_NUMBER}(?:,?\s\d\sdays?)?[\s']{{1,2}}(?:of\s)?"
    r"(?:gestation(?:al age)?|pregnan\w+|iup|intrauterine|ega|ga)\b"
    r"|\b(?:EGA|GA|gestational age|IUP|pregnancy|pregnant|gestation)(?: of| at| is)?[\s:=,]{1,3}"
    rf"{_WEEKS_NUMBER}\b",
    re.IGNORECASE,
)
_NOT_COUNTED = re.compile(
    r"\b(?:abortion|miscarriage|ectopic|postpartum|born at|delivered at|newborn|neonate)\b",
    re.IGNORECASE,
)


def proposals(findings: Sequence[Finding], note: str) -> Iterator[Proposal]:
    """Yield what the rules propose, each code once, for what is stated or in a list of drugs."""
    seen: set[str] = set()
    for finding in findings:
        for proposal in _of_finding(finding, note):
            if proposal.display not in seen:
                seen.add(proposal.display)
                yield proposal


def is_drug_alone(text: str) -> bool:
    """Return whether the words are one that a rule knows, such as a drug: the rule has the say."""
    return " " not in text.strip() and any(rule.pattern.search(text) for rule in _RULES)


def _of_finding(finding: Finding, note: str) -> Iterator[Proposal]:
    if finding.part in (Part.FAMILY, Part.ALLERGIES, Part.ADVICE, Part.ADMINISTRATIVE):
        return
    # "on metformin for diabetes": the words around tell too, but not those of other findings.
    if finding.status is Status.STATED:
        yield from _drugs(finding)
        yield from _numbers(finding, note)
    if finding.status in (Status.STATED, Status.PAST):
        yield from _tobacco(finding)


def _drugs(finding: Finding) -> Iterator[Proposal]:
    for rule in _RULES:
        if rule.pattern.search(finding.text) and (
            not rule.long_term or _LASTING.search(_item(finding))
        ):
            yield Proposal(rule.display, finding, rule.why, rule.source)


def _item(finding: Finding) -> str:
    """Return the finding with the few words around it."""
    sentence = finding.sentence
    start, end = finding.start - sentence.start, finding.end - sentence.start
    return sentence.text[max(0, start - 25) : end + 12]


def _tobacco(finding: Finding) -> Iterator[Proposal]:
    around = _item(finding)
    if re.search(
        r"\b(?:never|non-?|marijuana|cannabis|second-?hand|passive)\b", around, re.IGNORECASE
    ):
        return
    for rule in _TOBACCO_RULES:
        match = rule.pattern.search(around)
        if match:
            yield Proposal(rule.display, finding, rule.why, rule.source)
            return


def _numbers(finding: Finding, note: str) -> Iterator[Proposal]:
    around = _item(finding)
    if (match := _BMI_NUMBER.search(around)) and _is_adult(note):
        code = bmi_code(float(match[1]))
        yield Proposal(
            code,
            finding,
            f"BMI {match[1]} of an adult; with a diagnosis it goes with, such as obesity",
            _BMI,
        )
    if (match := _GESTATION.search(around)) and not _NOT_COUNTED.search(note):
        weeks = int(match[1] or match[2])
        if 1 <= weeks <= 45:
            yield Proposal(weeks_code(weeks), finding, f"{weeks} weeks of pregnancy", _WEEKS)


def _is_adult(note: str) -> bool:
    """Return whether the note does not say otherwise: adults are 20 years or older here."""
    if _MONTHS.search(note):
        return False
    match = _AGE.search(note)
    return match is None or int(match[1]) >= 20


def bmi_code(bmi: float) -> str:
    """Return the code of an adult's body mass index."""
    if bmi < 20:
        return "Z68.1"
    if bmi < 40:
        return f"Z68.{int(bmi)}"
    bounds = (45, 50, 60, 70)
    return f"Z68.4{1 + sum(bmi >= bound for bound in bounds)}"


def weeks_code(weeks: int) -> str:
    """Return the code of completed weeks of pregnancy."""
    if weeks < 8:
        return "Z3A.01"
    return f"Z3A.{weeks:02d}" if weeks <= 42 else "Z3A.49"


# --- Combinations that the classification presumes ------------------------------------------------

_HYPERTENSION = "Guidelines section I.C.9.a (hypertension): the link is presumed"
_WITH = "Guidelines section I.A.15 (“with”): the link is presumed"


@dataclass(frozen=True, slots=True)
class Combination:
    """A code for two or more conditions of one note, where the provider does not unlink them."""

    display: str
    of: tuple[str, ...]
    source: str


def combinations(displays: Sequence[str]) -> list[Combination]:
    """Return the combination codes for the leading candidates of a note."""
    found: list[Combination] = []
    hypertension = _first(displays, "I10")
    failure, kidney = _first(displays, "I50"), _first(displays, "N18")
    if hypertension and (failure or kidney):
        late = kidney in ("N18.5", "N18.6")
        if failure and kidney:
            display = "I13.2" if late else "I13.0"
        elif failure:
            display = "I11.0"
        else:
            display = "I12.0" if late else "I12.9"
        of = tuple(each for each in (hypertension, failure, kidney) if each)
        found.append(Combination(display, of, _HYPERTENSION))
    diabetes = next((d for d in displays if d in ("E11", "E11.9")), None)
    for prefix, display in _DIABETES_WITH:
        other = _first(displays, prefix)
        if diabetes and other and display not in displays:
            found.append(Combination(display, (diabetes, other), _WITH))
    return found


_DIABETES_WITH = (
    ("N18", "E11.22"),
    ("K31.84", "E11.43"),
    ("R73.9", "E11.65"),
    ("L97.4", "E11.621"),
    ("L97.5", "E11.621"),
)


def _first(displays: Sequence[str], prefix: str) -> str | None:
    return next((d for d in displays if d.startswith(prefix)), None)
