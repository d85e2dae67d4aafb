"""What of the codes that are asked about the asker's meter opens, and what that costs.

Each is charged a view exactly as if its page were opened; an answer that fails gives them back.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from django.utils.formats import date_format

from accounts import quota, viewer
from accounts.models import ViewGrant
from accounts.quota import Verdict
from assistant.engine.answer import Asker, CodeRef
from assistant.people import Person
from codes.metering import Access
from codes.models import CodeSystem

MOST_CODES: Final = 5
"""Codes of one question that are charged; of more only what is open to all is said."""


@dataclass(slots=True)
class Opening:
    """The codes that one answer opens for a person; give it to the engine as ``asker``."""

    person: Person
    granted: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    beyond: list[str] = field(default_factory=list)
    used: int = 0
    _grants: list[int] = field(default_factory=list)

    @property
    def asker(self) -> Asker:
        """The person as the engine sees it."""
        return Asker(is_registered=self.person.user is not None, unlock=self.unlock)

    def unlock(self, codes: Sequence[CodeRef]) -> Mapping[int, Access]:
        """Return what is open of each code, by its row; one statement a code of a user."""
        user = self.person.user
        if user is None:
            return self._for_guest(codes)
        if viewer.is_unlimited(user):
            return {code.code_id: Access.UNLOCKED for code in codes if code.code_id}
        opened = {}
        for code in codes[:MOST_CODES]:
            if code.code_id and self._charge(code):
                opened[code.code_id] = Access.UNLOCKED
        self.beyond += [code.display for code in codes[MOST_CODES:]]
        return opened

    def give_back(self) -> None:
        """Return the views of an answer that failed; one statement for each."""
        if self.person.user is None:
            return
        quotas = viewer.of_user(self.person.user).quotas
        for grant in self._grants:
            quota.give_back(grant, quotas)
        self._grants.clear()
        self.granted.clear()

    def notes(self) -> list[str]:
        """Say what the answer cost, in sentences; empty where it cost nothing."""
        user, said = self.person.user, []
        if user is None:
            return []
        left = max(0, viewer.limit_of(user) - self.used)
        if self.granted:
            views = f"{len(self.granted)} code page view{'s' if len(self.granted) > 1 else ''}"
            said.append(f"{views} used for {', '.join(self.granted)}; {left} left.")
        if self.refused:
            back = date_format(quota.current_period().ends, "j F Y")
            said.append(
                f"No code page view was left for {', '.join(self.refused)}, so only what is open"
                f" to all is said about it. Views come back on {back}."
            )
        if self.beyond:
            said.append(
                f"A question opens at most {MOST_CODES} codes. Ask about"
                f" {', '.join(self.beyond)} alone."
            )
        return said

    def _charge(self, code: CodeRef) -> bool:
        user = self.person.user
        if user is None:
            raise TypeError("Guests are not charged.")
        asking = viewer.of_user(user)
        charge = quota.charge(
            viewer=asking.key,
            user_id=user.pk,
            period=quota.current_period().key,
            system=code.system,
            code=code.display,
            quotas=asking.quotas,
        )
        self.used = max(self.used, charge.used)
        if charge.grant_id is not None:
            self._grants.append(charge.grant_id)
            self.granted.append(code.display)
        if charge.verdict is Verdict.SPENT:
            self.refused.append(code.display)
        return charge.verdict in (Verdict.GRANTED, Verdict.AGAIN, Verdict.UNMETERED)

    def _for_guest(self, codes: Sequence[CodeRef]) -> Mapping[int, Access]:
        """Open the descriptions of what the guest has opened, and of what never counts."""
        free = set(
            CodeSystem.objects.visible()
            .filter(is_metered=False, slug__in={code.system for code in codes})
            .values_list("slug", flat=True)
        )
        period = quota.current_period().key
        held = set(
            ViewGrant.objects.filter(
                viewer=self.person.guest,
                period=period,
                code__in=[code.code_id for code in codes if code.code_id],
            ).values_list("code", flat=True)
        )
        return {
            code.code_id: Access.DESCRIBED
            for code in codes
            if code.code_id and (code.system in free or code.code_id in held)
        }
