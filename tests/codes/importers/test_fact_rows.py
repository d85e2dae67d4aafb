"""Rows of facts fit their tables, whatever is done to the files that they come from."""

from collections.abc import Iterator, Sequence
from dataclasses import fields
from decimal import Decimal
from itertools import product

import pytest
from django.apps import apps
from django.db.models import CharField, DecimalField, Field
from hypothesis import given, settings
from hypothesis import strategies as st

from codes.importers import (
    add_on_edits,
    anesthesia,
    ccsr,
    fact_rows,
    gem,
    gpci,
    localities,
    mpfs,
    ms_drg,
    ms_drg_index,
    mue,
    ncci_ptp,
    opps_b,
    telehealth,
)
from codes.importers.rows import FactEdition, FileRefused, Problem, Row
from codes.importers.source import Format, SourceFile
from tests.codes.importers.fact_tools import DATED, edition_sources, source_of

ROWS = [value for name, value in vars(fact_rows).items() if name.endswith("Row")]
EDITIONS: list[tuple[str, Format]] = [
    ("add_on_edits", add_on_edits.FORMAT),
    ("anesthesia", anesthesia.FORMAT),
    ("ccsr", ccsr.FORMAT),
    ("gem", gem.FORMAT),
    ("gpci", gpci.FORMAT),
    ("localities", localities.FORMAT),
    ("mpfs", mpfs.FORMAT),
    ("ms_drg", ms_drg.FORMAT),
    ("ms_drg_diagnoses", ms_drg_index.DIAGNOSES),
    ("ms_drg_procedures", ms_drg_index.PROCEDURES),
    ("mue", mue.FORMAT),
    ("ncci_ptp", ncci_ptp.PRACTITIONER),
    ("opps_b", opps_b.FORMAT),
    ("telehealth", telehealth.FORMAT),
]
FILES = {
    f"{name}/{number}": (format_, edition_sources(name, number))
    for (name, format_), number in product(EDITIONS, (1, 2))
}
CONTENTS = {
    name: [(source.name, b"".join(source.chunks())) for source in sources]
    for name, (_, sources) in FILES.items()
}


def model_fields(row: type) -> "dict[str, Field[object, object]]":
    model = apps.get_model("codes", row.__name__.removesuffix("Row"))
    return {
        field.name: field
        for field in model._meta.get_fields()
        if isinstance(field, Field) and field.name not in {"id", "release"}
    }


@pytest.mark.parametrize("row", ROWS)
def test_each_row_has_the_fields_of_its_model(row: type) -> None:
    assert {field.name for field in fields(row)} == model_fields(row).keys()


def misfits(row: Row) -> Iterator[str]:
    """Yield the names of the fields that their columns would not hold."""
    for name, field in model_fields(type(row)).items():
        value = getattr(row, name)
        if isinstance(field, CharField) and len(value) > (field.max_length or 0):
            yield f"{name} {value!r}"
        if isinstance(field, DecimalField) and not _holds(field, value):
            yield f"{name} {value}"
        if value is None and not field.null:
            yield name


def _holds(field: "DecimalField[Decimal, Decimal]", value: Decimal | None) -> bool:
    if value is None:
        return True
    places = field.decimal_places
    return abs(value) < 10 ** (field.max_digits - places) and value == round(value, places)


def stream(format_: Format, sources: Sequence[SourceFile]) -> Iterator[Row | Problem]:
    for edition in format_.read(sources, DATED):
        assert isinstance(edition, FactEdition)
        for table in edition.tables.values():
            yield from table


@pytest.mark.parametrize("name", FILES)
def test_tiny_editions_fit_their_tables(name: str) -> None:
    format_, sources = FILES[name]
    assert all(map(format_.recognise, sources))
    for row in stream(format_, sources):
        assert not isinstance(row, Problem), row
        assert list(misfits(row)) == []


@given(
    name=st.sampled_from(sorted(set(FILES) - {"add_on_edits/1"})),
    place=st.integers(0, 3_000),
    length=st.integers(0, 400),
    put=st.binary(max_size=12) | st.sampled_from([b",", b"\t", b'"', b"\n", b"\r", b"9" * 12]),
)
@settings(max_examples=300, deadline=None)
def test_a_damaged_file_is_refused_or_told_and_never_misread(
    name: str, place: int, length: int, put: bytes
) -> None:
    """Text is taken out of a file and other bytes are put in its place."""
    format_, _ = FILES[name]
    sources = [
        source_of(content[:place] + put + content[place + length :], file)
        for file, content in CONTENTS[name]
    ]
    try:
        for source in sources:
            format_.recognise(source)
        for row in stream(format_, sources):
            if isinstance(row, Problem):
                assert row.message
            else:
                assert list(misfits(row)) == []
    except FileRefused:
        return
