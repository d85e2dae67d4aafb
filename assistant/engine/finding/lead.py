"""What everybody may see of a code: what it is, whether it is billable, where it stands."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final

from django.utils.html import strip_tags

from assistant.engine.answer import CodeRef, Fact, Level, Topic
from assistant.engine.days import spoken
from assistant.engine.finding import as_of
from assistant.engine.making import Maker
from codes.as_of import Look
from codes.authored_texts import AuthoredText
from codes.material import why_not_billable
from codes.metering import Access
from codes.models import Code, Successor
from codes.sections.authored import published_text

CHILDREN_NAMED: Final = 10


@dataclass(frozen=True, slots=True)
class Around:
    """A code's neighbours; each with its system loaded."""

    ancestors: list[Code]
    children: list[Code]
    successions: list[Successor]
    predecessions: list[Successor]

    @classmethod
    def of(cls, code: Code) -> "Around":
        """Load them; four queries."""
        codes = Code.objects.select_related("system", "release")
        successors = Successor.objects.select_related("release")
        return cls(
            list(codes.filter(pk__in=code.ancestors).order_by("position")),
            list(codes.filter(parent=code).order_by("position")[:100]),
            list(
                successors.filter(code=code)
                .select_related("successor__system", "release")
                .order_by("successor__position")
            ),
            list(
                successors.filter(successor=code)
                .select_related("code__system", "release")
                .order_by("code__position")
            ),
        )


def find(code: Code, ref: CodeRef, around: Around, then: Look | None, make: Maker) -> list[Fact]:
    """Return the open facts of a code, and its descriptions for who has opened its page.

    ``then`` is what the edition of a day says of it, where one is asked about. No query: the texts
    of the code are prefetched.
    """
    facts = [*_open(code, ref, around, make)]
    if then is not None:
        facts[:0] = as_of.find(code, ref, then, make)
    if ref.access is not Access.LEAD:
        facts += _described(code, ref, then, make)
    return facts


def _open(code: Code, ref: CodeRef, around: Around, make: Maker) -> Iterator[Fact]:
    topic, level = Topic.CODES, Level.OPEN
    yield make.fact("code", topic, _what(code), code, level=level, code=ref)
    if code.is_deleted and code.valid_to:
        text = f"{code.display} is deleted: its last day of use was {spoken(code.valid_to)}."
        yield make.fact("deleted", topic, text, code, level=level, code=ref)
    elif code.billable:
        text = f"{code.display} is billable in the edition {code.release.label}."
        if code.system.slug in ("cpt", "hcpcs"):
            text = f"{code.display} is valid for reporting in the edition {code.release.label}."
        yield make.fact("billable", topic, text, code, level=level, code=ref)
    else:
        reason = why_not_billable(code, [child.key for child in around.children])
        text = f"{code.display} is not billable. {reason}"
        yield make.fact("billable", topic, text, code, level=level, code=ref)
    yield from _replaced(code, ref, around, make)
    if around.children:
        yield _children(code, ref, around, make)
    if code.valid_from and not code.is_deleted:
        text = f"{code.display} is valid from {spoken(code.valid_from)}."
        yield make.fact("valid", topic, text, code, level=level, code=ref)
    if around.ancestors:
        way = ", ".join(named(one) for one in around.ancestors)
        text = f"{code.display} stands under {way}."
        yield make.fact("place", topic, text, [code, *around.ancestors], level=level, code=ref)


def named(code: Code) -> str:
    """Return a code or heading with its public words, which some headings bear as their name."""
    words = code.public_short
    return code.display if not words or words == code.display else f"{code.display} {words}"


def _what(code: Code) -> str:
    name = code.system.name
    if not code.public_short:
        return (
            f"{code.display} is a {name} code. The licence of this site covers the code number"
            " only, not the publisher's wording."
        )
    sample = " (sample wording, not the AMA descriptor)" if code.release.is_sample else ""
    return f"{name} {code.display}: {code.public_short}{sample}."


def _replaced(code: Code, ref: CodeRef, around: Around, make: Maker) -> Iterator[Fact]:
    topic, level = Topic.CODES, Level.OPEN
    if around.successions:
        names = ", ".join(named(one.successor) for one in around.successions)
        rows = [row for one in around.successions for row in (one, one.successor)]
        text = f"Instead of {code.display} the release names {names}."
        yield make.fact("successor", topic, text, [code, *rows], level=level, code=ref)
    elif code.is_deleted:
        text = f"The release names no successor of {code.display}."
        yield make.fact("successor", topic, text, code, level=level, code=ref)
    if around.predecessions:
        names = ", ".join(one.code.display for one in around.predecessions)
        rows = [row for one in around.predecessions for row in (one, one.code)]
        text = f"{code.display} is used instead of the deleted {names}."
        yield make.fact("predecessor", topic, text, [code, *rows], level=level, code=ref)


def _children(code: Code, ref: CodeRef, around: Around, make: Maker) -> Fact:
    shown = around.children[:CHILDREN_NAMED]
    names = "; ".join(named(one) for one in shown)
    more = len(around.children) - len(shown)
    text = f"Under {code.display} stand: {names}{f', and {more} more' if more else ''}."
    return make.fact(
        "children",
        Topic.CODES,
        text,
        [code, *shown],
        level=Level.OPEN,
        code=ref,
        derived=[more] if more else [],
    )


# --- For who has opened the page ----------------------------------------------------------------


def _described(code: Code, ref: CodeRef, then: Look | None, make: Maker) -> Iterator[Fact]:
    topic, level = Topic.CODES, Level.DESCRIBED
    if then is not None and as_of.is_another(then):
        yield from as_of.described(code, ref, then, make)
    else:
        yield from _described_now(code, ref, make)
    if plain := published_text(code, AuthoredText.Kind.PLAIN):
        yield quoted(plain, "plain", topic, ref, make, level=level, anchor="common-language")


def _described_now(code: Code, ref: CodeRef, make: Maker) -> Iterator[Fact]:
    topic, level = Topic.CODES, Level.DESCRIBED
    if code.public_long and code.public_long != code.public_short:
        yield make.fact(
            "long",
            topic,
            code.public_long,
            code,
            level=level,
            code=ref,
            url=f"{ref.url}#official",
            is_quote=True,
        )
    if code.public_terms:
        text = f"Terms included under {code.display}: {'; '.join(code.public_terms[:12])}."
        yield make.fact("terms", topic, text, code, level=level, code=ref)


def quoted(
    text: AuthoredText,
    kind: str,
    topic: Topic,
    ref: CodeRef,
    make: Maker,
    *,
    level: Level = Level.UNLOCKED,
    anchor: str,
) -> Fact:
    """Return a published text as a quotation, its paragraphs apart."""
    words = plain_text(text.html)
    return make.fact(
        kind,
        topic,
        words,
        text,
        level=level,
        code=ref,
        url=f"{ref.url}#{anchor}",
        derived=[words],
        is_quote=True,
    )


def plain_text(html: str) -> str:
    """Return the words of sanitised HTML, one line a paragraph, item or heading."""
    html = " ".join(html.split())  # a line of the source is no line of the page
    for end in ("</p>", "</li>", "</h3>", "</h4>", "</h5>", "</h6>", "</tr>", "</blockquote>"):
        html = html.replace(end, f"{end}\n")
    lines = (" ".join(line.split()) for line in unescape(strip_tags(html)).splitlines())
    return "\n".join(line for line in lines if line)
