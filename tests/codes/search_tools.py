"""What tests of the search page ask with, and how they read what it answers."""

import html
import re
from typing import Any

import pytest

from codes import search as searching
from codes.models import Code
from codes.search import Filters, Group, Hit, Results, TermKind
from codes.search.answers import NO_FILTERS
from tests import factories

URL = "/search/"


def made_codes() -> dict[str, Code]:
    """Make three codes of ICD-10-CM and one of CPT, with an index; return them by printed form."""
    icd = factories.system("icd-10-cm")
    parent = factories.heading(
        "category", "J96", of=icd, short_descriptor="Respiratory failure, not elsewhere classified"
    )
    made = {
        display: factories.code(
            display, of=icd, parent=parent, short_descriptor=words, long_descriptor=words
        )
        for display, words in {
            "J96.01": "Acute respiratory failure with hypoxia",
            "J96.02": "Acute respiratory failure with hypercapnia",
            "I50.9": "Heart failure, unspecified",
        }.items()
    }
    made["99213"] = factories.code(
        "99213", short_descriptor="Established patient, low", long_descriptor="quokka"
    )
    factories.search_index()
    return made


def answer(monkeypatch: pytest.MonkeyPatch, *hits: Hit, **values: Any) -> list[dict[str, Any]]:
    """Have the search answer with these hits; return what it was asked for."""
    asked: list[dict[str, Any]] = []

    def search(
        text: str, *, filters: Filters = NO_FILTERS, limit: int = 20, offset: int = 0
    ) -> Results:
        asked.append({"text": text, "filters": filters, "limit": limit, "offset": offset})
        given: dict[str, Any] = {"hits": hits, "total": len(hits)}
        return Results(**(given | values))

    monkeypatch.setattr(searching, "search", search)
    return asked


def hit(code: Code, group: Group = Group.ALL_WORDS, **values: Any) -> Hit:
    """Return a hit on the code by its short descriptor, unless told otherwise."""
    fields: dict[str, Any] = {
        "term": code.short_descriptor,
        "term_kind": TermKind.DESCRIPTOR,
        "readings": (),
    }
    return Hit(code.pk, group, **(fields | {"score": 1.0} | values))


def found(response: Any) -> list[str]:
    """Return the codes of a page of results, in their order."""
    groups = response.context["groups"]
    return [result.code.display for group in groups for result in group.results]


def main(response: Any) -> str:
    """Return the words of the main part, as they are read."""
    text = response.content.decode().partition("<main")[2].partition("</main")[0]
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", text)).split())
