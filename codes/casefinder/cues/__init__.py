"""The words that say how a finding is meant: denied, doubted, of the family, past, not yet.

Lists in the shape of NegEx (Chapman and others, 2001): words before a finding, words behind it,
phrases that look like one and are not, and words where the reach of one ends. Pure data.
"""

from codes.casefinder.cues.denied import DENIED
from codes.casefinder.cues.family import FAMILY
from codes.casefinder.cues.hypothetical import HYPOTHETICAL
from codes.casefinder.cues.past import PAST
from codes.casefinder.cues.planned import PLANNED
from codes.casefinder.cues.shape import (
    BEHIND_ITEM,
    OPENERS,
    TESTS,
    TURNS,
    VERBS,
    Cues,
    Status,
    phrases,
)
from codes.casefinder.cues.uncertain import UNCERTAIN

__all__ = ["ALL", "BEHIND_ITEM", "OPENERS", "TESTS", "TURNS", "VERBS", "Cues", "Status", "phrases"]

ALL: dict[Status, Cues] = {
    Status.DENIED: DENIED,
    Status.HYPOTHETICAL: HYPOTHETICAL,
    Status.FAMILY: FAMILY,
    Status.UNCERTAIN: UNCERTAIN,
    Status.PAST: PAST,
    Status.PLANNED: PLANNED,
}
