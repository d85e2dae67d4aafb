"""What changed in fees, unit limits and edits: counts for all, the rows for registered readers."""

import csv
import hashlib
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.test import Client

from codes import fact_changes, fact_sources
from codes.facts import PtpEdit, RelativeValue, UnitLimit
from codes.models import CodeSystem, Release
from codes.sections.files import FILLINGS
from tests import factories

pytestmark = pytest.mark.django_db


def edition(source: str, day: date, **fields: Any) -> Release:
    values: dict[str, Any] = {
        "label": f"{source} {day:%Y}",
        "source_name": f"File {source}",
        "file_name": "test.txt",
        "sha256": hashlib.sha256(f"{source} {day}".encode()).hexdigest(),
        "row_count": 3,
        "importer": "test 1",
        "comparison": ["values: 3 rows: 1 new, 1 changed, 1 gone."],
    }
    return Release.objects.create(source=source, effective_date=day, **(values | fields))


def pair(source: str) -> tuple[Release, Release]:
    return edition(source, date(2025, 1, 1)), edition(source, date(2026, 1, 1))


def value(release: Release, key: str, total: str, **fields: Any) -> None:
    numbers = dict.fromkeys(
        [
            *("work_rvu", "nonfacility_pe_rvu", "facility_pe_rvu", "malpractice_rvu"),
            *("preoperative", "intraoperative", "postoperative", "conversion_factor"),
            *("opps_nonfacility_pe", "opps_facility_pe", "opps_malpractice", "facility_total"),
        ],
        Decimal(0),
    )
    values: dict[str, Any] = {
        **numbers,
        "nonfacility_na": False,
        "facility_na": False,
        "nonfacility_total": Decimal(total),
        "status": "A",
    }
    RelativeValue.objects.create(release=release, line=1, code_key=key, **(values | fields))


def limit(release: Release, key: str, units: int, adjudication: str = "3") -> None:
    UnitLimit.objects.create(
        release=release, line=1, code_key=key, units=units, adjudication=adjudication
    )


def edit(release: Release, one: str, two: str, began: date, ended: date | None = None) -> None:
    PtpEdit.objects.create(
        release=release, line=1, column1=one, column2=two, existed_before_1996=False,
        effective_on=began, deleted_on=ended, modifier_indicator="1",
    )  # fmt: skip


@pytest.fixture(autouse=True)
def cpt(clean_cache: None) -> CodeSystem:
    return factories.system()


@pytest.fixture
def fees() -> str:
    old, new = pair("mpfs")
    for key, before, after in (
        ("11111", "10", "15"),
        ("22222", "10", "9"),
        ("33333", "10", "10.5"),
        ("44444", "0", "3"),
    ):
        value(old, key, before)
        value(new, key, after)
        value(new, key, after, qualifying=True)
    value(old, "55555", "1")
    value(new, "66666", "1")
    value(old, "77777", "10", nonfacility_na=True)
    value(new, "77777", "50", nonfacility_na=True)
    return f"/changes/{new.pk}/"


def text_of(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    return response.content.decode()


def shown(text: str) -> list[str]:
    keys = [str(number) * 5 for number in range(1, 10)]
    return sorted((key for key in keys if f">{key}<" in text), key=text.index)


@pytest.mark.parametrize(
    ("query", "keys"),
    [
        ("", ["11111", "22222"]),
        ("?threshold=20", ["11111"]),
        ("?threshold=5", ["11111", "22222", "33333"]),
        ("?kind=changed&threshold=60", []),
        ("?kind=added", ["66666"]),
        ("?kind=deleted", ["55555"]),
    ],
)
def test_values_that_changed_by_the_threshold(
    member: Client, fees: str, query: str, keys: list[str]
) -> None:
    assert shown(text_of(member, fees + query)) == keys


def test_the_largest_change_is_first_and_has_a_sign(member: Client, fees: str) -> None:
    text = text_of(member, fees)
    assert "+50.0 %" in text
    assert "−10.0 %" in text
    assert text.index("+50.0 %") < text.index("−10.0 %")


def test_the_conversion_factors_stand_above_the_values(member: Client) -> None:
    old, new = pair("mpfs")
    value(old, "11111", "1", conversion_factor=Decimal("32.3465"))
    value(new, "11111", "1", conversion_factor=Decimal("33.5675"), qualifying=True)
    value(new, "11111", "1", conversion_factor=Decimal("33.4009"), qualifying=False)
    text = " ".join(re.sub(r"<[^>]+>", " ", text_of(member, f"/changes/{new.pk}/")).split())
    assert "Conversion factor, mpfs 2025 $32.3465 Conversion factors, mpfs 2026 $33.5675" in text
    assert "$33.5675 for qualifying APM participants, $33.4009 for all others" in text
    assert "33.5675" not in text_of(Client(), f"/changes/{new.pk}/")


def test_a_guest_sees_counts_and_no_row(client: Client, fees: str) -> None:
    for url in (fees, f"{fees}?format=csv"):
        text = text_of(client, url)
        assert "values: 3 rows: 1 new, 1 changed, 1 gone." in text
        assert "Register to view content" in text
        assert shown(text) == []
        assert "50.0" not in text


def test_the_csv_file_has_the_rows(member: Client, fees: str) -> None:
    response = member.get(f"{fees}?format=csv&threshold=5")
    body = b"".join(response.streaming_content).decode()  # type: ignore[attr-defined]  # it streams
    rows = list(csv.DictReader(StringIO(body)))
    assert [row["code_key"] for row in rows] == ["11111", "22222", "33333"]
    assert rows[0]["nonfacility_percent"] == "50.0"
    assert "American Medical Association" in rows[0]["copyright"]


@pytest.mark.parametrize("url", ["", "?format=csv"])
def test_numbers_of_a_hidden_system_are_not_shown(member: Client, fees: str, url: str) -> None:
    CodeSystem.objects.update(display_mode="off")
    response = member.get(fees + url)
    streamed = getattr(response, "streaming_content", None)
    assert shown((b"".join(streamed) if streamed else response.content).decode()) == []


@pytest.mark.parametrize(
    ("query", "status"),
    [("?kind=moved", 400), ("?threshold=0", 400), ("?page=0", 400), ("?page=99", 200)],
)
def test_bad_choices_are_answered_clearly(
    member: Client, fees: str, query: str, status: int
) -> None:
    text_of(member, fees + query, status)


@pytest.mark.parametrize("number", [1, 60])
def test_the_pages_take_the_same_queries_for_few_and_many(
    client: Client, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    client.force_login(factories.user())
    old, new = pair("mpfs")
    for i in range(number):
        value(old, f"1{i:04}", "1")
        value(new, f"1{i:04}", "2")
        factories.code(f"1{i:04}")
    client.get("/changes/")
    with django_assert_num_queries(9):
        text = text_of(client, f"/changes/{new.pk}/")
    assert ("page=2" in text) is (number > 50)
    with django_assert_num_queries(5):
        client.get("/changes/")


@pytest.mark.parametrize(
    ("query", "keys"),
    [("", ["33333"]), ("?kind=changed", ["11111"]), ("?kind=deleted", ["22222"])],
)
def test_unit_limits(member: Client, query: str, keys: list[str]) -> None:
    old, new = pair("mue-practitioner")
    limit(old, "11111", 1)
    limit(new, "11111", 2)
    limit(old, "22222", 1)
    limit(new, "33333", 4)
    limit(old, "44444", 4)
    limit(new, "44444", 4)
    assert shown(text_of(member, f"/changes/{new.pk}/{query}")) == keys


@pytest.mark.parametrize(
    ("query", "keys"),
    [("", ["11111", "22222"]), ("?kind=deleted", ["33333", "44444"])],
)
def test_edits_by_the_dates_of_their_rows(member: Client, query: str, keys: list[str]) -> None:
    _, new = pair("ptp-practitioner")
    edit(new, "11111", "22222", date(2026, 1, 1))
    edit(new, "33333", "44444", date(2020, 1, 1), date(2025, 12, 31))
    edit(new, "55555", "66666", date(2020, 1, 1), date(2024, 12, 31))
    edit(new, "77777", "88888", date(2026, 1, 1), date(2026, 1, 1))
    edit(new, "99999", "88888", date(2020, 1, 1))
    assert shown(text_of(member, f"/changes/{new.pk}/{query}")) == keys


def test_other_files_have_their_counts_alone(member: Client) -> None:
    _, new = pair("gpci")
    text = text_of(member, f"/changes/{new.pk}/")
    assert "values: 3 rows: 1 new, 1 changed, 1 gone." in text
    assert "code by code" not in text


def test_the_oldest_edition_is_compared_with_nothing(member: Client) -> None:
    old, _ = pair("mpfs")
    text = text_of(member, f"/changes/{old.pk}/")
    assert "The oldest edition held" in text
    assert "code by code" not in text


def test_the_index_lists_systems_and_files(client: Client, fees: str) -> None:
    left = edition("mpfs", date(2026, 7, 1), was_left=True)
    text = text_of(client, "/changes/")
    assert 'href="/codes/cpt/changes/"' in text
    assert f'href="{fees}"' in text
    assert f'href="/changes/{left.pk}/"' not in text


def test_files_of_one_name_are_told_apart_by_what_they_hold(client: Client) -> None:
    for source in ("mue-practitioner", "coverage", "hcpcs-modifiers", "a-new-file"):
        edition(source, date(2026, 1, 1), source_name="Sample facts")
    text = text_of(client, "/changes/")
    assert re.findall(r"<h3 id=.*?>(.*?)</h3>", text) == [
        "HCPCS modifiers",
        "MUE, practitioner",
        "Medicare coverage: articles, LCDs and NCDs",
        "Sample facts",
    ]
    limits = Release.objects.get(source="mue-practitioner")
    page = text_of(client, f"/changes/{limits.pk}/")
    assert "<h1>MUE, practitioner, mue-practitioner 2026: what changed</h1>" in page


def test_every_file_that_fills_a_section_has_a_name() -> None:
    systems = {"icd-10-cm", "icd-10-pcs", "hcpcs", "cpt"}
    sources = {each.source for some in FILLINGS.values() for each in some} - systems
    assert sources | set(fact_changes.REPORTS) <= set(fact_sources.NAMES)


def test_what_there_is_not_is_404(client: Client) -> None:
    left = edition("mpfs", date(2026, 7, 1), was_left=True)
    codes = factories.release()
    for path in (f"/changes/{left.pk}/", f"/changes/{codes.pk}/", "/changes/0/", "/changes/x/"):
        assert client.get(path).status_code == 404


def test_only_get_is_answered(client: Client, fees: str) -> None:
    assert client.post(fees).status_code == client.post("/changes/").status_code == 405


# --- The feed ------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [1, 20])
def test_the_feed_names_each_edition_and_counts_only(
    client: Client, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    for n in range(number):
        pair(f"mue-{n}")
    edition("mpfs", date(2026, 2, 1), was_left=True)
    with django_assert_num_queries(1):
        response = client.get("/changes/feed.atom")
    assert response["Content-Type"].startswith("application/atom+xml")
    text = response.content.decode()
    assert "<author><name>CasePilot</name></author>" in text
    assert f"<title>File mue-{number - 1}, mue-{number - 1} 2026</title>" in text
    assert "Effective 2026-01-01. values: 3 rows: 1 new, 1 changed, 1 gone." in text
    assert "The oldest edition held" in text
    assert "mpfs" not in text
    assert text.count("<entry>") == min(2 * number, 20)


def test_the_index_leads_to_the_feed(client: Client) -> None:
    pair("mpfs")
    assert 'href="/changes/feed.atom"' in client.get("/changes/").content.decode()
    for feed in ("/changes/feed.atom", "/codes/icd-10-cm/changes/feed.atom"):
        assert client.post(feed).status_code == 405
