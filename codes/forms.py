"""Forms of Case2Code: every parameter of a request is read through one."""

from django import forms

from codes.localities import PATTERN
from codes.ncci_facts import HOSPITAL, PRACTITIONER, Service
from codes.sections.options import SectionOptions


class PageForm(forms.Form):
    """Which page of a long list; without a number the first. The view knows how many there are."""

    page = forms.IntegerField(min_value=1, required=False)


class SectionForm(forms.Form):
    """What a reader may choose on the page of one section."""

    on = forms.DateField(label="Valid on", required=False)
    q = forms.CharField(label="Search", max_length=60, required=False, strip=True)
    page = forms.IntegerField(min_value=1, max_value=10_000, required=False)
    locality = forms.RegexField(PATTERN, required=False)

    def options(self) -> SectionOptions:
        """Return the choices of a valid form."""
        chosen = self.cleaned_data
        return SectionOptions(
            on=chosen["on"],
            words=chosen["q"],
            page=chosen["page"] or 1,
            locality=chosen["locality"],
            is_whole=True,
        )


class NcciCheckForm(forms.Form):
    """The lines of a claim to be checked against the NCCI edits."""

    SERVICES = (PRACTITIONER, HOSPITAL)

    codes = forms.CharField(
        label="Codes",
        max_length=2000,
        widget=forms.Textarea,
        error_messages={"required": "Type at least one code."},
    )
    service = forms.ChoiceField(
        label="Billed by", choices=[(each.key, each.name) for each in SERVICES], required=False
    )
    on = forms.DateField(label="Day of service", required=False)

    def chosen_service(self) -> Service:
        """Return the service of a valid form; practitioners where none is chosen."""
        key = self.cleaned_data["service"]
        return next((each for each in self.SERVICES if each.key == key), PRACTITIONER)
