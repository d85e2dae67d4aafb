"""Queries to hits, within limits: what each search of a note's words found and may mean."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from django.utils import timezone

from codes.casefinder import weighing
from codes.casefinder.conflicts import ICD
from codes.casefinder.content import plain_words
from codes.casefinder.queries import Query, Want
from codes.models import Code
from codes.search import Filters, Hit, search
from codes.search.answers import Group

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
PREFIXES = {
    Want.HISTORY: "personal history of ",
    Want.FAMILY: "family history of ",
    Want.ALLERGY: "allergy status to ",
}


@dataclass(frozen=True, slots=True)
class Weighed:
    """A hit, how sure it is that it is meant, and the names that it may be meant by."""

    hit: Hit
    confidence: float
    names: tuple[str, ...]
    """The one that matched, the descriptor and the inclusion terms; for weighing alone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The hits of a query that may be meant, best first."""

    query: Query
    hits: tuple[Weighed, ...]


def searched(asked: Sequence[Query]) -> list[Answer]:
    """Search as long as the limits allow; one query beside those of the searches."""
    deadline = time.monotonic() + MAX_SECONDS
    found: list[tuple[Query, tuple[Hit, ...]]] = []
    for query in asked[:MAX_SEARCHES]:
        if time.monotonic() > deadline:
            break
        text = PREFIXES.get(query.want, "") + query.text
        found.append((query, search(text, filters=_FILTERS[query.want], limit=HITS).hits))
    ids = {hit.code_id for _, hits in found for hit in hits}
    rows = Code.objects.filter(pk__in=ids).values_list(
        "pk", "long_descriptor", "inclusion_terms", "valid_to"
    )
    today = timezone.localdate()
    held: dict[int, tuple[str, ...]] = {
        pk: (name, *terms) if name else ()
        for pk, name, terms, until in rows
        if until is None or until >= today
    }
    return [
        # What is out of use is not to shut out its successor.
        Answer(query, tuple(_meant(query, [h for h in hits if h.code_id in held], held)))
        for query, hits in found
    ]


def _meant(
    query: Query, hits: Sequence[Hit], names: Mapping[int, tuple[str, ...]]
) -> Iterable[Weighed]:
    parts = [plain_words(finding.text, finding.part) for finding in query.findings]
    weighed = [_weighed(query, hit, (hit.term, *names[hit.code_id])) for hit in hits]
    least = weighing.at_least(max((each.confidence for each in weighed), default=0.0))
    for each in weighed:
        if each.confidence < least or _is_misread(each.hit):
            continue
        if query.without and not weighing.says_without(query.without, each.hit):
            continue
        # "diabetes with neuropathy" is worth a search of its own only for codes that say both.
        if not query.is_joined or all(
            weighing.has_word_of(p, each.hit, each.names) for p in parts if p
        ):
            yield each


def _is_misread(hit: Hit) -> bool:
    """Return whether a spelling was mended into a word of another first letter: no typing error."""
    return hit.group is Group.CLOSE_SPELLINGS and any(
        typed[:1] != means.strip()[:1]
        for typed, _, means in (reading.partition(":") for reading in hit.readings)
    )


def _weighed(query: Query, hit: Hit, names: tuple[str, ...]) -> Weighed:
    prefix = PREFIXES.get(query.want, "")
    return Weighed(hit, weighing.confidence(query.text.split(), hit, names, beside=prefix), names)
