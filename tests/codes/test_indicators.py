"""The meanings of indicators: complete for the real files, and in whole sentences."""

import csv
from pathlib import Path

import pytest

from codes import indicators
from codes.indicators import Indicator

SHARED = Path(__file__).parents[3] / "shared" / "data"
FEES = SHARED / "mpfs/PPRRVU2025_Oct.redacted.csv"
PAYMENTS = SHARED / "opps/addendum_b_2026-04.redacted.csv"
ALL = [
    *indicators.POLICY.values(),
    indicators.OPPS_STATUS,
    indicators.ADJUDICATION,
    indicators.MODIFIER_INDICATOR,
]
PLACES = {
    "status": 3,
    "pctc": 13,
    "global_days": 14,
    "multiple_procedure": 18,
    "bilateral": 19,
    "assistant_surgeon": 20,
    "co_surgeons": 21,
    "team_surgeons": 22,
    "supervision": 25,
    "imaging_family": 27,
}


@pytest.mark.parametrize("indicator", ALL, ids=lambda indicator: indicator.title)
def test_each_value_has_a_name_and_a_sentence(indicator: Indicator) -> None:
    for value, (name, explanation) in indicator.meanings.items():
        assert value == value.strip().upper()
        assert 0 < len(name) <= 40
        assert not name.endswith(".")
        assert explanation.endswith(".")
        assert "  " not in explanation


def test_an_unknown_value_has_no_meaning() -> None:
    assert indicators.STATUS.name("Z") == ""
    assert indicators.STATUS.explanation("Z") == ""


def test_known_values() -> None:
    assert indicators.STATUS.name("A") == "Active"
    assert indicators.GLOBAL_DAYS.name("090") == "90 days"
    assert indicators.MODIFIER_INDICATOR.name("1") == "Allowed"
    assert "never applied" in indicators.MODIFIER_INDICATOR.explanation("9")
    assert indicators.ADJUDICATION.name("1") == "Line edit"


@pytest.mark.skipif(not FEES.exists(), reason="the real fee schedule is not beside the project")
def test_every_policy_indicator_of_the_real_fee_schedule_is_known() -> None:
    with FEES.open(newline="") as file:
        rows = [row for row in csv.reader(file) if len(row[0]) == 5 and row[0] != "HCPCS"]
    assert len(rows) == 19_090
    assert PLACES.keys() == indicators.POLICY.keys()
    for field, place in PLACES.items():
        unknown = {row[place] for row in rows} - indicators.POLICY[field].meanings.keys()
        assert unknown == set(), field


@pytest.mark.skipif(not PAYMENTS.exists(), reason="the real Addendum B is not beside the project")
def test_every_status_indicator_of_the_real_addendum_is_known() -> None:
    with PAYMENTS.open(newline="") as file:
        found = {row["StatusIndicator"] for row in csv.DictReader(file)}
    assert len(found) == 28
    assert found <= indicators.OPPS_STATUS.meanings.keys()
