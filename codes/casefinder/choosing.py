"""Which hits of a search are candidates, and which code below a heading a note asks for. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import local
from typing import Final

import snowballstemmer

from codes.casefinder.words import EMPTY, WEAK
from codes.search.answers import Group, Hit, TermKind

MIN_CONFIDENCE = 0.5
_WORD = re.compile(r"[^\W_]+")
_STRENGTH = {
    Group.EXACT_CODE: 1.0,
    Group.CODE_PREFIX: 0.6,
    Group.EXACT_DESCRIPTOR: 1.0,
    Group.ALL_WORDS: 0.95,
    Group.MOST_WORDS: 0.8,
    Group.CLOSE_SPELLINGS: 0.7,
}


class _Stemmer(local):
    """A stemmer for each thread: it keeps the word that it works on."""

    def __init__(self) -> None:
        self.english = snowballstemmer.stemmer("english")


_stemmer = _Stemmer()


@lru_cache(maxsize=4096)
def stem(word: str) -> str:
    """Return the English stem of a word in small letters; ``forget`` empties what it keeps."""
    return str(_stemmer.english.stemWord(word))


def forget() -> None:
    """Keep no word of a note."""
    stem.cache_clear()


@dataclass(frozen=True, slots=True)
class Setting:
    """What the whole note says of the patient; some chapters are only for some patients."""

    is_pregnant: bool
    is_newborn: bool
    had_accident: bool
    had_reaction: bool
    diabetes: frozenset[str]
    """The categories of diabetes beside type 2 that the note has words for."""

    @classmethod
    def of(cls, note: str, told: str) -> "Setting":
        """Read the note, and of it what is told of the patient as a fact; linear."""
        return cls(
            is_pregnant=bool(_PREGNANT.search(note)),
            is_newborn=bool(_NEWBORN.search(note)),
            had_accident=bool(_ACCIDENT.search(note)),
            had_reaction=bool(_REACTION.search(note)),
            diabetes=frozenset(key for key, words in _DIABETES.items() if words.search(told)),
        )

    def allows(self, key: str) -> bool:
        """Return whether a code of ICD-10-CM may be meant.

        Chapter 15 is for the pregnant and those who gave birth, chapter 16 for newborns
        (Guidelines I.C.15.a and I.C.16.a); causes of injury and effects of drugs want words for
        them, and so do kinds of diabetes other than type 2 (I.C.4.a.2).
        """
        if key[0] == "O" or key.startswith(("Z34", "Z36", "Z39", "Z33")):
            return self.is_pregnant
        if key[0] == "P" or key.startswith("Z38"):
            return self.is_newborn
        if key[0] in "VWXY":
            return self.had_accident
        if "T36" <= key[:3] <= "T65":
            return self.had_reaction or (self.had_accident and key[:3] > "T50")
        if key.startswith(("E08", "E09", "E10", "E13")):
            return key[:3] in self.diabetes
        # Left to the rules, which read numbers and drugs.
        return not key.startswith(("Z3A", "Z68", "Z79"))


def _any_of(words: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{words})", re.IGNORECASE)


_DIABETES = {
    "E08": _any_of(r"due to|secondary|pancrea|cystic fibrosis|cushing|underlying"),
    "E09": _any_of(r"induced|steroid|drug"),
    "E10": _any_of(r"type (?:1|i)\b|T1DM?|DM ?(?:1|I)\b|IDDM|juvenile|ketosis-prone|LADA"),
    "E13": _any_of(r"post-?pancreatect|pancreatectomy|MODY|monogenic|secondary diabetes|type 3c"),
}
_PREGNANT = _any_of(
    r"pregnan|gestation|gravid|G\d ?P\d|trimester|post-?partum|in labor|prenatal|antenatal"
    r"|cesarean|c-section|puerper|obstetric|IUP\b|preeclampsia|eclampsia|ectopic|miscarriage"
)
_NEWBORN = _any_of(r"newborn|neonat|born at|\d{1,2}[ -]day[s]?[ -]old|NICU\b|apgar|perinatal")
_ACCIDENT = _any_of(
    r"fell|fall(?:s|en|ing)?\b|accident|collision|MV[AC]\b|crash|struck|hit by|kicked|bitten"
    r"|bite\b|stung|burn|assault|slipped|tripped|twisted|cut (?:his|her)|caught|crush|injur"
    r"|stabbed|gunshot|bicycle|exposure|drown|playing|lifting|sport"
)
_REACTION = _any_of(
    r"adverse|overdos|poison|toxic|reaction|side effect|underdos|noncomplian|ingest|intoleran"
    r"|induced|not taking|ran out|stopped taking|accidental"
)


# Words of descriptors that a note need not say.
_FILLING = frozenset(
    stem(word)
    for word in (
        "unspecified", "specified", "site", "encounter", "initial", "subsequent", "sequela",
        "elsewhere", "classified", "nos", "nec", "organism", "region", "injection", "per", "mg",
        "units", "not", "otherwise", "each", "any", "type",
    )
)  # fmt: skip
_HAS_ALL = (Group.EXACT_DESCRIPTOR, Group.ALL_WORDS)


def confidence(words: Sequence[str], hit: Hit, *, beside: str = "") -> float:
    """Return from 0 to 1 how much of a query a hit's own words have, and how little more.

    ``beside`` are words that were searched for with those of the note, such as "family history of".
    """
    strength = _STRENGTH[hit.group]
    if hit.term_kind is TermKind.CODE:
        return strength
    said = _said(words, hit.readings)
    term = {stem(word) for word in _WORD.findall(hit.term.lower())} - EMPTY
    mass = sum(weight for _, weight in said)
    had = sum(weight for stems, weight in said if stems & term)
    if hit.group in _HAS_ALL:  # another name of the code has the words that this one lacks
        had = mass
    if not mass or not had:
        return 0.0
    known = set().union(*(stems for stems, _ in said))
    said_of_it = term - _FILLING - {stem(word) for word in beside.split()} or term
    named = len(said_of_it & known) / len(said_of_it)
    # One word says little of a long name; many words need not say all of it.
    share = min(0.7, 0.3 + 0.1 * sum(weight == 1.0 for _, weight in said))
    if hit.group is Group.EXACT_DESCRIPTOR:
        return strength * (had / mass)
    if hit.term.startswith("Other ") and "other" not in words:
        strength *= 0.9
    return strength * (had / mass) * (share + (1 - share) * named)


def at_least(best: float) -> float:
    """Return the confidence that hits beside one of confidence ``best`` need."""
    return max(MIN_CONFIDENCE, best * (0.8 if best >= 0.95 else 0.65))


def says_without(words: str, hit: Hit) -> bool:
    """Return whether a hit's own words say that these are lacking."""
    _, _, behind = hit.term.lower().partition("without ")
    lacking = {stem(word) for word in _WORD.findall(behind)}
    return {stem(word) for word in _WORD.findall(words.lower())} <= lacking


def has_word_of(words: Sequence[str], hit: Hit) -> bool:
    """Return whether a hit's own words have a word that names something among these."""
    term = {stem(word) for word in _WORD.findall(hit.term.lower())}
    said = _said(words, hit.readings)
    strong = [stems for stems, weight in said if weight == 1.0]
    return any(stems & term for stems in strong or (stems for stems, _ in said))


def _said(words: Iterable[str], readings: Iterable[str]) -> list[tuple[frozenset[str], float]]:
    """Return for each word the stems that it stands for, and how much it says."""
    meanings: dict[str, set[str]] = {}
    for reading in readings:
        typed, _, means = reading.partition(":")
        stems = {stem(word) for word in _WORD.findall(means.lower())}
        for word in _WORD.findall(typed.lower()):
            meanings.setdefault(word, set()).update(stems)
    said: list[tuple[frozenset[str], float]] = []
    for word in words:
        for piece in _WORD.findall(word.lower()):
            meant = frozenset({stem(piece), *meanings.get(piece, ())})
            said.append((meant, 0.4 if piece in WEAK or piece.isdigit() else 1.0))
    return said


# --- Below a heading -----------------------------------------------------------------------------

SIDES: Final = {
    "left": "left",
    "lt": "left",
    "right": "right",
    "rt": "right",
    "bilateral": "bilateral",
    "bilaterally": "bilateral",
    "both": "bilateral",
}
_INJURY = _any_of(r"fracture|fx\b|laceration|sprain|strain|dislocat|injur|wound|burn|contusion")
_LATER = _any_of(
    r"follow[- ]?up|healing|healed|cast (?:removal|change)|suture removal|staple removal|subsequent"
    r"|recheck|post-?op(?:erative)? visit|routine"
)
_SEQUELA = _any_of(r"sequela|late effect|residual|scar (?:from|due)")


def side_of(text: str) -> str:
    """Return the one side that a text names, or "" for none or several."""
    sides = {SIDES[word] for word in _WORD.findall(text.lower()) if word in SIDES}
    return sides.pop() if len(sides) == 1 else ("bilateral" if sides == {"left", "right"} else "")


def encounter_of(sentence: str, complaint: str) -> str:
    """Return the 7th character that the words ask for: A, D or S (Guidelines I.C.19.a).

    ``complaint`` is why the patient came, as far as the note says.
    """
    if _SEQUELA.search(sentence):
        return "S"
    is_later = _LATER.search(sentence) or (_INJURY.search(complaint) and _LATER.search(complaint))
    return "D" if is_later else "A"


@dataclass(frozen=True, slots=True)
class Choice:
    """A code to choose from; ``extra`` is what its descriptor adds to that of the heading."""

    pk: int
    key: str
    descriptor: str


def choose(
    above: str, choices: Sequence[Choice], words: Iterable[str], side: str, encounter: str
) -> Choice | None:
    """Return the one choice that the words of a note ask for, or ``None`` where they do not say."""
    if not choices:
        return None
    if len(choices) == 1:
        return choices[0]
    words = list(words)
    if all(len(each.key) == 7 for each in choices):
        is_open = any(_OPEN.search(text) for text in words)
        fitting = _with_character(choices, "B" if encounter == "A" and is_open else encounter)
        if fitting or (fitting := _with_character(choices, encounter)):
            return fitting
    said = {stem(word) for text in words for word in _WORD.findall(text.lower())}
    if side:
        said |= {stem(side)}
    base = {stem(word) for word in _WORD.findall(above.lower())}
    scores = []
    for each in choices:
        own = {stem(word) for word in _WORD.findall(each.descriptor.lower())} - base - EMPTY
        wrong_side = side and (own & _STEMMED_SIDES) - {stem(side)}
        scores.append((len(own & said) - (5 if wrong_side else 0), -len(own - said)))
    best = max(scores)
    if best[0] <= 0:
        return _default(choices)
    leading = [each for each, score in zip(choices, scores, strict=True) if score == best]
    return leading[0] if len(leading) == 1 else _default(leading)


_OPEN = re.compile(r"\b(?:open|compound)\b", re.IGNORECASE)
_STEMMED_SIDES = frozenset({"left", "right", "bilater"})
_DEFAULTS = (
    re.compile(r"(?:without complications?|uncomplicated)$", re.IGNORECASE),
    re.compile(r",? unspecified$", re.IGNORECASE),
    re.compile(r"^unspecified\b", re.IGNORECASE),
    re.compile(r"unspecified", re.IGNORECASE),
)


def _with_character(choices: Sequence[Choice], encounter: str) -> Choice | None:
    return next((each for each in choices if each.key.endswith(encounter)), None)


def _default(choices: Sequence[Choice]) -> Choice | None:
    """Return the choice for a condition of which no more is said."""
    for pattern in _DEFAULTS:
        fitting = [each for each in choices if pattern.search(each.descriptor)]
        if len(fitting) == 1:
            return fitting[0]
    return None
