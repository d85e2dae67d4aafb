"""The admin of CasePilot: what was asked, and what can be taught from it, with review.

Who asked is not shown: a question is looked at for what it says.
"""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Case, IntegerField, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from assistant.actions import display_modes
from assistant.conversations import Turn
from assistant.engine.intents import Intent
from assistant.showing import as_text, may_show
from assistant.taught import Alias, CuratedAnswer, Reviewed
from codes.admin_releases import ReadOnlyAdmin
from codes.markup import render

if TYPE_CHECKING:
    TaughtModelAdmin = admin.ModelAdmin[Any]
    AliasModelForm = forms.ModelForm[Alias]
else:
    TaughtModelAdmin = admin.ModelAdmin
    AliasModelForm = forms.ModelForm

REVIEW: tuple[str, ...] = ("author", "reviewer", "reviewed_on", "changed_at")


@admin.register(Turn)
class TurnAdmin(ReadOnlyAdmin):
    """Questions: what nobody has settled comes first, of that the unanswered, then the disliked."""

    actions = ("settle", "unsettle")  # type: ignore[assignment]  # the others have none
    list_display = ("question", "intent", "outcome", "reason", "vote", "complaint", "asked_at")
    list_filter = ("is_settled", "outcome", "vote", "intent", "reason", "complaint", "is_guest")
    search_fields = ("question", "comment")
    date_hierarchy = "asked_at"
    list_per_page = 50
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


class AliasForm(AliasModelForm):
    """An alias, with the intents as a choice."""

    intent = forms.ChoiceField(
        choices=[("", "—"), *((each.value, each.value) for each in Intent)],
        required=False,
        help_text="What the words ask for.",
    )

    class Meta:
        model = Alias
        fields = ("words", "code", "intent", "means", "source", "is_active")


class TaughtAdmin(TaughtModelAdmin):
    """What people taught; saved words wait for a review before they are used."""

    actions = ("review",)
    list_filter = ("is_active", ("reviewed_on", admin.EmptyFieldListFilter))
    list_select_related = ("code__system", "author", "reviewer")
    autocomplete_fields = ("code",)
    readonly_fields = REVIEW

    def save_model(self, request: HttpRequest, obj: Reviewed, form: Any, change: bool) -> None:
        """Save as a change that nobody has reviewed."""
        obj.rewrite(by=request.user)  # type: ignore[arg-type]  # the admin knows no guest
        text = "It is not used until it is reviewed: choose “Mark as reviewed” in the list."
        self.message_user(request, text, messages.WARNING)

    @admin.action(description="Mark as reviewed", permissions=["change"])
    def review(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Put the chosen ones to use, in the reviewer's name."""
        number = 0
        for each in queryset:
            each.review(by=request.user)
            self.log_change(request, each, "Reviewed.")
            number += 1
        self.message_user(request, f"{number} reviewed and in use.", messages.SUCCESS)


@admin.register(Alias)
class AliasAdmin(TaughtAdmin):
    """Other words for codes, intents and words."""

    form = AliasForm
    list_display = ("words", "code", "intent", "means", "is_active", "reviewed_on", "reviewer")
    search_fields = ("words", "means")
    fields = (*AliasForm.Meta.fields, *REVIEW)


@admin.register(CuratedAnswer)
class CuratedAnswerAdmin(TaughtAdmin):
    """Answers that a person wrote; open to everybody, so nothing gated or licensed belongs here."""

    list_display = ("title", "code", "is_active", "reviewed_on", "reviewer", "source")
    search_fields = ("title", "phrases", "markdown")
    readonly_fields = ("preview", *REVIEW)
    fields = (
        "title",
        "phrases",
        "code",
        "markdown",
        "preview",
        "source",
        "is_active",
        *REVIEW,
    )

    @admin.display(description="as readers would see it")
    def preview(self, answer: CuratedAnswer) -> SafeString | str:
        """Return the saved wording, rendered and sanitised."""
        return SafeString(render(answer.markdown)) if answer.markdown else ""
