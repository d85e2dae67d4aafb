"""Files of questions with what their answers must cite; read with file and line. Pure: no Django.

The format is in tests/assistant/questions/README.md.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

import yaml

from assistant.engine.answer import Outcome, Reason

ASKERS: Final = ("guest", "locked", "registered")
"""Open facts only; a registered user who has opened no page; one who has opened all."""


class BadFileError(Exception):
    """A file of questions cannot be read; the message names file and line."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What one fact of the answer must be: every field that is not empty must hold of it.

    ``says`` is a regular expression, searched in the statement without regard to case.
    """

    table: str = ""
    code: str = ""
    release: str = ""
    kind: str = ""
    says: str = ""


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``file`` and ``line`` say where it stands.

    ``refuse`` lists the reasons of which one must be given; empty for a question that is to be
    answered. ``needs`` are sources of releases; without one of them the question is left out.
    """

    file: str
    line: int
    question: str
    intent: str = ""
    context: tuple[str, ...] = ()
    asker: str = "registered"
    on: date | None = None
    needs: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    cite: tuple[Wanted, ...] = ()
    short: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    forbidden: tuple[str, ...] = ()
    refuse: tuple[Reason, ...] = ()
    outcome: Outcome | None = None
    reason: Reason | None = None

    @property
    def place(self) -> str:
        """File and line."""
        return f"{self.file}:{self.line}"


_KEYS: Final = frozenset(
    [
        "question",
        "intent",
        "context",
        "as",
        "on",
        "needs",
        "lacks",
        "cite",
        "short",
        "codes",
        "not",
        "refuse",
        "outcome",
        "reason",
        "note",
    ]
)


def read_folder(folder: Path) -> list[Question]:
    """Return the questions of every ``*.yaml`` in a folder, in order. Raises ``BadFileError``."""
    files = sorted(folder.glob("**/*.yaml")) if folder.is_dir() else [folder]
    if not files:
        raise BadFileError(f"{folder}: holds no file of questions (*.yaml).")
    return [question for file in files for question in read_file(file)]


def read_file(file: Path) -> list[Question]:
    """Return the questions of one file. Raises ``BadFileError``."""
    try:
        text = file.read_text("utf-8")
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BadFileError(f"{file.name}:{line}: {error.problem or 'is no YAML'}.") from error
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise BadFileError(f"{file.name}:1: {error}") from error
    if root is None:
        return []
    if not isinstance(root, yaml.SequenceNode):
        raise BadFileError(f"{file.name}:1: expected a list of questions.")
    return [_question(node, file.name) for node in root.value]


def _question(node: yaml.Node, file: str) -> Question:
    line = node.start_mark.line + 1
    if not isinstance(node, yaml.MappingNode):
        raise BadFileError(f"{file}:{line}: expected a question with its keys.")
    values: dict[str, Any] = {}
    for key, value in node.value:
        name = str(key.value)
        if name not in _KEYS or name in values:
            what = "twice" if name in values else f"unknown; known are {', '.join(sorted(_KEYS))}"
            raise BadFileError(f"{file}:{key.start_mark.line + 1}: the key “{name}” is {what}.")
        values[name] = yaml.SafeLoader.construct_object(_loader(), value, deep=True)
    try:
        return _built(values, file, line)
    except (ValueError, TypeError) as error:
        raise BadFileError(f"{file}:{line}: {error}") from error


def _loader() -> yaml.SafeLoader:
    return yaml.SafeLoader("")


def _built(values: Mapping[str, Any], file: str, line: int) -> Question:
    if not str(values.get("question") or "").strip():
        raise ValueError("a question needs its text under “question”.")
    asker = str(values.get("as", "registered"))
    if asker not in ASKERS:
        raise ValueError(f"“as” is one of {', '.join(ASKERS)}.")
    question = Question(
        file=file,
        line=line,
        question=str(values["question"]),
        intent=str(values.get("intent", "")),
        context=_texts(values, "context"),
        asker=asker,
        on=_day(values.get("on")),
        needs=_texts(values, "needs"),
        lacks=_texts(values, "lacks"),
        cite=tuple(_wanted(one) for one in _list(values, "cite")),
        short=_patterns(values, "short"),
        codes=_texts(values, "codes"),
        forbidden=_patterns(values, "not"),
        refuse=tuple(_reason(one) for one in _texts(values, "refuse")),
        outcome=Outcome(values["outcome"]) if "outcome" in values else None,
        reason=_reason(values["reason"]) if "reason" in values else None,
    )
    if question.refuse and (question.cite or question.short):
        raise ValueError("a refusal has nothing to “cite” and no “short” answer.")
    expects = question.cite, question.short, question.codes, question.refuse, question.outcome
    if not any(expects):
        raise ValueError("says nothing of its answer: cite, short, codes, outcome or refuse.")
    return question


def _list(values: Mapping[str, Any], key: str) -> Sequence[Any]:
    value = values.get(key)
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _texts(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(str(one) for one in _list(values, key))


def _patterns(values: Mapping[str, Any], key: str) -> tuple[str, ...]:
    return tuple(_pattern(text) for text in _texts(values, key))


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"“{text}” is no regular expression: {error}.") from error
    return text


def _wanted(value: Any) -> Wanted:
    if isinstance(value, str):
        return Wanted(says=_pattern(value))
    fields = Wanted.__dataclass_fields__
    if not isinstance(value, dict) or not value or set(value) - set(fields):
        raise ValueError(f"“cite” holds patterns, or some of {', '.join(fields)}.")
    wanted = Wanted(**{key: str(text) for key, text in value.items()})
    _pattern(wanted.says)
    return wanted


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    return date.fromisoformat(str(value))


def _reason(value: Any) -> Reason:
    try:
        return Reason(str(value))
    except ValueError:
        known = ", ".join(f"“{reason.value}”" for reason in Reason if reason)
        raise ValueError(f"“{value}” is no reason; known are {known}.") from None


def intents_in(questions: Sequence[Question]) -> Iterator[str]:
    """Yield each intent once, in the order of the files."""
    yield from dict.fromkeys(question.intent for question in questions)
