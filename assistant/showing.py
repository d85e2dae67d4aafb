"""A stored answer as pages and plain text show it. Pure: imports no Django."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

Plain = Mapping[str, Any]

MODES: Final = ("off", "codes_only", "full")
"""How much of a code system is shown, from nothing on."""

CODES_TOPIC: Final = "CPT Codes"
"""The topic about codes of any system; above what is said on it stand the systems it is about."""

SYSTEMS: Final = {
    "cpt": "CPT®",
    "hcpcs": "HCPCS Level II",
    "icd-10-cm": "ICD-10-CM",
    "icd-10-pcs": "ICD-10-PCS",
}

WHY: Final = {
    "unknown code": "a code that is not held here",
    "no data": "no data here for that",
    "no confident match": "nothing matches well enough",
    "locked": "the rest is not open to you",
    "licensed text": "the wording may not be shown here",
    "advice for a person": "no advice for a person",
    "outside coding": "not a question about coding",
    "no question found": "no question found",
}
"""Why an answer is not whole, by the engine's reason."""

SHORT_AT_MOST: Final = 4
"""Statements of a short answer, as the engine composes it."""


@dataclass(frozen=True, slots=True)
class Source:
    """One cited row."""

    title: str
    url: str
    table: str
    row: int
    line: int | None = None
    edition: str = ""
    file_name: str = ""
    effective_on: date | None = None
    is_sample: bool = False


@dataclass(frozen=True, slots=True)
class Origin:
    """A place of an edition, or of this site, that rows of a statement are from."""

    title: str
    url: str
    file_name: str = ""
    effective_on: date | None = None
    is_sample: bool = False
    lines: tuple[int, ...] = ()
    rows: tuple[tuple[str, tuple[int, ...]], ...] = ()
    """Table by table, in the order cited."""

    @property
    def printed_lines(self) -> str:
        """Lines of the file as readers see them: "line 3", "lines 3–5, 9"; "" without any."""
        return f"line{'s' if len(self.lines) > 1 else ''} {_runs(self.lines)}" if self.lines else ""

    @property
    def printed_rows(self) -> str:
        """Rows as readers see them: "row 4 of codes_code; rows 7–9 of codes_codenote"."""
        return "; ".join(
            f"row{'s' if len(rows) > 1 else ''} {_runs(rows)} of {table}"
            for table, rows in self.rows
        )


@dataclass(frozen=True, slots=True)
class Said:
    """One statement with its sources."""

    text: str
    kind: str
    topic: str
    sources: tuple[Source, ...] = ()

    @property
    def origins(self) -> list[Origin]:
        """The sources together that are of the same place of the same edition."""
        return [_origin(group) for group in _by_place(self.sources).values()]


@dataclass(slots=True)
class TopicGroup:
    """What is said beyond the short answer on one topic."""

    topic: str
    statements: list[Said] = field(default_factory=list)
    is_open: bool = False
    name: str = ""
    """What stands above it."""


@dataclass(slots=True)
class Part:
    """The answer to one question of a message."""

    short: list[Said] = field(default_factory=list)
    readings: list[Said] = field(default_factory=list)
    missing: list[Said] = field(default_factory=list)
    locked: list[Said] = field(default_factory=list)
    topics: list[TopicGroup] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Shown:
    """A whole answer."""

    parts: tuple[Part, ...]
    wording: tuple[Said, ...] = ()
    notices: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    codes: tuple[Plain, ...] = ()
    has_cpt: bool = False
    why: str = ""


def _by_place(sources: Iterable[Source]) -> dict[tuple[object, ...], list[Source]]:
    places: dict[tuple[object, ...], list[Source]] = {}
    for one in sources:
        places.setdefault((one.title, one.url, one.file_name, one.effective_on), []).append(one)
    return places


def _origin(sources: Sequence[Source]) -> Origin:
    first = sources[0]
    tables = dict.fromkeys(one.table for one in sources)
    return Origin(
        title=first.title,
        url=first.url,
        file_name=first.file_name,
        effective_on=first.effective_on,
        is_sample=first.is_sample,
        lines=tuple(sorted({one.line for one in sources if one.line})),
        rows=tuple(
            (table, tuple(sorted({one.row for one in sources if one.table == table})))
            for table in tables
        ),
    )


def _runs(numbers: Sequence[int]) -> str:
    """Return ascending numbers with runs of three and more as ranges: 1–3, 7, 8."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(
        f"{run[0]:,}–{run[-1]:,}" if len(run) > 2 else ", ".join(f"{one:,}" for one in run)
        for run in runs
    )


def show(answer: Plain, prose: Sequence[Plain] | None = None) -> Shown:
    """Return the answer in the order of the page: short first, the topic asked about open."""
    parts: dict[int, Part] = {}
    for statement in answer["statements"]:
        _put(parts.setdefault(statement["part"], Part()), _said(statement))
    codes = tuple(answer["codes"])
    for part in parts.values():
        _open(part)
        for group in part.topics:
            group.name = heading(codes) if group.topic == CODES_TOPIC else group.topic
    return Shown(
        parts=tuple(parts.values()),
        wording=tuple(_wording(answer, prose or ())),
        notices=tuple(answer["notices"]),
        follow_ups=tuple(one["text"] for one in answer["follow_ups"]),
        codes=codes,
        has_cpt=any(code["system"] == "cpt" for code in codes),
        why=WHY.get(reason := str(answer["reason"]), reason),
    )


def heading(codes: Sequence[Plain]) -> str:
    """Return what stands above statements about codes: their systems, those asked about first."""
    asked = [code for code in codes if code["is_subject"]] or codes
    slugs = {code["system"] for code in asked}
    named = [name for slug, name in SYSTEMS.items() if slug in slugs]
    if len(named) == 1 and len(asked) == 1:
        return f"{named[0]} code"
    return f"{' and '.join(named)} codes" if 0 < len(named) <= 2 else "Codes"


def may_show(then: Mapping[str, str], now: Mapping[str, str]) -> bool:
    """Return whether every code system is still shown at least as far as when it was answered."""
    return all(
        MODES.index(now.get(slug, "off")) >= MODES.index(mode) for slug, mode in then.items()
    )


def as_text(question: str, answer: Plain, base: str) -> str:
    """Return question and answer with numbered citations, to be copied or kept.

    ``base`` is the address of the site, without a slash at its end.
    """
    numbers: dict[Origin, int] = {}
    lines = [question, ""]
    for statement in answer["statements"]:
        said = _said(statement)
        marks = "".join(f" [{numbers.setdefault(one, len(numbers) + 1)}]" for one in said.origins)
        lines.append(f"{said.text}{marks}")
    lines += ["", *answer["notices"], "", "Sources"] if numbers else ["", *answer["notices"]]
    lines += [f"[{number}] {_cited(origin, base)}" for origin, number in numbers.items()]
    return "\n".join(lines).strip() + "\n"


def _cited(origin: Origin, base: str) -> str:
    place = f", {origin.printed_lines}" if origin.lines else ""
    name = f" ({origin.file_name}{place})" if origin.file_name else ""
    url = f", {base}{origin.url}" if origin.url else ""
    return f"{origin.title}{name}{url}, {origin.printed_rows}"


def _put(part: Part, said: Said) -> None:
    """Put a statement into its place; the engine says the short answer first, whatever its kind."""
    lists = {"reading": part.readings, "missing": part.missing, "locked": part.locked}
    if said.kind in ("short", "refusal") or (
        said.kind in ("quote", "missing") and _still_leads(part)
    ):
        part.short.append(said)
    elif said.kind in lists:
        lists[said.kind].append(said)
    else:
        _group(part, said.topic).statements.append(said)


def _still_leads(part: Part) -> bool:
    is_first = not (part.readings or part.missing or part.locked or part.topics)
    return is_first and len(part.short) < SHORT_AT_MOST


def _group(part: Part, topic: str) -> TopicGroup:
    group = next((one for one in part.topics if one.topic == topic), None)
    if group is None:
        group = TopicGroup(topic)
        part.topics.append(group)
    return group


def _open(part: Part) -> None:
    """Open the topic that the short answer begins with; where there is none, every topic."""
    for group in part.topics:
        group.is_open = not part.short or group.topic == part.short[0].topic


def _wording(answer: Plain, prose: Sequence[Plain]) -> Iterable[Said]:
    facts = {fact["id"]: fact for fact in answer["facts"]}
    for sentence in prose:
        cited = [facts[one] for one in sentence["facts"] if one in facts]
        sources = tuple(dict.fromkeys(s for fact in cited for s in _sources(fact["citations"])))
        yield Said(sentence["text"], "wording", "", sources)


def _said(statement: Plain) -> Said:
    sources = tuple(_sources(statement["citations"]))
    return Said(statement["text"], statement["kind"], statement["topic"], sources)


def _sources(citations: Iterable[Plain]) -> Iterable[Source]:
    for one in citations:
        edition = one["edition"] or {}
        day = edition.get("effective_on")
        yield Source(
            title=one["title"],
            url=one["url"],
            table=one["table"],
            row=one["row"],
            line=one["line"],
            edition=f"{edition['name']}, {edition['label']}" if edition else "",
            file_name=edition.get("file_name", ""),
            effective_on=date.fromisoformat(day) if day else None,
            is_sample=edition.get("is_sample", False),
        )
