"""The sample content of ``fixtures/cpt/``, written for this project. Pure: imports no Django.

``system.toml`` names the edition; every other ``*.toml`` is an array of ``[[entry]]`` tables in
printed order, parents first (fixtures/README.md has the format). A ``category`` there is a group
of codes; it is stored as a section, because only ICD categories of three characters are codes.
"""

import hashlib
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from codes.importers import files
from codes.importers.rows import CodeRow, Edition, FileRefused, Problem, Ref, RowsRefused, SystemRow
from codes.markup import render

IMPORTER: Final = "sample 1"
SYSTEM: Final = SystemRow(
    slug="cpt",
    name="CPT®",
    title="Current Procedural Terminology (CPT®)",
    code_noun="CPT® Code",
    publisher="American Medical Association",
    description="Codes for the services of physicians and other health care professionals in the "
    "United States. They say what was done, not why.",
    licence="licensed",
    copyright_line="© Copyright 2026 American Medical Association. All rights reserved.",
    trademark_line="CPT® is a registered trademark of the American Medical Association.",
    position=1,
)
MAX_FILE: Final = 8 << 20
TEXT_KINDS: Final = (
    "plain",
    "guidelines",
    "modifiers",
    "crosswalks",
    "ncci_edits",
    "compliance",
    "medicare_coverage",
)
_SYSTEM_FILE: Final = "system.toml"
_REQUIRED: Final = ("kind", "key", "short", "long")
_TYPES: Final[dict[str, type]] = {
    **dict.fromkeys(("kind", "key", "parent", "parent_kind", "short", "medium", "long"), str),
    "plain": str,
    "billable": bool,
    "valid_from": date,
    "valid_to": date,
    "replaced_by": list,
    "sections": dict,
}


@dataclass(frozen=True, slots=True)
class TextRow:
    """A text about a code: kind as in ``TEXT_KINDS``, Markdown and what the public sees of it."""

    ref: Ref
    kind: str
    markdown: str
    html: str


@dataclass(frozen=True, slots=True)
class Sample:
    """The sample edition and the texts about its codes."""

    edition: Edition
    texts: Sequence[TextRow]
    notice: str


def read_sample(folder: Path) -> Sample:
    """Return the sample in a folder.

    Raises ``FileRefused`` for a file that is missing or is no TOML, ``RowsRefused`` with every
    problem of the entries by themselves.
    """
    paths = _paths(folder)
    release = _release(folder / _SYSTEM_FILE)
    rows: list[CodeRow] = []
    texts: list[TextRow] = []
    problems: list[Problem] = []
    for path in paths:
        for line, entry in _entries(path):
            if wrong := list(_faults(entry)):
                problems.extend(Problem(path.name, line, message) for message in wrong)
                continue
            row = _row(entry, path.name, line)
            rows.append(row)
            found = list(_texts(row.ref, entry))
            texts.extend(found)
            problems.extend(
                row.problem(f"{text.kind} is empty.") for text in found if not text.html
            )
    if problems:
        raise RowsRefused(problems)
    if not rows:
        raise FileRefused(str(folder), 0, "holds no [[entry]].")
    edition = Edition(
        system=SYSTEM,
        label=release["label"],
        effective_date=release["effective_date"],
        source_name="Sample content",
        file_name=", ".join(path.name for path in paths),
        sha256=_sha256([folder / _SYSTEM_FILE, *paths]),
        importer=IMPORTER,
        rows=rows,
        is_sample=True,
    )
    return Sample(edition, texts, release["notice"])


def _paths(folder: Path) -> list[Path]:
    paths = sorted(path for path in folder.glob("*.toml") if path.name != _SYSTEM_FILE)
    if not paths:
        raise FileRefused(str(folder), 0, "holds no sample content (*.toml).")
    return paths


def _sha256(paths: Sequence[Path]) -> str:
    """Return the SHA-256 of the names and contents, so that a moved entry is a change too."""
    digest = hashlib.sha256(IMPORTER.encode())
    for path in paths:
        digest.update(f"\n{path.name}\n{files.sha256_of([path], limit=MAX_FILE)}".encode())
    return digest.hexdigest()


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(files.text_of(path, limit=MAX_FILE))
    except tomllib.TOMLDecodeError as error:
        raise FileRefused(path.name, 0, f"is no TOML: {error}.") from error


def _release(path: Path) -> dict[str, Any]:
    release = _toml(path).get("release")
    if not isinstance(release, dict):
        raise FileRefused(path.name, 0, "has no [release].")
    for name, type_ in (("label", str), ("effective_date", date), ("notice", str)):
        if not isinstance(release.get(name), type_):
            raise FileRefused(path.name, 0, f"[release] has no {name}.")
    return release


def _entries(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """Yield each entry with the line of its ``[[entry]]``."""
    entries = _toml(path).get("entry", [])
    text = files.text_of(path, limit=MAX_FILE)
    lines = [
        number for number, line in enumerate(text.splitlines(), 1) if line.strip() == "[[entry]]"
    ]
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise FileRefused(path.name, 0, "entry is not an array of tables.")
    if len(lines) != len(entries):
        lines = [0] * len(entries)
    yield from zip(lines, entries, strict=True)


def _faults(entry: Mapping[str, Any]) -> Iterator[str]:
    name = str(entry.get("key", "an entry"))
    for field in _REQUIRED:
        if not entry.get(field):
            yield f"{name} has no {field}."
    for field, value in entry.items():
        if field not in _TYPES:
            yield f"{name} has a field “{field}”, which means nothing."
        elif not isinstance(value, _TYPES[field]):
            yield f"{name}: {field} is not of the type {_TYPES[field].__name__}."
    if ("parent" in entry) != ("parent_kind" in entry):
        yield f"{name} needs both parent and parent_kind, or neither."
    sections = entry.get("sections")
    for kind, markdown in (sections if isinstance(sections, dict) else {}).items():
        if kind not in TEXT_KINDS[1:] or not isinstance(markdown, str):
            yield f"{name}: sections.{kind} is none of the six sections, or no text."


def _kind(kind: str) -> str:
    return "section" if kind == "category" else kind


def _row(entry: Mapping[str, Any], file: str, line: int) -> CodeRow:
    kind = _kind(entry["kind"])
    parent = (_kind(entry["parent_kind"]), entry["parent"]) if "parent" in entry else None
    return CodeRow(
        kind=kind,
        key=entry["key"],
        display=entry["short"] if kind == "chapter" else entry["key"],
        parent=parent,
        short=entry["short"],
        medium=entry.get("medium", ""),
        long=entry["long"],
        file=file,
        line=line,
        billable=entry.get("billable", False),
        replaced_by=tuple(str(key) for key in entry.get("replaced_by", ())),
        valid_from=entry.get("valid_from"),
        valid_to=entry.get("valid_to"),
    )


def _texts(ref: Ref, entry: Mapping[str, Any]) -> Iterator[TextRow]:
    stated = {"plain": entry.get("plain", ""), **entry.get("sections", {})}
    for kind in TEXT_KINDS:
        if markdown := stated.get(kind, "").strip():
            yield TextRow(ref, kind, markdown, render(markdown))
