"""How alike two texts are, by their trigrams. Pure: imports no Django."""

import re


def likeness(one: str, other: str) -> float:
    """Return 0 to 1: the larger of the shared share of all trigrams and that of the first's.

    The first text is the question's words; a long name that holds all of them is like them.
    """
    mine, others = _trigrams(one), _trigrams(other)
    if not mine or not others:
        return 0.0
    shared = len(mine & others)
    return max(shared / len(mine | others), 0.8 * shared / len(mine))


def _trigrams(text: str) -> set[str]:
    found: set[str] = set()
    for word in re.findall(r"[^\W_]+", text.lower()):
        padded = f"  {word} "
        found.update(padded[i : i + 3] for i in range(len(padded) - 2))
    return found
