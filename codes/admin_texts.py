"""The admin of authored texts: a form with a preview, and the steps from draft to public.

What a step does is in codes/texts.py; preview, history, restoring and withdrawing are in
codes/admin_views.py.
"""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from csp.decorators import csp_update
from django import forms
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Model, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString

from codes import admin_views, texts
from codes.authored_texts import AuthoredText
from codes.models import Code, CodeSystem
from codes.textdiff import Piece, compare

if TYPE_CHECKING:
    TextModelAdmin = admin.ModelAdmin[Any]
    TextModelForm = forms.ModelForm[Any]
    CodeModelChoiceField = forms.ModelChoiceField[Code]
else:
    TextModelAdmin = admin.ModelAdmin
    TextModelForm = forms.ModelForm
    CodeModelChoiceField = forms.ModelChoiceField

Status = AuthoredText.Status

SECTION_KINDS = [kind for kind in AuthoredText.Kind.choices if kind[0] != AuthoredText.Kind.PLAIN]

# What needs a review first, then what waits for publication.
STAGE = Case(
    When(status=Status.DRAFT, then=Value(0)),
    When(status=Status.REVIEWED, then=Value(1)),
    default=Value(2),
)


def state_of(text: AuthoredText) -> str:
    """Return where the text stands, for editors: its wording, and what the public sees."""
    if text.published_at is None:
        return {"draft": "draft", "reviewed": "reviewed, not published"}[text.status]
    newer = {"draft": "published, newer draft", "reviewed": "published, newer wording reviewed"}
    return newer.get(text.status, "published")


class CodeSelect(AutocompleteSelect):
    """Picks a code by number or words."""

    url_name = "%s:codes_code_suggest"

    def build_attrs(
        self, base_attrs: dict[str, Any], extra_attrs: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Say what to type; it also names the field to a screen reader while it is empty."""
        attrs: dict[str, Any] = super().build_attrs(base_attrs, extra_attrs)
        return attrs | {"data-placeholder": "A code, or words of its descriptor"}


class CodeChoiceField(CodeModelChoiceField):
    """A code, with its descriptor beside it."""

    def label_from_instance(self, obj: Code) -> str:
        """Return what tells the code from others."""
        return code_label(obj)


class CodeSuggestView(AutocompleteJsonView):
    """The suggestions of ``CodeSelect``."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        """Return one suggestion; ``obj`` is a code."""
        return {"id": str(obj.pk), "text": code_label(obj)}

    def get_queryset(self) -> QuerySet[Code]:
        """Return the codes without what a suggestion does not show."""
        found: QuerySet[Code] = super().get_queryset()
        return found.prefetch_related(None).select_related("system")


def code_label(code: Code) -> str:
    """Return number, descriptor and system; no query where the system is loaded."""
    return f"{code.display} {code.short_descriptor} ({code.system.name})"


@dataclass(frozen=True, slots=True)
class Conflict:
    """What another editor stored after this one opened the form, and how it differs."""

    by: str
    at: datetime.datetime
    pieces: list[Piece]


class TextForm(TextModelForm):
    """The wording of a text; ``seen`` tells which state of it the editor had before them."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    markdown = forms.CharField(
        label="Wording",
        max_length=admin_views.MAX_CHARACTERS,
        widget=forms.Textarea(
            attrs={"rows": 24, "class": "text-editor__field", "spellcheck": "true"}
        ),
        help_text="Markdown: **bold**, *italic*, # heading, - list, 1. list, [link](https://…), "
        "tables. HTML is shown as typed.",
    )
    conflict: Conflict | None = None

    class Meta:
        model = AuthoredText
        fields = ("code", "kind", "markdown")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.initial["seen"] = texts.version_of(self.instance)

    def clean(self) -> dict[str, Any]:
        """Refuse a second text of a kind, and wording over what another editor stored."""
        values: dict[str, Any] = super().clean() or self.cleaned_data
        if self.instance.pk:
            self._refuse_unseen(values)
        elif values.get("code"):
            self._refuse_second(values)
        return values

    def validate_constraints(self) -> None:
        """Leave the states of a text to codes/texts.py; ``clean`` looks for a second text."""

    def _refuse_unseen(self, values: dict[str, Any]) -> None:
        """The instance is still what is stored, and locked (see ``TextAdmin.get_object``)."""
        stored, wording = self.instance, texts.normalised(values.get("markdown", ""))
        version = texts.version_of(stored)
        if values.get("seen") == version or "markdown" not in values:
            return
        last = stored.revisions.select_related("saved_by").first()
        by = str(last.saved_by) if last and last.saved_by else "Somebody else"
        self.conflict = Conflict(by, stored.updated_at, compare(stored.markdown, wording))
        # Having been told, the editor may save over it.
        self.data = {**self.data.dict(), "seen": version}  # type: ignore[attr-defined]  # a QueryDict
        self.add_error(None, f"{by} changed this text after you opened it.")

    def _refuse_second(self, values: dict[str, Any]) -> None:
        code, kind = values["code"], values.get("kind") or AuthoredText.Kind.PLAIN
        # The lock makes a second editor, who adds the same text right now, wait and then see it.
        Code.objects.select_for_update(of=("self",)).get(pk=code.pk)
        there = AuthoredText.objects.filter(code=code, kind=kind).first()
        if there is None:
            return
        label = AuthoredText.Kind(kind).label
        url = reverse(f"admin:codes_{self._meta.model._meta.model_name}_change", args=[there.pk])
        link = format_html('{} has its {} already: <a href="{}">edit that</a>.', code, label, url)
        self.add_error("code", forms.ValidationError(link))


class OriginFilter(admin.SimpleListFilter):
    """Texts by whether they are part of the sample content."""

    title = "origin"
    parameter_name = "origin"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("sample", "sample content"), ("own", "written or loaded here")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the texts of the chosen origin."""
        sample = Q(release__is_sample=True)
        conditions = {"sample": sample, "own": ~sample}
        condition = conditions.get(self.value() or "")
        return queryset if condition is None else queryset.filter(condition)


class SectionFilter(admin.SimpleListFilter):
    """Texts of one of the six sections."""

    title = "section"
    parameter_name = "kind"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the sections."""
        return SECTION_KINDS

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the texts of the chosen section."""
        return queryset.filter(kind=self.value()) if self.value() else queryset


class TextAdmin(TextModelAdmin):
    """Texts in work: what needs a review comes first."""

    form = TextForm
    actions = None
    change_form_template = "admin/codes/text_form.html"
    list_display: tuple[str, ...] = (
        "about",
        "system",
        "state",
        "is_sample",
        "reviewed",
        "changed",
    )
    list_filter: ClassVar[tuple[Any, ...]] = ("status", "code__system", OriginFilter)
    list_select_related = ("code__system", "author", "reviewer", "release")
    list_per_page = 50
    ordering = (STAGE.asc(), "-updated_at")
    search_fields = ("code__display", "code__key", "markdown")
    search_help_text = "A code, or words of the text."

    class Media:
        js = ("js/admin-preview.js",)

    def get_object(
        self, request: HttpRequest, object_id: str, from_field: str | None = None
    ) -> Any:
        """Return the text; locked while it is being saved, so that no other save comes between."""
        text = super().get_object(request, object_id, from_field)
        if text is not None and request.method == "POST":
            text.refresh_from_db(from_queryset=self.model.objects.select_for_update())
        return text

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """The history of a text is never removed; a published text can be withdrawn."""
        return False

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Return the wording alone once code and kind are settled."""
        return ["markdown"] if obj else ["code", "markdown"]

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Let a code be picked among those that have a page."""
        if db_field.name != "code":
            return super().formfield_for_foreignkey(db_field, request, **kwargs)
        return CodeChoiceField(
            queryset=Code.objects.with_page().select_related("system"),
            widget=CodeSelect(db_field, self.admin_site),
            help_text="Or choose “Add” on the page of the code.",
        )

    def get_urls(self) -> list[URLPattern]:
        """Add the preview, and the two steps that ask for a confirmation."""
        name = f"codes_{self.opts.model_name}"
        routes = (
            ("preview/", admin_views.preview, "preview_new"),
            ("<int:pk>/preview/", admin_views.preview, "preview"),
            ("<int:pk>/history/<int:revision>/restore/", admin_views.restore, "restore"),
            ("<int:pk>/withdraw/", admin_views.withdraw, "withdraw"),
        )
        return [
            path(route, self._admin_view(view), name=f"{name}_{step}")
            for route, view, step in routes
        ] + super().get_urls()

    def _admin_view(self, view: Any) -> Any:
        """Let the view know this admin; only staff get through."""

        def bound(request: HttpRequest, **kwargs: Any) -> HttpResponse:
            response: HttpResponse = view(request, self, **kwargs)
            return response

        return self.admin_site.admin_view(bound)

    @method_decorator(csp_update({"frame-src": ["'self'"]}))
    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """Show or save the form; the preview beside it is a frame of this site."""
        return super().changeform_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        """Add what the template asks about the text and the user."""
        text: AuthoredText | None = context["original"]
        context |= {
            "state": state_of(text) if text else "",
            "can_review": request.user.has_perm("codes.review_authoredtext"),
            "can_publish": request.user.has_perm("codes.publish_authoredtext"),
            "preview_url": admin_views.url_of(self, "preview", text.pk)
            if text
            else admin_views.url_of(self, "preview_new"),
            "kind_label": self._kind_label(text),
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(
        self, request: HttpRequest, obj: AuthoredText, form: TextForm, change: bool
    ) -> None:
        """Keep the wording as a draft, then take the step whose button was pressed."""
        if not (change or obj.kind):
            obj.kind = AuthoredText.Kind.PLAIN
        text = texts.save_draft(
            text=obj, markdown=form.cleaned_data["markdown"], by=admin_views.editor(request)
        )
        try:
            self.message_user(request, self._take_step(request, text), messages.SUCCESS)
        except texts.TextError as refusal:
            self.message_user(request, f"The wording is saved. {refusal}", messages.WARNING)

    def _take_step(self, request: HttpRequest, text: AuthoredText) -> str:
        """Review or publish where the user asked for it; return what happened."""
        by = admin_views.editor(request)
        if "_review" in request.POST:
            self._require(request, "codes.review_authoredtext")
            texts.review(text=text, by=by)
            return f"The {text} is saved and reviewed."
        if "_publish" in request.POST:
            self._require(request, "codes.publish_authoredtext")
            texts.publish(text=text, by=by)
            return f"The {text} is published."
        return f"The {text} is saved."

    def _require(self, request: HttpRequest, permission: str) -> None:
        if not request.user.has_perm(permission):
            raise PermissionDenied

    def response_add(
        self, request: HttpRequest, obj: AuthoredText, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Stay on the text."""
        if IS_POPUP_VAR in request.POST:
            return super().response_add(request, obj, post_url_continue)
        return HttpResponseRedirect(admin_views.url_of(self, "change", obj.pk))

    def response_change(self, request: HttpRequest, obj: AuthoredText) -> HttpResponse:
        """Stay on the text."""
        if IS_POPUP_VAR in request.POST:
            return super().response_change(request, obj)
        return HttpResponseRedirect(admin_views.url_of(self, "change", obj.pk))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show every saved state, and what changed between two."""
        return admin_views.history(request, self, object_id)

    def get_view_on_site_url(self, obj: AuthoredText | None = None) -> str | None:
        """Return where the public finds the text, if there is such a place."""
        if obj is None or obj.code.system.display_mode == CodeSystem.DisplayMode.OFF:
            return None
        anchor = "common-language" if obj.kind == AuthoredText.Kind.PLAIN else obj.kind
        return f"{obj.code.get_absolute_url()}#{anchor}"

    def _kind_label(self, text: AuthoredText | None) -> str:
        return text.get_kind_display() if text else ""

    @admin.display(description="code", ordering="code__key")
    def about(self, text: AuthoredText) -> SafeString:
        """Return the code and its descriptor."""
        return format_html("<strong>{}</strong> {}", text.code, text.code.short_descriptor)

    @admin.display(description="system", ordering="code__system")
    def system(self, text: AuthoredText) -> str:
        """Return the name of the code's system."""
        return text.code.system.name

    @admin.display(description="state", ordering="status")
    def state(self, text: AuthoredText) -> str:
        """Return where the text stands."""
        return state_of(text)

    @admin.display(description="sample", boolean=True)
    def is_sample(self, text: AuthoredText) -> bool:
        """Whether it is part of the sample content."""
        return text.release is not None and text.release.is_sample

    @admin.display(description="reviewed", ordering="reviewed_on")
    def reviewed(self, text: AuthoredText) -> SafeString | str:
        """Return day and reviewer."""
        return _when(text.reviewed_on, text.reviewer) if text.reviewed_on else ""

    @admin.display(description="last change", ordering="updated_at")
    def changed(self, text: AuthoredText) -> SafeString:
        """Return the day, and who wrote the wording."""
        return _when(timezone.localdate(text.updated_at), text.author)


def _when(day: datetime.date, by: Model | None) -> SafeString:
    """Return the day and, below it, the address, which may break after its @."""
    halves = str(by or "").partition("@")
    return format_html("{}<br>{}{}<wbr>{}", day.isoformat(), *halves)


class PlainDescriptionAdmin(TextAdmin):
    """Common Language Descriptions."""


class SectionAdmin(TextAdmin):
    """The authored part of the six sections."""

    list_display = ("about", "system", "kind", *TextAdmin.list_display[2:])
    list_filter = ("status", SectionFilter, "code__system", OriginFilter)

    def get_fields(self, request: HttpRequest, obj: Any = None) -> list[Any]:
        """Return the wording alone once code and kind are settled."""
        return ["markdown"] if obj else ["code", "kind", "markdown"]

    def formfield_for_choice_field(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Leave the Common Language Description to its own admin."""
        if db_field.name == "kind":
            kwargs["choices"] = [("", "---------"), *SECTION_KINDS]
            kwargs["label"] = "Section"
        return super().formfield_for_choice_field(db_field, request, **kwargs)
