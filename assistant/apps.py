"""CasePilot as a Django app."""

from django.apps import AppConfig


class AssistantConfig(AppConfig):
    """Questions about codes, answered from the site's own rows."""

    name = "assistant"
    verbose_name = "CasePilot"

    def ready(self) -> None:
        """Add the conversations, their counts and what was taught to what a user can take away."""
        from accounts.export import OTHERS
        from assistant import export

        OTHERS["conversations"] = export.conversations
        OTHERS["question_counts"] = export.question_counts
        OTHERS["taught"] = export.taught
