"""The shape of a list of cues, and the words where the reach of one ends. Pure data."""

from dataclasses import dataclass
from enum import StrEnum


class Status(StrEnum):
    """How a finding is meant; in the order in which one outweighs another."""

    DENIED = "denied"
    HYPOTHETICAL = "hypothetical"
    FAMILY = "family history"
    UNCERTAIN = "uncertain"
    PAST = "history of"
    PLANNED = "planned"
    STATED = "stated"


@dataclass(frozen=True, slots=True)
class Cues:
    """The lists of one status.

    ``before`` reaches what follows up to an end, ``behind`` what stands before it in the sentence.
    ``near`` is behind a finding, last in its list item, and reaches that item alone. ``around``
    reaches the finding right before it; what follows needs ``before`` too.
    """

    before: tuple[str, ...]
    behind: tuple[str, ...] = ()
    near: tuple[str, ...] = ()
    around: tuple[str, ...] = ()
    pseudo: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    minds_verbs: bool = False
    """Whether verbs of ``VERBS`` end a reach where they begin a new statement."""


def phrases(text: str) -> tuple[str, ...]:
    """Return the phrases of a block, each once."""
    return tuple(dict.fromkeys(" ".join(phrase.split()) for phrase in text.split("|")))


TURNING = phrases(
    """
    but | however | although | though | except | except for | aside from | apart from |
    nevertheless | yet | still | otherwise | instead | other than | besides | whereas
    """
)
TURNS = frozenset(TURNING)
BEHIND_ITEM = frozenset(
    phrases(
        """
        but | and | or | by | on | after | per | based | given | at | in | this | today | so |
        because | as | though | until | however | yet | from | who | which | with
        """
    )
)
"""Words behind a word such as “negative” that do not make it part of something else."""
TESTS = frozenset(
    phrases(
        """
        serologies | swabs | cultures | titers | tests | screens | studies | markers | antibodies |
        antigens | smears | assays | biopsies | results
        """
    )
)
"""Tests of which one word behind tells for all: "hepatitis B and C serologies nonreactive"."""
# These end a reach wherever they stand …
SAYING = phrases(
    """
    reports | reporting | complains | complaining | complains of | endorses | endorsing | admits |
    presents | presenting | presented | positive for | (+) | found to have | diagnosed with |
    status post | s/p | here for | seen for | reason for | cause of | cause for | etiology of |
    source of | because of | started | continue | continues | plan
    """
)
# … and these only where a new statement begins: after a comma, “and”, “she”, “which” and the like.
VERBS = frozenset(
    phrases(
        """
        has | have | had | is | are | was | were | will | shows | showed | reveals | revealed |
        demonstrates | demonstrated | developed | develops | notes | noted | reported | report |
        found | now | currently
        """
    )
)
OPENERS = frozenset(
    phrases(
        """
        , | ; | and | but | he | she | they | it | pt | patient | also | still | does | did |
        there | however
        """
    )
)
