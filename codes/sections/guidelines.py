"""Coding Guidelines: the authored text, Medicare's policy in words, and the tabular notes."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from codes.facts import PROCEDURE_SYSTEMS
from codes.material import why_not_billable
from codes.models import Code, CodeNote
from codes.sections.authored import AuthoredSection
from codes.sections.code_links import procedures
from codes.sections.medicare_coverage import fee_schedule
from codes.sections.options import SectionOptions
from codes.sections.policy import add_on_place, policy_lines
from codes.tabular_notes import seventh_characters, tabular_notes

_ICD_CODE = re.compile(
    r"\b([A-Z](?:\d[0-9A-Z]|[A-Z]\d)(?:\.[0-9A-Z]{1,4})?)(?=\.?(?:[-\s,;)\]]|$))"
)


@dataclass
class NotePlace:
    """The notes that stand at one heading or code, grouped by their printed heading."""

    code: Code
    is_inherited: bool
    groups: list[tuple[str, list[SafeString]]] = field(default_factory=list)


class GuidelinesSection(AuthoredSection):
    """Authored guidance, why a code is not billable, Medicare's policy indicators in words, and
    the ICD-10-CM tabular notes with where each comes from."""

    template = "codes/sections/_guidelines.html"

    def __init__(self) -> None:
        super().__init__("guidelines")

    def holds(self, code: Code) -> list[str]:
        """Return counts of guidance, indicators and notes; beside the texts one query, three for
        a procedure."""
        phrases = super().holds(code)
        if code.system.slug in PROCEDURE_SYSTEMS:
            phrases += _policy_phrases(code)
        if notes := tabular_notes(code):
            inherited = sum(note.code_id != code.pk for note in notes)
            noun = "tabular note" if len(notes) == 1 else "tabular notes"
            origin = f", {inherited} inherited" if inherited else ""
            phrases.append(f"{len(notes)} {noun}{origin}")
        return phrases

    def load(self, code: Code, options: SectionOptions) -> Mapping[str, object]:
        """Return the text, the indicators, the notes from the chapter down to the code itself, and
        the 7th characters of the nearest place that defines them; at most six queries."""
        notes = tabular_notes(code)
        return {
            **super().load(code, options),
            **_policy(code, options),
            "not_billable_because": _not_billable_because(code),
            "places": _places(code, notes),
            "release": notes[0].release if notes else None,
            "seventh_characters": seventh_characters(code),
        }


def _policy_phrases(code: Code) -> list[str]:
    phrases = []
    if rows := fee_schedule(code, None):
        number = len(policy_lines(rows))
        phrases.append(f"{number} policy indicators, release {rows[0].release.label}")
    if place := add_on_place(code, None):
        phrases.append(f"add-on code rules, release {place.first.release.label}")
    return phrases


def _policy(code: Code, options: SectionOptions) -> dict[str, object]:
    """Return what Medicare's files say of a procedure; four queries, none for others."""
    if code.system.slug not in PROCEDURE_SYSTEMS:
        return {}
    rows = fee_schedule(code, options.on)
    lines = policy_lines(rows)
    base = rows[0].endoscopic_base if rows else ""
    return {
        "indicators": [line for line in lines if line.applies],
        "not_concerned": [line for line in lines if not line.applies],
        "row": rows[0] if rows else None,
        "base_link": procedures([base]).get(base) if base else None,
        "add_on": add_on_place(code, options.on),
    }


def _not_billable_because(code: Code) -> str:
    """Return why the code cannot be reported; one query, none for a billable code."""
    if code.billable and not code.is_deleted:
        return ""
    return why_not_billable(code, list(code.children.values_list("key", flat=True)))


def _places(code: Code, notes: list[CodeNote]) -> list[NotePlace]:
    known = _existing(note.text for note in notes)
    places: list[NotePlace] = []
    for (_, heading), group in groupby(notes, key=lambda n: (n.code_id, n.get_kind_display())):
        members = list(group)
        origin = members[0].code
        if not places or places[-1].code.pk != origin.pk:
            places.append(NotePlace(code=origin, is_inherited=origin.pk != code.pk))
        places[-1].groups.append((heading, [_linked(note.text, known) for note in members]))
    return places


def _existing(texts: Iterable[str]) -> set[str]:
    """Return which of the codes named in the texts have a page; one query."""
    named = {match for text in texts for match in _ICD_CODE.findall(text)}
    codes = Code.objects.with_page().filter(system__slug="icd-10-cm", display__in=named)
    return set(codes.values_list("display", flat=True)) if named else set()


def _linked(text: str, known: set[str]) -> SafeString:
    """Return the note with each existing code as a link to its page."""
    pieces = enumerate(_ICD_CODE.split(text))
    return format_html_join("", "{}", ((_piece(p, i % 2 == 1, known),) for i, p in pieces))


def _piece(text: str, is_code: bool, known: set[str]) -> str | SafeString:
    if not is_code or text not in known:
        return text
    url = reverse("codes:code", args=["icd-10-cm", text])
    return format_html('<a class="code" href="{}">{}</a>', url, text)
