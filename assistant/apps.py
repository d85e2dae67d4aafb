"""CasePilot as a Django app."""

from django.apps import AppConfig


class AssistantConfig(AppConfig):
    """Questions about codes, answered from the site's own rows."""

    name = "assistant"
    verbose_name = "CasePilot"
