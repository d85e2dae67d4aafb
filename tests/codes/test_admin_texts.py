"""Writing, reviewing, publishing and restoring texts in the admin."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from codes import texts
from codes.authored_texts import AuthoredText, TextRevision
from tests import factories
from tests.codes.admin_tools import (
    PLAIN,
    SECTIONS,
    body,
    form_of,
    icd,
    publish,
    signed_in,
)

pytestmark = pytest.mark.django_db

Status = AuthoredText.Status


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
    assert "<strong>33948" in body(admin.get(f"{PLAIN}?origin=sample"))
    assert ">sample</td>" in body(admin.get(PLAIN))
    assert "<strong>33948" not in body(admin.get(f"{PLAIN}?origin=own"))


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
        admin.get(f"{PLAIN}{text.pk}/history/")
