"""The admin of systems, releases, codes and texts."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.postgres.search import SearchVector
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from codes import texts
from codes.models import AuthoredText, Code, CodeSystem, TextRevision
from tests import factories

pytestmark = pytest.mark.django_db

CODES = "/admin/codes/code/"
PLAIN = "/admin/codes/plaindescription/"
SECTIONS = "/admin/codes/section/"
Status = AuthoredText.Status


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def admin() -> Client:
    return signed_in(factories.staff("anna@example.org"))


@pytest.fixture
def text() -> AuthoredText:
    """Return a draft."""
    new = AuthoredText(code=factories.code("33948"), kind="plain")
    return texts.save_draft(text=new, markdown="First **wording**", by=None)


def staff_with(*permissions: str) -> Client:
    """Return a client of a staff member with just these permissions."""
    user = factories.user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=permissions))
    return signed_in(user)


def publish(text: AuthoredText) -> AuthoredText:
    editor = factories.staff()
    texts.review(text=text, by=editor)
    return texts.publish(text=text, by=editor)


def body(response: Any) -> str:
    content: str = response.content.decode()
    return content


def form_of(text: AuthoredText, markdown: str, **button: str) -> dict[str, str]:
    text.refresh_from_db()
    return {"markdown": markdown, "seen": texts.version_of(text), **button}


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


def icd() -> CodeSystem:
    return factories.system("icd-10-cm", name="ICD-10-CM")


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
    Code.objects.update(search_vector=SearchVector("short_descriptor", config="english"))
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


# --- Writing ----------------------------------------------------------------------------------


def test_a_text_is_added_from_its_code(admin: Client) -> None:
    code = factories.code("33948")
    page = body(admin.get(f"{SECTIONS}add/?code={code.pk}&kind=modifiers"))
    assert f'value="{code.pk}" selected' in page
    assert 'value="modifiers" selected' in page

    data = {"code": code.pk, "kind": "modifiers", "markdown": "New", "_save": "1"}
    response = admin.post(f"{SECTIONS}add/", data)

    text = AuthoredText.objects.get()
    assert response["Location"] == f"{SECTIONS}{text.pk}/change/"
    assert (text.kind, text.markdown, text.status) == ("modifiers", "New", Status.DRAFT)
    assert str(text.author) == "anna@example.org"


def test_a_description_is_added(admin: Client) -> None:
    code = factories.code("33948")
    admin.post(f"{PLAIN}add/", {"code": code.pk, "markdown": "New", "_save": "1"})
    assert AuthoredText.objects.get().kind == "plain"


def test_a_second_text_of_a_kind_is_refused_with_the_way_to_the_first(
    admin: Client, text: AuthoredText
) -> None:
    page = body(admin.post(f"{PLAIN}add/", {"code": text.code_id, "markdown": "Mine <&"}))
    assert f"{PLAIN}{text.pk}/change/" in page
    assert "Mine &lt;&amp;" in page
    assert AuthoredText.objects.get().markdown == "First **wording**"


def test_headings_without_a_page_get_no_text(admin: Client) -> None:
    chapter = factories.heading("chapter", "1")
    assert admin.post(f"{PLAIN}add/", {"code": chapter.pk, "markdown": "x"}).status_code == 200
    assert not AuthoredText.objects.exists()


def test_a_text_goes_from_draft_to_public(admin: Client, text: AuthoredText) -> None:
    url = f"{PLAIN}{text.pk}/change/"
    admin.get("/codes/cpt/33948/")  # the page is stored now
    admin.post(url, form_of(text, "Plain **words**", _save="1"))
    admin.post(url, form_of(text, "Plain **words**", _review="1"))
    text.refresh_from_db()
    assert (text.status, str(text.reviewer)) == (Status.REVIEWED, "anna@example.org")
    assert 'name="_publish"' in body(admin.get(url))

    admin.post(url, form_of(text, "Plain **words**", _publish="1"))

    text.refresh_from_db()
    assert text.status == Status.PUBLISHED
    assert "Plain <strong>words</strong>" in body(admin.get("/codes/cpt/33948/"))


def test_wording_changed_after_its_review_is_kept_but_not_published(
    admin: Client, text: AuthoredText
) -> None:
    texts.review(text=text, by=factories.staff())
    data = form_of(text, "Changed", _publish="1")
    page = body(admin.post(f"{PLAIN}{text.pk}/change/", data, follow=True))
    assert "The wording is saved. Only reviewed wording can be published." in page
    text.refresh_from_db()
    assert (text.markdown, text.status, text.html) == ("Changed", Status.DRAFT, "")


def test_the_second_of_two_editors_is_told_and_loses_nothing(
    admin: Client, text: AuthoredText
) -> None:
    url = f"{PLAIN}{text.pk}/change/"
    late = form_of(text, "His <b>wording</b>", _save="1")
    admin.post(url, form_of(text, "Her wording", _save="1"))

    other = signed_in(factories.staff("ben@example.org"))
    page = body(other.post(url, late))

    assert "anna@example.org saved this text at" in page
    assert "<del>Her</del>" in page
    assert "His &lt;b&gt;wording&lt;/b&gt;</textarea>" in page
    assert AuthoredText.objects.get().markdown == "Her wording"

    seen = re.search(r'name="seen" value="(\w+)"', page)
    assert seen is not None
    other.post(url, late | {"seen": seen[1]})
    assert AuthoredText.objects.get().markdown == "His <b>wording</b>"
    assert text.revisions.filter(markdown="Her wording").exists()


def test_a_form_without_the_mark_of_what_was_seen_is_refused(
    admin: Client, text: AuthoredText
) -> None:
    assert admin.post(f"{PLAIN}{text.pk}/change/", {"markdown": "Mine"}).status_code == 200
    assert AuthoredText.objects.get().markdown == "First **wording**"


def test_texts_are_never_deleted(admin: Client, text: AuthoredText) -> None:
    assert admin.post(f"{PLAIN}{text.pk}/delete/", {"post": "yes"}).status_code == 403
    assert AuthoredText.objects.exists()


def test_a_text_is_withdrawn_after_a_confirmation(admin: Client, text: AuthoredText) -> None:
    publish(text)
    url = f"{PLAIN}{text.pk}/withdraw/"
    assert "no longer see" in body(admin.get(url))
    assert AuthoredText.objects.get().html
    admin.post(url, form_of(text, ""))
    assert AuthoredText.objects.get().html == ""
    assert "wording</strong>" not in body(admin.get("/codes/cpt/33948/"))


def test_a_text_changed_meanwhile_is_not_withdrawn(admin: Client, text: AuthoredText) -> None:
    publish(text)
    data = form_of(text, "")
    texts.save_draft(text=text, markdown="Newer", by=None)
    page = body(admin.post(f"{PLAIN}{text.pk}/withdraw/", data, follow=True))
    assert "Nothing was done" in page
    assert AuthoredText.objects.get().html


def test_texts_to_review_come_first(admin: Client) -> None:
    made: dict[str, AuthoredText] = {}
    for state in ("published", "reviewed", "draft"):
        code = factories.code(f"9921{len(made)}", short_descriptor=f"Text {state}")
        new = AuthoredText(code=code, kind="plain")
        made[state] = texts.save_draft(text=new, markdown="x", by=None)
    texts.review(text=made["reviewed"], by=factories.staff())
    publish(made["published"])
    found = re.findall(r"</strong> Text (\w+)", body(admin.get(PLAIN)))
    assert found == ["draft", "reviewed", "published"]


def test_sections_are_filtered(admin: Client) -> None:
    code = factories.code("99213", short_descriptor="Wanted")
    other = factories.code("J45", of=icd(), short_descriptor="Unwanted")
    texts.save_draft(text=AuthoredText(code=code, kind="modifiers"), markdown="x", by=None)
    texts.save_draft(text=AuthoredText(code=other, kind="crosswalks"), markdown="x", by=None)
    publish(AuthoredText.objects.get(code=other))
    for query in (
        "kind=modifiers",
        "status__exact=draft",
        f"code__system__id__exact={code.system_id}",
    ):
        page = body(admin.get(f"{SECTIONS}?{query}"))
        assert "Wanted" in page, query
        assert "Unwanted" not in page, query


def test_sample_texts_are_marked(admin: Client, text: AuthoredText) -> None:
    release = factories.release(label="Sample", is_sample=True)
    AuthoredText.objects.update(release=release)
    assert "Sample content written for this project." in body(
        admin.get(f"{PLAIN}{text.pk}/change/")
    )
    assert "icon-yes" in body(admin.get(PLAIN))


# --- Preview ----------------------------------------------------------------------------------


def test_preview_shows_what_the_public_will_see(admin: Client, text: AuthoredText) -> None:
    wording = "## Head\n\n**Good** <script>alert(1)</script>\n\n| a | b |\n|---|---|\n| 1 | 2 |"
    page = body(admin.post(f"{PLAIN}{text.pk}/preview/", {"markdown": wording}))
    assert "<script" not in page
    assert AuthoredText.objects.get().markdown == "First **wording**"

    admin.post(f"{PLAIN}{text.pk}/change/", form_of(text, wording, _review="1"))
    admin.post(f"{PLAIN}{text.pk}/change/", form_of(text, wording, _publish="1"))
    public = body(admin.get("/codes/cpt/33948/"))
    part = re.compile(r'<section class="part" id="common-language".*?</section>', re.DOTALL)
    without_review = re.compile(r" Reviewed on [^<]*")
    assert without_review.sub("", part.findall(public)[0]) == part.findall(page)[0]


def test_preview_of_a_section_shows_what_else_it_holds(admin: Client) -> None:
    code = factories.code("J96.01", of=icd())
    code.notes.create(release=code.release, kind="excludes1", position=1, text="a tabular note")
    new = AuthoredText(code=code, kind="guidelines")
    text = texts.save_draft(text=new, markdown="Stored", by=None)
    page = body(admin.get(f"{SECTIONS}{text.pk}/preview/"))
    assert "Stored" in page
    assert "a tabular note" in page


@pytest.mark.parametrize("kind", ["", "guidelines", "modifiers"])
def test_preview_of_a_new_text_needs_no_code(admin: Client, kind: str) -> None:
    response = admin.post(f"{SECTIONS}preview/", {"markdown": "*New*", "kind": kind, "code": ""})
    assert "<em>New</em>" in body(response)
    assert admin.get(f"{PLAIN}preview/").status_code == 200


def test_preview_refuses_too_much(admin: Client, text: AuthoredText) -> None:
    response = admin.post(f"{PLAIN}{text.pk}/preview/", {"markdown": "x" * 50_001})
    assert response.status_code == 400
    assert "at most 50000 characters" in body(response)


def test_only_the_preview_may_be_framed_and_only_here(admin: Client, text: AuthoredText) -> None:
    preview = admin.get(f"{PLAIN}{text.pk}/preview/")
    assert preview["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in preview["Content-Security-Policy"]
    form = admin.get(f"{PLAIN}{text.pk}/change/")
    assert form["X-Frame-Options"] == "DENY"
    assert "frame-ancestors 'none'" in form["Content-Security-Policy"]
    assert "frame-src 'self'" in form["Content-Security-Policy"]


# --- History ----------------------------------------------------------------------------------


def test_history_tells_each_step_and_compares(admin: Client, text: AuthoredText) -> None:
    publish(text)
    texts.withdraw(text=text, by=factories.staff("cleo@example.org"))
    texts.save_draft(text=text, markdown="Second **wording**", by=None)
    page = body(admin.get(f"{PLAIN}{text.pk}/history/"))
    steps = re.findall(
        r"<td>(written|changed|reviewed|published|withdrawn)</td>\s*<td>\w+</td>", page
    )
    assert steps == ["changed", "withdrawn", "published", "reviewed", "written"]
    assert "<del>First</del><ins>Second</ins> **wording**" in page
    assert "cleo@example.org" in page


def test_any_two_revisions_are_compared(admin: Client, text: AuthoredText) -> None:
    for wording in ("Two", "Three"):
        texts.save_draft(text=text, markdown=wording, by=None)
    old, _, new = text.revisions.order_by("pk")
    url = f"{PLAIN}{text.pk}/history/"
    for query in ({"old": old.pk, "new": new.pk}, {"old": new.pk, "new": old.pk}):
        assert "<del>First **wording**</del><ins>Three</ins>" in body(admin.get(url, query))


def test_revisions_of_other_texts_are_not_shown(admin: Client, text: AuthoredText) -> None:
    new = AuthoredText(code=factories.code("99213"), kind="plain")
    other = texts.save_draft(text=new, markdown="Elsewhere", by=None)
    mine, foreign = text.revisions.get(), other.revisions.get()
    url = f"{PLAIN}{text.pk}/history/"
    for query in ({"old": mine.pk, "new": foreign.pk}, {"old": mine.pk}, {"old": "x", "new": "y"}):
        assert admin.get(url, query).status_code == 404
    assert admin.get(f"{url}{foreign.pk}/restore/").status_code == 404
    assert admin.post(f"{url}{foreign.pk}/restore/").status_code == 404
    assert admin.get(f"{SECTIONS}{text.pk}/history/").status_code == 404
    assert admin.get(f"{PLAIN}x/history/").status_code == 404


def test_an_earlier_wording_is_restored_after_a_confirmation(
    admin: Client, text: AuthoredText
) -> None:
    first = text.revisions.get()
    texts.save_draft(text=text, markdown="Worse", by=None)
    url = f"{PLAIN}{text.pk}/history/{first.pk}/restore/"
    assert "<ins>First **wording**</ins>" in body(admin.get(url))
    assert AuthoredText.objects.get().markdown == "Worse"

    response = admin.post(url, form_of(text, ""))

    assert response["Location"] == f"{PLAIN}{text.pk}/change/"
    assert AuthoredText.objects.get().markdown == "First **wording**"
    assert text.revisions.count() == 3


def test_nothing_is_restored_over_what_nobody_saw(admin: Client, text: AuthoredText) -> None:
    first = text.revisions.get()
    data = form_of(text, "")
    texts.save_draft(text=text, markdown="Newer", by=None)
    admin.post(f"{PLAIN}{text.pk}/history/{first.pk}/restore/", data)
    assert AuthoredText.objects.get().markdown == "Newer"


def test_revisions_are_read_only(admin: Client, text: AuthoredText) -> None:
    url = f"/admin/codes/textrevision/{text.revisions.get().pk}/change/"
    assert "First **wording**" in body(admin.get(url))
    assert admin.post(url, {"markdown": "x"}).status_code == 403
    assert TextRevision.objects.get().markdown == "First **wording**"


def test_history_comes_in_pages(admin: Client, text: AuthoredText) -> None:
    for number in range(60):
        texts.save_draft(text=text, markdown=f"Wording {number}", by=None)
    page = body(admin.get(f"{PLAIN}{text.pk}/history/", {"p": 2}))
    assert "Page 2 of 2" in page
    assert page.count('name="old"') == 11


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
        ("/admin/codes/release/", make_releases, 5),
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


@pytest.mark.parametrize("rows", [1, 20])
def test_history_costs_the_same_for_one_row_and_twenty(
    admin: Client,
    text: AuthoredText,
    django_assert_num_queries: DjangoAssertNumQueries,
    rows: int,
) -> None:
    for number in range(rows):
        texts.save_draft(text=text, markdown=f"{number}", by=factories.staff())
    with django_assert_num_queries(8):
        admin.get(reverse("admin:codes_plaindescription_history", args=[text.pk]))
