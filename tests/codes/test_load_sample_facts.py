"""Sample facts: marked as such, and gone when a file of their kind is imported."""

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from codes.models import Code, Release
from codes.sections import SECTIONS
from tests import factories
from tests.codes.import_tools import import_codes
from tests.codes.pages import words
from tests.codes.test_import_formats import files_of

pytestmark = pytest.mark.django_db


def load(**options: object) -> str:
    out = StringIO()
    call_command("load_sample_facts", stdout=out, **options)
    return out.getvalue()


@pytest.fixture
def samples() -> None:
    call_command("load_samples", verbosity=0, stdout=StringIO())
    load()


def test_all_six_sections_hold_facts_that_are_marked(samples: None, member: Client) -> None:
    text = words(member, "/codes/cpt/33946/")
    for fact in ("No global period", "Sample edit", "Sample article", "MUE", "Inpatient only"):
        assert fact in text
    assert "Medicare policy, CasePilot sample 2026" in text
    assert "Sample, not official" in text
    assert "Sample status" in words(member, "/codes/cpt/99213/")
    assert "Payment NA $264.00" in text  # 8 × 33
    code = Code.objects.get(system__slug="cpt", key="33946")
    assert all(section.holds(code) for section in SECTIONS)


def test_a_diagnosis_shows_sample_groups_that_are_marked(samples: None, member: Client) -> None:
    factories.code("A00.0", of=factories.system("icd-10-cm"))
    text = words(member, "/codes/icd-10-cm/A00.0/")
    assert "MS-DRG 371–373 MDC 06 Digestive system Sample, not official" in text
    assert "371 SAMPLE TITLE: INTESTINAL GROUP, HIGHEST SEVERITY Weight 2.0000" in text
    assert "A00.0" in words(member, "/ms-drg/372/")


def test_a_second_time_changes_nothing(samples: None) -> None:
    before = list(Release.objects.values_list("pk", flat=True))
    assert load() == ""
    assert list(Release.objects.values_list("pk", flat=True)) == before


def test_samples_give_way_to_a_file_and_do_not_come_back(samples: None, member: Client) -> None:
    out = import_codes("gpci", *files_of("gpci", 1))
    assert "is now the current release" in out
    assert not Release.objects.filter(source="gpci", is_sample=True).exists()
    load()
    assert not Release.objects.filter(source="gpci", is_sample=True).exists()
    assert Release.objects.filter(source="mpfs", is_sample=True).count() == 1
    text = member.get("/codes/cpt/33946/medicare-coverage/").content.decode()
    assert "SAMPLE LOCALITY" not in text
    assert "ALABAMA" in text


def test_a_dry_run_keeps_the_samples(samples: None) -> None:
    import_codes("gpci", *files_of("gpci", 1), dry_run=True)
    assert Release.objects.current().filter(source="gpci", is_sample=True).exists()


@pytest.mark.parametrize(
    "text", ["nonsense", "label = 'a'", '[[source]]\nname = "x"\n[[source.NoTable]]\na = 1']
)
def test_another_file_is_refused_and_nothing_is_loaded(tmp_path: Path, text: str) -> None:
    path = tmp_path / "facts.toml"
    path.write_text(text)
    with pytest.raises(CommandError, match="is no file of sample facts"):
        load(file=path)
    assert not Release.objects.exists()
