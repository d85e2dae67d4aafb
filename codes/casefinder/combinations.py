"""One code for two conditions that the classification presumes to be linked. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

_HYPERTENSION = "Guidelines section I.C.9.a (hypertension): the link is presumed"
_WITH = "Guidelines section I.A.15 (“with”): the link is presumed"


@dataclass(frozen=True, slots=True)
class Combination:
    """A code for two or more conditions of one note, where the provider does not unlink them."""

    display: str
    of: tuple[str, ...]
    source: str


def combinations(displays: Sequence[str]) -> list[Combination]:
    """Return the combination codes for the leading candidates of a note."""
    found: list[Combination] = []
    hypertension = _first(displays, "I10")
    failure, kidney = _first(displays, "I50"), _first(displays, "N18")
    if hypertension and (failure or kidney):
        late = kidney in ("N18.5", "N18.6")
        if failure and kidney:
            display = "I13.2" if late else "I13.0"
        elif failure:
            display = "I11.0"
        else:
            display = "I12.0" if late else "I12.9"
        of = tuple(each for each in (hypertension, failure, kidney) if each)
        found.append(Combination(display, of, _HYPERTENSION))
    diabetes = next((d for d in displays if d in ("E11", "E11.9")), None)
    for prefix, display in _DIABETES_WITH:
        other = _first(displays, prefix)
        if diabetes and other and display not in displays:
            found.append(Combination(display, (diabetes, other), _WITH))
    return found


_DIABETES_WITH = (
    ("N18", "E11.22"),
    ("K31.84", "E11.43"),
    ("R73.9", "E11.65"),
    ("L97.4", "E11.621"),
    ("L97.5", "E11.621"),
)


def _first(displays: Sequence[str], prefix: str) -> str | None:
    return next((d for d in displays if d.startswith(prefix)), None)
