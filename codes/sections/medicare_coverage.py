"""Medicare Coverage: what Medicare pays for a code and where its coverage is laid down."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import groupby
from typing import Final

from django.db.models import QuerySet

from codes.facts import (
    PROCEDURE_SYSTEMS,
    AnesthesiaFactor,
    HcpcsDetail,
    Locality,
    LocalityCounties,
    OutpatientPayment,
    ProcessingNote,
    RelativeValue,
)
from codes.importers import hcpcs
from codes.indicators import OPPS_STATUS
from codes.models import Code
from codes.remembered import remembered
from codes.sections.authored import AuthoredSection
from codes.sections.coverage_documents import articles, named_in
from codes.sections.editions import held
from codes.sections.fees import fee_rows
from codes.sections.options import SectionOptions

_ANESTHESIA: Final = "J"


@dataclass(frozen=True, slots=True)
class Line:
    """What the HCPCS file says of something; ``meaning`` is empty where it says it all."""

    title: str
    value: str
    meaning: str


class MedicareCoverageSection(AuthoredSection):
    """The physician fee schedule, outpatient payment, coverage documents and indicators."""

    template = "codes/sections/_medicare_coverage.html"

    def __init__(self) -> None:
        super().__init__("medicare_coverage")

    def holds(self, code: Code) -> list[str]:
        """Return which facts there are, with their editions; one to four queries beside the
        texts: a diagnosis has only coverage documents."""
        phrases = super().holds(code)
        if code.system.slug in PROCEDURE_SYSTEMS:
            phrases += [_edition("RVUs", row) for row in fee_schedule(code, None)[:1]]
            if outpatient := _outpatient(code, None):
                phrases.append(_edition("OPPS status", outpatient))
            if detail := hcpcs_detail(code, None):
                phrases.append(_edition("coverage code", detail))
        if number := len({article for article, _, _ in named_in(code, None)}):
            phrases.append(f"{number} coverage article{'s'[: number != 1]}")
        return phrases

    def load(self, code: Code, options: SectionOptions) -> Mapping[str, object]:
        """Return it all; at most twelve queries, however much there is."""
        values = {**super().load(code, options), "articles": articles(code, options)}
        if code.system.slug not in PROCEDURE_SYSTEMS:
            return values
        localities = _localities(options.on) if options.is_whole else []
        chosen = next((place for place in localities if key_of(place) == options.locality), None)
        outpatient = _outpatient(code, options.on)
        detail = hcpcs_detail(code, options.on)
        return {
            **values,
            **_fees(fee_schedule(code, options.on), chosen, options),
            "localities": _by_state(localities),
            "is_unknown_locality": bool(localities and options.locality and not chosen),
            "outpatient": outpatient,
            "outpatient_name": OPPS_STATUS.name(outpatient.status_indicator) if outpatient else "",
            "outpatient_meaning": _meaning(outpatient),
            "outpatient_amounts": _amounts(outpatient),
            "detail": detail,
            "detail_lines": _detail_lines(detail),
            "processing_note": _processing_note(detail, options.on),
        }


def _fees(
    rows: list[RelativeValue], place: Locality | None, options: SectionOptions
) -> dict[str, object]:
    """Return the payment at a place, or nationally; two queries where there is a place."""
    is_anesthesia = any(row.status == _ANESTHESIA for row in rows)
    fees = fee_rows(rows, place)
    return {
        "fees": fees,
        "has_price": any(fee.settings for fee in fees),
        "has_two_factors": any(row.qualifying is not None for row in rows),
        "fee_release": rows[0].release if rows else None,
        "is_anesthesia": is_anesthesia,
        "locality": place,
        "counties": _counties(place, options.on),
        "anesthesia": _anesthesia_factors(place, options.on) if is_anesthesia else [],
    }


def _amounts(outpatient: OutpatientPayment | None) -> list[tuple[str, str]]:
    """Return the amounts to the last place that the file gives: some rates have three."""
    if outpatient is None:
        return []
    rate = outpatient.payment_rate
    named = [("National copayment", outpatient.national_copayment)]
    named += [("Minimum copayment", outpatient.minimum_copayment)]
    copayments = [(title, _dollars(amount)) for title, amount in named if amount is not None]
    return [("Payment rate", "None stated" if rate is None else _dollars(rate)), *copayments]


def _dollars(amount: Decimal) -> str:
    return f"${amount:,.3f}".removesuffix("0")


def _meaning(outpatient: OutpatientPayment | None) -> str:
    return OPPS_STATUS.explanation(outpatient.status_indicator) if outpatient else ""


def relative_values(code: Code, on: date | None) -> QuerySet[RelativeValue]:
    """Return the rows of a code, the whole service first.

    Prices are those of a calendar year, so a year without an edition has none.
    """
    rows = held(RelativeValue, on).filter(code_key=code.key)
    if on is not None:
        rows = rows.filter(release__effective_date__year=on.year)
    return rows.order_by("modifier", "-qualifying")


@remembered
def fee_schedule(code: Code, on: date | None) -> list[RelativeValue]:
    """Return those rows; one query for a code in memory, however many sections ask for them."""
    return list(relative_values(code, on))


def key_of(place: Locality) -> str:
    """Return how a locality is named in URLs: contractor and number."""
    return f"{place.mac}-{place.number}"


def _edition(words: str, fact: RelativeValue | OutpatientPayment | HcpcsDetail) -> str:
    return f"{words}, release {fact.release.label}"


@remembered
def _outpatient(code: Code, on: date | None) -> OutpatientPayment | None:
    return held(OutpatientPayment, on).filter(code_key=code.key).first()


@remembered
def hcpcs_detail(code: Code, on: date | None) -> HcpcsDetail | None:
    """Return what the HCPCS file says of a code; one query, none for other codes."""
    if code.system.slug != "hcpcs":
        return None
    return held(HcpcsDetail, on).filter(code_key=code.key).first()


def _localities(on: date | None) -> list[Locality]:
    """Return the localities of the year; one query."""
    places = held(Locality, on)
    if on is not None:
        places = places.filter(release__effective_date__year=on.year)
    return list(places.order_by("state", "name"))


def _by_state(places: list[Locality]) -> list[tuple[str, list[Locality]]]:
    return [(state, list(members)) for state, members in groupby(places, key=lambda p: p.state)]


def _counties(place: Locality | None, on: date | None) -> LocalityCounties | None:
    if place is None:
        return None
    return held(LocalityCounties, on).filter(mac=place.mac, number=place.number).first()


def _anesthesia_factors(place: Locality | None, on: date | None) -> list[AnesthesiaFactor]:
    """Return the factor of a place; from 2026 two, that of qualifying participants first.

    As prices, they are those of a calendar year.
    """
    if place is None:
        return []
    factors = held(AnesthesiaFactor, on).filter(mac=place.mac, number=place.number)
    if on is not None:
        factors = factors.filter(release__effective_date__year=on.year)
    return list(factors.order_by("-qualifying"))


def _detail_lines(detail: HcpcsDetail | None) -> list[Line]:
    """Return what the HCPCS file says of price and coverage, in words."""
    if detail is None:
        return []
    lines = [
        *_coded("Coverage", [detail.coverage], hcpcs.COVERAGE),
        *_coded("Pricing", detail.pricing_indicators, hcpcs.PRICING),
        *_coded("Multiple pricing", [detail.multiple_pricing], hcpcs.MULTIPLE_PRICING),
        *_coded("Type of service", detail.types_of_service, hcpcs.TYPES_OF_SERVICE),
        *_coded("BETOS category", [detail.betos], hcpcs.BETOS),
        *_coded("Ambulatory surgical center", [detail.asc_group], hcpcs.ASC_GROUPS),
        *_coded("Laboratory certification", detail.lab_certifications, hcpcs.LAB_CERTIFICATIONS),
        *_coded("Coverage issues or NCD manual, section", detail.ncd_references, {}),
        *_coded("Medicare carriers manual, section", detail.manual_references, {}),
        *_coded("Statute", [detail.statute], {}),
        *_coded("Anesthesia base units", [detail.anesthesia_base_units.lstrip("0")], {}),
        *_coded("Processing note", [detail.processing_note], {}),
    ]
    return lines


def _processing_note(detail: HcpcsDetail | None, on: date | None) -> ProcessingNote | None:
    """Return the note that the HCPCS file names by its number, where it is loaded; one query."""
    if detail is None or not detail.processing_note:
        return None
    return held(ProcessingNote, on).filter(number=detail.processing_note).first()


def _coded(title: str, values: list[str], meanings: Mapping[str, str]) -> list[Line]:
    return [Line(title, value, meanings.get(value, "")) for value in values if value]
