"""MS-DRGs: the groups whose logic uses a code, and groups by number, title and day."""

import pytest

from assistant.engine import guard
from assistant.engine.answer import GUEST, Answer, Outcome, Reason
from assistant.engine.entry import answer
from tests import factories
from tests.assistant.askers import LOCKED, MEMBER

pytestmark = pytest.mark.django_db

CLAIM = "The group of a stay follows from the whole claim"


@pytest.fixture
def _heart(db: None) -> None:
    """Load a diagnosis, a procedure, and groups whose logic uses both."""
    factories.code("I50.9", of=factories.system("icd-10-cm"), short_descriptor="Heart failure")
    factories.code("E11.9", of=factories.system("icd-10-cm"), short_descriptor="Diabetes")
    factories.code("02HA0QZ", of=factories.system("icd-10-pcs"), short_descriptor="Assist system")
    factories.drg("291", title="HEART FAILURE AND SHOCK WITH MCC", weight="1.2683")
    factories.drg("292", title="HEART FAILURE AND SHOCK WITH CC")
    factories.drg_logic("I509", "291-293", mdc="05")
    factories.drg_logic("02HA0QZ", "001-002", category="Heart assist systems", mdc="PRE")


def said(found: Answer) -> str:
    """Return the whole answer, which holds no more than its facts prove."""
    assert guard.faults(found) == []
    return " ".join(statement.text for statement in found.statements)


@pytest.mark.usefixtures("_heart")
class TestOfACode:
    """Which groups use it, never "its group"."""

    @pytest.mark.parametrize(
        "question",
        [
            "which DRG does I50.9 group to",
            "MS-DRG for I50.9",
            "I50.9 DRG?",
            "What DRGs is I50.9 used in?",
        ],
    )
    def test_leads_the_answer_with_its_rows_and_the_caveat(self, question: str) -> None:
        found = answer(question, MEMBER)
        first = found.statements[0]
        assert found.outcome is Outcome.ANSWERED
        assert "in the logic of MS-DRG 291–293 (MDC 05 Circulatory system)" in first.text
        assert "291 HEART FAILURE AND SHOCK WITH MCC (weight 1.2683)" in first.text
        assert "not whether as the principal or as a secondary one" in first.text
        assert CLAIM in first.text
        tables = {one.table for one in first.citations}
        assert tables == {"codes_drglogic", "codes_drgtitle"}
        assert guard.faults(found) == []

    def test_of_a_procedure_names_its_class(self) -> None:
        text = said(answer("MS-DRG for 02HA0QZ", MEMBER))
        assert "MS-DRG 001–002 (Before the major diagnostic categories), Heart assist" in text
        assert "principal" not in text

    def test_that_the_index_does_not_list(self) -> None:
        text = answer("MS-DRG for E11.9", MEMBER).statements[0].text
        assert "does not list E11.9." in text

    @pytest.mark.parametrize("asker", [GUEST, LOCKED])
    def test_is_for_who_has_opened_its_page(self, asker: object) -> None:
        found = answer("which DRG does I50.9 group to", asker)  # type: ignore[arg-type]  # askers
        assert (found.outcome, found.reason) == (Outcome.PARTLY, Reason.LOCKED)
        assert "291" not in said(found)
        assert "1 entry in the logic of MS-DRGs" in said(found)


def test_an_index_that_is_not_loaded() -> None:
    factories.code("I50.9", of=factories.system("icd-10-cm"))
    found = answer("which DRG does I50.9 group to", MEMBER)
    assert found.reason is Reason.NO_DATA
    assert "import_codes ms-drg-diagnoses" in found.statements[0].text
    factories.code("02HA0QZ", of=factories.system("icd-10-pcs"))
    assert "import_codes ms-drg-procedures" in said(answer("DRG of 02HA0QZ", MEMBER))


def test_a_code_of_claims_without_groups() -> None:
    factories.code("99213")
    assert "MS-DRGs group inpatient stays" in answer("DRG for 99213", MEMBER).statements[0].text


@pytest.mark.usefixtures("_heart")
class TestOfAGroup:
    """By number, by title, on a day."""

    def test_by_number(self) -> None:
        found = answer("what is DRG 291", GUEST)
        assert found.outcome is Outcome.ANSWERED
        assert found.statements[0].text.startswith("MS-DRG 291: HEART FAILURE AND SHOCK WITH MCC")
        assert found.statements[0].citations[0].url == "/ms-drg/291/"

    def test_its_codes_are_for_registered_users(self) -> None:
        text = said(answer("which diagnoses are in DRG 291", LOCKED))
        assert "uses 1 diagnosis (as the principal or as a secondary one): I50.9" in text
        assert CLAIM in text
        guest = answer("which diagnoses are in DRG 291", GUEST)
        assert guest.reason is Reason.LOCKED
        assert "uses 1 diagnosis. Register" in said(guest)
        assert "I50.9" not in said(guest)

    def test_by_words_of_its_title(self) -> None:
        found = answer("which DRG does heart failure group to", GUEST)
        assert "291 HEART FAILURE AND SHOCK WITH MCC" in found.statements[0].text
        assert CLAIM in found.statements[0].text

    def test_of_a_day_without_an_edition(self) -> None:
        found = answer("DRG 291 on 2015-02-03", MEMBER)
        assert (found.outcome, found.reason) == (Outcome.REFUSED, Reason.NO_DATA)
        assert "Of 3 February 2015 no edition of" in said(found)

    def test_that_does_not_exist(self) -> None:
        assert "There is no MS-DRG 777" in said(answer("DRG 777", MEMBER))
