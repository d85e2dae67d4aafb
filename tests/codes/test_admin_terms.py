"""The admin of field knowledge: list, edit, history, inactive, and who may."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from codes import synonyms
from codes.models import Code
from codes.search import search, store
from codes.terms import IndexTerm, Synonym, SynonymRevision, TermsRevision
from tests import factories
from tests.codes.admin_tools import body, icd, signed_in, staff_with

pytestmark = pytest.mark.django_db

LIST = "/admin/codes/synonym/"
INDEX = "/admin/codes/indexterm/"


def stored(**fields: Any) -> Synonym:
    values = {"kind": "abbreviation", "text": "MI", "means": "myocardial infarction"}
    one = Synonym(**(values | {"source": "A test"} | fields))
    synonyms.save(synonym=one, by=None)
    return one


@pytest.fixture
def synonym() -> Synonym:
    return stored()


def index_term() -> IndexTerm:
    return IndexTerm.objects.create(
        release=factories.edition("icd-10-cm-index"),
        code=factories.code("I21.9", of=icd()),
        text="Infarct, myocardium",
        line=1,
    )


def form_of(one: Synonym | None = None, **fields: Any) -> dict[str, Any]:
    """Return what the form sends."""
    shown: dict[str, Any] = {"kind": "lay_word", "text": "hives", "means": "urticaria", "rank": 1}
    shown |= {"source": "Anna", "code": "", "is_active": "on"}
    if one is not None:
        names = ("kind", "text", "means", "rank", "source")
        shown |= {name: getattr(one, name) for name in names} | {"code": one.code_id or ""}
    return {name: value for name, value in (shown | fields).items() if value is not None}


def pages_of(one: Synonym) -> list[str]:
    return [LIST, f"{LIST}add/", f"{LIST}{one.pk}/change/", f"{LIST}{one.pk}/history/", INDEX]


# --- Who gets in ---------------------------------------------------------------------------------


@pytest.mark.parametrize("method", ["get", "post"])
def test_only_staff_with_permission_get_in(synonym: Synonym, method: str) -> None:
    for url in pages_of(synonym):
        for client in (Client(), signed_in(factories.user())):
            response = getattr(client, method)(url)
            assert (response.status_code, "/login/" in response["Location"]) == (302, True)
        assert getattr(staff_with(), method)(url).status_code == 403
    assert SynonymRevision.objects.count() == 1


def test_who_may_look_may_not_change(synonym: Synonym) -> None:
    client = staff_with("view_synonym", "view_indexterm")
    term = index_term()
    for url in (LIST, f"{LIST}{synonym.pk}/change/", f"{LIST}{synonym.pk}/history/", INDEX):
        assert client.get(url).status_code == 200
    assert client.get(f"{INDEX}{term.pk}/change/").status_code == 200
    sent = form_of(synonym, means="mitral insufficiency")
    assert client.post(f"{LIST}{synonym.pk}/change/", sent).status_code == 403
    assert "set_inactive" not in body(client.get(LIST))


def test_nothing_is_deleted(admin: Client, synonym: Synonym) -> None:
    assert admin.post(f"{LIST}{synonym.pk}/delete/", {"post": "yes"}).status_code == 403
    assert admin.post(f"{INDEX}{index_term().pk}/delete/").status_code == 403
    assert admin.post(f"{INDEX}add/").status_code == 403


@pytest.mark.parametrize("pk", ["999999", "x", "9" * 30])
def test_a_history_that_is_not_there_is_404(admin: Client, pk: str) -> None:
    assert admin.get(f"{LIST}{pk}/history/").status_code == 404


# --- List ----------------------------------------------------------------------------------------


def test_the_list_is_searched_and_filtered(admin: Client, synonym: Synonym) -> None:
    stored(kind="lay_word", text="hives", means="urticaria", is_active=False)
    main = {"kind": "main_term", "text": "Hypertension", "means": ""}
    stored(**main, code=factories.code("I10", of=icd()))
    assert "urticaria" in body(admin.get(f"{LIST}?q=hives"))
    assert "urticaria" not in body(admin.get(f"{LIST}?q=myocardial"))
    assert "Hypertension" in body(admin.get(f"{LIST}?q=I10"))
    assert "urticaria" not in body(admin.get(f"{LIST}?is_active__exact=1"))
    assert "urticaria" in body(admin.get(f"{LIST}?kind__exact=lay_word"))


@pytest.mark.parametrize("url", [LIST, INDEX])
def test_lists_cost_the_same_for_one_and_for_twenty_rows(
    admin: Client, url: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    code, release = factories.code("I21.9", of=icd()), factories.edition("icd-10-cm-index")
    for number in range(20):
        stored(text=f"MI{number}", code=code)
        IndexTerm.objects.create(release=release, code=code, text=f"Entry {number}", line=number)
    with django_assert_max_num_queries(9):
        assert admin.get(url).status_code == 200


# --- Edit ----------------------------------------------------------------------------------------


def test_a_synonym_is_written(admin: Client) -> None:
    code = factories.code("L50.9", of=icd())
    response = admin.post(f"{LIST}add/", form_of(code=code.pk, text=" my  hives "))
    assert response.status_code == 302
    one = Synonym.objects.get()
    assert (one.text, one.means, one.code, one.source) == ("my hives", "urticaria", code, "Anna")
    assert (one.is_edited, one.is_active, one.fixture_key) == (True, True, "")
    revision = one.revisions.get()
    assert revision.saved_by is not None
    assert (revision.saved_by.email, revision.text) == ("anna@example.org", "my hives")
    assert TermsRevision.current() == 1


def test_an_edit_keeps_its_history_and_is_counted(admin: Client, synonym: Synonym) -> None:
    before = TermsRevision.current()
    sent = form_of(synonym, means="mitral insufficiency", rank=2)
    assert admin.post(f"{LIST}{synonym.pk}/change/", sent).status_code == 302
    synonym.refresh_from_db()
    assert (synonym.means, synonym.rank, synonym.is_edited) == ("mitral insufficiency", 2, True)
    assert TermsRevision.current() == before + 1
    page = body(admin.get(f"{LIST}{synonym.pk}/history/"))
    assert "changed: means, rank" in page
    assert "first state" in page
    assert "loaded, or a deleted account" in page
    assert "anna@example.org" in page
    assert "myocardial infarction" in page


def test_an_edit_that_changes_nothing_is_not_counted(admin: Client, synonym: Synonym) -> None:
    before = TermsRevision.current()
    assert admin.post(f"{LIST}{synonym.pk}/change/", form_of(synonym)).status_code == 302
    assert (TermsRevision.current(), synonym.revisions.count()) == (before, 1)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text": ""}, "This field is required."),
        ({"means": ""}, "Say what it means, or which code it is a name of."),
        ({"means": "Hives"}, "It means other words than the text itself."),
        ({"kind": "main_term"}, "A main term needs its code."),
        ({"kind": "joke"}, "Select a valid choice."),
        ({"source": " "}, "This field is required."),
        ({"rank": -1}, "Ensure this value is greater than or equal to 0."),
        ({"code": "999999"}, "Select a valid choice."),
        ({"kind": "abbreviation", "text": "mi", "means": "Myocardial Infarction"}, "already."),
    ],
)
def test_what_the_database_would_refuse_is_told_in_the_form(
    admin: Client, synonym: Synonym, fields: dict[str, Any], message: str
) -> None:
    response = admin.post(f"{LIST}add/", form_of(**fields))
    assert response.status_code == 200
    assert message in body(response)
    assert Synonym.objects.count() == 1


def test_chosen_rows_are_set_inactive_and_active(admin: Client, synonym: Synonym) -> None:
    other = stored(text="MS", means="multiple sclerosis")
    sent = {"action": "set_inactive", "_selected_action": [synonym.pk, other.pk]}
    assert "2 are inactive now." in body(admin.post(LIST, sent, follow=True))
    assert not Synonym.objects.active().exists()
    sent = {"action": "set_active", "_selected_action": [other.pk]}
    assert "1 is active now." in body(admin.post(LIST, sent, follow=True))
    assert [one.text for one in Synonym.objects.active()] == ["MS"]
    assert other.revisions.count() == 3


def test_the_form_shows_what_a_search_finds(admin: Client) -> None:
    words = "Acute myocardial infarction"
    code = factories.code("I21.9", of=icd(), short_descriptor=words, long_descriptor=words)
    store.rebuild([code.system])
    one = stored(means="acute myocardial infarction")
    page = body(admin.get(f"{LIST}{one.pk}/change/"))
    assert "What a search for it finds now" in page
    assert f'href="{code.get_absolute_url()}"' in page
    assert "Nothing." in body(admin.get(f"{LIST}{stored(text='qqzz', means='xxqq').pk}/change/"))
    assert "Save it first." in body(admin.get(f"{LIST}add/"))


def test_an_edit_has_its_effect_at_the_next_search(admin: Client) -> None:
    names = {"long_descriptor": "Acute myocardial infarction, unspecified"}
    code = factories.code("I21.9", of=icd(), **names)
    store.rebuild([code.system])
    assert not search("zzq").hits
    sent = form_of(text="zzq", means="myocardial infarction", kind="abbreviation")
    assert admin.post(f"{LIST}add/", sent).status_code == 302
    (hit,) = search("zzq").hits
    assert (hit.code_id, hit.readings) == (code.pk, ("zzq: myocardial infarction",))
    admin.post(LIST, {"action": "set_inactive", "_selected_action": [Synonym.objects.get().pk]})
    assert not search("zzq").hits


def test_codes_are_suggested_for_the_field(admin: Client) -> None:
    factories.code("I21.9", of=icd())
    query = "term=I21&app_label=codes&model_name=synonym&field_name=code"
    found = admin.get(f"/admin/codes/code/suggest/?{query}").json()["results"]
    assert [row["id"] for row in found] == [str(Code.objects.get().pk)]
