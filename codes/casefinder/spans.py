"""Cuts a sentence into the runs of words between cues, commas and connecting words. No Django.

A part of a blank spaCy pipeline: the runs are the spans whose meaning ``reach`` then decides.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from codes.casefinder.cues import ALL, phrases

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

SPANS = "findings"
_JOINING = phrases(
    """
    and | or | with | w/ | & | plus | as well as | along with | and/or | associated with |
    complicated by | accompanied by | in addition to | including | such as | due to | secondary to |
    because of | caused by | from | in setting of | in the setting of | related to | resulting in |
    causing | after | following | since | during | for | who | which | that | on | but | while |
    when | then | to | by | by means of
    """
)
_PUNCTUATION = frozenset(', ; : . ! ( ) [ ] + - -- = ... -> | … " > * #'.split())  # noqa: SIM905  # clearer


class Spans:
    """Marks the runs of words that are no cue, and how each is joined to the one before."""

    def __init__(self, nlp: "Language") -> None:
        from spacy.matcher import PhraseMatcher
        from spacy.tokens import Doc, Span

        self.cues = PhraseMatcher(nlp.vocab, attr="LOWER")
        self.pseudo = PhraseMatcher(nlp.vocab, attr="LOWER")
        pipe = nlp.tokenizer.pipe  # type: ignore[union-attr]  # a blank pipeline's has one
        words = {w for c in ALL.values() for w in (*c.before, *c.behind, *c.near, *c.around)}
        ends = {w for c in ALL.values() for w in c.ends}
        self.cues.add("cue", list(pipe(sorted(words))))
        self.cues.add("end", list(pipe(sorted(ends))))
        self.cues.add("join", list(pipe(_JOINING)))
        self.pseudo.add("pseudo", list(pipe(sorted({w for c in ALL.values() for w in c.pseudo}))))
        if not Span.has_extension("joined"):
            Span.set_extension("joined", default="")
        if not Doc.has_extension("items"):
            Doc.set_extension("items", default=())

    def __call__(self, doc: "Doc") -> "Doc":
        for token in doc:
            token.is_sent_start = token.i == 0
        is_cue = self._marked(doc)
        spans: list[Any] = []
        run: list[int] = []
        joined = ""
        for token in doc:
            if is_cue[token.i] or token.is_space or _breaks(doc, token.i):
                if run:
                    spans.append(self._span(doc, run, joined))
                    joined, run = "", []
                joined = f"{joined} {token.lower_}".strip() if not token.is_space else joined
                continue
            run.append(token.i)
        if run:
            spans.append(self._span(doc, run, joined))
        doc.spans[SPANS] = spans
        return doc

    def _marked(self, doc: "Doc") -> list[bool]:
        """Return which tokens belong to a cue; what a longer look-alike holds does not."""
        marked = [False] * len(doc)
        for _, start, end in outside(self.cues(doc), self.pseudo(doc)):
            marked[start:end] = [True] * (end - start)
        return marked

    @staticmethod
    def _span(doc: "Doc", run: list[int], joined: str) -> Any:
        span = doc[run[0] : run[-1] + 1]
        span._.joined = joined
        return span


def _breaks(doc: "Doc", at: int) -> bool:
    """Return whether a token is punctuation between words, not the hyphen or slash within one."""
    if doc[at].text not in _PUNCTUATION:
        return False
    is_within = at > 0 and not doc[at - 1].whitespace_ and not doc[at].whitespace_
    return not (is_within and doc[at].text in "-.:+*#>" and at + 1 < len(doc))


def outside(matches: Iterable[Any], others: Sequence[Any]) -> list[Any]:
    """Return the matches that touch none of the others, or hold the whole of it."""
    return [
        (key, start, end)
        for key, start, end in matches
        if not any(a < end and start < b and not (start <= a and b <= end) for _, a, b in others)
    ]
