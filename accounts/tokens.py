"""API tokens: a program asks with one in its owner's name. Made, recognised, taken back.

A token is 256 random bits, so a plain hash of it is as good as a slow one.
"""

import hashlib
import secrets

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import ApiToken, User

MOST_TOKENS = 20
PREFIX = "cp_"  # so that scanners of leaked secrets, and people, know what it is
_BYTES = 32


class TooManyTokens(ValueError):
    """The user holds as many tokens as one may."""


@transaction.atomic
def issue(*, user: User, name: str) -> str:
    """Make a token and return it; it cannot be read again. Three statements.

    Raises ``TooManyTokens``. A name that the user has already is an ``IntegrityError``: the form
    asks for another one.
    """
    User.objects.select_for_update().get(pk=user.pk)  # two requests at once count one by one
    if ApiToken.objects.filter(user=user).count() >= MOST_TOKENS:
        raise TooManyTokens(f"You have {MOST_TOKENS} tokens. Delete one that you no longer need.")
    token = PREFIX + secrets.token_urlsafe(_BYTES)
    ApiToken.objects.create(user=user, name=name, digest=_digest(token))
    return token


def owner(token: str) -> User | None:
    """Return whose token it is, if that user may sign in; one query, and one more a day."""
    found = ApiToken.objects.select_related("user").filter(digest=_digest(token)).first()
    if found is None or not found.user.is_active:
        return None
    _note_use(found)
    return found.user


def _note_use(token: ApiToken) -> None:
    today = timezone.localdate()
    if token.last_used_on != today:
        earlier = Q(last_used_on__isnull=True) | Q(last_used_on__lt=today)
        ApiToken.objects.filter(earlier, pk=token.pk).update(last_used_on=today)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
