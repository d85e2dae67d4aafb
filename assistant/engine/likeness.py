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


def covered(words: str, names: str) -> float:
    """Return which share of the words stands in the names, 0 to 1; a slip of the pen counts too.

    Words of one or two letters weigh nothing unless there are no others.
    """
    wanted = re.findall(r"[^\W_]+", words.lower())
    wanted = list(dict.fromkeys(word for word in wanted if len(word) > 2)) or wanted
    held = set(re.findall(r"[^\W_]+", names.lower()))
    if not wanted:
        return 0.0
    return sum(_is_among(word, held) for word in wanted) / len(wanted)


def _is_among(word: str, held: set[str]) -> bool:
    if word in held or word.removesuffix("s") in held:
        return True
    stem = word[: max(4, len(word) - 3)]
    if len(word) > 5 and any(other.startswith(stem) for other in held):
        return True
    return any(likeness(word, other) > 0.6 for other in held if abs(len(other) - len(word)) < 3)
