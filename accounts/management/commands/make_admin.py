"""``manage.py make_admin``: the first account that may use the admin."""

import secrets
from typing import Any

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import transaction

from accounts.models import User


class Command(BaseCommand):
    """Makes the first superuser and prints its one-time password, once."""

    help = (
        "Make the first admin and print its address and one-time password. "
        "The password works for one login, which asks for a new one. "
        "Does nothing where an admin exists."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare ``--email``."""
        parser.add_argument("--email", default="admin@casepilot.localhost")

    def handle(self, *, email: str, **options: Any) -> None:
        """Make the account, or say which exists and how to reset its password."""
        admin = User.objects.filter(is_superuser=True, is_active=True).order_by("pk").first()
        if admin is not None:
            self.stdout.write(
                f"An admin exists: {admin.email}. New password: manage.py changepassword "
                f"{admin.email}"
            )
            return
        password = secrets.token_urlsafe(12)
        self._make(email, password)
        self.stdout.write(f"Admin: {email}")
        self.stdout.write(f"One-time password: {password}")
        self.stdout.write("It works for one login, and is not shown again.")

    @transaction.atomic
    def _make(self, email: str, password: str) -> None:
        _check(email)
        user = User.objects.create_superuser(email, password)
        user.password_is_one_time = True
        user.save(update_fields=["password_is_one_time"])
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)


def _check(email: str) -> None:
    try:
        validate_email(email)
    except ValidationError as error:
        raise CommandError(f"{email!r} is not an e-mail address.") from error
    if User.objects.filter(email__iexact=email).exists():
        raise CommandError(
            f"{email} has an account that is no admin. Choose another address with --email."
        )
