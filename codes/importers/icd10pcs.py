"""ICD-10-PCS from its order file, and from its tables where given. Pure: imports no Django.

The order file (``codes/importers/order_file.py``) holds the headings of the tables, three
characters, and every valid code, seven. The levels above are read off them: the first character is
the section, the first two the body system. Their titles stand in front of the operation in the
headings ("Imaging, Heart, Fluoroscopy").
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from codes.importers.icd10pcs_tables import Table, is_tables, read_tables
from codes.importers.order_file import OrderRow, first_keys, fiscal_day, read_order
from codes.importers.rows import (
    CodeRow,
    Edition,
    FactEdition,
    Problem,
    SystemRow,
    cut,
)
from codes.importers.source import Format, Options, SourceFile, sha256_of_sources

IMPORTER: Final = "icd10pcs 1"
SOURCE_NAME: Final = "ICD-10-PCS order file"
SYSTEM: Final = SystemRow(
    slug="icd-10-pcs",
    name="ICD-10-PCS",
    title=(
        "International Classification of Diseases, Tenth Revision, "
        "Procedure Coding System (ICD-10-PCS)"
    ),
    code_noun="ICD-10-PCS Code",
    publisher="Centers for Medicare & Medicaid Services (CMS)",
    description="Codes for inpatient hospital procedures in the United States. Each of the seven "
    "characters says one thing about the procedure.",
    licence="public_domain",
    copyright_line="ICD-10-PCS is published by the Centers for Medicare & Medicaid Services (CMS) "
    "and is in the public domain.",
    trademark_line="",
    position=4,
)
SECTIONS: Final = {
    "0": "Medical and Surgical",
    "1": "Obstetrics",
    "2": "Placement",
    "3": "Administration",
    "4": "Measurement and Monitoring",
    "5": "Extracorporeal or Systemic Assistance and Performance",
    "6": "Extracorporeal or Systemic Therapies",
    "7": "Osteopathic",
    "8": "Other Procedures",
    "9": "Chiropractic",
    "B": "Imaging",
    "C": "Nuclear Medicine",
    "D": "Radiation Therapy",
    "F": "Physical Rehabilitation and Diagnostic Audiology",
    "G": "Mental Health",
    "H": "Substance Abuse Treatment",
    "X": "New Technology",
}
"""The sections of ICD-10-PCS. The order file names them within its headings, but not section 0."""

_CHARACTERS: Final = "[0-9A-HJ-NP-Z]"
_HEADING: Final = re.compile(f"{_CHARACTERS}{{3}}")
_CODE: Final = re.compile(f"{_CHARACTERS}{{7}}")


def recognises(source: SourceFile) -> bool:
    """Return whether this is the order file or the tables of ICD-10-PCS."""
    return _is_order(source) or is_tables(source)


def _is_order(source: SourceFile) -> bool:
    """Return whether the file begins with codes of section 0, as no ICD-10-CM code does."""
    return any(key[0].isdecimal() for key in first_keys(source))


def read(
    sources: Sequence[SourceFile], options: Options | None = None
) -> Sequence[Edition | FactEdition]:
    """Return the edition; the tables (XML) add what each operation means.

    Its problems are every line that does not hold. Raises ``FileRefused``. The 80,110 lines of
    fiscal year 2026 take about two seconds.
    """
    options = options or Options()
    order, tables = _told_apart(sources)
    day = options.effective_date or fiscal_day(order.name)
    if day is None:
        message = "the name holds no year; give its day with --effective-date YYYY-MM-DD."
        raise order.refuse(message)
    lines, problems = _checked(order)
    known = {table.key: table for source in tables for table in read_tables(source)}
    problems.extend(_compared(known, lines, [*tables, order][0].name, order.name))
    used = [order, *tables]
    return [
        Edition(
            system=SYSTEM,
            label=options.label or f"{day:%B %Y}",
            effective_date=day,
            source_name=SOURCE_NAME,
            file_name=cut(", ".join(source.name for source in used), 255),
            sha256=sha256_of_sources(used),
            importer=IMPORTER,
            rows=list(rows_of(lines, file=order.name, tables=known)),
            problems=problems,
        )
    ]


def _told_apart(sources: Sequence[SourceFile]) -> tuple[SourceFile, list[SourceFile]]:
    tables = [source for source in sources if is_tables(source)]
    orders = [source for source in sources if _is_order(source)]
    if len(orders) != 1 or len(tables) > 1:
        message = "expected one order file (icd10pcs_order_YYYY.txt), with or without the tables."
        raise sources[0].refuse(message)
    return orders[0], tables


def _checked(source: SourceFile) -> tuple[list[OrderRow], list[Problem]]:
    """Return the lines and what is wrong with them; every code needs the heading above it."""
    rows: list[OrderRow] = []
    problems: list[Problem] = []
    headings: set[str] = set()
    for row in read_order(source):
        if isinstance(row, Problem):
            problems.append(row)
            continue
        if message := _fault(row, headings):
            problems.append(Problem(source.name, row.line, f"{row.key}: {message}"))
            continue
        if not row.billable:
            headings.add(row.key)
        rows.append(row)
    if missing := SECTIONS.keys() - {key[0] for key in headings}:
        message = f"holds no code of section {', '.join(sorted(missing))}. Is the file complete?"
        problems.append(Problem(source.name, 0, message))
    return rows, problems


def _fault(row: OrderRow, headings: set[str]) -> str:
    if row.key[0] not in SECTIONS:
        return "is of a section that ICD-10-PCS has not."
    if not (_CODE if row.billable else _HEADING).fullmatch(row.key):
        return "is no code of seven characters." if row.billable else "is no heading of three."
    if row.billable and row.key[:3] not in headings:
        return f"stands below {row.key[:3]}, which is not before it."
    return ""


def _compared(
    tables: Mapping[str, Table], lines: Sequence[OrderRow], file: str, order: str
) -> Iterator[Problem]:
    """Yield where the tables and the order file, both given, are not of one edition."""
    headings = {row.key for row in lines if not row.billable}
    for key in sorted(tables.keys() - headings):
        yield Problem(file, tables[key].line, f"table {key} is not in {order}.")
    for key in sorted(headings - tables.keys()) if tables else ():
        yield Problem(order, 0, f"heading {key} has no table in {file}.")


def rows_of(
    lines: Sequence[OrderRow], *, file: str, tables: Mapping[str, Table] | None = None
) -> Iterator[CodeRow]:
    """Yield sections (kind chapter), body systems (section), headings (category) and codes."""
    systems = body_systems([row for row in lines if not row.billable])
    seen: set[str] = set()
    for row in lines:
        if not row.billable:
            yield from _above(row, systems, seen, file)
        yield CodeRow(
            kind="code" if row.billable else "category",
            key=row.key,
            display=row.key,
            parent=("category", row.key[:3]) if row.billable else ("section", row.key[:2]),
            short=row.short,
            long=row.long,
            file=file,
            line=row.line,
            billable=row.billable,
            notes=() if row.billable else _notes((tables or {}).get(row.key)),
        )


def _above(
    row: OrderRow, systems: Mapping[str, str], seen: set[str], file: str
) -> Iterator[CodeRow]:
    section, system = row.key[0], row.key[:2]
    if section not in seen:
        title = SECTIONS[section]
        display = f"Section {section}"
        yield CodeRow("chapter", section, display, None, title, title, file, row.line)
    if system not in seen:
        title, above = systems[system], ("chapter", section)
        yield CodeRow("section", system, system, above, title, title, file, row.line)
    seen.update((section, system))


def _notes(table: Table | None) -> tuple[tuple[str, str], ...]:
    if table is None or not table.definition:
        return ()
    return (("note", f"{table.operation}: {table.definition}"),)


def body_systems(headings: Sequence[OrderRow]) -> dict[str, str]:
    """Return the title of each body system, by its two characters.

    It is what all of its headings begin with, or what stands before the operation where there is
    one heading only; the section in front of it is left out.
    """
    titles: dict[str, list[list[str]]] = {}
    for row in headings:
        titles.setdefault(row.key[:2], []).append(row.long.split(", "))
    return {key: _title(SECTIONS[key[0]], parts) for key, parts in titles.items()}


def _title(section: str, headings: Sequence[Sequence[str]]) -> str:
    if len(headings) == 1:
        common = list(headings[0][:-1])
    else:
        common = []
        for parts in zip(*headings, strict=False):
            if len(set(parts)) > 1:
                break
            common.append(parts[0])
    title = ", ".join(common).removeprefix(section).removeprefix(", ")
    return title or section


FORMAT: Final = Format(
    name="icd-10-pcs",
    title="ICD-10-PCS order file, with or without the tables (XML)",
    notice="",
    recognise=recognises,
    read=read,
)
