"""The engine's answers, from the question to its typed statements."""

import pytest
from django.core.management import call_command

from assistant.engine import guard
from assistant.engine.answer import GUEST, Kind, Outcome, Reason
from assistant.engine.entry import answer
from tests import factories
from tests.assistant.askers import MEMBER
from tests.codes import ncci_rows

pytestmark = pytest.mark.django_db


def test_says_what_a_code_is_with_its_row() -> None:
    code = factories.code("99213", short_descriptor="Visit of a known patient")
    found = answer("What is CPT code 99213?", MEMBER)
    assert found.outcome is Outcome.ANSWERED
    first = found.statements[0]
    assert first.kind is Kind.SHORT
    assert "Visit of a known patient" in first.text
    assert (first.citations[0].table, first.citations[0].row) == ("codes_code", code.pk)
    assert [one.display for one in found.subjects] == ["99213"]
    assert guard.faults(found) == []


def test_refuses_a_code_that_does_not_exist() -> None:
    factories.code("99213")
    found = answer("What is 99999?", MEMBER)
    assert (found.outcome, found.reason) == (Outcome.REFUSED, Reason.UNKNOWN_CODE)
    assert guard.faults(found) == []


def test_tells_an_edit_from_no_edit_and_from_no_data() -> None:
    for number in ("11111", "22222", "33333"):
        factories.code(number)
    nothing = answer("Can 11111 and 22222 be billed together?", MEMBER)
    assert nothing.reason is Reason.NO_DATA
    assert "holds no PTP data" in nothing.statements[0].text
    ncci_rows.save(ncci_rows.ptp("11111", "22222"))
    edit = answer("Can 11111 and 22222 be billed together on 2026-01-15?", MEMBER)
    assert "22222 is not paid beside 11111 on 15 January 2026" in edit.statements[0].text
    none = answer("Can 11111 and 33333 be billed together on 2026-01-15?", MEMBER)
    assert none.statements[0].text.startswith("No NCCI PTP edit exists between 11111 and 33333")
    assert [guard.faults(one) for one in (nothing, edit, none)] == [[], [], []]


def test_a_guest_gets_open_facts_and_what_the_rest_holds() -> None:
    code = factories.code("99213", long_descriptor="LONG CANARY")
    factories.published_text(code, html="<p>PLAIN CANARY</p>")
    factories.published_text(code, "guidelines", html="<p>GUIDELINES CANARY</p>")
    found = answer("Guidelines for 99213", GUEST)
    assert (found.outcome, found.reason) == (Outcome.PARTLY, Reason.LOCKED)
    assert "CANARY" not in repr(found)
    assert any("guidance, 2 words" in one.text for one in found.statements)


def test_the_command_prints_the_answer(capsys: pytest.CaptureFixture[str]) -> None:
    factories.code("99213", short_descriptor="Visit of a known patient")
    call_command("ask", "What is 99213?")
    assert "Visit of a known patient" in capsys.readouterr().out
