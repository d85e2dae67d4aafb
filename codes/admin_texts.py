"""The admin of authored texts: a form with a preview, and the steps from draft to public.

What a step does is in codes/texts.py; the form is in codes/admin_text_form.py; preview, history,
restoring and withdrawing are in codes/admin_views.py.
"""

import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from csp.decorators import csp_update
from django.contrib import admin, messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.core.exceptions import PermissionDenied
from django.db.models import Case, Model, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.html import format_html
from django.utils.safestring import SafeString

from codes import admin_views, texts
from codes.admin_code_field import CodeChoiceField, CodeSelect
from codes.admin_text_form import TextForm
from codes.authored_texts import AuthoredText
from codes.models import Code, CodeSystem

if TYPE_CHECKING:
    TextModelAdmin = admin.ModelAdmin[Any]
else:
    TextModelAdmin = admin.ModelAdmin

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
        "origin",
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

    @admin.display(description="origin")
    def origin(self, text: AuthoredText) -> str:
        """Return whether it is part of the sample content."""
        return "sample" if text.release is not None and text.release.is_sample else ""

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
    return format_html('<span class="nowrap">{}</span><br>{}{}<wbr>{}', day.isoformat(), *halves)


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
