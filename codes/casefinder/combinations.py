"""One code for two conditions that the classification presumes to be linked. Pure.

The links are those of the Alphabetic Index under "with" that name a condition; what it has under
"not elsewhere classified" wants words of the provider (Guidelines I.A.15), and has no rule here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

_HYPERTENSION = "Guidelines section I.C.9.a (hypertension): the link is presumed"
_ANGINA = "Guidelines section I.C.9.b (coronary artery disease and angina): the link is presumed"
_WITH = "Guidelines section I.A.15 (“with”): the link is presumed"


@dataclass(frozen=True, slots=True)
class Combination:
    """A code for two or more conditions of one note, where the provider does not unlink them."""

    display: str
    of: tuple[str, ...]
    source: str
    replaces: tuple[str, ...]
    """Those of them that are not reported beside it."""


def combinations(
    displays: Sequence[str], words: Mapping[str, str] | None = None, note: str = ""
) -> list[Combination]:
    """Return the combination codes for the leading candidates of a note.

    ``words`` are what each was found by. Nothing for conditions that the note says are not linked.
    """
    found = [*_hypertension(displays), *_angina(displays), *_diabetes(displays, words or {})]
    return [each for each in found if not _UNLINKED[each.source].search(note)]


_NOT_DUE = r"\b(?:not (?:due|related|secondary|attributed) to|unrelated to)[^.;]{0,30}?\b"
_UNLINKED = {
    source: re.compile(rf"{_NOT_DUE}(?:{cause})", re.IGNORECASE)
    for source, cause in (
        (_HYPERTENSION, "hypertensi|HTN|blood pressure"),
        (_ANGINA, "coronary|CAD|atheroscl"),
        (_WITH, "diabet|DM"),
    )
}
_HEART = ("I51.4", "I51.5", "I51.6", "I51.7", "I51.89", "I51.9")
_LATE = ("N18.5", "N18.6")


def _hypertension(displays: Sequence[str]) -> Iterator[Combination]:
    hypertension = _first(displays, "I10", "I11", "I12")
    failure, kidney = _first(displays, "I50"), _first(displays, *_LATE) or _first(displays, "N18")
    heart = _first(displays, *_HEART)
    if not (hypertension and (failure or kidney or heart)):
        return
    is_late = kidney in _LATE
    if failure and kidney:
        display = "I13.2" if is_late else "I13.0"
    elif heart and kidney:
        display = "I13.11" if is_late else "I13.10"
    elif kidney and hypertension.startswith("I11.0"):
        display = "I13.2" if is_late else "I13.0"
    elif kidney:
        display = "I12.0" if is_late else "I12.9"
    else:
        display = "I11.0" if failure else "I11.9"
    of = tuple(each for each in (hypertension, failure or heart, kidney) if each)
    replaced = {"I10", "I11", "I12", hypertension} | ({heart} if heart else set())
    yield Combination(
        display, of, _HYPERTENSION, tuple(d for d in displays if d in replaced and d != display)
    )


_FORMS = {"I20.0": "0", "I20.1": "1", "I20.2": "2", "I20.89": "8", "I20.9": "9"}
_VESSELS = {"I25.10": "I25.11", "I25.1": "I25.11", "I25.810": "I25.70"}
"""A vessel without angina, and the subcategory with it; the last digit is the form of angina."""


def _angina(displays: Sequence[str]) -> Iterator[Combination]:
    forms = [d for d in displays if d in _FORMS]
    vessels = [d for d in displays if d in _VESSELS]
    told = next((d for d in displays if d.startswith(("I25.11", "I25.7"))), None)
    if forms and told:
        yield Combination(told, (told, forms[0]), _ANGINA, (*forms, *vessels))
    elif forms and vessels:
        display = f"{_VESSELS[vessels[-1]]}{min(_FORMS[form] for form in forms)}"
        yield Combination(display, (vessels[0], forms[0]), _ANGINA, (*vessels, *forms))


_DIABETES = ("E11", "E10", "E13")
_DIABETES_WITH = (
    # What begins the code of the complication, and the end of that of the diabetes with it.
    ("N18", "22"),
    ("H26.9", "36"),
    ("K31.84", "43"),
    ("I73.9", "51"),
    ("I70.21", "51"),
    ("I70.22", "51"),
    ("I70.26", "52"),
    ("I96", "52"),
    ("L97.4", "621"),
    ("L97.5", "621"),
    ("E16.2", "649"),
    ("R73.9", "65"),
    ("M86", "69"),
)
_INCLUDED = ("E16.2", "R73.9", "I96", "I73.9", "H26.9", "G62.9")
"""Complications that the code of the diabetes says whole."""
_PERIPHERAL = re.compile(r"\b(?:peripheral (?:\w+ )?neuropath|polyneuropath)", re.IGNORECASE)


def _diabetes(displays: Sequence[str], words: Mapping[str, str]) -> Iterator[Combination]:
    kind = next((d for d in displays if d.startswith(_DIABETES)), None)
    if not kind:
        return
    neuropathy = "42" if _PERIPHERAL.search(words.get("G62.9", "")) else "40"
    for prefix, ending in (*_DIABETES_WITH, ("G62.9", neuropathy)):
        other = _first(displays, prefix)
        display = f"{kind[:3]}.{ending}"
        if other:
            plain = [d for d in displays if d in (kind[:3], f"{kind[:3]}.9")]
            told = [other] if other in _INCLUDED else []
            yield Combination(display, (kind, other), _WITH, (*plain, *told))


def _first(displays: Sequence[str], *prefixes: str) -> str | None:
    return next((d for d in displays if d.startswith(prefixes)), None)
