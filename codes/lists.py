"""Lists of codes that registered users collect, each code with a note of their own.

An entry names the edition of its system that its owner has seen, so that after a release the list
can say what changed about its codes (codes/list_news.py).
"""

from __future__ import annotations

import secrets
from datetime import date
from typing import ClassVar, Final, Self

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.core.validators import MaxLengthValidator
from django.db import models
from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Lower, Now
from django.urls import reverse

from codes.code_versions import CodeChange
from codes.models import Code, CodeSystem, Release

MAX_LISTS: Final = 100
"""Of one user."""
MAX_CODES: Final = 500
"""In one list: pages, exports and the order hold it whole."""
MAX_NOTE: Final = 500
MAX_ABOUT: Final = 1000
_TOKEN_BYTES: Final = 24
_LONG: Final = r"^[\w-]{32,}$"

User = AbstractBaseUser | AnonymousUser


class CodeListQuerySet(models.QuerySet["CodeList"]):
    """Reads of lists."""

    def for_user(self, user: User) -> Self:
        """Return the user's own lists, the last used first; none for a guest."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(owner_id=user.pk).order_by("-used_at", "-pk")

    def shared(self, token: str) -> Self:
        """Return the list that this secret link shows; at most one row."""
        return self.filter(share_token=token)

    def named(self, name: str) -> Self:
        """Return the lists of this name, compared as the constraint compares them."""
        return self.alias(lowered=Lower("name")).filter(lowered=Lower(Value(name)))

    def with_counts(self) -> Self:
        """Add ``size``, all its codes, and ``news``, how many that are shown have changed."""
        entries = CodeListEntry.objects.filter(list=OuterRef("pk"))
        return self.annotate(size=_count(entries), news=_count(entries.visible().changed()))


class CodeList(models.Model):
    """A named list of codes of one user.

    ``share_token`` is the secret of its read-only link; null while it is not shared.
    """

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="code_lists"
    )
    name = models.CharField(max_length=80)
    about = models.TextField(
        blank=True, db_default="", default="", validators=[MaxLengthValidator(MAX_ABOUT)]
    )
    share_token = models.CharField(max_length=64, unique=True, null=True, editable=False)  # noqa: DJ001 - unique, and most lists have none
    created_at = models.DateTimeField(db_default=Now(), editable=False)
    used_at = models.DateTimeField(
        db_default=Now(), editable=False, help_text="The next code goes to the list used last."
    )

    objects = CodeListQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                F("owner"),
                Lower("name"),
                name="codelist_name_once",
                violation_error_message="You already have a list of this name.",
            ),
            models.CheckConstraint(condition=Q(name__regex=r"\S"), name="codelist_has_a_name"),
            models.CheckConstraint(
                condition=Q(share_token__isnull=True) | Q(share_token__regex=_LONG),
                name="codelist_token_is_long",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("codes:list", args=[self.pk])

    def shared_path(self) -> str:
        """Return the path of the secret link; empty while the list is not shared."""
        return reverse("codes:shared_list", args=[self.share_token]) if self.share_token else ""

    def share(self) -> None:
        """Give the list a new secret link; one that it had leads nowhere any more."""
        self._keep_token(secrets.token_urlsafe(_TOKEN_BYTES))

    def unshare(self) -> None:
        """Take the secret link back."""
        self._keep_token(None)

    def _keep_token(self, token: str | None) -> None:
        self.share_token = token
        # Nothing, not an error, where the list was deleted in another window.
        CodeList.objects.filter(pk=self.pk).update(share_token=token)


class CodeListEntryQuerySet(models.QuerySet["CodeListEntry"]):
    """Reads of the codes in lists."""

    def of(self, user: User) -> Self:
        """Return the entries of all lists of a user; none for a guest."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(list__owner_id=user.pk)

    def visible(self) -> Self:
        """Leave out the codes of systems that this installation does not show."""
        return self.exclude(code__system__display_mode=CodeSystem.DisplayMode.OFF)

    def in_order(self) -> Self:
        """Return them as the owner ordered them, with the codes and their systems."""
        return self.select_related("code__system").order_by("position", "pk")

    def changed(self) -> Self:
        """Return the entries whose code an edition after the one seen has changed."""
        later = Q(release__effective_date__gt=OuterRef("seen_on")) | Q(
            release__effective_date=OuterRef("seen_on"), release_id__gt=OuterRef("seen_number")
        )
        news = changes_in_force().filter(later, code=OuterRef("code"))
        return self.alias(
            seen_on=Coalesce("seen__effective_date", date.min), seen_number=Coalesce("seen_id", 0)
        ).filter(Exists(news))


class CodeListEntry(models.Model):
    """One code in a list. ``position`` counts from 1 without gaps."""

    list = models.ForeignKey(CodeList, on_delete=models.CASCADE, related_name="entries")
    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="list_entries")
    note = models.TextField(
        blank=True, db_default="", default="", validators=[MaxLengthValidator(MAX_NOTE)]
    )
    position = models.PositiveSmallIntegerField()
    seen = models.ForeignKey(
        Release,
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The edition shown when it was added, or when its owner last saw the changes.",
    )
    added_at = models.DateTimeField(db_default=Now(), editable=False)

    objects = CodeListEntryQuerySet.as_manager()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["list", "code"], name="codelistentry_code_once"),
            models.UniqueConstraint(
                fields=["list", "position"],
                name="codelistentry_position_once",
                deferrable=models.Deferrable.DEFERRED,
            ),
            models.CheckConstraint(
                condition=Q(position__gte=1, position__lte=MAX_CODES),
                name="codelistentry_position_in_list",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code_id} in list {self.list_id}"


class RemovedEntry(models.Model):
    """What was taken out of a list last, so that it can be put back; one for each list."""

    list = models.OneToOneField(
        CodeList, on_delete=models.CASCADE, primary_key=True, related_name="removed"
    )
    code = models.ForeignKey(Code, on_delete=models.CASCADE, related_name="+")
    note = models.TextField(blank=True, db_default="", default="")
    position = models.PositiveSmallIntegerField()
    seen = models.ForeignKey(Release, on_delete=models.SET_NULL, null=True, related_name="+")

    def __str__(self) -> str:
        return f"{self.code_id} out of list {self.list_id}"


def changes_in_force() -> models.QuerySet[CodeChange]:
    """Return the changes of the editions that count: none that waits, none gone back from."""
    return CodeChange.objects.filter(release__in=Release.objects.held())


def _count(entries: CodeListEntryQuerySet) -> Coalesce:
    number = entries.order_by().values("list").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(number, output_field=IntegerField()), 0)
