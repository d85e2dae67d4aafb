"""The admin of systems, releases and codes, and who gets into any of it."""

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from codes import texts
from codes.authored_texts import AuthoredText
from codes.models import Code, CodeSystem
from tests import factories
from tests.codes.admin_tools import (
    CODES,
    PLAIN,
    SECTIONS,
    body,
    form_of,
    icd,
    publish,
    signed_in,
    staff_with,
)

pytestmark = pytest.mark.django_db

Status = AuthoredText.Status


def test_the_index_gives_each_section_a_name_of_its_own(admin: Client) -> None:
    response = admin.get("/admin/")
    names = [str(app["name"]) for app in response.context["app_list"]]
    assert len(names) == len(set(names))
    assert {"Users and views", "Case2Code", "CasePilot"} <= set(names)
    assert ">API tokens</a>" in body(response)


# --- Who gets in ------------------------------------------------------------------------------


def text_pages(text: AuthoredText) -> list[str]:
    revision = text.revisions.get()
    return [
        PLAIN,
        f"{PLAIN}add/",
        f"{PLAIN}preview/",
        f"{PLAIN}{text.pk}/change/",
        f"{PLAIN}{text.pk}/preview/",
        f"{PLAIN}{text.pk}/history/",
        f"{PLAIN}{text.pk}/history/{revision.pk}/restore/",
        f"{PLAIN}{text.pk}/withdraw/",
        CODES,
        f"{CODES}{text.code_id}/change/",
        f"{CODES}suggest/?term=33948&app_label=codes&model_name=plaindescription&field_name=code",
        "/admin/codes/release/",
        "/admin/codes/codesystem/",
        "/admin/codes/textrevision/",
    ]


@pytest.mark.parametrize("viewer", ["guest", "registered"])
@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_but_staff_gets_in(text: AuthoredText, viewer: str, method: str) -> None:
    client = Client() if viewer == "guest" else signed_in(factories.user())
    for url in text_pages(text):
        response = getattr(client, method)(url)
        assert response.status_code == 302, url
        assert "/login/" in response["Location"], url
        assert b"wording" not in response.content


@pytest.mark.parametrize("method", ["get", "post"])
def test_staff_without_permission_are_refused(text: AuthoredText, method: str) -> None:
    client = staff_with()
    for url in text_pages(text):
        answer = (
            405 if method == "post" and ("/history/" in url[-9:] or "/suggest/" in url) else 403
        )
        assert getattr(client, method)(url).status_code == answer, url


def test_a_reader_sees_but_changes_nothing(text: AuthoredText) -> None:
    client = staff_with("view_plaindescription")
    page = body(client.get(f"{PLAIN}{text.pk}/change/"))
    assert "First **wording**" in page
    assert 'name="_save"' not in page
    assert "<textarea" not in page
    assert client.get(f"{PLAIN}{text.pk}/history/").status_code == 200
    refused = client.post(f"{PLAIN}{text.pk}/change/", form_of(text, "Mine"))
    assert refused.status_code == 403
    assert AuthoredText.objects.get().markdown == "First **wording**"


@pytest.mark.parametrize("button", ["_review", "_publish"])
def test_an_editor_neither_reviews_nor_publishes(text: AuthoredText, button: str) -> None:
    client = staff_with("change_plaindescription", "view_plaindescription")
    page = body(client.get(f"{PLAIN}{text.pk}/change/"))
    assert 'name="_save"' in page
    assert button not in page
    data = form_of(text, "Mine", **{button: "1"})
    assert client.post(f"{PLAIN}{text.pk}/change/", data).status_code == 403
    text.refresh_from_db()
    assert (text.status, text.markdown) == (Status.DRAFT, "First **wording**")


def test_an_editor_does_not_withdraw(text: AuthoredText) -> None:
    publish(text)
    client = staff_with("change_plaindescription")
    assert client.post(f"{PLAIN}{text.pk}/withdraw/").status_code == 403
    assert AuthoredText.objects.get().html


def test_forms_need_a_token(text: AuthoredText) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(factories.staff())
    revision = text.revisions.get()
    for url in ("change", "preview", f"history/{revision.pk}/restore", "withdraw"):
        assert client.post(f"{PLAIN}{text.pk}/{url}/", {"markdown": "x"}).status_code == 403, url


# --- Codes ------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["J96.01", "j9601", " J96.01 ", "j96", "J96.0"])
def test_codes_are_found_by_every_printed_form(admin: Client, typed: str) -> None:
    factories.code("J96.01", of=icd(), short_descriptor="Acute respiratory failure")
    factories.code("33948", short_descriptor="Another")
    page = body(admin.get(CODES, {"q": typed}))
    assert "Acute respiratory failure" in page
    assert "Another" not in page


def test_codes_are_found_with_modifiers_and_prefix(admin: Client) -> None:
    factories.code("99213", short_descriptor="Visit")
    for typed in ("99213-25", "CPT 99213", "9921"):
        assert "Visit" in body(admin.get(CODES, {"q": typed})), typed


def test_codes_are_found_by_beginnings_of_words(admin: Client) -> None:
    found = factories.code("J96.01", of=icd(), short_descriptor="Acute respiratory failure")
    factories.code("J45", of=icd(), short_descriptor="Asthma")
    factories.search_index()
    page = body(admin.get(CODES, {"q": "respir fail"}))
    assert found.short_descriptor in page
    assert "Asthma" not in page
    assert "Asthma" not in body(admin.get(CODES, {"q": "&|!:* ("}))


def test_codes_are_filtered_by_their_description(admin: Client, text: AuthoredText) -> None:
    publish(
        texts.save_draft(
            text=AuthoredText(
                code=factories.code("99213", short_descriptor="Published one"), kind="plain"
            ),
            markdown="x",
            by=None,
        )
    )
    factories.code("99214", short_descriptor="Bare one")
    drafted = text.code.short_descriptor

    def listed(value: str) -> list[bool]:
        page = body(admin.get(CODES, {"description": value}))
        return [words in page for words in ("Published one", drafted, "Bare one")]

    assert listed("published") == [True, False, False]
    assert listed("draft") == [False, True, False]
    assert listed("none") == [False, False, True]


@pytest.mark.parametrize(
    "query",
    [
        "system__id__exact={system}",
        "release__id__exact={release}",
        "kind__exact=code",
        "billable__exact=1",
        "parent__id__exact={parent}",
    ],
)
def test_codes_are_filtered(admin: Client, query: str) -> None:
    parent = factories.heading("category", "J96", of=icd(), short_descriptor="Heading")
    code = factories.code("J96.01", of=icd(), parent=parent, short_descriptor="Wanted")
    factories.heading("section", "S", short_descriptor="Unwanted")
    values = {"system": code.system_id, "release": code.release_id, "parent": parent.pk}
    page = body(admin.get(f"{CODES}?{query.format(**values)}"))
    assert "Wanted" in page
    assert "Unwanted" not in page


def test_imported_codes_are_read_only(admin: Client) -> None:
    code = factories.code("33948", short_descriptor="As printed")
    url = f"{CODES}{code.pk}/change/"
    page = body(admin.get(url))
    assert "As printed" in page
    assert not re.findall(r"<(?:textarea|select|input type=\"(?:text|number|checkbox))", page)
    assert admin.post(url, {"short_descriptor": "Mine"}).status_code == 403
    assert admin.get(f"{CODES}add/").status_code == 403
    assert admin.post(f"{CODES}{code.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Code.objects.get().short_descriptor == "As printed"


def test_a_code_leads_to_its_texts_children_and_public_page(
    admin: Client, text: AuthoredText
) -> None:
    code = text.code
    chapter = factories.heading("category", "J96", of=icd())
    factories.code("J96.01", of=icd(), parent=chapter)

    page = body(admin.get(f"{CODES}{code.pk}/change/"))
    assert f"{PLAIN}{text.pk}/change/" in page
    assert f"{SECTIONS}add/?code={code.pk}&amp;kind=modifiers" in page
    assert 'href="/codes/cpt/33948/"' in page
    above = body(admin.get(f"{CODES}{chapter.pk}/change/"))
    assert f'{CODES}?parent__id__exact={chapter.pk}">1</a>' in above


def test_a_hidden_system_has_no_public_page(admin: Client, text: AuthoredText) -> None:
    CodeSystem.objects.update(display_mode="off")
    for url in (f"{CODES}{text.code_id}/change/", f"{PLAIN}{text.pk}/change/"):
        assert "View on site" not in body(admin.get(url))


def test_suggestions_name_code_and_descriptor(admin: Client) -> None:
    factories.code("33948", short_descriptor="ECMO")
    factories.heading("chapter", "33948X", short_descriptor="No page")
    url = f"{CODES}suggest/?term=339&app_label=codes&model_name=section&field_name=code"
    results = admin.get(url).json()["results"]
    assert [row["text"] for row in results] == ["33948 ECMO (CPT®)"]


# --- Systems and releases ---------------------------------------------------------------------


def test_settings_of_a_system_refresh_its_pages(admin: Client) -> None:
    system = factories.code("33948").system
    admin.get("/codes/cpt/33948/")
    url = f"/admin/codes/codesystem/{system.pk}/change/"
    data = {"display_mode": "full", "is_metered": "on", "copyright_line": "© New line"}
    assert admin.post(url, data | {"name": "Hijacked"}).status_code == 302
    changed = CodeSystem.objects.get()
    assert changed.revision == system.revision + 1
    assert changed.name == "CPT®"
    assert "© New line" in body(admin.get("/codes/cpt/33948/"))


def test_a_licensed_system_keeps_a_copyright_line(admin: Client) -> None:
    system = factories.system("cpt")
    url = f"/admin/codes/codesystem/{system.pk}/change/"
    page = body(admin.post(url, {"display_mode": "full", "copyright_line": "  "}))
    assert "must show its copyright line" in page
    assert CodeSystem.objects.get().copyright_line


def test_systems_and_releases_are_neither_added_nor_removed(admin: Client) -> None:
    release = factories.release()
    for model, pk in (("codesystem", release.system_id), ("release", release.pk)):
        assert admin.get(f"/admin/codes/{model}/add/").status_code == 403
        assert admin.post(f"/admin/codes/{model}/{pk}/delete/").status_code == 403


def test_a_release_tells_where_it_came_from(admin: Client) -> None:
    release = factories.release(row_count=98505)
    factories.code("33948")
    page = body(admin.get(f"/admin/codes/release/{release.pk}/change/"))
    assert release.sha256 in page
    assert "98,505" in page
    assert f'?release__id__exact={release.pk}">1</a>' in page
    assert admin.post(f"/admin/codes/release/{release.pk}/change/").status_code == 403


def test_the_admin_bears_the_name_of_the_site(admin: Client) -> None:
    assert "CasePilot administration" in body(admin.get("/admin/"))


# --- Cost -------------------------------------------------------------------------------------


def make_codes(count: int) -> None:
    for number in range(count):
        code = factories.code(f"9{number:04}")
        factories.published_text(code)
        factories.published_text(code, "modifiers")


def make_plain(count: int) -> None:
    reviewer = factories.staff()
    for number in range(count):
        text = factories.published_text(factories.code(f"9{number:04}"))
        text.release = factories.release()
        text.author = text.reviewer = reviewer
        text.save()


def make_sections(count: int) -> None:
    make_plain(count)
    AuthoredText.objects.update(kind="modifiers")


def make_releases(count: int) -> None:
    for number in range(count):
        factories.release(label=f"Edition {number}", imported_by=factories.staff())


def make_revisions(count: int) -> None:
    make_plain(count)
    for text in AuthoredText.objects.all():
        texts.review(text=text, by=factories.staff())


@pytest.mark.parametrize("rows", [1, 20])
@pytest.mark.parametrize(
    ("url", "make", "queries"),
    [
        (CODES, make_codes, 7),
        (PLAIN, make_plain, 6),
        (SECTIONS, make_sections, 6),
        ("/admin/codes/release/", make_releases, 6),
        ("/admin/codes/textrevision/", make_revisions, 4),
    ],
)
def test_lists_cost_the_same_for_one_row_and_twenty(
    admin: Client,
    django_assert_num_queries: DjangoAssertNumQueries,
    url: str,
    make: Callable[[int], None],
    queries: int,
    rows: int,
) -> None:
    make(rows)
    with django_assert_num_queries(queries):
        assert admin.get(url).status_code == 200
