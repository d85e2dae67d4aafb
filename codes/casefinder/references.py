"""Codes that a tabular note names in brackets, such as “(A02.-, E10-E14, J09.X3)”. Pure."""

import re
from dataclasses import dataclass

_BRACKETS = re.compile(r"\(([A-Z]\d[^()]*)\)")
_CODE = r"[A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{0,4})?"
_ENTRY = re.compile(rf"^({_CODE})(-)?(?:\s?(?:-|to|–)\s?({_CODE})-?)?\.?-?$")


@dataclass(frozen=True, slots=True)
class Reference:
    """A code and all below it, or a range of categories with all below."""

    first: str
    last: str

    def covers(self, key: str) -> bool:
        """Return whether a code, given without its dot, is meant."""
        if self.first == self.last:
            return key.startswith(self.first)
        size = len(self.last)
        return self.first <= key[: len(self.first)] and key[:size] <= self.last


def references(text: str) -> list[Reference]:
    """Return what a note's brackets name; nothing for brackets that hold words."""
    found = []
    for inside in _BRACKETS.findall(text):
        for entry in re.split(r"[,;]\s*|\s+and\s+|\s+or\s+", inside):
            match = _ENTRY.match(entry.strip())
            if match:
                first = match[1].replace(".", "")
                found.append(Reference(first, (match[3] or match[1]).replace(".", "")))
    return found
