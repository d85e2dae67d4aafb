"""Forms of the pages that say what an edition changed."""

from collections.abc import Mapping
from typing import Any

from django import forms

from codes.changes import KINDS
from codes.models import Code, CodeSystem


class ChangesForm(forms.Form):
    """Which changes of an edition a reader wants to see, and how."""

    kind = forms.ChoiceField(
        label="Change", required=False, choices=[("", "All changes"), *KINDS.items()]
    )
    chapter = forms.ModelChoiceField(
        label="Chapter",
        required=False,
        queryset=Code.objects.none(),
        to_field_name="key",
        empty_label="All chapters",
    )
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)
    format = forms.ChoiceField(required=False, choices=[("", "page"), ("csv", "CSV")])

    def __init__(self, data: Any, *, system: CodeSystem) -> None:
        super().__init__(data)
        chapters = Code.objects.filter(system=system, parent=None).order_by("position")
        chosen: Any = self.fields["chapter"]
        chosen.queryset = chapters
        chosen.label_from_instance = lambda chapter: _named(chapter, system)


class FactChangesForm(forms.Form):
    """Which changes of a file of facts a reader wants to see, and how."""

    kind = forms.ChoiceField(label="Change", required=False)
    threshold = forms.IntegerField(
        label="At least, in percent", required=False, min_value=1, max_value=1_000
    )
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)
    format = forms.ChoiceField(required=False, choices=[("", "page"), ("csv", "CSV")])

    def __init__(self, data: Any, *, kinds: Mapping[str, str]) -> None:
        super().__init__(data)
        chosen: Any = self.fields["kind"]
        chosen.choices = [("", "—"), *kinds.items()]
        chosen.widget.choices = list(kinds.items())
        self.fields["threshold"].widget.attrs["placeholder"] = "10"


class DayForm(forms.Form):
    """The day of which a code page is asked for; today where none is given."""

    on = forms.DateField(
        label="As of", required=False, widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d")
    )


def _named(chapter: Code, system: CodeSystem) -> str:
    """Return the chapter as the browse page calls it, without words that may not be shown."""
    if system.display_mode != CodeSystem.DisplayMode.FULL:
        return chapter.display
    words = chapter.short_descriptor
    return words if words == chapter.display else f"{chapter.display}: {words}"
