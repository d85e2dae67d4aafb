"""Forms of Case2Code: every parameter of a request is read through one."""

from django import forms


class SearchForm(forms.Form):
    """The one box in the header of every page."""

    q = forms.CharField(max_length=200, required=False, strip=True)
    page = forms.IntegerField(min_value=1, max_value=1000, required=False)
