"""Everything that the site knows about one user, in plain values."""

from collections.abc import Callable
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.db.models import F, Prefetch

from accounts import actions, viewer
from accounts.models import ApiToken, Meter, User, ViewGrant
from codes.authored_texts import TextRevision
from codes.lists import CodeList, CodeListEntry, RemovedEntry
from codes.models import Code, CodeSystem, Release
from codes.terms import SynonymRevision

OTHERS: Final[dict[str, Callable[[User], Any]]] = {}
"""What apps above this one know about a user: name in the file -> its values. They add it when
they are loaded (``AppConfig.ready``)."""


def personal_data(user: User) -> dict[str, Any]:
    """Return all rows about the user as values for JSON; thirteen queries, and those of ``OTHERS``.

    Left out are the password's hash and the keys of sessions, second factors and tokens, which are
    secrets; single permissions in the admin, beside the groups; and the bodies of mails.
    """
    return {
        "account": _account(user),
        "email_addresses": _rows(
            EmailAddress.objects.filter(user=user), "email", "verified", "primary"
        ),
        "page_views": [_page_view(grant) for grant in _grants(user)],
        "meters": _rows(
            Meter.objects.filter(bucket=viewer.user_key(user)), "period", "used", "quota"
        ),
        "code_lists": [_code_list(each) for each in _lists(user)],
        "sessions": _rows(
            UserSession.objects.filter(user=user), "ip", "user_agent", "created_at", "last_seen_at"
        ),
        "second_factors": _rows(
            Authenticator.objects.filter(user=user).annotate(name=F("data__name")),
            "type",
            "name",
            "created_at",
            "last_used_at",
        ),
        "api_tokens": _rows(
            ApiToken.objects.filter(user=user), "name", "created_at", "last_used_on"
        ),
        "mails": _rows(actions.mails_to(user), "to", "subject", "created_at", "sent_at"),
        "edited_texts": _rows(
            TextRevision.objects.filter(saved_by=user),
            "text__code__system__slug",
            "text__code__display",
            "text__kind",
            "status",
            "markdown",
            "saved_at",
        ),
        "edited_search_terms": _rows(
            SynonymRevision.objects.filter(saved_by=user),
            "kind",
            "text",
            "means",
            "is_active",
            "saved_at",
        ),
        "imported_releases": _rows(
            Release.objects.filter(imported_by=user), "source_name", "label", "imported_at"
        ),
        "admin_log": _rows(
            LogEntry.objects.filter(user=user), "action_time", "object_repr", "change_message"
        ),
        **{name: values(user) for name, values in OTHERS.items()},
    }


def _account(user: User) -> dict[str, Any]:
    return {
        "email": user.email,
        "date_joined": user.date_joined,
        "last_login": user.last_login,
        "may_use_the_admin": user.is_staff,
        "may_do_everything_there": user.is_superuser,
        "groups": list(user.groups.order_by("name").values_list("name", flat=True)),
        "view_limit": None if viewer.is_unlimited(user) else viewer.limit_of(user),
    }


def _grants(user: User) -> Any:
    return ViewGrant.objects.filter(user=user).select_related("code__system").order_by("pk")


def _page_view(grant: ViewGrant) -> dict[str, Any]:
    return {
        "system": grant.code.system.slug,
        "code": _number(grant.code),
        "period": grant.period,
        "counted_at": grant.granted_at,
    }


def _lists(user: User) -> Any:
    entries = CodeListEntry.objects.in_order()
    own = CodeList.objects.for_user(user).select_related("removed__code__system")
    return own.order_by("pk").prefetch_related(Prefetch("entries", entries))


def _code_list(each: CodeList) -> dict[str, Any]:
    removed = getattr(each, "removed", None)
    return {
        "name": each.name,
        "about": each.about,
        "created_at": each.created_at,
        "used_at": each.used_at,
        "is_shared": each.share_token is not None,
        "codes": [_listed(entry) | {"added_at": entry.added_at} for entry in each.entries.all()],
        "taken_out_last": _listed(removed) if removed else None,
    }


def _listed(entry: CodeListEntry | RemovedEntry) -> dict[str, Any]:
    code = entry.code
    return {"system": code.system.slug, "code": _number(code), "note": entry.note}


def _number(code: Code) -> str | None:
    """Return the code, or nothing where its system is switched off: the numbers are the AMA's."""
    return None if code.system.display_mode == CodeSystem.DisplayMode.OFF else code.display


def _rows(queryset: Any, *fields: str) -> list[dict[str, Any]]:
    return list(queryset.order_by("pk").values(*fields))
