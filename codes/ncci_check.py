"""Answers whether the codes of a claim may be billed together on a day, from the NCCI files."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from django.db import connection

from codes import ncci, ptp_reads
from codes.claim_lines import Line
from codes.facts import AddOnEdit, PtpEdit, UnitLimit
from codes.indicators import ADJUDICATION
from codes.models import Release
from codes.ncci import AddOnAnswer, PairAnswer, UnitsAnswer, UnitsVerdict, Verdict
from codes.ncci_editions import Coverage
from codes.ncci_facts import ADD_ON, Held, Service, rows_of
from codes.sections.code_links import CodeLink, is_cpt, procedures

_NAMED = """
SELECT typed.key FROM unnest(%(keys)s::text[]) AS typed (key)
WHERE EXISTS (SELECT FROM codes_ptpedit WHERE release_id = %(release)s AND column1 = typed.key)
   OR EXISTS (SELECT FROM codes_ptpedit WHERE release_id = %(release)s AND column2 = typed.key)
"""


@dataclass(frozen=True, slots=True)
class Units:
    """What the unit limit says of a code, in words."""

    answer: UnitsAnswer[UnitLimit]
    link: CodeLink

    @property
    def is_bad(self) -> bool:
        """Whether units would be denied."""
        return self.answer.verdict in (UnitsVerdict.OVER, UnitsVerdict.NOT_PAYABLE)

    @property
    def adjudication(self) -> str:
        """What the limit is held against; "" without a limit."""
        return ADJUDICATION.name(self.answer.limit.adjudication) if self.answer.limit else ""

    @property
    def explanation(self) -> str:
        """What that means."""
        return ADJUDICATION.explanation(self.answer.limit.adjudication) if self.answer.limit else ""


@dataclass(frozen=True)
class Answer:
    """What the files say of a claim's codes on a day.

    ``unknown`` codes are neither on this site nor in any file that answers; ``hidden`` ones belong
    to a system that this site does not show. Neither is in the other lists.
    """

    day: date
    service: Service
    unknown: Sequence[str]
    hidden: Sequence[str]
    links: Mapping[str, CodeLink]
    ptp: Coverage[Release]
    mue: Coverage[Release]
    add_on: Coverage[Release]
    pairs: Sequence[PairAnswer[PtpEdit]]
    units: Sequence[Units]
    add_ons: Sequence[AddOnAnswer[AddOnEdit]]

    @cached_property
    def edits(self) -> list[PairAnswer[PtpEdit]]:
        """The pairs with an edit."""
        return self._with(Verdict.EDIT)

    @cached_property
    def without_edit(self) -> list[PairAnswer[PtpEdit]]:
        """The pairs without one."""
        return self._with(Verdict.NO_EDIT)

    @cached_property
    def without_data(self) -> list[PairAnswer[PtpEdit]]:
        """The pairs of which nothing is known."""
        return self._with(Verdict.NO_DATA)

    @cached_property
    def coverages(self) -> list[tuple[str, Coverage[Release]]]:
        """What answers, of each kind of file."""
        return [
            (f"PTP edits, {self.service.name.lower()}", self.ptp),
            (f"MUE, {self.service.name}", self.mue),
            ("Add-on codes", self.add_on),
        ]

    def _with(self, verdict: Verdict) -> list[PairAnswer[PtpEdit]]:
        return [answer for answer in self.pairs if answer.verdict is verdict]


def check(lines: Sequence[Line], service: Service, day: date) -> Answer:
    """Return the answer for the lines of a claim; six queries however many lines there are.

    One more for codes that only the PTP files may name, one more for each kind of file where the
    day is long past.
    """
    held = Held.load()
    ptp, mue = held.edits(service.ptp, day), held.limits(service.mue, day)
    add_on = held.edits(ADD_ON, day)
    typed = list(dict.fromkeys(line.key for line in lines))
    found = list(held.named(_add_on_edits(add_on, typed)))
    links = procedures([*typed, *(edit.primary for edit in found)])
    hidden = [key for key in typed if key not in links and is_cpt(key)]
    keys = [key for key in typed if key not in hidden]
    edits = list(held.named(_edits(ptp, keys)))
    limits = list(held.named(_limits(mue, keys)))
    add_on_edits = [edit for edit in found if edit.add_on in keys]
    named = _named(edits, limits, add_on_edits) | {key for key in keys if _has_page(key, links)}
    unknown = _unknown(ptp, [key for key in keys if key not in named])
    known = [line for line in lines if line.key in keys and line.key not in unknown]
    units = ncci.units(known, limits, has_data=mue.is_complete)
    return Answer(
        day=day,
        service=service,
        unknown=unknown,
        hidden=hidden,
        links={key: links.get(key, CodeLink(key)) for key in keys},
        ptp=ptp,
        mue=mue,
        add_on=add_on,
        pairs=ncci.pairs(known, edits, day, is_complete=ptp.is_complete),
        units=[Units(each, links.get(each.key, CodeLink(each.key))) for each in units],
        add_ons=[_shown(each, links) for each in ncci.add_ons(known, add_on_edits, day)],
    )


def _shown(answer: AddOnAnswer[AddOnEdit], links: Mapping[str, CodeLink]) -> AddOnAnswer[AddOnEdit]:
    """Return the answer without the primary codes of a system that this site does not show."""
    listed = tuple(key for key in answer.listed if key in links or not is_cpt(key))
    return replace(answer, listed=listed)


def _edits(coverage: Coverage[Release], keys: Sequence[str]) -> Iterable[PtpEdit]:
    return ptp_reads.among(coverage.release.pk, keys) if coverage.release else []


def _limits(coverage: Coverage[Release], keys: Sequence[str]) -> Iterable[UnitLimit]:
    limits = rows_of(UnitLimit).filter(release=coverage.release, code_key__in=keys)
    return limits if coverage.release else []


def _add_on_edits(coverage: Coverage[Release], keys: Sequence[str]) -> Iterable[AddOnEdit]:
    edits = rows_of(AddOnEdit).filter(release=coverage.release, add_on__in=keys)
    return edits.order_by("add_on", "primary", "effective_on") if coverage.release else []


def _has_page(key: str, links: Mapping[str, CodeLink]) -> bool:
    return key in links and bool(links[key].url)


def _named(
    edits: Iterable[PtpEdit], limits: Iterable[UnitLimit], add_ons: Iterable[AddOnEdit]
) -> set[str]:
    pairs = {key for edit in edits for key in (edit.column1, edit.column2)}
    others = {limit.code_key for limit in limits} | {edit.add_on for edit in add_ons}
    return pairs | others


def _unknown(coverage: Coverage[Release], keys: Sequence[str]) -> list[str]:
    """Return those of the codes that no PTP edit names either; one query, none without codes."""
    if not keys or coverage.release is None:
        return list(keys)
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, {"keys": list(keys), "release": coverage.release.pk})
        named = {key for (key,) in cursor.fetchall()}
    return [key for key in keys if key not in named]
