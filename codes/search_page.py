"""What a page of results says beside the codes: groups, reasons, filters as links. Pure.

Imports no Django. Every state of the page is an address: a filter is a link that adds or takes
away one parameter and begins again at the first page.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from codes.search.answers import Facet, Filters, Group, TermKind

GROUPS: Final[Mapping[Group, str]] = {
    Group.EXACT_CODE: "This code",
    Group.CODE_PREFIX: "Codes that begin so",
    Group.CODE_RANGE: "Codes of this range",
    Group.EXACT_DESCRIPTOR: "Named exactly so",
    Group.ALL_WORDS: "All words",
    Group.MOST_WORDS: "Most words",
    Group.CLOSE_SPELLINGS: "Close spellings",
}
"""The heading of each group of hits."""
SEVERAL: Final[Mapping[Group, str]] = {Group.EXACT_CODE: "These codes"}
"""The same of more than one hit, where it differs."""
BEST: Final[Mapping[Group, str]] = {
    Group.MOST_WORDS: "No code has all of these words.",
    Group.CLOSE_SPELLINGS: "No code has these words as they are spelled.",
}
"""What it means that a group is the best there is, where that does not go without saying."""
CLOSE_NUMBERS: Final = "It looks like a code, but no code system on this site has it."
"""The same where the text is a number of a code, or seems to be."""

REASONS: Final[Mapping[TermKind, str]] = {
    TermKind.INCLUSION_TERM: "Includes",
    TermKind.INDEX_TERM: "In the index",
    TermKind.CONSUMER_WORD: "In plain words",
    TermKind.SYNONYM: "Also called",
}
"""What stands before the name that matched, where it is not the descriptor."""
CLOSED: Final[Mapping[TermKind, str]] = {
    TermKind.DESCRIPTOR: "In its full wording",
    TermKind.INCLUSION_TERM: "In an inclusion term",
    TermKind.INDEX_TERM: "In the index",
    TermKind.CONSUMER_WORD: "In its plain words",
}
"""What is said instead of a name that only a counted view of the code shows."""

PARAMETERS: Final[Mapping[str, str]] = {
    "systems": "system",
    "chapter": "chapter",
    "section": "section",
    "billable": "billable",
    "has_coverage": "coverage",
}
"""How the filters that have facets are called in the address."""
TITLES: Final[Mapping[str, str]] = {
    "systems": "Code system",
    "billable": "Billable",
    "has_coverage": "Medicare coverage",
    "chapter": "Chapter",
    "section": "Section",
}
SHOWN: Final = 6
"""How many values of a facet stand open; the rest is folded away."""


@dataclass(frozen=True, slots=True)
class State:
    """What the address asks for, beside the number of the page."""

    query: str
    systems: tuple[str, ...] = ()
    chapter: str = ""
    section: str = ""
    billable: str = ""
    coverage: str = ""
    on: date | None = None

    @property
    def filters(self) -> Filters:
        """The same as the search takes it."""
        return Filters(
            systems=self.systems,
            chapter=self.chapter,
            section=self.section,
            billable=_yes_no(self.billable),
            on=self.on,
            has_coverage=_yes_no(self.coverage),
        )

    def values(self, name: str) -> tuple[str, ...]:
        """Return what is chosen of a facet."""
        if name == "systems":
            return self.systems
        one: str = getattr(self, PARAMETERS[name])
        return (one,) if one else ()

    def pairs(self) -> list[tuple[str, str]]:
        """Return the parameters of the address, without those that are unset."""
        pairs = [("q", self.query), *(("system", slug) for slug in self.systems)]
        for name in ("chapter", "section", "billable", "coverage"):
            pairs.append((name, getattr(self, name)))
        pairs.append(("on", self.on.isoformat() if self.on else ""))
        return [(name, value) for name, value in pairs if value]

    def toggled(self, name: str, value: str) -> str:
        """Return the query string with one value more or less; systems add up, others replace.

        A chapter belongs to its system and a section to its chapter, so they go with them.
        """
        parameter = PARAMETERS.get(name, name)
        gone = {"systems": {"chapter", "section"}, "chapter": {"chapter", "section"}}
        without = gone.get(name, {parameter})
        is_on = (parameter, value) in self.pairs()
        pairs = [pair for pair in self.pairs() if pair[0] not in without]
        if is_on:
            pairs = [pair for pair in pairs if pair != (parameter, value)]
        else:
            pairs.append((parameter, value))
        return "?" + urlencode(pairs)

    def cleared(self) -> str:
        """Return the query string without any filter."""
        return "?" + urlencode([("q", self.query)])


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter as a link. ``key`` is unique on the page, for the focus."""

    key: str
    label: str
    count: int | None
    address: str
    is_on: bool


@dataclass(frozen=True, slots=True)
class FilterGroup:
    """The values of one filter; ``more`` are folded away."""

    name: str
    title: str
    choices: Sequence[Choice]
    more: Sequence[Choice] = ()


def filter_groups(state: State, facets: Iterable[Facet]) -> list[FilterGroup]:
    """Return the filters in their order, each value as a link with its count."""
    by_name: dict[str, list[Facet]] = {}
    for facet in facets:
        by_name.setdefault(facet.name, []).append(facet)
    return [
        _group(state, name, by_name.get(name, ()))
        for name in TITLES
        if _narrows(state, name, by_name)
    ]


def active(state: State, facets: Iterable[Facet]) -> list[Choice]:
    """Return what is chosen, each as a link that takes it away; labels as the facets have them."""
    labels = {(facet.name, facet.value): facet.label for facet in facets}
    chosen = [(name, value) for name in TITLES for value in state.values(name)]
    choices = [
        _choice(state, Facet(name, value, labels.get((name, value), value), 0), counted=False)
        for name, value in chosen
    ]
    if state.on:
        words = f"Valid on {state.on:%-d %B %Y}"
        address = state.toggled("on", state.on.isoformat())
        choices.append(Choice("on", words, None, address, is_on=True))
    return choices


def fewer_words(state: State) -> Iterator[tuple[str, str]]:
    """Yield single words of a query that found nothing, each with its address."""
    words = dict.fromkeys(word for word in state.query.split() if len(word) > 2)
    if len(words) > 1:
        for word in list(words)[:8]:
            yield word, "?" + urlencode([("q", word)])


def reading(text: str, query: str) -> tuple[str, str]:
    """Return what was typed and what it was read as, of "mi: myocardial infarction".

    What was typed is as it stands in the query.
    """
    typed, _, meant = text.partition(": ")
    at = query.lower().find(typed.lower())
    return (query[at : at + len(typed)] if at >= 0 else typed), meant


def _group(state: State, name: str, facets: Sequence[Facet]) -> FilterGroup:
    choices = [_choice(state, facet) for facet in facets]
    # What is chosen stays in sight, however few matches it has.
    choices.sort(key=lambda choice: not choice.is_on)
    return FilterGroup(name, TITLES[name], choices[:SHOWN], choices[SHOWN:])


def _choice(state: State, facet: Facet, *, counted: bool = True) -> Choice:
    is_on = facet.value in state.values(facet.name)
    return Choice(
        key=f"{PARAMETERS[facet.name]}-{facet.value}",
        label=_label(facet),
        count=facet.count if counted else None,
        address=state.toggled(facet.name, facet.value),
        is_on=is_on,
    )


def _label(facet: Facet) -> str:
    if facet.name == "has_coverage":
        return "Named by a document" if facet.value == "yes" else "In no document"
    if facet.name == "billable":
        return "Billable" if facet.value == "yes" else "Not billable"
    return facet.label or facet.value


def _narrows(state: State, name: str, by_name: Mapping[str, Sequence[Facet]]) -> bool:
    """Return whether the filter helps: not with one value for all.

    Sections of many chapters side by side would say little, so they wait until one is chosen.
    """
    if state.values(name):
        return True
    is_within = name != "section" or bool(state.chapter) or len(by_name.get("chapter", ())) == 1
    return is_within and len(by_name.get(name, ())) > 1


def _yes_no(value: str) -> bool | None:
    return {"yes": True, "no": False}.get(value)
