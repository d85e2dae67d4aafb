"""``manage.py ask "QUESTION"``: the assistant's answer on the terminal."""

import json
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from assistant.engine.answer import GUEST, Answer, Asker, CodeRef, Kind
from assistant.engine.entry import answer
from assistant.engine.plain import as_plain
from assistant.questions import ASKERS
from codes.metering import Access


class Command(BaseCommand):
    """Answer a question as a page would, and say where each statement comes from."""

    help = "Answer a coding question from the rows of the database, with its sources."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("question")
        parser.add_argument("--json", action="store_true", help="the typed answer as JSON")
        parser.add_argument(
            "--as",
            choices=ASKERS,
            default="registered",
            dest="asker",
            help="guest: open facts only; locked: registered, no page is opened; registered: every"
            " page that is asked about is opened (default)",
        )
        parser.add_argument("--on", type=date.fromisoformat, metavar="DATE", help="YYYY-MM-DD")

    def handle(self, *args: object, **options: Any) -> None:
        found = answer(options["question"], asker_of(options["asker"]), on=options["on"])
        if options["json"]:
            self.stdout.write(json.dumps(as_plain(found), indent=2, ensure_ascii=False))
        else:
            self._print(found)

    def _print(self, found: Answer) -> None:
        reason = f" ({found.reason.value})" if found.reason else ""
        self.stdout.write(f"{found.outcome.value}{reason}\n\n")
        numbers: dict[object, int] = {}
        for statement in found.statements:
            marks = "".join(
                f"[{numbers.setdefault(one, len(numbers) + 1)}]" for one in statement.citations
            )
            label = "" if statement.kind is Kind.SHORT else f"({statement.kind.value}) "
            self.stdout.write(f"{label}{statement.text} {marks}".rstrip())
        self.stdout.write("")
        for citation, number in numbers.items():
            place = f", line {citation.line:,}" if citation.line else ""  # type: ignore[attr-defined]  # keys are citations
            self.stdout.write(f"[{number}] {citation.title}{place}  {citation.url}")  # type: ignore[attr-defined]  # as above
        for notice in found.notices:
            self.stdout.write(f"\n{notice}")
        for follow_up in found.follow_ups:
            self.stdout.write(f"> {follow_up.text}")


def asker_of(name: str) -> Asker:
    """Return a guest, or a registered user: who has opened no page, or every page asked about."""
    if name == "guest":
        return GUEST
    if name == "locked":
        return Asker(is_registered=True)
    return Asker(is_registered=True, unlock=_everything)


def _everything(codes: Any) -> dict[int, Access]:
    opened: list[CodeRef] = list(codes)
    return {code.code_id: Access.UNLOCKED for code in opened if code.code_id is not None}
