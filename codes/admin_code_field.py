"""The field of the admin that picks a code, and its suggestions."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.contrib.admin.widgets import AutocompleteSelect
from django.db.models import QuerySet

from codes.models import Code

if TYPE_CHECKING:
    CodeModelChoiceField = forms.ModelChoiceField[Code]
else:
    CodeModelChoiceField = forms.ModelChoiceField


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
