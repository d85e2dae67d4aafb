"""Fact editions one after the other: next, waiting for their day, gone back from, at once."""

import threading
from datetime import timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils.timezone import localdate
from procrastinate.contrib.django import app

from codes import tasks
from codes.facts import PtpEdit, UnitLimit
from codes.importers import load, load_facts, snapshots
from codes.importers.fact_rows import UnitLimitRow
from codes.importers.progress import Progress
from codes.models import CodeSystem, Release
from codes.releases import apply_scheduled_releases, import_facts, make_current
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
from tests.codes.import_tools import wait_until_somebody_waits

pytestmark = pytest.mark.django_db


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
    thread.join(timeout=60)
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
        with psycopg.connect(**address(), options="-c statement_timeout=60000") as reader:
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
