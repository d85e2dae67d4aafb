"""A small database with a row of every kind of fact, for questions about anything."""

from datetime import date
from decimal import Decimal

from codes.models import Code, CodeNote, SeventhCharacter, Successor
from tests import factories
from tests.codes import ncci_rows

PROCEDURES = ("99213", "99214", "27447", "97110", "15272", "15271", "J1100", "G0439", "99201")
DIAGNOSES = ("E11", "E11.9", "E11.65", "S72.001", "S72.001A", "I10")


def load() -> None:
    """Make the rows; some codes have all of them, some none, 36415 is in files alone."""
    _procedures()
    _diagnoses()
    _edits()
    _maps()


def _procedures() -> None:
    cpt, hcpcs = factories.system("cpt"), factories.system("hcpcs")
    factories.release(cpt, is_sample=True, is_current=True, label="Sample 2026")
    section = factories.heading(
        "section", "99202-99215", of=cpt, parent=factories.heading("chapter", "em", of=cpt)
    )
    for key in PROCEDURES:
        of = hcpcs if key[0].isalpha() else cpt
        parent = section if key.startswith("99") else None
        factories.code(key, of=of, parent=parent, long_descriptor=f"LONG CANARY {key}")
    old = Code.objects.get(display="99201")
    Code.objects.filter(pk=old.pk).update(valid_to=date(2020, 12, 31), billable=False)
    new = Code.objects.get(display="99213")
    Successor.objects.create(code=old, successor=new, release=new.release)
    for kind in ("plain", "guidelines", "modifiers", "compliance"):
        factories.published_text(new, kind, html=f"<p>{kind.upper()} CANARY, 20 minutes.</p>")
    for key in ("99213", "99214", "36415"):
        factories.relative_value(key)
    surgery = {"global_days": "090", "bilateral": "1", "assistant_surgeon": "2"}
    shares = {"intraoperative": Decimal("0.69"), "postoperative": Decimal("0.21")}
    factories.relative_value("27447", **surgery, **shares)
    for modifier in ("26", "TC"):
        factories.relative_value("97110", modifier=modifier, pctc="1", supervision="01")
    factories.locality()
    factories.locality_counties()
    factories.outpatient_payment("99213", apc="5012")
    factories.hcpcs_detail("J1100", pricing_indicators=["51"], added_on=date(2001, 1, 1))
    factories.modifier("LT")


def _diagnoses() -> None:
    icd = factories.system("icd-10-cm")
    chapter = factories.heading("chapter", "4", of=icd)
    e11 = factories.heading("category", "E11", of=icd, parent=chapter)
    for display in DIAGNOSES[1:]:
        parent = e11 if display.startswith("E11") else chapter
        billable = display != "S72.001"
        factories.code(
            display, of=icd, parent=parent, billable=billable, inclusion_terms=["TERM CANARY"]
        )
    release = factories.release(icd)
    for position, (kind, text) in enumerate(
        [("excludes1", "type 1 diabetes (E10.-) CANARY"), ("use_additional", "insulin (Z79.4)")]
    ):
        CodeNote.objects.create(code=e11, release=release, kind=kind, position=position, text=text)
    fracture = Code.objects.get(display="S72.001")
    for character, meaning in (("A", "initial encounter"), ("D", "subsequent encounter")):
        SeventhCharacter.objects.create(
            code=fracture, release=release, character=character, meaning=meaning
        )


def _edits() -> None:
    ncci_rows.save(
        ncci_rows.ptp("99214", "97110", "1"),
        ncci_rows.ptp("27447", "97110", "0"),
        ncci_rows.ptp("99213", "27447", "1", deleted_on=date(2025, 12, 31)),
    )
    ncci_rows.limit("97110", 8)
    ncci_rows.limit("99213", 2, "2")
    ncci_rows.add_on("15272", "15271")


def _maps() -> None:
    factories.crosswalk("E119", "25000")
    factories.crosswalk("E119", "END002", target_system="ccsr", target_title="Diabetes")
    factories.drg("291", title="HEART FAILURE AND SHOCK WITH MCC")
    factories.drg("637", title="DIABETES WITH MCC")
    factories.drg_logic("E119", "637-639", mdc="10")
    factories.drg_logic("I10", "304-305", mdc="05")
    factories.coverage_document(related=[])
    factories.coverage_code("97110")
    factories.coverage_code("E119", role="covered")
