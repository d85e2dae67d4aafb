"""The form of an authored text, which never stores over what its editor has not seen."""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import forms
from django.urls import reverse
from django.utils.html import format_html

from codes import admin_views, texts
from codes.authored_texts import AuthoredText
from codes.models import Code
from codes.textdiff import Piece, compare

if TYPE_CHECKING:
    TextModelForm = forms.ModelForm[Any]
else:
    TextModelForm = forms.ModelForm


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
