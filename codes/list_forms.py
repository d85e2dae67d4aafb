"""Forms of the lists of codes."""

from typing import Any

from django import forms
from django.contrib.auth.models import AbstractBaseUser

from codes.lists import MAX_ABOUT, MAX_CODES, MAX_NOTE, CodeList

MAX_ADDED = 100
"""How many codes one request may add."""
NAME_TAKEN = "You already have a list of this name."


class ListForm(forms.Form):
    """Name and purpose of a list."""

    name = forms.CharField(label="Name", max_length=80)
    about = forms.CharField(
        label="What it is for",
        max_length=MAX_ABOUT,
        required=False,
        widget=forms.Textarea({"rows": 3}),
    )

    def __init__(
        self,
        data: Any = None,
        *,
        owner: AbstractBaseUser,
        renamed: CodeList | None = None,
    ) -> None:
        initial = {"name": renamed.name, "about": renamed.about} if renamed else None
        super().__init__(data, initial=initial)
        self.others = CodeList.objects.for_user(owner)
        if renamed:
            self.others = self.others.exclude(pk=renamed.pk)

    def clean_name(self) -> str:
        """Refuse a name that another list of the user has, in any capitals."""
        name = str(self.cleaned_data["name"])
        if self.others.named(name).exists():
            raise forms.ValidationError(NAME_TAKEN)
        return name


class ListStepForm(forms.Form):
    """What is done with a whole list."""

    STEPS = ("share", "unshare", "seen", "sort", "restore")

    do = forms.ChoiceField(choices=[(step, step) for step in STEPS])


class EntryForm(forms.Form):
    """What is done with one code of a list; only ``save`` reads note and position."""

    STEPS = ("save", "up", "down", "remove")

    do = forms.ChoiceField(choices=[(step, step) for step in STEPS])
    note = forms.CharField(
        label="Note", max_length=MAX_NOTE, required=False, widget=forms.Textarea({"rows": 3})
    )
    position = forms.IntegerField(
        label="Place in the list", min_value=1, max_value=MAX_CODES, required=False
    )


class CodesField(forms.Field):
    """Codes as ``icd-10-cm/J96.01``, each named once or more in the address."""

    widget = forms.SelectMultiple

    def to_python(self, value: Any) -> list[tuple[str, str]]:
        """Return system and printed code of each."""
        pairs = [str(text).partition("/") for text in value or []]
        return [(system, code) for system, _, code in pairs]

    def validate(self, value: Any) -> None:
        """Refuse nothing and too much; whether the codes exist is another question."""
        if not value or not all(system and code for system, code in value):
            raise forms.ValidationError("Name a code as system/code.")
        if len(value) > MAX_ADDED:
            raise forms.ValidationError(f"At most {MAX_ADDED} codes can be added at once.")
        if any("\x00" in system + code for system, code in value):
            raise forms.ValidationError("There is no such code.")


class AddForm(forms.Form):
    """Which codes go into which list: a chosen one, a new one, or the one used last."""

    code = CodesField()
    list = forms.IntegerField(required=False, min_value=1, max_value=2**62)
    name = forms.CharField(label="Name of a new list", max_length=80, required=False)
    note = forms.CharField(
        label="Note", max_length=MAX_NOTE, required=False, widget=forms.Textarea({"rows": 2})
    )
    next = forms.CharField(max_length=2000, required=False, widget=forms.HiddenInput)
