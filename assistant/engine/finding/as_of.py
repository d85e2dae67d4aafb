"""A code as of a day: what the edition then in force says of it, and which notes that are."""

from collections.abc import Iterator, Mapping, Sequence
from copy import copy
from datetime import date

from django.db.models import Model

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.days import spoken
from assistant.engine.making import Maker
from codes.as_of import Look
from codes.code_versions import CodeVersion
from codes.models import Code, CodeNote, Release, SeventhCharacter
from codes.tabular_notes import terms_of

_TERMS_NAMED = 12


def at(code: Code, on: date) -> tuple[Code, Look]:
    """Return what the edition of a day says, and the code with the notes of that edition.

    The code given is not changed. Two queries.
    """
    look = Look.at(code, on)
    if look.version is not None and has_notes(look) and is_another(look):
        code = copy(code)
        code.edition = look.edition
        code.ancestors = look.version.ancestors
    return code, look


def is_another(look: Look) -> bool:
    """Whether an edition other than the one shown now speaks."""
    edition = look.edition if look.version is not None else None
    return edition is not None and edition.pk != look.code.release_id


def has_notes(look: Look) -> bool:
    """Whether the notes of the day are held."""
    if look.edition is None or look.version is None:
        return False
    return look.edition.is_whole or not is_another(look)


def versions_of(
    code: Code, notes: list[CodeNote] | list[SeventhCharacter]
) -> Mapping[int, CodeVersion]:
    """Return the rows that the notes of another edition are from, by code; one query."""
    if code.edition is None:
        return {}
    places = {note.code_id for note in notes}
    found = CodeVersion.objects.filter(release=code.edition, code__in=places)
    return {version.code_id: version for version in found.select_related("release")}


def no_notes(code: Code, ref: CodeRef, look: Look, make: Maker) -> Fact:
    """Say that the notes are those of the edition shown now, for want of those of the day."""
    text = (
        f"The notes of {code.display} that were in force on {spoken(look.on)} are not held here;"
        f" those that are told are of the edition {code.release.label}."
    )
    return make.fact(
        "as_of.notes",
        Topic.GUIDELINES,
        text,
        code.release,
        level=Level.UNLOCKED,
        code=ref,
        url=f"{ref.url}#guidelines",
        asked=[look.on, code.display],
    )


def find(code: Code, ref: CodeRef, look: Look, make: Maker) -> Iterator[Fact]:
    """Yield what the edition in force on the day says of the code; no query."""
    if look.edition is None:
        yield _no_edition(code, ref, look, make)
        yield from _by_its_dates(code, ref, look.on, make)
    elif look.version is None:
        text = (
            f"{code.display} is not in the edition {look.edition.label}, which was in force on"
            f" {spoken(look.on)}."
        )
        yield _of_the_day("as_of.none", text, [look.edition, code], ref, look, make)
    else:
        yield _state(code, look.edition, look.version, ref, look, make)


def _of_the_day(
    kind: str,
    text: str,
    rows: Sequence[Model],
    ref: CodeRef,
    look: Look,
    make: Maker,
    name: str = "",
) -> Fact:
    return make.fact(
        kind,
        Topic.CODES,
        text,
        rows,
        level=Level.OPEN,
        code=ref,
        url=_url(ref, look.on),
        asked=[look.on],
        derived=[name] if name else [],
    )


def _no_edition(code: Code, ref: CodeRef, look: Look, make: Maker) -> Fact:
    oldest = look.oldest
    text = f"Of {spoken(look.on)} no edition of {code.system.name} is held here"
    if oldest is not None:
        began = spoken(oldest.effective_date)
        text += f"; the oldest is {oldest.label}, in effect from {began}"
    return _of_the_day("missing.as_of", f"{text}.", [oldest or code], ref, look, make)


def _state(
    code: Code, edition: Release, version: CodeVersion, ref: CodeRef, look: Look, make: Maker
) -> Fact:
    """Say whether the code was in use and billable on the day, and its name if it was another."""
    ended = look.ended_on
    if ended is None and version.valid_to and version.valid_to < look.on:
        ended = version.valid_to
    if ended:
        state = f"was out of use: its last day was {spoken(ended)}"
    else:
        state = "was valid for reporting" if version.billable else "was not billable"
    text = f"On {spoken(look.on)}, in the edition {edition.label}, {code.display} {state}."
    name = version.short_descriptor if code.shows_wording() else ""
    if name == code.public_short:
        name = ""
    if name:
        text += f" It was named then: {name}."
    return _of_the_day("as_of", text, [edition, version, code], ref, look, make, name)


def _by_its_dates(code: Code, ref: CodeRef, day: date, make: Maker) -> Iterator[Fact]:
    """Say what the code's own first and last day mean for a day that no edition is held of."""
    on = spoken(day)
    if code.valid_to and day > code.valid_to:
        text = f"On {on} {code.display} was out of use: its last day was {spoken(code.valid_to)}."
    elif code.valid_from and day < code.valid_from:
        text = (
            f"On {on} {code.display} was not in use yet: its first day is"
            f" {spoken(code.valid_from)}."
        )
    elif code.valid_from and code.valid_to:
        text = (
            f"On {on} {code.display} was in use: by the edition {code.release.label} from"
            f" {spoken(code.valid_from)} to {spoken(code.valid_to)}."
        )
    elif code.valid_to:
        text = (
            f"On {on} {code.display} had not ended: its last day of use was"
            f" {spoken(code.valid_to)}."
        )
    else:
        return
    yield make.fact("used_on", Topic.CODES, text, code, level=Level.OPEN, code=ref, asked=[day])


def described(code: Code, ref: CodeRef, look: Look, make: Maker) -> Iterator[Fact]:
    """Yield the long descriptor and the inclusion terms of another edition; no query.

    For who has opened the page. Nothing where the licence shows code numbers only.
    """
    version, topic, url = look.version, Topic.CODES, _url(ref, look.on)
    if version is None or look.edition is None or not code.shows_wording():
        return
    long = version.long_descriptor
    if long and long != version.short_descriptor:
        yield make.fact(
            "long",
            topic,
            long,
            [look.edition, version],
            level=Level.DESCRIBED,
            code=ref,
            url=url,
            derived=[long],
            is_quote=True,
        )
    if terms := terms_of(version)[:_TERMS_NAMED]:
        text = (
            f"Terms included under {code.display} in the edition {look.edition.label}:"
            f" {'; '.join(terms)}."
        )
        yield make.fact(
            "terms",
            topic,
            text,
            [look.edition, version],
            level=Level.DESCRIBED,
            code=ref,
            url=url,
            derived=terms,
        )


def _url(ref: CodeRef, day: date) -> str:
    return f"{ref.url}?on={day:%Y-%m-%d}"
