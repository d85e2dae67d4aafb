"""Editions of indexes in the database: tied to codes, next, same twice, refused, gone back from."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core.management.base import CommandError
from django.utils.timezone import localdate

from codes import index_terms
from codes.importers.index_rows import IndexEdition, IndexRow
from codes.importers.rows import Problem
from codes.models import Code, CodeSystem, Release
from codes.releases import make_current
from codes.terms import IndexTerm
from tests import factories
from tests.codes.import_tools import import_codes

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent.parent / "data"


@pytest.fixture(autouse=True)
def _codes() -> None:
    icd = factories.system("icd-10-cm")
    for display in ("A00.0", "A00.1", "A00.9", "B20", "S52.0", "W08"):
        factories.code(display, of=icd, billable=display != "S52.0")
    hcpcs = factories.system("hcpcs")
    for display in ("A2001", "A4206", "A4208", "A4211", "J0567"):
        factories.code(display, of=hcpcs)


def files_of(name: str, number: int) -> list[str]:
    return [str(path) for path in sorted((DATA / name / str(number)).iterdir())]


def found() -> list[tuple[str, str]]:
    terms = IndexTerm.objects.current().order_by("code__key", "text")
    return list(terms.values_list("code__display", "text"))


def test_entries_are_tied_to_their_codes_and_others_told() -> None:
    out = import_codes("auto", *files_of("icd10cm_index", 1))
    assert "index terms: 5 rows: 5 new, 0 gone." in out
    assert (
        "Left out, for the code is not loaded: 1 entry:\n"
        "  line 40: Cholera, antitoxin reaction: T88.59-\n"
    ) in out
    assert "ICD-10-CM Index to Diseases and Injuries, October 2025: is now the current" in out
    assert "ICD-10-CM External Cause of Injuries Index, October 2025: is now the current" in out
    assert found() == [
        ("A00.0", "Cholera, classical"),
        ("A00.1", "Cholera, due to, biovar eltor"),
        ("A00.9", "Cholera"),
        ("B20", "AIDS"),
        ("S52.0", "Fracture, traumatic, ulna, upper end"),
        ("W08", "Fall, falling, from, furniture NEC"),
    ]
    cholera = IndexTerm.objects.get(text="Cholera")
    assert (cholera.line, cholera.modifiers) == (21, "Asiatic, epidemic, malignant")
    release = cholera.release
    assert (release.row_count, release.importer) == (5, "icd-10-cm-index 1")
    assert release.comparison[0] == "index terms: 5 rows: 5 new, 0 gone."


def test_a_range_names_every_code_that_is_loaded() -> None:
    out = import_codes("hcpcs-index", *files_of("hcpcs_index", 1))
    assert "index terms: 7 rows: 7 new, 0 gone." in out
    assert "  line 10: Wheelchair: E0950-E1030\n" in out
    supplies = [display for display, text in found() if text == "Supplies"]
    assert supplies == ["A4206", "A4208", "A4211"]


def test_a_range_of_too_many_codes_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index_terms, "MOST_IN_RANGE", 2)
    out = import_codes("hcpcs-index", *files_of("hcpcs_index", 1))
    assert "  line 5: Supplies: A4206-A4211\n" in out
    assert ("A4208", "Supplies") not in found()


def test_the_next_edition_takes_the_place_and_can_be_gone_back_from() -> None:
    import_codes("auto", *files_of("icd10cm_index", 1))
    out = import_codes("auto", files_of("icd10cm_index", 2)[1], may_vanish=0.5)
    assert "index terms: 5 rows: 1 new, 1 gone." in out
    assert ("A00.0", "Cholera, due to biovar cholerae") in found()
    assert ("A00.0", "Cholera, classical") not in found()
    first = Release.objects.get(source="icd-10-cm-index", effective_date=date(2025, 10, 1))
    make_current(release=first)
    assert ("A00.0", "Cholera, classical") in found()


def test_an_edition_of_a_later_day_waits() -> None:
    later = localdate() + timedelta(days=30)
    out = import_codes("icd-10-cm-index", files_of("icd10cm_index", 1)[1], effective_date=later)
    assert f"is stored and takes effect on {later:%Y-%m-%d}" in out
    assert found() == []


def test_the_same_file_twice_does_nothing() -> None:
    import_codes("auto", *files_of("hcpcs_index", 1))
    before = list(IndexTerm.objects.values_list("pk", flat=True))
    out = import_codes("auto", *files_of("hcpcs_index", 1))
    assert "this very edition is loaded already. Nothing to do." in out
    assert list(IndexTerm.objects.values_list("pk", flat=True)) == before


def test_a_dry_run_only_compares() -> None:
    out = import_codes("auto", *files_of("hcpcs_index", 1), dry_run=True)
    assert "index terms: 7 rows: 7 new, 0 gone." in out
    assert "dry run, nothing was changed" in out
    assert not IndexTerm.objects.exists()
    assert not Release.objects.filter(source="hcpcs-index").exists()


def test_an_edition_without_much_of_the_one_before_is_refused() -> None:
    import_codes("hcpcs-index", *files_of("hcpcs_index", 1))
    with pytest.raises(CommandError, match="2 of 7 index terms would be gone, more than 20%"):
        import_codes("hcpcs-index", *files_of("hcpcs_index", 2))
    assert ("J0567", "Cerliponase alfa") in found()


def test_an_index_needs_its_codes() -> None:
    Code.objects.all().delete()
    with pytest.raises(CommandError, match="Import the codes first"):
        import_codes("hcpcs-index", *files_of("hcpcs_index", 1))
    assert not Release.objects.filter(source="hcpcs-index").exists()


def test_pages_are_made_again_and_problems_change_nothing(tmp_path: Path) -> None:
    before = CodeSystem.objects.get(slug="hcpcs").revision
    import_codes("hcpcs-index", *files_of("hcpcs_index", 1))
    assert CodeSystem.objects.get(slug="hcpcs").revision > before
    broken = tmp_path / "hcpcs_index_2026.csv"
    broken.write_text("query,main_term,code_or_range\nSyringe,Syringe,A4206\nA,A,B\nC,C,D0\n")
    with pytest.raises(CommandError, match="1 problem; nothing was loaded"):
        import_codes("hcpcs-index", str(broken))
    assert len(found()) == 7


def test_a_long_list_of_entries_left_out_is_cut() -> None:
    rows = [IndexRow(n, f"Entry {n}", f"E{n:04}") for n in range(12)]
    rows.append(IndexRow(12, "Syringe", "A4206"))
    imported = index_terms.import_index(edition=edition(rows))
    lines = imported.lines()
    assert lines is not None
    assert lines[1] == "Left out, for the code is not loaded: 12 entries:"
    assert (len(lines), lines[-1]) == (13, "  … and 2 more")
    assert Release.objects.get(source="test-index").comparison == lines


def edition(rows: list[IndexRow | Problem] | list[IndexRow]) -> IndexEdition:
    return IndexEdition(
        system="hcpcs",
        source="test-index",
        label="Test",
        effective_date=date(2026, 1, 1),
        source_name="Test index",
        file_name="test.csv",
        sha256="0" * 64,
        importer="test 1",
        rows=iter(rows),
    )
