"""Makes facts out of rows: their printed fields, their citation, the place that shows them."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, Final

from django.db.models import AutoField, ForeignKey, Model

from assistant.engine.answer import Citation, CodeRef, Edition, Fact, Level, Topic
from assistant.engine.days import spoken
from codes.code_versions import CodeVersion
from codes.models import Code, Release
from codes.sections.fees import plain

_NOT_PRINTED: Final = frozenset(
    {
        "ancestors",
        "html",
        "phrases",
        "comparison",
        "imported_at",
        "importer",
        "line",
        "markdown",
        "position",
        "revision",
        "row_count",
        "seconds",
        "sha256",
    }
)
_WORDING: Final = ("short_descriptor", "medium_descriptor", "long_descriptor", "inclusion_terms")


class Maker:
    """Makes the facts of one answer; their ids are F1, F2 and so on."""

    def __init__(self) -> None:
        self._made = 0

    def fact(
        self,
        kind: str,
        topic: Topic,
        text: str,
        rows: Model | Iterable[Model],
        *,
        level: Level,
        code: CodeRef | None = None,
        url: str = "",
        meaning: Sequence[str] = (),
        derived: Sequence[object] = (),
        asked: Sequence[object] = (),
        is_quote: bool = False,
    ) -> Fact:
        """Return a fact that rests on one row or more; no query where their releases are loaded.

        ``url`` is where the site shows it; the code's own page without one.
        """
        cited = [rows] if isinstance(rows, Model) else list(rows)
        self._made += 1
        return Fact(
            id=f"F{self._made}",
            kind=kind,
            topic=topic,
            text=text,
            citations=tuple(cite(row, _place(row, url, code)) for row in cited),
            level=level,
            code=code,
            values=tuple(dict.fromkeys(value for row in cited for value in printed(row, level))),
            meaning=tuple(meaning),
            derived=tuple(map(_text, derived)),
            asked=tuple(map(_text, asked)),
            is_quote=is_quote,
        )


def _place(row: Model, url: str, code: CodeRef | None) -> str:
    """Return where a row is shown: another code on its own page, the rest where the fact is."""
    if isinstance(row, Code) and (code is None or row.pk != code.code_id):
        return row.get_absolute_url()
    return url or (code.url if code else "")


def cite(row: Model, url: str = "") -> Citation:
    """Return the citation of a row; no query where its release is loaded."""
    release = row if isinstance(row, Release) else getattr(row, "release", None)
    edition = edition_of(release) if release else None
    name = str(row._meta.verbose_name)
    title = f"{edition.name}, {edition.label}" if edition else f"{name}: {row}"
    line = getattr(row, "line", None) or None
    return Citation(row._meta.db_table, int(row.pk or 0), title, url, line, edition)


def edition_of(release: Release) -> Edition:
    """Return a release as answers carry it."""
    return Edition(
        release.pk,
        release.source,
        release.source_name,
        release.label,
        release.effective_date,
        release.file_name,
        release.is_sample,
    )


def printed(row: Model, level: Level) -> list[str]:
    """Return the fields of a row that may be printed at a level.

    The row's own numbering is none of them. A code's wording is there as far as its licence and the
    level go: what a reader may not see is in no part of a fact.
    """
    if isinstance(row, Code | CodeVersion):
        wording = _wording(row, level)
        fields = _fields(row, without=_WORDING)
        return [*wording, *fields]
    return _fields(row)


def _wording(row: Code | CodeVersion, level: Level) -> list[str]:
    if isinstance(row, CodeVersion):
        return []
    described = [row.public_medium, row.public_long, *row.public_terms]
    is_open = level in (Level.DESCRIBED, Level.UNLOCKED)
    return [words for words in (row.public_short, *(described if is_open else ())) if words]


def _fields(row: Model, without: Iterable[str] = ()) -> list[str]:
    values: list[str] = []
    for field in row._meta.concrete_fields:
        is_number_of_row = isinstance(field, AutoField | ForeignKey)
        if not is_number_of_row and field.name not in _NOT_PRINTED and field.name not in without:
            values += _forms(getattr(row, field.attname))
    return values


def _forms(value: Any) -> list[str]:
    if isinstance(value, bool) or value in (None, ""):
        return []
    if isinstance(value, list):
        return [form for one in value for form in _forms(one)]
    return [_text(value)]


def _text(value: object) -> str:
    if isinstance(value, date):
        return spoken(value)
    if isinstance(value, Decimal):
        return plain(value)
    if isinstance(value, int):
        return f"{value:,}"
    return str(value)


def of_sample(release: Release | None, whose: str) -> str:
    """Return the sentence by which what a sample says, or leaves out, is not taken for real."""
    if release is None or not release.is_sample:
        return ""
    return f" That edition is a sample written for this site and says nothing about {whose}."


def ref_of(code: Code, **changes: Any) -> CodeRef:
    """Return a code as answers carry it; no query where its system is loaded."""
    values: dict[str, Any] = {
        "system": code.system.slug,
        "display": code.display,
        "key": code.key,
        "code_id": code.pk,
        "url": code.get_absolute_url(),
        "noun": code.system.code_noun,
        "words": code.public_short,
        "is_billable": code.billable,
        "is_deleted": code.is_deleted,
    }
    return CodeRef(**(values | changes))
