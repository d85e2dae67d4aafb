"""Accounts, the views that were counted, and the mail that goes out."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.db.models import F, Q, Value
from django.db.models.functions import Cast, Concat, Lower, Now


class UserManager(BaseUserManager["User"]):
    """Makes accounts."""

    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Return a new account; without a password it can only sign in after a reset."""
        if not email:
            raise ValueError("An account needs an e-mail address.")
        user = self.model(email=self.normalize_email(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Return a new account with every permission."""
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A free account, known by its e-mail address alone."""

    email = models.EmailField("e-mail address", unique=True)
    is_staff = models.BooleanField("may use the admin", default=False)
    is_active = models.BooleanField("may sign in", default=True)
    date_joined = models.DateTimeField(db_default=Now(), editable=False)
    view_limit = models.PositiveIntegerField(
        "code page views a period",
        null=True,
        blank=True,
        help_text="Instead of the limit that every account has; empty for that limit.",
    )
    unlimited_views = models.BooleanField("no limit of code page views", default=False)
    password_is_one_time = models.BooleanField(
        "password works once",
        default=False,
        db_default=False,
        editable=False,
        help_text="Set by make_admin; the first login spends the password and asks for a new one.",
    )

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
        ]

    def __str__(self) -> str:
        return self.email

    def set_password(self, raw_password: str | None) -> None:
        """Set a password that the owner chose, so it lasts; does not save."""
        super().set_password(raw_password)
        self.password_is_one_time = False

    def spend_one_time_password(self) -> None:
        """Make the password useless after its one login. One statement."""
        self.set_unusable_password()
        self.password_is_one_time = False
        self.save(update_fields=["password", "password_is_one_time"])


class ViewGrant(models.Model):
    """One code page that was counted for one viewer in one period; opening it again is free.

    ``viewer`` is ``user:<id>`` or ``guest:<keyed hash>`` (accounts/viewer.py).
    """

    viewer = models.CharField(max_length=80)
    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="view_grants", null=True, blank=True
    )
    period = models.CharField(max_length=10, help_text="Such as 2026-11.")
    code = models.ForeignKey("codes.Code", on_delete=models.CASCADE, related_name="+")
    granted_at = models.DateTimeField("counted at", db_default=Now())

    class Meta:
        verbose_name = "counted view"
        ordering: ClassVar = ["-pk"]
        indexes: ClassVar = [models.Index(fields=["user", "-id"], name="viewgrant_history")]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["viewer", "period", "code"], name="viewgrant_once"),
            models.CheckConstraint(
                condition=Q(user__isnull=True, viewer__startswith="guest:")
                | Q(
                    user__isnull=False,
                    viewer=Concat(Value("user:"), Cast("user_id", models.CharField())),
                ),
                name="viewgrant_viewer_is_user_or_guest",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.viewer} {self.period} {self.code_id}"


class Meter(models.Model):
    """How many views one bucket has used in one period.

    A bucket is a viewer, or ``network:<keyed hash>`` for the allowance that guests of one network
    share. Changed only by the statements in accounts/quota.py.
    """

    bucket = models.CharField(max_length=80)
    period = models.CharField(max_length=10)
    used = models.PositiveIntegerField()
    quota = models.PositiveIntegerField(help_text="The limit when it was last counted.")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["bucket", "period"], name="meter_once"),
            models.CheckConstraint(condition=Q(used__lte=F("quota")), name="meter_within_quota"),
        ]

    def __str__(self) -> str:
        return f"{self.bucket} {self.period}: {self.used}/{self.quota}"


class ApiToken(models.Model):
    """A key with which a program asks in its owner's name; see accounts/tokens.py.

    Only a hash is kept: the token itself is shown once, when it is made.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60, help_text="What it is for, such as “billing script”.")
    digest = models.CharField(max_length=64, unique=True, help_text="SHA-256 of the token, in hex.")
    created_at = models.DateTimeField(db_default=Now())
    last_used_on = models.DateField(null=True, blank=True, help_text="The day of its last use.")

    class Meta:
        verbose_name = "API token"
        ordering: ClassVar = ["-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["user", "name"], name="apitoken_name_once"),
            models.CheckConstraint(condition=Q(name__regex=r"\S"), name="apitoken_has_a_name"),
            models.CheckConstraint(
                condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="apitoken_digest_is_hex"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} of {self.user_id}"


class NetworkKey(models.Model):
    """The random key that turns network addresses into buckets for one period.

    It is deleted with the period. From then on nobody can tell, not even with a backup and all
    other secrets, which address a bucket of that period stood for.
    """

    period = models.CharField(max_length=10, primary_key=True)
    key = models.BinaryField()

    def __str__(self) -> str:
        return self.period


class OutgoingMail(models.Model):
    """A message that is stored before it is sent; its content is erased once it went out."""

    to = models.EmailField()
    subject = models.CharField(max_length=300)
    message = models.BinaryField(help_text="The whole message as MIME; empty once sent.")
    created_at = models.DateTimeField(db_default=Now())
    sent_at = models.DateTimeField(null=True, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    last_error = models.TextField(blank=True, db_default="")

    class Meta:
        ordering: ClassVar = ["-pk"]

    def __str__(self) -> str:
        return f"{self.subject} to {self.to}"
