"""Editions that wait for their day: kept, cancelled, shown when it has come."""

from collections.abc import Callable
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import DatabaseError
from django.test import Client
from django.utils.timezone import localdate

from codes import changes, tasks
from codes.code_versions import CodeChange
from codes.importers import load
from codes.models import Code, CodeSystem, Release
from codes.releases import apply_scheduled_releases, make_current
from tests import factories
from tests.codes.admin_tools import body
from tests.codes.edition_tools import (
    NEW,
    OLD,
    has_come,
    import_codes,
    is_shown,
    release,
    shown,
    step_of,
    wait_for,
)
from tests.codes.import_tools import edition

pytestmark = pytest.mark.django_db


def test_an_edition_waits_for_its_day_and_nothing_shows_it(admin: Client, client: Client) -> None:
    import_codes(*edition(1))
    first, pages = shown(), CodeSystem.objects.get().revision
    tomorrow = localdate() + timedelta(days=1)
    told = import_codes(*edition(2), effective_date=tomorrow, dry_run=True)
    assert "33 entries: 2 new, 6 changed, 2 gone." in told
    waiting = wait_for(edition(2), 1)
    assert shown() == first
    assert CodeSystem.objects.get().revision == pages
    assert is_shown(OLD)
    assert client.get("/codes/icd-10-cm/A09.1/").status_code == 404
    assert waiting.label not in client.get("/codes/icd-10-cm/changes/").content.decode()
    assert client.get(f"/codes/icd-10-cm/changes/{waiting.pk}/").status_code == 404
    assert "takes effect later" in body(admin.get("/admin/codes/release/"))
    page = body(admin.get(f"/admin/codes/release/{waiting.pk}/change/"))
    assert "and is shown from then on by itself." in page
    assert "2 new, 6 changed, 2 gone." in page
    assert admin.post(step_of(waiting)).status_code == 409
    assert apply_scheduled_releases() == []


def test_one_that_waits_is_cancelled_and_its_file_lets_it_wait_again(
    admin: Client, client: Client
) -> None:
    import_codes(*edition(1))
    first = shown()
    waiting = wait_for(edition(2), 1)
    page = f"/admin/codes/release/{waiting.pk}/waiting/"
    assert admin.post(page, {"step": "Cancel this edition"}).status_code == 302
    assert "cancelled or replaced" in body(admin.get("/admin/codes/release/"))
    told = import_codes(*edition(2), effective_date=waiting.effective_date, dry_run=True)
    assert "somebody went back from it, cancelled or replaced it" in told
    told = import_codes(*edition(2), effective_date=waiting.effective_date)
    assert f"is stored and takes effect on {waiting.effective_date}" in told
    assert admin.post(page, {"step": "Cancel this edition"}).status_code == 302
    has_come(waiting)
    assert apply_scheduled_releases() == []
    assert shown() == first
    # Once its day has come it is an edition as others: shown by hand, and then none that was left.
    assert admin.post(step_of(waiting)).status_code == 302
    waiting.refresh_from_db()
    assert (waiting.is_current, waiting.was_left, waiting.was_cancelled) == (True, False, False)


def test_on_its_day_it_is_what_its_import_would_have_left(client: Client) -> None:
    import_codes(*edition(1))
    waiting = wait_for(edition(2), 1)
    has_come(waiting)
    tasks.apply_scheduled(timestamp=0)
    assert is_shown("In 1")
    assert Code.objects.get(display="A00.1").valid_to == localdate() - timedelta(days=1)
    assert client.get("/codes/icd-10-cm/A09.1/").status_code == 200
    assert CodeChange.objects.filter(release=waiting, is_added=True).count() == 2
    assert apply_scheduled_releases() == []
    late = shown()
    make_current(release=release(OLD))
    make_current(release=release("In 1"))
    assert shown() == late


def test_the_command_does_what_the_night_does() -> None:
    import_codes(*edition(1))
    has_come(wait_for(edition(2), 1))
    out = StringIO()
    call_command("show_due_releases", stdout=out)
    call_command("show_due_releases", stdout=out)
    assert out.getvalue().endswith("In 1 is shown now.\nNo edition is due.\n")
    assert is_shown("In 1")


def test_two_wait_each_for_its_day(variant: Callable[..., list[str]]) -> None:
    import_codes(*edition(1))
    sooner = wait_for(edition(2), 1)
    later = wait_for(variant(1, ("Cholera, un", "Cholera un")), 9)
    has_come(sooner)
    apply_scheduled_releases()
    assert is_shown("In 1")
    Release.objects.filter(pk=sooner.pk).update(effective_date=localdate() - timedelta(days=8))
    has_come(later)
    apply_scheduled_releases()
    assert is_shown("In 9")
    assert Code.objects.get(display="A09.1").valid_to == localdate() - timedelta(days=1)
    assert Code.objects.get(display="A00.1").valid_to is None


def test_where_the_nights_were_missed_both_count(variant: Callable[..., list[str]]) -> None:
    import_codes(*edition(1))
    sooner = wait_for(edition(2), 1)
    later = wait_for(variant(1, ("Cholera, un", "Cholera un")), 9)
    Release.objects.filter(pk=sooner.pk).update(effective_date=localdate() - timedelta(days=3))
    has_come(later)
    assert [each.label for each in apply_scheduled_releases()] == ["In 9"]
    assert Code.objects.get(display="A09.1").valid_to == localdate() - timedelta(days=1)
    recorded = CodeChange.objects.filter(release=sooner).values_list("code__display", flat=True)
    assert {"A09.1", "A00.1"} <= set(recorded)
    assert CodeChange.objects.get(release=later, code__display="A09.1").is_deleted


def test_todays_edition_is_shown_while_a_later_one_waits(
    variant: Callable[..., list[str]],
) -> None:
    import_codes(*edition(1))
    waiting = wait_for(variant(1, ("Cholera, un", "Cholera un")), 9)
    import_codes(*edition(2))
    assert is_shown(NEW)
    has_come(waiting)
    apply_scheduled_releases()
    assert is_shown("In 9")
    assert changes.edition_before(Release.objects.get(pk=waiting.pk)) == release(NEW)
    assert CodeChange.objects.get(release=waiting, code__display="A09.1").is_deleted
    compared = Release.objects.get(pk=waiting.pk).comparison
    assert "2 gone" in compared[0]


def test_of_two_that_wait_for_one_day_the_later_import_counts(
    admin: Client, variant: Callable[..., list[str]]
) -> None:
    import_codes(*edition(1))
    wrong = wait_for(variant(2, ("A09.1", "A09.2"), ("A091", "A092")), 1)
    day = localdate() + timedelta(days=1)
    import_codes(*edition(2), effective_date=day, label="Corrected")
    wrong.refresh_from_db()
    assert wrong.was_left
    assert "cancelled or replaced" in body(admin.get("/admin/codes/release/"))
    Release.objects.filter(effective_date=day).update(effective_date=localdate())
    apply_scheduled_releases()
    assert is_shown("Corrected")
    assert not Code.objects.filter(display="A09.2").exists()


def test_the_first_edition_of_all_may_wait(client: Client) -> None:
    waiting = wait_for(edition(1), 1)
    assert not Code.objects.exists()
    assert client.get("/codes/icd-10-cm/").status_code == 200
    has_come(waiting)
    apply_scheduled_releases()
    assert client.get("/codes/icd-10-cm/A00.9/").status_code == 200


def test_one_that_fails_does_not_keep_the_others_away(monkeypatch: pytest.MonkeyPatch) -> None:
    import_codes(*edition(1))
    has_come(wait_for(edition(2), 1))
    facts = factories.edition("mpfs")
    due = factories.edition("mpfs", effective_date=localdate(), is_current=False)
    before = shown()
    monkeypatch.setattr(load, "_RETIRE", "SELECT 1 / 0")
    with pytest.raises(ExceptionGroup, match="Some editions could not be shown") as told:
        apply_scheduled_releases()
    assert isinstance(told.value.exceptions[0], DatabaseError)
    with pytest.raises(CommandError, match=r"the others are\. division by zero"):
        call_command("show_due_releases")
    assert (is_shown(OLD), shown()) == (True, before)
    assert list(Release.objects.filter(pk__in=[facts.pk, due.pk]).current()) == [due]


def test_nothing_due_is_one_query(django_assert_num_queries: Any) -> None:
    import_codes(*edition(1))
    wait_for(edition(2), 1)
    with django_assert_num_queries(1):
        assert apply_scheduled_releases() == []
