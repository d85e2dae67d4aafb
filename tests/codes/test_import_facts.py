"""Facts in the database: every kind of column and key, what is refused, what it costs."""

import dataclasses
import re
import tracemalloc
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection
from django.db.models import JSONField
from django.test.utils import CaptureQueriesContext

from codes.facts import AddOnEdit, HcpcsDetail, PtpEdit, RelativeValue
from codes.importers.fact_rows import (
    AddOnEditRow,
    CrosswalkRow,
    PtpEditRow,
    RelativeValueRow,
    UnitLimitRow,
)
from codes.importers.hcpcs import HcpcsDetailRow
from codes.importers.rows import FileRefused, Problem, RowsRefused, TooMuchVanished
from codes.models import Release
from codes.releases import import_facts
from tests import factories
from tests.codes.fact_tools import (
    FIRST,
    SECOND,
    THIRD,
    counts,
    edition,
    found,
    limit,
    limits,
    load_one,
    ptp,
)

pytestmark = pytest.mark.django_db


Parts = Callable[[], set[str]]


@pytest.fixture
def parts() -> Parts:
    """Return what tells which parts the table of PTP edits got in this test, attached or not.

    Tests that commit leave theirs behind: emptying the tables drops none.
    """
    before = _parts()
    return lambda: _parts() - before


def _parts() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(r"SELECT relname FROM pg_class WHERE relname ~ '^codes_ptpedit_\d+$'")
        return {name for (name,) in cursor.fetchall()}


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
def test_with_problems_nothing_is_stored_and_each_is_told(
    parts: Parts, table: str, good: Any
) -> None:
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
def test_a_key_that_stands_twice_is_refused_by_the_database(
    parts: Parts, table: str, good: Any
) -> None:
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


def test_a_dry_run_compares_and_stores_nothing(parts: Parts) -> None:
    load_one([ptp(1)], table="PtpEdit", source="ptp-practitioner")
    before = counts(), parts()
    new = edition([ptp(1), ptp(2)], SECOND, table="PtpEdit", source="ptp-practitioner")
    imported = import_facts(edition=new, dry_run=True)
    assert imported.release is None
    assert imported.tables[0].line() == "PTP edits: 2 rows: 1 new, 0 changed, 0 gone."
    assert (counts(), parts()) == before


# --- Parts of the table of PTP edits --------------------------------------------------------------


def test_each_release_has_a_part_with_all_keys_and_indexes(parts: Parts) -> None:
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


def test_editions_are_joined_by_their_whole_key() -> None:
    """By column 1 alone every edit of a code would be held against every other of it."""
    pairs = [ptp(0, f"{number:05}") for number in range(2_000)]
    load_one(pairs, table="PtpEdit", source="ptp-practitioner")
    with CaptureQueriesContext(connection) as queries:
        new = edition(pairs[1:], SECOND, table="PtpEdit", source="ptp-practitioner")
        [table] = import_facts(edition=new).tables
    assert (table.total, table.removed, table.changed) == (1_999, 1, 0)
    [compared] = [query["sql"] for query in queries if "FULL JOIN" in query["sql"]]
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN {compared}")
        joined = [line for (line,) in cursor.fetchall() if re.search("(Hash|Merge) Cond:", line)]
    [condition] = joined
    assert all(name in condition for name in ("column1", "column2", "effective_on"))


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
