"""Synonyms and index entries in the database: what cannot be, what is kept, what is counted."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from codes import synonyms
from codes.terms import IndexTerm, Synonym, SynonymRevision, TermsRevision
from tests import factories

pytestmark = pytest.mark.django_db


def synonym(**fields: Any) -> Synonym:
    """Return a new synonym, not stored yet."""
    values = {"kind": "abbreviation", "text": "MI", "means": "myocardial infarction"}
    return Synonym(**(values | {"source": "A test"} | fields))


def save(one: Synonym) -> bool:
    return synonyms.save(synonym=one, by=factories.staff())


# --- Constraints ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("fields", "constraint"),
    [
        ({"kind": "joke"}, "synonym_kind_known"),
        ({"text": ""}, "synonym_text_is_trimmed"),
        ({"text": " MI"}, "synonym_text_is_trimmed"),
        ({"means": " "}, "synonym_means_something"),
        ({"means": "mi"}, "synonym_means_another"),
        ({"kind": "main_term"}, "synonym_main_term_has_code"),
        ({"rank": 0}, "synonym_rank_from_one"),
        ({"source": ""}, "synonym_has_source"),
    ],
)
def test_the_database_refuses(fields: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        save(synonym(**fields))


def test_one_meaning_stands_once() -> None:
    save(synonym())
    with pytest.raises(IntegrityError, match="synonym_once"), transaction.atomic():
        save(synonym(text="mi", means="Myocardial Infarction"))
    save(synonym(means="mitral insufficiency"))
    save(synonym(code=factories.code("I21.9")))
    assert Synonym.objects.count() == 3


def test_a_row_of_the_files_stands_once() -> None:
    save(synonym(fixture_key="a"))
    with pytest.raises(IntegrityError, match="synonym_fixture_once"):
        save(synonym(means="mitral insufficiency", fixture_key="a"))


def test_a_name_of_a_code_needs_no_other_words() -> None:
    code = factories.code("I10")
    assert save(synonym(kind="main_term", text="Hypertension", means="", code=code))


def test_the_number_of_changes_is_one_row() -> None:
    with pytest.raises(IntegrityError, match="termsrevision_is_one_row"):
        TermsRevision.objects.create(id=2, number=1)


def test_an_entry_of_an_index_stands_once_in_an_edition() -> None:
    values = {"release": factories.edition("icd-10-cm-index"), "code": factories.code("I10")}
    IndexTerm.objects.create(text="Hypertension", line=1, **values)
    with pytest.raises(IntegrityError, match="indexterm_once"), transaction.atomic():
        IndexTerm.objects.create(text="Hypertension", line=2, **values)
    with pytest.raises(IntegrityError, match="indexterm_has_text"):
        IndexTerm.objects.create(text=" ", line=3, **values)


# --- Writing -------------------------------------------------------------------------------------


def test_every_change_is_kept_and_counted() -> None:
    anna = factories.staff()
    one = synonym()
    assert TermsRevision.current() == 0
    assert synonyms.save(synonym=one, by=anna)
    assert TermsRevision.current() == 1
    one.means = "mitral insufficiency"
    assert synonyms.save(synonym=one, by=None)
    assert TermsRevision.current() == 2
    newest, oldest = SynonymRevision.objects.all()
    assert (newest.means, newest.saved_by) == ("mitral insufficiency", None)
    assert (oldest.means, oldest.saved_by) == ("myocardial infarction", anna)
    assert newest.saved_at == one.changed_at


def test_saving_the_same_again_changes_nothing() -> None:
    one = synonym()
    save(one)
    assert not save(one)
    assert (TermsRevision.current(), SynonymRevision.objects.count()) == (1, 1)


def test_rows_are_set_inactive_together() -> None:
    for means in ("myocardial infarction", "mitral insufficiency"):
        save(synonym(means=means))
    save(synonym(text="MS", means="multiple sclerosis", is_active=False))
    everything = Synonym.objects.all()
    changed = synonyms.set_active(synonyms=everything, is_active=False, by=factories.staff())
    assert changed == 2
    assert not Synonym.objects.active().exists()
    assert (TermsRevision.current(), SynonymRevision.objects.count()) == (4, 5)
    assert synonyms.set_active(synonyms=everything, is_active=False, by=None) == 0
    assert TermsRevision.current() == 4


def test_a_refused_change_is_not_counted() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        save(synonym(means=""))
    assert (TermsRevision.current(), SynonymRevision.objects.count()) == (0, 0)
