"""The payment and the modifier rules on every row of the real fee schedule of October 2025."""

from collections.abc import Iterator
from dataclasses import fields
from decimal import Decimal

import pytest

from codes.facts import Locality, RelativeValue
from codes.importers import gpci, mpfs
from codes.importers.fact_rows import LocalityRow, RelativeValueRow
from codes.importers.rows import FactEdition
from codes.payment import PRICED_STATUSES
from codes.sections.fees import fee_rows
from codes.sections.modifier_rules import CPT_MODIFIERS, findings
from tests.codes.importers.fact_tools import DATED, read_facts, rows_of, shared_sources


def values_of(row: object) -> dict[str, object]:
    return {field.name: getattr(row, field.name) for field in fields(row)}  # type: ignore[arg-type]  # a row is a dataclass


def models_of(edition: FactEdition) -> Iterator[RelativeValue]:
    for row in rows_of(edition):
        assert isinstance(row, RelativeValueRow)
        yield RelativeValue(**values_of(row))


@pytest.fixture(scope="module")
def rows() -> list[RelativeValue]:
    sources = shared_sources("mpfs/PPRRVU2025_Oct.redacted.csv")
    return list(models_of(read_facts(mpfs.FORMAT, sources)))


def test_every_price_starts_from_the_total_that_the_file_states(rows: list[RelativeValue]) -> None:
    priced = 0
    for fee in fee_rows(rows, None):
        totals = (fee.row.nonfacility_total, fee.row.facility_total)
        for setting, total in zip(fee.settings, totals, strict=False):
            if setting.fee:
                priced += 1
                assert setting.fee.schedule.total == total, fee.row.code_key
    assert (len(rows), priced) == (19_090, 12_272)


def test_what_has_no_price_says_why(rows: list[RelativeValue]) -> None:
    for fee in fee_rows(rows, None):
        has_price = any(setting.fee for setting in fee.settings)
        assert has_price != bool(fee.reason), fee.row.code_key
        assert not has_price or fee.row.status in PRICED_STATUSES


def test_imaging_above_the_outpatient_rate_is_capped(rows: list[RelativeValue]) -> None:
    capped = {
        str(fee.row)
        for fee in fee_rows(rows, None)
        for setting in fee.settings
        if setting.fee and setting.fee.is_capped
    }
    assert {"70496", "70496 TC", "71275 TC", "71550"} <= capped
    assert "71275 26" not in capped
    assert len(capped) == 58


def test_a_visit_in_manhattan(rows: list[RelativeValue]) -> None:
    places = rows_of(read_facts(gpci.FORMAT, shared_sources("mpfs/GPCI2025.csv"), DATED))
    row = next(
        place for place in places if isinstance(place, LocalityRow) and place.name == "MANHATTAN"
    )
    (visit,) = [each for each in rows if each.code_key == "99213"]
    (fee,) = fee_rows([visit], Locality(**values_of(row)))
    amounts = [setting.fee.amount for setting in fee.settings if setting.fee]
    assert amounts == [Decimal("101.06"), Decimal("71.64")]


def test_the_rules_speak_of_known_modifiers_only(rows: list[RelativeValue]) -> None:
    named = {name for row in rows for found in findings(row) for name in found.rule.modifiers}
    assert {name for name in named if name.isdigit()} <= CPT_MODIFIERS.keys()
    assert named - CPT_MODIFIERS.keys() == {"TC", "AS", "LT", "RT"}
