"""What is asked: questions of a message, intents in order, and what a follow-up keeps."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.engine.answer import Reason
from assistant.engine.ask import Ask
from assistant.engine.context import as_context
from assistant.engine.intents import Intent
from assistant.engine.understanding import understand

TODAY = date(2026, 11, 28)


def one(text: str, *before: str) -> Ask:
    """Return the only question of a message, after others were asked."""
    context: list[dict[str, object]] = []
    for earlier in before:
        context.append(as_context(understand(earlier, context, TODAY)))
    (ask,) = understand(text, context, TODAY)
    return ask


def keys(ask: Ask) -> list[str]:
    """Return the codes of a question."""
    return [code.key for code in ask.reading.codes]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("What is 99213?", Intent.WHAT_IS),
        ("difference between 99213 and 99214", Intent.DIFFERENCE),
        ("99213 vs 99214", Intent.DIFFERENCE),
        ("which code for hypertension", Intent.WHICH_CODE),
        ("icd 10 code for gout", Intent.WHICH_CODE),
        ("can 99213 and 36415 be billed together", Intent.TOGETHER),
        ("99213 36415", Intent.TOGETHER),
        ("MUE of 97110", Intent.UNITS),
        ("how many units of J1885", Intent.UNITS),
        ("modifiers for 27447", Intent.MODIFIERS),
        ("can I bill 50 with 20610", Intent.MODIFIERS),
        ("is 78815 covered", Intent.COVERED),
        ("how much does 99214 pay in Texas", Intent.PAYS),
        ("global days 27447", Intent.STATUS),
        ("what changed for 99213", Intent.CHANGED),
        ("is E11.9 billable", Intent.BILLABLE),
        ("Guidelines for E/M services", Intent.GUIDELINES),
        ("crosswalk for E11.9", Intent.MAP),
        ("is 15272 an add-on code", Intent.ADD_ON),
        ("documentation for 99214", Intent.COMPLIANCE),
        ("codes under E11", Intent.HIERARCHY),
    ],
)
def test_the_first_intent(text: str, intent: Intent) -> None:
    assert one(text).intents[0] is intent


def test_two_questions_in_one_message() -> None:
    first, second = understand("What is I10? And is E11 billable?", [], TODAY)
    assert (keys(first), keys(second)) == (["I10"], ["E11"])
    assert second.intents[0] is Intent.BILLABLE


def test_the_second_question_keeps_the_subject_of_the_first() -> None:
    first, second = understand("What is G2212 and what does it pay?", [], TODAY)
    assert (keys(first), keys(second)) == (["G2212"], ["G2212"])
    assert second.intents[0] is Intent.PAYS


def test_what_asks_nothing_is_no_question_of_its_own() -> None:
    assert one("Hi there!\nWhat is 99213?").text == "What is 99213?"
    joined = one("What is the code?\nPatient with pneumonia")
    assert "pneumonia" in joined.subject_words


@pytest.mark.parametrize(
    ("text", "before", "found", "intent"),
    [
        ("and with modifier 25?", "Can 99213 and 20610 be billed together?", ["99213", "20610"],
         Intent.TOGETHER),
        ("what about 99214?", "What does 99213 pay?", ["99214"], Intent.PAYS),
        ("is it billable?", "What is I10?", ["I10"], Intent.BILLABLE),
        ("and the global period", "What is 27447?", ["27447"], Intent.STATUS),
        ("with 36415?", "Can 99213 be billed", ["99213", "36415"], Intent.TOGETHER),
        ("What is 99215?", "What does 99213 pay?", ["99215"], Intent.WHAT_IS),
        ("what is the icd-10 code for gout", "What does 99213 pay?", [], Intent.WHICH_CODE),
    ],
)  # fmt: skip
def test_a_follow_up(text: str, before: str, found: list[str], intent: Intent) -> None:
    ask = one(text, before)
    assert keys(ask) == found
    assert ask.intents[0] is intent


@pytest.mark.parametrize(
    "text",
    [
        "can I bill 36415 with it?",
        "Can 36415 be reported with that code?",
        "bill 36415 alongside it",
        "is 36415 paid on the same day as it?",
        "can it be billed with 36415?",
        "does it go with CPT 36415",
        "does it bundle with 36415?",
        "36415 on top of that?",
        "and together with 36415?",
    ],
)
def test_a_code_beside_the_one_before(text: str) -> None:
    ask = one(text, "What is 99213?")
    assert keys(ask) == ["99213", "36415"]
    assert ask.intents[0] is Intent.TOGETHER


@pytest.mark.parametrize(
    "text",
    [
        "what about 36415?",
        "What is 36415 and does it need a modifier?",
        "can I bill 36415 with this patient's plan?",
        "is 36415 covered, and is it billable?",
    ],
)
def test_a_code_instead_of_the_one_before(text: str) -> None:
    asks = understand(text, [as_context(understand("What is 99213?", [], TODAY))], TODAY)
    assert all("99213" not in keys(ask) for ask in asks)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("codes of DRG 638", []),
        ("what is MS-DRG 470", []),
        ("POS 11", []),
        ("is it in DRG 189?", ["99213"]),
        ("and in POS 11?", ["99213"]),
    ],
)
def test_what_only_looks_like_a_code_is_a_subject_too(text: str, found: list[str]) -> None:
    assert keys(one(text, "What is 99213?")) == found


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("migraine not intractable code", "migraine not intractable"),
        ("disorder, not elsewhere classified", "disorder not elsewhere classified"),
        ("why is gout not covered", "gout"),
        ("is not asthma billable", "asthma"),
    ],
)
def test_a_not_that_is_part_of_a_name(text: str, words: str) -> None:
    assert one(text).subject_words == words


def test_a_follow_up_keeps_or_changes_the_day() -> None:
    before = "Can 99213 and 20610 be billed together on 2026-01-15?"
    assert one("and with modifier 25?", before).reading.day == date(2026, 1, 15)
    assert one("and in 2025?", before).reading.day == date(2025, 12, 31)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("Should I take metformin?", Reason.ADVICE),
        ("Can I be sued for upcoding?", Reason.ADVICE),
        ("is my baby's fever dangerous", Reason.ADVICE),
        ("weather in Boston", Reason.OUTSIDE),
        ("Should I report 99213 or 99214?", Reason.NONE),
        ("treatment of a fracture, which code", Reason.NONE),
    ],
)
def test_what_nobody_gets_here(text: str, reason: Reason) -> None:
    assert one(text).refusal is reason


def test_nothing_asked() -> None:
    assert understand("?!", [], TODAY) == []


@given(st.text(max_size=300), st.lists(st.text(max_size=60), max_size=2))
def test_understands_any_text(text: str, before: list[str]) -> None:
    context: list[dict[str, object]] = []
    for earlier in before:
        if asks := understand(earlier, context, TODAY):
            context.append(as_context(asks))
    for ask in understand(text, context, TODAY):
        assert ask.intents


@given(st.dictionaries(st.text(max_size=8), st.none() | st.text(max_size=5) | st.integers()))
def test_takes_any_context(context: dict[str, object]) -> None:
    understand("and with modifier 25?", [context], TODAY)
