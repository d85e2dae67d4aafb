"""``manage.py import_codes``: the first edition, the next one, the same twice, every refusal."""

import shutil
import threading
from collections.abc import Callable
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codes.importers import load, staging
from codes.importers.rows import CodeRow, check
from codes.models import Code, CodeNote, CodeSystem, Release, SeventhCharacter, Successor
from codes.search import in_order, search
from tests import factories
from tests.codes.import_tools import edition, wait_until_somebody_waits

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent.parent / "data" / "icd10cm"
TOTAL = 33
"""Entries of edition 1; edition 2 has as many: two gone, two new."""


def import_codes(*files: str, **options: Any) -> str:
    out = StringIO()
    call_command("import_codes", "icd-10-cm", *files, stdout=out, verbosity=0, **options)
    return out.getvalue()


def counts() -> dict[str, int]:
    models = (CodeSystem, Release, Code, CodeNote, SeventhCharacter, Successor)
    return {model.__name__: model._default_manager.count() for model in models}


def code(display: str) -> Code:
    return Code.objects.with_page().get(display=display)


@pytest.fixture
def changed_file(tmp_path: Path) -> Callable[..., list[str]]:
    """Return edition 1 with one text replaced in one of its files."""

    def make(old: str, new: str, *, in_list: bool = False) -> list[str]:
        copies = [Path(shutil.copy(name, tmp_path)) for name in edition(1)]
        path = next(copy for copy in copies if (copy.suffix == ".txt") == in_list)
        text = path.read_text(encoding="utf-8-sig")
        assert old in text
        path.write_text(text.replace(old, new, 1), encoding="utf-8")
        return [str(copy) for copy in copies]

    return make


def test_the_first_edition_is_loaded() -> None:
    out = import_codes(*edition(1))
    system = CodeSystem.objects.get()
    assert (system.slug, system.name, system.licence) == ("icd-10-cm", "ICD-10-CM", "public_domain")
    assert "World Health Organization" in system.copyright_line
    release = system.current_release()
    assert release is not None
    assert (release.label, release.effective_date) == ("October 2025", date(2025, 10, 1))
    assert release.row_count == Code.objects.count() == TOTAL
    assert release.importer == "icd10cm_tabular 1"
    assert f"{TOTAL} entries: {TOTAL} new, 0 changed, 0 gone." in out
    assert "ICD-10-CM, October 2025: is now the current release." in out


def test_codes_have_their_place_and_provenance() -> None:
    import_codes(*edition(1))
    found = code("S52.0X1B")
    above = list(Code.objects.filter(pk__in=found.ancestors).order_by("position"))
    assert [node.display for node in above] == ["Chapter 19", "S50-S59", "S52", "S52.0", "S52.0X",
                                                "S52.0X1"]  # fmt: skip
    assert found.ancestors == [node.pk for node in above]
    assert found.parent == above[-1]
    assert found.release == Release.objects.get()
    assert (found.billable, found.valid_from, found.valid_to) == (True, None, None)
    order = Code.objects.order_by("position").values_list("position", flat=True)
    assert list(order) == list(range(1, TOTAL + 1))


def test_a_section_and_its_only_category_share_a_key() -> None:
    import_codes(*edition(1))
    section, category = Code.objects.filter(key="B20").order_by("position")
    assert (section.kind, category.kind) == ("section", "category")
    assert category.parent == section
    assert code("B20").billable


def test_notes_terms_and_characters_are_stored() -> None:
    import_codes(*edition(1))
    notes = code("A00").notes.values_list("position", "kind", "text")
    assert list(notes)[:3] == [
        (1, "note", "First note"),
        (2, "note", "Second note"),
        (3, "excludes1", "first excluded"),
    ]
    assert code("A00.0").inclusion_terms == ["Classical cholera"]
    characters = code("T07").seventh_characters.values_list("character", "meaning")
    assert list(characters) == [("A", "initial encounter"), ("D", "subsequent encounter")]


@pytest.mark.parametrize(
    ("words", "display"),
    [("cholera eltor", "A00.1"), ("torus fracture sequela", "S52.011S"), ("A000", "A00.0")],
)
def test_words_find_codes(words: str, display: str) -> None:
    import_codes(*edition(1))
    assert display in map(str, in_order([hit.code_id for hit in search(words).hits]))


def test_the_same_edition_again_does_nothing() -> None:
    import_codes(*edition(1))
    before, revision = counts(), CodeSystem.objects.get().revision
    out = import_codes(*edition(1))
    assert "ICD-10-CM, October 2025: this very edition is loaded already. Nothing to do." in out
    assert counts() == before
    assert CodeSystem.objects.get().revision == revision


def test_the_next_edition_adds_removes_and_renames() -> None:
    import_codes(*edition(1))
    old = {found.display: found for found in Code.objects.with_page()}
    system_revision = CodeSystem.objects.get().revision
    out = import_codes(*edition(2))
    assert f"{TOTAL} entries: 2 new, 6 changed, 2 gone." in out
    assert "  new: A09.1, T07.XXXS" in out
    assert "  changed: A00, A00.0, A00.9, A09, S52, T07" in out
    assert "  gone: A00.1, S52.0X1B" in out
    assert CodeSystem.objects.get().revision == system_revision + 1
    assert code("A00.9").long_descriptor == "Cholera, not further specified"
    assert code("A00.9").pk == old["A00.9"].pk
    assert code("A00.0").inclusion_terms == ["Classical cholera", "Asiatic cholera"]
    assert [code("A09").billable, code("A09.1").billable] == [False, True]
    assert code("A00").notes.get(position=2).text == "Second note, reworded"
    assert list(code("S52").seventh_characters.values_list("character", flat=True)) == ["A", "S"]
    raised = {
        found.display
        for found in Code.objects.with_page()
        if found.display in old and found.revision == old[found.display].revision + 1
    }
    assert raised == {"A00", "A00.0", "A00.1", "A00.9", "A09", "S52", "S52.0X1B", "T07"}


def test_a_code_that_is_gone_is_kept_and_ends_the_day_before() -> None:
    import_codes(*edition(1))
    import_codes(*edition(2))
    gone = code("A00.1")
    assert gone.valid_to == date(2026, 3, 31)
    assert gone.release.label == "October 2025"
    assert code("A00.0").release.label == "April 2026"
    assert code("A00.0").valid_to is None


def test_old_releases_stay_readable() -> None:
    import_codes(*edition(1))
    import_codes(*edition(2))
    shown = Release.objects.order_by("effective_date").values_list("label", "is_current")
    assert list(shown) == [("October 2025", False), ("April 2026", True)]


def test_a_code_that_comes_back_is_valid_again(
    changed_file: Callable[..., list[str]],
) -> None:
    import_codes(*edition(1))
    import_codes(*edition(2))
    again = changed_file("<version>2026", "<version>2027")
    out = import_codes(*again, effective_date=date(2026, 10, 1))
    assert "ICD-10-CM, October 2026: is now the current release." in out
    assert code("A00.1").valid_to is None
    assert code("A09.1").valid_to == date(2026, 9, 30)
    assert counts()["Code"] == TOTAL + 2


def test_label_and_day_can_be_given() -> None:
    import_codes(*edition(1), label="Fiscal year 2026", effective_date=date(2025, 10, 2))
    release = Release.objects.get()
    assert (release.label, release.effective_date) == ("Fiscal year 2026", date(2025, 10, 2))


def test_a_dry_run_compares_and_changes_nothing() -> None:
    import_codes(*edition(1))
    before = counts()
    out = import_codes(*edition(2), dry_run=True)
    assert "2 new, 6 changed, 2 gone." in out
    assert "ICD-10-CM, April 2026: dry run, nothing was changed." in out
    assert counts() == before
    assert code("A00.9").long_descriptor == "Cholera, unspecified"
    assert not Release.objects.filter(label="April 2026").exists()


def test_what_the_admin_set_in_the_system_stays() -> None:
    import_codes(*edition(1))
    CodeSystem.objects.update(is_metered=False, title="Renamed here")
    import_codes(*edition(2))
    system = CodeSystem.objects.get()
    assert (system.is_metered, system.title) == (False, "Renamed here")


def test_other_systems_are_left_alone() -> None:
    other = factories.code("33948")
    import_codes(*edition(1))
    other.refresh_from_db()
    assert (other.valid_to, other.revision) == (None, 1)
    assert Release.objects.get(system__slug="cpt").is_current


@pytest.mark.parametrize(
    ("old", "new", "in_list", "message"),
    [
        ("A001\n", "", True, r"tabular-October-1-2025.xml:51: A00.1: is not in code-list-"),
        ("A001\n", "A001\nA002\n", True, r"code-list-October-2025.txt:6: A002 is not in the tab"),
        (
            "A001\n",
            "<A001>\n",
            True,
            r"expected the tabular list \(XML\) together",
        ),
        ("<name>A00.1", "<name>A00.0", False, r"xml:51: A00.0: stands twice\."),
        ("<name>A00.1", "<name>A00-1", False, r"xml:51: A00-1: is no name of an ICD-10-CM code\."),
        ("<name>A00.1", "<name>A09.1", False, r"xml:51: A09.1: is not in code-list-"),
        ("<desc>Cholera<", "<desc> <", False, r"xml:24: A00: has no short descriptor\."),
        ('char="D"', 'char="A"', False, r"xml:\d+: T07: a 7th character is defined twice\."),
        ('char="D"', 'char="DD"', False, r"xml:\d+: T07: a 7th character is not one character\."),
        ("<note>First note", "<note>", False, r"xml:24: A00: a note is empty or longer than"),
        ("</ICD10CM.tabular>", "", False, r"is not well-formed XML \(no element found\)"),
        ("<diag>", "<disease>", False, r"<disease> is not an element that this program knows\."),
    ],
)
def test_a_wrong_edition_is_refused_and_changes_nothing(
    changed_file: Callable[..., list[str]], old: str, new: str, in_list: bool, message: str
) -> None:
    import_codes(*edition(2))
    before = counts()
    with pytest.raises(CommandError, match=message):
        import_codes(*changed_file(old, new, in_list=in_list))
    assert counts() == before
    assert Release.objects.get(is_current=True).label == "April 2026"


def test_two_files_are_expected(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"expected the tabular list \(XML\) together with"):
        import_codes(edition(1)[0])
    with pytest.raises(CommandError, match=r"none.xml: there is no such file"):
        import_codes(str(tmp_path / "none.xml"), edition(1)[0])


def test_files_without_an_entry_are_refused(tmp_path: Path) -> None:
    tabular = tmp_path / "tabular-April-1-2026.xml"
    tabular.write_text("<ICD10CM.tabular></ICD10CM.tabular>")
    (tmp_path / "list.txt").write_text("A00\nA01\nA02\n")
    with pytest.raises(CommandError, match=r"tabular-April-1-2026.xml: holds no entries\."):
        import_codes(str(tabular), str(tmp_path / "list.txt"))


def test_a_file_name_without_a_day_needs_the_option(tmp_path: Path) -> None:
    tabular = Path(shutil.copy(edition(1)[1], tmp_path / "tabular.xml"))
    with pytest.raises(CommandError, match="give it with --effective-date YYYY-MM-DD"):
        import_codes(str(tabular), edition(1)[0])


def test_at_most_fifty_problems_are_shown_and_all_reported(
    changed_file: Callable[..., list[str]], tmp_path: Path
) -> None:
    extra = "".join(f"Z{number:02}\n" for number in range(60))
    files = changed_file("W08\n", f"W08\n{extra}", in_list=True)
    report, shown = tmp_path / "problems.txt", StringIO()
    with pytest.raises(CommandError, match=r"^60 problems; nothing was loaded. First: code-list"):
        import_codes(*files, report=report, stderr=shown)
    assert len(report.read_text().splitlines()) == 60
    assert len(shown.getvalue().splitlines()) == 51
    assert "… and 10 more, in" in shown.getvalue()
    assert counts()["Code"] == 0


def test_a_report_that_cannot_be_written_is_said(
    changed_file: Callable[..., list[str]], tmp_path: Path
) -> None:
    shown = StringIO()
    with pytest.raises(CommandError, match="1 problem; nothing was loaded"):
        import_codes(
            *changed_file("A001\n", "", in_list=True), report=tmp_path / "no/x", stderr=shown
        )
    assert "The report could not be written" in shown.getvalue()


@pytest.mark.parametrize(
    ("attribute", "value"), [("_RETIRE", "SELECT 1 / 0"), ("_HIDE", "SELECT 1 / 0")]
)
def test_a_failure_in_the_database_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, attribute: str, value: str
) -> None:
    import_codes(*edition(1))
    before, titles = counts(), list(Code.objects.values_list("long_descriptor", flat=True))
    monkeypatch.setattr(load, attribute, value)
    with pytest.raises(CommandError, match="The database refused the edition: "):
        import_codes(*edition(2))
    assert counts() == before
    assert list(Code.objects.values_list("long_descriptor", flat=True)) == titles
    assert Release.objects.get().is_current


def test_a_value_that_copy_refuses_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(staging, "_heard", lambda values, progress: iter([("not a number",) * 15]))
    with pytest.raises(CommandError, match="The database refused the edition: "):
        import_codes(*edition(1))
    assert counts()["Code"] == 0


def test_the_number_of_statements_does_not_grow_with_the_edition(
    changed_file: Callable[..., list[str]],
) -> None:
    import_codes(*edition(1))
    with CaptureQueriesContext(connection) as few:
        import_codes(*changed_file("<desc>Cholera<", "<desc>Cholera, any<"), label="Few")
    with CaptureQueriesContext(connection) as many:
        import_codes(*edition(2))
    assert len(few) <= len(many) < 125
    with CaptureQueriesContext(connection) as again:
        import_codes(*changed_file("<desc>Cholera<", "<desc>Cholera again<"), label="Again",
                     effective_date=date(2026, 5, 1))  # fmt: skip
    assert len(again) == len(many)


def test_progress_is_told_in_plain_lines(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("import_codes", "icd-10-cm", *edition(1))
    told = capsys.readouterr().err
    assert "Reading ICD-10-CM tabular list" in told
    assert f"Copying: {TOTAL}, " in told
    assert "\r" not in told


@pytest.mark.django_db(transaction=True)
def test_a_second_import_waits_and_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    params = connection.get_connection_params()
    names = ("dbname", "user", "password", "host", "port")
    address = {name: params[name] for name in names if params.get(name)}
    errors: list[BaseException] = []

    def second() -> None:
        try:
            call_command("import_codes", "icd-10-cm", *edition(1), stdout=StringIO())
        except CommandError as error:  # pragma: no cover - shown below
            errors.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=second)
    with psycopg.connect(**address) as other:
        other.execute("SELECT pg_advisory_xact_lock(%s)", [load.LOCK])
        thread.start()
        wait_until_somebody_waits(other)
        assert Code.objects.count() == 0
    thread.join(timeout=60)
    assert not thread.is_alive()
    assert errors == []
    assert Code.objects.count() == TOTAL
    assert "Another import is running; waiting for it to end." in capsys.readouterr().err


def row(key: str = "A00", **fields: Any) -> CodeRow:
    values: dict[str, Any] = {
        "kind": "code",
        "display": key,
        "parent": None,
        "short": "Short",
        "long": "Long",
        "file": "file.txt",
        "line": 7,
    }
    return CodeRow(key=key, **(values | fields))


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ([row(kind="page")], "“page” is no kind of entry."),
        ([row(), row()], "stands twice."),
        ([row(), row(kind="category")], "another code has the same address."),
        ([row(parent=("code", "B"))], "stands below the code B, which is not before it."),
        ([row("A" * 41)], "key is longer than 40 characters."),
        ([row(short="x" * 401)], "short descriptor is longer than 400 characters."),
        ([row(medium="x" * 401)], "medium descriptor is longer than 400 characters."),
        ([row(long="x" * 20_001)], "long descriptor is longer than 20,000 characters."),
        ([row(kind="section", billable=True)], "a section cannot be billable."),
        (
            [row(valid_from=date(2026, 1, 2), valid_to=date(2026, 1, 1))],
            "is valid to a day before the day it is valid from.",
        ),
        ([row(notes=(("shout", "x"),))], "“shout” is no kind of note."),
        ([row(characters=(("A", "x" * 301),))], "a 7th character's meaning is longer than 300"),
        ([row(replaced_by=("B",))], "is replaced by B, which is no other code here."),
        ([row(replaced_by=("A00",))], "is replaced by A00, which is no other code here."),
    ],
)
def test_rows_that_do_not_hold_together_are_found(wrong: list[CodeRow], message: str) -> None:
    found = [str(problem) for problem in check(wrong)]
    assert any(line.startswith("file.txt:7: A") and message in line for line in found), found
