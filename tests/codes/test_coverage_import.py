"""Medicare coverage exports from the files to the page."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.test import Client

from codes.facts import CoverageCode, CoverageDocument
from codes.models import Release
from tests import factories

pytestmark = pytest.mark.django_db

DATA = Path(settings.BASE_DIR, "tests", "data", "coverage")


def load(number: int, **options: Any) -> str:
    out = StringIO()
    paths = [str(path) for path in sorted((DATA / str(number)).glob("*.csv"))]
    values = {"accept_ama_notice": "A. Person", "no_input": True, "verbosity": 0} | options
    call_command("import_codes", "coverage", *paths, stdout=out, stderr=StringIO(), **values)
    return out.getvalue()


def current() -> str:
    return Release.objects.get(source="coverage", is_current=True).label


def test_the_notice_is_accepted_first() -> None:
    with pytest.raises(CommandError, match="notice"):
        load(1, accept_ama_notice="")
    assert not Release.objects.exists()


def test_editions_follow_each_other() -> None:
    assert "9 rows: 9 new" in load(1)
    assert (CoverageDocument.objects.count(), CoverageCode.objects.count()) == (9, 8)
    assert "Nothing to do" in load(1)
    with pytest.raises(CommandError, match="would be gone"):
        load(2)
    assert current() == "2 March 2026"
    load(2, may_vanish=1.0)
    assert current() == "2 April 2026"
    numbers = CoverageDocument.objects.current().values_list("number", "version")
    assert set(numbers) == {("A900001", 3), ("A900004", 1)}
    assert CoverageDocument.objects.count() == 11


def test_a_failure_changes_nothing(tmp_path: Path) -> None:
    load(1)
    for path in (DATA / "2").glob("*.csv"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    cut = tmp_path / "article_x_icd10_covered.csv"
    cut.write_bytes(cut.read_bytes()[:-12])
    paths = [str(path) for path in tmp_path.glob("*.csv")]
    with pytest.raises(CommandError, match="is the file complete"):
        call_command(
            "import_codes", "coverage", *paths, verbosity=0, stderr=StringIO(), may_vanish=1.0
        )
    assert current() == "2 March 2026"
    assert CoverageCode.objects.count() == 8


@pytest.mark.parametrize(
    ("slug", "display", "words"),
    [
        ("hcpcs", "G0999", ["A900001", "Invented Service A", "L910001", "999.1", "99101"]),
        ("hcpcs", "E0999", ["L910002", "Invented Equipment"]),
    ],
)
def test_a_page_names_the_documents(
    client: Client, slug: str, display: str, words: list[str]
) -> None:
    load(1)
    factories.code(display, of=factories.system(slug, licence="public_domain", copyright_line=""))
    client.force_login(factories.user())
    html = client.get(f"/codes/{slug}/{display}/medicare-coverage/").content.decode()
    assert [word for word in words if word not in html] == []
