"""Finds and masks what identifies a patient in a text. Pure; imports no Django.

A safety net, not de-identification: it knows numbers and dates by their shape or by the words
before them, and misses what has neither, above all bare names. presidio-analyzer runs the
patterns; no language model, no network. The text reaches no store of words: spaCy keeps every
word that it reads for as long as the process lives, so presidio gets an empty document.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from threading import Lock
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from presidio_analyzer import AnalyzerEngine, PatternRecognizer, RecognizerResult
    from presidio_analyzer.nlp_engine import NlpArtifacts

MAX_CHARACTERS = 100_000
_STRETCH = 2_000
_BEFORE, _BEHIND = 120, 300  # more than any label before a find, and than the longest find


class Kind(StrEnum):
    """What an identifier is, in words that can stand in a sentence and in a mask."""

    SSN = "Social Security number"
    MBI = "Medicare beneficiary identifier"
    NPI = "NPI of a person"
    RECORD_NUMBER = "record, account or member number"
    BIRTH_DATE = "date of birth"
    NAME = "name"
    PHONE = "phone number"
    EMAIL = "e-mail address"
    ADDRESS = "address"


@dataclass(frozen=True, slots=True)
class Identifier:
    """Where an identifier stands: ``text[start:end]``."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Masked:
    """A text with ``[date of birth]`` and the like in place of identifiers, and their kinds."""

    text: str
    kinds: tuple[Kind, ...]


def find(text: str) -> list[Identifier]:
    """Return the identifiers in their order; they do not overlap. About 1 ms a page of text.

    ``ValueError`` beyond ``MAX_CHARACTERS``. Safe to call from several threads.
    """
    if len(text) > MAX_CHARACTERS:
        raise ValueError(f"More than {MAX_CHARACTERS:,} characters.")
    if not text.strip():
        return []
    plain = _plain(text)
    found = [each for start in range(0, len(text), _STRETCH) for each in _stretch(plain, start)]
    return _apart(found, len(text))


def mask(text: str) -> Masked:
    """Return the text with each identifier replaced by its kind in brackets."""
    pieces, at, found = [], 0, find(text)
    for identifier in found:
        pieces += [text[at : identifier.start], f"[{identifier.kind.value}]"]
        at = identifier.end
    kinds = tuple(dict.fromkeys(identifier.kind for identifier in found))
    return Masked("".join([*pieces, text[at:]]), kinds)


# --- The patterns. Each is linear: every repetition is bounded, so no text makes them slow. ------
# They run with the ``regex`` library; what stands before \K is looked at but is not the identifier.

_GAP = r"[\s:#=.\-]{0,6}"  # between a label and its value
_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DATE = (
    r"(?:\d{1,2}[/.\-\s]\d{1,2}[/.\-\s](?:\d{4}|\d{2})(?!\d)|\d{4}[/.\-]\d{1,2}[/.\-]\d{1,2}(?!\d)"
    rf"|\d{{1,2}}(?:st|nd|rd|th)?[\s\-]{{0,2}}{_MONTH},?[\s\-]{{0,2}}(?:\d{{4}}|\d{{2}})(?!\d)"
    rf"|{_MONTH}\s{{0,2}}\d{{1,2}}(?:st|nd|rd|th)?,?\s{{1,2}}\d{{4}}(?!\d)|\d{{8}}(?!\d))"
)
_NUMBER_WORD = r"(?:number|num|nbr|no|id|identifier|\#)"
_RECORD_LABELS = "|".join(
    [
        rf"(?:MRN|MR\s?\#|HICN?|CSN|FIN)(?:\s?{_NUMBER_WORD})?",
        rf"(?:medical|health|hospital)\s+record(?:\s{{1,2}}{_NUMBER_WORD})?",
        rf"(?:member|subscriber|policy|beneficiary|insurance|medicaid|medicare|patient|pt|group"
        rf"|account|acct|chart|encounter|visit|claim|case|license|driver'?s\slicense|passport)"
        rf"\s{{0,2}}{_NUMBER_WORD}",
        r"(?:account|acct|policy)(?=\s?[:#=])",
    ]
)
# A number behind such words has four digits or more, among letters and dashes. "member id 99213"
# is a member's: whoever writes a label means it.
_RECORD_VALUE = r"(?=(?:[A-Z\-]{0,8}\d){4})[A-Z0-9][A-Z0-9\-]{3,24}(?![A-Z0-9])"
_PHONE = (
    r"(?<![\w\-.+/])(?:\+?1[\s.\-]{0,2})?(?:\([2-9]\d{2}\)\s?|[2-9]\d{2}[\s.\-])\d{3}[\s.\-]\d{4}"
    r"(?:\s{0,2}(?:x|ext\.?)\s{0,2}\d{1,6})?(?![\w\-])"
)
_PHONE_LABELED = (
    r"\b(?:phone|telephone|tel|cell|mobile|fax|home|work|call-?back|call|reached\s+at)"
    r"(?:\s?(?:number|no|\#))?[\s:.#]{1,4}(?:at\s|is\s)?"
    r"\K(?:\d{10}|\+?1?[\s.\-]?\d{3}[\s.\-]\d{4})(?![\w\-])"
)
_PHONE_ABROAD = r"(?<![\w+])\+(?!1\D)\d{1,3}(?:[\s.\-]?\(?\d{2,4}\)?){2,5}(?![\w\-])"
_EMAIL = (
    r"(?<![\w.+%'\-])[\w.+%'\-]{1,64}\s?@\s?[A-Z0-9\-]{1,63}(?:\.[A-Z0-9\-]{1,63}){1,5}(?![A-Z0-9])"
)
_STREET = (
    r"(?:Street|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Court|Ct|Circle|Cir|Place|Pl|Way"
    r"|Terrace|Ter|Parkway|Pkwy|Highway|Hwy|Trail|Square|Sq|Loop"
    r"|(?:St|Dr)(?!\.?[ ](?!Apt|Unit|Suite|Ste)[A-Z][a-z]))"
)
_PLACE = r"(?:,?\s{1,2}[A-Z][A-Za-z.\-]{1,20}){1,3},?\s{1,2}[A-Z]{2}[\s,]{1,2}\d{5}(?:-\d{4})?\b"
_UNIT = r"(?:,?\s{1,2}(?:Apt|Apartment|Unit|Suite|Ste|Rm|No)?\.?\s?\#?\s?[A-Z]?\d{1,5}[A-Z]?\b)?"
# As people write addresses: with capitals, so these patterns mind them.
_ADDRESS = (
    rf"(?<![\w.\-/])\d{{1,6}}[A-Z]?\s{{1,2}}(?:(?:[NSEW]|[NS][EW]|North|South|East|West)\.?\s{{1,2}})?"
    rf"(?!French\b)(?:(?:[A-Z][a-z'\-]{{1,20}}|\d{{1,3}}(?:st|nd|rd|th))\.?\s{{1,2}}){{1,3}}{_STREET}\b\.?"
    rf"{_UNIT}(?:{_PLACE})?"
)
_PO_BOX = rf"\bP\.?\s?O\.?\s?Box\s{{1,2}}\d{{1,6}}\b(?:{_PLACE})?"
_ADDRESS_LABELED = (
    r"\b(?:(?:lives?|resid(?:es?|ing)|living|residence)\s{1,2}(?:is\s)?at\s{1,2}"
    r"|(?:home\s|mailing\s|street\s)?address(?:\sis)?[\s:]{1,3})\K\d{1,6}\s[^\n;.]{3,70}"
)
_WORD_OF_NAME = r"[A-Z][A-Za-z'\-]{1,20}"
_NAME_PARTS = rf"{_WORD_OF_NAME}(?:(?:,?[ ]{{1,2}}){_WORD_OF_NAME}|[ ][A-Z]\b\.?){{0,3}}"
_FIELD_BEHIND = r"(?=[ ]{0,3}(?:$|\n|,|;|\||\(|DOB|MRN|Age|Sex|Date|D\.O\.B))"
_NAMES = [
    # The next field of a header line is no part of the name.
    r"\b(?:[Pp]atient|PATIENT|[Pp]t|PT|[Mm]ember|MEMBER|[Ii]nsured|[Ss]ubscriber)(?:'s)?[ ]"
    rf"(?:[Nn]ame|NAME)[ ]?[:=]?[ ]{{1,3}}\K{_NAME_PARTS}?{_FIELD_BEHIND}",
    rf"\b(?:Name|NAME)[ ]?[:=][ ]{{0,3}}\K{_NAME_PARTS}?{_FIELD_BEHIND}",
    rf"\b(?:Patient|PATIENT|Pt|PT)[ ]?:[ ]{{0,3}}\K{_WORD_OF_NAME}"
    rf"(?:,?[ ]{_WORD_OF_NAME}|[ ][A-Z]\b\.?){{1,2}}{_FIELD_BEHIND}",
    # Two or three words with capitals right before a date of birth or a record number.
    r"(?<![\w'-])(?<!\b(?:[Dd]x|DX|[Dd]iagnosis|for|with|of|has|and)[ :]{1,3})"
    rf"{_WORD_OF_NAME}(?:,?[ ]{_WORD_OF_NAME}|[ ][A-Z]\.?){{1,2}}"
    r"(?=[ ,;:(|-]{1,4}(?:DOB|D\.O\.B|MRN|SSN|born|dob|mrn|ssn)\b)",
    r"\b(?:Mr|Mrs|Ms|Miss|MR|MRS|MS)\.?[ ]\K[A-Z][a-z][A-Za-z'\-]{1,20}"
    r"(?:[ ][A-Z][a-z][A-Za-z'\-]{1,20})?",
]

_PATTERNS: dict[Kind, list[str]] = {
    Kind.SSN: [
        rf"\b(?:SSN|SS\s?\#|social\s+security(?:\s+{_NUMBER_WORD})?|last\s+four){_GAP}(?:is\s)?"
        r"\K(?:\d{9}|\d{3}[\s.\-]?\d{2}[\s.\-]?\d{4}|[X*]{3}-?[X*]{2}-?\d{4})(?!\d)",
        r"(?<![\w\-])[X*]{3}-?[X*]{2}-?\d{4}(?![\w\-])",
        # Areas, groups and serials that no SSN has are left to what they are.
        r"(?<![\w\-./])(?!000|666|9\d\d)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w\-/])",
    ],
    Kind.MBI: [
        r"(?<![A-Z0-9\-])[1-9][AC-HJKMNP-RT-Y][0-9AC-HJKMNP-RT-Y]\d\s[AC-HJKMNP-RT-Y]"
        r"[0-9AC-HJKMNP-RT-Y]\d\s[AC-HJKMNP-RT-Y]{2}\d{2}(?![A-Z0-9\-])"
    ],
    Kind.RECORD_NUMBER: [
        rf"\b(?:{_RECORD_LABELS}){_GAP}(?:is\s|of\s)?{_GAP}\K{_RECORD_VALUE}",
    ],
    Kind.BIRTH_DATE: [
        r"\b(?:DOB|D\.O\.B\.?|birth\s?-?date|date\s+of\s+birth|birthday|born(?:\s+on)?)"
        rf"[\s:=(\-]{{0,6}}(?:is\s)?\K{_DATE}",
        rf"{_DATE}(?=[\s)]{{0,2}}\(?\s?(?:DOB|date\sof\sbirth)\b)",
    ],
    Kind.PHONE: [_PHONE, _PHONE_LABELED, _PHONE_ABROAD],
    Kind.EMAIL: [_EMAIL],
    Kind.ADDRESS: [_ADDRESS_LABELED],
}
_PATTERNS_WITH_CAPITALS: dict[Kind, list[str]] = {
    Kind.ADDRESS: [_ADDRESS, _PO_BOX],
    Kind.NAME: _NAMES,
}
# An NPI is a provider's; one said to be an organisation's identifies nobody.
_NPI = (
    r"\bNPI(?:\s?(?:number|no|\#))?[\s:#=.\-]{0,6}(?:is\s)?\K"
    r"[12]\d{3}[\s\-]?\d{3}[\s\-]?\d{3}(?!\d)"
)
_ORGANISATION = (
    r"(?:facility|organi[sz]ation(?:al)?|group|hospital|clinic|practice|pharmacy|lab|laboratory"
    r"|type\s2|billing)"
)
_NPI_OF_PERSON = rf"(?<!\b{_ORGANISATION}(?:'s)?\s{{1,2}}){_NPI}"


# --- Loading -------------------------------------------------------------------------------------

_lock = Lock()
_PRESIDIO_KINDS = {"US_MBI": Kind.MBI}


def _loaded() -> "tuple[AnalyzerEngine, NlpArtifacts]":
    with _lock:  # one thread loads; presidio and spaCy take a second
        return _load()


@cache
def _load() -> "tuple[AnalyzerEngine, NlpArtifacts]":
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import NlpArtifacts, SpacyNlpEngine

    blank = spacy.blank("en")
    engine = SpacyNlpEngine(models=[{"lang_code": "en", "model_name": "blank"}])
    engine.nlp = {"en": blank}  # type: ignore[assignment]  # presidio declares it as None
    registry = RecognizerRegistry(recognizers=_recognizers(), supported_languages=["en"])
    analyzer = AnalyzerEngine(
        registry=registry,
        nlp_engine=engine,
        context_aware_enhancer=_no_context(),
        supported_languages=["en"],
    )
    nothing_read = NlpArtifacts(
        entities=[],
        tokens=blank(""),
        tokens_indices=[],
        lemmas=[],
        nlp_engine=engine,
        language="en",
    )
    return analyzer, nothing_read


def _recognizers() -> "list[PatternRecognizer]":
    from presidio_analyzer import Pattern, PatternRecognizer
    from presidio_analyzer.predefined_recognizers import UsMbiRecognizer

    def recognizer(kind: Kind, patterns: Iterable[str], flags: int) -> PatternRecognizer:
        return PatternRecognizer(
            supported_entity=kind.name,
            name=f"{kind.name} {flags}",
            patterns=[Pattern(f"{kind.name} {n}", each, 0.9) for n, each in enumerate(patterns)],
            global_regex_flags=flags,
        )

    any_case = {**_PATTERNS, Kind.NPI: [_NPI_OF_PERSON]}
    return [
        UsMbiRecognizer(),
        *(recognizer(kind, each, re.IGNORECASE) for kind, each in any_case.items()),
        *(recognizer(kind, each, re.MULTILINE) for kind, each in _PATTERNS_WITH_CAPITALS.items()),
    ]


def _no_context() -> Any:
    """Return presidio's step that looks at words around a find, as one that does nothing.

    Our patterns hold their own context; the real one would need the words of the text.
    """
    from presidio_analyzer.context_aware_enhancers import ContextAwareEnhancer

    class NoContext(ContextAwareEnhancer):
        def enhance_using_context(
            self,
            text: str,
            raw_results: "list[RecognizerResult]",
            *_: Any,
            **__: Any,
        ) -> "list[RecognizerResult]":
            return raw_results

    return NoContext(
        context_similarity_factor=0,
        min_score_with_context_similarity=0,
        context_prefix_count=0,
        context_suffix_count=0,
    )


def _plain(text: str) -> str:
    """Return the text with typographic dashes, spaces and quotes as plain ones; same length."""
    return text.translate(_PLAIN)


_PLAIN = {
    **dict.fromkeys(map(ord, "‐‑‒–—−﹣－"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\t"), " "),
    **dict.fromkeys(map(ord, "’‘ʼ"), "'"),
    ord("："): ":",
    **{ord("０") + digit: str(digit) for digit in range(10)},
}


def _stretch(text: str, start: int) -> list[Identifier]:
    """Return what begins in one stretch of the text, each find read with what is around it.

    presidio compares every find with every other, so a long text is given to it in stretches.
    """
    analyzer, nothing_read = _loaded()
    offset = max(0, start - _BEFORE)
    around = text[offset : start + _STRETCH + _BEHIND]
    results = analyzer.analyze(around, language="en", nlp_artifacts=nothing_read)
    found = [
        Identifier(
            _PRESIDIO_KINDS.get(each.entity_type) or Kind[each.entity_type],
            each.start + offset,
            each.end + offset,
        )
        for each in results
    ]
    return [each for each in found if start <= each.start < start + _STRETCH]


def _apart(found: list[Identifier], length: int) -> list[Identifier]:
    """Return the finds in order; of two that overlap the longer, then the more telling kind."""
    order = list(Kind)
    kept: list[Identifier] = []
    taken = bytearray(length)
    for each in sorted(found, key=lambda f: (f.start - f.end, order.index(f.kind), f.start)):
        if taken.find(1, each.start, each.end) < 0:
            taken[each.start : each.end] = b"\x01" * (each.end - each.start)
            kept.append(each)
    return sorted(kept, key=lambda f: f.start)
