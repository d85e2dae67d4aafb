"""A code page as of another day: which edition speaks, what each viewer sees, what it costs."""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client

from codes.code_versions import CodeVersion
from codes.models import Code, CodeSystem, Release
from codes.stored_pages import StoredPage
from tests import factories
from tests.codes.import_tools import import_two_editions

pytestmark = pytest.mark.django_db

URL = "/codes/icd-10-cm/A00.9/"
OLD, NEW = f"{URL}?on=2025-12-01", f"{URL}?on=2026-05-01"
WAS, IS = "Cholera, unspecified", "Cholera, not further specified"


@pytest.fixture(autouse=True)
def editions() -> None:
    """October 2025 and April 2026, the two hand-made editions."""
    import_two_editions()


def text_of(client: Client, url: str, status: int = 200) -> str:
    response = client.get(url)
    assert response.status_code == status
    text = re.sub(r"\s+", " ", response.content.decode())
    return text[text.index("<main") :]


def test_the_edition_in_force_speaks(client: Client) -> None:
    text = text_of(client, OLD)
    assert "As of 1 December 2025, from release October 2025" in text
    assert WAS in text
    assert IS not in text
    text = text_of(client, NEW)
    assert "As of 1 May 2026, from release April 2026" in text
    assert IS in text
    assert WAS not in text


def test_a_code_that_is_deleted_now_was_valid_then(client: Client) -> None:
    text = text_of(client, "/codes/icd-10-cm/A00.1/?on=2026-03-31")
    assert "Deleted" not in text
    assert ">Billable</span>" in text.replace("</svg> ", "</svg>").replace("</svg>", ">")
    assert "Deleted code." in text_of(Client(), "/codes/icd-10-cm/A00.1/")


def test_a_heading_that_was_billable_then_says_so(client: Client) -> None:
    old = text_of(client, "/codes/icd-10-cm/A09/?on=2025-12-01")
    assert "Not billable" not in old
    assert "A09.1" not in old
    new = text_of(client, "/codes/icd-10-cm/A09/?on=2026-05-01")
    assert "Not billable" in new
    assert 'href="/codes/icd-10-cm/A09.1/?on=2026-05-01"' in new


def test_notes_terms_and_characters_are_those_of_the_day(member: Client) -> None:
    old = text_of(member, "/codes/icd-10-cm/A00.0/?on=2025-12-01")
    assert "Second note" in old
    assert "Second note, reworded" not in old
    assert "<li>Classical cholera</li>" in old
    assert "Asiatic cholera" not in old
    assert "Descriptors, notes, 7th characters, billable state and validity are those" in old
    new = text_of(member, "/codes/icd-10-cm/A00.0/?on=2026-05-01")
    assert "Second note, reworded" in new
    assert "Asiatic cholera" in new
    characters = re.compile(r'<dt class="code">(.)</dt>')
    for day, values in (("2025-12-01", ["A", "B", "S"]), ("2026-05-01", ["A", "S"])):
        text = text_of(member, f"/codes/icd-10-cm/S52.0X1A/?on={day}")
        section = text[text.index("7th characters, defined at") :].partition("</dl>")[0]
        assert characters.findall(section) == values


def test_notes_of_an_edition_that_is_not_whole_are_those_of_today(member: Client) -> None:
    Release.objects.filter(label="October 2025").update(is_whole=False)
    text = text_of(member, "/codes/icd-10-cm/A00.0/?on=2025-12-01")
    assert "Second note, reworded" in text
    assert "Notes, which are not held of it, and texts written for this site are those" in text
    assert "Classical cholera" not in text


def test_notes_of_another_day_follow_the_display_mode(member: Client) -> None:
    CodeSystem.objects.update(display_mode="codes_only")
    text = text_of(member, "/codes/icd-10-cm/A00.0/?on=2025-12-01")
    assert "Second note" not in text
    assert "Classical cholera" not in text


def test_no_day_is_today(client: Client) -> None:
    text = text_of(client, f"{URL}?on=")
    assert "from release April 2026" in text
    assert 'type="date"' in text


def test_a_day_to_come_says_that_it_is(client: Client) -> None:
    assert "a later one may say otherwise" in text_of(client, f"{URL}?on=2099-01-01")


def test_before_the_oldest_edition_nothing_is_claimed_or_counted(client: Client) -> None:
    text = text_of(client, f"{URL}?on=2025-09-30", 404)
    assert "No edition of ICD-10-CM that was in force on that day is held." in text
    assert "The oldest held is October 2025, effective 1 October 2025." in text
    assert WAS not in text
    assert "0 code page views remaining" in re.sub("<[^>]+>", "", text_of(client, OLD))


def test_a_code_that_came_later_is_not_there_yet(client: Client) -> None:
    text = text_of(client, "/codes/icd-10-cm/A09.1/?on=2025-12-01", 404)
    assert "The edition held for that day" in text
    assert "October 2025, has no code A09.1." in text


def test_an_edition_that_was_left_says_nothing(client: Client) -> None:
    Release.objects.filter(label="April 2026").update(was_left=True)
    assert WAS in text_of(client, NEW)


def test_a_code_that_is_not_valid_yet_says_so(client: Client) -> None:
    CodeVersion.objects.filter(key="A009").update(valid_from=date(2026, 7, 1))
    assert "The code is not valid yet on that day" in text_of(client, NEW)


def test_what_a_later_edition_knows_better_is_told(client: Client) -> None:
    Code.objects.filter(display="A00.9").update(valid_to=date(2025, 11, 30))
    text = text_of(client, OLD)
    assert "April 2026 states that its last day of use was 30 November 2025" in text
    assert "Deleted code." in text
    assert "Not billable" in text
    assert "Deleted code." not in text_of(client, f"{URL}?on=2025-11-30")


def test_a_code_that_began_between_two_editions_is_told(client: Client) -> None:
    Code.objects.filter(display="A09.1").update(valid_from=date(2025, 11, 1))
    late = text_of(client, "/codes/icd-10-cm/A09.1/?on=2025-12-01", 404)
    assert "April 2026 states that the code is valid from 1 November 2025" in late
    early = text_of(client, "/codes/icd-10-cm/A09.1/?on=2025-10-31", 404)
    assert "states that the code is valid" not in early


@pytest.mark.parametrize("day", ["yesterday", "2025-13-01", "2025-02-30", "0", "%00"])
def test_what_is_no_day_is_refused_and_not_counted(client: Client, day: str) -> None:
    assert "This is not a day." in text_of(client, f"{URL}?on={day}", 400)
    assert "0 code page views remaining" in re.sub("<[^>]+>", "", text_of(client, OLD))


def test_it_is_for_no_search_engine(client: Client) -> None:
    response = client.get(OLD)
    text = response.content.decode()
    assert response["X-Robots-Tag"] == "noindex"
    assert '<meta name="robots" content="noindex">' in text
    assert re.search(r'<link rel="canonical" href="http://[^"?]+/codes/icd-10-cm/A00\.9/">', text)


def test_the_stored_page_is_left_alone(client: Client) -> None:
    text_of(client, URL)
    before = StoredPage.objects.values_list("lead", "described").get()
    text_of(client, OLD)
    assert StoredPage.objects.values_list("lead", "described").get() == before
    assert IS in text_of(client, URL)


def test_the_page_of_today_offers_another_day(client: Client) -> None:
    assert f'<a href="{URL}?on=" rel="nofollow">As of another day</a>' in text_of(client, URL)


@pytest.fixture
def gated() -> Code:
    code = Code.objects.get(display="A00.9")
    factories.published_text(code, "compliance", html="<p>CANARY-section</p>")
    CodeVersion.objects.filter(code=code).update(
        short_descriptor="Open words", long_descriptor="CANARY-long"
    )
    return code


def test_a_guest_sees_as_much_as_today(client: Client, gated: Code) -> None:
    text = text_of(client, OLD)
    assert "CANARY-long" in text
    assert "CANARY-section" not in text
    assert "Register to view content" in text


def test_a_member_sees_the_sections(member: Client, gated: Code) -> None:
    assert "CANARY-section" in text_of(member, OLD)


def test_a_spent_guest_sees_the_lead_alone(client: Client, gated: Code) -> None:
    text_of(client, "/codes/icd-10-cm/A00.0/")
    text = text_of(client, OLD)
    assert "Open words" in text
    assert "CANARY" not in text


def test_a_page_counted_today_is_free_on_another_day(client: Client, gated: Code) -> None:
    text_of(client, URL)
    assert "CANARY-long" in text_of(client, OLD)


def test_with_codes_only_no_descriptor_is_shown(member: Client, gated: Code) -> None:
    CodeSystem.objects.update(display_mode="codes_only")
    text = text_of(member, OLD)
    assert "Open words" not in text
    assert "CANARY-long" not in text


def test_a_hidden_system_is_404(client: Client) -> None:
    CodeSystem.objects.update(display_mode="off")
    assert client.get(OLD).status_code == 404


def test_another_printed_form_leads_to_the_page(client: Client) -> None:
    assert client.get("/codes/icd-10-cm/a009/?on=2025-12-01").status_code == 301


def test_an_unknown_code_is_404(client: Client) -> None:
    assert client.get("/codes/icd-10-cm/X99/?on=2025-12-01").status_code == 404


def test_samples_speak_only_where_nothing_else_is_held(client: Client) -> None:
    Release.objects.filter(label="October 2025").update(is_sample=True)
    text_of(client, OLD, 404)
    Release.objects.update(is_sample=True)
    assert WAS in text_of(client, OLD)


@pytest.mark.parametrize("number", [1, 20])
def test_it_takes_the_same_queries_for_one_and_twenty_codes_around(
    client: Client,
    number: int,
    monkeypatch: pytest.MonkeyPatch,
    django_assert_num_queries: Callable[[int], Any],
) -> None:
    monkeypatch.setattr("codes.page.SECTIONS", ())  # each pins its own
    parent = Code.objects.get(display="A00")
    edition = Release.objects.get(label="October 2025")
    for i in range(number):
        made = factories.code(f"A00.7{i:02}", of=parent.system, parent=parent, release=edition)
        CodeVersion.objects.create(
            release=edition, code=made, kind="code", key=made.key, display=made.display,
            billable=True, short_descriptor="S", long_descriptor="L", position=made.position,
        )  # fmt: skip
    with django_assert_num_queries(11):
        text_of(client, OLD)
