"""allauth's forms where the site needs another answer."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import ResetPasswordForm as AllauthResetPasswordForm
from django.db import transaction
from django.http import HttpRequest

from accounts.models import User


class ResetPasswordForm(AllauthResetPasswordForm):  # type: ignore[misc]  # allauth publishes no types
    """Does the same work for an address without an account, and keeps nothing of it.

    No mail goes to strangers, but without this the time of the answer would say who has an account.
    """

    def save(self, request: HttpRequest, **kwargs: Any) -> str:
        """Store the mail with the link, or go through the motions."""
        if not self.users:
            _go_through_the_motions(str(self.cleaned_data["email"]))
        email: str = super().save(request, **kwargs)
        return email


@transaction.atomic
def _go_through_the_motions(email: str) -> None:
    adapter = get_adapter()
    url = adapter.get_reset_password_from_key_url("0-none")
    adapter.send_password_reset_mail(User(email=email), email, {"password_reset_url": url})
    transaction.set_rollback(True)
