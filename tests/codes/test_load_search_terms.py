"""``manage.py load_search_terms``: first, again, edited, withdrawn, without its codes, refused."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from codes import synonyms
from codes.search import search
from codes.terms import Synonym, SynonymRevision, TermsRevision
from tests import factories

pytestmark = pytest.mark.django_db

FIRST = """kind = "lay_word"
source = "A test"
system = "icd-10-cm"
[terms]
"heart attack" = {means = "myocardial infarction", code = "I21.9"}
"hives" = "urticaria"
[codes]
"lockjaw" = "A35"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "lay.toml").write_text(FIRST)
    return tmp_path


@pytest.fixture
def _codes() -> None:
    icd = factories.system("icd-10-cm")
    factories.code("I21.9", of=icd)
    factories.code("A35", of=icd)


def load(folder: Path) -> str:
    out = StringIO()
    call_command("load_search_terms", folder=folder, stdout=out, stderr=StringIO())
    return out.getvalue()


def change(folder: Path, old: str, new: str) -> None:
    path = folder / "lay.toml"
    assert old in path.read_text()
    path.write_text(path.read_text().replace(old, new))


def found(text: str) -> Synonym:
    return Synonym.objects.get(text=text)


@pytest.mark.usefixtures("_codes")
def test_rows_are_loaded_with_their_codes_and_a_first_revision(folder: Path) -> None:
    assert "3 new, 0 changed, 0 set inactive, 0 as before" in load(folder)
    attack = found("heart attack")
    assert attack.code is not None
    assert (attack.kind, attack.means, attack.code.display) == (
        "lay_word",
        "myocardial infarction",
        "I21.9",
    )
    assert (attack.source, attack.is_active, attack.is_edited) == ("A test", True, False)
    assert SynonymRevision.objects.count() == 3
    assert TermsRevision.current() == 1


@pytest.mark.usefixtures("_codes")
def test_names_of_codes_are_in_the_search_index_at_once(folder: Path) -> None:
    load(folder)
    (hit,) = search("attack of the heart").hits
    assert (hit.code_id, hit.term) == (found("heart attack").code_id, "heart attack")
    change(folder, '"heart attack" = {', '"quokka" = {')
    load(folder)
    assert not search("attack of the heart").hits


@pytest.mark.usefixtures("_codes")
def test_the_same_files_again_do_nothing(folder: Path) -> None:
    load(folder)
    assert "0 new, 0 changed, 0 set inactive, 3 as before" in load(folder)
    assert (SynonymRevision.objects.count(), TermsRevision.current()) == (3, 1)


@pytest.mark.usefixtures("_codes")
def test_changes_of_the_files_are_followed(folder: Path) -> None:
    load(folder)
    change(folder, '"hives" = "urticaria"', '"hives" = ["urticaria", "nettle rash"]')
    change(folder, '"lockjaw" = "A35"', "")
    change(folder, "A test", "Another test")
    assert "1 new, 2 changed, 1 set inactive, 0 as before" in load(folder)
    assert not found("lockjaw").is_active
    assert found("heart attack").source == "Another test"
    assert TermsRevision.current() == 2
    change(folder, "[codes]", '[codes]\n"lockjaw" = "A35"')
    load(folder)
    assert found("lockjaw").is_active


@pytest.mark.usefixtures("_codes")
def test_what_an_editor_has_changed_stays(folder: Path) -> None:
    load(folder)
    hives = found("hives")
    hives.means = "nettle rash"
    synonyms.save(synonym=hives, by=factories.staff())
    change(folder, "A test", "Another test")
    assert "1 kept as edited" in load(folder)
    hives.refresh_from_db()
    assert (hives.means, hives.source) == ("nettle rash", "A test")
    assert Synonym.objects.count() == 3


@pytest.mark.usefixtures("_codes")
def test_an_edit_stays_when_its_editor_is_gone(folder: Path) -> None:
    load(folder)
    hives, editor = found("hives"), factories.staff()
    hives.is_active = False
    synonyms.save(synonym=hives, by=editor)
    editor.delete()
    load(folder)
    assert not found("hives").is_active


@pytest.mark.usefixtures("_codes")
def test_another_code_in_the_files_is_a_change(folder: Path) -> None:
    load(folder)
    factories.code("A34", of=factories.system("icd-10-cm"))
    attack = found("heart attack")
    attack.is_active = False
    synonyms.save(synonym=attack, by=factories.staff())
    change(folder, '"A35"', '"A34"')
    change(folder, '"I21.9"', '"A34"')
    assert "0 new, 1 changed, 0 set inactive, 1 as before, 1 kept as edited" in load(folder)
    lockjaw = found("lockjaw")
    assert lockjaw.code is not None
    assert (lockjaw.code.display, lockjaw.revisions.count()) == ("A34", 2)
    assert not found("heart attack").is_active


@pytest.mark.usefixtures("_codes")
def test_a_row_stored_under_another_key_is_known_by_what_it_says(folder: Path) -> None:
    load(folder)
    Synonym.objects.filter(text="hives").update(fixture_key="an older form")
    assert "0 new, 1 changed, 0 set inactive, 2 as before" in load(folder)
    assert found("hives").fixture_key == "lay_word|hives|urticaria|"


@pytest.mark.usefixtures("_codes")
def test_what_an_editor_wrote_first_is_not_written_again(folder: Path) -> None:
    own = Synonym(kind="lay_word", text="Hives", means="Urticaria", source="Anna")
    synonyms.save(synonym=own, by=factories.staff())
    assert "2 new" in load(folder)
    assert Synonym.objects.filter(text__iexact="hives").count() == 1


def test_codes_that_are_not_loaded_are_named_and_found_later(folder: Path) -> None:
    told = load(folder)
    assert "2 new" in told
    assert "2 name a code that is not loaded:\n  heart attack: I21.9\n  lockjaw: A35\n" in told
    assert found("heart attack").code is None
    icd = factories.system("icd-10-cm")
    factories.code("I21.9", of=icd)
    factories.code("A35", of=icd)
    assert "1 new, 1 changed, 0 set inactive, 1 as before" in load(folder)
    attack = found("heart attack")
    assert attack.code is not None
    assert attack.code.display == "I21.9"


def test_a_fault_loads_nothing(folder: Path) -> None:
    change(folder, '"hives" = "urticaria"', '"hives" = "hives"')
    with pytest.raises(CommandError, match="“hives”: means itself"):
        load(folder)
    assert not Synonym.objects.exists()


def test_the_real_files_are_loaded() -> None:
    out = StringIO()
    call_command("load_search_terms", stdout=out)
    assert Synonym.objects.active().filter(text="HTN", means="hypertension").exists()
    assert "name a code that is not loaded" in out.getvalue()
    assert "… and" in out.getvalue()
