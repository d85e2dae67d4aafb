"""What changed: the editions of a system, one edition, its CSV file and feed, a code's history."""

import csv
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from codes import changes
from codes.code_versions import CodeChange, CodeVersion
from codes.history import history_of
from codes.models import Code, CodeSystem, Release
from tests import factories

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent.parent / "data" / "icd10cm"
LIST = "/codes/icd-10-cm/changes/"


def import_edition(number: int, *files: str, **options: Any) -> None:
    found = files or [str(path) for path in sorted((DATA / str(number)).iterdir())]
    call_command("import_codes", "icd-10-cm", *found, stdout=StringIO(), verbosity=0, **options)


@pytest.fixture
def editions() -> tuple[Release, Release]:
    """The two hand-made editions of tests/data/icd10cm."""
    import_edition(1)
    import_edition(2)
    old, new = Release.objects.held()
    return old, new


@pytest.fixture
def url(editions: tuple[Release, Release]) -> str:
    return f"{LIST}{editions[1].pk}/"


def displays(kind: str) -> set[str]:
    found = CodeChange.objects.filter(**{f"is_{kind}": True})
    return set(found.values_list("code__display", flat=True))


def table(client: Client, url: str) -> list[dict[str, str]]:
    response = client.get(url)
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    body = b"".join(response.streaming_content)  # type: ignore[attr-defined]  # it streams
    return list(csv.DictReader(StringIO(body.decode())))


def test_every_code_of_every_edition_is_kept(editions: tuple[Release, Release]) -> None:
    old, new = editions
    assert old.versions.count() == new.versions.count() == 33
    kept = old.versions.get(kind="code", key="A009")
    assert (kept.long_descriptor, kept.billable) == ("Cholera, unspecified", True)
    assert new.versions.get(key="A009").long_descriptor == "Cholera, not further specified"
    assert not new.versions.filter(key="A001").exists()


def test_what_changed_is_recorded_by_kind(editions: tuple[Release, Release]) -> None:
    assert displays("added") == {"A09.1", "T07.XXXS"}
    assert displays("deleted") == {"A00.1", "S52.0X1B"}
    assert displays("revised") == {"A00.9"}
    assert displays("rebilled") == {"A09"}
    assert displays("renoted") == {"A00", "A00.0", "S52", "T07"}
    assert not CodeChange.objects.filter(release=editions[0]).exists()


def test_the_same_edition_again_records_nothing(editions: tuple[Release, Release]) -> None:
    versions, found = CodeVersion.objects.count(), CodeChange.objects.count()
    import_edition(2)
    assert (CodeVersion.objects.count(), CodeChange.objects.count()) == (versions, found)


def test_a_dry_run_keeps_nothing() -> None:
    import_edition(1)
    import_edition(2, dry_run=True)
    assert CodeVersion.objects.count() == 33
    assert not CodeChange.objects.exists()


def test_recording_again_gives_the_same(editions: tuple[Release, Release]) -> None:
    before = set(CodeChange.objects.values_list("code", "is_added", "is_deleted"))
    changes.record(editions[1])
    assert set(CodeChange.objects.values_list("code", "is_added", "is_deleted")) == before


def test_an_edition_that_was_left_is_compared_with_no_more(
    editions: tuple[Release, Release],
) -> None:
    old, new = editions
    third = factories.release(old.system, effective_date=date(2026, 10, 1), label="October 2026")
    assert changes.edition_before(third) == new
    Release.objects.filter(pk=new.pk).update(was_left=True)
    assert changes.edition_before(third) == old


def test_sample_wording_is_never_the_edition_before() -> None:
    system = factories.system()
    factories.release(system, is_sample=True, is_current=True)
    official = factories.release(system, effective_date=date(2026, 4, 1), is_current=False)
    assert changes.edition_before(official) is None


def test_the_editions_are_listed_with_their_counts(
    client: Client, editions: tuple[Release, Release]
) -> None:
    text = client.get(LIST).content.decode()
    assert text.index("April 2026</a>") < text.index("October 2025</a>")
    assert "The oldest edition held" in text
    assert '<dt>New</dt><dd class="numeric">2</dd>' in text
    assert 'type="application/atom+xml"' in text


@pytest.mark.parametrize(
    ("query", "shown", "hidden"),
    [
        ("", ["A00.1", "A00.9", "A09", "A09.1", "S52.0X1B", "T07.XXXS"], []),
        ("?kind=deleted", ["A00.1", "S52.0X1B"], ["A00.9", "A09", "A09.1", "T07.XXXS"]),
        ("?kind=revised", ["A00.9"], ["A00.1", "A09", "T07.XXXS"]),
        ("?kind=rebilled", ["A09"], ["A09.1", "A00.1"]),
        ("?chapter=19", ["S52.0X1B", "T07.XXXS"], ["A00.1", "A09.1"]),
        ("?chapter=19&kind=added", ["T07.XXXS"], ["S52.0X1B", "A09.1"]),
    ],
)
def test_changes_are_narrowed(
    client: Client, url: str, query: str, shown: list[str], hidden: list[str]
) -> None:
    text = client.get(url + query).content.decode()
    assert all(f">{display}</a>" in text for display in shown)
    assert not [display for display in hidden if f">{display}</a>" in text]


def test_revised_wording_is_shown_word_by_word(client: Client, url: str) -> None:
    text = client.get(f"{url}?kind=revised").content.decode()
    assert "<del>" in text
    assert "not further specified" in text
    assert "Last day of use: 31 March 2026." in client.get(f"{url}?kind=deleted").content.decode()
    assert "No longer billable." in client.get(f"{url}?kind=rebilled").content.decode()


@pytest.mark.parametrize(
    ("query", "status"),
    [("?kind=moved", 400), ("?chapter=99", 400), ("?page=0", 400), ("?page=2", 404), ("", 200)],
)
def test_bad_choices_are_answered_clearly(
    client: Client, url: str, query: str, status: int
) -> None:
    assert client.get(url + query).status_code == status


@pytest.mark.parametrize(
    "path",
    [
        "/codes/nothing/changes/",
        "/codes/nothing/changes/feed.atom",
        "/codes/nothing/changes/1/",
        f"{LIST}0/",
        f"{LIST}{10**30}/",
        f"{LIST}x/",
    ],
)
def test_what_there_is_not_is_404(client: Client, url: str, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_release_of_another_system_is_404(client: Client, url: str) -> None:
    assert client.get(f"{LIST}{factories.release().pk}/").status_code == 404


def test_only_get_is_answered(client: Client, url: str) -> None:
    assert client.post(url).status_code == client.post(LIST).status_code == 405


def test_a_hidden_system_has_no_pages_of_changes(client: Client, url: str) -> None:
    CodeSystem.objects.update(display_mode="off")
    assert {client.get(path).status_code for path in (LIST, url, f"{LIST}feed.atom")} == {404}


@pytest.mark.parametrize("number", [1, 60])
def test_the_pages_take_the_same_queries_for_few_and_many(
    client: Client, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    system = factories.system("icd-10-cm")
    factories.release(system, is_current=False)
    new = factories.release(system, effective_date=date(2026, 4, 1))
    for i in range(number):
        code = factories.code(f"A{i:02}", of=system)
        version = CodeVersion.objects.create(
            release=new, code=code, kind="code", key=code.key, display=code.display,
            billable=True, short_descriptor="S", long_descriptor="L", position=i,
        )  # fmt: skip
        CodeChange.objects.create(
            release=new, code=code, after=version,
            is_added=True, is_deleted=False, is_revised=False, is_rebilled=False,
        )  # fmt: skip
    assert new.is_current
    url = f"{LIST}{new.pk}/"
    with django_assert_num_queries(7):
        client.get(url)
    with django_assert_num_queries(3):
        client.get(LIST)
    with django_assert_num_queries(3):
        client.get(f"{LIST}feed.atom")
    with django_assert_num_queries(4):
        assert len(table(client, f"{url}?format=csv")) == number


@pytest.fixture
def reworded(editions: tuple[Release, Release]) -> str:
    """A revised code whose full wording is a canary; the short descriptors are the same."""
    for release, word in zip(editions, ("CANARY-old", "CANARY-new"), strict=True):
        CodeVersion.objects.filter(release=release, key="A009").update(
            short_descriptor="Short words", medium_descriptor="", long_descriptor=word
        )
    changes.record(editions[1])
    return f"{LIST}{editions[1].pk}/"


def read(client: Client, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    streamed = getattr(response, "streaming_content", None)
    return (b"".join(streamed) if streamed else response.content).decode()


@pytest.mark.parametrize("query", ["", "?format=csv"])
def test_a_guest_reads_short_descriptors_alone(client: Client, reworded: str, query: str) -> None:
    text = read(client, reworded + query)
    assert "Short words" in text
    assert "CANARY" not in text


@pytest.mark.parametrize("query", ["", "?format=csv"])
def test_a_member_reads_the_full_wording_of_the_public_domain(
    client: Client, reworded: str, query: str
) -> None:
    client.force_login(factories.user())
    assert "CANARY" in read(client, reworded + query)


@pytest.mark.parametrize("query", ["", "?format=csv"])
def test_full_wording_of_a_licensed_publisher_stays_on_the_code_page(
    client: Client, reworded: str, query: str
) -> None:
    CodeSystem.objects.update(licence="licensed", copyright_line="© The publisher")
    client.force_login(factories.user())
    text = read(client, reworded + query)
    assert "CANARY" not in text
    assert "© The publisher" in text


@pytest.mark.parametrize("path", ["", "?format=csv", "?kind=revised"])
def test_with_codes_only_no_descriptor_is_shown(client: Client, reworded: str, path: str) -> None:
    CodeSystem.objects.update(display_mode="codes_only")
    client.force_login(factories.user())
    text = read(client, reworded + path)
    assert "A00.9" in text
    assert "CANARY" not in text
    assert "Short words" not in text


def test_the_csv_file_has_every_change(client: Client, url: str) -> None:
    rows = {row["code"]: row for row in table(client, f"{url}?format=csv")}
    renoted = {"A00", "A00.0", "S52", "T07"}
    assert set(rows) == {"A00.1", "A00.9", "A09", "A09.1", "S52.0X1B", "T07.XXXS"} | renoted
    assert {rows[code]["changes"] for code in renoted} == {"Notes"}
    assert {rows[code]["notes_put_in"] for code in rows} == {""}
    assert rows["A00.9"]["changes"] == "Revised"
    assert rows["A00.9"]["wording_before"] == "Cholera, unspecified"
    assert rows["A00.9"]["wording_after"] == "Cholera, not further specified"
    assert (rows["A09"]["billable_before"], rows["A09"]["billable_after"]) == ("yes", "no")
    assert rows["A00.1"]["last_day"] == "2026-03-31"
    assert rows["A09.1"]["wording_before"] == ""


def test_members_read_which_notes_came_and_went(client: Client, url: str) -> None:
    assert "reworded" not in read(client, f"{url}?kind=renoted")
    client.force_login(factories.user())
    text = read(client, f"{url}?kind=renoted")
    assert "[taken out: </span>Note: Second note<span" in text
    assert "[put in: </span>Note: Second note, reworded<span" in text
    assert "[put in: </span>Inclusion term: Asiatic cholera<span" in text
    assert "[put in: </span>7th character S: sequela<span" in text
    rows = {row["code"]: row for row in table(client, f"{url}?format=csv")}
    assert rows["A00"]["notes_taken_out"] == "Note: Second note"
    assert "\n7th character B: " in rows["S52"]["notes_taken_out"]
    CodeSystem.objects.update(display_mode="codes_only")
    hidden = read(client, f"{url}?kind=renoted")
    assert "Second note" not in hidden
    assert "The notes, inclusion terms or 7th characters below it changed." in hidden


def test_notes_stay_closed_to_guests_of_a_system_without_a_meter(client: Client, url: str) -> None:
    CodeSystem.objects.update(is_metered=False)
    assert "reworded" not in read(client, f"{url}?kind=renoted")
    assert "reworded" not in read(client, f"{url}?format=csv")


def test_notes_of_an_edition_that_is_not_whole_are_not_compared(
    editions: tuple[Release, Release],
) -> None:
    old, new = editions
    Release.objects.filter(pk=old.pk).update(is_whole=False)
    changes.record(new)
    assert displays("renoted") == set()


def test_changed_notes_are_in_the_history_of_a_code(editions: tuple[Release, Release]) -> None:
    (event,) = history_of(code("A00.0"))
    assert (event.title, event.on) == ("Notes changed", date(2026, 4, 1))
    assert event.notes == (("ins", "Inclusion term: Asiatic cholera"),)


def test_the_feed_names_each_edition(client: Client, url: str) -> None:
    response = client.get(f"{LIST}feed.atom")
    text = response.content.decode()
    assert response["Content-Type"].startswith("application/atom+xml")
    assert "<title>ICD-10-CM, April 2026</title>" in text
    assert "<author><name>CasePilot</name></author>" in text
    assert "Against October 2025: 2 new, 1 revised, 2 deleted, 1 billable state, 4 notes." in text
    assert "The oldest edition held" in text


def code(display: str) -> Code:
    return Code.objects.select_related("system", "release").get(display=display, kind="code")


def test_a_code_has_its_history(
    editions: tuple[Release, Release], django_assert_num_queries: Callable[[int], Any]
) -> None:
    revised = code("A00.9")
    with django_assert_num_queries(1):
        (event,) = history_of(revised)
    assert (event.kind, event.on, event.release) == ("revised", date(2026, 4, 1), editions[1])
    (rewording,) = event.rewordings
    assert (rewording.before, rewording.after) == (
        "Cholera, unspecified",
        "Cholera, not further specified",
    )
    assert "".join(piece.text for piece in rewording.pieces if piece.change != "del") == (
        rewording.after
    )


@pytest.mark.parametrize(
    ("display", "expected"),
    [
        ("A00.0", [("renoted", date(2026, 4, 1))]),
        ("A09.1", [("added", date(2026, 4, 1))]),
        ("A00.1", [("deleted", date(2026, 3, 31))]),
    ],
)
def test_history_tells_what_happened_and_when(
    editions: tuple[Release, Release], display: str, expected: list[tuple[str, date]]
) -> None:
    assert [(event.kind, event.on) for event in history_of(code(display))] == expected


def test_a_category_that_is_no_longer_billable_says_so(
    editions: tuple[Release, Release],
) -> None:
    category = Code.objects.with_page().select_related("system", "release").get(display="A09")
    assert [event.title for event in history_of(category)] == ["No longer billable"]


def test_a_code_that_comes_back_was_deleted_and_added(
    editions: tuple[Release, Release], tmp_path: Path
) -> None:
    copies = []
    for path in sorted((DATA / "1").iterdir()):
        copy = tmp_path / path.name
        copy.write_bytes(path.read_bytes().replace(b"<version>2026", b"<version>2027"))
        copies.append(str(copy))
    import_edition(1, *copies, effective_date=date(2026, 10, 1))
    kinds = [(event.kind, event.on) for event in history_of(code("A00.1"))]
    assert kinds == [("added", date(2026, 10, 1)), ("deleted", date(2026, 3, 31))]


def test_history_without_a_licence_for_wording_has_none(
    editions: tuple[Release, Release],
) -> None:
    CodeSystem.objects.update(display_mode="codes_only")
    (event,) = history_of(code("A00.9"))
    assert (event.kind, event.rewordings) == ("revised", ())


def test_days_that_the_file_states_are_history_too() -> None:
    made = factories.code(valid_from=date(2019, 1, 1), valid_to=date(2021, 12, 31))
    assert [(event.kind, event.on) for event in history_of(made)] == [
        ("deleted", date(2021, 12, 31)),
        ("added", date(2019, 1, 1)),
    ]
