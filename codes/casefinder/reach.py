"""How far a cue reaches: NegEx, made safe for spans of any length. Imports no Django.

Where NegEx would leave a span out, because words inside it end the reach, we read more carefully:
a denied finding must never pass for a stated one.
"""

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

from codes.casefinder.cues import BEHIND_ITEM, OPENERS, TESTS, TURNS, VERBS, Cues
from codes.casefinder.spans import SPANS, outside

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

_Match = tuple[int, int]
FEW_WORDS = 5
"""Between the first of several tests and the word that says that all of them were negative."""


@cache
def reach_class(negex: type) -> type:
    """Return NegEx with a reach that is safe for spans of any length."""

    class Reach(negex):  # type: ignore[misc]  # negspacy publishes no types
        def __init__(self, nlp: "Language", name: str, cues: Cues, extension: str) -> None:
            termset = {
                "pseudo_negations": list(cues.pseudo),
                "preceding_negations": list(cues.before),
                "following_negations": [*cues.behind, *cues.near, *cues.around],
                "termination": list(cues.ends),
            }
            self.far = set(cues.behind)
            self.minds_verbs = cues.minds_verbs
            self.around = set(cues.around)
            super().__init__(nlp, name, termset, extension_name=extension, span_keys=[SPANS])

        def process_negations(self, doc: "Doc") -> tuple[list[Any], list[Any], list[Any]]:
            """Return what precedes, follows and ends; the longest phrase at a place counts.

            NegEx would end the reach of "denies having had" at its own "had".
            """
            kinds = self.nlp.vocab.strings
            found: dict[str, list[Any]] = {
                "pseudo": [],
                "Preceding": [],
                "Following": [],
                "Termination": [],
            }
            for match in self.matcher(doc):
                found[kinds[match[0]]].append(match)
            pseudo = found["pseudo"]
            before = outside(_longest(found["Preceding"]), pseudo)
            behind = outside(_longest(found["Following"]), pseudo)
            ends = _apart_from(found["Termination"], [*before, *behind, *pseudo])
            ends = [match for match in ends if not _hangs_on(match, before, ends)]
            verbs = [(0, token.i, token.i + 1) for token in doc if self._opens(doc, token)]
            verbs = _apart_from(verbs, [*before, *behind, *pseudo])
            return before, behind, [*ends, *verbs]

        def _opens(self, doc: "Doc", token: Any) -> bool:
            """Return whether a verb begins a new statement here."""
            if not self.minds_verbs or token.lower_ not in VERBS or token.i == 0:
                return False
            return doc[token.i - 1].lower_ in OPENERS

        def termination_boundaries(self, doc: "Doc", terminating: list[Any]) -> list[_Match]:
            """Return stretches that begin at an end; there is one sentence in a document."""
            starts = sorted({0, *(match[1] for match in terminating)})
            return list(zip(starts, [*starts[1:], len(doc)], strict=True))

        def negex(self, doc: "Doc") -> "Doc":
            """Set the extension on every span that a cue reaches."""
            before, behind, ends = self.process_negations(doc)
            for start, end in self.termination_boundaries(doc, ends):
                inside = [span for span in doc.spans[SPANS] if start <= span.start < end]
                preceding = [match for match in before if start <= match[1] < end]
                for span in inside:
                    reaches = [match for match in behind if self._reaches_back(doc, span, match)]
                    self._apply_negation(span, preceding, reaches)
            return doc

        def _reaches_back(self, doc: "Doc", span: Any, match: Any) -> bool:
            _, start, end = match
            if start < span.end:
                return False
            between = [token.lower_ for token in doc[span.end : start]]
            words = doc[start:end].text.lower()
            if not TURNS.isdisjoint(between) or ";" in between:
                return False
            if words in self.far:
                return True
            if words in self.around:
                return not any(text.isalpha() for text in between)
            if "," not in between and not TESTS.isdisjoint(between):
                return _ends_item(doc, end) and _is_close(between, FEW_WORDS)
            return "," not in between and _ends_item(doc, end) and _is_close(between)

    return Reach


def _hangs_on(match: Any, before: Sequence[Any], ends: Sequence[Any]) -> bool:
    """Return whether an end stands right behind a denial: "no current", "denies presenting"."""
    starts = {match[1]}
    starts |= {start for _, start, end in ends if end == match[1]}
    return any(end in starts for _, _, end in before)


def _longest(matches: Iterable[Any]) -> list[Any]:
    """Return the matches that lie in no longer one."""
    rows = list(matches)
    return [
        (key, start, end)
        for key, start, end in rows
        if not any(a <= start and end <= b and b - a > end - start for _, a, b in rows)
    ]


def _apart_from(matches: Iterable[Any], others: Sequence[Any]) -> list[Any]:
    """Return the matches that do not touch any of the others."""
    return [m for m in matches if not any(a < m[2] and m[1] < b for _, a, b in others)]


def _ends_item(doc: "Doc", at: int) -> bool:
    """Return whether nothing of the list item follows, but how or by what it was seen."""
    return at >= len(doc) or not doc[at].text[:1].isalnum() or doc[at].lower_ in BEHIND_ITEM


def _is_close(between: list[str], words: int = 2) -> bool:
    """Return whether a word behind a finding still speaks of it."""
    return sum(text.isalpha() for text in between) <= words
