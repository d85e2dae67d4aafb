"""CPT as the AMA delivers it to those who hold a licence. Pure: imports no Django.

Source: the AMA's CPT standard data files and CPT Link, by the operator's own licence.
``SHORTU.txt``, ``MEDU.txt`` and ``LONGULT.txt`` or ``LONGULF.txt`` are needed; ``MODUL.txt``,
``ConsumerDescriptor.txt``, ``ClinicianDescriptor.txt``, ``History_DTK_tab.txt`` and
``Deleted_DTK_tab.txt`` are read where they are given. Each is known by its content, so the whole
folder or its zip may be given; where the long descriptors come in capitals too, those are passed
over. Layouts are those of the AMA's own published readers; no licensed file was at hand. Not
confirmed is that a deleted code was last used on the day before its ``Date Deleted``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from codes.importers import columns, cpt_files
from codes.importers.cpt_chapters import under_chapters
from codes.importers.cpt_files import Event, Wording
from codes.importers.hcpcs import ModifierRow
from codes.importers.rows import (
    CodeRow,
    Edition,
    FactEdition,
    FileRefused,
    Problem,
    Row,
    RowsRefused,
    cut,
)
from codes.importers.sample import SYSTEM, TextRow
from codes.importers.source import Format, Options, SourceFile, sha256_of_sources
from codes.markup import render

IMPORTER: Final = "cpt 1"
SOURCE_NAME: Final = "CPT® standard data files"
MODIFIERS: Final = "cpt-modifiers"
"""The source of the releases of modifiers: their wording is the AMA's."""

_YEAR: Final = re.compile(r"\bcpt\D{0,3}(20\d\d)\b", re.IGNORECASE)
_MARKS: Final = re.compile(r"([\\`*_\[\]<>#&|~])")
_LIST: Final = re.compile(r"^(\d*)([-+.)])(?=\s|$)")
_NOT_AVAILABLE: Final = "DESCRIPTOR NOT AVAILABLE"


@dataclass(frozen=True, slots=True)
class LicensedEdition(Edition):
    """An edition with the publisher's own texts for lay people, one for some of its codes."""

    texts: Sequence[TextRow] = ()


def recognise(source: SourceFile) -> bool:
    """Return whether this is a file of a CPT delivery."""
    return bool(cpt_files.role_of(source))


def read(sources: Sequence[SourceFile], options: Options) -> list[Edition | FactEdition]:
    """Return the codes with their texts, and the modifiers where their file is given.

    Raises ``FileRefused`` and, with every problem of the files, ``RowsRefused``. 11,000 codes with
    90,000 clinician descriptors take some two seconds.
    """
    delivery = _Delivery(sources)
    day = options.effective_date or delivery.day()
    label = options.label or f"{day.year}" + (f", {day:%B}" if day.month > 1 else "")
    edition = delivery.edition(label, day)
    if edition.problems:
        raise RowsRefused(edition.problems)
    if source := delivery.of("modifiers"):
        return [edition, _modifiers(source, label, day)]
    return [edition]


class _Delivery:
    """The files that were given, by what they are."""

    def __init__(self, sources: Sequence[SourceFile]) -> None:
        self._files: dict[str, list[SourceFile]] = {}
        for source in sources:
            self._files.setdefault(cpt_files.role_of(source), []).append(source)
        self._names = ", ".join(source.name for source in sources)
        self._short, self._medium = self._short_and_medium()
        self._long, self._read_long = self._longest()
        self._problems: list[Problem] = []

    def of(self, role: str) -> SourceFile | None:
        """Return the file of a role that only one may have."""
        files = self._files.get(role, [])
        if len(files) > 1:
            raise files[1].refuse(f"is the same kind of file as {files[0].name}; give one of them.")
        return files[0] if files else None

    def day(self) -> date:
        """Return the first day of the year that the files or their names state."""
        for files in self._files.values():
            for source in files:
                if match := _YEAR.search(f"{source.name}\n{source.head(cpt_files.HEAD)}"):
                    return date(int(match[1]), 1, 1)
        message = (
            "neither the files nor their names say the year;"
            " give the day with --effective-date YYYY-MM-DD."
        )
        raise FileRefused(self._names, 0, message)

    def edition(self, label: str, day: date) -> LicensedEdition:
        """Return the edition; its problems are all that the files have."""
        current = self._current()
        rows = [*under_chapters([*current, *self._deleted(current)])]
        texts = list(self._texts({row.key for row in rows if row.kind == "code"}))
        used = [self._short, self._medium, self._long]
        used += [file for role in _EXTRA if (file := self.of(role))]
        return LicensedEdition(
            system=SYSTEM,
            label=label,
            effective_date=day,
            source_name=SOURCE_NAME,
            file_name=cut(", ".join(source.name for source in used), 255),
            sha256=sha256_of_sources(used),
            importer=IMPORTER,
            rows=rows,
            problems=self._problems,
            texts=texts,
        )

    def _short_and_medium(self) -> tuple[SourceFile, SourceFile]:
        """Return the two fixed-width files: in the shorter no line is longer than 34."""
        files = self._files.get("fixed", [])
        if len(files) != 2:
            count = f"{len(files)} of them" if files else "neither"
            message = f"expected the short and the medium descriptors, found {count}."
            raise FileRefused(self._names or "no file", 0, message)
        short, medium = sorted(files, key=_length)
        return short, medium

    def _longest(self) -> tuple[SourceFile, bool]:
        """Return the file of long descriptors, and whether it has tabs; capitals come last."""
        found = [(file, role == "long-tab") for role in _LONG for file in self._files.get(role, [])]
        if not found:
            message = "expected the long descriptors (LONGULT or LONGULF), found none."
            raise FileRefused(self._names, 0, message)
        return min(found, key=lambda each: cpt_files.is_in_capitals(each[0]))

    def _wordings(self, rows: Iterable[Wording | Problem], file: str) -> dict[str, Wording]:
        """Return the texts by code; a code that stands twice is a problem."""
        found: dict[str, Wording] = {}
        for row in columns.once(rows, lambda row: row.code, file):
            if isinstance(row, Problem):
                self._problems.append(row)
            else:
                found[row.code] = row
        return found

    def _current(self) -> list[CodeRow]:
        """Return the codes that all three files name; what one lacks is a problem."""
        long_rows = cpt_files.long_tabbed if self._read_long else cpt_files.long_fixed
        long = self._wordings(long_rows(self._long), self._long.name)
        short_rows = cpt_files.fixed(self._short, cpt_files.SHORT_END)
        short = self._wordings(short_rows, self._short.name)
        medium_rows = cpt_files.fixed(self._medium, cpt_files.MEDIUM_END)
        medium = self._wordings(medium_rows, self._medium.name)
        everywhere = long.keys() | short.keys() | medium.keys()
        for source, held in (*((self._short, short), (self._medium, medium), (self._long, long)),):
            for code in sorted(everywhere - held.keys()):
                message = f"lacks {code}, which another file has; are all of one delivery, whole?"
                self._problems.append(Problem(source.name, 0, message))
        shared = long.keys() & short.keys() & medium.keys()
        added = self._added()
        terms = self._clinician_terms(long)
        return [
            CodeRow(
                kind="code",
                key=code,
                display=code,
                parent=None,
                short=short[code].text,
                medium=medium[code].text,
                long=long[code].text,
                file=self._long.name,
                line=long[code].line,
                billable=True,
                inclusion_terms=tuple(terms.get(code, ())),
                valid_from=added.get(code),
            )
            for code in sorted(shared)
        ]

    def _events(self, role: str) -> Iterator[Event]:
        if source := self.of(role):
            for event in cpt_files.events(source):
                if isinstance(event, Problem):
                    self._problems.append(event)
                else:
                    yield event

    def _added(self) -> dict[str, date]:
        """Return the day since when each code has been there, the last if it came back."""
        days: dict[str, date] = {}
        for event in self._events("history"):
            if event.change == "ADDED" and event.day:
                days[event.code] = max(event.day, days.get(event.code, event.day))
        return days

    def _deleted(self, current: Sequence[CodeRow]) -> Iterator[CodeRow]:
        """Yield the codes that are no longer there, where their wording and last day are known."""
        known = {row.key for row in current}
        source = self.of("deleted")
        for event in sorted(self._events("deleted"), key=lambda event: event.code):
            text = event.text
            if event.code in known or not event.day or not text or text.upper() == _NOT_AVAILABLE:
                continue
            known.add(event.code)
            yield CodeRow(
                kind="code",
                key=event.code,
                display=event.code,
                parent=None,
                short=cut(text),
                long=text,
                file=source.name if source else "",
                line=event.line,
                valid_to=event.day - timedelta(days=1),
            )

    def _clinician_terms(self, long: Mapping[str, Wording]) -> dict[str, list[str]]:
        """Return the clinician descriptors of each code, without those that repeat the long one."""
        terms: dict[str, dict[str, None]] = {}
        for row in self._descriptors("clinician", "Clinician"):
            if row.code in long and row.text and row.text != long[row.code].text:
                terms.setdefault(row.code, {})[row.text] = None
        return {code: list(found) for code, found in terms.items()}

    def _texts(self, codes: set[str]) -> Iterator[TextRow]:
        """Yield the consumer descriptors as common language descriptions."""
        seen: set[str] = set()
        for row in self._descriptors("consumer", "Consumer"):
            if row.code in codes and row.code not in seen and row.text:
                seen.add(row.code)
                markdown = as_markdown(row.text)
                yield TextRow(("code", row.code), "plain", markdown, render(markdown))

    def _descriptors(self, role: str, title: str) -> Iterator[Wording]:
        if source := self.of(role):
            for row in cpt_files.descriptors(source, title):
                if isinstance(row, Problem):
                    self._problems.append(row)
                else:
                    yield row


_LONG: Final = ("long-tab", "long-fixed")
_EXTRA: Final = ("consumer", "clinician", "history", "deleted")


def _length(source: SourceFile) -> tuple[int, bool]:
    return cpt_files.longest(source), "MED" in columns.last_name(source).upper()


def as_markdown(text: str) -> str:
    """Return a plain text as Markdown that shows just that text."""
    return _LIST.sub(r"\1\\\2", _MARKS.sub(r"\\\1", text))


def _modifiers(source: SourceFile, label: str, day: date) -> FactEdition:
    rows = columns.at_least_one(_modifier_rows(source), source, "modifiers")
    return FactEdition(
        source=MODIFIERS,
        label=label,
        effective_date=day,
        source_name=f"{SOURCE_NAME}, modifiers",
        file_name=cut(source.name, 255),
        sha256=sha256_of_sources([source]),
        importer=IMPORTER,
        tables={"Modifier": rows},
    )


def _modifier_rows(source: SourceFile) -> Iterator[Row | Problem]:
    for found in cpt_files.modifiers(source):
        yield ModifierRow(
            line=found.line,
            modifier=found.modifier,
            short_descriptor=found.title,
            long_descriptor=found.text,
            coverage="",
            added_on=None,
            action_on=None,
            terminated_on=None,
            action="",
        )


FORMAT: Final = Format(
    name="cpt",
    title="CPT® in the AMA's delivery layout (SHORTU, MEDU, LONGULT or LONGULF, MODUL …)",
    notice="cpt",
    recognise=recognise,
    read=read,
)
