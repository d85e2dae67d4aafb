"""Case2Code as a Django app."""

from django.apps import AppConfig


class CodesConfig(AppConfig):
    """Codes, their pages and the search."""

    name = "codes"
    verbose_name = "Case2Code"
