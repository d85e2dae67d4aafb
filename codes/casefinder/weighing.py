"""How sure it is that a hit of a search is what a note means. Pure; imports no Django."""

from collections.abc import Iterable, Sequence

from codes.casefinder.stems import WORD, stem, stems
from codes.casefinder.words import EMPTY, WEAK
from codes.search.answers import Group, Hit, TermKind

MIN_CONFIDENCE = 0.5
_STRENGTH = {
    Group.EXACT_CODE: 1.0,
    Group.CODE_PREFIX: 0.6,
    Group.CODE_RANGE: 0.6,
    Group.EXACT_DESCRIPTOR: 1.0,
    Group.ALL_WORDS: 0.95,
    Group.MOST_WORDS: 0.8,
    Group.CLOSE_SPELLINGS: 0.7,
}
CALLED = 0.5
"""What a name of field knowledge counts that is not the whole of what is said."""
# Words of descriptors that a note need not say.
_FILLING = frozenset(
    stem(word)
    for word in (
        "unspecified", "specified", "site", "encounter", "initial", "subsequent", "sequela",
        "elsewhere", "classified", "nos", "nec", "organism", "region", "injection", "per", "mg",
        "units", "not", "otherwise", "each", "any", "type",
    )
)  # fmt: skip
_EXACT = Group.EXACT_DESCRIPTOR
_Said = Sequence[tuple[frozenset[str], float]]


def confidence(
    words: Sequence[str], hit: Hit, names: Sequence[str] = (), *, beside: str = ""
) -> float:
    """Return from 0 to 1 how much of a query a hit's names have, and how little more; of the best.

    ``names`` are those of its code, by default the one that matched. ``beside`` are words that were
    searched for with those of the note, such as "family history of".
    """
    strength = _STRENGTH[hit.group]
    if hit.term_kind is TermKind.CODE:
        return strength
    said = _said(words, hit.readings)
    filling = _FILLING | stems(beside)
    named = names or (hit.term,)
    fits = [_fit(said, stems(name) - EMPTY, hit.group, filling) for name in named]
    if hit.term_kind is TermKind.SYNONYM and hit.group is not _EXACT:
        fits = [
            fit * CALLED if name == hit.term else fit for name, fit in zip(named, fits, strict=True)
        ]
    best = max(fits)
    if hit.term.startswith("Other ") and hit.group is not _EXACT and "other" not in words:
        strength *= 0.9
    return strength * best


def _fit(said: _Said, term: set[str], group: Group, filling: frozenset[str] | set[str]) -> float:
    """Return from 0 to 1 how well a name fits what is said."""
    mass = sum(weight for _, weight in said)
    had = sum(weight for meant, weight in said if meant & term)
    if not mass or not had:
        return 0.0
    if group is _EXACT:
        return 1.0
    if group is Group.ALL_WORDS:  # another name of the code has the words that this one lacks
        had = mass
    known = set().union(*(meant for meant, _ in said))
    said_of_it = term - filling or term
    named = len(said_of_it & known) / len(said_of_it)
    # One word says little of a long name; many words need not say all of it.
    share = min(0.7, 0.3 + 0.1 * sum(weight == 1.0 for _, weight in said))
    return had / mass * (share + (1 - share) * named)


def at_least(best: float) -> float:
    """Return the confidence that hits beside one of confidence ``best`` need."""
    return max(MIN_CONFIDENCE, best * (0.8 if best >= 0.95 else 0.65))


def says_without(words: str, hit: Hit) -> bool:
    """Return whether a hit's own words say that these are lacking."""
    _, _, behind = hit.term.lower().partition("without ")
    lacking = {stem(word) for word in WORD.findall(behind)}
    return stems(words) <= lacking


def has_word_of(words: Sequence[str], hit: Hit, names: Iterable[str]) -> bool:
    """Return whether a hit's names have a word that names something among these."""
    term = {one for name in names for one in stems(name)}
    said = _said(words, hit.readings)
    strong = [stems for stems, weight in said if weight == 1.0]
    return any(stems & term for stems in strong or (stems for stems, _ in said))


def _said(words: Iterable[str], readings: Iterable[str]) -> list[tuple[frozenset[str], float]]:
    """Return for each word the stems that it stands for, and how much it says."""
    meanings: dict[str, set[str]] = {}
    for reading in readings:
        typed, _, means = reading.partition(":")
        meant = stems(means)
        for word in WORD.findall(typed.lower()):
            meanings.setdefault(word, set()).update(meant)
    said: list[tuple[frozenset[str], float]] = []
    for word in words:
        for piece in WORD.findall(word.lower()):
            said_by = frozenset({stem(piece), *meanings.get(piece, ())})
            said.append((said_by, 0.4 if piece in WEAK or piece.isdigit() else 1.0))
    return said
