"""What the tabular list says of codes that are to stand together on one claim.

Only what its notes name is pointed out, never their wording: that is part of the code pages.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from codes.casefinder.choosing import ENCOUNTERS, WHOLE
from codes.casefinder.family import children
from codes.casefinder.laterality import by_side, leaves_side_open
from codes.casefinder.references import Reference, references
from codes.models import Code, CodeNote

ICD = "icd-10-cm"


class Remark(StrEnum):
    """What is pointed out of a code, in order of weight."""

    EXCLUDES1 = "Excludes1"
    NOT_BILLABLE = "not billable"
    SEVENTH_CHARACTER = "7th character"
    SIDE = "side"
    CODE_FIRST = "code first"
    USE_ADDITIONAL = "use additional code"


@dataclass(frozen=True, slots=True)
class Conflict:
    """Something to look at before codes are reported; ``with_`` is the other code, if any."""

    remark: Remark
    code: Code
    says: str
    source: str
    with_: Code | None = None
    instead: tuple[tuple[str, Code], ...] = ()
    """Codes to choose from instead, each with what it stands for, where a word says it."""

    @property
    def is_grave(self) -> bool:
        """Whether a claim with these codes would be wrong."""
        return self.remark in (Remark.EXCLUDES1, Remark.NOT_BILLABLE, Remark.SEVENTH_CHARACTER)


@dataclass(frozen=True, slots=True)
class TabularNote:
    """A note of the tabular list: where it stands, and what codes its brackets name."""

    kind: CodeNote.Kind
    at: Code
    refers_to: tuple[Reference, ...]


_INJURIES = "ST"
_KINDS = (CodeNote.Kind.EXCLUDES1, CodeNote.Kind.CODE_FIRST, CodeNote.Kind.USE_ADDITIONAL)


def conflicts(codes: Sequence[Code]) -> list[Conflict]:
    """Return what is to be seen to among codes with their ``system`` loaded; two queries.

    Codes of systems whose wording the site may not show are left out, as their notes are.
    """
    shown = [code for code in codes if code.system.slug == ICD and code.shows_wording()]
    notes = tabular_notes(shown)
    family = children(_parents(shown))
    found = [each for code in shown for each in _of_one(code, family)]
    seen: set[tuple[Remark, frozenset[int]]] = set()
    for code in shown:
        for note in notes.get(code.pk, ()):
            for each in _of_note(code, note, shown):
                mark = (each.remark, frozenset((code.pk, each.with_.pk if each.with_ else 0)))
                if mark not in seen:
                    seen.add(mark)
                    found.append(each)
    order = list(Remark)
    return sorted(found, key=lambda each: order.index(each.remark))


def tabular_notes(codes: Sequence[Code]) -> Mapping[int, list[TabularNote]]:
    """Return the notes that apply to each code: its own and those of the headings above."""
    places = {pk for code in codes for pk in (*code.ancestors, code.pk)}
    if not places:
        return {}
    rows = CodeNote.objects.filter(code__in=places, kind__in=_KINDS).select_related("code")
    at: dict[int, list[TabularNote]] = {}
    for row in rows:
        refers_to = tuple(references(row.text))
        at.setdefault(row.code_id, []).append(
            TabularNote(CodeNote.Kind(row.kind), row.code, refers_to)
        )
    return {
        code.pk: [note for pk in (code.pk, *reversed(code.ancestors)) for note in at.get(pk, ())]
        for code in codes
    }


def _parents(codes: Iterable[Code]) -> Iterable[int]:
    """Yield the headings below which there is something to choose from for these codes."""
    for code in codes:
        if not code.billable:
            yield code.pk
        if leaves_side_open(code.long_descriptor):
            yield from code.ancestors[-2:]


def _of_one(code: Code, family: Mapping[int, Sequence[Code]]) -> Iterable[Conflict]:
    below = family.get(code.pk, ())
    extensions = [each for each in below if len(each.key) == WHOLE]
    if not code.billable and extensions and len(extensions) == len(below):
        yield _seventh_character(code, extensions)
    elif not code.billable:
        yield Conflict(
            Remark.NOT_BILLABLE,
            code,
            f"{code.display} is a heading: it needs more characters to be reported.",
            "Guidelines section I.B.2",
        )
    beside = [each for pk in code.ancestors[-2:] for each in family.get(pk, ())]
    if sides := _sides(code, beside):
        yield Conflict(
            Remark.SIDE,
            code,
            f"{code.display} leaves the side open. Does the note say it?",
            "Guidelines section I.B.13",
            instead=tuple(sides.items()),
        )


def _seventh_character(code: Code, extensions: Sequence[Code]) -> Conflict:
    return Conflict(
        Remark.SEVENTH_CHARACTER,
        code,
        f"{code.display} needs a 7th character to be reported.",
        "Guidelines section I.A.5 (7th characters)",
        instead=tuple((ENCOUNTERS.get(each.key[-1], ""), each) for each in extensions)
        if code.key[0] in _INJURIES
        else tuple(("", each) for each in extensions),
    )


def _sides(code: Code, beside: Sequence[Code]) -> dict[str, Code]:
    codes = {each.pk: each for each in beside}
    sides = by_side(code.long_descriptor, {pk: each.long_descriptor for pk, each in codes.items()})
    return {side: codes[pk] for side, pk in sides.items()}


def _of_note(code: Code, note: TabularNote, codes: Sequence[Code]) -> Iterable[Conflict]:
    remark, says, source = _SAID[note.kind]
    where = "" if note.at.pk == code.pk else f" (a note at {note.at.display})"
    named = [
        other
        for other in codes
        if other.pk != code.pk and any(ref.covers(other.key) for ref in note.refers_to)
    ]
    for other in named:
        said = says.format(code=code.display, other=other.display, where=where)
        yield Conflict(remark, code, said, source, other)
    if remark is Remark.CODE_FIRST and not named and note.at.kind in Code.PAGE_KINDS:
        yield Conflict(
            remark,
            code,
            f"{code.display} may need another code before it: the tabular list has a “code first”"
            f" note{where}.",
            source,
        )


_ORDER = "Guidelines sections I.A.13 and I.B.7"
_SAID = {
    CodeNote.Kind.EXCLUDES1: (
        Remark.EXCLUDES1,
        "{code} and {other} exclude each other{where}, unless the two conditions are unrelated.",
        "Guidelines section I.A.12.a",
    ),
    CodeNote.Kind.CODE_FIRST: (Remark.CODE_FIRST, "{other} comes before {code}{where}.", _ORDER),
    CodeNote.Kind.USE_ADDITIONAL: (
        Remark.USE_ADDITIONAL,
        "{other} goes with {code}, after it{where}.",
        _ORDER,
    ),
}
