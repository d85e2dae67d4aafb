"""Accounts and the ledger of counted views in the admin."""

from collections.abc import Sequence
from typing import Any, ClassVar

from django import forms
from django.contrib import admin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.timezone import localtime

from accounts import actions, mail, quota, viewer
from accounts.models import ApiToken, Meter, OutgoingMail, User, ViewGrant


class UserAddForm(AdminUserCreationForm):  # type: ignore[type-arg]  # generic only in the stubs
    """Asks for the address, and for a password or none."""

    class Meta:
        model = User
        fields: ClassVar = ["email"]

    def clean_email(self) -> str:
        """Refuse an address that differs from another only in capitals."""
        email = str(self.cleaned_data["email"])
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError("There is an account with this address.")
        return email


@admin.register(User)
class UserAdmin(DjangoUserAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """Accounts by address: their limit of views, and who may use the admin.

    The address itself is changed by its owner, who has to confirm the new one.
    """

    add_form = UserAddForm
    ordering = ("email",)
    list_display = ("email", "date_joined", "view_limit", "unlimited_views", "is_staff")
    list_filter = ("unlimited_views", "is_staff", "is_superuser", "is_active")
    search_fields = ("email",)
    readonly_fields = ("email", "views_used", "ledger", "last_login", "date_joined")
    fieldsets = (
        (None, {"fields": ("email", "password")}),
        (
            "Code page views",
            {"fields": ("view_limit", "unlimited_views", "views_used", "ledger")},
        ),
        (
            "Permissions",
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("email", "usable_password", "password1", "password2"),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Leave the address writable only while the account is being made."""
        return self.readonly_fields if obj else ()

    @admin.display(description="used this period")
    def views_used(self, user: User) -> str:
        """Return how much of the limit is used; one query."""
        period = quota.current_period()
        meters = Meter.objects.filter(bucket=viewer.user_key(user), period=period.key)
        used = meters.values_list("used", flat=True).first() or 0
        if viewer.is_unlimited(user):
            return "not counted: no limit"
        return f"{used} of {viewer.limit_of(user)}, {period.label}"

    @admin.display(description="counted views")
    def ledger(self, user: User) -> str:
        """Return a link to the user's rows of the ledger."""
        url = reverse("admin:accounts_viewgrant_changelist")
        return format_html('<a href="{}?user__id__exact={}">Show</a>', url, user.pk)

    def get_deleted_objects(
        self, objs: QuerySet[User] | Sequence[User], request: HttpRequest
    ) -> tuple[list[Any], dict[str, int], set[str], list[str]]:
        """Let the ledger's rows go with their user, though nobody may delete one alone."""
        listed, counts, forbidden, protected = super().get_deleted_objects(objs, request)
        return listed, counts, forbidden - {str(ViewGrant._meta.verbose_name)}, protected

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """Delete everything about the user, as the account page does."""
        actions.delete_account(user=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """Delete everything about each of the users."""
        for user in queryset:
            actions.delete_account(user=user)


@admin.register(ViewGrant)
class ViewGrantAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """The ledger, to be read only: views are counted by the meter and by nothing else."""

    list_display = ("user", "system", "code", "period", "granted_at")
    list_display_links = None
    list_select_related = ("user", "code__system")
    search_fields = ("user__email", "code__display")
    show_full_result_count = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[ViewGrant]:
        """Leave out guests, of whom there is nothing to tell but a hash."""
        return super().get_queryset(request).filter(user__isnull=False)

    @admin.display(ordering="code__system")
    def system(self, grant: ViewGrant) -> str:
        """Return the code's system."""
        return grant.code.system.name

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: ViewGrant | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: ViewGrant | None = None) -> bool:
        return False


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """Whose programs ask here; a token can be taken away, never read or made."""

    list_display = ("name", "user", "created_at", "last_used_on")
    list_select_related = ("user",)
    search_fields = ("name", "user__email")
    fields = readonly_fields = list_display

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class SentFilter(admin.SimpleListFilter):
    """Mails by whether they have gone out."""

    title = "state"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """Return the choices."""
        return [("sent", "sent"), ("unsent", "not sent")]

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[OutgoingMail]
    ) -> QuerySet[OutgoingMail]:
        """Return the mails of the chosen state."""
        if self.value() not in ("sent", "unsent"):
            return queryset
        return queryset.filter(sent_at__isnull=self.value() == "unsent")


@admin.register(OutgoingMail)
class OutgoingMailAdmin(admin.ModelAdmin):  # type: ignore[type-arg]  # generic only in the stubs
    """What went out and what did not, with the server's answer; never what a mail said."""

    list_display = ("to", "subject", "created_at", "state")
    list_filter = (SentFilter, "created_at")
    search_fields = ("to", "subject")
    show_full_result_count = False
    fields = readonly_fields = (
        "to",
        "subject",
        "created_at",
        "sent_at",
        "attempts",
        "last_error",
    )
    actions = ("try_again",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[OutgoingMail]:
        """Leave the content where it is."""
        return super().get_queryset(request).defer("message")

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    @admin.display(description="state", ordering="sent_at")
    def state(self, row: OutgoingMail) -> str:
        """Return when it was sent; if it was not, the server's answer."""
        if row.sent_at:
            return f"sent {date_format(localtime(row.sent_at), 'DATETIME_FORMAT')}"
        if not row.attempts:
            return "waits to be sent"
        tries = "1 attempt" if row.attempts == 1 else f"{row.attempts} attempts"
        return f"not sent after {tries}: {row.last_error}"

    @admin.action(description="Try again to send", permissions=["change"])
    def try_again(self, request: HttpRequest, queryset: QuerySet[OutgoingMail]) -> None:
        """Have the worker send what has not gone out, also what it had given up."""
        waiting = list(queryset.filter(sent_at=None).values_list("pk", flat=True))
        for pk in waiting:
            mail.enqueue(pk)
        self.message_user(request, f"{len(waiting)} of {queryset.count()} will be tried again.")
