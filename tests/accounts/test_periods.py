"""The periods of the meter, in every time zone and at every edge."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.periods import Kind, Period

# Among them: clocks that skip midnight or a whole day, or show midnight twice.
ZONES = [
    "UTC",
    "America/New_York",
    "America/Sao_Paulo",
    "America/St_Johns",
    "America/Toronto",
    "Asia/Beirut",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
]

kinds = st.sampled_from(list(Kind))
zones = st.sampled_from(ZONES).map(ZoneInfo)
moments = st.datetimes(
    min_value=datetime(1910, 1, 1),  # noqa: DTZ001 - hypothesis adds the zone
    max_value=datetime(2100, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
edges = st.sampled_from(
    [
        datetime(1919, 3, 31, 4, 30, tzinfo=UTC),  # Toronto: 23:30 becomes 00:30
        datetime(2010, 11, 7, 2, 31, tzinfo=UTC),  # St. John's: 00:01 becomes 23:01
        datetime(2011, 12, 30, 10, 0, tzinfo=UTC),  # Apia: 30 December is left out
        datetime(2018, 11, 4, 3, 0, tzinfo=UTC),  # São Paulo: 00:00 becomes 01:00
    ]
)
near_edges = st.builds(lambda edge, s: edge + timedelta(seconds=s), edges, st.integers(-9000, 9000))
moments_and_edges = st.one_of(moments, near_edges)


@given(moments_and_edges, kinds, zones)
def test_every_moment_lies_in_its_period(moment: datetime, kind: Kind, zone: ZoneInfo) -> None:
    period = Period.at(moment, kind, zone)
    assert period.starts.astimezone(UTC) <= moment < period.ends.astimezone(UTC)


@given(moments_and_edges, kinds, zones)
def test_periods_follow_each_other_without_a_gap(
    moment: datetime, kind: Kind, zone: ZoneInfo
) -> None:
    period = Period.at(moment, kind, zone)
    after = Period.at(period.ends, kind, zone)
    before = Period.at(period.ends.astimezone(UTC) - timedelta(microseconds=1), kind, zone)
    assert before == period
    assert after.starts == period.ends
    assert after.key > period.key


@given(moments_and_edges, st.integers(0, 40 * 86400), kinds, zones)
def test_nothing_returns_to_an_earlier_period(
    moment: datetime, seconds: int, kind: Kind, zone: ZoneInfo
) -> None:
    later = Period.at(moment + timedelta(seconds=seconds), kind, zone)
    assert later.key >= Period.at(moment, kind, zone).key


@given(moments_and_edges, kinds, zones)
def test_a_key_names_its_period(moment: datetime, kind: Kind, zone: ZoneInfo) -> None:
    period = Period.at(moment, kind, zone)
    assert Period.from_key(period.key, zone) == period
    assert len(period.key) <= 10  # as long as the column


@pytest.mark.parametrize(
    ("kind", "key", "first", "label"),
    [
        (Kind.DAY, "2026-11-23", date(2026, 11, 23), "23 November 2026"),
        (Kind.WEEK, "2026-W48", date(2026, 11, 23), "Week 48, 2026"),
        (Kind.MONTH, "2026-11", date(2026, 11, 1), "November 2026"),
    ],
)
def test_keys_and_labels(kind: Kind, key: str, first: date, label: str) -> None:
    period = Period.at(datetime(2026, 11, 23, 12, tzinfo=UTC), kind, UTC)
    assert (period.key, period.first, period.label) == (key, first, label)


@pytest.mark.parametrize(
    ("moment", "key"),
    [
        (datetime(2026, 12, 31, 12, tzinfo=UTC), "2026-W53"),
        (datetime(2027, 1, 1, 12, tzinfo=UTC), "2026-W53"),
        (datetime(2027, 1, 4, 0, tzinfo=UTC), "2027-W01"),
        (datetime(2024, 12, 30, 0, tzinfo=UTC), "2025-W01"),
    ],
)
def test_weeks_at_the_turn_of_the_year(moment: datetime, key: str) -> None:
    assert Period.at(moment, Kind.WEEK, UTC).key == key


def test_a_month_ends_at_midnight_of_the_site() -> None:
    zone = ZoneInfo("America/Chicago")
    last = datetime(2026, 12, 1, 5, 59, 59, tzinfo=UTC)
    assert Period.at(last, Kind.MONTH, zone).key == "2026-11"
    assert Period.at(last + timedelta(seconds=1), Kind.MONTH, zone).key == "2026-12"
    ends = Period.at(last, Kind.MONTH, zone).ends
    assert ends.isoformat() == "2026-12-01T00:00:00-06:00"


def test_a_day_whose_midnight_is_skipped_starts_when_the_clock_goes_on() -> None:
    day = Period.from_key("2018-11-04", ZoneInfo("America/Sao_Paulo"))
    assert day.starts.isoformat() == "2018-11-04T01:00:00-02:00"


def test_a_clock_set_back_over_midnight_does_not_reopen_the_day() -> None:
    zone = ZoneInfo("America/St_Johns")
    shown = datetime(2010, 11, 6, 23, 30, fold=1, tzinfo=zone)
    assert Period.at(shown, Kind.DAY, zone).key == "2010-11-07"


@pytest.mark.parametrize(
    "text",
    ["", "2026", "2026-13", "2026-W54", "2026-02-30", "2026-11-23 ", "２０２６-11", "2026-w48"],
)
def test_other_text_is_no_key(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        Period.from_key(text, UTC)
