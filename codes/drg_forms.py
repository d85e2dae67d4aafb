"""The form of a group's page: whose codes are listed, and which page of them."""

from typing import Final

from django import forms

SYSTEMS: Final = {"icd-10-cm": "diagnoses", "icd-10-pcs": "procedures"}
"""By slug, what the codes are called that the logic of groups uses."""


class DrgForm(forms.Form):
    """Which of the two lists is shown, by the slug of its system."""

    of = forms.ChoiceField(choices=list(SYSTEMS.items()), required=False)
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)
