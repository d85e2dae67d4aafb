"""What the engine returns: an answer of statements, each bound to the facts that it rests on.

Pages, mail, JSON and the terminal render these structures; nothing in them is HTML. Pure: imports
no Django.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from codes.metering import Access


class Topic(StrEnum):
    """The seven things that one can ask about, as the code page names them."""

    CODES = "CPT Codes"
    GUIDELINES = "Guidelines"
    MODIFIERS = "Modifiers"
    CROSSWALKS = "Crosswalks"
    NCCI = "NCCI Edits"
    COMPLIANCE = "Compliance"
    COVERAGE = "Medicare Coverage"


class Level(StrEnum):
    """Who may read a fact; a fact above what its reader may see is not even loaded."""

    OPEN = "open"
    """Everybody: what a code page, the search or a modifier's page shows without a view."""
    DESCRIBED = "described"
    """Whoever has opened the code's page: the official and the plain descriptions."""
    MEMBERS = "members"
    """Registered users, without a view: what the NCCI check shows."""
    UNLOCKED = "unlocked"
    """Registered users who have opened the code's page: the six sections."""


class Outcome(StrEnum):
    """How far the question was answered."""

    ANSWERED = "answered"
    PARTLY = "partly"
    REFUSED = "refused"


class Reason(StrEnum):
    """Why an answer is not whole; empty for one that is."""

    NONE = ""
    UNKNOWN_CODE = "unknown code"
    """A code that the question names is in no edition held here."""
    NO_DATA = "no data"
    """The file that would answer is not loaded, or holds nothing for that day."""
    NO_MATCH = "no confident match"
    """Nothing here is near enough to the words of the question."""
    LOCKED = "locked"
    """The asker has not opened the page that holds the rest."""
    LICENCE = "licensed text"
    """The wording is a publisher's, which this site may not show."""
    ADVICE = "advice for a person"
    """Medical or legal advice, which nobody gets here."""
    OUTSIDE = "outside coding"
    UNCLEAR = "no question found"
    """Empty, or nothing but punctuation."""


class Kind(StrEnum):
    """What a statement is to its reader."""

    SHORT = "short"
    """The short answer; the first statements of a part."""
    DETAIL = "detail"
    QUOTE = "quote"
    """Wording of a file or of an authored text, unchanged."""
    READING = "reading"
    """How the question was read, where it can be read otherwise."""
    MISSING = "missing"
    """What is not held here, and what would fill it."""
    LOCKED = "locked"
    """What there is for whoever opens the page."""
    REFUSAL = "refusal"


@dataclass(frozen=True, slots=True)
class Edition:
    """The release that a fact is from; ``release`` is its row id."""

    release: int
    source: str
    name: str
    label: str
    effective_on: date
    file_name: str
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class Citation:
    """One row of the database. ``line`` is where it stands in its file, where that is known.

    ``edition`` is empty for what is written on this site itself, which ``title`` then names.
    ``url`` leads to the page and the place that show it, within the site.
    """

    table: str
    row: int
    title: str
    url: str = ""
    line: int | None = None
    edition: Edition | None = None


@dataclass(frozen=True, slots=True)
class CodeRef:
    """A code of an answer. ``code_id`` is empty where the site holds no page of it.

    ``words`` is the short descriptor as far as the licence lets it be shown. ``access`` is what
    the asker has opened; ``is_subject`` says that the question is about it.
    """

    system: str
    display: str
    key: str
    code_id: int | None = None
    url: str = ""
    noun: str = ""
    words: str = ""
    is_billable: bool = False
    is_deleted: bool = False
    is_subject: bool = False
    access: Access = Access.LEAD

    @property
    def title(self) -> str:
        """The code as headings print it, such as “CPT® Code 99213”."""
        return f"{self.noun} {self.display}".strip()


@dataclass(frozen=True, slots=True)
class Fact:
    """What rows say, in words; its ``id`` is unique within an answer.

    ``values`` are the printed fields of the cited rows, ``meaning`` what this site's tables of
    indicators say of them, ``derived`` what is worked out of rows (amounts, counts), ``asked`` what
    the question itself named, such as a day or a code that does not exist. A code, a number or a
    date in ``text`` stands in one of them (guard.py). ``kind`` names the sort of fact.
    """

    id: str
    kind: str
    topic: Topic
    text: str
    citations: tuple[Citation, ...]
    level: Level
    code: CodeRef | None = None
    values: tuple[str, ...] = ()
    meaning: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()
    asked: tuple[str, ...] = ()
    is_quote: bool = False


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence or two, or a quotation, and the facts that it rests on.

    ``part`` is the number of the question in the message that it belongs to, from 0.
    """

    text: str
    kind: Kind
    facts: tuple[Fact, ...] = ()
    topic: Topic = Topic.CODES
    part: int = 0

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The rows that it rests on, each once."""
        return tuple(dict.fromkeys(one for fact in self.facts for one in fact.citations))


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A question that may come next; ``text`` can be asked as it is."""

    text: str
    topic: Topic


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one message.

    ``question`` is the message with identifiers of patients masked. ``understood`` is what was
    read, as plain values: it is the context of the next turn. ``notices`` are sentences about the
    answer as a whole (samples, masked identifiers, the AMA's line). ``day`` is the day that was
    asked about, ``None`` for the editions shown now.
    """

    question: str
    outcome: Outcome
    reason: Reason = Reason.NONE
    statements: tuple[Statement, ...] = ()
    codes: tuple[CodeRef, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    notices: tuple[str, ...] = ()
    understood: Mapping[str, object] = field(default_factory=dict)
    day: date | None = None

    @property
    def facts(self) -> tuple[Fact, ...]:
        """Every fact of the answer once, in order."""
        return tuple(dict.fromkeys(fact for one in self.statements for fact in one.facts))

    @property
    def subjects(self) -> tuple[CodeRef, ...]:
        """The codes that the question is about."""
        return tuple(code for code in self.codes if code.is_subject)


Unlock = Callable[[Sequence[CodeRef]], Mapping[int, Access]]
"""Given the subject codes that have a page, in the order asked, says what of each the asker may
see, by ``code_id``; one that is left out is ``Access.LEAD``. Called at most once for an answer."""


def nothing_unlocked(codes: Sequence[CodeRef]) -> Mapping[int, Access]:
    """Let nothing but open facts through."""
    return {}


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: a registered user or a guest, and what of each subject code is open to them."""

    is_registered: bool = False
    unlock: Unlock = nothing_unlocked


GUEST = Asker()
