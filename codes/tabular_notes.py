"""The notes and 7th characters that apply to a code: of today, or of the edition looked at.

Licence modes are minded here: without the publisher's wording there are none.
"""

from django.db.models import Q

from codes.code_versions import CodeVersion
from codes.facts import PROCEDURE_SYSTEMS
from codes.models import Code, CodeNote, Release, SeventhCharacter
from codes.remembered import remembered


def tabular_notes(code: Code) -> list[CodeNote]:
    """Return the notes from the chapter down to the code itself; one query.

    Each with its code, that with its system, and the release; of another edition they are made in
    memory. Of the notes on 7th characters only those of the nearest place: S52.52 has values of
    its own, so what S52 says of type B does not reach it.
    """
    if not _has_tabular_list(code):
        return []
    return _notes_of(code, code.edition)


@remembered
def _notes_of(code: Code, edition: Release | None) -> list[CodeNote]:
    if edition is not None:
        return _nearest([note for version in _versions(code) for note in _notes(version)])
    found = CodeNote.objects.filter(code__in=[*code.ancestors, code.pk])
    found = found.select_related("code__system", "release")
    return _nearest(list(found.order_by("code__position", "position")))


def _nearest(notes: list[CodeNote]) -> list[CodeNote]:
    seventh = CodeNote.Kind.SEVENTH_CHARACTER
    places = [note.code_id for note in notes if note.kind == seventh]
    return [note for note in notes if note.kind != seventh or note.code_id == places[-1]]


def seventh_characters(code: Code) -> list[SeventhCharacter]:
    """Return the values defined nearest to the code, with the code of the place; one query."""
    if not _has_tabular_list(code):
        return []
    if code.edition is not None:
        places = [version for version in _versions(code) if _printed(version, "characters")]
        return _characters(places[-1]) if places else []
    values = list(
        SeventhCharacter.objects.filter(Q(code=code) | Q(code__in=code.ancestors))
        .select_related("code__system")
        .order_by("-code__position", "pk")
    )
    return [value for value in values if value.code_id == values[0].code_id]


def _has_tabular_list(code: Code) -> bool:
    """Return whether the code can have notes that may be shown: files of procedures have none."""
    return code.shows_wording() and code.system.slug not in PROCEDURE_SYSTEMS


def terms_of(version: CodeVersion) -> list[str]:
    """Return the inclusion terms that an edition prints; its note set is loaded."""
    return version.note_set.inclusion_terms if version.note_set else []


def _versions(code: Code) -> list[CodeVersion]:
    """Return what the edition says of the code and the headings above it, from the chapter down."""
    versions = CodeVersion.objects.filter(
        release=code.edition, code__in=[*code.ancestors, code.pk], note_set__isnull=False
    )
    versions = versions.select_related("note_set", "code__system", "release")
    return list(versions.order_by("position"))


def _printed(version: CodeVersion, name: str) -> list[list[str]]:
    printed: list[list[str]] = getattr(version.note_set, name) if version.note_set else []
    return printed


def _notes(version: CodeVersion) -> list[CodeNote]:
    code, release = version.code, version.release
    return [
        CodeNote(code=code, release=release, kind=kind, position=position, text=text)
        for position, (kind, text) in enumerate(_printed(version, "notes"), start=1)
    ]


def _characters(version: CodeVersion) -> list[SeventhCharacter]:
    code, release = version.code, version.release
    return [
        SeventhCharacter(code=code, release=release, character=character, meaning=meaning)
        for character, meaning in _printed(version, "characters")
    ]
