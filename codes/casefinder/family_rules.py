"""Cancers of relatives by their site, as the Alphabetic Index leads to them. Pure data.

Index: History, family, malignant neoplasm, by site. A relative is one by blood.
"""

import re

from codes.casefinder.knowledge import Rule

_SOURCE = "Alphabetic Index and Guidelines section I.C.21.c.4 (family history)"
_CANCER = r"(?:cancers?|ca|carcinomas?|malignan\w+|tumou?rs?|neoplasms?|adenocarcinomas?)"


def _of(display: str, sites: str, where: str) -> Rule:
    words = rf"\b(?:{sites})\b[\w ]{{0,12}}\b{_CANCER}\b|\b{_CANCER} of (?:the )?(?:{sites})\b"
    return Rule(display, re.compile(words, re.IGNORECASE), f"a relative with {where}", _SOURCE)


def _named(display: str, names: str, what: str) -> Rule:
    pattern = re.compile(rf"\b(?:{names})\b", re.IGNORECASE)
    return Rule(display, pattern, f"a relative with {what}", _SOURCE)


CANCERS = (
    _of(
        "Z80.0",
        "colon|colorectal|rectal|rectum|bowel|stomach|gastric|pancreas|pancreatic|liver|esophag\\w+"
        "|small intestine|bile duct|gallbladder",
        "cancer of a digestive organ",
    ),
    _of("Z80.1", "lung|bronchial|bronchus|trachea\\w*", "cancer of the lung, bronchus or trachea"),
    _of("Z80.2", "larynx|laryngeal|pleura\\w*", "cancer of another respiratory organ"),
    _of("Z80.3", "breast", "breast cancer"),
    _of("Z80.41", "ovary|ovarian", "cancer of the ovary"),
    _of("Z80.42", "prostate|prostatic", "cancer of the prostate"),
    _of("Z80.43", "testis|testicular", "cancer of the testis"),
    _of(
        "Z80.49", "uterus|uterine|endometri\\w+|cervix|cervical", "cancer of another genital organ"
    ),
    _of("Z80.51", "kidney|renal", "cancer of the kidney"),
    _of("Z80.52", "bladder", "cancer of the bladder"),
    _named("Z80.6", "leuk[a]?emias?", "leukemia"),
    _named("Z80.7", "lymphomas?|(?:multiple )?myelomas?|hodgkin\\S*", "a lymphoid cancer"),
    _of("Z80.8", "skin|thyroid|brain|bone", "cancer of another organ"),
    _named("Z80.8", "melanomas?", "melanoma"),
)
NO_RELATIVE = re.compile(
    r"\b(?:wife|husband|spouse|partner|room-?mate|household|passenger|coworker|classmate|adopted"
    r"|adoptive|step-?\w+|in-law)\b",
    re.IGNORECASE,
)
