"""Forms of what programs ask."""

from typing import Any

from django import forms

from codes.models import CodeSystem

MOST_ROWS = 500
FURTHEST_ROW = 7_500
DEFAULT_ROWS = 7

FIELDS = {
    "code": "display",
    "name": "short",
    "short_desc": "short",
    "display": "short",
    "system": "system",
}
"""The names by which existing clients ask for a field -> what is meant."""


class FieldList(forms.CharField):
    """Reads ``code,name``; each must be a known field. An alias (``code:icd``) names the answer."""

    def __init__(self, *, default: str = "") -> None:
        super().__init__(required=False, max_length=200)
        self.default = default

    def clean(self, value: Any) -> list[tuple[str, str]]:
        """Return pairs of the name in the answer and the field that is meant."""
        text = super().clean(value) or self.default
        names = [name.strip() for name in text.split(",") if name.strip()]
        return [self._read(name) for name in names]

    def _read(self, text: str) -> tuple[str, str]:
        name, _, alias = text.partition(":")
        if name not in FIELDS:
            known = ", ".join(FIELDS)
            raise forms.ValidationError(f"There is no field {name!r}. There are: {known}.")
        return alias or name, FIELDS[name]


class TableSearchForm(forms.Form):
    """Reads a question in the shape of NLM's Clinical Table Search Service.

    Parameters that it does not know are left unread, as there.
    """

    terms = forms.CharField(required=False, max_length=5_000)
    maxList = forms.IntegerField(required=False, min_value=0)  # noqa: N815  # NLM's name
    count = forms.IntegerField(required=False, min_value=0)
    offset = forms.IntegerField(required=False, min_value=0, max_value=FURTHEST_ROW)
    sf = FieldList(default="code,name")
    df = FieldList(default="code,name")
    cf = FieldList(default="code")
    ef = FieldList()
    q = forms.CharField(required=False, max_length=500)
    system = forms.ModelMultipleChoiceField(
        CodeSystem.objects.none(), required=False, to_field_name="slug"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["system"].queryset = CodeSystem.objects.visible()  # type: ignore[attr-defined]  # a choice field has one

    def clean_terms(self) -> str:
        """Ask for words: NLM's service requires the parameter too, and takes it empty."""
        if "terms" not in self.data:
            raise forms.ValidationError("Say what to search: terms=…")
        return str(self.cleaned_data["terms"])

    def clean_q(self) -> str:
        """Refuse what would be left undone silently."""
        if self.cleaned_data["q"]:
            raise forms.ValidationError("Query strings are not offered here; narrow by system=…")
        return ""

    def rows(self) -> tuple[int, int]:
        """Return how many rows are asked for, and from which on.

        ``maxList=`` without a number means the most, as at NLM; ``count`` counts where both stand.
        """
        data = self.cleaned_data
        asked = data["count"] if data["count"] is not None else data["maxList"]
        if asked is None:
            asked = MOST_ROWS if "maxList" in self.data else DEFAULT_ROWS
        offset = data["offset"] or 0
        return min(asked, MOST_ROWS, FURTHEST_ROW - offset), offset
