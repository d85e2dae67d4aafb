"""Reads the NCCI files: which release answers for a day, and what it says of codes."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Final, TypeVar

from django.db.models import Min, Model, QuerySet

from codes.facts import AddOnEdit, PtpEdit
from codes.models import Code, Release
from codes.ncci_editions import (
    Coverage,
    edition_of_rows_with_dates,
    edition_of_the_day,
    quarter_end,
    year_end,
)
from codes.remembered import remembered


@dataclass(frozen=True, slots=True)
class Service:
    """For whom edits are: each has files of its own; ``ptp`` is empty where there is none."""

    key: str
    name: str
    who: str
    ptp: str = ""
    mue: str = ""


PRACTITIONER: Final = Service(
    "practitioner",
    "Practitioner",
    "Physicians, other practitioners and ambulatory surgical centers.",
    ptp="ptp-practitioner",
    mue="mue-practitioner",
)
HOSPITAL: Final = Service(
    "hospital",
    "Outpatient hospital",
    "Hospital outpatient departments, and some other facilities, such as Part B therapy.",
    ptp="ptp-hospital",
    mue="mue-outpatient",
)
SUPPLIER: Final = Service("dme", "DME supplier", "Suppliers of equipment.", mue="mue-dme")
SERVICES: Final = (PRACTITIONER, HOSPITAL, SUPPLIER)
ADD_ON: Final = "add-on-edits"
SOURCES: Final = (*(s.ptp for s in SERVICES if s.ptp), *(s.mue for s in SERVICES), ADD_ON)


FactT = TypeVar("FactT", bound=Model)


def rows_of(facts: type[FactT]) -> QuerySet[FactT]:
    """Return every row of a kind of fact, typed as such; no query."""
    return facts._default_manager.all()


@dataclass(frozen=True, slots=True)
class Held:
    """The NCCI releases held; those that an admin went back from are not among them."""

    releases: Sequence[Release] = field(default_factory=list)

    @classmethod
    def load(cls) -> "Held":
        """Return all of them; one query."""
        return cls(list(Release.objects.filter(source__in=SOURCES, was_left=False)))

    def of(self, source: str) -> list[Release]:
        """Return those of one source."""
        return [release for release in self.releases if release.source == source]

    def edits(self, source: str, day: date) -> Coverage[Release]:
        """Return what answers for a day where rows have dates; a past day may cost a query.

        PTP edits come every quarter, add-on codes every year and in between only if they changed.
        """
        is_add_on = source == ADD_ON
        end = _first_add_on_end if is_add_on else _first_ptp_end
        return edition_of_rows_with_dates(
            self.of(source),
            day,
            lambda release: end(release.pk),
            year_end if is_add_on else quarter_end,
        )

    def limits(self, source: str, day: date) -> Coverage[Release]:
        """Return what answers for a day where rows have none."""
        return edition_of_the_day(self.of(source), day)

    def named(self, rows: Iterable[FactT]) -> Iterator[FactT]:
        """Return the rows with their release at hand, without a query."""
        by_id = {release.pk: release for release in self.releases}
        for row in rows:
            row.release = by_id[row.release_id]  # type: ignore[attr-defined]  # each fact has one
            yield row


@remembered
def held_for(code: Code) -> Held:
    """Return the NCCI releases held; one query for a code in memory."""
    return Held.load()


# A release never changes, so what its rows begin with is asked once in each process, from an index.
@lru_cache(maxsize=256)
def _first_ptp_end(release_id: int) -> date | None:
    rows = PtpEdit.objects.filter(release=release_id)
    first: date | None = rows.aggregate(first=Min("deleted_on"))["first"]
    return first


@lru_cache(maxsize=256)
def _first_add_on_end(release_id: int) -> date | None:
    rows = AddOnEdit.objects.filter(release=release_id)
    first: date | None = rows.aggregate(first=Min("deleted_on"))["first"]
    return first
