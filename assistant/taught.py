"""What people taught the assistant: other words for things, and answers, each with its review."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import AbstractBaseUser, Permission
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils import timezone

from codes.markup import render
from codes.models import Code


class OwnReview(Exception):  # named after what was tried
    """Who wrote it may not review it: somebody else can."""


class ReviewedQuerySet(models.QuerySet[Any]):
    """Reads of what people taught the assistant."""

    def in_use(self) -> Self:
        """Return what is active and has been reviewed."""
        return self.filter(is_active=True, reviewed_on__isnull=False)


class Reviewed(models.Model):
    """Something that a person wrote for the assistant; used only once it is reviewed.

    A change takes the review away: ``review`` gives it again. Another person than its author
    reviews it; where nobody else can, ``reviewed_alone`` records that the author did.
    """

    source = models.CharField(max_length=300, help_text="Where it is known from, in words.")
    is_active = models.BooleanField("active", default=True, db_default=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        editable=False,
    )
    reviewed_on = models.DateField(null=True, blank=True, editable=False)
    reviewed_alone = models.BooleanField(
        "reviewed by its author", default=False, db_default=False, editable=False
    )
    changed_at = models.DateTimeField(default=timezone.now, editable=False)

    class Meta:
        abstract = True
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(author__isnull=True)
                | Q(reviewer__isnull=True)
                | ~Q(reviewer=F("author"))
                | Q(reviewed_alone=True),
                name="%(class)s_reviewed_by_another",
            )
        ]

    def rewrite(self, *, by: AbstractBaseUser | None) -> None:
        """Save changed words; nobody has reviewed them yet, so they are not used."""
        self.author_id = by.pk if by else None
        self.reviewer_id = None
        self.reviewed_on = None
        self.reviewed_alone = False
        self.changed_at = timezone.now()
        self.save()

    def review(
        self, *, by: AbstractBaseUser, on: datetime.date | None = None, alone: bool = False
    ) -> None:
        """Record that ``by`` found it right, from now on in use.

        Raises ``OwnReview`` where they wrote it; ``alone`` says that nobody else can review it.
        """
        is_own = by.pk == self.author_id
        if is_own and not alone:
            raise OwnReview
        self.reviewed_alone = is_own
        self.reviewer_id = by.pk
        self.reviewed_on = on or timezone.localdate()
        self.save()


def others_may_review(model: type[Reviewed], by: AbstractBaseUser) -> bool:
    """Return whether anybody but ``by`` may review rows of a model; one query."""
    name = Q(codename=f"change_{model._meta.model_name}", content_type__app_label="assistant")
    allowed = Permission.objects.filter(name)
    may = (
        Q(is_superuser=True) | Q(user_permissions__in=allowed) | Q(groups__permissions__in=allowed)
    )
    staff = get_user_model()._default_manager.filter(is_active=True, is_staff=True)
    return staff.filter(may).exclude(pk=by.pk).exists()


class Alias(Reviewed):
    """Other words for a code, a heading, an intent or other words: "annual wellness" → G0439.

    ``words`` are matched as whole words of the question, without regard to case.
    """

    words = models.CharField(max_length=100, help_text="As people type it.")
    code = models.ForeignKey(
        Code,
        on_delete=models.CASCADE,
        related_name="+",
        null=True,
        blank=True,
        help_text="The code or heading that the words name.",
    )
    intent = models.CharField(
        max_length=20, blank=True, db_default="", help_text="What the words ask for."
    )
    means = models.CharField(
        max_length=300, blank=True, db_default="", help_text="The words to look for instead."
    )

    objects = ReviewedQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "aliases"
        ordering: ClassVar = ["words"]
        constraints: ClassVar = [
            *Reviewed.Meta.constraints,
            models.UniqueConstraint(Lower("words"), name="alias_once"),
            models.CheckConstraint(condition=Q(words__regex=r"\w"), name="alias_has_words"),
            models.CheckConstraint(
                condition=Q(code__isnull=False) | ~Q(intent="") | ~Q(means=""),
                name="alias_means_something",
                violation_error_message="Say which code, intent or words it stands for.",
            ),
        ]

    def __str__(self) -> str:
        return self.words


class CuratedAnswer(Reviewed):
    """An answer that a person wrote, shown as what it is: with its source and who reviewed it.

    It is open to all, so nothing gated or licensed belongs into it. ``phrases`` are ways to ask,
    one a line: a question that has every word of one of them is answered by it.
    """

    title = models.CharField(max_length=120)
    phrases = models.TextField(help_text="Ways to ask for it, one a line.")
    markdown = models.TextField()
    html = models.TextField(blank=True, editable=False)
    code = models.ForeignKey(
        Code,
        on_delete=models.SET_NULL,
        related_name="+",
        null=True,
        blank=True,
        help_text="The code that it is about, if it is about one.",
    )

    objects = ReviewedQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["title"]
        constraints: ClassVar = [
            *Reviewed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(phrases__regex=r"\w"), name="curatedanswer_has_phrases"
            ),
            models.CheckConstraint(
                condition=Q(source__regex=r"\S"), name="curatedanswer_has_source"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def review(
        self, *, by: AbstractBaseUser, on: datetime.date | None = None, alone: bool = False
    ) -> None:
        """Record the review and make the HTML that readers see, sanitised."""
        self.html = render(self.markdown)
        super().review(by=by, on=on, alone=alone)
