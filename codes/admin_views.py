"""Admin pages of one authored text: preview, history with differences, restore, withdraw.

Each is called through ``AdminSite.admin_view`` (codes/admin_texts.py): only staff get here, and
forms carry a CSRF token.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from csp.decorators import csp_replace
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.models import AbstractBaseUser
from django.core.exceptions import PermissionDenied
from django.core.paginator import Page, Paginator
from django.db.models import QuerySet
from django.db.models.functions import MD5
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods

from casepilot_site import context as site_context
from codes import markup, texts
from codes.authored_texts import AuthoredText, TextRevision
from codes.models import Code
from codes.sections import SECTIONS
from codes.sections.options import SectionOptions
from codes.textdiff import compare

if TYPE_CHECKING:
    TextAdmin = admin.ModelAdmin[Any]

REVISIONS_PER_PAGE = 50
MAX_CHARACTERS = 50_000
Status = AuthoredText.Status


def url_of(model_admin: "TextAdmin", name: str, *args: int) -> str:
    """Return a page of the text's admin, such as ``change``."""
    return reverse(f"admin:codes_{model_admin.opts.model_name}_{name}", args=args)


def editor(request: HttpRequest) -> AbstractBaseUser:
    """Return who is signed in; the admin lets no one else through."""
    return cast("AbstractBaseUser", request.user)


# --- Preview ----------------------------------------------------------------------------------


class PreviewForm(forms.Form):
    """The wording to show; code and kind only where the text is not stored yet."""

    markdown = forms.CharField(max_length=MAX_CHARACTERS, required=False, strip=False)
    code = forms.ModelChoiceField(Code.objects.with_page(), required=False)
    kind = forms.ChoiceField(choices=AuthoredText.Kind.choices, required=False)


@require_http_methods(["GET", "HEAD", "POST"])
@xframe_options_sameorigin
@csp_replace({"frame-ancestors": ["'self'"]})  # type: ignore[arg-type]  # it passes all arguments on
def preview(request: HttpRequest, model_admin: "TextAdmin", pk: int | None = None) -> HttpResponse:
    """Show wording as the public will see it, for the frame beside the form; stores nothing.

    POST shows the wording sent, GET the stored one. Rendering and templates are those of the code
    page. Up to five queries.
    """
    text = _text(request, model_admin, pk) if pk else _new_text(request, model_admin)
    form = PreviewForm(request.POST or None)
    if request.method == "POST":
        if not form.is_valid():
            return render(request, "admin/codes/text_preview.html", {"form": form}, status=400)
        text.markdown = form.cleaned_data["markdown"]
        if pk is None:
            text.code = form.cleaned_data["code"]
            text.kind = form.cleaned_data["kind"] or text.kind
    return render(request, "admin/codes/text_preview.html", {"body": public_html(text)})


def public_html(text: AuthoredText) -> SafeString:
    """Return the part of the code page that holds the text, as if its wording were published."""
    html = mark_safe(markup.render(texts.normalised(text.markdown)))  # noqa: S308 - sanitised
    site = site_context.site(None)
    if not text.kind:
        return format_html('<section class="part"><div class="prose">{}</div></section>', html)
    if text.kind == AuthoredText.Kind.PLAIN:
        values = {"plain": text, "plain_html": html}
        return render_to_string("codes/_common_language.html", site | values)
    section = next(section for section in SECTIONS if section.key == text.kind)
    values = {**site, **_loaded(section, text), "text": text, "text_html": html}
    inner = render_to_string(section.template, values) if html else ""
    shown = {"key": section.key, "title": section.title, "html": inner}
    return render_to_string("codes/_section_open.html", {"section": shown})


def _loaded(section: Any, text: AuthoredText) -> Mapping[str, object]:
    """Return what else the section holds; nothing while no code is chosen."""
    if not getattr(text, "code_id", None):
        return {}
    loaded: Mapping[str, object] = section.load(text.code, SectionOptions())
    return {"code": text.code, **loaded}


def _new_text(request: HttpRequest, model_admin: "TextAdmin") -> AuthoredText:
    if not model_admin.has_add_permission(request):
        raise PermissionDenied
    is_plain = model_admin.opts.model_name == "plaindescription"
    return AuthoredText(kind=AuthoredText.Kind.PLAIN if is_plain else "")


# --- History ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class HistoryRow:
    """A revision and what it did to the one before."""

    revision: TextRevision
    step: str


class CompareForm(forms.Form):
    """Two revisions of one text."""

    def __init__(self, data: Mapping[str, Any], revisions: QuerySet[TextRevision]) -> None:
        super().__init__(data)
        self.fields["old"] = forms.ModelChoiceField(revisions)
        self.fields["new"] = forms.ModelChoiceField(revisions)


@require_http_methods(["GET", "HEAD"])
def history(request: HttpRequest, model_admin: "TextAdmin", object_id: str) -> HttpResponse:
    """List every saved state, the latest first, and compare two; the last two unless chosen.

    Five queries whatever the number of revisions.
    """
    text = _text(request, model_admin, object_id)
    page = _revision_page(request, text)
    rows = _rows(page)
    old, new = _compared(request, text, rows)
    values = {
        "title": f"History: {text}",
        "text": text,
        "rows": rows,
        "page_obj": page,
        "old": old,
        "new": new,
        "pieces": compare(old.markdown, new.markdown) if old and new else [],
        "can_restore": model_admin.has_change_permission(request, text),
    }
    return _page(request, model_admin, "admin/codes/text_history.html", text, values)


def _revision_page(request: HttpRequest, text: AuthoredText) -> Page[Any]:
    revisions = text.revisions.select_related("saved_by").defer("markdown")
    revisions = revisions.annotate(wording=MD5("markdown")).order_by("-pk")
    return Paginator(revisions, REVISIONS_PER_PAGE).get_page(request.GET.get("p"))


def _rows(page: Page[Any]) -> list[HistoryRow]:
    """Return the page's revisions with their steps; one query for the one before the oldest."""
    revisions: list[Any] = list(page.object_list)
    if not revisions:
        return []
    text_id, oldest = revisions[-1].text_id, revisions[-1].pk
    earlier: Any = TextRevision.objects.filter(text=text_id, pk__lt=oldest).defer("markdown")
    before = [*revisions[1:], earlier.annotate(wording=MD5("markdown")).first()]
    return [HistoryRow(r, _step(r, b)) for r, b in zip(revisions, before, strict=True)]


def _step(revision: Any, before: Any) -> str:
    """Return in a word what the editor did; each step leaves a pattern of its own."""
    if before is None:
        return "written"
    if revision.wording != before.wording:
        return "changed"
    if revision.status == Status.DRAFT:
        return "withdrawn"
    if revision.status == before.status:
        return "reviewed again"
    return "published" if revision.status == Status.PUBLISHED else "reviewed"


def _compared(
    request: HttpRequest, text: AuthoredText, rows: list[HistoryRow]
) -> tuple[TextRevision | None, TextRevision | None]:
    """Return the two chosen revisions, older first; 404 if they are not of this text."""
    chosen: Mapping[str, Any] = request.GET
    if not {"old", "new"} & request.GET.keys():
        if len(rows) < 2:
            return None, None
        chosen = {"old": rows[1].revision.pk, "new": rows[0].revision.pk}
    form = CompareForm(chosen, text.revisions.select_related("saved_by"))
    if not form.is_valid():
        raise Http404("This text has no such revisions.")
    old, new = sorted((form.cleaned_data["old"], form.cleaned_data["new"]), key=lambda r: r.pk)
    return old, new


# --- Steps that ask for a confirmation --------------------------------------------------------


@require_http_methods(["GET", "HEAD", "POST"])
def restore(request: HttpRequest, model_admin: "TextAdmin", pk: int, revision: int) -> HttpResponse:
    """Make the wording of an earlier revision the draft again, after a confirmation."""
    text = _text(request, model_admin, pk)
    if not model_admin.has_change_permission(request, text):
        raise PermissionDenied
    chosen = get_object_or_404(text.revisions.select_related("text", "saved_by"), pk=revision)
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        return _take(
            request,
            model_admin,
            text,
            lambda: texts.restore(revision=chosen, by=editor(request), seen=seen),
            "The earlier wording is the draft now. The public page has not changed.",
        )
    values = {
        "title": "Restore this wording?",
        "revision": chosen,
        "pieces": compare(text.markdown, chosen.markdown),
        "is_same": text.markdown == chosen.markdown,
    }
    return _page(request, model_admin, "admin/codes/text_restore.html", text, values)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, model_admin: "TextAdmin", pk: int) -> HttpResponse:
    """Take a published text away from the public, after a confirmation."""
    text = _text(request, model_admin, pk)
    if not (
        model_admin.has_change_permission(request, text)
        and request.user.has_perm("codes.publish_authoredtext")
    ):
        raise PermissionDenied
    if request.method == "POST":
        seen = request.POST.get("seen", "")
        return _take(
            request,
            model_admin,
            text,
            lambda: texts.withdraw(text=text, by=editor(request), seen=seen),
            "The text is withdrawn. The public no longer sees it.",
        )
    values = {"title": "Withdraw this text?"}
    return _page(request, model_admin, "admin/codes/text_withdraw.html", text, values)


def _take(
    request: HttpRequest,
    model_admin: "TextAdmin",
    text: AuthoredText,
    step: Callable[[], object],
    done: str,
) -> HttpResponse:
    """Take the step and return to the text, with what happened or why it was refused."""
    try:
        step()
    except texts.TextError as refusal:
        messages.warning(request, f"{refusal} Nothing was done. Please look at it again.")
    else:
        model_admin.log_change(request, text, done)
        messages.success(request, done)
    return HttpResponseRedirect(url_of(model_admin, "change", text.pk))


# --- Shared -----------------------------------------------------------------------------------


def _text(request: HttpRequest, model_admin: "TextAdmin", pk: int | str) -> AuthoredText:
    """Return the text for somebody who may see it; one query."""
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    found: QuerySet[Any] = model_admin.model.objects.select_related(
        "code__system", "release", "author", "reviewer"
    )
    try:
        text: AuthoredText = get_object_or_404(found, pk=pk)
    except ValueError as error:
        raise Http404 from error
    return text


def _page(
    request: HttpRequest,
    model_admin: "TextAdmin",
    template: str,
    text: AuthoredText,
    values: Mapping[str, object],
) -> HttpResponse:
    shared = {
        **model_admin.admin_site.each_context(request),
        "opts": model_admin.opts,
        "original": text,
        "seen": texts.version_of(text),
        "change_url": url_of(model_admin, "change", text.pk),
        "history_url": url_of(model_admin, "history", text.pk),
        "media": model_admin.media,
    }
    return render(request, template, {**shared, **values})
