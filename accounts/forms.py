"""Forms of the account pages."""

from typing import Any

from django import forms

from accounts.models import ApiToken, User


class DeleteAccountForm(forms.Form):
    """Asks for the account's own address, so that nothing is deleted by one wrong press."""

    email = forms.EmailField(
        label="Your e-mail address",
        help_text="Type the address of this account to confirm.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_email(self) -> str:
        """Accept the address of the account in any capitals."""
        email = str(self.cleaned_data["email"])
        if email.lower() != self.user.email.lower():
            raise forms.ValidationError("This is not the address of this account.")
        return email


class TokenForm(forms.Form):
    """Asks what a new API token is for."""

    name = forms.CharField(
        label="What it is for",
        max_length=60,
        help_text="Such as “billing script”. It helps you to know it when you delete it.",
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user

    def clean_name(self) -> str:
        """Refuse a name that another token of the user has."""
        name = str(self.cleaned_data["name"])
        if ApiToken.objects.filter(user=self.user, name=name).exists():
            raise forms.ValidationError("You have a token of this name. Choose another name.")
        return name
