"""Aliases and curated answers: used once they are reviewed, shown as what they are."""

import pytest
from django.db import IntegrityError, transaction

from assistant.engine import guard
from assistant.engine.answer import GUEST
from assistant.engine.entry import answer
from assistant.taught import Alias, CuratedAnswer
from tests import factories
from tests.assistant.askers import MEMBER

pytestmark = pytest.mark.django_db


def test_an_alias_names_a_code_once_it_is_reviewed() -> None:
    code = factories.code("G0439", of=factories.system("hcpcs"))
    alias = Alias(words="AWV subsequent", code=code, source="CMS")
    alias.rewrite(by=None)
    assert not answer("what does awv subsequent pay", MEMBER).subjects
    alias.review(by=factories.staff())
    found = answer("what does awv subsequent pay", MEMBER)
    assert [one.display for one in found.subjects] == ["G0439"]
    assert guard.faults(found) == []


def test_an_alias_names_an_intent() -> None:
    factories.code("99213")
    alias = Alias(words="ker-ching", intent="pays", source="A coder's word")
    alias.rewrite(by=None)
    alias.review(by=factories.staff())
    assert answer("ker-ching 99213", MEMBER).understood["intents"][0] == "pays"  # type: ignore[index]  # a list


def test_a_changed_alias_waits_for_a_new_review() -> None:
    alias = Alias(words="x", means="y", source="s")
    alias.rewrite(by=None)
    alias.review(by=factories.staff())
    alias.means = "z"
    alias.rewrite(by=factories.staff())
    assert not Alias.objects.in_use().exists()


def test_a_curated_answer_shows_its_source_and_review() -> None:
    one = CuratedAnswer(
        title="Incident-to services",
        phrases="incident to\nincident-to rules",
        markdown="The *physician* starts the course of treatment.",
        source="42 CFR 410.26",
    )
    one.rewrite(by=None)
    assert "course of treatment" not in str(answer("What are incident to rules?").statements)
    one.review(by=factories.staff())
    found = answer("What are the incident to rules?", GUEST)
    first = found.statements[0]
    assert "The physician starts the course of treatment." in first.text
    assert "Source: 42 CFR 410.26" in first.text
    assert first.citations[0].table == "assistant_curatedanswer"
    assert guard.faults(found) == []


@pytest.mark.parametrize("words", ["", "Twice"])
def test_the_database_refuses_what_is_no_alias(words: str) -> None:
    Alias.objects.create(words="twice", means="two times", source="s")
    with pytest.raises(IntegrityError), transaction.atomic():
        Alias.objects.create(words=words, means="two times", source="s")


def test_an_alias_stands_for_something() -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Alias.objects.create(words="nothing", source="s")
