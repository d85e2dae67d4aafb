"""``manage.py import_codes`` for every format, ``auto``, several formats at once, and notices."""

import re
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import OperationalError, connection

from codes import notices
from codes.facts import (
    AddOnEdit,
    AnesthesiaFactor,
    HcpcsDetail,
    Locality,
    LocalityCounties,
    Modifier,
    OutpatientPayment,
    PtpEdit,
    RelativeValue,
    UnitLimit,
)
from codes.import_records import NoticeAcceptance
from codes.importers.formats import FORMATS
from codes.importers.opening import open_sources
from codes.importers.rows import Edition
from codes.importers.source import Options
from codes.models import Code, Release
from codes.notices import Acceptance, NotAccepted
from tests.codes.import_tools import import_codes

pytestmark = pytest.mark.django_db

DATA = Path(__file__).parent.parent / "data"
FOLDERS = {
    "icd-10-cm": "icd10cm",
    "icd-10-cm-index": "icd10cm_index",
    "icd-10-pcs": "icd10pcs",
    "ptp-practitioner": "ncci_ptp",
    "ptp-hospital": "ncci_ptp",
}
"""Where the files of a format are, if not in the folder of its name."""
DATED = {"ccsr", "gem", "ms-drg", "place-of-service"}
"""Formats of which the second file says no day."""
NEEDED = {"icd-10-cm-index": "icd-10-cm", "hcpcs-index": "hcpcs"}
"""What must be loaded before: the codes that an index leads to."""


def files_of(name: str, number: int) -> list[str]:
    folder = DATA / FOLDERS.get(name, name.replace("-", "_"))
    folder /= "hospital" if name == "ptp-hospital" else str(number)
    return [str(path) for path in sorted(folder.rglob("*")) if path.is_file()]


def accept() -> None:
    """Record what every format needs."""
    notices.require("ama", Acceptance("Anna"))
    license_for(2027)


def load_needed(name: str) -> None:
    if needed := NEEDED.get(name):
        import_codes(needed, *files_of(needed, 1))


def license_for(year: int) -> None:
    NoticeAcceptance.objects.create(
        notice="cpt",
        accepted_by="Anna",
        licence_holder="A clinic",
        licence_number="12345",
        licence_year=year,
    )


def totals() -> dict[str, int]:
    models = (Release, Code, UnitLimit, PtpEdit, RelativeValue, Locality, HcpcsDetail)
    return {model.__name__: model._default_manager.count() for model in models}


@pytest.fixture
def zipped(tmp_path: Path) -> Callable[..., str]:
    """Return a function that puts files into a zip."""

    def make(*paths: str, **texts: str) -> str:
        target = tmp_path / "release.zip"
        with zipfile.ZipFile(target, "w") as archive:
            for path in paths:
                archive.write(path, Path(path).name)
            for name, text in texts.items():
                archive.writestr(f"{name}.txt", text)
        return str(target)

    return make


# --- Every format --------------------------------------------------------------------------------


@pytest.mark.parametrize("name", sorted(FORMATS))
def test_every_format_is_imported_by_its_name_and_by_auto(name: str) -> None:
    accept()
    files = files_of(name, 1)
    assert files, f"There is no first edition of {name} in tests/data."
    load_needed(name)
    out = import_codes(name, *files)
    assert "is now the current release." in out or "is stored" in out
    stored = totals()
    assert stored["Release"] > 0
    again = import_codes("auto", *files)
    assert "this very edition is loaded already. Nothing to do." in again
    assert totals() == stored


def test_fees_by_two_factors_follow_those_by_one() -> None:
    import_codes("mpfs", *files_of("mpfs", 1), accept_ama_notice="Anna Example")
    out = import_codes("mpfs", *files_of("mpfs", 2))
    # Two files of twelve rows: 10035 is new in both, 0005F was one of the twelve before.
    assert "relative values: 24 rows: 2 new, 22 changed, 1 gone." in out
    assert "is now the current release" in out
    import_codes("anesthesia", *files_of("anesthesia", 1))
    out = import_codes("anesthesia", *files_of("anesthesia", 2), may_vanish=0.4)
    assert "anesthesia factors: 6 rows: 2 new, 3 changed, 1 gone." in out


def test_back_from_two_factors_to_one_nothing_vanishes_either() -> None:
    import_codes("mpfs", *files_of("mpfs", 2), accept_ama_notice="Anna Example")
    later = {"effective_date": date(2026, 7, 1)}
    out = import_codes("mpfs", *files_of("mpfs", 1), **later)
    assert "relative values: 12 rows: 1 new, " in out
    assert " 2 gone." in out


@pytest.mark.parametrize("name", sorted(set(FORMATS) - {"ptp-hospital"}))
def test_every_format_takes_its_next_edition(name: str) -> None:
    accept()
    load_needed(name)
    import_codes(name, *files_of(name, 1))
    before = totals()
    options = {"effective_date": date(2027, 1, 1)} if name in DATED else {}
    if name == "cpt":  # its second edition is for a year that has not begun
        options = {"effective_date": date(2026, 7, 1)}
    out = import_codes(name, *files_of(name, 2), may_vanish=1, **options)
    assert "new, " in out
    assert totals()["Release"] > before["Release"]


def test_a_file_may_yield_several_releases() -> None:
    out = import_codes("hcpcs", *files_of("hcpcs", 1))
    sources = Release.objects.order_by("source").values_list("source", "is_current")
    assert list(sources) == [
        ("hcpcs", True),
        ("hcpcs-details", True),
        ("hcpcs-modifiers", True),
    ]
    assert Modifier.objects.count() > 0
    assert "HCPCS details: " in out


def test_a_release_of_codes_is_all_or_nothing_with_its_facts(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("codes.releases.load_facts._BY_KEY", "broken")
    monkeypatch.setattr("codes.importers.snapshots.Snapshot.index", _fail)
    before = totals()
    with pytest.raises(CommandError, match="The database refused the edition: division by zero"):
        import_codes("hcpcs", *files_of("hcpcs", 1))
    assert totals() == before


def _fail(snapshot: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 / 0")


# --- Several formats -----------------------------------------------------------------------------


def test_auto_imports_each_format_in_a_zip(zipped: Callable[..., str]) -> None:
    names = ("gpci", "localities", "anesthesia")
    files = [files_of(name, 1)[0] for name in names]
    out = import_codes("auto", zipped(*files, readme="About these files."))
    assert out.count("is now the current release.") == 3
    for model in (Locality, LocalityCounties, AnesthesiaFactor):
        assert model._default_manager.count() > 0
    assert Release.objects.get(source="gpci").file_name == f"release.zip/{Path(files[0]).name}"


def test_a_format_that_is_refused_does_not_stop_the_others(tmp_path: Path) -> None:
    wrong = tmp_path / "GPCI2025.csv"
    text = Path(files_of("gpci", 1)[0]).read_text(encoding="utf-8")
    number = re.search(r",(\d\.\d+)", text)
    assert number
    wrong.write_text(text.replace(number[1], "many", 1), encoding="utf-8")
    told, report = StringIO(), tmp_path / "problems.txt"
    with pytest.raises(CommandError, match=r"^1 of 2 formats were not imported: gpci\.$"):
        import_codes("auto", str(wrong), *files_of("anesthesia", 1), stderr=told, report=report)
    assert "gpci: " in told.getvalue()
    assert "“many” is no" in report.read_text()
    assert (Locality.objects.count(), AnesthesiaFactor.objects.count() > 0) == (0, True)


def test_problems_of_all_formats_are_in_the_report(tmp_path: Path) -> None:
    report = tmp_path / "problems.txt"
    report.write_text("of another import\n")
    files = []
    for name in ("gpci", "anesthesia"):
        text = Path(files_of(name, 1)[0]).read_text(encoding="utf-8")
        lines = text.splitlines()
        place = next(i for i, line in enumerate(lines) if line[:1].isdigit() or ",0" in line[:9])
        lines[place] = lines[place].replace(".", "x")
        path = tmp_path / Path(files_of(name, 1)[0]).name
        path.write_text("\n".join(lines), encoding="utf-8")
        files.append(str(path))
    with pytest.raises(CommandError, match=r"^2 of 2 formats were not imported"):
        import_codes("auto", *files, report=report)
    problems = report.read_text().splitlines()
    assert {line.partition(":")[0] for line in problems} == {Path(f).name for f in files}


def test_what_no_format_knows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "letter.txt"
    path.write_text("Dear all,\n")
    with pytest.raises(CommandError, match=r"letter.txt: is of no format that can be imported"):
        import_codes("auto", str(path))
    with pytest.raises(CommandError, match=r"letter.txt: is not what gpci reads"):
        import_codes("gpci", str(path))
    told = StringIO()
    import_codes("gpci", *files_of("gpci", 1), str(path), stderr=told)
    assert told.getvalue() == "letter.txt: left out; it is not what gpci reads.\n"
    import_codes("auto", *files_of("gpci", 1), str(path), stderr=told)
    assert told.getvalue().endswith("left out; it is of no format that can be imported.\n")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is empty"),
        ("HCPC,SEQNUM\n".encode("utf-16"), "is UTF-16 text; save it as UTF-8"),
        (b"\x1f\x8b\x08\0", "is compressed with gzip; unpack it first"),
        (b"%PDF-1.7\n", "is a PDF, which cannot be imported"),
    ],
)
@pytest.mark.parametrize("name", ["auto", "hcpcs"])
def test_what_is_no_text_is_told_so(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    path = tmp_path / "HCPC2025_OCT_ANWEB.csv"
    path.write_bytes(content)
    with pytest.raises(CommandError, match=f"HCPC2025_OCT_ANWEB.csv: {message}"):
        import_codes(name, str(path))


def test_a_date_that_is_none_is_told_so() -> None:
    with pytest.raises(CommandError, match=r"“tomorrow” is no date; write it as YYYY-MM-DD"):
        import_codes("gpci", *files_of("gpci", 1), "--effective-date=tomorrow")


@pytest.mark.parametrize(
    ("stop", "message"),
    [
        (KeyboardInterrupt(), r"^Stopped while importing gpci: nothing of it was changed"),
        (OperationalError("no room\nDETAIL"), r"Nothing was changed; .* says: no room$"),
    ],
)
def test_an_import_that_is_stopped_in_the_middle_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, stop: BaseException, message: str
) -> None:
    import_codes("gpci", *files_of("gpci", 1))

    def blocks(*args: object) -> None:
        raise stop

    with monkeypatch.context() as patched:
        patched.setattr("codes.importers.copy_text.blocks", blocks)
        with pytest.raises(CommandError, match=message):
            import_codes("gpci", *files_of("gpci", 2))
    release = Release.objects.get()
    assert Locality.objects.filter(release=release).count() == Locality.objects.count()
    import_codes("gpci", *files_of("gpci", 2), may_vanish=1)
    assert Release.objects.count() == 2


def test_files_must_be_named() -> None:
    with pytest.raises(CommandError, match=r"Name the files to import\."):
        import_codes("auto")


# --- What may vanish, dry run --------------------------------------------------------------------


def test_codes_may_not_vanish_unless_told(monkeypatch: pytest.MonkeyPatch) -> None:
    import_codes("icd-10-cm", *files_of("icd-10-cm", 1))
    before = totals()
    read = FORMATS["icd-10-cm"].read(
        open_sources([Path(f) for f in files_of("icd-10-cm", 2)]), Options()
    )
    assert isinstance(read[0], Edition)
    smaller = replace(read[0], rows=read[0].rows[:3])
    monkeypatch.setattr("codes.importing._packaged", lambda options, progress: smaller)
    with pytest.raises(CommandError, match=r"entries would be gone, more than 20%\. Is the file"):
        import_codes("icd-10-cm")
    assert totals() == before
    assert "gone" in import_codes("icd-10-cm", may_vanish=1)


@pytest.mark.parametrize("share", ["-1", "1.5", "half", "200%"])
def test_a_share_is_from_0_to_1(share: str) -> None:
    with pytest.raises(CommandError, match="is no share; expected a number from 0 to 1"):
        call_command("import_codes", "gpci", "x", f"--may-vanish={share}")


def test_a_dry_run_changes_nothing() -> None:
    out = import_codes("mpfs", *files_of("mpfs", 1), dry_run=True, accept_ama_notice="Anna Example")
    assert "dry run, nothing was changed." in out
    assert totals() == dict.fromkeys(totals(), 0)
    assert not NoticeAcceptance.objects.exists()


# --- Notices -------------------------------------------------------------------------------------


def test_files_keyed_by_cpt_codes_need_an_acceptance_once() -> None:
    with pytest.raises(CommandError, match=r'Record who accepts that, once: --accept-ama-notice "'):
        import_codes("mpfs", *files_of("mpfs", 1))
    assert totals()["Release"] == 0
    import_codes("mpfs", *files_of("mpfs", 1), accept_ama_notice=" Anna Example ")
    recorded = NoticeAcceptance.objects.get()
    assert (recorded.notice, recorded.accepted_by) == ("ama", "Anna Example")
    import_codes("mue", *files_of("mue", 1))
    import_codes("opps-b", *files_of("opps-b", 1), accept_ama_notice="Somebody else")
    assert NoticeAcceptance.objects.get().accepted_by == "Anna Example"


def test_a_failed_import_records_no_acceptance(tmp_path: Path) -> None:
    cut = tmp_path / "PPRRVU2025_Oct.csv"
    cut.write_bytes(Path(files_of("mpfs", 1)[0]).read_bytes()[:-30])
    with pytest.raises(CommandError):
        import_codes("mpfs", str(cut), accept_ama_notice="Anna")
    assert not NoticeAcceptance.objects.exists()


def test_a_person_at_a_terminal_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda question: "Anna")
    import_codes("mpfs", *files_of("mpfs", 1), no_input=False)
    assert NoticeAcceptance.objects.get().accepted_by == "Anna"
    monkeypatch.setattr("builtins.input", lambda question: pytest.fail("asked twice"))
    import_codes("mue", *files_of("mue", 1), no_input=False)


def test_public_domain_files_need_no_acceptance() -> None:
    assert notices.require("", Acceptance()) is None
    assert {name for name, format_ in FORMATS.items() if format_.notice} >= {
        "mpfs", "mue", "ptp-practitioner", "ptp-hospital", "add-on-edits", "opps-b",
    }  # fmt: skip
    import_codes("gpci", *files_of("gpci", 1))


def test_cpt_needs_a_licence_that_covers_the_year() -> None:
    for stated in (Acceptance(), Acceptance("Anna")):
        with pytest.raises(NotAccepted, match=r"licence first: manage.py record_licence"):
            notices.require("cpt", stated)
    with pytest.raises(NotAccepted, match=r"Record the licence first"):
        notices.require_licence(2026)
    license_for(2025)
    with pytest.raises(NotAccepted, match=r"for 2025, but this edition is of 2026\."):
        notices.require_licence(2026)
    license_for(2026)
    assert notices.require_licence(2026).licence_year == 2026
    assert notices.require_licence(2025).licence_holder == "A clinic"


# --- Real files ----------------------------------------------------------------------------------

REAL = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("format_name", "file", "expected"),
    [
        ("hcpcs", "hcpcs/HCPC2025_OCT_ANWEB.csv", {HcpcsDetail: 8_463, Modifier: 383}),
        ("mpfs", "mpfs/PPRRVU2025_Oct.redacted.csv", {RelativeValue: 19_090}),
        ("add-on-edits", "ncci/AOC_V2026Q2-MCR.xlsx", {AddOnEdit: 9_000}),
        ("opps-b", "opps/addendum_b_2026-04.redacted.csv", {OutpatientPayment: 19_059}),
    ],
)
def test_a_real_file_is_stored_row_by_row(
    format_name: str, file: str, expected: dict[Any, int]
) -> None:
    path = REAL / file
    if not path.exists():
        pytest.skip(f"There is no {file} in ../shared/data.")
    accept()
    import_codes(format_name, str(path))
    for model, count in expected.items():
        assert model.objects.current().count() == count
