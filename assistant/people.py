"""Who asks: a registered user, or a guest known by the cookie; what that person's limits are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from accounts import quota, viewer
from accounts.models import User


@dataclass(frozen=True, slots=True)
class Person:
    """Who asks. ``guest`` is the key of the browser's guest cookie, also beside a user; or empty.

    ``address`` is the client's, for the allowance that guests of one network share.
    """

    user: User | None = None
    guest: str = ""
    address: str = ""

    @property
    def key(self) -> str:
        """The key that the person's rows are stored under."""
        return viewer.user_key(self.user) if self.user else self.guest

    @property
    def limit(self) -> int | None:
        """How many questions a day, ``None`` without a limit."""
        if self.user is not None:
            return None if self.user.is_staff else int(settings.ASSISTANT_USER_DAILY)
        return int(settings.ASSISTANT_GUEST_DAILY)

    @property
    def owner(self) -> dict[str, Any]:
        """The two fields that say whose a conversation is."""
        return {"viewer": self.key, "user": self.user}

    def quotas(self) -> Mapping[str, int]:
        """Return the buckets that a question is charged to, the own one first, with their limits.

        Empty without a limit. One statement for a process's first guest in a period.
        """
        if self.limit is None:
            return {}
        if self.user is not None:
            return {self.key: self.limit}
        network = viewer.network_bucket(self.address, quota.current_period().key)
        return {self.key: self.limit, network: int(settings.ASSISTANT_NETWORK_DAILY)}


def person_of(request: HttpRequest) -> Person:
    """Return who asks; a guest without a cookie has no key yet. At most two queries."""
    token = viewer.guest_token(request)
    return Person(
        user=viewer.signed_in(request),
        guest=viewer.guest_key(token) if token else "",
        address=request.META.get("REMOTE_ADDR", ""),
    )
