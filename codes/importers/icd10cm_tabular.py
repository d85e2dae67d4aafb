"""ICD-10-CM from its tabular list (XML) and its list of codes (text). Pure: imports no Django.

Source: the National Center for Health Statistics publishes the tabular list twice a year as
``ICD10CM.tabular`` → ``chapter`` → ``section`` → nested ``diag``. Codes with a 7th character are
not in it: the padded code of each entry takes the characters of the nearest ``sevenChrDef``, and
what the list of codes holds is kept. The list is one entry a line, without dots, and holds
chapters, sections and every code.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from codes.importers import files
from codes.importers.icd10cm_xml import Node, read_tabular
from codes.importers.rows import PAGE_KINDS, CodeRow, Edition, FileRefused, Problem, SystemRow, cut
from codes.lookup import dotted

IMPORTER: Final = "icd10cm_tabular 1"
SYSTEM: Final = SystemRow(
    slug="icd-10-cm",
    name="ICD-10-CM",
    title=(
        "International Classification of Diseases, Tenth Revision, "
        "Clinical Modification (ICD-10-CM)"
    ),
    code_noun="ICD-10-CM Code",
    publisher="National Center for Health Statistics (NCHS), Centers for Disease Control and "
    "Prevention (CDC), with the Centers for Medicare & Medicaid Services (CMS)",
    description="Diagnosis codes for every setting of health care in the United States. They say "
    "why a patient was seen, not what was done.",
    licence="public_domain",
    copyright_line="ICD-10-CM is published by the National Center for Health Statistics (NCHS) "
    "and is in the public domain. ICD-10 is copyrighted by the World Health Organization (WHO), "
    "which authorized this adaptation for use in the United States.",
    trademark_line="",
    position=2,
)
SOURCE_NAME: Final = "ICD-10-CM Tabular List of Diseases and Injuries"
MAX_XML: Final = 64 << 20
MAX_LIST: Final = 16 << 20
_DIAG: Final = re.compile(r"[A-Z][0-9A-Z]{2}(\.[0-9A-Z]{1,4})?")
_NAMES: Final = {
    "chapter": re.compile(r"\d{1,2}"),
    "section": re.compile(r"[A-Z][0-9A-Z]{2}(-[A-Z][0-9A-Z]{2})?"),
    "category": _DIAG,
    "code": _DIAG,
}
_LISTED: Final = re.compile(r"\d{1,2}|[A-Z][0-9A-Z]{2}(-[A-Z][0-9A-Z]{2}|[0-9A-Z]{1,4})?")


def is_listed(entry: str) -> bool:
    """Return whether a text is what the list of codes consists of: a chapter, section or code."""
    return bool(_LISTED.fullmatch(entry))


def read_list(text: str, *, file: str) -> dict[str, int]:
    """Return every entry of the list of codes with its first line. Raises ``FileRefused``."""
    listed: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        entry = line.strip()
        if not entry:
            continue
        if not is_listed(entry):
            message = f"“{cut(entry, 40)}” is no ICD-10-CM code, section or chapter."
            raise FileRefused(file, number, message)
        listed.setdefault(entry, number)
    return listed


def seventh_key(key: str, character: str) -> str:
    """Return the key with its 7th character: X fills the places between."""
    return key.ljust(6, "X") + character


def rows_of(nodes: Sequence[Node], listed: dict[str, int], *, file: str) -> Iterator[CodeRow]:
    """Yield each node and after it its codes with a 7th character that the list holds.

    A code is billable when no entry stands below it.
    """
    above = {id(node.parent) for node in nodes}
    for node in nodes:
        below = list(_seventh_rows(node, listed, file=file)) if node.kind in PAGE_KINDS else []
        leaf = node.kind in PAGE_KINDS and not below and id(node) not in above
        yield CodeRow(
            kind=node.kind,
            key=node.key,
            display=node.display,
            parent=(node.parent.kind, node.parent.key) if node.parent else None,
            short=cut(node.title),
            long=node.title,
            file=file,
            line=node.line,
            billable=leaf,
            inclusion_terms=tuple(node.terms),
            notes=tuple(node.notes),
            characters=tuple(node.characters),
        )
        yield from below


def _seventh_rows(node: Node, listed: dict[str, int], *, file: str) -> Iterator[CodeRow]:
    for character, meaning in _nearest_characters(node):
        key = seventh_key(node.key, character)
        if key not in listed:
            continue
        title = f"{node.title}, {meaning}"
        yield CodeRow(
            kind="code",
            key=key,
            display=dotted(key),
            parent=(node.kind, node.key),
            short=cut(title),
            long=title,
            file=file,
            line=node.line,
            billable=True,
        )


def _nearest_characters(node: Node | None) -> list[tuple[str, str]]:
    while node and not node.characters:
        node = node.parent
    return node.characters if node else []


def compare_with_list(
    rows: Sequence[CodeRow], listed: dict[str, int], *, list_file: str
) -> list[Problem]:
    """Return where the names are malformed or the tabular list and the list of codes differ."""
    problems = []
    for row in rows:
        if not _NAMES[row.kind].fullmatch(row.key if row.kind == "chapter" else row.display):
            problems.append(row.problem(f"is no name of an ICD-10-CM {row.kind}."))
        elif row.key not in listed:
            problems.append(row.problem(f"is not in {list_file}."))
        elif row.kind == "code" and row.parent and not row.key.startswith(row.parent[1]):
            problems.append(row.problem(f"stands below {row.parent[1]}, of which it is no part."))
    found = {row.key for row in rows}
    for entry, line in listed.items():
        if entry not in found:
            problems.append(Problem(list_file, line, f"{entry} is not in the tabular list."))
    return problems


def packaged_files() -> tuple[Path, Path]:
    """Return the tabular list and the list of codes of the edition that is installed with us.

    They are the data of the package simple-icd-10-cm, whose own code is never imported: it takes
    6 s and loses five codes. Raises ``FileRefused`` where they are missing.
    """
    spec = find_spec("simple_icd_10_cm")
    folders = spec.submodule_search_locations if spec else None
    data = Path(next(iter(folders)), "data") if folders else Path()
    tabular, listing = sorted(data.glob("icd10c*tabular*.xml")), sorted(data.glob("code-list*.txt"))
    if not (folders and tabular and listing):
        message = "the packaged ICD-10-CM edition is not installed; name the two files instead."
        raise FileRefused("simple-icd-10-cm", 0, message)
    return tabular[-1], listing[-1]


def pair(paths: Sequence[Path]) -> tuple[Path, Path]:
    """Return the tabular list and the list of codes, told apart by content."""
    tabular = [path for path in paths if files.is_xml(path)]
    listing = [path for path in paths if path not in tabular]
    if len(tabular) != 1 or len(listing) != 1:
        names = ", ".join(path.name for path in paths)
        message = "expected two files, the tabular list (XML) and the list of codes (text)."
        raise FileRefused(names or "no file", 0, message)
    return tabular[0], listing[0]


def read_edition(
    tabular: Path,
    listing: Path,
    *,
    label: str = "",
    effective_date: date | None = None,
    advance: Callable[[int], None] = lambda count: None,
) -> Edition:
    """Return the edition in these two files; its problems are what is wrong between them.

    The effective date is read from a file name that ends in ``-April-1-2026`` unless given; the
    label is its month unless given. ``advance`` hears how many bytes were read. Raises
    ``FileRefused`` for a file that cannot be read as what it should be, or that has no date.
    """
    effective_date = effective_date or files.date_in_name(tabular.name)
    if effective_date is None:
        message = "the name holds no effective date; give it with --effective-date YYYY-MM-DD."
        raise FileRefused(tabular.name, 0, message)
    listed = read_list(files.text_of(listing, limit=MAX_LIST), file=listing.name)
    nodes = read_tabular(_heard(files.chunks(tabular, limit=MAX_XML), advance), file=tabular.name)
    rows = list(rows_of(nodes, listed, file=tabular.name))
    if not rows:
        raise FileRefused(tabular.name, 0, "holds no entries.")
    return Edition(
        system=SYSTEM,
        label=label or f"{effective_date:%B %Y}",
        effective_date=effective_date,
        source_name=SOURCE_NAME,
        file_name=f"{tabular.name}, {listing.name}",
        sha256=files.sha256_of([tabular, listing], limit=MAX_XML),
        importer=IMPORTER,
        rows=rows,
        problems=compare_with_list(rows, listed, list_file=listing.name),
    )


def _heard(pieces: Iterable[bytes], advance: Callable[[int], None]) -> Iterator[bytes]:
    for piece in pieces:
        advance(len(piece))
        yield piece
