"""Coding knowledge that no search by words holds: drugs, numbers, tobacco, vaccines, screening.

Each rule cites where it stands in the ICD-10-CM Official Guidelines for Coding and Reporting, by
section. The rule proposes; the coder decides: a note alone does not say how long a drug is taken.
Pure.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain

from codes.casefinder.after_effects import after_effects
from codes.casefinder.allergies import allergies
from codes.casefinder.burns import extent
from codes.casefinder.causes import causes
from codes.casefinder.cues import Status
from codes.casefinder.drug_rules import DRUGS
from codes.casefinder.family_rules import CANCERS, NO_RELATIVE
from codes.casefinder.findings import Finding, complaint_of
from codes.casefinder.knowledge import Proposal, rule
from codes.casefinder.section_names import Part
from codes.casefinder.status_rules import PREVIOUS_CESAREAN, STATUSES
from codes.casefinder.treatment import treatments

_HISTORY = "Guidelines section I.C.21.c.4 (history of)"
_INDEX = "Alphabetic Index, as Guidelines section I.B.1 asks"
_WEEKS = "Guidelines section I.C.21.c.11"
_BMI = "Guidelines sections I.B.14 and I.C.21.c.3"
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
_TOBACCO_RULES = tuple(rule(d, words, why, source) for d, words, why, source in _TOBACCO)
_VACCINE = rule(
    "Z23",
    r"vaccin(?:e|es|ation|ations)|immunizations?|(?:tetanus|COVID) booster|flu shot"
    r"|tetanus (?:shot|toxoid)|Tdap|DTaP|MMR|PCV ?\d+|Prevnar|Shingrix|Gardasil",
    "a vaccine was given",
    "Guidelines section I.C.21.c.2 (inoculations and vaccinations)",
)
_GIVEN = re.compile(r"\b(?:given|administered|updated|injected|today)\b", re.IGNORECASE)
_SCREENING = "Guidelines section I.C.21.c.5 (screening)"
_REASONS = (
    _VACCINE,
    rule(
        "Z12.31",
        r"screening (?:digital )?mammogra\w+|mammogra\w+ (?:for )?screening",
        "a screening mammogram",
        _SCREENING,
    ),
    rule(
        "Z12.11",
        r"screening colonoscopy|colonoscopy for screening|colo(?:n|rectal) cancer screening"
        r"|screening for colo(?:n|rectal) cancer",
        "screening for cancer of the colon",
        _SCREENING,
    ),
)
_STROKE_SCORE = re.compile(
    r"\bNIHSS(?: score)?(?: of| is| was)?[\s:=]{1,3}(\d{1,2})\b(?!/)", re.IGNORECASE
)
_WORST_STROKE = 42
_BMI_NUMBER = re.compile(
    r"\b(?:BMI|body mass index)\b(?: of| is| was| today)?[\s:=(]{0,4}"
    r"(\d{2}(?:\.\d{1,2})?)\b(?! ?%)",
    re.IGNORECASE,
)
_ALCOHOL = re.compile(
    r"\b(?:EtOH|ethanol|blood alcohol|alcohol|BAC|BAL)(?: level)?(?: of| is| was)?[\s:=]{1,3}"
    r"(\d{1,3})(?: ?mg/? ?dl)\b",
    re.IGNORECASE,
)
_EXPECTING = re.compile(
    r"\bIUP\b|\bG\d ?P\d|\bpregnan|\bgestation|\bgravid|\b\d{2}w\d?d?\b|\bprenatal", re.IGNORECASE
)
_AGE = re.compile(r"\b(\d{1,3})[ \-]?(?:year|yr|y/?o\b)", re.IGNORECASE)
_MONTHS = re.compile(r"\b\d{1,2}[ \-]?(?:month|week|day)s?[ \-]old\b", re.IGNORECASE)
_WEEKS_NUMBER = r"(\d{1,2})(?:\s?(?:\+|and|w)?\s?\d/7)?\s?-?\s?(?:weeks?|wks?|w)(?:\s?\d/7)?"
_GESTATION = re.compile(
    rf"\b{_WEEKS_NUMBER}(?:,?\s\d\sdays?)?[\s']{{1,2}}(?:of\s)?"
    r"(?:gestation(?:al age)?|pregnan\w+|iup|intrauterine|ega|ga)\b"
    r"|\b(?:EGA|GA|gestational age|IUP|pregnancy|pregnant|gestation)(?: of| at| is)?[\s:=,]{1,3}"
    rf"{_WEEKS_NUMBER}\b"
    r"|\b(\d{1,2})w(?:ks?)?\d[\d/]*d?\b",
    re.IGNORECASE,
)
_NOT_COUNTED = re.compile(
    r"\b(?:abortion|miscarriage|ectopic|postpartum(?! hemorrhage)|born at|delivered at|newborn"
    r"|neonate)\b",
    re.IGNORECASE,
)


def proposals(findings: Sequence[Finding], note: str) -> Iterator[Proposal]:
    """Yield what the rules propose, each code once, for what is stated or in a list of drugs."""
    seen: set[str] = set()
    of_findings = (each for finding in findings for each in _of_finding(finding, note))
    complaint = complaint_of(findings)
    of_note = (
        treatments(findings),
        extent(findings),
        after_effects(findings),
        causes(findings, complaint),
    )
    for proposal in chain(of_findings, *of_note):
        if proposal.display not in seen:
            seen.add(proposal.display)
            yield proposal


def is_drug_alone(text: str) -> bool:
    """Return whether the words are one that a rule knows, such as a drug: the rule has the say."""
    return " " not in text.strip() and any(each.pattern.search(text) for each in DRUGS)


def _of_finding(finding: Finding, note: str) -> Iterator[Proposal]:
    if finding.status is Status.FAMILY:
        yield from _cancers(finding)
    yield from allergies(finding)
    if finding.part in (Part.FAMILY, Part.ALLERGIES, Part.ADVICE, Part.ADMINISTRATIVE):
        return
    # "on metformin for diabetes": the words around tell too, but not those of other findings.
    if finding.status is Status.STATED:
        yield from _drugs(finding)
        yield from _numbers(finding, note)
        yield from _reasons(finding)
    if finding.status in (Status.STATED, Status.PAST):
        yield from _tobacco(finding)
        yield from _statuses(finding, note)


def _cancers(finding: Finding) -> Iterator[Proposal]:
    if NO_RELATIVE.search(finding.sentence.text):
        return
    for each in CANCERS:
        if each.pattern.search(finding.text):
            yield Proposal(each.display, finding, each.why, each.source)


def _reasons(finding: Finding) -> Iterator[Proposal]:
    """Yield the reasons of a visit that name no disease: a vaccine that was given, a screening."""
    for each in _REASONS:
        is_done = each is not _VACCINE or _GIVEN.search(finding.sentence.text)
        if is_done and each.pattern.search(finding.text):
            yield Proposal(each.display, finding, each.why, each.source)


def _statuses(finding: Finding, note: str) -> Iterator[Proposal]:
    """Yield what an operation of the past has left, and the scar of a cesarean in a pregnancy."""
    if finding.status is Status.PAST or finding.part in (Part.PAST, Part.SURGERIES):
        for each in STATUSES:
            if each.pattern.search(finding.text):
                yield Proposal(each.display, finding, each.why, each.source)
    each = PREVIOUS_CESAREAN
    if each.pattern.search(_item(finding)) and _EXPECTING.search(note):
        is_transverse = "low transverse" in _item(finding).lower()
        display = "O34.211" if is_transverse else each.display
        yield Proposal(display, finding, each.why, each.source)


def _drugs(finding: Finding) -> Iterator[Proposal]:
    for each in DRUGS:
        if each.pattern.search(finding.text) and (
            not each.long_term or _LASTING.search(_item(finding))
        ):
            yield Proposal(each.display, finding, each.why, each.source)


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
    for each in _TOBACCO_RULES:
        match = each.pattern.search(around)
        if match:
            yield Proposal(each.display, finding, each.why, each.source)
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
    if (match := _STROKE_SCORE.search(around)) and int(match[1]) <= _WORST_STROKE:
        yield Proposal(
            f"R29.7{int(match[1]):02d}",
            finding,
            f"NIHSS score {int(match[1])}; after the code of the stroke",
            "Guidelines section I.C.18.i (NIHSS)",
        )
    if match := _ALCOHOL.search(around):
        yield Proposal(
            alcohol_code(float(match[1])),
            finding,
            f"{match[1]} mg of alcohol in 100 ml of blood; after the code of its use",
            "Tabular list at Y90; Guidelines section I.B.14",
        )
    if (match := _GESTATION.search(around)) and not _NOT_COUNTED.search(note):
        weeks = int(match[1] or match[2] or match[3])
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


def alcohol_code(level: float) -> str:
    """Return the code of a level of alcohol in the blood, in mg in 100 ml."""
    bounds = (20, 40, 60, 80, 100, 120, 200, 240)
    return f"Y90.{sum(level >= bound for bound in bounds)}"


def weeks_code(weeks: int) -> str:
    """Return the code of completed weeks of pregnancy."""
    if weeks < 8:
        return "Z3A.01"
    return f"Z3A.{weeks:02d}" if weeks <= 42 else "Z3A.49"
