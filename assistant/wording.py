"""Checks a language model's prose against the facts that it cites; keeps what holds. Pure.

A model may choose words, never facts. A sentence stays only if it names the facts that it rests
on, if every code, number, date and modifier in it stands in them (engine/guard.py), if it says yes
and no as they do, and if it speaks of nothing that they do not speak of. The last two matter since
a sentence such as “99213 is a heart transplant and may be billed together with 99214” invents
without a single new number.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import Any, Final

import snowballstemmer

from assistant.engine.answer import Fact
from assistant.engine.guard import tokens, unproven

MAX_SENTENCES: Final = 8
MAX_LENGTH: Final = 400

_MARKS: Final = re.compile(r"\[\s*(F\d{1,3}(?:\s*[,;]\s*F\d{1,3})*)\s*\]")
_SENTENCE: Final = re.compile(
    r"[^.!?\n]+(?:[.!?](?=\S)[^.!?\n]+)*[.!?]*(?:[ \t]*\[\s*F[\d,;\sF]*\])*[.!?]*"
)
_WORD: Final = re.compile(r"[A-Za-z]{3,}")
_LINK: Final = re.compile(r"https?:|www\.|@|[<>{}]|`")
_NO: Final = re.compile(
    r"\b(?:not?|never|none|neither|nor|cannot|without|unless|except|exclud\w*|den(?:y|ied|ies)"
    r"|unbillable|uncovered|invalid|deleted|ended|barred)\b|n['’]t\b",
    re.I,
)
_MAY: Final = re.compile(r"\b(?:may|can|allowed|allows?|permitted|permits?|might|could)\b", re.I)
_MUST: Final = re.compile(r"\b(?:must|required|requires?|always|only|shall|needs?)\b", re.I)
_STEMMER: Final = snowballstemmer.stemmer("english")
_stemming = Lock()
_GLUE: Final = frozenset(
    re.findall(
        r"\w+",
        """
    about above according account add added adding additional after all also amount and another
    answer any apply applies applied are ask asked based because been before being below between
    bill billable billed billing both but case cited code coded coder codes coding comes
    considered could current currently data date day days described description descriptor
    detail details does each edition effect entry fact facts file first follow following follows
    for found from given gives had has have held here his how however identified identifies
    include included includes including information into its itself known lists listed made mean
    means more most named namely names number off often one only other our over page per place
    please procedure provided provides question refer referred refers regarding related release
    reported reporting represents row rows rule rules said same says second see seen service
    services set should show shown shows since site so some source states stated such system
    than that the their them then there therefore these they this those through together too two
    under until use used user using value was well were what when where whether which while who
    will with within would you your
    """,
    )
)
"""Words that say nothing about a code by themselves."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence that holds, and the ids of the facts that it rests on."""

    text: str
    facts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prose:
    """What is left of a model's text. ``removed`` counts the sentences that did not hold."""

    sentences: tuple[Sentence, ...]
    removed: int
    why: tuple[str, ...] = ()

    def as_plain(self) -> list[dict[str, Any]]:
        """Return it as values for JSON."""
        return [{"text": one.text, "facts": list(one.facts)} for one in self.sentences]


def checked(text: str, facts: Sequence[Fact]) -> Prose:
    """Return the sentences of a text that their facts bear out, in order."""
    by_id = {fact.id: fact for fact in facts}
    kept: list[Sentence] = []
    why: list[str] = []
    for raw in _sentences(text):
        sentence = _read(raw)
        fault = _fault(sentence, by_id)
        if not fault and len(kept) < MAX_SENTENCES:
            kept.append(sentence)
        else:
            why.append(fault or "too long an answer")
    return Prose(tuple(kept), len(why), tuple(why))


def _sentences(text: str) -> Iterable[str]:
    for found in _SENTENCE.findall(text):
        if re.search(r"\w", _MARKS.sub("", found)):
            yield found.strip()


def _read(raw: str) -> Sentence:
    ids = [one.strip() for marks in _MARKS.findall(raw) for one in re.split("[,;]", marks)]
    text = _MARKS.sub("", raw)
    text = re.sub(r"\s+([.,;:!?])", r"\1", " ".join(text.split())).lstrip("-*•# ")
    return Sentence(text, tuple(dict.fromkeys(ids)))


def _fault(sentence: Sentence, by_id: Mapping[str, Fact]) -> str:
    """Return why a sentence does not hold; empty for one that does."""
    cited = [by_id[one] for one in sentence.facts if one in by_id]
    if not cited:
        return "names no fact"
    if len(cited) < len(sentence.facts):
        return "names a fact that is not there"
    if len(sentence.text) > MAX_LENGTH or _LINK.search(sentence.text):
        return "no plain sentence"
    if missing := unproven(sentence.text, cited):
        return f"not in its facts: {', '.join(sorted(missing))}"
    if turned := _turned(sentence.text, cited):
        return f"turned: {turned}"
    if foreign := _foreign(sentence.text, cited):
        return f"speaks of: {', '.join(sorted(foreign))}"
    return "" if tokens(sentence.text) or _words(sentence.text) - _GLUE else "says nothing"


def _turned(text: str, cited: Sequence[Fact]) -> str:
    """Return which of not, may and must differs between a sentence and the facts under it.

    A sentence that denies needs a fact that denies, and may not leave a denial out; it may not
    permit or demand what no fact does.
    """
    said = " ".join(fact.text for fact in cited)
    if bool(_NO.search(text)) is not bool(_NO.search(said)):
        return "not"
    if _MAY.search(text) and not _MAY.search(said):
        return "may"
    if _MUST.search(text) and not _MUST.search(said):
        return "must"
    return ""


def _foreign(text: str, cited: Sequence[Fact]) -> set[str]:
    """Return the words of a sentence that neither its facts nor plain grammar hold."""
    known = {
        _stem(word)
        for fact in cited
        for said in (fact.text, *fact.values, *fact.meaning, *fact.derived, *fact.asked)
        for word in _words(said)
    }
    known |= {_stem(word) for fact in cited for word in _words(_editions(fact))}
    return {word for word in _words(text) if word not in _GLUE and _stem(word) not in known}


def _editions(fact: Fact) -> str:
    return " ".join(
        f"{one.title} {one.edition.name} {one.edition.label}" if one.edition else one.title
        for one in fact.citations
    )


def _words(text: str) -> set[str]:
    return {word.lower() for word in _WORD.findall(text)}


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    with _stemming:  # a stemmer works on itself
        return str(_STEMMER.stemWord(word))
