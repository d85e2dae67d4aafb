"""The words by which a question names the kinds of facts that it wants first. Pure data."""

import re
from collections.abc import Mapping
from typing import Final

from assistant.engine.cues import BY_OTHERS, any_of

ASPECTS: Final[Mapping[str, re.Pattern[str]]] = {
    "outpatient": any_of(
        r"inpatient[- ]only",
        r"\bopps\b",
        r"\bapcs?\b",
        r"outpatient hospital",
        r"hospital outpatient",
        r"status indicator",
        r"facility rate",
    ),
    "policy.global_days": any_of(
        r"\bglob(?:al)?\b",
        r"\b(?:xxx|yyy|zzz|mmm)\b",
        r"post-?op",
        r"follow-?up days",
    ),
    "policy.status": any_of(
        r"\bstatus\b",
    ),
    "policy.supervision": any_of(
        r"supervis",
    ),
    "supervision": any_of(
        r"supervis",
    ),
    "policy.pctc": any_of(
        r"\bpc/?tc\b",
        r"professional component",
        r"technical component",
        r"\bcomponents?\b",
        r"\b26\W{1,5}tc\b|\btc\W{1,5}26\b",
    ),
    "policy.bilateral": any_of(
        r"\bbilat(?:eral)?\b",
        r"both sides",
        r"modifier 50",
    ),
    "policy.assistant_surgeon": any_of(
        r"\bass(?:is)?t(?:ants?)?\b",
    ),
    "policy.co_surgeons": any_of(
        r"\bco-?\s?surg",
    ),
    "policy.team_surgeons": any_of(
        r"team surg",
    ),
    "policy.multiple_procedure": any_of(
        r"multiple proc",
        r"modifier 51",
    ),
    "telehealth": any_of(r"telehealth|telemedicine|\bvideo visit|audio-only|by phone"),
    "rvu": any_of(
        r"\bw?rvus?\b",
        r"relative value",
    ),
    "note.excludes1": any_of(
        r"excludes?\s*1\b",
        r"\bexclu",
    ),
    "note.excludes2": any_of(
        r"excludes?\s*2\b",
        r"\bexclu",
    ),
    "note.includes": any_of(
        r"\bincludes?\b",
    ),
    "note.code_first": any_of(
        r"code first",
        r"sequenc",
    ),
    "note.use_additional": any_of(
        r"additional code",
        r"\bcode with\b",
        r"\bwhat else\b",
    ),
    "note.code_also": any_of(
        r"code also",
    ),
    "seventh": any_of(
        r"(?:7th|seventh)",
        r"extension",
        r"initial encounter",
        r"subsequent encounter",
    ),
    "limit": any_of(
        r"\bmues?\b",
        r"unlikely",
    ),
    "long": any_of(
        r"\blong\b",
        r"official",
        r"full (?:description|descriptor|wording)",
        r"descriptor",
    ),
    "successor": any_of(
        r"replac",
        r"instead",
        r"successor",
        r"deleted",
    ),
    "icd9": any_of(
        r"icd-?\s?9",
        r"\bgems?\b",
    ),
    "ccsr": any_of(
        r"\bccsr\b",
        r"clinical classification",
    ),
    "drg": any_of(
        r"\bdrgs?\b",
    ),
    "article": any_of(
        r"\barticles?\b",
        r"\blcds?\b",
        r"\bncds?\b",
        r"\bcover",
    ),
    "detail.added": any_of(
        r"effective date",
        r"when (?:was|did)",
        r"added",
    ),
    "authored.medicare_coverage": any_of(
        r"incident[- ]to\b",
        r"split[/ -]+(?:or )?shared",
        BY_OTHERS,
    ),
    "detail.Coverage": any_of(
        r"\b(?:valid|payable|billable|allowed|accepted|good)\b.{0,20}\bmedicare\b",
        r"\bmedicare\b.{0,20}\b(?:accepts?|allows?|recognizes?)\b",
        r"^\W*\w+ medicare\W*$",
    ),
    "authored.compliance": any_of(
        r"document",
        r"audit",
    ),
}
"""Kinds of facts that a question wants first."""
