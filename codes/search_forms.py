"""Forms of the search: the one box, what narrows its results, and the suggestions."""

from typing import Any

from django import forms

from codes.search_page import State

MAX_CHARACTERS = 200
_NODE = r"^[^\x00]{1,40}$"
_YES_NO = [("", "—"), ("yes", "yes"), ("no", "no")]


class SlugsField(forms.Field):
    """Slugs, each named once or more in the address."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> tuple[str, ...]:
        """Return them, each once."""
        return tuple(dict.fromkeys(filter(None, value or [])))

    def validate(self, value: Any) -> None:
        """Refuse what is no slug; whether there is such a system is another question."""
        if len(value) > 10 or not all(
            each.replace("-", "").isalnum() and each.isascii() and len(each) <= 50 for each in value
        ):
            raise forms.ValidationError("This is no code system.")


class SearchForm(forms.Form):
    """The one box of every page, and the filters of the results."""

    q = forms.CharField(
        max_length=MAX_CHARACTERS,
        required=False,
        strip=True,
        error_messages={"max_length": "A search has at most 200 characters. Please shorten it."},
    )
    system = SlugsField(required=False)
    chapter = forms.RegexField(_NODE, required=False)
    section = forms.RegexField(_NODE, required=False)
    billable = forms.ChoiceField(choices=_YES_NO, required=False)
    coverage = forms.ChoiceField(choices=_YES_NO, required=False)
    on = forms.DateField(
        label="Valid on",
        required=False,
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": "“Valid on” is no day, such as 2026-10-01."},
    )
    page = forms.IntegerField(min_value=1, max_value=1000, required=False)

    def state(self) -> State:
        """Return what a valid form asks for."""
        chosen = self.cleaned_data
        return State(
            query=" ".join(chosen["q"].split()),
            systems=chosen["system"],
            chapter=chosen["chapter"],
            section=chosen["section"],
            billable=chosen["billable"],
            coverage=chosen["coverage"],
            on=chosen["on"],
        )


class SuggestForm(forms.Form):
    """What has been typed so far."""

    q = forms.CharField(max_length=MAX_CHARACTERS, required=False, strip=True)
    system = forms.SlugField(max_length=50, required=False)
