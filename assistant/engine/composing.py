"""From facts to an answer: the short answer first, then the rest, each sentence bound to facts.

Pure: imports no Django.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from assistant.engine.answer import (
    Answer,
    CodeRef,
    Fact,
    FollowUp,
    Kind,
    Outcome,
    Reason,
    Statement,
    Topic,
)
from assistant.engine.ask import Ask
from assistant.engine.intents import TOPIC_OF, Intent

MAX_CHARACTERS: Final = 2_000
"""Of a message; the rest is not read."""
_SHORT_AT_MOST: Final = 4
_MATTER: Final = "missing.matter"
"""That what a question names is not held, as another payer's prices; said before all else."""
_ORDER: Final[Mapping[Intent, tuple[str, ...]]] = {
    intent: tuple(kinds.split())
    for intent, kinds in {
        Intent.WHAT_IS: (
            "unknown. map.icd9 dose curated lookalike. modifier.is code code.files deleted "
            "billable successor long"
        ),
        Intent.DIFFERENCE: "compare compare.values compare.parent modifier.is unknown.",
        Intent.WHICH_CODE: "missing.words hit. unknown. code modifier.is lookalike.",
        Intent.TOGETHER: (
            "pair. missing.ptp missing.ptp-practitioner locked.pair add_on.check "
            "| ptp.list none.together"
        ),
        Intent.UNITS: (
            "dose limit limit.none missing.mue missing.mue-practitioner none.units dose.unit"
        ),
        Intent.MODIFIERS: (
            "modifier.asked modifier.silent modifier.is modifier. ptp.opening "
            "none.modifiers authored.modifiers"
        ),
        Intent.COVERED: (
            "article pairing detail.Coverage none.covered missing.coverage "
            "| fee.reason policy.status"
        ),
        Intent.PAYS: (
            "factor fee fee.reason fee.anesthesia none.pays missing.mpfs fee.year missing.place "
            "outpatient"
        ),
        Intent.STATUS: (
            "| policy. none.status missing.mpfs missing.opps-b none.outpatient supervision "
            "outpatient"
        ),
        Intent.CHANGED: (
            "as_of used_on as_of.none missing.as_of history deleted none.changed detail.added "
            "successor valid predecessor"
        ),
        Intent.BILLABLE: (
            "unknown. as_of used_on as_of.none missing.as_of deleted billable successor children "
            "code.files"
        ),
        Intent.GUIDELINES: (
            "| curated family family.codes authored.guidelines note. seventh policy. add_on"
        ),
        Intent.MAP: (
            "| map. icd9 ccsr drg successor predecessor reference pairing authored.crosswalks "
            "missing.gem missing.gem-icd-10-cm-icd-9-cm missing.gem-icd-10-pcs-icd-9-cm "
            "missing.ccsr none.icd9 none.ccsr none.map missing.coverage"
        ),
        Intent.ADD_ON: "add_on add_on.pair add_on.check none.add_on missing.add-on-edits",
        Intent.COMPLIANCE: "curated authored.compliance supervision history detail.",
        Intent.HIERARCHY: "family family.codes children place",
    }.items()
}
"""Which facts answer which intent, by their kinds, the best first; one with a dot at its end
stands for all that begin so, and what follows a bar is for want of anything before it."""

_ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "icd9": (
        "none.icd9",
        "missing.gem-icd-10-cm-icd-9-cm",
        "missing.gem-icd-10-pcs-icd-9-cm",
    ),
    "ccsr": ("none.ccsr", "missing.ccsr"),
    "drg": (
        "lookalike.drg",
        "lookalike.logic",
        "unknown.drg",
        "none.drg",
        "missing.ms-drg-diagnoses",
        "missing.ms-drg-procedures",
        "missing.ms-drg",
        "locked.logic",
    ),
    "telehealth": ("missing.telehealth", "none.telehealth"),
    "successor": ("billable", "children"),
    "detail.Coverage": ("policy.status",),
}
"""What else answers a question that wants a kind of fact first, or says that there is none."""

_SECTION_OF: Final[Mapping[Topic, str]] = {
    Topic.GUIDELINES: "locked.guidelines",
    Topic.MODIFIERS: "locked.modifiers",
    Topic.CROSSWALKS: "locked.crosswalks",
    Topic.NCCI: "locked.ncci_edits",
    Topic.COMPLIANCE: "locked.compliance",
    Topic.COVERAGE: "locked.medicare_coverage",
}


@dataclass(slots=True)
class Part:
    """One question of a message with all that was found for it."""

    ask: Ask
    facts: list[Fact] = field(default_factory=list)
    refusals: list[tuple[Reason, str]] = field(default_factory=list)
    reasons: list[Reason] = field(default_factory=list)


def compose(parts: Sequence[Part]) -> tuple[list[Statement], Outcome, Reason]:
    """Return the statements of a message, question by question, the short answer of each first.

    A fact that answers one question shortly is told there and not again in the details of another,
    nor is the same sentence.
    """
    shorts = [_short(part.facts, _wanted(part.ask)) for part in parts]
    told = {fact.text for short in shorts for fact in short}
    statements: list[Statement] = []
    outcomes = []
    for number, (part, short) in enumerate(zip(parts, shorts, strict=True)):
        rest = [fact for fact in _by_topic(part.facts, part.ask.intents) if fact.text not in told]
        told |= {fact.text for fact in rest}
        statements += _statements(part, number, short, rest)
        outcomes.append(_outcome(part, short))
    return statements, *worst(outcomes)


def _wanted(ask: Ask) -> list[str]:
    """Return the kinds of facts that answer a question, the best first."""
    first = list(_ORDER[ask.intents[0]])
    if ask.reading.day and ask.intents[0] is Intent.WHAT_IS:
        first = ["as_of", "used_on", *first]
    if ask.intents[0] is Intent.PAYS and (ask.reading.modifiers or ask.modifiers):
        first[2:2] = ["modifier.asked"]  # behind the factor and the fee
    if Intent.PAYS in ask.intents[1:3]:
        first = ["fee", *first]
    aspects = [kind for aspect in ask.aspects for kind in (aspect, *_ALSO.get(aspect, ()))]
    is_of_several = ask.intents[0] in (Intent.TOGETHER, Intent.DIFFERENCE)
    if is_of_several:
        return [_MATTER, *first, *aspects]
    wants_notes = ask.intents[0] is Intent.GUIDELINES or any(map(_is_of_notes, ask.aspects))
    return [_MATTER, *(["as_of.notes"] if wants_notes else []), *aspects, *first]


def _is_of_notes(aspect: str) -> bool:
    return aspect.startswith(("note.", "seventh"))


def _statements(
    part: Part, number: int, short: Sequence[Fact], rest: Sequence[Fact]
) -> list[Statement]:
    topic = TOPIC_OF[part.ask.intents[0]]
    readings = [fact for fact in rest if fact.kind.startswith("reading")]
    details = [fact for fact in rest if fact not in readings]
    return [
        *(Statement(text, Kind.REFUSAL, (), topic, number) for _, text in part.refusals),
        *(_statement(fact, number, is_short=True) for fact in short),
        *(_statement(fact, number) for fact in [*readings, *details]),
    ]


def _short(facts: Sequence[Fact], wanted: Sequence[str]) -> list[Fact]:
    """Return the facts that answer first: of the first wanted kinds that there are."""
    chosen: list[Fact] = []
    for kind in wanted:
        if kind == "|":
            if any(fact.kind != "as_of.notes" for fact in chosen):
                break
            continue
        chosen += [f for f in facts if _is(f, kind) and f not in chosen]
        if len(chosen) >= _SHORT_AT_MOST:
            break
    if not chosen:
        chosen = [f for f in facts if f.kind.startswith(("unknown", "missing", "hit"))][:2]
        chosen = chosen or [f for f in facts if f.kind in ("code", "deleted", "billable")]
        chosen = chosen or [f for f in facts if not f.kind.startswith("reading")][:2]
    return list({fact.text: fact for fact in chosen}.values())[:_SHORT_AT_MOST]


def _is(fact: Fact, kind: str) -> bool:
    """Whether a fact is of a kind; ``policy.`` stands for it and all below it."""
    return fact.kind == kind.rstrip(".") or (kind[-1] == "." and fact.kind.startswith(kind))


def _by_topic(facts: Sequence[Fact], intents: Sequence[Intent]) -> list[Fact]:
    """Return the facts with the topics asked about first, each topic in its own order."""
    asked = list(dict.fromkeys(TOPIC_OF[intent] for intent in intents))
    order = [*asked, *(topic for topic in Topic if topic not in asked)]
    return sorted(facts, key=lambda fact: order.index(fact.topic))


def _statement(fact: Fact, part: int, *, is_short: bool = False) -> Statement:
    return Statement(fact.text, _kind_of(fact, is_short), (fact,), fact.topic, part)


def _kind_of(fact: Fact, is_short: bool) -> Kind:
    first = fact.kind.partition(".")[0]
    special = {"missing": Kind.MISSING, "locked": Kind.LOCKED, "reading": Kind.READING}
    if first in special:
        return special[first]
    if fact.is_quote:
        return Kind.QUOTE
    return Kind.SHORT if is_short else Kind.DETAIL


def _outcome(part: Part, short: Sequence[Fact]) -> tuple[Outcome, Reason]:
    """Say how far the question was answered, by what leads its answer."""
    said = [f for f in part.facts if not f.kind.startswith(("missing", "locked", "reading"))]
    said = [f for f in said if not f.kind.startswith("unknown")]
    reasons = [reason for reason, _ in part.refusals] + part.reasons
    kinds = {fact.kind.partition(".")[0] for fact in short}
    if "unknown" in {fact.kind.partition(".")[0] for fact in part.facts}:
        reasons.append(Reason.UNKNOWN_CODE)
    if kinds == {"missing"} or ("missing" in kinds and short[0].kind.startswith("missing")):
        reasons.append(Reason.NO_DATA)
    if _is_locked(part):  # of a pair the missing file matters more: registering would not help
        reasons.insert(len(reasons) if len(part.ask.reading.codes) > 1 else 0, Reason.LOCKED)
    if not said or Reason.NO_MATCH in reasons:
        return Outcome.REFUSED, (reasons or [Reason.NO_MATCH])[0]
    if reasons:
        return Outcome.PARTLY, reasons[0]
    return Outcome.ANSWERED, Reason.NONE


def _is_locked(part: Part) -> bool:
    """Whether the topic that was asked about is among what the asker has not opened."""
    topic = TOPIC_OF[part.ask.intents[0]]
    kinds = {_SECTION_OF.get(topic, "locked.descriptions"), "locked.files", "locked.document"}
    kinds.add("locked.logic")
    if topic is Topic.NCCI:
        kinds.add("locked.pair")
    return any(fact.kind in kinds for fact in part.facts)


# --- The whole message --------------------------------------------------------------------------


def worst(outcomes: Sequence[tuple[Outcome, Reason]]) -> tuple[Outcome, Reason]:
    """Return the outcome of a message from those of its questions."""
    if not outcomes:
        return Outcome.REFUSED, Reason.UNCLEAR
    kinds = {outcome for outcome, _ in outcomes}
    reason = next((reason for _, reason in outcomes if reason is not Reason.NONE), Reason.NONE)
    if kinds == {Outcome.ANSWERED}:
        return Outcome.ANSWERED, Reason.NONE
    return (Outcome.REFUSED if kinds == {Outcome.REFUSED} else Outcome.PARTLY), reason


_QUESTIONS: Final[Mapping[Topic, str]] = {
    Topic.CODES: "What is {0}?",
    Topic.GUIDELINES: "Guidelines for {0}",
    Topic.MODIFIERS: "Which modifiers go with {0}?",
    Topic.CROSSWALKS: "What does {0} map to?",
    Topic.NCCI: "What NCCI edits does {0} have?",
    Topic.COMPLIANCE: "What changed for {0}?",
    Topic.COVERAGE: "What does Medicare pay for {0}?",
}


def follow_ups(
    codes: Sequence[CodeRef], facts: Iterable[Fact], asked: set[Topic]
) -> list[FollowUp]:
    """Return questions that there are facts for and that were not asked, at most four."""
    subjects = [code for code in codes if code.is_subject][:1]
    if not subjects:
        hits = [code for code in codes if code.code_id][:3]
        topic = next(iter(asked), Topic.CODES)
        return [FollowUp(_QUESTIONS[topic].format(hit.display), topic) for hit in hits]
    topics = dict.fromkeys(fact.topic for fact in facts if not fact.kind.startswith("missing"))
    return [
        FollowUp(_QUESTIONS[topic].format(subjects[0].display), topic)
        for topic in topics
        if topic not in asked
    ][:4]


__all__ = ["Answer", "Part", "compose", "follow_ups", "worst"]
