"""Files of questions: read with file and line, judged, counted; and the command that runs them."""

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from assistant.engine.answer import Answer, Fact, Kind, Level, Outcome, Reason, Statement, Topic
from assistant.judging import Table, Verdict, judge
from assistant.questions import BadFileError, Question, read_folder
from tests import factories

FOLDER = Path(__file__).parent / "questions"


def folder(tmp_path: Path, text: str) -> Path:
    """Return a folder with one file of questions."""
    (tmp_path / "some.yaml").write_text(text)
    return tmp_path


def test_reads_a_question_with_its_place(tmp_path: Path) -> None:
    text = (
        "# a comment\n- question: What is 99213?\n  cite: [{code: '99213'}, visit]\n  as: guest\n"
    )
    (question,) = read_folder(folder(tmp_path, text))
    assert (question.place, question.asker) == ("some.yaml:2", "guest")
    assert [wanted.code or wanted.says for wanted in question.cite] == ["99213", "visit"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- question: [", "some.yaml:1: "),
        ("- question: a\n  b: [unclosed", "some.yaml:2: "),
        ("question: a", "some.yaml:1: expected a list of questions."),
        ("- just words", "some.yaml:1: expected a question with its keys."),
        ("\n- question: a\n  citte: x", "some.yaml:3: the key “citte” is unknown"),
        ("- question: a\n  question: b", "some.yaml:2: the key “question” is twice."),
        ("- cite: x", "some.yaml:1: a question needs its text"),
        ("- question: a", "some.yaml:1: says nothing of its answer"),
        ("- question: a\n  refuse: because", "some.yaml:1: “because” is no reason"),
        ("- question: a\n  short: '('", "some.yaml:1: “(” is no regular expression"),
        ("- question: a\n  cite: [{colour: red}]", "some.yaml:1: “cite” holds"),
        ("- question: a\n  as: robot\n  short: x", "some.yaml:1: “as” is one of"),
        ("- question: a\n  on: yesterday\n  short: x", "some.yaml:1: "),
        ("- question: a\n  refuse: no data\n  short: x", "some.yaml:1: a refusal has nothing"),
    ],
)
def test_says_where_a_file_is_wrong(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(BadFileError, match=r"^some\.yaml:\d+: ") as error:
        read_folder(folder(tmp_path, text))
    assert message in str(error.value)


def test_the_files_here_can_be_read() -> None:
    questions = read_folder(FOLDER)
    assert len(questions) > 40
    assert len({question.place for question in questions}) == len(questions)


def question(**fields: Any) -> Question:
    """Return a question that wants something."""
    return Question("f.yaml", 1, "What?", **fields)


def given(text: str = "99213 pays", outcome: Outcome = Outcome.ANSWERED, **fields: Any) -> Answer:
    """Return an answer of one statement, proven by its own words."""
    fact = Fact("F1", "fee", Topic.COVERAGE, text, (), Level.OPEN, values=(text,))
    statement = Statement(text, Kind.SHORT, (fact,))
    return Answer("What?", outcome, statements=(statement,), **fields)


@pytest.mark.parametrize(
    ("wants", "answer", "verdict"),
    [
        (question(short=("99213",)), given(), Verdict.RIGHT),
        (question(short=("99214",)), given(), Verdict.WRONG),
        (question(short=("99213",), forbidden=("pays",)), given(), Verdict.WRONG),
        (question(codes=("99213",)), given(), Verdict.WRONG),
        (question(short=("x",)), given(outcome=Outcome.REFUSED), Verdict.REFUSED_WRONGLY),
        (
            question(refuse=(Reason.NO_DATA,)),
            given(outcome=Outcome.REFUSED, reason=Reason.NO_DATA),
            Verdict.REFUSED_RIGHTLY,
        ),
        (
            question(refuse=(Reason.NO_DATA,)),
            given(outcome=Outcome.REFUSED, reason=Reason.OUTSIDE),
            Verdict.WRONG,
        ),
        (question(refuse=(Reason.NO_DATA,)), given(), Verdict.WRONG),
        (question(outcome=Outcome.PARTLY), given(), Verdict.WRONG),
    ],
)
def test_judges(wants: Question, answer: Answer, verdict: Verdict) -> None:
    assert judge(wants, answer).verdict is verdict


def test_an_unproven_number_is_always_wrong() -> None:
    fact = Fact("F1", "fee", Topic.COVERAGE, "", (), Level.OPEN, values=("99213",))
    statement = Statement("99213 pays $500", Kind.SHORT, (fact,))
    answer = Answer("What?", Outcome.ANSWERED, statements=(statement,))
    judgement = judge(question(short=("99213",)), answer)
    assert judgement.verdict is Verdict.WRONG
    assert "500" in judgement.faults[0]


def test_counts_by_intent() -> None:
    judgements = [
        judge(question(intent="pays", short=("99213",)), given()),
        judge(question(intent="pays", short=("99214",)), given()),
    ]
    table = Table.of(judgements)
    assert table.rows["pays"][Verdict.RIGHT] == table.rows["pays"][Verdict.WRONG] == 1
    assert table.share_answered == 0.5
    assert next(iter(table.lines())).startswith("intent")


GOOD = """
- question: What is 99213?
  intent: what is
  short: Visit
- question: What does 99213 pay?
  intent: pays
  needs: [mpfs]
  short: '88'
- question: is it billable?
  context: ['What is 99213?']
  intent: follow-up
  codes: ['99213']
"""


@pytest.mark.django_db
def test_the_command_prints_the_table(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    factories.code("99213", short_descriptor="Visit")
    call_command("evaluate_assistant", folder(tmp_path, GOOD))
    out = capsys.readouterr().out
    assert "100.0% of the answerable questions answered rightly" in out
    assert out.splitlines()[0].split()[:3] == ["intent", "answered", "right"]


@pytest.mark.django_db
def test_the_command_fails_where_an_answer_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    factories.code("99213", short_descriptor="Something else")
    with pytest.raises(CommandError, match="1 of 3 answers"):
        call_command("evaluate_assistant", folder(tmp_path, GOOD), "--json")
    told = json.loads(capsys.readouterr().out)
    assert told["questions"][0]["faults"] == ["the short answer lacks “Visit”"]
    assert told["table"]["pays"]["left out"] == 1


@pytest.mark.django_db
def test_the_command_names_a_bad_line(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"some\.yaml:1: expected a list"):
        call_command("evaluate_assistant", folder(tmp_path, "a: b"))
    with pytest.raises(CommandError, match="No such file"):
        call_command("evaluate_assistant", tmp_path / "nothing")
