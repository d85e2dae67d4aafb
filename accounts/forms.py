"""Forms of the account pages."""

from typing import Any

from django import forms

from accounts.models import User


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
