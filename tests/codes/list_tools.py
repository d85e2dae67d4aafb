"""What a list holds."""

from codes.lists import CodeList, CodeListEntry


def displays(of: CodeList) -> list[str]:
    """Return its codes as printed, in order."""
    return [entry.code.display for entry in of.entries.in_order()]


def entry_of(of: CodeList, display: str) -> CodeListEntry:
    """Return the entry of a code."""
    return of.entries.get(code__display=display)
