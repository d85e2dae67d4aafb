"""Coding Guidelines: authored guidance, Medicare's policy, tabular notes, 7th characters."""

from collections.abc import Iterator, Mapping
from itertools import groupby
from typing import Final

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.finding import as_of
from assistant.engine.finding.lead import quoted
from assistant.engine.making import Maker
from codes.as_of import Look
from codes.authored_texts import AuthoredText
from codes.code_versions import CodeVersion
from codes.facts import PROCEDURE_SYSTEMS
from codes.indicators import POLICY
from codes.models import Code, CodeNote, SeventhCharacter
from codes.sections.authored import published_text
from codes.sections.fees import part_title
from codes.sections.medicare_coverage import fee_schedule
from codes.sections.options import SectionOptions
from codes.sections.policy import AddOnPlace, PolicyLine, add_on_place, policy_lines
from codes.tabular_notes import seventh_characters, tabular_notes

TOPIC: Final = Topic.GUIDELINES
_FIELDS: Final = {indicator.title: field for field, indicator in POLICY.items()}


def find(
    code: Code, ref: CodeRef, options: SectionOptions, make: Maker, *, then: Look | None = None
) -> Iterator[Fact]:
    """Yield what the section holds; five queries beside the texts, two more for another edition.

    ``then`` is what the edition of a day says of the code, where one is asked about.
    """
    if text := published_text(code, AuthoredText.Kind.GUIDELINES):
        yield quoted(text, "authored.guidelines", TOPIC, ref, make, anchor="guidelines")
    if code.system.slug in PROCEDURE_SYSTEMS:
        yield from policy(code, ref, options, make)
        return
    if then is not None and code.system.slug == "icd-10-cm" and not as_of.has_notes(then):
        yield as_of.no_notes(code, ref, then, make)
    yield from _notes(code, ref, make)


def policy(
    code: Code,
    ref: CodeRef,
    options: SectionOptions,
    make: Maker,
    level: Level = Level.UNLOCKED,
) -> Iterator[Fact]:
    """Yield Medicare's policy indicators and the add-on rule; two queries."""
    rows = fee_schedule(code, options.on)
    lines = policy_lines(rows)
    for line in sorted(lines, key=lambda line: not line.applies):
        yield _indicator(code, ref, line, make, level)
    if place := add_on_place(code, options.on):
        yield _add_on(code, ref, place, make, level)


def _indicator(code: Code, ref: CodeRef, line: PolicyLine, make: Maker, level: Level) -> Fact:
    first, *others = line.values
    text = f"{line.title} of {code.display}: {first.value}"
    text += f", {first.name.lower()}. {first.explanation}" if first.name else "."
    for other in others:
        text += f" {part_title(other.fact)}: {other.value}, {other.name.lower()}."
    return make.fact(
        f"policy.{_FIELDS[line.title]}",
        TOPIC,
        text,
        [value.fact for value in line.values],
        level=level,
        code=ref,
        url=_url(ref),
        meaning=[text for value in line.values for text in (value.name, value.explanation)],
    )


def _add_on(code: Code, ref: CodeRef, place: AddOnPlace, make: Maker, level: Level) -> Fact:
    said = []
    if place.types:
        said.append(f"{code.display} is an add-on code.")
        number = (
            f"{place.primaries:,} primary codes" if place.primaries != 1 else "one primary code"
        )
        if "1" in place.types:
            said.append(
                f"It is paid only where {'the' if place.primaries == 1 else 'one of the'} {number}"
                " that CMS lists is paid to the same practitioner for the same patient and day."
            )
        elif "3" in place.types:
            said.append(f"CMS lists {number}; Medicare's contractors may accept others.")
        else:
            said.append("Medicare's contractors decide which primary codes it goes with.")
    if place.add_ons:
        codes = f"{place.add_ons:,} add-on code{'' if place.add_ons == 1 else 's'}"
        said.append(f"{code.display} is the primary code of {codes}.")
    return make.fact(
        "add_on",
        TOPIC,
        " ".join(said),
        place.first,
        level=level,
        code=ref,
        url=_url(ref),
        derived=[place.primaries, place.add_ons],
        asked=[code.display],
    )


def _notes(code: Code, ref: CodeRef, make: Maker) -> Iterator[Fact]:
    """Yield the notes of each place by heading, the code's own first, then those above it."""
    notes = tabular_notes(code)
    notes.sort(key=lambda note: -note.code.position)  # stable: the printed order within a place
    versions = as_of.versions_of(code, notes)
    for (_, kind), group in groupby(notes, key=lambda note: (note.code_id, note.kind)):
        yield _note(code, ref, kind, list(group), versions, make)
    if characters := seventh_characters(code):
        yield _seventh(code, ref, characters, make)


def _note(
    code: Code,
    ref: CodeRef,
    kind: str,
    notes: list[CodeNote],
    versions: Mapping[int, CodeVersion],
    make: Maker,
) -> Fact:
    place = notes[0].code
    where = f"at {place.display}"
    if place.pk != code.pk:
        where += f" {place.public_short}, above {code.display}"
    if code.edition is not None:
        where += f", in the edition {code.edition.label}"
    text = f"{notes[0].get_kind_display()} {where}: {'; '.join(note.text for note in notes)}"
    places = [code, place] if place.pk != code.pk else [code]
    # What another edition prints is kept with what it says of the place.
    version = versions.get(place.pk)
    return make.fact(
        f"note.{kind}",
        TOPIC,
        text,
        [version, *places] if version else [*places, *notes],
        level=Level.UNLOCKED,
        code=ref,
        url=_url(ref),
        derived=[note.text for note in notes] if version else [],
        is_quote=True,
    )


def _seventh(code: Code, ref: CodeRef, characters: list[SeventhCharacter], make: Maker) -> Fact:
    place = characters[0].code
    meanings = "; ".join(f"{one.character} {one.meaning}" for one in characters)
    version = as_of.versions_of(code, characters).get(place.pk)
    edition = f" in the edition {version.release.label}" if version else ""
    text = f"7th characters of {code.display}{edition}, defined at {place.display}: {meanings}."
    return make.fact(
        "seventh",
        TOPIC,
        text,
        [version, code, place] if version else [code, place, *characters],
        level=Level.UNLOCKED,
        code=ref,
        url=_url(ref),
        derived=[f"{one.character} {one.meaning}" for one in characters] if version else [],
    )


def _url(ref: CodeRef) -> str:
    return f"{ref.url}#guidelines" if ref.url else ""
