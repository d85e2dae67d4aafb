"""The question files hold: no wrong fact at all, and nearly all answerable questions answered.

Loads all of ICD-10-CM, the samples, and the public files of ../shared/data where it is there; a
question whose data is not loaded is left out. Prints the table; run with ``-s`` to see it.
"""

import io
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command

from assistant.engine import guard
from assistant.engine.answer import Answer, Outcome
from assistant.engine.editions import Editions
from assistant.judging import Judgement, Table, Verdict, judge
from assistant.management.commands.evaluate_assistant import ask
from assistant.questions import Question, read_folder

pytestmark = [pytest.mark.slow]

FOLDER = Path(__file__).parent / "questions"
SHARED = Path(__file__).parents[3] / "shared" / "data"
FILES: dict[str, list[str]] = {
    "hcpcs/HCPC2025_OCT_ANWEB.csv": [],
    "mpfs/PPRRVU2025_Oct.redacted.csv": ["--accept-ama-notice", "Test Person"],
    "mpfs/GPCI2025.csv": [],
    "mpfs/25LOCCO.csv": [],
    "ncci/AOC_V2026Q2-MCR.xlsx": [],
    "opps/addendum_b_2026-04.redacted.csv": [],
    "maps/ms_drg.csv": ["--effective-date", "2025-10-01"],
    "maps/place_of_service.csv": ["--effective-date", "2025-10-01"],
}
"""Public files with what their import needs said; without those that take long to load."""
AT_LEAST = 480
ANSWERED = 0.95

Asked = list[tuple[Question, Answer]]


def load() -> None:
    """Load what there is; ICD-10-CM first, as its import compares with what is held."""
    quiet = io.StringIO()
    call_command("import_codes", "icd-10-cm", "--no-input", stdout=quiet, stderr=quiet)
    call_command("load_samples", stdout=quiet, stderr=quiet)
    for name, options in FILES.items():
        if (path := SHARED / name).exists():
            call_command(
                "import_codes", "auto", str(path), "--no-input", *options,
                stdout=quiet, stderr=quiet,
            )  # fmt: skip
    call_command("load_sample_facts", stdout=quiet, stderr=quiet)
    call_command("load_search_terms", stdout=quiet, stderr=quiet)
    call_command("build_search_index", stdout=quiet, stderr=quiet)


@pytest.fixture(scope="module")
def questions() -> list[Question]:
    return read_folder(FOLDER)


@pytest.fixture(scope="module")
def asked(
    questions: list[Question],
    django_db_setup: None,
    django_db_blocker: pytest.FixtureRequest,
) -> Iterator[Asked]:
    """Load once, ask every question once, in a transaction that is taken back."""
    from django.db import transaction

    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's
        outer = transaction.atomic()
        outer.__enter__()
        load()
        held = set(Editions.load().current)
        yield [
            (one, ask(one))
            for one in questions
            if held.issuperset(one.needs) and held.isdisjoint(one.lacks)
        ]
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture(scope="module")
def judged(asked: Asked) -> list[Judgement]:
    return [judge(question, answer) for question, answer in asked]


def test_the_files_hold_enough_of_each_kind(questions: list[Question]) -> None:
    intents = {one.intent for one in questions}
    assert len(questions) >= AT_LEAST
    assert sum(bool(one.context) for one in questions) >= 60
    assert sum(bool(one.refuse) for one in questions) >= 60
    assert intents >= {
        "what is", "difference", "which code", "billed together", "units", "modifiers", "covered",
        "pays", "status", "changed", "billable", "guidelines", "map", "add-on", "compliance",
        "hierarchy", "two in one", "follow-up", "guest", "look-alikes", "identifiers",
    }  # fmt: skip


def test_no_question_stands_twice(questions: list[Question]) -> None:
    seen = [
        repr((one.question, one.context, one.asker, one.on, one.needs, one.lacks))
        for one in questions
    ]
    assert sorted(seen) == sorted(set(seen))


def test_nothing_stands_in_an_answer_without_proof(asked: Asked) -> None:
    faults = {one.place: found for one, answer in asked if (found := guard.faults(answer))}
    assert faults == {}


def test_nothing_that_must_not_be_said_is_said(asked: Asked) -> None:
    said = [
        (one.place, pattern)
        for one, answer in asked
        for pattern in one.forbidden
        if any(re.search(pattern, each.text, re.IGNORECASE) for each in answer.statements)
    ]
    assert said == []


def test_a_code_that_does_not_exist_is_never_explained(asked: Asked) -> None:
    explained = [
        one.place
        for one, answer in asked
        if [reason.value for reason in one.refuse] == ["unknown code"]
        and answer.outcome is not Outcome.REFUSED
    ]
    assert explained == []


def test_nearly_all_that_can_be_answered_is_answered(judged: list[Judgement]) -> None:
    table = Table.of(judged)
    sys.stdout.write("\n".join(["", *table.lines(), ""]))
    missed = [f"{one.question.place}: {'; '.join(one.faults)}" for one in judged if one.faults]
    assert table.total[Verdict.RIGHT] > 0
    assert table.share_answered >= ANSWERED, "\n".join(missed)
