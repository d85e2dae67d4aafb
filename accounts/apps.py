"""Accounts as a Django app."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Registration, the view meter and outgoing mail."""

    name = "accounts"
    verbose_name = "Users and views"  # allauth has “Accounts”
