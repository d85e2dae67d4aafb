"""The admin of field knowledge: what people type, what it means, and what a search for it finds.

Writing, history and the number that has running searches read anew are in codes/synonyms.py.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import ForeignKey, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.timezone import localtime

from codes import synonyms
from codes.admin_code_field import CodeChoiceField, CodeSelect, code_label
from codes.admin_read_only import ReadOnlyAdmin
from codes.admin_views import editor
from codes.models import Code
from codes.search import in_order, search
from codes.terms import IndexTerm, Synonym, SynonymRevision

if TYPE_CHECKING:
    SynonymModelAdmin = admin.ModelAdmin[Synonym]
    SynonymModelForm = forms.ModelForm[Synonym]
else:
    SynonymModelAdmin = admin.ModelAdmin
    SynonymModelForm = forms.ModelForm

FOUND = 8
"""Results of a search that are shown beside a synonym."""
REVISIONS_PER_PAGE = 50


class SynonymForm(SynonymModelForm):
    """One reading of one text."""

    class Meta:
        model = Synonym
        fields = (
            "kind",
            "text",
            "means",
            "code",
            "rank",
            "is_exact_case",
            "source",
            "is_active",
        )

    def clean_means(self) -> str:
        """Return the words with one space between them."""
        return " ".join(self.cleaned_data["means"].split())

    def clean_text(self) -> str:
        """Return the text with one space between its words, as it is looked up."""
        return " ".join(self.cleaned_data["text"].split())


@admin.register(Synonym)
class SynonymAdmin(SynonymModelAdmin):
    """Abbreviations, lay words, main terms, spellings, brand names, sides, episodes of care."""

    form = SynonymForm
    actions = ("set_active", "set_inactive")
    list_display = ("text", "means", "names", "kind", "rank", "is_active", "changed")
    list_filter = ("kind", "is_active", "is_edited", "is_exact_case", "source")
    list_per_page = 50
    list_select_related = ("code__system",)
    search_fields = ("text", "means", "code__display")
    search_help_text = "The text, what it means, or a code as printed."
    show_full_result_count = False
    readonly_fields = ("finds", "changed")
    fieldsets = (
        (None, {"fields": ("kind", "text", "means", "code")}),
        ("How it is read", {"fields": ("rank", "is_exact_case", "is_active")}),
        ("Where it is from", {"fields": ("source", "changed")}),
        ("What a search for it finds now", {"fields": ("finds",)}),
    )

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        """Pick the code by number or words."""
        if db_field.name != "code":
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        return CodeChoiceField(
            Code.objects.with_page().select_related("system"),
            required=False,
            widget=CodeSelect(db_field, self.admin_site),
            help_text=db_field.help_text,
        )

    def has_delete_permission(self, request: HttpRequest, obj: Synonym | None = None) -> bool:
        """Set it inactive instead, so that its history stays."""
        return False

    def save_model(self, request: HttpRequest, obj: Synonym, form: Any, change: bool) -> None:
        """Save it with its history; the next search reads it."""
        synonyms.save(synonym=obj, by=editor(request))

    @admin.action(description="Let the search use them", permissions=["change"])
    def set_active(self, request: HttpRequest, queryset: QuerySet[Synonym]) -> None:
        """Have the search use the chosen rows."""
        self._set(request, queryset, is_active=True)

    @admin.action(description="Set inactive: the search ignores them", permissions=["change"])
    def set_inactive(self, request: HttpRequest, queryset: QuerySet[Synonym]) -> None:
        """Have the search ignore the chosen rows."""
        self._set(request, queryset, is_active=False)

    def _set(self, request: HttpRequest, queryset: QuerySet[Synonym], *, is_active: bool) -> None:
        chosen = Synonym.objects.filter(pk__in=queryset.values("pk"))
        count = synonyms.set_active(synonyms=chosen, is_active=is_active, by=editor(request))
        state = "active" if is_active else "inactive"
        messages.success(request, f"{count:,} {'is' if count == 1 else 'are'} {state} now.")

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        """List every saved state with who and when; five queries however many there are."""
        synonym = get_object_or_404(Synonym, pk=_number(object_id))
        if not self.has_view_or_change_permission(request, synonym):
            raise PermissionDenied
        revisions = synonym.revisions.select_related("saved_by", "code__system")
        page = Paginator(revisions.order_by("-pk"), REVISIONS_PER_PAGE).get_page(
            request.GET.get("p")
        )
        values = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": synonym,
            "title": f"History: {synonym}",
            "change_url": reverse("admin:codes_synonym_change", args=[synonym.pk]),
            "rows": _states(synonym, list(page.object_list)),
            "page_obj": page,
        }
        return render(request, "admin/codes/synonym_history.html", values)

    @admin.display(description="code", ordering="code__key")
    def names(self, synonym: Synonym) -> str:
        """Return the code that it is a name of; no query."""
        return synonym.code.display if synonym.code else ""

    @admin.display(description="last change", ordering="changed_at")
    def changed(self, synonym: Synonym) -> str:
        """Return the day."""
        return f"{localtime(synonym.changed_at):%Y-%m-%d}" if synonym.pk else "-"

    @admin.display(description="results")
    def finds(self, synonym: Synonym) -> SafeString | str:
        """Return the first results of a search for the text; two or three queries."""
        if not synonym.pk:
            return "Save it first."
        hits = search(synonym.text, limit=FOUND).hits
        codes = in_order([hit.code_id for hit in hits])
        lines = (
            (code.get_absolute_url(), code_label(code), f"“{hit.term}”", "; ".join(hit.readings))
            for hit, code in zip(hits, codes, strict=True)
        )
        return format_html_join(
            SafeString(""), '<p><a href="{}">{}</a><br>by {} {}</p>', lines
        ) or format_html("Nothing.{}", "" if synonym.is_active else " It is inactive.")


@dataclass(frozen=True, slots=True)
class State:
    """A revision, and in words what it did to the one before."""

    revision: SynonymRevision
    step: str


def _states(synonym: Synonym, revisions: list[SynonymRevision]) -> list[State]:
    """Return the page's revisions with their steps; one query for the one before the oldest."""
    if not revisions:
        return []
    earlier = synonym.revisions.filter(pk__lt=revisions[-1].pk).order_by("-pk").first()
    before = [*revisions[1:], earlier]
    return [State(new, _step(new, old)) for new, old in zip(revisions, before, strict=True)]


def _step(new: SynonymRevision, old: SynonymRevision | None) -> str:
    """Return which fields changed, by their names in the form."""
    if old is None:
        return "first state"
    fields = (field for field in Synonym._meta.fields if field.name in synonyms.SAID)
    changed = [
        str(field.verbose_name)
        for field in fields
        if getattr(new, field.attname) != getattr(old, field.attname)
    ]
    return f"changed: {', '.join(changed)}"


def _number(text: str) -> int:
    """Return an id from an address; 0, which nothing has, for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


@admin.register(IndexTerm)
class IndexTermAdmin(ReadOnlyAdmin):
    """Entries of official indexes, as they were imported."""

    list_display = ("text", "modifiers", "leads_to", "release")
    list_filter = ("release__is_current", "code__system")
    list_per_page = 50
    list_select_related = ("code__system", "release")
    search_fields = ("text", "code__display")
    search_help_text = "Words of the entry, or a code as printed."
    fields = ("text", "modifiers", "leads_to", "release", "line")
    show_facets = admin.ShowFacets.NEVER

    @admin.display(description="code", ordering="code__key")
    def leads_to(self, term: IndexTerm) -> SafeString:
        """Return the code as a link to its page in the admin; no query."""
        url = reverse("admin:codes_code_change", args=[term.code_id])
        return format_html('<a href="{}">{}</a>', url, code_label(term.code))
