"""The figures of ``evaluate_case_notes``."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from codes.casefinder.evaluation import Note, Proposed, Score, is_right, load

FIRST, SECOND = (0, 5), (6, 9)


@pytest.mark.parametrize(
    ("proposed", "answer", "right"),
    [
        ("I10", "I10", True),
        ("S52.501A", "S52.501", True),
        ("S52.50", "S52.501", True),
        ("S52.5", "S52.501", False),
        ("S52", "S52.5", True),
        ("I11", "I10", False),
    ],
)
def test_what_counts_as_right(proposed: str, answer: str, right: bool) -> None:
    assert is_right(proposed, answer) is right


def test_counts_what_is_found_proposed_and_forbidden() -> None:
    note = Note("n", "text", (("I10",), ("J45.909", "J45.901"), ("R05.9",)), frozenset({"R05.9"}),
                ("R06.2",), (("R50", "negated"),), ("K35.80",), ("secret",))  # fmt: skip
    score = Score()
    score.add(
        note,
        [
            Proposed("I10", FIRST, 1),
            Proposed("J45.901", SECOND, 2),
            Proposed("I15.9", SECOND, 1),
            Proposed("R06.2", SECOND, 3),
            Proposed("R50.9", FIRST, 4),
            Proposed("K35.80", FIRST, 5, is_uncertain=True),
        ],
        "shown",
    )
    figures = score.figures()
    assert figures["recall_top_1"] == pytest.approx(1 / 3, abs=1e-4)
    assert figures["recall_top_3"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["precision_top_1"] == 0.5  # of I10 and I15.9
    assert figures["precision_top_3"] == pytest.approx(2 / 3, abs=1e-4)  # R06.2 counts neither way
    assert figures["kept_recall"] == 0.0
    assert figures["forbidden_by_kind"] == {"negated": 1}
    assert figures["unmasked"] == 0


def test_an_identifier_that_is_shown_is_counted() -> None:
    note = Note("n", "t", (), frozenset(), (), (), (), ("secret",))
    score = Score()
    score.add(note, [], "a secret")
    assert score.figures()["unmasked"] == 1


def test_a_folder_without_notes_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="holds no notes"):
        call_command("evaluate_case_notes", str(tmp_path))


@pytest.mark.parametrize(
    "text", ["[", "- 1", "- id: x", "- {id: x, text: y, codes: [1], not: [1]}"]
)
def test_notes_of_another_form_are_an_error(tmp_path: Path, text: str) -> None:
    (tmp_path / "bad.yaml").write_text(text)
    with pytest.raises(CommandError, match=r"bad\.yaml"):
        call_command("evaluate_case_notes", str(tmp_path))


@pytest.mark.django_db
def test_prints_one_json_object(tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("- {id: x, text: Cough., codes: {R05.9: Cough}}")
    out = io.StringIO()
    call_command("evaluate_case_notes", str(tmp_path), "--json", stdout=out)
    figures = json.loads(out.getvalue())
    assert figures["notes"] == figures["answers"] == 1
    assert {"recall_top_3", "recall_top_5", "p95_ms", "forbidden"} <= figures.keys()


def test_the_development_notes_have_the_form() -> None:
    assert len(load(Path(__file__).with_name("development"))) >= 14
