"""Which of the codes that a question names exist: in every system and edition, deleted ones too."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from assistant.engine.answer import CodeRef
from assistant.engine.ask import Ask
from assistant.engine.making import ref_of
from assistant.engine.reading import Mention, Range
from codes.as_of import Look
from codes.facts import (
    PROCEDURE_SYSTEMS,
    AddOnEdit,
    OutpatientPayment,
    PtpEdit,
    RelativeValue,
    UnitLimit,
)
from codes.lookup import dotted, headings_above, one_slip_away
from codes.models import Code, CodeSystem
from codes.sections.code_links import is_cpt

_LETTER_SLIPS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})
_SYSTEM_ORDER: Final = ("cpt", "hcpcs", "icd-10-cm", "icd-10-pcs")


@dataclass(frozen=True, slots=True)
class Found:
    """What became of a mention: the code read, other readings of it, or nothing.

    ``ref`` without ``code`` is a code that Medicare's files name but that has no page here.
    ``is_hidden`` says that it belongs to a system that this site does not show. ``then`` is what
    the edition of a day says of it, where one is asked about.
    """

    mention: Mention
    code: Code | None = None
    ref: CodeRef | None = None
    others: tuple[Code, ...] = ()
    nearest: tuple[Code, ...] = ()
    is_hidden: bool = False
    is_corrected: bool = False
    then: Look | None = None


@dataclass(slots=True)
class Resolved:
    """What the codes of a message are, by their keys as typed; headings by the range typed."""

    found: dict[str, Found] = field(default_factory=dict)
    headings: dict[str, list[Code]] = field(default_factory=dict)
    systems: dict[str, CodeSystem] = field(default_factory=dict)

    def of(self, ask: Ask) -> list[Found]:
        """Return what became of the codes of a question, in the order typed."""
        return [self.found[m.key] for m in ask.reading.codes if m.key in self.found]


def resolve(asks: Sequence[Ask]) -> Resolved:
    """Look up every code that the questions name; two queries, up to seven more where some are
    unknown or a range is typed."""
    systems = {system.slug: system for system in CodeSystem.objects.visible()}
    resolved = Resolved(systems=systems)
    mentions = {m.key: (m, ask) for ask in reversed(asks) for m in ask.reading.codes}
    rows = _rows(set(mentions) | {_mended(key) for key in mentions})
    missing: list[Mention] = []
    for key, (mention, ask) in mentions.items():
        found = _choose(mention, ask, rows)
        if found is not None:
            resolved.found[key] = found
        elif mention.is_named or len(key) > 3:
            missing.append(mention)
    if missing:
        resolved.found |= _without_page(missing, systems)
    for ask in asks:
        for span in ask.reading.ranges:
            resolved.headings[span.typed] = _headings(span)
    return resolved


def _rows(keys: set[str]) -> dict[str, list[Code]]:
    found: dict[str, list[Code]] = {}
    if not keys:
        return found
    codes = Code.objects.visible().with_page().filter(key__in=keys)
    for code in codes.select_related("system", "release"):
        found.setdefault(code.key, []).append(code)
    for some in found.values():
        some.sort(key=lambda code: _rank(code.system.slug))
    return found


def _rank(slug: str) -> int:
    return _SYSTEM_ORDER.index(slug) if slug in _SYSTEM_ORDER else len(_SYSTEM_ORDER)


def _mended(key: str) -> str:
    """Return the key with letters typed for digits put right, after its first character."""
    return key[:1] + key[1:].translate(_LETTER_SLIPS)


def _choose(mention: Mention, ask: Ask, rows: dict[str, list[Code]]) -> Found | None:
    """Read a mention as the code that its form and the question's words point to.

    A dot is ICD's. Without one an existing CPT or HCPCS code comes first, unless the question
    names another system; the other readings are kept.
    """
    for key in dict.fromkeys((mention.key, _mended(mention.key))):
        some = rows.get(key, [])
        if mention.has_dot:
            some = [code for code in some if code.system.slug not in PROCEDURE_SYSTEMS]
        wanted = [code for code in some if code.system.slug in ask.reading.systems]
        if some:
            code = (wanted or some)[0]
            others = tuple(one for one in some if one.pk != code.pk)
            return Found(
                mention,
                code,
                ref_of(code, is_subject=True),
                others,
                is_corrected=key != mention.key,
            )
    return None


# --- Codes without a page -----------------------------------------------------------------------


def _without_page(mentions: Sequence[Mention], systems: dict[str, CodeSystem]) -> dict[str, Found]:
    """Say of codes without a page whether Medicare's files name them, and what is near."""
    keys = {m.key for m in mentions if len(m.key) == 5 and not m.has_dot}
    named = _named_in_files(keys)
    nearest = _nearest([m.key for m in mentions if m.key not in named])
    found = {}
    for mention in mentions:
        key = mention.key
        slug = "cpt" if is_cpt(key) else "hcpcs"
        if key in keys and is_cpt(key) and "cpt" not in systems:
            found[key] = Found(mention, is_hidden=True)
        elif key in named and slug in systems:
            ref = CodeRef(slug, key, key, noun=systems[slug].code_noun, is_subject=True)
            found[key] = Found(mention, ref=ref)
        else:
            found[key] = Found(mention, nearest=tuple(nearest.get(key, ())))
    return found


def _named_in_files(keys: set[str]) -> set[str]:
    """Return the keys that a current file of fees, edits or limits names.

    Five queries, and two for each key that none of those has.
    """
    if not keys:
        return set()
    named: set[str] = set()
    for model, name in (
        (RelativeValue, "code_key"),
        (OutpatientPayment, "code_key"),
        (AddOnEdit, "add_on"),
        (AddOnEdit, "primary"),
        (UnitLimit, "code_key"),
    ):
        rows = model._default_manager.filter(release__is_current=True, **{f"{name}__in": keys})
        named |= set(rows.values_list(name, flat=True).distinct())
    for key in keys - named:  # of millions of edits the first is enough
        edits = PtpEdit.objects.filter(release__is_current=True)
        if edits.filter(column1=key)[:1] or edits.filter(column2=key)[:1]:
            named.add(key)
    return named


def _nearest(keys: Iterable[str]) -> dict[str, list[Code]]:
    """Return up to five codes near each unknown key, headings above it first; one query."""
    wanted = {key: (headings_above(key), set(one_slip_away(key))) for key in keys}
    every = {key for above, slips in wanted.values() for key in (*above, *slips)}
    if not every:
        return {}
    codes = Code.objects.visible().with_page().filter(key__in=every, valid_to=None)
    rows = list(codes.select_related("system"))
    nearest = {}
    for key, (above, slips) in wanted.items():
        near = [code for code in rows if code.key in slips or code.key in above]
        near.sort(key=lambda code: (_distance(key, code, above), code.position))
        nearest[key] = near[:5]
    return nearest


def _distance(key: str, code: Code, above: list[str]) -> tuple[int, int]:
    """Order headings first, then codes of the same length that differ late."""
    if code.key in above:
        return (0, above.index(code.key))
    same = next((i for i, (a, b) in enumerate(zip(key, code.key, strict=False)) if a != b), 9)
    return (1 if len(code.key) == len(key) else 2, -same)


def _headings(span: Range) -> list[Code]:
    """Return the headings that a range names, else the codes at its ends; one query."""
    name = f"{span.first}-{span.last}"
    nodes = Code.objects.visible().filter(key__in=[name, span.first, span.last])
    rows = list(nodes.select_related("system", "release").order_by("position"))
    exact = [code for code in rows if code.key == name]
    return exact or rows


def icd_print(key: str) -> str:
    """Return a key as an ICD-10-CM code is printed."""
    return dotted(key)
