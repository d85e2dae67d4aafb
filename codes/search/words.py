"""Texts to words, as the index and the query both read them. Pure; imports no Django.

``Crohn's``, ``Crohns`` and ``CROHN`` become one word, and so do ``type II``, ``type two`` and
``type 2``; hyphens part words, accents and case do not count.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import snowballstemmer

NEGLIGIBLE: Final = frozenset(
    "a an and as at be by due for from in is nec nos not of on or other specified the to"  # noqa: SIM905  # a list of words reads best as words
    " unspecified with elsewhere classified whether this that its it into using than".split()
)
"""Words that a code need not have to have all words of a query."""

_WORD: Final = re.compile(r"\d+\.\d+|[a-z0-9]+")
_POSSESSIVE: Final = re.compile(r"(?<=[a-z])['’‘`´]s\b")
_APOSTROPHE: Final = re.compile(r"(?<=[a-z])['’‘`´](?=[a-z])")
_DOTTED: Final = re.compile(r"\b(?:[a-z]\.){2,}")
_THOUSANDS: Final = re.compile(r"(?<=\d),(?=\d{3}\b)")
_ROMAN: Final = {
    "i": "1", "ii": "2", "iii": "3", "iv": "4", "v": "5", "vi": "6", "vii": "7", "viii": "8",
    "ix": "9", "x": "10", "xi": "11", "xii": "12", "xiii": "13",
}  # fmt: skip
_ALWAYS_ROMAN: Final = frozenset(("ii", "iii", "vi", "vii", "viii", "ix", "xi", "xii", "xiii"))
_COUNTED: Final = frozenset(
    "type stage grade class phase level group factor category degree nerve harris bipolar"  # noqa: SIM905  # as above
    " collagen glycogenosis mucopolysaccharidosis syndrome".split()
)
"""Words after which a lone ``i``, ``iv``, ``v`` or ``x`` is a number."""
LONE_NUMERALS: Final = {
    **{letters: _ROMAN[letters] for letters in _ROMAN if letters not in _ALWAYS_ROMAN},
    **{_ROMAN[letters]: letters for letters in _ROMAN if letters not in _ALWAYS_ROMAN},
}
"""What a numeral is where the word before it does not tell, and the other way round."""
NUMBERS: Final = {
    "one": "1", "two": "2", "three": "3", "four": "4", "five": "5", "six": "6", "seven": "7",
    "eight": "8", "nine": "9", "ten": "10", "first": "1st", "second": "2nd", "third": "3rd",
    "fourth": "4th", "fifth": "5th", "sixth": "6th", "seventh": "7th",
}  # fmt: skip
_GREEK: Final = {"α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "µ": "mc", "μ": "mc"}

_stemmer: Final = snowballstemmer.stemmer("english")


def words(text: str) -> list[str]:
    """Return the words of a text in order, folded."""
    found = _WORD.findall(_folded(text))
    for i, word in enumerate(found):
        if word in NUMBERS:
            found[i] = NUMBERS[word]
        elif word in _ROMAN and (word in _ALWAYS_ROMAN or (i and found[i - 1] in _COUNTED)):
            found[i] = _ROMAN[word]
    return found


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return what a word has in common with its other forms: ``fractures`` → ``fractur``."""
    if len(word) < 4 or not word.isalpha():
        return word[:-1] if len(word) > 3 and word.endswith("s") else word
    return str(_stemmer.stemWord(word))


def _folded(text: str) -> str:
    text = text.lower()
    if not text.isascii():
        text = "".join(_GREEK.get(letter, letter) for letter in text)
        text = unicodedata.normalize("NFKD", text.replace("ß", "ss").replace("æ", "ae"))
        text = "".join(c for c in text if not unicodedata.combining(c)).lower()
    if "," in text:
        text = _THOUSANDS.sub("", text)
    if "." in text:
        text = _DOTTED.sub(lambda letters: letters[0].replace(".", "") + " ", text)
    if not text.isascii() or "'" in text or "`" in text:
        text = _APOSTROPHE.sub("", _POSSESSIVE.sub("", text))
    return text
