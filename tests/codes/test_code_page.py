"""The code page: what each viewer sees, what it says, what it costs."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import ViewGrant
from codes.authored_texts import AuthoredText
from codes.models import Code, CodeNote, CodeSystem, Successor
from codes.sections import SECTIONS
from codes.stored_pages import StoredPage
from tests import factories

pytestmark = pytest.mark.django_db

KINDS = [section.key for section in SECTIONS]
URL = "/codes/cpt/33948/"


@pytest.fixture
def code() -> Code:
    """A code with every gated field filled with its own canary."""
    made = factories.code("33948", long_descriptor="CANARY-long", short_descriptor="Open words")
    factories.published_text(made, "plain", html="<p>CANARY-plain</p>")
    for kind in KINDS:
        factories.published_text(made, kind, html=f"<p>CANARY-{kind}</p>")
    return made


def text_of(client: Client, url: str = URL) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return response.content.decode()


def test_a_guest_reads_the_descriptions_and_sees_six_locked_sections(
    client: Client, code: Code
) -> None:
    text = text_of(client)
    assert "<h1" in text
    assert "CPT® Code 33948" in text
    assert "CANARY-long" in text
    assert "CANARY-plain" in text
    assert text.count("Register to view content") == 6
    assert text.count("Create a free account to unlock this content") == 6
    assert not [kind for kind in KINDS if f"CANARY-{kind}" in text]


def test_the_wording_of_the_page_is_the_users(client: Client, code: Code) -> None:
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", text_of(client)))
    for sentence in (
        "0 code page views remaining. Guest accounts are limited to 1 page view. "
        "Register free account to get 5 more views.",
        "Official Description",
        "© Copyright 2026 American Medical Association. All rights reserved.",
        "Common Language Description",
        "Have a question about CPT® Code 33948? Get instant expert-level answers from "
        "CasePilot, our coding assistant.",
        "Get instant expert-level medical coding assistance. Ask about:",
        "What is CPT code 99213?",
        "Guidelines for E/M services",
    ):
        assert sentence in text


def test_a_member_reads_the_sections(member: Client, code: Code) -> None:
    text = text_of(member)
    assert all(f"CANARY-{kind}" in text for kind in KINDS)
    assert "Register to view content" not in text
    assert "5 code page views remaining." in re.sub(r"<[^>]+>", "", text)


def test_a_spent_guest_sees_the_lead_alone(client: Client, code: Code) -> None:
    factories.code("33949")
    text_of(client, "/codes/cpt/33949/")
    response = client.get(URL)
    text = response.content.decode()
    assert response.status_code == 200
    assert response["X-Robots-Tag"] == "noindex"
    assert "Open words" in text
    assert "CANARY" not in text


def test_a_section_that_holds_nothing_is_left_out(client: Client, code: Code) -> None:
    AuthoredText.objects.filter(kind="ncci_edits").delete()
    text = text_of(client)
    assert "NCCI Edits</h2>" not in text
    assert text.count("Register to view content") == 5


def test_a_draft_is_seen_by_nobody(member: Client, code: Code) -> None:
    draft = {"html": "", "published_at": None, "status": "draft", "markdown": "CANARY-draft"}
    AuthoredText.objects.filter(kind="plain").update(**draft)
    assert "CANARY-draft" not in text_of(member)


def test_a_guest_view_takes_two_statements(
    client: Client, code: Code, django_assert_num_queries: Callable[[int], Any]
) -> None:
    text_of(client)  # renders and stores the page, sets the guest's cookie
    client.cookies.clear()
    with django_assert_num_queries(2) as queries:
        text_of(client)
    assert "codes_storedpage" in queries[1]["sql"]


@pytest.mark.parametrize("number", [1, 20])
def test_rendering_takes_the_same_queries_for_one_and_twenty_siblings(
    client: Client, number: int, django_assert_num_queries: Callable[[int], Any]
) -> None:
    parent = factories.heading("section", "ecmo", parent=factories.heading("chapter", "surgery"))
    made = factories.code("33948", parent=parent)
    for i in range(number):
        child = factories.code(f"339{i:02}", parent=made)
        factories.code(f"338{i:02}", parent=parent)
        Successor.objects.create(code=child, successor=made, release=made.release)
    with django_assert_num_queries(17):
        text_of(client)


def test_an_edit_is_seen_at_once(member: Client, code: Code) -> None:
    text_of(member)
    AuthoredText.objects.filter(kind="plain").update(html="<p>NEW</p>")
    Code.objects.filter(pk=code.pk).update(revision=2)
    assert "NEW" in text_of(member)


def test_a_change_of_the_system_is_seen_at_once(client: Client, code: Code) -> None:
    text_of(client)
    CodeSystem.objects.update(copyright_line="© Copyright 2027 American Medical Association.")
    code.system.invalidate_pages()
    assert "© Copyright 2027" in text_of(client)


def test_the_parts_are_rendered_once(client: Client, code: Code) -> None:
    text_of(client)
    StoredPage.objects.update(lead=b"<p>STORED</p>")
    assert "STORED" in text_of(client)


def test_a_build_of_another_program_is_not_used(client: Client, code: Code) -> None:
    text_of(client)
    StoredPage.objects.update(build="another", lead=b"<p>STORED</p>")
    assert "STORED" not in text_of(client)


def test_the_head_tells_search_engines_what_is_open(client: Client, code: Code) -> None:
    text = text_of(client)
    head = text[: text.index("</head>")]
    assert '<link rel="canonical" href="http://' in head
    assert '<meta property="og:title" content="CPT® Code 33948">' in head
    assert "CANARY" not in head
    match = re.search(r'<script type="application/ld\+json">(.*?)</script>', head, re.DOTALL)
    assert match
    data = json.loads(match[1])
    assert data["@type"] == "MedicalWebPage"
    assert data["mainEntity"]["codeValue"] == "33948"
    assert data["isAccessibleForFree"] is False
    gated = ["official", "common-language", *KINDS]
    assert [part["cssSelector"] for part in data["hasPart"]] == [f"#{part}" for part in gated]


@pytest.mark.parametrize("printed", ["j96.01", "J9601", "j9601"])
@pytest.mark.parametrize("rest", ["", "?on=2026-05-01", "guidelines/", "guidelines/?q=x"])
def test_another_printed_form_leads_to_the_page(client: Client, printed: str, rest: str) -> None:
    factories.code("J96.01", of=factories.system("icd-10-cm"))
    response = client.get(f"/codes/icd-10-cm/{printed}/{rest}")
    assert response.status_code == 301
    assert response["Location"] == f"/codes/icd-10-cm/J96.01/{rest}"


def test_a_crawler_stores_no_more_than_the_lead(client: Client, code: Code) -> None:
    assert client.head(URL).status_code == 200
    stored = StoredPage.objects.get()
    assert stored.lead
    assert (stored.described, stored.locked, stored.unlocked, stored.after) == (None,) * 4
    assert "CANARY-plain" in text_of(client)
    assert StoredPage.objects.get().unlocked


def test_a_page_of_today_is_not_shown_tomorrow(client: Client, code: Code) -> None:
    text_of(client)
    assert StoredPage.objects.get().fresh_until == timezone.localdate()
    StoredPage.objects.update(fresh_until=date(2020, 1, 1), lead=b"<p>OLD</p>")
    assert "OLD" not in text_of(client)


def test_an_unknown_code_names_the_nearest(client: Client) -> None:
    icd = factories.system("icd-10-cm")
    for display in ("J96", "J96.0", "J96.01", "K50"):
        factories.code(display, of=icd)
    response = client.get("/codes/icd-10-cm/J96.05/")
    text = response.content.decode()
    assert response.status_code == 404
    assert all(f">{display}<" in text for display in ("J96", "J96.0", "J96.01"))
    assert ">K50<" not in text


@pytest.mark.parametrize("text", ["%00", "x" * 500, "%F0%9F%92%89", "..", "a%2Fb", "%25"])
def test_no_text_in_the_address_breaks_it(client: Client, code: Code, text: str) -> None:
    assert client.get(f"/codes/cpt/{text}/").status_code == 404


def test_a_deleted_code_says_when_and_what_instead(client: Client) -> None:
    old = factories.code("99201", valid_to=date(2020, 12, 31), billable=False)
    new = factories.code("99202")
    Successor.objects.create(code=old, successor=new, release=old.release)
    text = text_of(client, "/codes/cpt/99201/")
    assert "31 December 2020" in text
    assert '/codes/cpt/99202/">' in text


def test_notes_of_the_headings_above_are_shown_with_their_place(member: Client) -> None:
    icd = factories.system("icd-10-cm")
    chapter = factories.heading("chapter", "10", of=icd, display="Chapter 10")
    category = factories.heading("category", "J96", of=icd, parent=chapter)
    code = factories.code("J96.01", of=icd, parent=category)
    factories.code("J80", of=icd)
    factories.code("QA0.8", of=icd)  # two letters, as since April 2026
    for place, words in (
        (chapter, "From above (J80.-), (QA0.8)"),
        (category, "At the heading"),
        (code, "Own"),
    ):
        CodeNote.objects.create(
            code=place, release=code.release, kind="excludes1", position=1, text=words
        )
    text = text_of(member, "/codes/icd-10-cm/J96.01/")
    assert text.index("From above") < text.index("At the heading") < text.index("Own")
    assert '(<a class="code" href="/codes/icd-10-cm/J80/">J80</a>.-)' in text
    assert '(<a class="code" href="/codes/icd-10-cm/QA0.8/">QA0.8</a>)' in text
    other = Client()
    guest_text = text_of(other, "/codes/icd-10-cm/J96.01/")
    assert "3 tabular notes, 2 inherited" in guest_text
    assert "From above" not in guest_text


SECTION_URL = "/codes/cpt/33948/ncci-edits/"


def test_a_section_has_a_page_of_its_own_for_members(member: Client, code: Code) -> None:
    assert "CANARY-ncci_edits" in text_of(member, SECTION_URL)
    assert "5 code page views remaining" in re.sub(r"<[^>]+>", "", text_of(member))


def test_a_guest_is_sent_from_a_section_to_the_code_and_not_charged(
    client: Client, code: Code, django_assert_num_queries: Callable[[int], Any]
) -> None:
    with django_assert_num_queries(1):  # finds the code; the meter is not asked
        response = client.get(f"{SECTION_URL}?on=2026-05-01")
    assert response.status_code == 302
    assert response["Location"] == f"{URL}?on=2026-05-01#ncci_edits"
    factories.code("33949")
    assert "0 code page views remaining" in re.sub(
        r"<[^>]+>", "", text_of(client, "/codes/cpt/33949/")
    )
    assert "CANARY" not in client.get(SECTION_URL, follow=True).content.decode()


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/codes/cpt/33948/nothing/", 404),
        ("/codes/cpt/00000/ncci-edits/", 404),
        (f"{SECTION_URL}?on=yesterday", 400),
        (f"{SECTION_URL}?page=0", 400),
        (f"{SECTION_URL}?on=2025-10-15&page=1&q=x&locality=10112-00", 200),
    ],
)
def test_bad_choices_are_answered_clearly(
    member: Client, code: Code, path: str, status: int
) -> None:
    response = member.get(path)
    assert response.status_code == status
    assert ("CANARY" in response.content.decode()) is (status == 200)
    assert ViewGrant.objects.count() == (1 if status == 200 else 0)


def test_a_section_that_holds_nothing_has_no_page(member: Client, code: Code) -> None:
    AuthoredText.objects.filter(kind="ncci_edits").delete()
    assert member.get(SECTION_URL).status_code == 404


@pytest.mark.parametrize(("code", "is_said"), [("D9999", True), ("d9999", True), ("J9999", False)])
def test_a_missing_dental_code_is_said_to_be_another_publishers(
    client: Client, code: str, is_said: bool
) -> None:
    factories.system("hcpcs")
    response = client.get(f"/codes/hcpcs/{code}/", follow=True)
    assert response.status_code == 404
    text = response.content.decode()
    assert "HCPCS has no such code." in text
    assert ("Dental codes (D codes) are the American Dental Association" in text) is is_said
