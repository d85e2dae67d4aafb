"""The search and the suggestions, over the full-text column for now."""

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from codes.facts import CoverageCode
from codes.lookup import code_key, read
from codes.models import Code, CodeSystem
from codes.search.answers import (
    NO_FILTERS,
    Facet,
    Filters,
    Group,
    Hit,
    Results,
    Suggestion,
    TermKind,
)
from codes.search.lookups import by_words, words_of

_PREFIXED = 200


def search(
    text: str, *, filters: Filters = NO_FILTERS, limit: int = 20, offset: int = 0
) -> Results:
    """Return the codes that answer ``text``, best first. Raises on no text."""
    groups: dict[int, Group] = {}
    printed = read(text)
    if printed:
        codes = Code.objects.visible().with_page()
        exact = codes.filter(key=printed.key).order_by("system__position")
        below = codes.filter(key__startswith=printed.key).order_by("system__position", "position")
        groups |= dict.fromkeys(exact.values_list("pk", flat=True), Group.EXACT_CODE)
        for pk in below.values_list("pk", flat=True)[:_PREFIXED]:
            groups.setdefault(pk, Group.CODE_PREFIX)
    if not groups:
        matches = by_words(text)
        group = Group.ALL_WORDS if matches.all_words else Group.MOST_WORDS
        groups |= dict.fromkeys(matches.ids, group)
    kept = _filtered(Code.objects.filter(pk__in=list(groups)), filters)
    names = {
        pk: (name, mode)
        for pk, name, mode in kept.values_list("pk", "short_descriptor", "system__display_mode")
    }
    found = [pk for pk in groups if pk in names]
    hits = [
        _hit(pk, groups[pk], *names[pk], 1 - place / (len(found) or 1))
        for place, pk in enumerate(found[offset : offset + limit], offset)
    ]
    return Results(tuple(hits), len(found), is_capped=False, facets=tuple(_facets(kept)))


def suggest(text: str, *, system: str = "", limit: int = 8) -> list[Suggestion]:
    """Return completions of ``text``, best first."""
    codes = Code.objects.visible().with_page().select_related("system")
    if system:
        codes = codes.filter(system__slug=system)
    if key := code_key(text):
        codes = codes.filter(key__startswith=key).order_by("key")[:limit]
        if found := [_suggestion(code) for code in codes]:
            return found
    if not words_of(text):
        return []
    return [_suggestion(code) for code in _named(text, system)[:limit]]


def _named(text: str, system: str) -> QuerySet[Code]:
    ids = by_words(text).ids[:50]
    codes = Code.objects.filter(pk__in=ids).select_related("system")
    return codes.filter(system__slug=system) if system else codes


def _suggestion(code: Code) -> Suggestion:
    return Suggestion(
        text=code.display,
        code_id=code.pk,
        display=code.display,
        system=code.system.slug,
        kind=TermKind.CODE,
        label=code.public_short,
    )


def _hit(pk: int, group: Group, name: str, mode: str, score: float) -> Hit:
    kind = TermKind.CODE if group in (Group.EXACT_CODE, Group.CODE_PREFIX) else TermKind.DESCRIPTOR
    if mode != CodeSystem.DisplayMode.FULL:
        kind, name = TermKind.CODE, ""
    return Hit(pk, group, name, kind, (), score)


def _filtered(codes: QuerySet[Code], filters: Filters) -> QuerySet[Code]:
    if filters.systems:
        codes = codes.filter(system__slug__in=filters.systems)
    for kind, key in ((Code.Kind.CHAPTER, filters.chapter), (Code.Kind.SECTION, filters.section)):
        if key:
            heads = Code.objects.filter(kind=kind, key=key).values_list("pk", flat=True)
            codes = codes.filter(ancestors__overlap=list(heads))
    if filters.billable is not None:
        codes = codes.filter(billable=filters.billable)
    if filters.on:
        codes = codes.filter(
            Q(valid_from=None) | Q(valid_from__lte=filters.on),
            Q(valid_to=None) | Q(valid_to__gte=filters.on),
        )
    if filters.has_coverage is not None:
        listed = Exists(CoverageCode.objects.filter(code_key=OuterRef("key")))
        codes = codes.filter(listed if filters.has_coverage else ~listed)
    return codes


def _facets(codes: QuerySet[Code]) -> list[Facet]:
    systems = codes.values("system__slug", "system__name").annotate(n=Count("pk")).order_by("-n")
    found = [Facet("systems", r["system__slug"], r["system__name"], r["n"]) for r in systems]
    chapters = (
        codes.annotate(top=F("ancestors__0"))
        .annotate(
            chapter=Subquery(Code.objects.filter(pk=OuterRef("top")).values("key")[:1]),
            title=Subquery(
                Code.objects.filter(
                    pk=OuterRef("top"), system__display_mode=CodeSystem.DisplayMode.FULL
                ).values("short_descriptor")[:1]
            ),
        )
        .values("chapter", "title")
        .annotate(n=Count("pk"))
        .order_by("-n")
    )
    found += [
        Facet("chapter", r["chapter"], r["title"] or "", r["n"]) for r in chapters if r["chapter"]
    ]
    for value, label in ((True, "Billable"), (False, "Not billable")):
        if n := codes.filter(billable=value).count():
            found.append(Facet("billable", "yes" if value else "no", label, n))
    return found
