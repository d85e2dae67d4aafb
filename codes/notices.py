"""Terms of publishers that somebody must accept before their files are imported."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from codes.importers.rows import ImportRefused
from codes.models import NoticeAcceptance

Notice = NoticeAcceptance.Notice

WORDS: Final = {
    Notice.AMA: (
        "These files name services by CPT® codes, which are the American Medical Association’s,"
        " and carry its notice: CPT is copyright of the AMA, all rights are reserved, and use of"
        " the codes is under the AMA’s terms. Read the notice in the file. No CPT descriptor is"
        " taken from it."
    ),
    Notice.CPT: (
        "These are the AMA’s own CPT® files. They may be loaded only by the holder of a licence"
        " that covers this site, under its terms."
    ),
}
_OPTIONS: Final = {
    Notice.AMA: '--accept-ama-notice "NAME"',
    Notice.CPT: '--accept-ama-notice "NAME" --licence-holder "…" --licence-number "…"'
    " --licence-year YYYY",
}


class NotAccepted(ImportRefused):
    """Nobody has accepted the terms of the files yet."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What somebody states now: their name, and for CPT the licence."""

    by: str = ""
    licence_holder: str = ""
    licence_number: str = ""
    licence_year: int | None = None

    def suffices(self, notice: str) -> bool:
        """Return whether it says all that the notice asks for."""
        licence = self.licence_holder.strip() and self.licence_number.strip() and self.licence_year
        return bool(self.by.strip()) and (notice != Notice.CPT or bool(licence))


def accepted(notice: str) -> NoticeAcceptance | None:
    """Return who accepted the notice, if somebody did; one query."""
    return NoticeAcceptance.objects.filter(notice=notice).first()


@transaction.atomic
def require(notice: str, stated: Acceptance) -> NoticeAcceptance | None:
    """Return the recorded acceptance of a notice, recorded now if it is stated; none for "".

    What was recorded first stays. Raises ``NotAccepted``, which says what to state. Two queries.
    """
    if not notice:
        return None
    if recorded := accepted(notice):
        return recorded
    if not stated.suffices(notice):
        kind = Notice(notice)
        raise NotAccepted(f"{WORDS[kind]} Record who accepts that, once: {_OPTIONS[kind]}")
    values = {
        "accepted_by": stated.by.strip(),
        "licence_holder": stated.licence_holder.strip(),
        "licence_number": stated.licence_number.strip(),
        "licence_year": stated.licence_year,
    }
    return NoticeAcceptance.objects.get_or_create(notice=notice, defaults=values)[0]
