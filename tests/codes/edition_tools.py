"""Editions of ICD-10-CM in tests: which is shown, and what of it the public sees."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import localdate

from codes.code_versions import CodeChange, CodeVersion, NoteSet
from codes.models import Code, CodeNote, Release, SeventhCharacter, Successor
from tests.codes import import_tools

OLD, NEW = "October 2025", "April 2026"


def import_codes(*files: str, **options: Any) -> str:
    """Import files of ICD-10-CM, and return what the command says."""
    return import_tools.import_codes("icd-10-cm", *files, **options)


def step_of(release: Release) -> str:
    return f"/admin/codes/release/{release.pk}/make-current/"


def release(label: str) -> Release:
    return Release.objects.get(source="icd-10-cm", label=label)


def is_shown(label: str) -> bool:
    """Whether it is the edition shown, and the only one."""
    return [each.label for each in Release.objects.filter(source="icd-10-cm").current()] == [label]


def shown() -> dict[str, Any]:
    """Return everything that the public can see of the codes, by kind and key."""
    return {
        f"{code.kind} {code.key}": {
            **{name: getattr(code, name) for name in FIELDS},
            "parent": code.parent and code.parent.display,
            "ancestors": [names[pk] for pk in code.ancestors],
            "release": code.release.label,
            "notes": list(code.notes.values_list("kind", "text", "release__label")),
            "characters": list(code.seventh_characters.values_list("character", "meaning")),
        }
        for names in [dict(Code.with_unshown.values_list("pk", "display"))]
        for code in Code.objects.select_related("parent", "release")
    }


FIELDS = (
    *("display", "billable", "short_descriptor", "medium_descriptor", "long_descriptor"),
    *("inclusion_terms", "valid_from", "valid_to", "position"),
)


def counts() -> dict[str, int]:
    models = (Release, CodeVersion, CodeChange, NoteSet, CodeNote, SeventhCharacter, Successor)
    return {model.__name__: model._default_manager.count() for model in models} | {
        "Code": Code.with_unshown.count()
    }


def wait_for(files: list[str], days: int) -> Release:
    """Import an edition that takes effect in some days."""
    day = localdate() + timedelta(days=days)
    told = import_codes(*files, effective_date=day, label=f"In {days}")
    assert f"is stored and takes effect on {day}" in told
    return release(f"In {days}")


def has_come(waiting: Release) -> None:
    Release.objects.filter(pk=waiting.pk).update(effective_date=localdate())
