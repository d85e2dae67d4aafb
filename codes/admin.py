"""The admin of systems, releases and codes. What was imported is read-only here.

Authored texts are in codes/admin_texts.py.
"""

from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db import transaction
from django.db.models import Count, Exists, F, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from codes import admin_terms as admin_terms  # registers what it holds
from codes import ama
from codes.admin_code_field import CodeSuggestView
from codes.admin_read_only import ReadOnlyAdmin
from codes.admin_releases import RefusedImportAdmin, ReleaseAdmin
from codes.admin_texts import PlainDescriptionAdmin, SectionAdmin, state_of
from codes.authored_texts import AuthoredText, PlainDescription, Section, TextRevision
from codes.import_records import NoticeAcceptance, RefusedImport
from codes.lookup import code_key, read
from codes.models import Code, CodeSystem, Release
from codes.search import matching_ids

if TYPE_CHECKING:
    CodeSystemModelAdmin = admin.ModelAdmin[CodeSystem]
    CodeSystemModelForm = forms.ModelForm[CodeSystem]
else:
    CodeSystemModelAdmin = admin.ModelAdmin
    CodeSystemModelForm = forms.ModelForm

admin.site.site_header = f"{settings.SITE_NAME} administration"
admin.site.site_title = f"{settings.SITE_NAME} administration"
admin.site.index_title = "Everything that can be looked after here"

admin.site.register(PlainDescription, PlainDescriptionAdmin)
admin.site.register(Section, SectionAdmin)
admin.site.register(Release, ReleaseAdmin)
admin.site.register(RefusedImport, RefusedImportAdmin)

MOST_FOUND: Final = 1_000
"""Codes that a search by words lists in the admin."""


class CodeSystemForm(CodeSystemModelForm):
    """What an operator decides about a system."""

    class Meta:
        model = CodeSystem
        fields = ("display_mode", "is_metered", "copyright_line", "trademark_line")
        labels = {"is_metered": "Views of its codes are counted"}
        help_texts = {"display_mode": "“Codes only” hides the publisher’s words, “off” everything."}

    def clean_copyright_line(self) -> str:
        """Refuse to drop the line that the licence asks for."""
        line: str = self.cleaned_data["copyright_line"].strip()
        if not line and self.instance.licence == CodeSystem.Licence.LICENSED:
            raise forms.ValidationError("A licensed system must show its copyright line.")
        return line


@admin.register(CodeSystem)
class CodeSystemAdmin(CodeSystemModelAdmin):
    """How much of a system is shown, and under which lines; the rest comes with its releases."""

    form = CodeSystemForm
    actions = None
    list_display = ("name", "title", "licence", "display_mode", "is_metered", "publisher")
    fieldsets = (
        (None, {"fields": ("name", "title", "slug", "publisher", "licence", "description")}),
        ("What visitors see", {"fields": ("display_mode", "is_metered")}),
        ("Lines under its wording", {"fields": ("copyright_line", "trademark_line")}),
    )
    readonly_fields = ("name", "title", "slug", "publisher", "licence", "description")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Systems come with their import."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: CodeSystem | None = None) -> bool:
        """Set the display mode to “off” instead."""
        return False

    def save_model(
        self, request: HttpRequest, obj: CodeSystem, form: CodeSystemModelForm, change: bool
    ) -> None:
        """Save the settings and have all pages of the system made again, in one transaction.

        The lines of CPT stand on pages of the other systems too.
        """
        obj.save(update_fields=list(form.fields))
        obj.invalidate_pages()
        if obj.slug == "cpt":
            CodeSystem.objects.exclude(pk=obj.pk).update(revision=F("revision") + 1)
            transaction.on_commit(lambda: ama.keep(ama.read()))

    def get_view_on_site_url(self, obj: CodeSystem | None = None) -> str | None:
        """Return the browse page, where there is one."""
        hidden = obj is None or obj.display_mode == CodeSystem.DisplayMode.OFF
        return None if hidden or obj is None else obj.get_absolute_url()


@admin.register(NoticeAcceptance)
class NoticeAcceptanceAdmin(ReadOnlyAdmin):
    """Who accepted which terms of a publisher, and by which licence."""

    list_display = (
        "notice",
        "accepted_by",
        "at",
        "licence_holder",
        "licence_number",
        "licence_year",
    )
    list_filter = ("notice",)
    fields = list_display


class DescriptionFilter(admin.SimpleListFilter):
    """Codes by how far their Common Language Description is."""

    title = "description"
    parameter_name = "description"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("published", "published"), ("draft", "written, not published"), ("none", "none")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Code]) -> QuerySet[Code]:
        """Return the codes of the chosen kind."""
        plain = AuthoredText.objects.filter(code=OuterRef("pk"), kind=AuthoredText.Kind.PLAIN)
        conditions = {
            "published": Exists(plain.published()),
            "draft": Exists(plain.filter(html="")),
            "none": ~Exists(plain),
        }
        condition = conditions.get(self.value() or "")
        return queryset if condition is None else queryset.filter(condition)


@admin.register(Code)
class CodeAdmin(ReadOnlyAdmin):
    """Codes as they were imported, with the way to the texts written about them."""

    change_form_template = "admin/codes/code_form.html"
    list_display = (
        "display",
        "short_descriptor",
        "system",
        "kind",
        "billable",
        "description",
        "sections",
    )
    list_filter = ("system", "kind", "billable", DescriptionFilter, "release")
    list_select_related = ("system",)
    list_per_page = 50
    ordering = ("system_id", "position")
    search_fields = ("key",)  # get_search_results says what is searched
    search_help_text = "A code in any printed form or its beginning, or words of its descriptor."
    show_facets = admin.ShowFacets.NEVER
    fieldsets = (
        (None, {"fields": ("system", "display", "kind", "billable", "place", "below")}),
        (
            "Wording",
            {"fields": ("short_descriptor", "medium_descriptor", "long_descriptor", "terms")},
        ),
        ("Validity and source", {"fields": ("valid_from", "valid_to", "release", "key")}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Code]:
        """Return codes with the states of their texts; two queries."""
        texts = AuthoredText.objects.select_related("release").defer("markdown", "html")
        return super().get_queryset(request).prefetch_related(Prefetch("texts", texts))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Code], search_term: str
    ) -> tuple[QuerySet[Code], bool]:
        """Search by code, or by words as the site does; headings by a part of their name."""
        match = request.resolver_match
        if match and match.url_name == "codes_code_suggest":
            queryset = queryset.with_page()  # type: ignore[attr-defined]  # CodeQuerySet's
        text = search_term.strip()
        if not text:
            return queryset, False
        printed = read(text)
        key = printed.key if printed else code_key(text)
        if printed or (" " not in text and any(c.isdigit() for c in key)):
            begins = Q(key__startswith=key) | Q(key__startswith=text.upper())
            return queryset.filter(begins), False
        named = Q(pk__in=matching_ids(text, limit=MOST_FOUND))
        headings = Q(
            kind__in=[Code.Kind.CHAPTER, Code.Kind.SECTION], long_descriptor__icontains=text
        )
        return queryset.filter(named | headings), False

    def get_urls(self) -> list[URLPattern]:
        """Add the suggestions of the field that picks a code for a text."""
        suggest = CodeSuggestView.as_view(admin_site=self.admin_site)
        return [
            path("suggest/", self.admin_site.admin_view(suggest), name="codes_code_suggest"),
            *super().get_urls(),
        ]

    def get_view_on_site_url(self, obj: Code | None = None) -> str | None:
        """Return the public page, where there is one."""
        if obj is None or obj.system.display_mode == CodeSystem.DisplayMode.OFF:
            return None
        return obj.get_absolute_url()

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show the code with its texts."""
        code = self.get_object(request, object_id)
        rows = text_rows(request, code) if code and code.kind in Code.PAGE_KINDS else []
        return super().change_view(request, object_id, form_url, {"text_rows": rows})

    @admin.display(description="description")
    def description(self, code: Code) -> str:
        """Return the state of the Common Language Description; no query."""
        states = [state_of(t) for t in code.texts.all() if t.kind == AuthoredText.Kind.PLAIN]
        return states[0] if states else ""

    @admin.display(description="sections")
    def sections(self, code: Code) -> str:
        """Return how many of the six sections have a text, and a public one; no query."""
        texts = [text for text in code.texts.all() if text.kind != AuthoredText.Kind.PLAIN]
        public = sum(text.published_at is not None for text in texts)
        return f"{len(texts)} written, {public} public" if texts else ""

    @admin.display(description="stands under")
    def place(self, code: Code) -> SafeString | str:
        """Return the headings above, from the chapter down, as links; one query."""
        above = Code.objects.filter(pk__in=code.ancestors).order_by("position")
        links = ((admin_url(heading), heading, heading.short_descriptor) for heading in above)
        return format_html_join(SafeString(" <br>"), '<a href="{}">{}</a> {}', links) or "-"

    @admin.display(description="directly below")
    def below(self, code: Code) -> SafeString | str:
        """Return the number of children as a link to their list; one query."""
        count = code.children.aggregate(count=Count("pk"))["count"]
        if not count:
            return "nothing"
        url = reverse("admin:codes_code_changelist")
        return format_html('<a href="{}?parent__id__exact={}">{}</a>', url, code.pk, count)

    @admin.display(description="inclusion terms")
    def terms(self, code: Code) -> SafeString | str:
        """Return the terms one below the other."""
        return (
            format_html_join(SafeString("<br>"), "{}", ((t,) for t in code.inclusion_terms)) or "-"
        )


@admin.register(TextRevision)
class TextRevisionAdmin(ReadOnlyAdmin):
    """Every saved state of every text, the latest first."""

    list_display = ("saved_at", "about", "status", "saved_by")
    list_display_links = ("saved_at",)
    list_filter = ("status", "text__kind")
    list_select_related = ("text__code", "saved_by")
    fields = ("about", "status", "saved_by", "saved_at", "markdown")

    @admin.display(description="text")
    def about(self, revision: TextRevision) -> SafeString:
        """Return the text as a link to its history."""
        model = "plaindescription" if revision.text.kind == AuthoredText.Kind.PLAIN else "section"
        url = reverse(f"admin:codes_{model}_history", args=[revision.text_id])
        return format_html('<a href="{}">{}</a>', url, revision.text)


def admin_url(code: Code) -> str:
    """Return the page of a code in the admin."""
    return reverse("admin:codes_code_change", args=[code.pk])


def text_rows(request: HttpRequest, code: Code) -> list[dict[str, object]]:
    """Return each kind of text with its state and where to write it; no query.

    ``url`` is empty where there is nothing to see or the user may not write.
    """
    written = {text.kind: text for text in code.texts.all()}
    return [_text_row(request, code, kind, written.get(kind)) for kind in AuthoredText.Kind]


def _text_row(
    request: HttpRequest, code: Code, kind: AuthoredText.Kind, text: AuthoredText | None
) -> dict[str, object]:
    model = "plaindescription" if kind == AuthoredText.Kind.PLAIN else "section"
    can = {
        step: request.user.has_perm(f"codes.{step}_{model}") for step in ("add", "change", "view")
    }
    url = ""
    if text and (can["change"] or can["view"]):
        url = reverse(f"admin:codes_{model}_change", args=[text.pk])
    elif text is None and can["add"]:
        url = reverse(f"admin:codes_{model}_add") + f"?code={code.pk}&kind={kind}"
    verb = "Edit" if text and can["change"] else "View" if text else "Add"
    return {
        "title": kind.label,
        "text": text,
        "state": state_of(text) if text else "not written",
        "url": url,
        "verb": verb,
    }
