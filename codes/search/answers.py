"""What a search is asked and what it answers. Pure; imports no Django."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final


class Group(StrEnum):
    """How a code answers a query; groups stand in this order, nothing fuzzy above an exact one."""

    EXACT_CODE = "exact_code"
    CODE_PREFIX = "code_prefix"
    CODE_RANGE = "code_range"
    EXACT_DESCRIPTOR = "exact_descriptor"
    ALL_WORDS = "all_words"
    MOST_WORDS = "most_words"
    CLOSE_SPELLINGS = "close_spellings"


class TermKind(StrEnum):
    """Which of a code's own words matched."""

    CODE = "code"
    DESCRIPTOR = "descriptor"
    INCLUSION_TERM = "inclusion_term"
    INDEX_TERM = "index_term"
    CONSUMER_WORD = "consumer_word"
    SYNONYM = "synonym"


@dataclass(frozen=True, slots=True)
class Filters:
    """What hits are narrowed to; empty or ``None`` narrows nothing."""

    systems: tuple[str, ...] = ()
    """Slugs of code systems."""
    chapter: str = ""
    """Key of a chapter, the top level of a system."""
    section: str = ""
    """Key of a section, the level below it."""
    billable: bool | None = None
    on: date | None = None
    """The day on which the code has to be valid."""
    has_coverage: bool | None = None
    """Whether a Medicare coverage document lists it."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A code that answers a query, and why.

    ``term`` is the code's name that matched best; where only code numbers of a system may be shown
    it is the number. A name that belongs to what the meter counts (a long descriptor other than
    the short one, an inclusion term) may rank a code, but only a viewer whose view of the code
    was counted may be shown it: then ``is_open`` is false. ``readings`` says in words what was
    read otherwise than typed: ``"MI: myocardial infarction"``.
    """

    code_id: int
    group: Group
    term: str
    term_kind: TermKind
    readings: tuple[str, ...]
    score: float
    is_open: bool = True
    """Whether ``term`` may be shown to everybody."""


@dataclass(frozen=True, slots=True)
class Facet:
    """How many of all matches have a value of a filter (``name`` is the field of ``Filters``)."""

    name: str
    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Results:
    """A page of hits, how many there are in all, and how they spread over the filters."""

    hits: tuple[Hit, ...] = ()
    total: int = 0
    is_capped: bool = False
    """Whether there may be more than ``total``."""
    facets: tuple[Facet, ...] = ()
    readings: tuple[str, ...] = ()
    """What was read otherwise than typed, for the query as a whole."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A completion: of a code (with its id) or of words (``code_id`` is ``None``)."""

    text: str
    """What stands in the box when it is taken: the printed code or the words."""
    code_id: int | None
    display: str
    """The printed code, or nothing."""
    system: str
    """The slug of the code's system, or nothing."""
    kind: TermKind = field(default=TermKind.DESCRIPTOR)
    label: str = ""
    """What stands beside it: the descriptor, where it may be shown."""


NO_FILTERS: Final = Filters()
