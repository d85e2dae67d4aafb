"""Holds an answer against what its question wants, and counts. Pure: imports no Django."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from assistant.engine import guard
from assistant.engine.answer import Answer, Fact, Kind, Outcome, Statement
from assistant.questions import Question, Wanted


class Verdict(StrEnum):
    """What became of a question; the columns of the table."""

    RIGHT = "answered right"
    WRONG = "answered wrong"
    REFUSED_RIGHTLY = "refused rightly"
    REFUSED_WRONGLY = "refused wrongly"
    LEFT_OUT = "left out"
    """Its data is not loaded."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The verdict on one answer; ``faults`` say what is wrong, one line each."""

    question: Question
    verdict: Verdict
    intent: str
    faults: tuple[str, ...] = ()


def judge(question: Question, answer: Answer) -> Judgement:
    """Return the verdict on an answer.

    Wrong is also whatever has a code or number without proof, or a statement without a citation.
    """
    intents = answer.understood.get("intents")
    first = str(intents[0]) if isinstance(intents, list) and intents else "none"
    intent = question.intent or first
    faults = [*guard.faults(answer), *_forbidden(question, answer)]
    is_refused = answer.outcome is Outcome.REFUSED
    if question.refuse:
        faults += _refusal(question, answer)
        verdict = Verdict.WRONG if faults else Verdict.REFUSED_RIGHTLY
    elif is_refused and question.outcome is not Outcome.REFUSED:
        faults.append(f"refused: {answer.reason.value}")
        verdict = Verdict.REFUSED_WRONGLY
    else:
        faults += _lacking(question, answer)
        verdict = Verdict.WRONG if faults else Verdict.RIGHT
    return Judgement(question, verdict, intent, tuple(faults))


def _refusal(question: Question, answer: Answer) -> Iterator[str]:
    if answer.outcome is not Outcome.REFUSED:
        yield f"not refused but {answer.outcome.value}"
    elif answer.reason not in question.refuse:
        wanted = " or ".join(reason.value for reason in question.refuse)
        yield f"refused as “{answer.reason.value}”, not as “{wanted}”"


def _lacking(question: Question, answer: Answer) -> Iterator[str]:
    if question.outcome and answer.outcome is not question.outcome:
        yield f"{answer.outcome.value}, not {question.outcome.value}"
    if question.reason is not None and answer.reason is not question.reason:
        yield f"reason “{answer.reason.value}”, not “{question.reason.value}”"
    for wanted in question.cite:
        if not any(_meets(one, fact, wanted) for one in answer.statements for fact in one.facts):
            yield f"nothing meets {_shown(wanted)}"
    short = " ".join(one.text for one in answer.statements[:4] if one.kind is not Kind.READING)
    for pattern in question.short:
        if not re.search(pattern, short, re.IGNORECASE | re.DOTALL):
            yield f"the short answer lacks “{pattern}”"
    named = {code.display for code in answer.codes} | {code.key for code in answer.codes}
    for code in question.codes:
        if code not in named:
            yield f"{code} is not among its codes"


def _meets(statement: Statement, fact: Fact, wanted: Wanted) -> bool:
    if wanted.says and not re.search(wanted.says, statement.text, re.IGNORECASE | re.DOTALL):
        return False
    if wanted.kind and not (fact.kind == wanted.kind or fact.kind.startswith(f"{wanted.kind}.")):
        return False
    if wanted.code and not _names(fact, wanted.code):
        return False
    if wanted.table and wanted.table not in {one.table for one in fact.citations}:
        return False
    sources = {one.edition.source for one in fact.citations if one.edition}
    return not wanted.release or wanted.release in sources


def _names(fact: Fact, code: str) -> bool:
    keys = guard.tokens(code)
    named = {fact.code.display, fact.code.key} if fact.code else set()
    return code in named or (bool(keys) and keys <= guard.proven([fact]))


def _shown(wanted: Wanted) -> str:
    fields = ((name, getattr(wanted, name)) for name in Wanted.__dataclass_fields__)
    return ", ".join(f"{name} “{value}”" for name, value in fields if value)


def _forbidden(question: Question, answer: Answer) -> Iterator[str]:
    text = "\n".join(one.text for one in answer.statements)
    for pattern in question.forbidden:
        if match := re.search(pattern, text, re.IGNORECASE):
            yield f"says “{match[0]}”"


@dataclass(slots=True)
class Table:
    """How many of each verdict there are, by intent."""

    rows: dict[str, dict[Verdict, int]] = field(default_factory=dict)

    @classmethod
    def of(cls, judgements: Iterable[Judgement]) -> "Table":
        """Count them."""
        table = cls()
        for one in judgements:
            row = table.rows.setdefault(one.intent, dict.fromkeys(Verdict, 0))
            row[one.verdict] += 1
        return table

    @property
    def total(self) -> Mapping[Verdict, int]:
        """The sum of the rows."""
        return {v: sum(row[v] for row in self.rows.values()) for v in Verdict}

    @property
    def share_answered(self) -> float:
        """Of the questions that are to be answered, how many were, rightly: 0 to 1."""
        total = self.total
        wrong = total[Verdict.WRONG] + total[Verdict.REFUSED_WRONGLY]
        return total[Verdict.RIGHT] / ((total[Verdict.RIGHT] + wrong) or 1)

    def lines(self) -> Iterator[str]:
        """Yield the table as text, its heading first."""
        width = max([len(name) for name in self.rows] + [6])
        yield "  ".join(["intent".ljust(width), *(verdict.value for verdict in Verdict)])
        for name, row in sorted(self.rows.items()):
            yield _line(name, row, width)
        yield _line("all", self.total, width)


def _line(name: str, row: Mapping[Verdict, int], width: int) -> str:
    return "  ".join([name.ljust(width), *(str(row[v]).rjust(len(v.value)) for v in Verdict)])
