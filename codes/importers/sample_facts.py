"""The sample facts of ``fixtures/facts/``. Pure: imports no Django.

TOML: ``label``, ``effective_date`` and ``source_name``, then one ``[[source]]`` for each kind of
file, with its ``name`` and tables named after the models in ``codes/facts/``. Numbers are written
as text; what is not written is zero, empty or unknown. A line of 0 stands for “no line”.
"""

import hashlib
import tomllib
from collections.abc import Mapping
from dataclasses import fields
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from codes.importers import fact_rows
from codes.importers.coverage import CoverageCodeRow
from codes.importers.coverage_documents import CoverageDocumentRow
from codes.importers.rows import FactEdition, FileRefused

IMPORTER: Final = "sample_facts 1"
_HEAD: Final = ("label", "effective_date", "source_name")
_ROWS: Final[Mapping[str, type[Any]]] = {
    "CoverageCode": CoverageCodeRow,
    "CoverageDocument": CoverageDocumentRow,
    **{
        name.removesuffix("Row"): getattr(fact_rows, name)
        for name in vars(fact_rows)
        if name.endswith("Row")
    },
}
_EMPTY: Final[Mapping[Any, Any]] = {str: "", Decimal: Decimal(0), bool: False, int: 0, list: []}


def read_sample_facts(path: Path) -> list[FactEdition]:
    """Return one edition for each source. Raises ``FileRefused``."""
    content = path.read_bytes()
    try:
        read = tomllib.loads(content.decode())
        head = {name: read[name] for name in _HEAD}
        return [_edition(source, head, path.name, content) for source in read["source"]]
    except (ValueError, KeyError, TypeError, ArithmeticError) as wrong:
        raise FileRefused(path.name, 0, f"is no file of sample facts: {wrong!r}") from wrong


def _edition(
    source: Mapping[str, Any], head: Mapping[str, Any], name: str, content: bytes
) -> FactEdition:
    written = {table: some for table, some in source.items() if table != "name"}
    rows = {table: [_row(_ROWS[table], each) for each in some] for table, some in written.items()}
    return FactEdition(
        source=source["name"],
        file_name=name,
        # One file holds many sources: each has a sum of its own.
        sha256=hashlib.sha256(source["name"].encode() + content).hexdigest(),
        importer=IMPORTER,
        tables={table: iter(some) for table, some in rows.items()},
        is_sample=True,
        **head,
    )


def _row(kind: type[Any], values: Mapping[str, Any]) -> Any:
    known = {field.name: field.type for field in fields(kind)}
    if unknown := values.keys() - known.keys():
        raise KeyError(", ".join(sorted(unknown)))
    return kind(**{name: _value(type_, values.get(name)) for name, type_ in known.items()})


def _value(type_: Any, value: Any) -> Any:
    if value is None:
        return _EMPTY.get(getattr(type_, "__origin__", type_))
    return Decimal(value) if type_ in (Decimal, Decimal | None) else value
