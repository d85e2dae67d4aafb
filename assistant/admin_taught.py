"""The admin of what people teach CasePilot: aliases and curated answers, used once reviewed."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.formats import date_format
from django.utils.safestring import SafeString

from assistant.engine.intents import Intent
from assistant.taught import Alias, CuratedAnswer, OwnReview, Reviewed, others_may_review
from codes.markup import render

if TYPE_CHECKING:
    TaughtModelAdmin = admin.ModelAdmin[Any]
    AliasModelForm = forms.ModelForm[Alias]
else:
    TaughtModelAdmin = admin.ModelAdmin
    AliasModelForm = forms.ModelForm

REVIEW: tuple[str, ...] = ("author", "review_state", "changed_at")


_ALONE = "Its author reviewed it: on this site no other person had to or could."


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


class ReviewFilter(admin.SimpleListFilter):
    """What was taught by whether it is reviewed."""

    title = "review"
    parameter_name = "review"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("reviewed", "reviewed"), ("waiting", "not reviewed")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Return the rows of the chosen state."""
        if self.value() not in ("reviewed", "waiting"):
            return queryset
        return queryset.filter(reviewed_on__isnull=self.value() == "waiting")


class TaughtAdmin(TaughtModelAdmin):
    """What people taught; saved words wait for a review before they are used."""

    actions = ("review",)
    list_filter = ("is_active", ReviewFilter)
    list_select_related = ("code__system", "author", "reviewer")
    autocomplete_fields = ("code",)
    readonly_fields = REVIEW

    def save_model(self, request: HttpRequest, obj: Reviewed, form: Any, change: bool) -> None:
        """Save as a change that nobody has reviewed."""
        obj.rewrite(by=request.user)  # type: ignore[arg-type]  # the admin knows no guest
        who = "choose" if self._may_review_own(request) else "somebody else chooses"
        text = f"It is not used until it is reviewed: {who} “Mark as reviewed” in the list."
        self.message_user(request, text, messages.WARNING)

    @admin.display(description="reviewed", ordering="reviewed_on")
    def reviewed(self, taught: Reviewed) -> str:
        """Return in short who reviewed it and when."""
        if taught.reviewed_on is None:
            return "not yet, so not used"
        who = "its author" if taught.reviewed_alone else taught.reviewer or "a deleted account"
        return f"{date_format(taught.reviewed_on, 'j F Y')} by {who}"

    @admin.display(description="review")
    def review_state(self, taught: Reviewed) -> str:
        """Return who reviewed it and when, or who may."""
        if taught.reviewed_on is None:
            return "Not reviewed, so not used. Another person than its author reviews it."
        who = taught.reviewer or "a deleted account"
        text = f"Reviewed by {who} on {date_format(taught.reviewed_on, 'j F Y')}."
        return f"{text} {_ALONE}" if taught.reviewed_alone else text

    @admin.action(description="Mark as reviewed", permissions=["change"])
    def review(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Put the chosen ones to use, in the reviewer's name; what they wrote waits for another."""
        alone = self._may_review_own(request)
        done = [each for each in queryset if self._review(request, each, alone=alone)]
        if done:
            self.message_user(request, f"{len(done)} reviewed and in use.", messages.SUCCESS)
        if own := len(queryset) - len(done):
            text = f"{own} not reviewed: you wrote it, so another person reviews it."
            self.message_user(request, text, messages.WARNING)
        if any(each.reviewed_alone for each in done):
            self.message_user(request, _ALONE, messages.WARNING)

    def _review(self, request: HttpRequest, each: Reviewed, *, alone: bool) -> bool:
        try:
            each.review(by=request.user, alone=alone)  # type: ignore[arg-type]  # no guest
        except OwnReview:
            return False
        self.log_change(
            request, each, f"Reviewed. {_ALONE}" if each.reviewed_alone else "Reviewed."
        )
        return True

    def _may_review_own(self, request: HttpRequest) -> bool:
        """Whether who wrote a row may review it too: by the setting, or for want of others."""
        if not settings.ASSISTANT_REVIEW_BY_ANOTHER:
            return True
        return not others_may_review(self.model, request.user)  # type: ignore[arg-type]  # no guest


@admin.register(Alias)
class AliasAdmin(TaughtAdmin):
    """Other words for codes, intents and words."""

    form = AliasForm
    list_display = ("words", "stands_for", "is_active", "reviewed", "source")
    search_fields = ("words", "means")
    fields = (*AliasForm.Meta.fields, *REVIEW)

    @admin.display(description="stands for")
    def stands_for(self, alias: Alias) -> str:
        """Return the code, the intent and the words."""
        intent = f"intent: {alias.intent}" if alias.intent else ""
        return " · ".join(filter(None, [str(alias.code or ""), intent, alias.means]))


@admin.register(CuratedAnswer)
class CuratedAnswerAdmin(TaughtAdmin):
    """Answers that a person wrote; open to everybody, so nothing gated or licensed belongs here."""

    list_display = ("title", "code", "is_active", "reviewed", "source")
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
