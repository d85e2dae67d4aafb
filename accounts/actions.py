"""Changes of more than one row: taking over a guest's views, deleting an account, purging."""

from collections.abc import Iterable

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.utils import timezone

from accounts import quota, viewer
from accounts.models import Meter, NetworkKey, OutgoingMail, User, ViewGrant
from accounts.periods import Period
from codes.db import fetch_row

# The order of the locks is that of accounts/quota.py: user, grants, bucket. Only grants that
# were really moved count, and never beyond the quota; what an admin's lower limit left above it
# stays as it is.
_ADOPT = """
WITH account AS MATERIALIZED (
    SELECT FROM accounts_user WHERE id = %(user)s::bigint FOR KEY SHARE
), moved AS (
    INSERT INTO accounts_viewgrant (viewer, user_id, period, code_id, granted_at)
    SELECT %(viewer)s, %(user)s::bigint, period, code_id, granted_at
    FROM accounts_viewgrant
    WHERE viewer = %(guest)s AND period = %(period)s AND EXISTS (SELECT FROM account)
    ORDER BY code_id
    ON CONFLICT DO NOTHING
    RETURNING id
), total AS (
    SELECT count(*)::int AS views FROM moved
), counted AS (
    INSERT INTO accounts_meter AS m (bucket, period, used, quota)
    SELECT %(viewer)s, %(period)s, least(views, %(quota)s::int), %(quota)s::int
    FROM total WHERE views > 0
    ON CONFLICT (bucket, period) DO UPDATE SET
        used = greatest(m.used, least(m.used + EXCLUDED.used, EXCLUDED.quota)),
        quota = greatest(m.used, EXCLUDED.quota)
    RETURNING m.id
)
SELECT views FROM total
"""


def adopt_guest_views(*, user: User, guest: str) -> int:
    """Copy this period's views of a guest to the user; return how many were new. One statement.

    ``guest`` is the key from ``viewer.guest_key``. The guest's own rows stay, and so must the
    cookie: else registering and signing out would refill the meter. Safe to repeat.
    """
    row = fetch_row(
        _ADOPT,
        {
            "viewer": viewer.user_key(user),
            "user": user.pk,
            "guest": guest,
            "period": quota.current_period().key,
            "quota": viewer.limit_of(user),
        },
    )
    return int(row[0]) if row else 0


@transaction.atomic
def delete_account(*, user: User) -> None:
    """Delete the user and every row about them: views, meters, mails, sessions, second factors.

    Texts and releases that an admin worked on stay, without a name. A login that was begun and
    not finished is known to nobody but its browser; it goes with ``purge_sessions``.
    """
    # A view that is being counted locks the user first, too: it has ended by now, or it waits
    # here and then finds no user.
    User.objects.select_for_update().get(pk=user.pk)
    Meter.objects.filter(bucket=viewer.user_key(user)).delete()
    keys = UserSession.objects.filter(user=user).values_list("session_key", flat=True)
    Session.objects.filter(session_key__in=list(keys)).delete()
    mails_to(user).delete()
    about = ContentType.objects.get_for_model(User)
    LogEntry.objects.filter(content_type=about, object_id=str(user.pk)).delete()
    user.delete()


def purge_expired() -> int:
    """Delete what guests left in periods that have ended: grants, meters, keys of networks.

    Return how many rows that were. The views of users stay: they are their history.
    """
    guests = Q(bucket__startswith="guest:") | Q(bucket__startswith="network:")
    rows = (
        ViewGrant.objects.filter(user=None),
        Meter.objects.filter(guests),
        NetworkKey.objects.all(),
    )
    deleted = 0
    for queryset in rows:
        ended = _ended(queryset.order_by().values_list("period", flat=True).distinct())
        deleted += queryset.filter(period__in=ended).delete()[0]
    return deleted


def purge_sessions() -> int:
    """Delete sessions that have expired, and what was noted about them; return how many."""
    SessionStore.clear_expired()
    living = Session.objects.values("session_key")
    deleted, _ = UserSession.objects.exclude(session_key__in=living).delete()
    return int(deleted)


def mails_to(user: User) -> QuerySet[OutgoingMail]:
    """Return the messages to any of the user's addresses, whatever their capitals."""
    own = EmailAddress.objects.filter(user=user).values(address=Lower("email"))
    to_own = Q(address=user.email.lower()) | Q(address__in=own)
    return OutgoingMail.objects.alias(address=Lower("to")).filter(to_own)


def _ended(keys: Iterable[str]) -> list[str]:
    zone, now = timezone.get_default_timezone(), timezone.now()
    return [key for key in keys if Period.from_key(key, zone).ends <= now]
