"""Terms of publishers that somebody must accept before their files are imported."""

from dataclasses import dataclass
from typing import Final

from django.db import transaction

from codes.import_records import NoticeAcceptance
from codes.importers.rows import ImportRefused

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
_HOW: Final = {
    Notice.AMA: 'Record who accepts that, once: --accept-ama-notice "NAME"',
    Notice.CPT: 'Record the licence first: manage.py record_licence cpt --holder "…" --number "…"'
    ' --year YYYY --accepted-by "…"',
}


class NotAccepted(ImportRefused):
    """Nobody has accepted the terms of the files yet."""


@dataclass(frozen=True, slots=True)
class Acceptance:
    """What somebody states at an import: the name of who accepts the AMA's notice."""

    by: str = ""


def accepted(notice: str) -> NoticeAcceptance | None:
    """Return who accepted the notice, or for CPT the latest licence; one query."""
    return NoticeAcceptance.objects.filter(notice=notice).order_by("-licence_year", "pk").first()


@transaction.atomic
def require(notice: str, stated: Acceptance) -> NoticeAcceptance | None:
    """Return the recorded acceptance of a notice, recorded now if it is stated; none for "".

    What was recorded first stays; a licence is never recorded here. Raises ``NotAccepted``, which
    says what to do. At most three queries.
    """
    if not notice:
        return None
    if recorded := accepted(notice):
        return recorded
    if notice == Notice.CPT or not stated.by.strip():
        raise _not_accepted(Notice(notice))
    return NoticeAcceptance.objects.get_or_create(
        notice=notice, defaults={"accepted_by": stated.by.strip()}
    )[0]


def require_licence(year: int) -> NoticeAcceptance:
    """Return the licence that covers an edition of a year. Raises ``NotAccepted``; one query."""
    licence = accepted(Notice.CPT)
    if licence is None:
        raise _not_accepted(Notice.CPT)
    if licence.licence_year is None or licence.licence_year < year:
        message = (
            f"The licence recorded last is for {licence.licence_year},"
            f" but this edition is of {year}. {_HOW[Notice.CPT]}"
        )
        raise NotAccepted(message)
    return licence


def _not_accepted(notice: NoticeAcceptance.Notice) -> NotAccepted:
    return NotAccepted(f"{WORDS[notice]} {_HOW[notice]}")
