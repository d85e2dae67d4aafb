"""CasePilot as a Django app."""

from django.apps import AppConfig


class AssistantConfig(AppConfig):
    """Questions about codes, answered from the site's own rows."""

    name = "assistant"
    verbose_name = "CasePilot"

    def ready(self) -> None:
        """Add the conversations to what a user can take away."""
        from accounts.export import OTHERS
        from assistant.export import conversations

        OTHERS["conversations"] = conversations
