"""The admin of CasePilot: what was asked, with its receipts. What can be taught from it stands in
admin_taught.py.

Who asked is not shown: a question is looked at for what it says.
"""

from functools import partial
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assistant.actions import display_modes
from assistant.admin_replay import replay_page
from assistant.admin_taught import AliasAdmin, CuratedAnswerAdmin
from assistant.conversations import Turn
from assistant.showing import as_text, may_show
from codes.admin_read_only import ReadOnlyAdmin

__all__ = ["AliasAdmin", "CuratedAnswerAdmin", "TurnAdmin"]


@admin.register(Turn)
class TurnAdmin(ReadOnlyAdmin):
    """Questions: what nobody has settled comes first, of that the unanswered, then the disliked."""

    actions = ("settle", "unsettle")  # type: ignore[assignment]  # the others have none
    list_display = ("question", "intent", "outcome", "reason", "voted", "asked_at")
    list_filter = ("is_settled", "outcome", "vote", "intent", "reason", "complaint", "is_guest")
    search_fields = ("question", "comment")
    date_hierarchy = "asked_at"
    list_per_page = 50
    change_form_template = "admin/assistant/turn_form.html"
    fields = (
        "question",
        "teach",
        "intent",
        "outcome",
        "reason",
        "vote",
        "complaint",
        "comment",
        "answer_text",
        "masked",
        "notes",
        "refused_sentences",
        "is_guest",
        "is_settled",
        "asked_at",
    )

    def get_urls(self) -> list[URLPattern]:
        """Add the page that asks a question again."""
        view = self.admin_site.admin_view(partial(replay_page, model_admin=self))
        return [
            path("<uuid:pk>/replay/", view, name="assistant_turn_replay"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Turn]:
        """Return the questions, the most pressing first."""
        pressing = Case(
            When(is_settled=True, then=Value(9)),
            When(outcome=Turn.Outcome.REFUSED, then=Value(0)),
            When(vote=Turn.Vote.DOWN, then=Value(1)),
            When(outcome=Turn.Outcome.PARTLY, then=Value(2)),
            default=Value(3),
            output_field=IntegerField(),
        )
        return Turn.objects.annotate(pressing=pressing)

    def get_ordering(self, request: HttpRequest) -> tuple[str, ...]:
        """Order by that."""
        return ("pressing", "-asked_at")

    @admin.display(description="vote", ordering="vote")
    def voted(self, turn: Turn) -> str:
        """Return what its asker thought of the answer, and what was wrong with it."""
        if turn.vote == Turn.Vote.NONE:
            return ""
        return ": ".join(filter(None, [turn.get_vote_display(), turn.get_complaint_display()]))

    @admin.display(description="teach")
    def teach(self, turn: Turn) -> SafeString:
        """Return links to what can be added from the question."""
        words = turn.question[:100]
        alias = reverse("admin:assistant_alias_add")
        curated = reverse("admin:assistant_curatedanswer_add")
        return format_html(
            '<a href="{}?{}">Add an alias</a> · <a href="{}?{}">Add a curated answer</a>',
            alias,
            urlencode({"words": words}),
            curated,
            urlencode({"phrases": turn.question, "title": words}),
        )

    @admin.display(description="answer")
    def answer_text(self, turn: Turn) -> SafeString:
        """Return the answer as it was given, with its citations, as far as the licence lets it."""
        if not may_show(turn.modes, display_modes()):
            return SafeString("Not shown: the licence of what it says has changed since.")
        text = as_text(turn.question, turn.answer, settings.SITE_URL)
        return format_html("<pre>{}</pre>", text)

    @admin.action(description="Mark as settled", permissions=["view"])
    def settle(self, request: HttpRequest, queryset: QuerySet[Turn]) -> None:
        """Put the questions to the end of the list."""
        self._mark(request, queryset, is_settled=True)

    @admin.action(description="Mark as not settled", permissions=["view"])
    def unsettle(self, request: HttpRequest, queryset: QuerySet[Turn]) -> None:
        """Bring the questions back."""
        self._mark(request, queryset, is_settled=False)

    def _mark(self, request: HttpRequest, queryset: QuerySet[Turn], *, is_settled: bool) -> None:
        if not request.user.has_perm("assistant.change_turn"):
            self.message_user(request, "You may look at questions only.", messages.ERROR)
            return
        number = queryset.update(is_settled=is_settled)
        self.message_user(request, f"{number} marked.", messages.SUCCESS)
