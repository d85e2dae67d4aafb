"""Encounters for the treatment of a cancer, and for the time after it. Pure data.

Guidelines I.C.2.e.2: who comes for chemotherapy, immunotherapy or external beam radiotherapy has
that as the first code (brachytherapy is another matter); I.C.21.c.8: surveillance after treatment.
"""

import re

from codes.casefinder.knowledge import Rule, rule

_TREATMENT = "Guidelines section I.C.2.e.2 (encounter for treatment of a neoplasm)"
_FOLLOW_UP = "Guidelines sections I.C.21.c.8 (follow-up) and I.C.2.m"
_AFTERCARE = "Guidelines section I.C.21.c.7 (aftercare)"
_NOT_SO = r"(?:complet|finish|after|prior|previous|history|past|last|declin|refus|discuss|consider)"
_BETWEEN = rf"(?:(?!{_NOT_SO})[^.;]){{0,40}}?"
_COMES = (
    r"(?:encounter|admitted|admission|here|presents?|presenting|arrives?|arrived|comes?|came|visit"
    rf"|returns?|scheduled today|today) {_BETWEEN}(?:for|of) {_BETWEEN}"
)
_CYCLE = r"cycle \#?\d+(?:,? day \d+)?(?: of| -|,|:)? (?:\w+ )?"
_CHEMO = r"chemo(?:therapy)?(?![- ](?:induced|related|naive|side))"
_RADIATION = (
    r"(?:(?:external beam )?(?:radio-?therapy|radiation(?: therapy| treatments?))|XRT|EBRT|IMRT"
    r"|SBRT)"
)
_GIVEN = r"(?:today|infusion|administration|given|administered|session)"

ENCOUNTERS = (
    rule(
        "Z51.11",
        rf"{_COMES}{_CHEMO}|{_CHEMO} {_GIVEN}|{_CYCLE}{_CHEMO}|{_CHEMO},? cycle \#?\d+",
        "an encounter for chemotherapy of a cancer",
        _TREATMENT,
    ),
    rule(
        "Z51.12",
        rf"{_COMES}immunotherapy|immunotherapy {_GIVEN}|{_CYCLE}immunotherapy",
        "an encounter for immunotherapy of a cancer",
        _TREATMENT,
    ),
    rule(
        "Z51.0",
        rf"{_COMES}{_RADIATION}|{_RADIATION},? fraction|fraction \#?\d+ ?(?:of|/) ?\d+"
        rf"|{_RADIATION} (?:today|session)",
        "an encounter for external beam radiotherapy of a cancer",
        _TREATMENT,
    ),
)
FOLLOW_UP: tuple[Rule, ...] = (
    rule(
        "Z08",
        r"(?:surveillance|follow-?up)[^.;]{0,60}?\b(?:after|following|since|complet\w+)[^.;]{0,50}?\b"
        r"(?:cancer|carcinoma|malignan\w+|melanoma|lymphoma|sarcoma|adenocarcinoma)",
        "a follow-up after the treatment of a cancer was completed",
        _FOLLOW_UP,
    ),
    rule(
        "Z47.1",
        r"aftercare[^.;]{0,40}?(?:joint|knee|hip|shoulder)[^.;]{0,15}?(?:replacement|arthroplasty)",
        "aftercare of a joint replacement",
        _AFTERCARE,
    ),
)
CYTOTOXIC = re.compile(
    r"\b(?:carboplatin|cisplatin|oxaliplatin|(?:nab-)?paclitaxel|docetaxel|doxorubicin|epirubicin"
    r"|cyclophosphamide|gemcitabine|pemetrexed|fluorouracil|5-FU|irinotecan|topotecan|etoposide"
    r"|vincristine|vinblastine|vinorelbine|bleomycin|bortezomib|azacitidine|decitabine|cytarabine"
    r"|bendamustine|eribulin|cabazitaxel|ixabepilone|dacarbazine|ifosfamide|mitomycin)\b",
    re.IGNORECASE,
)
ANTIBODIES = re.compile(
    r"\b(?:pembrolizumab|nivolumab|atezolizumab|durvalumab|ipilimumab|cemiplimab|avelumab"
    r"|dostarlimab|trastuzumab|pertuzumab|rituximab|bevacizumab|cetuximab|panitumumab|daratumumab"
    r"|ramucirumab|obinutuzumab)\b",
    re.IGNORECASE,
)
TREATMENT = _TREATMENT
CANCER = re.compile(
    r"\b(?:cancers?|\w*carcinomas?|malignan\w+|lymphomas?|leuk[a]?emias?|myelomas?|melanomas?"
    r"|\w*sarcomas?|metasta\w+|mesothelioma|glioblastoma|NSCLC|SCLC|CLL|AML|DLBCL)\b",
    re.IGNORECASE,
)
_SOURCE = "Alphabetic Index and Guidelines sections I.C.2.m and I.C.21.c.4 (history of)"
_TUMOR = r"(?:cancers?|ca|carcinomas?|adenocarcinomas?|malignan\w+|neoplasms?)"


def _had(display: str, sites: str) -> Rule:
    words = rf"(?:{sites})\b[\w ]{{0,12}}\b{_TUMOR}|{_TUMOR} of (?:the )?(?:\w+ )?(?:{sites})"
    return rule(display, words, "a cancer that was treated and is over", _SOURCE)


def _was(display: str, names: str) -> Rule:
    return rule(display, names, "a cancer that was treated and is over", _SOURCE)


HAD = (
    # The site as the Index has it (History, personal, malignant neoplasm); the first that fits.
    _had("Z85.048", "rectum|rectal|rectosigmoid|anal|anus"),
    _had("Z85.038", "colon|colonic|colorectal|sigmoid|cecum|bowel"),
    _had("Z85.01", "esophag\\w+"),
    _had("Z85.028", "stomach|gastric"),
    _had("Z85.05", "liver|hepatocellular"),
    _had("Z85.07", "pancreas|pancreatic"),
    _had("Z85.118", "lung|bronchus|bronchial|bronchogenic"),
    _had("Z85.21", "larynx|laryngeal"),
    _had("Z85.3", "breast"),
    _had("Z85.41", "cervix|cervical"),
    _had("Z85.42", "uterus|uterine|endometri\\w+"),
    _had("Z85.43", "ovary|ovarian"),
    _had("Z85.46", "prostate|prostatic"),
    _had("Z85.47", "testis|testicular"),
    _had("Z85.51", "bladder"),
    _had("Z85.528", "kidney|renal(?: cell)?"),
    _had("Z85.841", "brain"),
    _had("Z85.850", "thyroid"),
    _had("Z85.828", "basal cell|skin"),
    _was("Z85.820", "melanoma"),
    _was("Z85.6", "leuk[a]?emia"),
    _was("Z85.71", "Hodgkin(?:'s)? (?:lymphoma|disease)"),
    _was("Z85.72", "non-?Hodgkin(?:'s)?(?: lymphoma)?|B-cell lymphoma"),
    _was("Z85.79", "(?:multiple )?myeloma"),
)
