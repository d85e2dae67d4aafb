"""Conversations with CasePilot: who asked what, and the answer as it was given.

Only masked questions are stored (codes/identifiers.py). A guest's conversation is deleted after a
day, a user's when the user says so or nobody has asked in it for long (assistant/tasks.py).
"""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, Now
from django.urls import reverse

if TYPE_CHECKING:
    from assistant.people import Person

MAX_QUESTION = 1_000
MAX_TURNS = 100
"""Questions in one conversation; the next one begins another."""


class ConversationQuerySet(models.QuerySet["Conversation"]):
    """Whose conversations."""

    def of(self, person: Person) -> ConversationQuerySet:
        """Return those of a user, and those that this browser began as a guest."""
        owned = Q(pk__in=[])
        if person.user is not None:
            owned |= Q(user=person.user)
        if person.guest:
            owned |= Q(user=None, viewer=person.guest)
        return self.filter(owned)

    def with_size(self) -> ConversationQuerySet:
        """Add ``size``, how many questions there are; the newest first."""
        return self.annotate(size=models.Count("turns")).order_by("-asked_at", "-pk")


class Conversation(models.Model):
    """Questions that belong together: a later one may lean on an earlier one."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    viewer = models.CharField(max_length=80, help_text="As in accounts/viewer.py.")
    user = models.ForeignKey(
        "accounts.User",
        on_delete=models.CASCADE,
        related_name="conversations",
        null=True,
        blank=True,
    )
    title = models.CharField(max_length=120, help_text="The first question, masked and cut.")
    started_at = models.DateTimeField(db_default=Now())
    asked_at = models.DateTimeField(db_default=Now(), help_text="When the last question came.")

    objects: ClassVar = ConversationQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["-asked_at", "-pk"]
        indexes: ClassVar = [
            models.Index(fields=["user", "-asked_at"], name="conversation_history"),
            models.Index(fields=["viewer", "-asked_at"], name="conversation_viewer"),
        ]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(user__isnull=True, viewer__startswith="guest:")
                | Q(
                    user__isnull=False,
                    viewer=Concat(Value("user:"), Cast("user_id", models.CharField())),
                ),
                name="conversation_is_of_user_or_guest",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the page of the conversation."""
        return reverse("assistant:conversation", args=[self.pk])


class TurnQuerySet(models.QuerySet["Turn"]):
    """Which questions."""

    def of(self, person: Person) -> TurnQuerySet:
        """Return the questions in the person's own conversations."""
        own = Conversation.objects.of(person)
        return self.filter(conversation__in=own.order_by().values("pk"))


class Turn(models.Model):
    """One question and its answer. The id comes with the question, so that sending twice is once.

    ``answer`` is what ``assistant.engine.plain.as_plain`` made of the answer: only what its asker
    might see then. ``modes`` are the display modes of the code systems at that time: what a licence
    no longer shows is not shown here either.
    """

    class Outcome(models.TextChoices):
        """How far the question was answered; the engine's words."""

        ANSWERED = "answered", "answered"
        PARTLY = "partly", "partly answered"
        REFUSED = "refused", "refused"

    class Vote(models.IntegerChoices):
        """What the asker thinks of the answer."""

        DOWN = -1, "not helpful"
        NONE = 0, "no vote"
        UP = 1, "helpful"

    class Complaint(models.TextChoices):
        """Why an answer was not helpful."""

        WRONG = "wrong", "Something in it is wrong"
        MISSING = "missing", "Something is missing"
        MISREAD = "misread", "My question was misunderstood"
        UNCLEAR = "unclear", "It is hard to understand"
        OTHER = "other", "Something else"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="turns")
    question = models.TextField(help_text="Masked.")
    masked = ArrayField(
        models.CharField(max_length=60),
        default=list,
        help_text="Kinds of identifiers that were taken out of the question.",
    )
    answer = models.JSONField(help_text="The typed answer.")
    intent = models.CharField(max_length=40, blank=True)
    outcome = models.CharField(max_length=10, choices=Outcome.choices)
    reason = models.CharField(max_length=40, blank=True)
    is_guest = models.BooleanField("asked by a guest")
    notes = ArrayField(
        models.CharField(max_length=300), default=list, help_text="What the meter did."
    )
    modes = models.JSONField(default=dict)
    prose = models.JSONField(
        null=True, help_text="A language model's wording that passed the guard."
    )
    refused_sentences = models.PositiveSmallIntegerField(
        default=0, db_default=0, help_text="Sentences of the model that the guard took out."
    )
    asked_at = models.DateTimeField(db_default=Now())
    vote = models.SmallIntegerField(choices=Vote.choices, default=Vote.NONE, db_default=Vote.NONE)
    complaint = models.CharField(max_length=10, choices=Complaint.choices, blank=True)
    comment = models.CharField(max_length=500, blank=True, help_text="Masked.")
    is_settled = models.BooleanField(
        "settled", default=False, db_default=False, help_text="An admin has seen to it."
    )

    objects: ClassVar = TurnQuerySet.as_manager()

    class Meta:
        ordering: ClassVar = ["asked_at", "pk"]
        verbose_name = "question"
        indexes: ClassVar = [
            models.Index(fields=["conversation", "asked_at"], name="turn_in_conversation")
        ]
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(vote__in=(-1, 0, 1)), name="turn_vote_is_known"),
            models.CheckConstraint(
                condition=Q(outcome__in=("answered", "partly", "refused")),
                name="turn_outcome_is_known",
            ),
            models.CheckConstraint(
                condition=Q(vote=-1) | Q(complaint=""), name="turn_complaint_needs_its_vote"
            ),
        ]

    def __str__(self) -> str:
        return self.question[:80]

    def get_absolute_url(self) -> str:
        """Return the place of the answer in its conversation."""
        return f"{reverse('assistant:conversation', args=[self.conversation_id])}#{self.anchor}"

    @property
    def anchor(self) -> str:
        """The id of the answer in the page."""
        return f"turn-{self.pk}"

    def judge(self, *, vote: int, complaint: str = "", comment: str = "") -> None:
        """Store what the asker thinks of it. One statement."""
        self.vote, self.complaint, self.comment = vote, complaint, comment
        self.is_settled = False
        self.save(update_fields=["vote", "complaint", "comment", "is_settled"])

    def keep_wording(self, prose: Any, refused: int) -> None:
        """Store a language model's wording. One statement."""
        self.prose, self.refused_sentences = prose, refused
        self.save(update_fields=["prose", "refused_sentences"])


class AskMeter(models.Model):
    """How many questions one bucket has used on one day; changed by assistant/budget.py alone.

    A bucket is a viewer, a network's keyed hash, or ``model:`` and a viewer or ``all``, for the
    answers that a language model has worded.
    """

    bucket = models.CharField(max_length=90)
    day = models.DateField()
    used = models.PositiveIntegerField()
    quota = models.PositiveIntegerField(help_text="The limit when it was last counted.")
    user = models.ForeignKey(
        "accounts.User", on_delete=models.CASCADE, related_name="+", null=True, blank=True
    )

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bucket", "day"], name="askmeter_once"),
            models.CheckConstraint(condition=Q(used__lte=F("quota")), name="askmeter_within_quota"),
        ]

    def __str__(self) -> str:
        return f"{self.bucket} {self.day}: {self.used}/{self.quota}"

    @property
    def is_of_model(self) -> bool:
        """Whether it counts answers that a language model worded, and not questions."""
        return self.bucket.startswith("model:")
