"""The table of visual impairment under H54 of the ICD-10-CM tabular list, as sentences.

Pure: imports no Django. It is the only table of the tabular list: per category the greatest and
the least visual acuity in three notations. A category with one cell only, such as “No light
perception”, spans the whole row in print.
"""

import re
from dataclasses import dataclass, field


@dataclass(slots=True)
class _Category:
    name: str = ""
    ranges: int = 0
    below: list[str] = field(default_factory=list)
    at_least: list[str] = field(default_factory=list)


class Table:
    """Collects the cells in the order of the file and says each category in one sentence."""

    def __init__(self) -> None:
        self._categories: list[_Category] = []
        self._measure = ""

    def begin(self, tag: str) -> None:
        """Take the start of a category or of a notation within it."""
        if tag == "visCategory":
            self._categories.append(_Category())
        elif tag == "visRange" and self._categories:
            self._categories[-1].ranges += 1

    def take(self, tag: str, around: str, text: str) -> None:
        """Take the text of a ``heading`` or ``value`` by the element around it."""
        if not self._categories:
            return
        category = self._categories[-1]
        if tag == "heading":
            self._measure = text if around == "visRange" else self._measure
        elif around == "visMax":
            category.below.append(_spaced(text))
        elif around == "visMin":
            category.at_least.append(_spaced(text))
        else:
            category.name = text

    def sentences(self) -> list[str]:
        """Return one sentence for each category that has a name."""
        return [self._sentence(category) for category in self._categories if category.name]

    def _sentence(self, category: _Category) -> str:
        start = f"Category {category.name} of visual impairment:"
        if category.ranges < 2:
            return f"{start} {' '.join(category.below + category.at_least)}."
        measure = self._measure[:1].lower() + self._measure[1:]
        limits = [f"less than {'; '.join(category.below)}"]
        if category.at_least:
            limits.append(f"equal to or better than {'; '.join(category.at_least)}")
        return f"{start} {measure} {', and '.join(limits)}."


def _spaced(text: str) -> str:
    """Return a cell with a space before its bracket, which the file leaves out."""
    return re.sub(r"(?<=\S)\(", " (", text)
