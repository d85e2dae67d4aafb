"""The search: its page, and the suggestions while someone types."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.functional import cached_property
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from codes import search as searching
from codes.limits import limited
from codes.lists import CodeList, CodeListEntry
from codes.lookup import PrintedCode, read
from codes.models import Code, CodeSystem
from codes.search import Group, Hit, Suggestion, TermKind
from codes.search_forms import SearchForm, SuggestForm
from codes.search_highlight import Piece, Wanted, marked
from codes.search_page import (
    BEST,
    CLOSE_NUMBERS,
    CLOSED,
    GROUPS,
    REASONS,
    SEVERAL,
    State,
    active,
    fewer_words,
    filter_groups,
    reading,
)

RESULTS_PER_PAGE = 20
SUGGESTIONS = 8


@require_safe
@limited("RATELIMIT_SEARCH", group="search")
def search(request: HttpRequest) -> HttpResponse:
    """Go to the page of a typed code, or show the codes that answer the words.

    Two queries count the request; a typed code takes one more, words those of the search and one
    for its codes, and the user's lists another.
    """
    form = SearchForm(request.GET)
    if not form.is_valid():
        return render(request, "codes/search.html", {"form": form}, status=400)
    state = form.state()
    printed = read(state.query)
    if printed and (code := _only_code(printed, state)):
        return _to_page(request, code, printed)
    context: dict[str, object] = {"form": form, "query": state.query, "printed": printed}
    if state.query:
        context |= _results(request, state, form.cleaned_data["page"] or 1)
    return render(request, "codes/search.html", context)


@require_safe
@cache_control(private=True, max_age=60)
@limited("RATELIMIT_SUGGEST", group="suggest")
def suggest(request: HttpRequest) -> JsonResponse | HttpResponse:
    """Return completions of what has been typed so far, for the list below the box.

    Nothing in it depends on who asks.
    """
    form = SuggestForm(request.GET)
    if not form.is_valid():
        return JsonResponse({"query": "", "suggestions": []}, status=400)
    text = form.cleaned_data["q"]
    system = form.cleaned_data["system"]
    found = searching.suggest(text, system=system, limit=SUGGESTIONS) if text else []
    wanted = Wanted.of(text)
    return JsonResponse(
        {"query": text, "suggestions": [_suggested(each, wanted) for each in found]}
    )


@dataclass(frozen=True)
class Result:
    """One code of the page, with the reason why it is there."""

    hit: Hit
    code: Code
    query: str
    wanted: Wanted
    readings: Sequence[str]
    """Those of the whole query, which stand above the results."""
    collected: CodeList | None = None

    @cached_property
    def words(self) -> list[Piece]:
        """The short descriptor with what matched."""
        return marked(self.code.public_short, self.wanted)

    @cached_property
    def place(self) -> Code | None:
        """The heading above, where it says more than the code itself."""
        parent = self.code.parent
        if parent is None or not self.code.shows_wording():
            return None
        return None if parent.short_descriptor == self.code.short_descriptor else parent

    @cached_property
    def term(self) -> list[Piece]:
        """The name of the code that matched, where it is not the descriptor and open to all."""
        is_open = self.hit.is_open and self.code.shows_wording()
        return marked(self.hit.term, self.wanted) if self.reason and is_open else []

    @property
    def reason(self) -> str:
        """What kind of name matched; empty for the code and its descriptor."""
        is_same = self.hit.term.casefold() == self.code.short_descriptor.casefold()
        return "" if is_same else REASONS.get(self.hit.term_kind, "")

    @property
    def closed_reason(self) -> str:
        """Where the words stand, if that is what only a counted view of the code shows."""
        is_told = self.hit.is_open or any(piece.is_marked for piece in self.words)
        return "" if is_told else CLOSED.get(self.hit.term_kind, "")

    @property
    def read_as(self) -> list[tuple[str, str]]:
        """What was read otherwise than typed for this code alone."""
        own = [text for text in self.hit.readings if text not in self.readings]
        return [reading(text, self.query) for text in own]


@dataclass(frozen=True, slots=True)
class ResultGroup:
    """Results that answer in the same way, under one heading."""

    key: str
    title: str
    help: str
    start: int
    results: list[Result]


def _only_code(printed: PrintedCode, state: State) -> Code | None:
    """Return the code that was typed, unless several systems have it; one query."""
    codes = searching.by_key(printed.key)
    if state.systems:
        codes = codes.filter(system__slug__in=state.systems)
    found = list(codes[:2])
    return found[0] if len(found) == 1 else None


def _to_page(request: HttpRequest, code: Code, printed: PrintedCode) -> HttpResponse:
    """Redirect to a code's page; typed modifiers lead to the section on them."""
    address = code.get_absolute_url() + ("#modifiers" if printed.modifiers else "")
    if "HX-Request" in request.headers:  # would put the code's page into this one
        return HttpResponse(headers={"HX-Redirect": address})
    return HttpResponseRedirect(address)


def _results(request: HttpRequest, state: State, number: int) -> dict[str, object]:
    offset = (number - 1) * RESULTS_PER_PAGE
    found = searching.search(
        state.query, filters=state.filters, limit=RESULTS_PER_PAGE, offset=offset
    )
    pages = Paginator(range(found.total), RESULTS_PER_PAGE)
    if number > pages.num_pages:
        raise Http404("There is no such page of results.")
    results = _with_codes(request, state, found.hits, found.readings)
    return {
        "state": state,
        "groups": _grouped(results, offset),
        "page_obj": pages.page(number),
        "total": found.total,
        "is_capped": found.is_capped,
        "readings": [reading(text, state.query) for text in found.readings],
        "filter_groups": filter_groups(state, found.facets),
        "active": active(state, found.facets),
        "fewer": [] if found.total else list(fewer_words(state)),
        "cpt": _cpt(results),
        "next_url": request.get_full_path(),
    }


def _with_codes(
    request: HttpRequest, state: State, hits: Sequence[Hit], readings: Sequence[str]
) -> list[Result]:
    """Return the hits with their codes, and with the lists of the user that they are in."""
    ids = [hit.code_id for hit in hits]
    codes = Code.objects.select_related("system", "parent").in_bulk(ids)
    entries = CodeListEntry.objects.of(request.user).filter(code__in=ids).select_related("list")
    lists = {entry.code_id: entry.list for entry in entries.order_by("list__used_at")}
    common = readings if len(readings) < 2 else ()  # with several, each code says its own
    return [
        Result(
            hit,
            codes[hit.code_id],
            state.query,
            Wanted.of(state.query, hit.readings),
            common,
            lists.get(hit.code_id),
        )
        for hit in hits
        if hit.code_id in codes
    ]


def _grouped(results: list[Result], offset: int) -> list[ResultGroup]:
    groups: list[ResultGroup] = []
    start = offset + 1
    for key, each in groupby(results, key=lambda result: result.hit.group):
        members = list(each)
        words = _help(members[0].hit) if start == 1 else ""
        title = SEVERAL.get(key, GROUPS[key]) if len(members) > 1 else GROUPS[key]
        groups.append(ResultGroup(key.value, title, words, start, members))
        start += len(members)
    return groups


def _help(best: Hit) -> str:
    """Return what it means that this is the best answer, where that is to be said."""
    is_close_number = best.group is Group.CLOSE_SPELLINGS and best.term_kind is TermKind.CODE
    return CLOSE_NUMBERS if is_close_number else BEST.get(best.group, "")


def _cpt(results: list[Result]) -> CodeSystem | None:
    systems = (result.code.system for result in results)
    return next((system for system in systems if system.slug == "cpt"), None)


def _suggested(each: Suggestion, wanted: Wanted) -> dict[str, object]:
    """Return a suggestion as the list shows it; pieces are ``[text, whether it is marked]``."""
    address, pieces = "", [Piece(each.text, is_marked=False)]
    if each.code_id:
        address = reverse("codes:code", args=[each.system, each.display])
        pieces = marked(each.label, wanted)
    return {
        "text": each.text,
        "code": each.display,
        "pieces": [[piece.text, piece.is_marked] for piece in pieces],
        "system": each.system,
        "address": address,
    }
