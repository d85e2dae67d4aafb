"""``manage.py evaluate_assistant FOLDER``: ask every question of a folder and judge the answers."""

import json
import time
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assistant.engine.answer import Answer
from assistant.engine.editions import Editions
from assistant.engine.entry import answer
from assistant.judging import Judgement, Table, Verdict, judge
from assistant.management.commands.ask import asker_of
from assistant.questions import BadFileError, Question, read_folder


class Command(BaseCommand):
    """Print the table of verdicts by intent and what is wrong; fails where anything is."""

    help = (
        "Ask the questions of every *.yaml in FOLDER (or of one file) against the data loaded, and"
        " print how many were answered and refused rightly and wrongly, by intent."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER")
        parser.add_argument("--json", action="store_true", help="the verdicts as JSON")

    def handle(self, *args: object, **options: Any) -> None:
        try:
            questions = read_folder(options["folder"])
        except BadFileError as error:
            raise CommandError(str(error)) from error
        began = time.monotonic()
        judgements = judge_all(questions)
        seconds = time.monotonic() - began
        if options["json"]:
            self.stdout.write(json.dumps(as_plain(judgements), indent=2, ensure_ascii=False))
        else:
            self._print(judgements, seconds)
        wrong = [one for one in judgements if one.faults]
        if wrong:
            raise CommandError(
                f"{len(wrong)} of {len(judgements)} answers are not as they should be."
            )

    def _print(self, judgements: list[Judgement], seconds: float) -> None:
        for one in judgements:
            for fault in one.faults:
                self.stdout.write(f"{one.question.place}: {one.question.question}\n    {fault}")
        table = Table.of(judgements)
        for line in table.lines():
            self.stdout.write(line)
        self.stdout.write(
            f"{table.share_answered:.1%} of the answerable questions answered rightly;"
            f" {seconds:.1f} s for {len(judgements)} questions."
        )


def judge_all(questions: list[Question]) -> list[Judgement]:
    """Ask each question and return the judgements; those whose data is not loaded are left out."""
    held = set(Editions.load().current)
    return [
        judge(question, ask(question))
        if held.issuperset(question.needs) and held.isdisjoint(question.lacks)
        else Judgement(question, Verdict.LEFT_OUT, question.intent or "none")
        for question in questions
    ]


def ask(question: Question) -> Answer:
    """Return the answer to a question, after the messages before it were asked in turn."""
    asker = asker_of(question.asker)
    turns: list[Mapping[str, object]] = []
    for text in question.context:
        turns.append(answer(text, asker, turns, on=question.on).understood)
    return answer(question.question, asker, turns, on=question.on)


def as_plain(judgements: list[Judgement]) -> dict[str, Any]:
    """Return the table and each judgement as plain values."""
    table = Table.of(judgements)
    return {
        "table": {
            name: {verdict.value: number for verdict, number in row.items()}
            for name, row in sorted(table.rows.items())
        },
        "total": {verdict.value: number for verdict, number in table.total.items()},
        "share_answered": table.share_answered,
        "questions": [
            {
                "place": one.question.place,
                "question": one.question.question,
                "intent": one.intent,
                "verdict": one.verdict.value,
                "faults": list(one.faults),
            }
            for one in judgements
        ],
    }
