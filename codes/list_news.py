"""What later editions changed about the codes of a list, since its owner last looked."""

from dataclasses import dataclass

from codes.changes import KINDS
from codes.code_versions import CodeChange
from codes.lists import CodeList, CodeListEntry, changes_in_force

_WORDS = {**KINDS, "added": "In use again"}


@dataclass(frozen=True, slots=True)
class News:
    """A code of a list with the changes that its owner has not seen, the oldest first."""

    entry: CodeListEntry
    changes: list[CodeChange]

    @property
    def kinds(self) -> list[str]:
        """The kinds of change, each once, as printed."""
        return [
            words
            for kind, words in _WORDS.items()
            if any(getattr(change, f"is_{kind}") for change in self.changes)
        ]

    @property
    def latest(self) -> CodeChange:
        """The last change."""
        return self.changes[-1]


def news_of(shown: CodeList) -> list[News]:
    """Return what changed, in the order of the list; two queries, one where nothing did."""
    entries = shown.entries.visible().changed()
    changed = list(entries.in_order().select_related("seen"))
    if not changed:
        return []
    found = changes_in_force().filter(code__in=[entry.code_id for entry in changed])
    by_code: dict[int, list[CodeChange]] = {}
    for change in found.select_related("release").order_by("release__effective_date", "release"):
        by_code.setdefault(change.code_id, []).append(change)
    return [
        News(entry, [each for each in by_code[entry.code_id] if _is_later(each, entry)])
        for entry in changed
    ]


def _is_later(change: CodeChange, entry: CodeListEntry) -> bool:
    seen, release = entry.seen, change.release
    return seen is None or (release.effective_date, release.pk) > (seen.effective_date, seen.pk)
