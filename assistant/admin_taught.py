"""The admin of what people teach CasePilot: aliases and curated answers, used once reviewed."""

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.safestring import SafeString

from assistant.engine.intents import Intent
from assistant.taught import Alias, CuratedAnswer, Reviewed
from codes.markup import render

if TYPE_CHECKING:
    TaughtModelAdmin = admin.ModelAdmin[Any]
    AliasModelForm = forms.ModelForm[Alias]
else:
    TaughtModelAdmin = admin.ModelAdmin
    AliasModelForm = forms.ModelForm

REVIEW: tuple[str, ...] = ("author", "reviewer", "reviewed_on", "changed_at")


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
