"""Infectious agents beside the diseases that ask for them (B95–B97). Two queries at most.

Guidelines I.C.1.b and I.B.7: a disease of another chapter that does not name its agent has the
agent's code after it, where the tabular list says "use additional code", or the note links them.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from codes.casefinder.agent_rules import AGENTS, CARRIED, CAUSES, DISEASES, GREW
from codes.casefinder.candidates import Candidate
from codes.casefinder.conflicts import ICD, TabularNote, tabular_notes
from codes.casefinder.content import content_words
from codes.casefinder.cues import Status
from codes.casefinder.findings import Finding
from codes.casefinder.lookup import by_display
from codes.casefinder.stems import stems
from codes.casefinder.words import WEAK
from codes.models import Code, CodeNote

_SOURCE = "Guidelines sections I.C.1.b (infectious agents) and I.B.7 (use additional code)"
_AGENTS = ("B95", "B96", "B97")
_UNPLACED = ("A49", "B34")
"""Infections of no named place: not where the agent stands beside its disease (Excludes1)."""


@dataclass(frozen=True, slots=True)
class _Mention:
    display: str
    name: str
    finding: Finding

    @property
    def is_alone(self) -> bool:
        """Return whether the finding names nothing beside the agent."""
        words = {one for w in content_words(self.finding.text) if w not in WEAK for one in stems(w)}
        return words <= stems(self.name)


def with_agents(candidates: Sequence[Candidate], findings: Sequence[Finding]) -> list[Candidate]:
    """Return the candidates with the agents of their diseases, and without stray ones.

    What a search found for an agent's name alone, such as an infection of no named place, goes.
    """
    mentions = [each for finding in findings for each in _mentions(finding)]
    stray = [each for each in candidates if not each.code.key.startswith(_AGENTS)]
    if not mentions:
        return stray
    diseases = [each for each in stray if _is_disease(each)]
    notes = tabular_notes([each.code for each in diseases])
    wanted = {m: d for m in mentions if (d := _disease_of(m, diseases, notes, findings))}
    codes = by_display([each.display for each in wanted])
    kept = [each for each in stray if not _is_for_agent_alone(each, wanted)]
    return [*kept, *(_candidate(m, codes[m.display], d) for m, d in _once(wanted, codes))]


def _mentions(finding: Finding) -> Iterator[_Mention]:
    """Yield the agents that a finding states, each part of its words once."""
    if finding.status is not Status.STATED or CARRIED.search(finding.sentence.text):
        return
    rest = finding.text
    for display, pattern in AGENTS:
        match = pattern.search(rest)
        if match:
            yield _Mention(display, match[0], finding)
            rest = rest.replace(match[0], " ")


def _is_disease(candidate: Candidate) -> bool:
    return (
        candidate.code.system.slug == ICD
        and candidate.status is Status.STATED
        and candidate.is_leading
        and not candidate.less_than
    )


def _disease_of(
    mention: _Mention,
    diseases: Sequence[Candidate],
    notes: Mapping[int, Sequence[TabularNote]],
    findings: Sequence[Finding],
) -> Candidate | None:
    """Return the disease that has this agent, unless one of its sentence names it itself."""
    beside = [
        each
        for each in diseases
        if each.findings[0].sentence == mention.finding.sentence
        and not (each.surplus and mention.is_alone and each.findings == (mention.finding,))
    ]
    if any(_names(each.code, mention) for each in beside):
        return None
    asking = [d for d in diseases if _asks(d.code, notes.get(d.code.pk, ()), mention.display)]
    near = next((d for d in asking if d in beside), None)
    if near or (asking and GREW.search(mention.finding.sentence.text)):
        return near or asking[0]
    return next((d for d in beside if _is_joined(d, mention, findings)), None)


def _names(code: Code, mention: _Mention) -> bool:
    return not code.key.startswith(("A49", "B34")) and any(
        _finds(mention.display, name) for name in (code.long_descriptor, *code.inclusion_terms)
    )


def _finds(display: str, name: str) -> bool:
    return any(shown == display and pattern.search(name) for shown, pattern in AGENTS)


def _asks(code: Code, notes: Sequence[TabularNote], agent: str) -> bool:
    key = agent.replace(".", "")
    return code.key.startswith(DISEASES.get(agent, ("-",))) or any(
        note.kind is CodeNote.Kind.USE_ADDITIONAL and any(ref.covers(key) for ref in note.refers_to)
        for note in notes
    )


def _is_joined(disease: Candidate, mention: _Mention, findings: Sequence[Finding]) -> bool:
    """Return whether the note says that the agent is the cause: "ulcer due to H. pylori"."""
    places = {id(finding): place for place, finding in enumerate(findings)}
    follows = places[id(mention.finding)] == places[id(disease.findings[-1])] + 1
    return follows and bool(CAUSES.match(mention.finding.joined))


def _is_for_agent_alone(candidate: Candidate, wanted: Mapping[_Mention, Candidate]) -> bool:
    return any(
        candidate.findings == (mention.finding,)
        and (candidate.surplus or candidate.code.key.startswith(_UNPLACED))
        and mention.is_alone
        for mention in wanted
    )


def _once(
    wanted: Mapping[_Mention, Candidate], codes: Mapping[str, Code]
) -> Iterator[tuple[_Mention, Candidate]]:
    seen: set[tuple[str, int]] = set()
    for mention, disease in wanted.items():
        mark = (mention.display, mention.finding.sentence.start)
        if mention.display in codes and mark not in seen:
            seen.add(mark)
            yield mention, disease


def _candidate(mention: _Mention, code: Code, disease: Candidate) -> Candidate:
    return Candidate(
        code=code,
        confidence=1.0,
        status=Status.STATED,
        findings=(mention.finding,),
        why=f"the agent, after {disease.code.display}",
        source=_SOURCE,
        rank=1,
    )
