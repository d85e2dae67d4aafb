"""Crosswalks: codes of other kinds or years that belong to a code, each by its own file."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from codes.facts import PROCEDURE_SYSTEMS, AddOnEdit, Crosswalk, DrgLogic
from codes.models import Code
from codes.remembered import remembered
from codes.sections.authored import AuthoredSection
from codes.sections.code_links import CodeLink, procedures
from codes.sections.covered_pairs import number_of_others, pairings
from codes.sections.drg_logic import logic_of, uses
from codes.sections.editions import held
from codes.sections.equivalences import body_system, flags_in_words, printed_icd9
from codes.sections.medicare_coverage import hcpcs_detail
from codes.sections.options import SectionOptions
from codes.sections.policy import CONTRACTOR_DEFINED, add_on_edits
from codes.successors import successors_of

_PAIRED: Final = (*PROCEDURE_SYSTEMS, "icd-10-cm")
_SHOWN_FIRST: Final = 20


@dataclass(frozen=True, slots=True)
class Equivalence:
    """A code of another system, with what the map says of it."""

    fact: Crosswalk
    display: str
    meaning: str


@dataclass(frozen=True, slots=True)
class AddOnPair:
    """A code on the other side of an add-on code edit."""

    link: CodeLink
    fact: AddOnEdit


@dataclass(frozen=True, slots=True)
class AddOnPairs:
    """The primary codes of an add-on code, or the other way round; ``total`` counts them all."""

    are_primaries: bool
    entries: list[AddOnPair]
    total: int
    is_contractor_defined: bool = False


class CrosswalksSection(AuthoredSection):
    """Diagnoses of coverage articles, add-on pairs, maps, categories, groups, replaced codes."""

    template = "codes/sections/_crosswalks.html"

    def __init__(self) -> None:
        super().__init__("crosswalks")

    def holds(self, code: Code) -> list[str]:
        """Return counts with their editions; at most six queries beside the texts."""
        phrases = super().holds(code)
        slug = code.system.slug
        if slug in _PAIRED:
            noun = "diagnosis|diagnoses" if slug in PROCEDURE_SYSTEMS else "procedure|procedures"
            phrases += _count(number_of_others(code, None), noun, "in articles")
        if slug in PROCEDURE_SYSTEMS:
            phrases += _count(len(add_on_edits(code, None)), "add-on code pair|add-on code pairs")
        else:
            phrases += _map_phrases(_equivalences(code, None))
            phrases += _logic_phrases(logic_of(code, None))
        return phrases + _count(len(successors_of(code)), "replaced code|replaced codes")

    def load(self, code: Code, options: SectionOptions) -> Mapping[str, object]:
        """Return every list; at most seventeen queries, however long the lists are."""
        slug = code.system.slug
        is_procedure = slug in PROCEDURE_SYSTEMS
        replaced = successors_of(code)
        maps = [] if is_procedure else _equivalences(code, options.on)
        return {
            **super().load(code, options),
            "pairings": pairings(code, options) if slug in _PAIRED else None,
            "add_on_pairs": add_on_pairs(code, options) if is_procedure else [],
            "icd9": [one for one in maps if one.fact.target_system == "icd-9-cm"],
            "ccsr": [one for one in maps if one.fact.target_system == "ccsr"],
            "drgs": None if is_procedure else uses(code, options),
            "references": _references(code, options) if slug == "hcpcs" else None,
            "successions": [row for row in replaced if row.code_id == code.pk],
            "predecessions": [row for row in replaced if row.successor_id == code.pk],
        }


def _count(number: int, noun: str, where: str = "") -> list[str]:
    one, many = noun.split("|")
    return [f"{number:,} {one if number == 1 else many} {where}".rstrip()] if number else []


def _map_phrases(maps: Sequence[Equivalence]) -> list[str]:
    names = {"icd-9-cm": "ICD-9-CM map", "ccsr": "CCSR category"}
    found = {one.fact.target_system: one.fact.release.label for one in maps}
    return [f"{names[system]}, release {label}" for system, label in found.items()]


def _logic_phrases(rows: Sequence[DrgLogic]) -> list[str]:
    if not rows:
        return []
    phrase = _count(len(rows), "entry|entries", "in the logic of MS-DRGs")[0]
    return [f"{phrase}, release {rows[0].release.label}"]


@remembered
def _equivalences(code: Code, on: date | None) -> list[Equivalence]:
    """Return the ICD-9-CM codes and the categories of a code; one query."""
    rows = held(Crosswalk, on).filter(
        source_system=code.system.slug,
        source_key=code.key,
        target_system__in=["icd-9-cm", "ccsr"],
    )
    return [_equivalence(row) for row in rows.order_by("target_system", "flags", "target_key")]


def _equivalence(row: Crosswalk) -> Equivalence:
    if row.target_system == "ccsr":
        return Equivalence(row, row.target_key, body_system(row.target_key))
    is_procedure = row.source_system == "icd-10-pcs"
    display = printed_icd9(row.target_key, is_procedure=is_procedure) if row.target_key else ""
    return Equivalence(row, display, flags_in_words(row.flags))


def add_on_pairs(code: Code, options: SectionOptions) -> list[AddOnPairs]:
    """Return the primary codes and the add-on codes of a code; three queries."""
    edits = add_on_edits(code, options.on)
    as_add_on = [edit for edit in edits if edit.add_on == code.key]
    as_primary = [edit for edit in edits if edit.primary == code.key]
    links = procedures(
        {edit.primary for edit in as_add_on} - {CONTRACTOR_DEFINED}
        | {edit.add_on for edit in as_primary}
    )
    sides = (
        (True, [(edit.primary, edit) for edit in as_add_on]),
        (False, [(edit.add_on, edit) for edit in as_primary]),
    )
    return [
        _side(are_primaries, named, links, options.is_whole)
        for are_primaries, named in sides
        if named
    ]


def _side(
    are_primaries: bool,
    named: Sequence[tuple[str, AddOnEdit]],
    links: Mapping[str, CodeLink],
    is_whole: bool,
) -> AddOnPairs:
    pairs = [AddOnPair(links[key], edit) for key, edit in named if key in links]
    shown = pairs if is_whole else pairs[:_SHOWN_FIRST]
    is_contractor_defined = any(key == CONTRACTOR_DEFINED for key, _ in named)
    return AddOnPairs(are_primaries, shown, len(pairs), is_contractor_defined)


def _references(code: Code, options: SectionOptions) -> dict[str, object] | None:
    """Return the codes that the HCPCS file refers to; three queries, one without any."""
    detail = hcpcs_detail(code, options.on)
    if detail is None or not detail.cross_references:
        return None
    links = procedures(detail.cross_references)
    named = [links[key] for key in detail.cross_references if key in links]
    return {"fact": detail, "links": named} if named else None
