"""Fact editions in the database: first, next, same twice, refused, scheduled, gone back from."""

import dataclasses
import hashlib
import threading
import time
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection
from django.db.models import JSONField
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import localdate
from procrastinate.contrib.django import app

from codes import tasks
from codes.facts import AddOnEdit, HcpcsDetail, PtpEdit, RelativeValue, UnitLimit
from codes.importers import load, load_facts, snapshots
from codes.importers.fact_rows import (
    AddOnEditRow,
    CrosswalkRow,
    PtpEditRow,
    RelativeValueRow,
    UnitLimitRow,
)
from codes.importers.hcpcs import HcpcsDetailRow
from codes.importers.progress import Progress
from codes.importers.rows import FactEdition, FileRefused, Problem, RowsRefused, TooMuchVanished
from codes.models import CodeSystem, Release
from codes.releases import apply_scheduled_releases, import_facts, make_current
from tests import factories
from tests.codes.import_tools import wait_until_somebody_waits

pytestmark = pytest.mark.django_db

FIRST, SECOND, THIRD = date(2026, 1, 1), date(2026, 4, 1), date(2026, 7, 1)


def edition(
    rows: Iterable[object], day: date = FIRST, *, table: str = "UnitLimit", source: str = "mue"
) -> FactEdition:
    """Return an edition of one table; two of the same day and rows are the same file."""
    listed = rows if isinstance(rows, Iterator) else list(rows)
    name = f"{source} {day} {listed if isinstance(listed, list) else 'stream'}"
    return FactEdition(
        source=source,
        label=f"{day:%B %Y}",
        effective_date=day,
        source_name="Test file",
        file_name="test.csv",
        sha256=hashlib.sha256(name.encode()).hexdigest(),
        importer="test 1",
        tables={table: iter(listed)},  # type: ignore[arg-type]  # problems and rows alike
    )


def limit(number: int, units: int = 1) -> UnitLimitRow:
    return UnitLimitRow(number + 7, f"{number:05}", units, "3", "CMS Policy")


def limits(count: int = 10) -> list[UnitLimitRow]:
    return [limit(number) for number in range(count)]


def ptp(number: int, column2: str = "20000", **fields: Any) -> PtpEditRow:
    values = {
        "line": number + 7,
        "column1": f"{10_000 + number}",
        "column2": column2,
        "existed_before_1996": False,
        "effective_on": date(2020, 1, 1),
        "deleted_on": None,
        "modifier_indicator": "1",
        "rationale": "Misuse of column two code with column one code",
    }
    return PtpEditRow(**(values | fields))  # type: ignore[arg-type]


def load_one(*args: Any, **options: Any) -> Release:
    release = import_facts(edition=edition(*args, **options)).release
    assert release is not None
    return release


def found(rows: Any, **fields: Any) -> Any:
    """Return the one row; fact querysets do not say which model they are of."""
    return rows.get(**fields)


def counts() -> tuple[int, int, int]:
    return Release.objects.count(), UnitLimit.objects.count(), PtpEdit.objects.count()


def parts() -> set[str]:
    """Return the parts that the table of PTP edits has, attached or left over."""
    with connection.cursor() as cursor:
        cursor.execute(r"SELECT relname FROM pg_class WHERE relname ~ '^codes_ptpedit_\d+$'")
        return {name for (name,) in cursor.fetchall()}


# --- Editions one after the other ----------------------------------------------------------------


def test_the_first_edition_is_stored_and_shown() -> None:
    user = factories.staff()
    imported = import_facts(edition=edition(limits()), by=user)
    release = imported.release
    assert release is not None
    assert release.is_current
    assert (release.source, release.system, release.imported_by) == ("mue", None, user)
    assert (release.row_count, UnitLimit.objects.current().count()) == (10, 10)
    assert release.comparison == ["unit limits: 10 rows: 10 new, 0 changed, 0 gone."]
    assert release.seconds is not None
    assert release.seconds > 0
    stored = UnitLimit.objects.get(code_key="00003")
    assert (stored.release, stored.line, stored.units) == (release, 10, 1)
    assert (stored.adjudication, stored.rationale) == ("3", "CMS Policy")


def test_the_next_edition_is_compared_and_shown_and_the_old_one_stays() -> None:
    old = load_one(limits())
    rows = [limit(0, units=5), *limits()[1:9], limit(20), limit(21)]
    imported = import_facts(edition=edition(rows, SECOND))
    table = imported.tables[0]
    assert (table.total, table.added, table.removed, table.changed) == (11, 2, 1, 1)
    assert table.line() == "unit limits: 11 rows: 2 new, 1 changed, 1 gone."
    assert Release.objects.get(is_current=True) == imported.release
    assert found(UnitLimit.objects.current(), code_key="00000").units == 5
    assert found(UnitLimit.objects.of(old), code_key="00000").units == 1
    assert UnitLimit.objects.of(old).count() == 10


def test_a_row_that_only_moved_in_its_file_has_not_changed() -> None:
    load_one(limits())
    moved = [UnitLimitRow(row.line + 50, *_values(row)) for row in limits()]
    table = import_facts(edition=edition(moved, SECOND)).tables[0]
    assert (table.added, table.removed, table.changed) == (0, 0, 0)


def _values(row: UnitLimitRow) -> tuple[str, int, str, str]:
    return row.code_key, row.units, row.adjudication, row.rationale


def test_the_same_file_again_does_nothing() -> None:
    release = load_one(limits())
    before = counts()
    revision = [system.revision for system in CodeSystem.objects.all()]
    again = import_facts(edition=edition(limits()))
    assert (again.release, again.tables) == (release, [])
    assert counts() == before
    assert [system.revision for system in CodeSystem.objects.all()] == revision


def test_stored_pages_are_made_again() -> None:
    system = factories.system()
    load_one(limits())
    revision, system.revision = system.revision, 0
    system.refresh_from_db()
    assert system.revision == revision + 1


def test_sources_do_not_meet() -> None:
    one = load_one(limits(), source="mue-practitioner")
    other = load_one(limits(), SECOND, source="mue-dme")
    assert set(Release.objects.current()) == {one, other}


def test_an_older_edition_is_kept_but_not_shown() -> None:
    shown = load_one(limits(), SECOND)
    older = load_one(limits(9), FIRST)
    assert not older.is_current
    assert list(Release.objects.current()) == [shown]
    assert UnitLimit.objects.of(older).count() == 9


def test_an_edition_corrected_on_its_day_replaces_the_first() -> None:
    load_one(limits(), SECOND)
    corrected = load_one(limits(11), SECOND)
    assert list(Release.objects.current()) == [corrected]


# --- Every kind of column and key -----------------------------------------------------------------


def fee(code: str, qualifying: bool | None, work: str = "1.5", **fields: Any) -> RelativeValueRow:
    values: dict[str, Any] = {}
    for column in dataclasses.fields(RelativeValueRow):
        values[column.name] = Decimal("0.000") if column.type is Decimal else ""
    values |= {"line": 11, "code_key": code, "qualifying": qualifying, "status": "A"}
    values |= {"nonfacility_na": True, "facility_na": False, "work_rvu": Decimal(work)}
    return RelativeValueRow(**(values | fields))


def test_a_key_with_an_empty_part_is_compared_too() -> None:
    load_one([fee("33948", None), fee("33949", None)], table="RelativeValue", source="mpfs")
    rows = [fee("33948", None, "1.6"), fee("33949", None), fee("99213", True), fee("99213", False)]
    options: dict[str, Any] = {"table": "RelativeValue", "source": "mpfs"}
    table = import_facts(edition=edition(rows, SECOND, **options)).tables[0]
    assert (table.total, table.added, table.removed, table.changed) == (4, 2, 0, 1)
    stored = found(RelativeValue.objects.current(), code_key="33948")
    assert (str(stored.work_rvu), stored.qualifying) == ("1.600", None)
    assert (stored.nonfacility_na, stored.facility_na) == (True, False)


def add_on(primary: str) -> AddOnEditRow:
    return AddOnEditRow(5, "1", "33949", None, primary, None, FIRST, None, "a\tb\\c\nd\r")


def crosswalk(target: str, flags: str = "10000") -> CrosswalkRow:
    return CrosswalkRow(5, "icd-10-cm", "J9601", "icd-9-cm", target, flags)


def test_a_table_without_a_key_is_compared_row_by_row() -> None:
    rows = [crosswalk("51881"), crosswalk("51882"), crosswalk("51882"), crosswalk("51883")]
    options: dict[str, Any] = {"table": "Crosswalk", "source": "gem-icd-10-cm-icd-9-cm"}
    load_one(rows, **options)
    rows = [crosswalk("51881"), crosswalk("51882"), crosswalk("51883", "00000")]
    table = import_facts(edition=edition(rows, SECOND, **options), may_vanish=1).tables[0]
    assert (table.total, table.added, table.removed, table.changed) == (3, 1, 2, 0)


def test_texts_arrive_as_they_are() -> None:
    load_one([add_on("33946")], table="AddOnEdit", source="add-on-edits")
    stored = AddOnEdit.objects.get()
    assert stored.notes == "a\tb\\c\nd\r"
    assert (stored.deleted_on, stored.effective_on) == (None, FIRST)


def _field(name: str) -> Any:
    return HcpcsDetail._meta.get_field(name)


def test_lists_arrive_as_they_are() -> None:
    values: dict[str, Any] = dict.fromkeys(HcpcsDetailRow.__slots__, "")
    values |= {name: None for name in values if name.endswith(("_on", "_date"))}
    values |= {name: [] for name in values if isinstance(_field(name), JSONField)}
    values |= {"line": 1, "code_key": "A0021", "statute": '18"61\\'}
    row = HcpcsDetailRow(**values | {"cross_references": ["A\t1", "é"]})
    load_one([row], table="HcpcsDetail", source="hcpcs-details")
    stored = HcpcsDetail.objects.get()
    assert (stored.cross_references, stored.statute) == (["A\t1", "é"], '18"61\\')
    assert stored.pricing_indicators == []


# --- Refused: nothing is stored -------------------------------------------------------------------


@pytest.mark.parametrize(("table", "good"), [("UnitLimit", limit), ("PtpEdit", ptp)])
def test_with_problems_nothing_is_stored_and_each_is_told(table: str, good: Any) -> None:
    source = table.lower()
    shown = load_one([good(1)], table=table, source=source)
    before = counts(), parts()
    wrong = [Problem("test.csv", line, "is wrong.") for line in (3, 5)]
    rows = [good(1), wrong[0], good(2), wrong[1], good(3)]
    with pytest.raises(RowsRefused, match=r"^2 problems; nothing was loaded") as refused:
        import_facts(edition=edition(rows, SECOND, table=table, source=source))
    assert refused.value.problems == wrong
    assert (counts(), parts()) == before
    assert list(Release.objects.current()) == [shown]


def test_a_file_that_ends_in_the_middle_is_refused_by_its_own_words() -> None:
    def cut() -> Iterator[UnitLimitRow]:
        yield limit(1)
        raise FileRefused("test.csv", 2, "is cut.")

    with pytest.raises(FileRefused, match=r"test.csv:2: is cut\."):
        import_facts(edition=edition(cut()))
    assert counts() == (0, 0, 0)


@pytest.mark.parametrize(("table", "good"), [("UnitLimit", limit), ("PtpEdit", ptp)])
def test_a_key_that_stands_twice_is_refused_by_the_database(table: str, good: Any) -> None:
    with pytest.raises(IntegrityError, match=r"is duplicated|already exists"):
        import_facts(edition=edition([good(1), good(1)], table=table))
    assert counts() == (0, 0, 0)
    assert parts() == set()


def test_a_large_share_may_not_vanish_unless_told() -> None:
    shown = load_one(limits(10))
    before = counts()
    match = r"^3 of 10 unit limits would be gone, more than 20%\. Is the file whole\?"
    with pytest.raises(TooMuchVanished, match=match):
        import_facts(edition=edition(limits(7), SECOND))
    assert counts() == before
    assert list(Release.objects.current()) == [shown]
    assert load_one(limits(8), SECOND).is_current
    smaller = edition(limits(2), THIRD)
    assert import_facts(edition=smaller, may_vanish=0.8).release is not None


def test_a_dry_run_compares_and_stores_nothing() -> None:
    load_one([ptp(1)], table="PtpEdit", source="ptp-practitioner")
    before = counts(), parts()
    new = edition([ptp(1), ptp(2)], SECOND, table="PtpEdit", source="ptp-practitioner")
    imported = import_facts(edition=new, dry_run=True)
    assert imported.release is None
    assert imported.tables[0].line() == "PTP edits: 2 rows: 1 new, 0 changed, 0 gone."
    assert (counts(), parts()) == before


# --- Parts of the table of PTP edits --------------------------------------------------------------


def test_each_release_has_a_part_with_all_keys_and_indexes() -> None:
    release = load_one(map(ptp, range(5)), table="PtpEdit", source="ptp-practitioner")
    assert parts() == {f"codes_ptpedit_{release.pk}"}
    with connection.cursor() as cursor:
        indexes = (
            "SELECT regexp_replace(indexdef, '^.* USING ', '') FROM pg_indexes"
            " WHERE tablename = %s ORDER BY 1"
        )
        cursor.execute(indexes, [f"codes_ptpedit_{release.pk}"])
        made = cursor.fetchall()
        cursor.execute(indexes, ["codes_ptpedit"])
        assert made == cursor.fetchall()
    assert found(PtpEdit.objects.current(), column1="10003").release == release
    release.delete()
    assert PtpEdit.objects.count() == 0


def test_single_rows_can_be_made_as_in_any_table() -> None:
    release = load_one([ptp(1)], table="PtpEdit", source="ptp-practitioner")
    sample = factories.release(source="ptp-hospital", is_current=True)
    values = {name: getattr(ptp(2), name) for name in PtpEditRow.__slots__}
    made = PtpEdit.objects.create(release=sample, **values)
    assert PtpEdit.objects.get(pk=made.pk).column1 == "10002"
    assert set(PtpEdit.objects.current()) == {made, PtpEdit.objects.get(release=release)}


def test_a_release_that_does_not_exist_is_no_release() -> None:
    values = {name: getattr(ptp(2), name) for name in PtpEditRow.__slots__}
    PtpEdit.objects.create(release_id=987_654, **values)
    with pytest.raises(IntegrityError), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


# --- Scheduled, back and forward ------------------------------------------------------------------


def test_an_edition_of_the_future_waits_for_its_day(monkeypatch: pytest.MonkeyPatch) -> None:
    day = localdate() + timedelta(days=3)
    shown = load_one(limits())
    waiting = load_one(limits(11), day)
    assert not waiting.is_current
    assert apply_scheduled_releases() == []
    assert list(Release.objects.current()) == [shown]
    monkeypatch.setattr("codes.releases.localdate", lambda: day)
    tasks.apply_scheduled(timestamp=0)
    assert list(Release.objects.current()) == [waiting]
    assert apply_scheduled_releases() == []


def test_going_back_and_forward() -> None:
    old, new = load_one(limits()), load_one(limits(11), SECOND)
    make_current(release=old)
    new.refresh_from_db()
    assert list(Release.objects.current()) == [old]
    assert new.was_left
    assert apply_scheduled_releases() == []
    make_current(release=new)
    new.refresh_from_db()
    old.refresh_from_db()
    assert list(Release.objects.current()) == [new]
    assert (new.was_left, old.was_left) == (False, False)


def test_the_next_edition_is_shown_though_somebody_went_back() -> None:
    old = load_one(limits())
    load_one(limits(11), SECOND)
    make_current(release=old)
    assert load_one(limits(12), THIRD).is_current


def test_what_is_current_already_stays() -> None:
    release = load_one(limits())
    make_current(release=release)
    assert list(Release.objects.filter(is_current=True, was_left=False)) == [release]


def test_nothing_due_is_one_query(django_assert_num_queries: Any) -> None:
    for number in range(5):
        load_one(limits(), source=f"source-{number}")
    with django_assert_num_queries(1):
        assert apply_scheduled_releases() == []


def test_releases_of_code_systems_are_left_alone() -> None:
    release = factories.release(is_current=False, effective_date=FIRST)
    assert apply_scheduled_releases() == []
    release.refresh_from_db()
    assert not release.is_current


def test_the_task_runs_every_night() -> None:
    [periodic] = [
        task for task in app.periodic_registry.periodic_tasks.values()
        if task.task.name == "codes.apply_scheduled"
    ]  # fmt: skip
    assert periodic.cron == "2 0 * * *"


# --- Cost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(("table", "good"), [("UnitLimit", limit), ("PtpEdit", ptp)])
def test_the_number_of_statements_does_not_grow(table: str, good: Any) -> None:
    with CaptureQueriesContext(connection) as small:
        load_one(map(good, range(2)), table=table, source="one")
    with CaptureQueriesContext(connection) as large:
        load_one(map(good, range(2_000)), table=table, source="two")
    assert len(small) == len(large) < 40


def test_memory_does_not_grow_with_the_file() -> None:
    def peak(count: int) -> int:
        rows = (ptp(number % 50_000, f"{number // 50_000:05}") for number in range(count))
        tracemalloc.start()
        import_facts(edition=edition(rows, table="PtpEdit", source=f"ptp-{count}"), dry_run=True)
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    assert peak(60_000) < peak(20_000) + 8_000_000


def test_editions_of_100_000_rows_are_compared_in_seconds() -> None:
    """One code in column 1: a join by that column alone would look at 10,000,000,000 pairs."""
    pairs = [ptp(0, f"{number:05}") for number in range(100_000)]
    load_one(pairs, table="PtpEdit", source="ptp-practitioner")
    began = time.monotonic()
    new = edition(pairs[1:], SECOND, table="PtpEdit", source="ptp-practitioner")
    table = import_facts(edition=new, dry_run=True).tables[0]
    assert (table.total, table.removed, table.changed) == (99_999, 1, 0)
    assert time.monotonic() - began < 30


def test_reads_use_the_part_of_their_release_and_its_index() -> None:
    release = load_one(
        (ptp(number) for number in range(30_000)), table="PtpEdit", source="ptp-practitioner"
    )
    other = load_one(
        (ptp(number) for number in range(30_000)), table="PtpEdit", source="ptp-hospital"
    )
    for wanted in (
        PtpEdit.objects.of(release).filter(column1="10500", column2="20000").active_on(FIRST),
        PtpEdit.objects.of(release).filter(column2="10500").order_by("column1")[:50],
    ):
        plan = wanted.explain()
        assert "Index" in plan
        assert "Seq Scan" not in plan
        assert f"codes_ptpedit_{release.pk}" in plan
        assert f"codes_ptpedit_{other.pk}" not in plan


# --- Two at once ----------------------------------------------------------------------------------


def address() -> dict[str, Any]:
    params = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    return {name: params[name] for name in names if params.get(name)}


@pytest.mark.django_db(transaction=True)
def test_a_second_import_waits_and_says_so() -> None:
    told = StringIO()

    def second() -> None:
        try:
            import_facts(edition=edition(limits()), progress=Progress(told))
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    with psycopg.connect(**address()) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [load.LOCK])
        thread.start()
        wait_until_somebody_waits(other)
        assert UnitLimit.objects.count() == 0
    thread.join(timeout=30)
    assert UnitLimit.objects.current().count() == 10
    assert "Another import is running; waiting for it to end." in told.getvalue()


@pytest.mark.django_db(transaction=True)
def test_readers_see_the_old_edition_until_the_new_one_is_there(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Another session reads while the new part is filled, indexed and compared."""
    load_one([ptp(1)], table="PtpEdit", source="ptp-practitioner")
    seen: list[int] = []
    compare = load_facts.compare

    def comparing(*args: Any) -> Any:
        with psycopg.connect(**address(), options="-c statement_timeout=5000") as reader:
            sql = """
                SELECT count(*) FROM codes_ptpedit e JOIN codes_release r ON r.id = release_id
                WHERE is_current
            """
            seen.extend(reader.execute(sql).fetchone() or ())
        return compare(*args)

    monkeypatch.setattr(load_facts, "compare", comparing)
    load_one([ptp(1), ptp(2)], SECOND, table="PtpEdit", source="ptp-practitioner")
    assert seen == [1]
    assert PtpEdit.objects.current().count() == 2
    assert snapshots.is_partitioned(PtpEdit)
