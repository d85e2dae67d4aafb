"""What the tabular list says of codes that are to stand together on one claim.

Only what its notes name is pointed out, never their wording: that is part of the code pages.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

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

    @property
    def is_grave(self) -> bool:
        """Whether a claim with these codes would be wrong."""
        return self.remark in (Remark.EXCLUDES1, Remark.NOT_BILLABLE)


@dataclass(frozen=True, slots=True)
class _Note:
    kind: str
    at: Code
    refers_to: tuple[Reference, ...]


_KINDS = (CodeNote.Kind.EXCLUDES1, CodeNote.Kind.CODE_FIRST, CodeNote.Kind.USE_ADDITIONAL)


def conflicts(codes: Sequence[Code]) -> list[Conflict]:
    """Return what is to be seen to among codes with their ``system`` loaded; one query.

    Codes of systems whose wording the site may not show are left out, as their notes are.
    """
    shown = [code for code in codes if code.system.slug == ICD and code.shows_wording()]
    notes = _notes(shown)
    found = [each for code in shown for each in _of_one(code)]
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


def _notes(codes: Sequence[Code]) -> Mapping[int, list[_Note]]:
    """Return the notes that apply to each code: its own and those of the headings above."""
    places = {pk for code in codes for pk in (*code.ancestors, code.pk)}
    if not places:
        return {}
    rows = CodeNote.objects.filter(code__in=places, kind__in=_KINDS).select_related("code")
    at: dict[int, list[_Note]] = {}
    for row in rows:
        refers_to = tuple(references(row.text))
        at.setdefault(row.code_id, []).append(_Note(row.kind, row.code, refers_to))
    return {
        code.pk: [note for pk in (code.pk, *reversed(code.ancestors)) for note in at.get(pk, ())]
        for code in codes
    }


def _of_one(code: Code) -> Iterable[Conflict]:
    if not code.billable:
        yield Conflict(
            Remark.NOT_BILLABLE,
            code,
            f"{code.display} is a heading: it needs more characters to be reported.",
            "Guidelines section I.B.2",
        )


def _of_note(code: Code, note: _Note, codes: Sequence[Code]) -> Iterable[Conflict]:
    named = [
        other
        for other in codes
        if other.pk != code.pk and any(ref.covers(other.key) for ref in note.refers_to)
    ]
    where = "" if note.at.pk == code.pk else f" (a note at {note.at.display})"
    for other in named:
        if note.kind == CodeNote.Kind.EXCLUDES1:
            yield Conflict(
                Remark.EXCLUDES1,
                code,
                f"{code.display} and {other.display} exclude each other{where}, unless the two"
                " conditions are unrelated.",
                "Guidelines section I.A.12.a",
                other,
            )
        elif note.kind == CodeNote.Kind.CODE_FIRST:
            yield Conflict(
                Remark.CODE_FIRST,
                code,
                f"{other.display} comes before {code.display}{where}.",
                "Guidelines sections I.A.13 and I.B.7",
                other,
            )
        else:
            yield Conflict(
                Remark.USE_ADDITIONAL,
                code,
                f"{other.display} goes with {code.display}, after it{where}.",
                "Guidelines sections I.A.13 and I.B.7",
                other,
            )
    if note.kind == CodeNote.Kind.CODE_FIRST and not named and note.at.kind in Code.PAGE_KINDS:
        yield Conflict(
            Remark.CODE_FIRST,
            code,
            f"{code.display} may need another code before it: the tabular list has a “code first”"
            f" note{where}.",
            "Guidelines sections I.A.13 and I.B.7",
        )
