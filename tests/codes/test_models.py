"""What the database refuses, constraint by constraint, and the reads that speak the domain."""

from collections.abc import Callable
from datetime import date
from typing import Any
from uuid import UUID

import pytest
from django.apps import apps
from django.db import IntegrityError, models, transaction
from django.utils import timezone

from codes.authored_texts import AuthoredText
from codes.code_versions import CodeChange, CodeVersion, EditionText, NoteSet
from codes.import_records import NoticeAcceptance
from codes.models import Code, CodeNote, CodeSystem, Release, SeventhCharacter
from codes.models import Successor as SuccessorRow
from tests import factories

pytestmark = pytest.mark.django_db


def licensed_without_copyright() -> None:
    factories.system("cpt", copyright_line="")


def unknown_display_mode() -> None:
    factories.system(display_mode="hidden")


def two_current_releases() -> None:
    factories.release()
    factories.release(is_current=True, label="Another")


def one_file_twice() -> None:
    first = factories.release()
    factories.release(sha256=first.sha256)


def hash_that_is_none() -> None:
    factories.release(sha256="A" * 64)


def one_key_twice_in_a_kind() -> None:
    factories.heading("section", "A00-A09")
    factories.heading("section", "A00-A09")


def one_page_key_twice() -> None:
    factories.heading("category", "A00", display="A00 again")
    factories.code("A00")


def one_page_display_twice() -> None:
    factories.code("A00", kind="category", key="B00")
    factories.code("A00")


def cancelled_and_shown() -> None:
    factories.release(was_cancelled=True)


def unknown_kind() -> None:
    factories.code(kind="page", billable=False)


def billable_chapter() -> None:
    factories.heading("chapter", "1", billable=True)


def ancestors_without_parent() -> None:
    factories.code(ancestors=[1])


def parent_without_ancestors() -> None:
    factories.code(parent=factories.heading("category", "A00"), ancestors=[])


def validity_out_of_order() -> None:
    factories.code(valid_from=date(2026, 1, 2), valid_to=date(2026, 1, 1))


def two_notes_at_one_place() -> None:
    code = factories.code()
    for text in ("one", "two"):
        CodeNote.objects.create(code=code, release=code.release, kind="note", position=1, text=text)


def one_character_twice() -> None:
    code = factories.code()
    for meaning in ("one", "two"):
        SeventhCharacter.objects.create(
            code=code, release=code.release, character="A", meaning=meaning
        )


def one_successor_twice() -> None:
    code, other = factories.code("33960"), factories.code("33946")
    for _ in range(2):
        SuccessorRow.objects.create(code=code, successor=other, release=code.release)


def its_own_successor() -> None:
    code = factories.code()
    SuccessorRow.objects.create(code=code, successor=code, release=code.release)


def text(code: Code | None = None, **fields: Any) -> AuthoredText:
    code = code or factories.code()
    return AuthoredText.objects.create(code=code, kind="plain", markdown="Text", **fields)


def one_text_twice() -> None:
    text(text().code)


def html_without_a_date() -> None:
    text(html="<p>Text</p>")


def date_without_html() -> None:
    text(published_at=timezone.now())


def reviewed_without_a_date() -> None:
    text(status="reviewed")


def published_without_html() -> None:
    text(status="published", reviewed_on=date(2026, 1, 1))


def version(code: Code | None = None, **fields: Any) -> CodeVersion:
    code = code or factories.code()
    values: dict[str, Any] = {
        **{name: getattr(code, name) for name in ("kind", "key", "display", "billable")},
        **{name: getattr(code, name) for name in ("short_descriptor", "long_descriptor")},
        "position": code.position,
    }
    return CodeVersion.objects.create(release=code.release, code=code, **(values | fields))


def one_version_twice() -> None:
    version(version().code)


def version_of_unknown_kind() -> None:
    version(kind="page")


def one_note_set_twice() -> None:
    digest = UUID(int=1)
    code = factories.code()
    for _ in range(2):
        NoteSet.objects.create(code=code, inclusion_terms=["Term"], digest=digest)


def one_edition_text_twice() -> None:
    code = factories.code()
    for _ in range(2):
        EditionText.objects.create(
            release=code.release, code=code, kind="plain", markdown="Text", html="<p>Text</p>"
        )


def change(**fields: Any) -> CodeChange:
    after = version()
    values = {"is_added": True, "is_deleted": False, "is_revised": False, "is_rebilled": False}
    values |= {"release": after.release, "code": after.code, "after": after} | fields
    return CodeChange.objects.create(**values)


def one_change_twice() -> None:
    first = change()
    CodeChange.objects.create(
        release=first.release, code=first.code, after=first.after,
        is_added=True, is_deleted=False, is_revised=False, is_rebilled=False,
    )  # fmt: skip


def change_that_is_none() -> None:
    change(is_added=False)


def change_without_a_side() -> None:
    change(after=None)


def accepted_by_nobody() -> None:
    NoticeAcceptance.objects.create(notice="ama", accepted_by="")


def cpt_without_a_licence() -> None:
    NoticeAcceptance.objects.create(notice="cpt", accepted_by="Anna", licence_holder="Clinic")


def one_notice_accepted_twice() -> None:
    for name in ("Anna", "Berta"):
        NoticeAcceptance.objects.create(notice="ama", accepted_by=name)


def one_licence_twice() -> None:
    whole = {"accepted_by": "Anna", "licence_holder": "Clinic", "licence_number": "1"}
    for _ in range(2):
        NoticeAcceptance.objects.create(**whole, notice="cpt", licence_year=2026)


BREAKERS: list[tuple[str, Callable[[], None]]] = [
    ("codesystem_licensed_has_copyright", licensed_without_copyright),
    ("codesystem_display_mode_known", unknown_display_mode),
    ("release_one_current", two_current_releases),
    ("release_file_once", one_file_twice),
    ("release_sha256_is_hex", hash_that_is_none),
    ("release_cancelled_is_left", cancelled_and_shown),
    ("code_key_once", one_key_twice_in_a_kind),
    ("code_page_key_once", one_page_key_twice),
    ("code_page_display_once", one_page_display_twice),
    ("code_kind_known", unknown_kind),
    ("code_heading_not_billable", billable_chapter),
    ("code_ancestors_with_parent", ancestors_without_parent),
    ("code_ancestors_with_parent", parent_without_ancestors),
    ("code_validity_in_order", validity_out_of_order),
    ("codeversion_once", one_version_twice),
    ("codeversion_kind_known", version_of_unknown_kind),
    ("noteset_once", one_note_set_twice),
    ("editiontext_once", one_edition_text_twice),
    ("codechange_once", one_change_twice),
    ("codechange_is_one", change_that_is_none),
    ("codechange_has_a_side", change_without_a_side),
    ("codenote_position_once", two_notes_at_one_place),
    ("seventhcharacter_once", one_character_twice),
    ("successor_once", one_successor_twice),
    ("successor_is_another_code", its_own_successor),
    ("authoredtext_once", one_text_twice),
    ("authoredtext_html_is_dated", html_without_a_date),
    ("authoredtext_html_is_dated", date_without_html),
    ("authoredtext_reviewed_is_dated", reviewed_without_a_date),
    ("authoredtext_published_has_html", published_without_html),
    ("noticeacceptance_names_somebody", accepted_by_nobody),
    ("noticeacceptance_names_licence", cpt_without_a_licence),
    ("noticeacceptance_once", one_notice_accepted_twice),
    ("noticeacceptance_licence_once", one_licence_twice),
]


MODULES = {
    "codes.models",
    "codes.authored_texts",
    "codes.code_versions",
    "codes.import_records",
    "codes.stored_pages",
}


@pytest.mark.parametrize(("constraint", "breaker"), BREAKERS)
def test_the_database_refuses(constraint: str, breaker: Callable[[], None]) -> None:
    with pytest.raises(IntegrityError, match=f'"{constraint}"'), transaction.atomic():
        breaker()


def test_every_constraint_has_a_test_that_breaks_it() -> None:
    declared = {
        constraint.name
        for model in apps.get_app_config("codes").get_models()
        if model.__module__ in MODULES
        for constraint in model._meta.constraints
    }
    assert declared == {name for name, _ in BREAKERS}


def test_a_section_may_bear_the_key_of_its_category() -> None:
    section = factories.heading("section", "B20")
    factories.heading("category", "B20", parent=section, billable=True)
    assert Code.objects.filter(key="B20").count() == 2


@pytest.mark.parametrize("kind", ["system", "release", "parent"])
def test_what_a_code_rests_on_cannot_be_deleted(kind: str) -> None:
    code = factories.code(parent=factories.heading("category", "A00"))
    with pytest.raises(models.ProtectedError):
        getattr(code, kind).delete()
    assert Code.objects.filter(pk=code.pk).exists()


def test_a_system_that_is_off_is_not_visible() -> None:
    shown = factories.code("33948")
    hidden = factories.code("J96.01", of=factories.system("icd-10-cm", display_mode="off"))
    assert list(CodeSystem.objects.visible()) == [shown.system]
    assert list(Code.objects.visible()) == [shown]
    assert list(Code.objects.at("icd-10-cm", hidden.display)) == []


def test_systems_stand_in_their_printed_order() -> None:
    second, first = factories.system("icd-10-cm"), factories.system("cpt")
    assert list(CodeSystem.objects.visible()) == [first, second]


def test_at_finds_pages_and_node_finds_headings() -> None:
    chapter = factories.heading("chapter", "10", display="Chapter 10")
    code = factories.code("33948", parent=chapter)
    assert list(Code.objects.at("cpt", "33948")) == [code]
    assert list(Code.objects.at("cpt", "Chapter 10")) == []
    assert list(Code.objects.node("cpt", "chapter", "10")) == [chapter]
    assert list(Code.objects.node("cpt", "section", "10")) == []


def test_below_is_everything_under_a_node_in_printed_order() -> None:
    chapter = factories.heading("chapter", "10", position=1)
    category = factories.heading("category", "J96", parent=chapter, position=2)
    last = factories.code("J96.01", parent=category, position=9)
    first = factories.code("J96.00", parent=category, position=3)
    factories.code("A00", position=4)
    assert list(Code.objects.all().below(chapter)) == [category, first, last]


def test_the_current_release_and_the_rise_of_a_system() -> None:
    system = factories.system()
    assert system.current_release() is None
    current = factories.release(system)
    factories.release(system, label="Old")
    assert system.current_release() == current
    assert list(Release.objects.current()) == [current]
    system.invalidate_pages()
    revised = CodeSystem.objects.get(pk=system.pk)
    assert revised.revision == system.revision + 1


def test_published_texts_are_those_the_public_sees() -> None:
    shown = factories.published_text(factories.code("33948"))
    AuthoredText.objects.create(code=factories.code("33949"), kind="plain", markdown="Draft")
    assert list(AuthoredText.objects.published()) == [shown]
