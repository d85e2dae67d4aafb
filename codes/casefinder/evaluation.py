"""How well the case finder does on notes whose codes are known. Pure; imports no Django.

The form of the notes: tests/codes/notes/README.md. A proposal is right where it is an answer, a
code below it, or the category directly above it, as in ``evaluate_search``.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

DEPTHS = (1, 3, 5)


class UnreadableNotes(ValueError):
    """The folder holds no notes, or notes of another form."""


@dataclass(frozen=True, slots=True)
class Note:
    """A note with its answers; each answer is one or more codes, any of which is right."""

    id: str
    text: str
    answers: tuple[tuple[str, ...], ...]
    kept: frozenset[str]
    optional: tuple[str, ...]
    forbidden: tuple[tuple[str, str], ...]
    """Code and kind of the trap."""
    uncertain: tuple[str, ...]
    masked: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Proposed:
    """A code that was proposed for some words of a note, with its place among those."""

    display: str
    segment: tuple[int, int]
    rank: int
    is_uncertain: bool = False


@dataclass(slots=True)
class Score:
    """Counts over all notes; ratios come from ``figures``."""

    notes: int = 0
    answers: int = 0
    kept: int = 0
    kept_found: int = 0
    proposed: Counter[int] = field(default_factory=Counter)
    right: Counter[int] = field(default_factory=Counter)
    found: Counter[int] = field(default_factory=Counter)
    segments: int = 0
    segments_right: Counter[int] = field(default_factory=Counter)
    violations: list[tuple[str, str, str]] = field(default_factory=list)
    """Note, kind of trap, code that was proposed."""
    unmasked: list[tuple[str, str]] = field(default_factory=list)
    missed: list[tuple[str, str]] = field(default_factory=list)

    def add(self, note: Note, proposed: Sequence[Proposed], shown: str) -> None:
        """Count one note; ``shown`` is its text as it would be shown."""
        self.notes += 1
        self.answers += len(note.answers)
        certain = [each for each in proposed if not each.is_uncertain]
        for depth in DEPTHS:
            self._count(note, [each for each in certain if each.rank <= depth], depth)
        for answer in note.answers:
            found = any(_is_any(each.display, answer) for each in certain)
            if not found:
                self.missed.append((note.id, "|".join(answer)))
            if note.kept & set(answer):
                self.kept += 1
                self.kept_found += found
        self.violations += _violations(note, certain)
        self.unmasked += [(note.id, secret) for secret in note.masked if secret in shown]

    def _count(self, note: Note, proposed: Sequence[Proposed], depth: int) -> None:
        wanted = [code for answer in note.answers for code in answer] + list(note.optional)
        segments: dict[tuple[int, int], bool] = {}
        codes = {each.display for each in proposed}
        for each in proposed:
            is_right = _is_any(each.display, wanted)
            segments[each.segment] = segments.get(each.segment, False) or is_right
        # A code that several sentences support is one proposal to the reader.
        optional = {code for code in codes if _is_any(code, note.optional)}
        counted = codes - optional
        self.proposed[depth] += len(counted)
        self.right[depth] += sum(_is_any(code, wanted) for code in counted)
        self.found[depth] += sum(
            any(_is_any(code, answer) for code in codes) for answer in note.answers
        )
        self.segments_right[depth] += sum(segments.values())
        if depth == DEPTHS[-1]:
            self.segments += len(segments)

    def figures(self) -> dict[str, Any]:
        """Return the figures: recall and precision overall and by segment, and what must be 0."""
        found: dict[str, Any] = {"notes": self.notes, "answers": self.answers}
        for depth in DEPTHS:
            found[f"recall_top_{depth}"] = _ratio(self.found[depth], self.answers)
            found[f"precision_top_{depth}"] = _ratio(self.right[depth], self.proposed[depth])
            found[f"segment_precision_top_{depth}"] = _ratio(
                self.segments_right[depth], self.segments
            )
        by_kind = Counter(kind for _, kind, _ in self.violations)
        return found | {
            "kept_recall": _ratio(self.kept_found, self.kept),
            "segments": self.segments,
            "forbidden": len(self.violations),
            "forbidden_by_kind": dict(sorted(by_kind.items())),
            "unmasked": len(self.unmasked),
        }


def load(folder: Path) -> list[Note]:
    """Return the notes of a folder’s ``*.yaml`` files; ``UnreadableNotes`` if there are none."""
    found = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            rows = yaml.safe_load(path.read_text(encoding="utf-8"))
            found += [_note(row) for row in rows or ()]
        except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as error:
            raise UnreadableNotes(f"{path.name}: {error!r}") from error
    if not found:
        raise UnreadableNotes(f"{folder} holds no notes (*.yaml).")
    return found


def _note(row: Mapping[str, Any]) -> Note:
    return Note(
        id=str(row["id"]),
        text=str(row["text"]),
        answers=tuple(tuple(str(code).split("|")) for code in row["codes"]),
        kept=frozenset(map(str, row.get("kept", ()))),
        optional=tuple(map(str, row.get("also", ()))),
        forbidden=tuple((str(code), str(kind)) for code, kind, *_ in row.get("not", ())),
        uncertain=tuple(map(str, row.get("uncertain", ()))),
        masked=tuple(map(str, row.get("mask", ()))),
    )


def _violations(note: Note, certain: Iterable[Proposed]) -> Iterable[tuple[str, str, str]]:
    forbidden = [*note.forbidden, *((code, "uncertain") for code in note.uncertain)]
    for display in sorted({each.display for each in certain}):
        for code, kind in forbidden:
            if _key(display).startswith(_key(code)):
                yield note.id, kind, display


def _is_any(display: str, answers: Iterable[str]) -> bool:
    return any(is_right(display, answer) for answer in answers)


def is_right(display: str, answer: str) -> bool:
    """Return whether a proposed code is the answer, below it, or the category right above it."""
    key, wanted = _key(display), _key(answer)
    return key.startswith(wanted) or (len(wanted) > 3 and key == wanted[:-1] and len(key) >= 3)


def _key(display: str) -> str:
    return display.replace(".", "")


def _ratio(part: int, whole: int) -> float:
    return round(part / whole, 4) if whole else 0.0
