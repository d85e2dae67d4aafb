"""The admin of releases: what it tells, and showing another one after a confirmation."""

import re
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client
from django.utils.timezone import localdate
from pytest_django import DjangoAssertNumQueries

from codes import notices
from codes.import_records import RefusedImport
from codes.models import Release
from codes.releases import apply_scheduled_releases
from tests import factories
from tests.codes.admin_tools import body, signed_in, staff_with
from tests.codes.fact_tools import SECOND, limits, load_one

pytestmark = pytest.mark.django_db

RELEASES = "/admin/codes/release/"


def page_of(release: Release) -> str:
    return f"{RELEASES}{release.pk}/change/"


def step_of(release: Release) -> str:
    return f"{RELEASES}{release.pk}/make-current/"


@pytest.fixture
def two() -> list[Release]:
    """Return an older release of facts and the one shown now."""
    old, new = load_one(limits()), load_one(limits(11), SECOND)
    return [old, new]


def current() -> list[Release]:
    return list(Release.objects.current())


# --- What it tells --------------------------------------------------------------------------------


def test_a_release_tells_what_it_changed_and_how_long_it_took(
    admin: Client, two: list[Release]
) -> None:
    Release.objects.filter(pk=two[1].pk).update(seconds=12.34)
    page = body(admin.get(page_of(two[1])))
    assert "unit limits: 11 rows: 1 new, 0 changed, 0 gone." in page
    assert "12.3 s" in page
    assert ", in 12.3 s" in body(admin.get(RELEASES))
    assert "none: it holds facts about codes" in page
    assert "shown now" in page


def test_the_list_tells_states(admin: Client, two: list[Release]) -> None:
    load_one(limits(12), localdate() + timedelta(days=9))
    page = body(admin.get(RELEASES))
    for state in ("shown now", "kept", "takes effect later"):
        assert state in page
    admin.post(step_of(two[0]))
    assert "gone back from" in body(admin.get(RELEASES))


def test_the_list_tells_samples_and_who_imported(admin: Client, two: list[Release]) -> None:
    by = factories.staff("bert@example.org")
    Release.objects.filter(pk=two[1].pk).update(is_sample=True, imported_by=by)
    page = body(admin.get(RELEASES))
    assert "shown now, sample" in page
    assert ", by bert@example.org" in page


@pytest.mark.parametrize(("state", "count"), [("shown", 1), ("waiting", 1), ("left", 0), ("", 3)])
def test_the_list_can_be_narrowed_by_state(
    admin: Client, two: list[Release], state: str, count: int
) -> None:
    load_one(limits(12), localdate() + timedelta(days=9))
    response = admin.get(RELEASES, {"state": state} if state else {})
    assert response.context["cl"].result_count == count


# --- Showing another one --------------------------------------------------------------------------


def test_going_back_asks_first_and_is_noted(admin: Client, two: list[Release]) -> None:
    old, new = two
    assert "Go back to this release</a>" in body(admin.get(page_of(old)))
    asked = body(admin.get(step_of(old)))
    assert "instead of" in asked
    assert "stays away until somebody makes it current again" in asked
    assert current() == [new]
    response = admin.post(step_of(old), follow=True)
    assert "is shown now instead of" in body(response)
    assert current() == [old]
    new.refresh_from_db()
    assert new.was_left
    entry = LogEntry.objects.get()
    assert (str(entry.user), entry.object_id) == ("anna@example.org", str(old.pk))
    assert entry.change_message == f"Shown instead of {new.label}."


def test_and_forward_again(admin: Client, two: list[Release]) -> None:
    old, new = two
    admin.post(step_of(old))
    assert "Make this release current</a>" in body(admin.get(page_of(new)))
    admin.post(step_of(new))
    assert current() == [new]
    assert not Release.objects.filter(was_left=True).exists()


def test_code_pages_are_made_again(admin: Client, two: list[Release]) -> None:
    system = factories.system()
    revision = system.revision
    admin.post(step_of(two[0]))
    system.refresh_from_db()
    assert system.revision == revision + 1


def test_what_is_shown_has_no_button(admin: Client, two: list[Release]) -> None:
    page = body(admin.get(page_of(two[1])))
    assert "make-current" not in page
    assert "It is shown now." in page
    assert admin.post(step_of(two[1])).status_code == 409


def test_a_release_of_the_future_waits(admin: Client, two: list[Release]) -> None:
    waiting = load_one(limits(12), date(2099, 4, 1))
    page = body(admin.get(page_of(waiting)))
    assert "It takes effect on April 1, 2099, and is shown from then on by itself." in page
    assert admin.post(step_of(waiting)).status_code == 409
    assert current() == [two[1]]


def test_an_edition_of_which_too_little_is_kept_says_why_not(admin: Client) -> None:
    factories.release()
    older = factories.release(is_current=False, effective_date=date(2025, 1, 1), label="Older")
    for response in (admin.get(page_of(older)), admin.get(step_of(older))):
        assert "It was imported before editions were kept whole" in body(response)
    assert admin.post(step_of(older)).status_code == 409
    older.refresh_from_db()
    assert not older.is_current


def test_a_refused_import_is_kept_with_its_problems(admin: Client, tmp_path: Path) -> None:
    wrong = tmp_path / "ANES2025.csv"
    source = Path(__file__).parents[1] / "data" / "anesthesia" / "1" / "ANES2025.csv"
    wrong.write_text(re.sub(r"\d\d\.\d+", "much <b>", source.read_text()))
    for options in ({"dry_run": True}, {}):
        with pytest.raises(CommandError):
            call_command(
                "import_codes", "anesthesia", str(wrong), stderr=StringIO(), verbosity=0, **options
            )
    refused = RefusedImport.objects.get()
    assert (refused.format, refused.files) == ("anesthesia", "ANES2025.csv")
    assert refused.problem_count == len(refused.problems) > 0
    page = body(admin.get(f"/admin/codes/refusedimport/{refused.pk}/change/"))
    assert "ANES2025.csv:" in page
    assert "much &lt;b&gt;" in page
    assert "nothing was loaded" in body(admin.get("/admin/codes/refusedimport/"))
    assert not Release.objects.exists()


def test_acceptances_are_shown_and_not_changed(admin: Client) -> None:
    accepted = notices.require("ama", notices.Acceptance("Anna Example"))
    assert accepted is not None
    url = f"/admin/codes/noticeacceptance/{accepted.pk}/change/"
    assert "Anna Example" in body(admin.get(url))
    assert admin.post(url, {"accepted_by": "Nobody"}).status_code == 403


# --- Who may ------------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_those_who_may_change_releases_choose(two: list[Release], method: str) -> None:
    old, new = two
    for client, status in (
        (Client(), 302),
        (signed_in(factories.user()), 302),
        (staff_with(), 403),
        (staff_with("view_release"), 403),
    ):
        assert getattr(client, method)(step_of(old)).status_code == status
    assert current() == [new]
    reader = body(staff_with("view_release").get(page_of(old)))
    assert "make-current" not in reader
    assert getattr(staff_with("change_release"), method)(step_of(old)).status_code in {200, 302}


def test_a_form_needs_its_token(two: list[Release]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.staff())
    assert client.post(step_of(two[0])).status_code == 403
    assert current() == [two[1]]


def test_other_methods_and_unknown_releases(admin: Client, two: list[Release]) -> None:
    assert admin.put(step_of(two[0])).status_code == 405
    assert admin.get(f"{RELEASES}987654/make-current/").status_code == 404


# --- Cost -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("count", [1, 20])
def test_pages_cost_the_same_for_many_releases(
    admin: Client, django_assert_num_queries: DjangoAssertNumQueries, count: int
) -> None:
    for number in range(count):
        load_one(limits(), source=f"source-{number}")
    old = load_one(limits())
    load_one(limits(11), SECOND)
    for url, queries in ((RELEASES, 6), (page_of(old), 6), (step_of(old), 4)):
        admin.get(url)  # a process asks once for the content types
        with django_assert_num_queries(queries):
            assert admin.get(url).status_code == 200


def test_showing_costs_the_same_for_many_rows(
    admin: Client, django_assert_num_queries: Any
) -> None:
    old = load_one(limits(500))
    load_one(limits(501), SECOND)
    ContentType.objects.get_for_model(Release)  # a process asks once for it
    with django_assert_num_queries(15):
        assert admin.post(step_of(old)).status_code == 302


# --- Cancelling one that waits --------------------------------------------------------------------

CANCEL, WAIT_AGAIN = "Cancel this edition", "Let it wait for its day again"


def waiting_page_of(release: Release) -> str:
    return f"{RELEASES}{release.pk}/waiting/"


@pytest.fixture
def waiting(two: list[Release]) -> Release:
    """Return an edition whose day is to come."""
    return load_one(limits(12), localdate() + timedelta(days=9))


def day_comes(release: Release) -> None:
    Release.objects.filter(pk=release.pk).update(effective_date=localdate())
    apply_scheduled_releases()


def test_cancelling_asks_first_is_noted_and_keeps_it_from_being_shown(
    admin: Client, two: list[Release], waiting: Release
) -> None:
    assert f"{CANCEL}</a>" in body(admin.get(page_of(waiting)))
    asked = body(admin.get(waiting_page_of(waiting)))
    assert "Nothing is removed" in asked
    waiting.refresh_from_db()
    assert not waiting.was_left
    done = admin.post(waiting_page_of(waiting), {"step": CANCEL}, follow=True)
    page = body(done)
    assert "cancelled before its day." in page
    assert "It was cancelled or replaced before its day" in page
    assert LogEntry.objects.get().change_message == "Cancelled before its day."
    day_comes(waiting)
    assert current() == [two[1]]


def test_a_cancelled_edition_waits_again_by_a_click(
    admin: Client, two: list[Release], waiting: Release
) -> None:
    admin.post(waiting_page_of(waiting), {"step": CANCEL})
    assert f"{WAIT_AGAIN}</a>" in body(admin.get(page_of(waiting)))
    assert "is then shown from" in body(admin.get(waiting_page_of(waiting)))
    page = body(admin.post(waiting_page_of(waiting), {"step": WAIT_AGAIN}, follow=True))
    assert "waits for its day again." in page
    day_comes(waiting)
    assert current() == [waiting]


def test_its_file_imported_once_more_lets_it_wait_again(admin: Client, waiting: Release) -> None:
    admin.post(waiting_page_of(waiting), {"step": CANCEL})
    assert load_one(limits(12), waiting.effective_date) == waiting
    waiting.refresh_from_db()
    assert not waiting.was_left
    day_comes(waiting)
    assert current() == [waiting]


def test_of_two_that_wait_for_one_day_the_one_last_chosen_is_shown(
    admin: Client, waiting: Release
) -> None:
    admin.post(waiting_page_of(waiting), {"step": CANCEL})
    corrected = load_one(limits(13), waiting.effective_date)
    admin.post(waiting_page_of(waiting), {"step": WAIT_AGAIN})
    corrected.refresh_from_db()
    assert corrected.was_left
    Release.objects.filter(pk__in=[corrected.pk, waiting.pk]).update(effective_date=localdate())
    assert apply_scheduled_releases() == [waiting]
    assert current() == [waiting]


@pytest.mark.parametrize("step", [CANCEL, WAIT_AGAIN, "", "nonsense"])
def test_what_is_shown_or_has_begun_cannot_be_cancelled(
    admin: Client, two: list[Release], step: str
) -> None:
    for release in two:
        assert CANCEL not in body(admin.get(page_of(release)))
        assert "That cannot be done any more" in body(admin.get(waiting_page_of(release)))
        assert admin.post(waiting_page_of(release), {"step": step}).status_code == 409
    assert current() == [two[1]]
    assert not Release.objects.filter(was_left=True).exists()


def test_a_second_click_changes_nothing(admin: Client, waiting: Release) -> None:
    assert admin.post(waiting_page_of(waiting), {"step": CANCEL}).status_code == 302
    again = admin.post(waiting_page_of(waiting), {"step": CANCEL})
    assert again.status_code == 409
    assert "somebody else did it before" in body(again)
    assert LogEntry.objects.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_those_who_may_change_releases_cancel(waiting: Release, method: str) -> None:
    url = waiting_page_of(waiting)
    assert getattr(staff_with("view_release"), method)(url).status_code == 403
    assert getattr(signed_in(factories.user()), method)(url).status_code == 302
    assert getattr(staff_with("change_release"), method)(url).status_code in (200, 409)
    unknown = f"{RELEASES}999999/waiting/"
    assert getattr(staff_with("change_release"), method)(unknown).status_code == 404
    waiting.refresh_from_db()
    assert not waiting.was_left


def test_cancelling_needs_its_token(waiting: Release) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.staff())
    assert client.post(waiting_page_of(waiting), {"step": CANCEL}).status_code == 403
    assert client.put(waiting_page_of(waiting)).status_code in (403, 405)
