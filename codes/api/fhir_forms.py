"""Forms of FHIR's operations; each names its parameters as the specification does."""

from typing import Any

from django import forms

from codes.api.fhir_requests import Refused
from codes.api.fhir_systems import FhirSystem, ValueSetUrl, by_url, read_value_set

MOST_CODES = 1_000
DEFAULT_CODES = 100


class OperationForm(forms.Form):
    """Reads the parameters of an operation; parameters that it does not know are left unread."""

    def asked(self) -> dict[str, Any]:
        """Return the values. Raises ``Refused`` with what is wrong."""
        if self.is_valid():
            return self.cleaned_data
        wrong = [f"{name}: {' '.join(map(str, errors))}" for name, errors in self.errors.items()]
        raise Refused(400, "invalid", " ".join(wrong))


class LookupForm(OperationForm):
    """``CodeSystem/$lookup``: ``code`` and ``system``, or a ``coding`` in a POST."""

    system = forms.CharField(max_length=200)
    code = forms.CharField(max_length=40)
    version = forms.CharField(max_length=40, required=False)
    property = forms.CharField(max_length=400, required=False)

    def clean_system(self) -> FhirSystem:
        """Return the system of a canonical address."""
        return _system(self.cleaned_data["system"])


class ValidateCodeForm(OperationForm):
    """``CodeSystem/$validate-code``: ``url`` and ``code``, or a ``coding`` in a POST."""

    url = forms.CharField(max_length=200, required=False)
    system = forms.CharField(max_length=200, required=False)
    code = forms.CharField(max_length=40)
    display = forms.CharField(max_length=5_000, required=False)
    version = forms.CharField(max_length=40, required=False)

    def clean(self) -> dict[str, Any]:
        """Take the system from ``url``, or from ``system`` as a coding has it."""
        data = super().clean() or {}
        url = data.get("url") or data.get("system")
        if not url:
            raise forms.ValidationError("Say which code system: url=…")
        return data | {"system": _system(url)}


class ExpandForm(OperationForm):
    """``ValueSet/$expand``: the ``url`` of a value set, words in ``filter``, a page of it."""

    url = forms.CharField(max_length=300)
    filter = forms.CharField(max_length=5_000, required=False)
    count = forms.IntegerField(min_value=0, required=False)
    offset = forms.IntegerField(min_value=0, max_value=1_000_000, required=False)
    activeOnly = forms.BooleanField(required=False)  # noqa: N815  # FHIR's name

    def clean_url(self) -> ValueSetUrl:
        """Return the value set of an address."""
        value_set = read_value_set(self.cleaned_data["url"])
        if value_set is None:
            raise Refused(404, "not-found", f"No value set {self.cleaned_data['url']} is here.")
        return value_set

    def clean_count(self) -> int:
        """Return how many codes are asked for, at most ``MOST_CODES``."""
        count = self.cleaned_data["count"]
        return DEFAULT_CODES if count is None else min(count, MOST_CODES)


def _system(url: str) -> FhirSystem:
    system = by_url(url)
    if system is None:
        raise Refused(404, "not-found", f"The code system {url} is not served here.")
    return system
