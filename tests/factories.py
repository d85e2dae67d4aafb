"""Makes rows for tests, named after what they are; each takes what the test cares about."""

from datetime import date
from decimal import Decimal
from itertools import count
from typing import Any, TypeVar

from django.db.models import Model
from django.utils import timezone

from accounts.models import User
from codes import facts
from codes.authored_texts import AuthoredText
from codes.models import Code, CodeSystem, Release
from codes.search import store

_numbers = count(1)
"""What rows are told apart by; tests/conftest.py lets each test begin with 1."""
_people = count(1)
"""Never begun anew: what is counted of an address may outlive a test that commits."""

Fact = TypeVar("Fact", bound=Model)


def number() -> int:
    """Return a number that no other row of the test has."""
    return next(_numbers)


def system(slug: str = "cpt", **fields: Any) -> CodeSystem:
    """Return the system with that slug; CPT-style and metered unless told otherwise."""
    noun = "CPT®" if slug == "cpt" else slug.upper()
    values: dict[str, Any] = {
        "name": noun,
        "title": f"{noun} test system",
        "code_noun": f"{noun} Code",
        "publisher": "A publisher",
        "licence": CodeSystem.Licence.LICENSED if slug == "cpt" else "public_domain",
        "copyright_line": "© Copyright 2026 American Medical Association. All rights reserved."
        if slug == "cpt"
        else "",
        "position": 1 if slug == "cpt" else 2,
    }
    return CodeSystem.objects.update_or_create(slug=slug, defaults=values | fields)[0]


def release(of: CodeSystem | None = None, **fields: Any) -> Release:
    """Return the current release of a system, made if there is none."""
    of = of or system()
    existing = of.releases.current().first()
    if existing and not fields:
        return existing
    values: dict[str, Any] = {
        "label": "Test edition",
        "effective_date": date(2026, 1, 1),
        "source_name": "Test file",
        "file_name": "test.txt",
        "sha256": f"{next(_numbers):064x}",
        "row_count": 1,
        "importer": "factory 1",
        "is_current": existing is None,
    }
    return Release.objects.create(system=of, **({"source": of.slug} | values | fields))


def code(display: str = "33948", /, *, of: CodeSystem | None = None, **fields: Any) -> Code:
    """Return a billable code; ``parent`` gives it its place."""
    of = of or system()
    parent = fields.get("parent")
    number = next(_numbers)
    values: dict[str, Any] = {
        "release": release(of),
        "kind": Code.Kind.CODE,
        "key": display.replace(".", ""),
        "display": display,
        "billable": True,
        "short_descriptor": f"Short descriptor {number}",
        "long_descriptor": f"Long descriptor {number}",
        "position": number,
        "ancestors": [*parent.ancestors, parent.pk] if parent else [],
    }
    return Code.objects.create(system=of, **(values | fields))


def heading(kind: str, key: str, **fields: Any) -> Code:
    """Return a chapter, section or category."""
    values: dict[str, Any] = {"kind": kind, "billable": False}
    return code(key, **(values | fields))


def search_index() -> None:
    """Build the search index of all codes, as their imports would have."""
    store.rebuild(CodeSystem.objects.all())


def published_text(of: Code, kind: str = "plain", *, html: str = "<p>Text</p>") -> AuthoredText:
    """Return a text that the public sees."""
    return AuthoredText.objects.create(
        code=of,
        kind=kind,
        markdown="Text",
        html=html,
        status=AuthoredText.Status.PUBLISHED,
        reviewed_on=date(2026, 1, 1),
        published_at=timezone.now(),
    )


def user(email: str = "", **fields: Any) -> User:
    """Return a registered user with the password ``correct horse``."""
    email = email or f"coder{next(_people)}@example.org"
    made = User.objects.create_user(email, "correct horse", **fields)
    made.emailaddress_set.create(email=email, verified=True, primary=True)  # type: ignore[attr-defined]  # allauth's
    return made


def staff(email: str = "", **fields: Any) -> User:
    """Return an admin with every permission."""
    return user(email, is_staff=True, is_superuser=True, **fields)


def edition(source: str = "mpfs", **fields: Any) -> Release:
    """Return the current edition of a source of facts, made if there is none."""
    existing = Release.objects.current().filter(source=source).first()
    if existing and not fields:
        return existing
    values: dict[str, Any] = {
        "label": "October 2025",
        "effective_date": date(2025, 10, 1),
        "source_name": f"Test file of {source}",
        "file_name": f"{source}.csv",
        "sha256": f"{next(_numbers):064x}",
        "row_count": 1,
        "importer": "factory 1",
        "is_current": existing is None,
    }
    return Release.objects.create(source=source, **(values | fields))


def relative_value(key: str = "99213", **fields: Any) -> facts.RelativeValue:
    """Return a row of the fee schedule; an office visit of 2025 unless told otherwise."""
    values: dict[str, Any] = {
        "work_rvu": Decimal("1.30"),
        "nonfacility_pe_rvu": Decimal("1.35"),
        "facility_pe_rvu": Decimal("0.57"),
        "malpractice_rvu": Decimal("0.10"),
        "nonfacility_total": Decimal("2.75"),
        "facility_total": Decimal("1.97"),
        "conversion_factor": Decimal("32.3465"),
        "nonfacility_na": False,
        "facility_na": False,
        "status": "A",
        "pctc": "0",
        "global_days": "XXX",
        "multiple_procedure": "0",
        "bilateral": "0",
        "assistant_surgeon": "0",
        "co_surgeons": "0",
        "team_surgeons": "0",
        "supervision": "09",
        "imaging_family": "99",
        "calculation_flag": "0",
    }
    values |= dict.fromkeys(("preoperative", "intraoperative", "postoperative"), Decimal(0))
    hospital = ("opps_nonfacility_pe", "opps_facility_pe", "opps_malpractice")
    values |= dict.fromkeys(hospital, Decimal(0))
    return _fact(facts.RelativeValue, "mpfs", code_key=key, **(values | fields))


def locality(number: str = "01", **fields: Any) -> facts.Locality:
    """Return a payment locality; Manhattan in 2025 unless told otherwise."""
    values: dict[str, Any] = {
        "mac": "13202",
        "state": "NY",
        "name": "MANHATTAN",
        "work_index": Decimal("1.065"),
        "practice_index": Decimal("1.166"),
        "malpractice_index": Decimal("1.656"),
    }
    return _fact(facts.Locality, "gpci", number=number, **(values | fields))


def locality_counties(number: str = "01", **fields: Any) -> facts.LocalityCounties:
    """Return the counties of that locality."""
    values = {"mac": "13202", "state_name": "NEW YORK", "area": "MANHATTAN", "counties": "NEW YORK"}
    return _fact(facts.LocalityCounties, "localities", number=number, **(values | fields))


def anesthesia_factor(number: str = "01", **fields: Any) -> facts.AnesthesiaFactor:
    """Return the anesthesia conversion factor of that locality."""
    values = {"mac": "13202", "name": "MANHATTAN", "factor": Decimal("21.58")}
    return _fact(facts.AnesthesiaFactor, "anesthesia", number=number, **(values | fields))


def outpatient_payment(key: str = "99213", **fields: Any) -> facts.OutpatientPayment:
    """Return a row of OPPS Addendum B."""
    values: dict[str, Any] = {"status_indicator": "J2", "payment_rate": Decimal("132.50")}
    return _fact(facts.OutpatientPayment, "opps-b", code_key=key, **(values | fields))


def place_of_service(number: str = "11", **fields: Any) -> facts.PlaceOfService:
    """Return a place of service; an office unless told otherwise."""
    values: dict[str, Any] = {"name": "Office", "setting": "Non-Facility", "description": ""}
    return _fact(facts.PlaceOfService, "place-of-service", number=number, **(values | fields))


def telehealth_service(key: str = "99213", **fields: Any) -> facts.TelehealthService:
    """Return a row of the list of telehealth services."""
    values: dict[str, Any] = {"status": "Permanent", "audio_only": True}
    return _fact(facts.TelehealthService, "telehealth", code_key=key, **(values | fields))


def drg(number: str = "470", **fields: Any) -> facts.DrgTitle:
    """Return a diagnosis-related group."""
    values: dict[str, Any] = {"title": "SAMPLE GROUP"}
    return _fact(facts.DrgTitle, "ms-drg", number=number, **(values | fields))


def drg_logic(key: str = "A0100", groups: str = "371-373", **fields: Any) -> facts.DrgLogic:
    """Return a use of a diagnosis in the logic of groups; of a procedure with ``category``."""
    first, _, last = groups.partition("-")
    is_procedure = "category" in fields
    values: dict[str, Any] = {
        "code_system": "icd-10-pcs" if is_procedure else "icd-10-cm",
        "mdc": "08" if is_procedure else "06",
        "is_operating_room": True if is_procedure else None,
    }
    values |= {"code_key": key, "first_drg": first, "last_drg": last or first}
    source = "ms-drg-procedures" if is_procedure else "ms-drg-diagnoses"
    return _fact(facts.DrgLogic, source, **(values | fields))


def hcpcs_detail(key: str = "J1100", **fields: Any) -> facts.HcpcsDetail:
    """Return what the HCPCS file says of a code."""
    values = {"coverage": "D", "action": "N"}
    return _fact(facts.HcpcsDetail, "hcpcs-details", code_key=key, **(values | fields))


def processing_note(number: str = "0064", **fields: Any) -> facts.ProcessingNote:
    """Return a note that HCPCS codes refer to by its number."""
    values = {"text": "PAYMENT UNDER AN ACT."}
    return _fact(facts.ProcessingNote, "hcpcs-notes", number=number, **(values | fields))


def modifier(modifier: str = "LT", **fields: Any) -> facts.Modifier:
    """Return a HCPCS modifier."""
    values = {"short_descriptor": "Left side", "long_descriptor": "Left side of the body"}
    return _fact(facts.Modifier, "hcpcs-modifiers", modifier=modifier, **(values | fields))


def add_on_edit(add_on: str = "15272", primary: str = "15271", **fields: Any) -> facts.AddOnEdit:
    """Return an add-on code with a primary code."""
    values: dict[str, Any] = {"type": "1", "effective_on": date(2013, 4, 1)}
    values |= {"add_on": add_on, "primary": primary}
    return _fact(facts.AddOnEdit, "add-on-edits", **(values | fields))


def crosswalk(
    source_key: str = "A0100", target_key: str = "0020", **fields: Any
) -> facts.Crosswalk:
    """Return an equivalence of ICD-10-CM to ICD-9-CM; ``target_system="ccsr"`` for a category."""
    values = {"source_system": "icd-10-cm", "target_system": "icd-9-cm", "flags": "10000"}
    values |= {"source_key": source_key, "target_key": target_key} | fields
    if values["target_system"] == "ccsr":
        return _fact(facts.Crosswalk, "ccsr", **(values | {"flags": ""}))
    return _fact(facts.Crosswalk, "gem-icd-10-cm-icd-9-cm", **values)


def coverage_document(number: str = "52850", **fields: Any) -> facts.CoverageDocument:
    """Return a coverage article; ``kind`` and ``related`` make it another document."""
    values: dict[str, Any] = {
        "kind": "article",
        "version": 3,
        "title": f"Billing article {number}",
        "status": "Active",
        "effective_on": date(2025, 1, 1),
        "contractors": ["A contractor"],
        "related": [],
    }
    return _fact(facts.CoverageDocument, "coverage", number=number, **(values | fields))


def coverage_code(key: str = "99213", article: str = "52850", **fields: Any) -> facts.CoverageCode:
    """Return a code that an article lists; a procedure unless told otherwise."""
    values: dict[str, Any] = {"version": 3, "role": "procedure", "code_key": key}
    return _fact(facts.CoverageCode, "coverage", article=article, **(values | fields))


def _fact(model: type[Fact], source: str, **fields: Any) -> Fact:
    """Return a row of the current edition of a source, on a line of its own."""
    release = fields.pop("release", None) or edition(source)
    return model._default_manager.create(release=release, line=next(_numbers), **fields)
