"""Clinical text to codes: candidates for each sentence of a note, with what to see to.

Nothing of the note is stored. The work is bounded: ``MAX_SEARCHES`` searches and ``MAX_SECONDS``,
the most telling sections first; what was left out is said.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from codes.casefinder import stems
from codes.casefinder.candidates import Support, by_sentence
from codes.casefinder.conflicts import Conflict, conflicts
from codes.casefinder.cues import Status
from codes.casefinder.findings import Finding, read
from codes.casefinder.passages import sentences
from codes.casefinder.proposing import candidates_of
from codes.casefinder.queries import Query, Want, queries
from codes.casefinder.searching import searched
from codes.casefinder.treatment import past_cancers
from codes.identifiers import Kind, mask
from codes.models import Code

MAX_CHARACTERS = 20_000


class NoteTooLong(ValueError):
    """The note has more than ``MAX_CHARACTERS`` characters."""


@dataclass(slots=True)
class Reading:
    """What a note leads to. ``searched`` of ``queries`` were done within the limits."""

    note: str
    """Masked."""
    identifiers: tuple[Kind, ...]
    supports: list[Support]
    conflicts: list[Conflict]
    denied: list[Finding]
    queries: int = 0
    searched: int = 0

    @property
    def left_out(self) -> int:
        """How many searches were left out."""
        return self.queries - self.searched

    @property
    def certain(self) -> list[Support]:
        """The sentences with candidates."""
        return [support for support in self.supports if support.candidates]

    @property
    def uncertain(self) -> list[Support]:
        """The sentences with uncertain diagnoses."""
        return [support for support in self.supports if support.uncertain]


def find(text: str) -> Reading:
    """Return what a note leads to. ``NoteTooLong`` beyond the limit; the note is masked first.

    At most ten queries beside one for each search.
    """
    if len(text) > MAX_CHARACTERS:
        raise NoteTooLong(
            f"The note has {len(text):,} characters; {MAX_CHARACTERS:,} are the most."
        )
    masked = mask(text)
    findings = past_cancers(read(sentences(masked.text)))
    asked = _distinct(queries(findings))
    answers = searched(asked)
    candidates = candidates_of(masked.text, findings, answers)
    stems.forget()
    supports = by_sentence(candidates)
    leading = [c.code for s in supports for c in s.candidates if c.is_leading]
    return Reading(
        note=masked.text,
        identifiers=masked.kinds,
        supports=supports,
        conflicts=conflicts(_once(leading)),
        denied=[finding for finding in findings if finding.status is Status.DENIED],
        queries=len(asked),
        searched=len(answers),
    )


def _distinct(asked: Iterable[Query]) -> list[Query]:
    """Return the queries without those whose words were asked before; the first place counts."""
    seen: dict[tuple[str, Want, Status], Query] = {}
    for query in asked:
        seen.setdefault((query.text.lower(), query.want, query.status), query)
    return list(seen.values())


def _once(codes: Iterable[Code]) -> list[Code]:
    return list({code.pk: code for code in codes}.values())
