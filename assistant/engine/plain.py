"""An answer as plain values, for JSON, receipts and programs. Pure: imports no Django."""

from dataclasses import asdict
from datetime import date
from typing import Any

from assistant.engine.answer import Answer, Citation, CodeRef, Fact, Statement


def as_plain(answer: Answer) -> dict[str, Any]:
    """Return the answer as dictionaries, lists and texts; dates are ISO, empty is ``None``."""
    return {
        "question": answer.question,
        "outcome": answer.outcome.value,
        "reason": answer.reason.value,
        "day": answer.day.isoformat() if answer.day else None,
        "statements": [_statement(one) for one in answer.statements],
        "facts": [_fact(one) for one in answer.facts],
        "codes": [_code(one) for one in answer.codes],
        "follow_ups": [{"text": one.text, "topic": one.topic.value} for one in answer.follow_ups],
        "notices": list(answer.notices),
        "understood": dict(answer.understood),
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "text": statement.text,
        "kind": statement.kind.value,
        "topic": statement.topic.value,
        "part": statement.part,
        "facts": [fact.id for fact in statement.facts],
        "citations": [_citation(one) for one in statement.citations],
    }


def _fact(fact: Fact) -> dict[str, Any]:
    return {
        "id": fact.id,
        "kind": fact.kind,
        "topic": fact.topic.value,
        "text": fact.text,
        "level": fact.level.value,
        "code": fact.code.display if fact.code else None,
        "citations": [_citation(one) for one in fact.citations],
    }


def _citation(citation: Citation) -> dict[str, Any]:
    edition = asdict(citation.edition) if citation.edition else None
    if edition:
        edition = {k: v.isoformat() if isinstance(v, date) else v for k, v in edition.items()}
    return {
        "table": citation.table,
        "row": citation.row,
        "line": citation.line,
        "title": citation.title,
        "url": citation.url,
        "edition": edition,
    }


def _code(code: CodeRef) -> dict[str, Any]:
    return {
        "system": code.system,
        "code": code.display,
        "title": code.title,
        "words": code.words,
        "url": code.url,
        "is_billable": code.is_billable,
        "is_deleted": code.is_deleted,
        "is_subject": code.is_subject,
        "access": code.access.value,
    }
