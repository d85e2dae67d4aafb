"""Answers as of a day: names, notes, terms and 7th characters of the edition then in force."""

import pytest

from assistant.engine import guard
from assistant.engine.answer import Answer, Asker, CodeRef
from assistant.engine.entry import answer
from codes.metering import Access
from codes.models import Code, CodeSystem, Release
from tests.assistant.askers import LOCKED, MEMBER
from tests.codes.import_tools import import_two_editions

pytestmark = pytest.mark.django_db

OLD, NEW, BEFORE = "2025-12-01", "2026-05-01", "2019-01-01"


@pytest.fixture(autouse=True)
def editions() -> None:
    """Load October 2025 and April 2026, the two hand-made editions."""
    import_two_editions()


def said(found: Answer) -> str:
    """Return the whole answer, which holds no more than its facts prove."""
    assert guard.faults(found) == []
    return "\n".join(statement.text for statement in found.statements)


def test_notes_are_those_of_the_edition_then_in_force() -> None:
    old = said(answer(f"guidelines for A00.0 on {OLD}", MEMBER))
    assert "Second note" in old
    assert "Second note, reworded" not in old
    assert "in the edition October 2025" in old
    new = said(answer(f"guidelines for A00.0 on {NEW}", MEMBER))
    assert "Second note, reworded" in new


def test_notes_cite_rows_of_that_edition() -> None:
    found = answer(f"guidelines for A00.0 on {OLD}", MEMBER)
    notes = [fact for fact in found.facts if fact.kind.startswith("note.")]
    assert notes
    for fact in notes:
        first = fact.citations[0]
        assert first.table == "codes_codeversion"
        assert first.row > 0
        assert first.edition is not None
        assert first.edition.label == "October 2025"


def test_terms_and_characters_too() -> None:
    old = said(answer(f"what is A00.0 on {OLD}", MEMBER))
    assert "Classical cholera" in old
    assert "Asiatic cholera" not in old
    assert "Asiatic cholera" in said(answer(f"what is A00.0 on {NEW}", MEMBER))
    old = said(answer(f"7th characters of S52.0X1A on {OLD}", MEMBER))
    assert "in the edition October 2025" in old
    assert "; B " in old.partition("7th characters of")[2]
    assert "; B " not in said(answer("7th characters of S52.0X1A", MEMBER))


def test_a_name_that_was_another() -> None:
    old = said(answer(f"is A00.9 valid on {OLD}", MEMBER))
    assert "It was named then: Cholera, unspecified." in old
    assert "named then" not in said(answer(f"is A00.9 valid on {NEW}", MEMBER))


def test_another_day_of_the_same_message_has_its_own() -> None:
    found = answer(f"guidelines for A00.0 on {OLD}? And guidelines for A00.0 on {NEW}?", MEMBER)
    parts = ["\n".join(one.text for one in found.statements if one.part == part) for part in (0, 1)]
    assert "Second note, reworded" not in parts[0]
    assert "Second note, reworded" in parts[1]


@pytest.mark.parametrize("day", [OLD, BEFORE])
def test_notes_that_are_not_held_are_said_to_be_todays(day: str) -> None:
    Release.objects.filter(label="October 2025").update(is_whole=False)
    found = answer(f"guidelines for A00.0 on {day}", MEMBER)
    assert "are not held here; those that are told are of the edition April 2026" in (
        found.statements[0].text
    )
    assert "Second note, reworded" in said(found)


def test_nothing_gated_for_who_has_not_opened_it() -> None:
    for asker in (LOCKED, Asker(is_registered=False, unlock=_described)):
        text = repr(answer(f"guidelines for A00.0 on {OLD}", asker))
        assert "Second note" not in text
    assert "Classical cholera" not in repr(answer(f"what is A00.0 on {OLD}", LOCKED))
    described = Asker(is_registered=False, unlock=_described)
    assert "Classical cholera" in repr(answer(f"what is A00.0 on {OLD}", described))


def _described(codes: object) -> dict[int, Access]:
    refs: list[CodeRef] = list(codes)  # type: ignore[call-overload]  # a sequence of them
    return {ref.code_id: Access.DESCRIBED for ref in refs if ref.code_id}


def test_the_licence_of_another_edition() -> None:
    CodeSystem.objects.update(display_mode="codes_only")
    text = repr(answer(f"guidelines and description of A00.0 on {OLD}", MEMBER))
    for words in ("Second note", "Classical cholera", "Cholera"):
        assert words not in text


def test_two_diagnoses_on_a_day() -> None:
    first, second = Code.objects.filter(system__slug="icd-10-cm", billable=True)[:2]
    question = f"can {first.display} and {second.display} be coded together on {OLD}"
    assert "October 2025" in said(answer(question, MEMBER))
