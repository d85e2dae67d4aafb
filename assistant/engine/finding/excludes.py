"""Whether an Excludes note of one diagnosis names another."""

import re
from collections.abc import Iterator, Sequence
from itertools import combinations, permutations
from typing import Final

from django.db.models import Model

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.finding.as_of import versions_of
from assistant.engine.making import Maker
from codes.metering import Access
from codes.models import Code, CodeNote
from codes.tabular_notes import tabular_notes

_NAMED: Final = re.compile(
    r"\b([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?)(?:\s*-\s*([A-Z]\d[0-9A-Z](?:\.[0-9A-Z]{1,4})?))?"
)
_KINDS: Final = {
    CodeNote.Kind.EXCLUDES1: (
        "an Excludes1 note means that the two are not coded together, unless the conditions have"
        " nothing to do with each other"
    ),
    CodeNote.Kind.EXCLUDES2: (
        "an Excludes2 note means that the one is no part of the other, so both may be coded where"
        " the patient has both"
    ),
}


def find(pairs: Sequence[tuple[Code, CodeRef]], make: Maker) -> Iterator[Fact]:
    """Yield what the Excludes notes say of each two diagnoses; one query a diagnosis.

    Only where both pages are open: notes are gated.
    """
    diagnoses = [
        pair
        for pair in pairs
        if pair[0].system.slug == "icd-10-cm" and pair[1].access is Access.UNLOCKED
    ][:4]
    if len(diagnoses) < 2:
        return
    notes = {
        code.pk: [note for note in tabular_notes(code) if note.kind in _KINDS]
        for code, _ in diagnoses
    }
    for two in combinations(diagnoses, 2):
        named = [
            _says(code, other, note, ref, make)
            for (code, ref), (other, _) in permutations(two)
            for note in notes[code.pk]
            if names(note.text, other.display)
        ]
        yield from named or [_silent(two, make)]


def names(text: str, display: str) -> bool:
    """Return whether a note names a code, by itself, by a heading above it or in a range."""
    key = display.replace(".", "")
    for first, last in _NAMED.findall(text):
        low, high = first.replace(".", ""), (last or first).replace(".", "")
        if low <= key[: len(low)] and key[: len(high)] <= high:
            return True
    return False


def _says(code: Code, other: Code, note: CodeNote, ref: CodeRef, make: Maker) -> Fact:
    kind = CodeNote.Kind(note.kind)
    where = f"at {note.code.display}"
    if note.code_id != code.pk:
        where += f", above {code.display},"
    if code.edition is not None:
        where += f" in the edition {code.edition.label}"
    text = f"The {kind.label} note {where} names {other.display}: “{note.text}”; {_KINDS[kind]}."
    return make.fact(
        "pair.excludes",
        Topic.GUIDELINES,
        text,
        [*_rows(code, note), note.code, code, other],
        level=Level.UNLOCKED,
        code=ref,
        url=f"{ref.url}#guidelines",
        derived=[note.text] if code.edition else [],
    )


def _rows(code: Code, note: CodeNote) -> list[Model]:
    """Return the row of a note: of another edition it is what that says of the place."""
    return list(versions_of(code, [note]).values()) if code.edition else [note]


def _silent(two: Sequence[tuple[Code, CodeRef]], make: Maker) -> Fact:
    (one, ref), (other, _) = two
    text = (
        f"No Excludes note of {one.display} or {other.display}, or of the headings above them,"
        f" names the other, by the edition {(one.edition or one.release).label}."
    )
    return make.fact(
        "pair.excludes.none",
        Topic.GUIDELINES,
        text,
        [one, other, *([one.edition] if one.edition else [])],
        level=Level.UNLOCKED,
        code=ref,
        url=f"{ref.url}#guidelines",
    )
