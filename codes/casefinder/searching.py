"""Queries to hits, within limits: what each search of a note's words found and may mean."""

import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from codes.casefinder import weighing
from codes.casefinder.conflicts import ICD
from codes.casefinder.content import content_words
from codes.casefinder.queries import Query, Want
from codes.search import Filters, Hit, search

MAX_SEARCHES = 400
MAX_SECONDS = 5.0
HITS = 10

_FILTERS = {
    Want.DIAGNOSIS: Filters(systems=(ICD,)),
    Want.HISTORY: Filters(systems=(ICD,)),
    Want.FAMILY: Filters(systems=(ICD,)),
    Want.ALLERGY: Filters(systems=(ICD,)),
    Want.PROCEDURE: Filters(systems=("hcpcs", "cpt")),
    Want.OPERATION: Filters(systems=("icd-10-pcs",)),
}
_PREFIXES = {
    Want.HISTORY: "personal history of ",
    Want.FAMILY: "family history of ",
    Want.ALLERGY: "allergy status to ",
}


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits of a query that may be meant, best first, each with its confidence."""

    query: Query
    hits: tuple[tuple[Hit, float], ...]


def searched(asked: Sequence[Query]) -> list[Answer]:
    """Search as long as the limits allow."""
    deadline = time.monotonic() + MAX_SECONDS
    answers = []
    for query in asked[:MAX_SEARCHES]:
        if time.monotonic() > deadline:
            break
        answers.append(Answer(query, tuple(_hits(query))))
    return answers


def _hits(query: Query) -> Iterable[tuple[Hit, float]]:
    prefix = _PREFIXES.get(query.want, "")
    text = prefix + query.text
    words = query.text.split()
    results = search(text, filters=_FILTERS[query.want], limit=HITS)
    parts = [content_words(finding.text, finding.part) for finding in query.findings]
    found = [(hit, weighing.confidence(words, hit, beside=prefix)) for hit in results.hits]
    best = max((confidence for _, confidence in found), default=0.0)
    for hit, confidence in found:
        if confidence < weighing.at_least(best):
            continue
        if query.without and not weighing.says_without(query.without, hit):
            continue
        # "diabetes with neuropathy" is worth a search of its own only for codes that say both.
        if not query.is_joined or all(weighing.has_word_of(part, hit) for part in parts if part):
            yield hit, confidence
