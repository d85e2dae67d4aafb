"""What an unknown abbreviation may stand for: the names tell by their initials. Pure.

``esrd`` is in no table and in no name, but ``End stage renal disease`` is a name.
"""

from typing import Final

import numpy as np

from codes.search.index import Index

SHORTEST: Final = 3
LONGEST: Final = 6
MEANINGS: Final = 3
_MOST_WINDOWS: Final = 20_000


def meanings(index: Index, word: str) -> list[str]:
    """Return the words that begin with the letters of ``word``, the most frequent phrase first.

    Looks at the places where its first two letters are initials side by side.
    """
    if not (SHORTEST <= len(word) <= LONGEST and word.isalpha()):
        return []
    starts = index.initials_from(word[:2])
    starts = starts[starts <= len(index.initials) - len(word)]
    for place, letter in enumerate(word[2:], 2):
        starts = starts[index.initials[starts + place] == ord(letter)]
    starts = starts[:_MOST_WINDOWS]
    if not starts.size:
        return []
    phrases = index.initial_words[starts[:, None] + np.arange(len(word))]
    distinct, counts = np.unique(phrases, axis=0, return_counts=True)
    best = np.argsort(-counts, kind="stable")[:MEANINGS]
    words = index.vocabulary.words
    return [" ".join(words[number] for number in distinct[i].tolist()) for i in best]
