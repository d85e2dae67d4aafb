"""Which edition of a code system is shown: back and forward, on its day, imported late."""

import threading
from collections.abc import Callable
from datetime import date, timedelta
from importlib import import_module

import psycopg
import pytest
from django.contrib.admin.models import LogEntry
from django.db import DatabaseError, connection
from django.test import Client
from django.utils.timezone import localdate

from accounts.models import ViewGrant
from codes import changes, tasks
from codes.authored_texts import AuthoredText, TextRevision
from codes.code_versions import CodeChange, CodeVersion, EditionText, NoteSet
from codes.history import history_of
from codes.importers import load
from codes.models import Code, CodeSystem, Release
from codes.releases import apply_scheduled_releases, make_current
from tests import factories
from tests.codes.admin_tools import body
from tests.codes.edition_tools import (
    NEW,
    OLD,
    counts,
    has_come,
    import_codes,
    is_shown,
    release,
    shown,
    step_of,
    wait_for,
)
from tests.codes.import_tools import edition, wait_until_somebody_waits
from tests.codes.test_licence import load as load_cpt
from tests.codes.test_licence import record

pytestmark = pytest.mark.django_db

# --- Back and forward -----------------------------------------------------------------------------


def test_going_back_and_forward_shows_what_the_imports_left(admin: Client) -> None:
    import_codes(*edition(1))
    first = shown()
    import_codes(*edition(2))
    second = shown()
    assert first != second
    asked = body(admin.get(step_of(release(OLD))))
    assert "Codes that it does not name end or go out of sight" in asked
    assert shown() == second
    response = admin.post(step_of(release(OLD)), follow=True)
    assert "is shown now instead of April 2026" in body(response)
    assert is_shown(OLD)
    assert shown() == first
    admin.post(step_of(release(NEW)))
    assert is_shown(NEW)
    assert shown() == second
    told = [entry.change_message for entry in LogEntry.objects.order_by("pk")]
    assert told == ["Shown instead of April 2026.", "Shown instead of October 2025."]


def test_what_only_the_left_edition_names_is_nowhere(admin: Client, client: Client) -> None:
    import_codes(*edition(1))
    import_codes(*edition(2))
    url = "/codes/icd-10-cm/A09.1/"
    assert client.get(url).status_code == 200
    make_current(release=release(OLD))
    grants = ViewGrant.objects.count()
    stranger = Client(REMOTE_ADDR="192.0.2.77")
    for path in (url, f"{url}?on=2025-12-01", "/codes/icd-10-cm/A09.1/guidelines/"):
        assert stranger.get(path).status_code == 404
    assert ViewGrant.objects.count() == grants
    assert "A09.1" not in stranger.get("/codes/icd-10-cm/category/A09/").content.decode()
    assert "A09.1" not in stranger.get("/codes/icd-10-cm/A09/").content.decode()
    make_current(release=release(NEW))
    assert client.get(url).status_code == 200


def test_a_page_that_was_stored_is_made_anew(client: Client) -> None:
    import_codes(*edition(1))
    import_codes(*edition(2))
    url = "/codes/icd-10-cm/A00.9/"
    assert "Cholera, not further specified" in client.get(url).content.decode()
    make_current(release=release(OLD))
    page = client.get(url).content.decode()
    assert "Cholera, unspecified" in page
    assert "not further specified" not in page


def test_grants_and_texts_stay_as_they_are() -> None:
    import_codes(*edition(1))
    import_codes(*edition(2))
    for display in ("A09.1", "A00.9"):
        code = Code.objects.get(display=display)
        ViewGrant.objects.create(viewer=f"guest:{display}", period="2026-11", code=code)
        factories.published_text(code, html=f"<p>About {display}</p>")
    before = [list(model._default_manager.order_by("pk").values()) for model in
              (ViewGrant, AuthoredText, TextRevision)]  # fmt: skip
    for label in (OLD, NEW, OLD):
        make_current(release=release(label))
    assert before == [list(model._default_manager.order_by("pk").values()) for model in
                      (ViewGrant, AuthoredText, TextRevision)]  # fmt: skip


def test_what_was_left_does_not_come_back_by_itself(client: Client) -> None:
    import_codes(*edition(1))
    import_codes(*edition(2))
    make_current(release=release(OLD))
    assert release(NEW).was_left
    tasks.apply_scheduled(timestamp=0)
    assert is_shown(OLD)
    told = import_codes(*edition(2))
    assert "this very edition is loaded already" in told
    assert "is stored, but not shown, for somebody went back from it" in told
    assert is_shown(OLD)
    changes_page = client.get("/codes/icd-10-cm/changes/").content.decode()
    assert NEW not in changes_page
    assert client.get(f"/codes/icd-10-cm/changes/{release(NEW).pk}/").status_code == 404
    make_current(release=release(NEW))
    assert not release(NEW).was_left
    assert NEW in client.get("/codes/icd-10-cm/changes/").content.decode()


def test_going_back_over_two_leaves_the_one_between_out_too(
    client: Client, variant: Callable[..., list[str]]
) -> None:
    import_codes(*edition(1))
    first = shown()
    import_codes(*edition(2))
    import_codes(*variant(2, ("Cholera, not", "Cholera never")), effective_date=date(2026, 10, 1))
    third = shown()
    make_current(release=release(OLD))
    assert shown() == first
    held = Release.objects.filter(source="icd-10-cm").held()
    assert [each.label for each in held] == [OLD]
    assert history_of(Code.objects.select_related("release", "system").get(key="A009")) == []
    day = "/codes/icd-10-cm/A00.9/?on=2026-05-01"
    assert "from release October 2025" in client.get(day).content.decode()
    tasks.apply_scheduled(timestamp=0)
    assert is_shown(OLD)
    make_current(release=release("October 2026"))
    assert shown() == third
    assert [each.label for each in held.all()] == [OLD, NEW, "October 2026"]


def test_the_next_edition_follows_the_one_gone_back_to(
    variant: Callable[..., list[str]],
) -> None:
    import_codes(*edition(1))
    import_codes(*edition(2))
    make_current(release=release(OLD))
    import_codes(*variant(1, ("Cholera, un", "Cholera un")), effective_date=date(2026, 10, 1))
    assert is_shown("October 2026")
    assert not Code.objects.filter(display="A09.1").exists()
    assert Code.objects.get(display="A00.1").valid_to is None
    changed = CodeChange.objects.filter(release=release("October 2026"))
    assert [change.code.display for change in changed.select_related("code")] == ["A00.9"]
    before = changes.edition_before(release("October 2026"))
    assert before == release(OLD)


def test_a_failure_changes_nothing(admin: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    import_codes(*edition(1))
    import_codes(*edition(2))
    before, numbers = shown(), counts()
    revision = CodeSystem.objects.get().revision
    monkeypatch.setattr(load, "_RETIRE", "SELECT 1 / 0")
    with pytest.raises(DatabaseError):
        admin.post(step_of(release(OLD)))
    assert (shown(), counts()) == (before, numbers)
    assert is_shown(NEW)
    assert not release(NEW).was_left
    assert CodeSystem.objects.get().revision == revision
    assert not LogEntry.objects.exists()


def test_it_is_not_done_while_an_import_runs_nor_twice(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_codes(*edition(1))
    import_codes(*edition(2))
    before = shown()
    monkeypatch.setattr(load, "is_no_import_running", lambda: False)
    response = admin.post(step_of(release(OLD)))
    assert response.status_code == 409
    assert "An import is running." in body(response)
    assert shown() == before
    monkeypatch.undo()
    assert admin.post(step_of(release(OLD))).status_code == 302
    response = admin.post(step_of(release(OLD)))
    assert response.status_code == 409
    assert "It is shown now." in body(response)


def test_only_who_may_change_releases_goes_back() -> None:
    import_codes(*edition(1))
    import_codes(*edition(2))
    user = Client()
    user.force_login(factories.user())
    assert user.post(step_of(release(OLD))).status_code == 302
    assert is_shown(NEW)


def test_an_edition_kept_by_an_older_version_is_completed_by_its_file(admin: Client) -> None:
    import_codes(*edition(1))
    first = shown()
    import_codes(*edition(2))
    Release.objects.filter(label=OLD).update(is_whole=False)
    CodeVersion.objects.filter(release=release(OLD)).update(ancestors=[], note_set=None)
    response = admin.post(step_of(release(OLD)))
    assert response.status_code == 409
    assert "Import its file again to complete it." in body(response)
    assert "is stored, but not shown, for April 2026 took effect after it" in import_codes(
        *edition(1)
    )
    make_current(release=release(OLD))
    assert shown() == first


def test_a_sample_does_not_come_back_over_a_publishers_edition(admin: Client) -> None:
    sample = factories.release(
        factories.system("icd-10-cm"), is_sample=True, effective_date=date(2025, 1, 1), label="S"
    )
    import_codes(*edition(1))
    response = admin.post(step_of(sample))
    assert response.status_code == 409
    assert "It is sample content, which gives way to" in body(response)


# --- Imported late --------------------------------------------------------------------------------


def test_an_older_edition_is_kept_for_its_days(
    client: Client, variant: Callable[..., list[str]]
) -> None:
    files = variant(1, ("Cholera, un", "Cholera un")), edition(1), edition(2)
    days = (date(2025, 4, 1), date(2025, 10, 1), date(2026, 4, 1))
    for place in (0, 2, 1):
        import_codes(*files[place], effective_date=days[place], label=f"E{place}")
    late = shown()
    assert is_shown("E2")
    assert (
        "Cholera, unspecified"
        in client.get("/codes/icd-10-cm/A00.9/?on=2025-12-01").content.decode()
    )
    recorded = {
        label: set(CodeChange.objects.filter(release__label=label).values_list("code__key"))
        for label in ("E1", "E2")
    }
    Release.objects.filter(label="E0").get()
    make_current(release=release("E1"))
    make_current(release=release("E2"))
    assert shown() == late
    assert recorded["E1"] == {("A009",)}
    assert ("A001",) in recorded["E2"]


def test_codes_that_only_an_older_edition_names_are_there_as_ended(client: Client) -> None:
    import_codes(*edition(2))
    told = import_codes(*edition(1))
    assert "October 2025: is stored, but not shown, for April 2026 took effect after it" in told
    ended = Code.objects.get(display="A00.1")
    assert ended.valid_to == date(2026, 3, 31)
    assert ended.release == release(OLD)
    assert "Deleted code." in client.get("/codes/icd-10-cm/A00.1/").content.decode()
    in_any_order = shown()
    Release.objects.filter(label=NEW).update(is_current=False)
    make_current(release=release(NEW))
    assert shown() == in_any_order


def test_an_edition_between_two_moves_the_last_day(variant: Callable[..., list[str]]) -> None:
    import_codes(*edition(1))
    later = variant(2, ("Cholera, not", "Cholera never"))
    import_codes(*later, effective_date=date(2026, 10, 1), label="Later")
    assert Code.objects.get(display="A00.1").valid_to == date(2026, 9, 30)
    import_codes(*edition(2))
    assert is_shown("Later")
    assert Code.objects.get(display="A00.1").valid_to == date(2026, 3, 31)


# --- Texts that come with an edition --------------------------------------------------------------


def test_the_publishers_texts_go_back_and_forward_with_it() -> None:
    record()
    record(year=2027)
    load_cpt(1)
    first = published()
    load_cpt(2, may_vanish=1.0, effective_date=date(2026, 7, 1))
    second = published()
    assert first != second
    old, new = Release.objects.filter(source="cpt").order_by("effective_date")
    make_current(release=old)
    assert published() == first
    make_current(release=new)
    assert published() == second
    assert EditionText.objects.filter(release=old).exists()


def test_texts_of_an_edition_that_waits_wait_too() -> None:
    tomorrow = localdate() + timedelta(days=1)
    record()
    record(year=tomorrow.year)
    load_cpt(1)
    first = published()
    load_cpt(2, may_vanish=1.0, effective_date=tomorrow)
    assert published() == first
    Release.objects.filter(source="cpt", is_current=False).update(effective_date=localdate())
    apply_scheduled_releases()
    assert published() != first


def published() -> list[tuple[str, str]]:
    texts = AuthoredText.objects.published().order_by("code__key", "kind")
    return list(texts.values_list("code__key", "html"))


# --- Two at once ----------------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_readers_see_the_old_edition_until_the_due_one_is_there() -> None:
    import_codes(*edition(1))
    has_come(wait_for(edition(2), 1))
    first = shown()
    params = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    address = {name: params[name] for name in names if params.get(name)}
    thread = threading.Thread(target=in_a_connection_of_its_own, args=[apply_scheduled_releases])
    with psycopg.connect(**address) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [load.LOCK])
        thread.start()
        wait_until_somebody_waits(other)
        assert shown() == first
    thread.join(timeout=60)
    assert not thread.is_alive()
    assert is_shown("In 1")


@pytest.mark.django_db(transaction=True)
def test_of_two_clicks_at_once_one_goes_back() -> None:
    import_codes(*edition(1))
    first = shown()
    import_codes(*edition(2))
    results: list[int] = []
    barrier = threading.Barrier(2, timeout=60)
    url, editor = step_of(release(OLD)), factories.staff("anna@example.org")

    def click() -> None:
        client = Client()
        client.force_login(editor)
        barrier.wait()
        results.append(client.post(url).status_code)

    threads = [threading.Thread(target=in_a_connection_of_its_own, args=[click]) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    assert sorted(results) == [302, 409]
    assert shown() == first
    assert LogEntry.objects.count() == 1


def in_a_connection_of_its_own(work: Callable[[], object]) -> None:
    try:
        work()
    finally:
        connection.close()


# --- What the upgrade keeps -----------------------------------------------------------------------


def test_the_upgrade_keeps_what_an_import_would_have_kept() -> None:
    """``0022_fill_whole_editions`` makes the edition shown whole, and the next one shares it."""
    import_codes(*edition(1))
    kept = printed(OLD)
    Release.objects.update(is_whole=False)
    CodeVersion.objects.update(ancestors=[], note_set=None)
    NoteSet.objects.all().delete()
    fill = import_module("codes.migrations.0022_fill_whole_editions").FILL
    with connection.cursor() as cursor:
        cursor.execute(fill)
    assert release(OLD).is_whole
    assert printed(OLD) == kept
    sets = NoteSet.objects.count()
    import_codes(*edition(2))
    assert NoteSet.objects.count() == sets + 4


def printed(label: str) -> list[tuple[object, ...]]:
    """Return where each code of an edition stands and what it prints below it."""
    names = [f"note_set__{name}" for name in ("notes", "inclusion_terms", "characters", "digest")]
    versions = CodeVersion.objects.filter(release=release(label)).order_by("position")
    return list(versions.values_list("key", "ancestors", *names))
