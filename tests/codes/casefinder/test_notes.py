"""The notes that were written to measure: what is found, and which denied codes are proposed.

Loads the packaged ICD-10-CM edition; codes of HCPCS, which is not packaged, count as not found.
The notes measure and never tune (tests/codes/notes/README.md).
"""

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import transaction

from codes.casefinder import searching
from codes.casefinder.evaluation import Score, load
from codes.management.commands.evaluate_case_notes import measure

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

FOLDER = Path(__file__).parents[1] / "notes"
TRAPS = FOLDER / "traps"
LATER = FOLDER / "later"
SPECIALTIES = FOLDER / "specialties"
STYLES = FOLDER / "styles"
UNSEEN = FOLDER / "unseen"
FOLDERS = (FOLDER, TRAPS, LATER, SPECIALTIES, STYLES, UNSEEN)
DENIED = {"negated", "list", "ruled out"}


@pytest.fixture(scope="module")
def scores(
    django_db_setup: None, django_db_blocker: pytest.FixtureRequest
) -> Iterator[dict[Path, Score]]:
    """Load once and read every note once, in a transaction that is taken back."""
    quiet = io.StringIO()
    with django_db_blocker.unblock():  # type: ignore[attr-defined]  # pytest-django's
        outer = transaction.atomic()
        outer.__enter__()
        call_command("import_codes", "icd-10-cm", "--no-input", stdout=quiet, stderr=quiet)
        call_command("load_search_terms", stdout=quiet, stderr=quiet)
        call_command("build_search_index", stdout=quiet, stderr=quiet)
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(searching, "MAX_SECONDS", 600.0)  # even on a slow machine
            measured = {folder: measure(load(folder))[0] for folder in FOLDERS}
        yield measured
        transaction.set_rollback(True)
        outer.__exit__(None, None, None)


@pytest.fixture
def score(scores: dict[Path, Score]) -> Score:
    """Return the score of the notes that were written by somebody else."""
    return scores[FOLDER]


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_nothing_denied_is_proposed(scores: dict[Path, Score], folder: Path) -> None:
    assert [one for one in scores[folder].violations if one[1] in DENIED] == []


def test_no_trap_is_stepped_into(scores: dict[Path, Score]) -> None:
    assert [one for folder in FOLDERS[1:] for one in scores[folder].violations] == []
    assert scores[TRAPS].figures()["recall_top_3"] >= 0.8


def test_nothing_of_others_or_of_the_past_is_proposed(score: Score) -> None:
    assert score.violations == []


def test_no_identifier_is_shown(score: Score) -> None:
    assert score.unmasked == []


def test_most_of_what_the_notes_say_is_found(score: Score) -> None:
    figures = score.figures()
    assert figures["notes"] >= 60
    assert figures["recall_top_3"] >= 0.64
    assert figures["recall_top_5"] >= 0.64
    assert figures["precision_top_1"] >= 0.74
    assert figures["precision_top_3"] >= 0.68
    assert figures["precision_top_5"] >= 0.62
    assert figures["kept_recall"] >= 0.7
