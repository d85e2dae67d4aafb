"""``manage.py load_samples``: the sample codes and their texts, and what it leaves alone."""

from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codes import edition_texts
from codes.authored_texts import AuthoredText, TextRevision
from codes.models import Code, CodeSystem, Release, Successor
from tests import factories

pytestmark = pytest.mark.django_db

SYSTEM = """
[release]
label = "Sample 1"
effective_date = 2026-01-01
notice = "Sample wording, not the AMA descriptor."
"""
ENTRIES = """
[[entry]]
kind = "chapter"
key = "surgery"
short = "Surgery"
long = "Operations"
plain = "What surgery is."

[[entry]]
kind = "category"
key = "33948-33949"
parent = "surgery"
parent_kind = "chapter"
short = "Daily management"
long = "Daily management of the circuit"

[[entry]]
kind = "code"
key = "33948"
parent = "33948-33949"
parent_kind = "category"
billable = true
short = "Management, vein to vein"
medium = "Daily management, vein to vein"
long = "Daily management of the circuit, vein to vein"
valid_from = 2015-01-01
plain = "**Each day** of support."
[entry.sections]
guidelines = "# Rule\\n\\nOnce a day."

[[entry]]
kind = "code"
key = "33960"
parent = "33948-33949"
parent_kind = "category"
short = "Former code"
long = "Former code of the first day"
valid_to = 2014-12-31
replaced_by = ["33948"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "system.toml").write_text(SYSTEM, encoding="utf-8")
    (tmp_path / "ecmo.toml").write_text(ENTRIES, encoding="utf-8")
    return tmp_path


def load(folder: Path, **options: Any) -> str:
    out = StringIO()
    call_command("load_samples", folder=folder, stdout=out, verbosity=0, **options)
    return out.getvalue()


def change(folder: Path, old: str, new: str, *, file: str = "ecmo.toml") -> None:
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def counts() -> list[int]:
    models = (Release, Code, AuthoredText, TextRevision, Successor)
    return [model._default_manager.count() for model in models]


def text(kind: str, key: str = "33948") -> AuthoredText:
    return AuthoredText.objects.get(code__key=key, kind=kind)


def test_the_system_and_its_release_are_made(folder: Path) -> None:
    out = load(folder)
    system = CodeSystem.objects.get()
    assert (system.slug, system.name, system.position) == ("cpt", "CPT®", 1)
    assert (system.licence, system.code_noun) == ("licensed", "CPT® Code")
    assert system.title == "Current Procedural Terminology (CPT®)"
    assert system.publisher == "American Medical Association"
    assert system.copyright_line == (
        "© Copyright 2026 American Medical Association. All rights reserved."
    )
    assert system.trademark_line == (
        "CPT® is a registered trademark of the American Medical Association."
    )
    release = Release.objects.get()
    assert (release.label, release.effective_date) == ("Sample 1", date(2026, 1, 1))
    assert release.is_current
    assert release.is_sample
    assert (release.importer, release.row_count) == ("sample 1", 4)
    assert "3 texts: 3 new, 0 changed, 0 withdrawn, 0 kept as edited." in out
    assert "Sample wording, not the AMA descriptor." in out


def test_codes_stand_below_groups_which_are_sections(folder: Path) -> None:
    load(folder)
    code = Code.objects.get(key="33948")
    assert (code.kind, code.display, code.billable) == ("code", "33948", True)
    assert code.medium_descriptor == "Daily management, vein to vein"
    assert code.valid_from == date(2015, 1, 1)
    assert code.parent is not None
    assert (code.parent.kind, code.parent.key) == ("section", "33948-33949")
    assert Code.objects.get(kind="chapter").display == "Surgery"


def test_a_deleted_code_names_its_successor(folder: Path) -> None:
    load(folder)
    deleted = Code.objects.get(key="33960")
    assert (deleted.billable, deleted.valid_to) == (False, date(2014, 12, 31))
    assert deleted.successions.get().successor.key == "33948"


def test_texts_are_published_with_their_history(folder: Path) -> None:
    load(folder)
    guidelines = text("guidelines")
    assert guidelines.status == "published"
    assert guidelines.html == "<h3>Rule</h3>\n<p>Once a day.</p>"
    assert guidelines.reviewed_on == date(2026, 1, 1)
    assert guidelines.published_at is not None
    assert guidelines.release == Release.objects.get()
    assert guidelines.author is None
    revision = guidelines.revisions.get()
    assert (revision.markdown, revision.status) == ("# Rule\n\nOnce a day.", "published")


def test_the_same_files_again_do_nothing(folder: Path) -> None:
    load(folder)
    before = counts()
    assert load(folder) == "Sample 1: loaded already. Nothing to do.\n"
    assert counts() == before


def test_changed_files_change_only_what_they_change(folder: Path) -> None:
    load(folder)
    revision = Code.objects.get(key="33948").revision
    change(folder, "Once a day.", "Once for each day.")
    change(folder, "Sample 1", "Sample 2", file="system.toml")
    out = load(folder)
    assert "4 entries: 0 new, 0 changed, 0 gone." in out
    assert "3 texts: 0 new, 1 changed, 0 withdrawn, 0 kept as edited." in out
    assert text("guidelines").html == "<h3>Rule</h3>\n<p>Once for each day.</p>"
    assert text("guidelines").revisions.count() == 2
    assert text("plain").revisions.count() == 1
    assert text("plain").release is not None
    assert {found.release.label for found in AuthoredText.objects.all() if found.release} == {
        "Sample 2"
    }
    assert Code.objects.get(key="33948").revision == revision + 1
    assert Code.objects.get(key="33960").revision == 1


def test_a_text_that_an_editor_changed_is_kept_and_named(folder: Path) -> None:
    load(folder)
    AuthoredText.objects.filter(kind="guidelines").update(
        markdown="Edited", html="<p>Edited</p>", author=factories.staff()
    )
    change(folder, "Once a day.", "Once for each day.")
    change(folder, "**Each day**", "**Every day**")
    out = load(folder)
    assert "3 texts: 0 new, 1 changed, 0 withdrawn, 1 kept as edited." in out
    assert "  kept: Coding Guidelines of 33948" in out
    assert text("guidelines").html == "<p>Edited</p>"
    assert text("plain").markdown == "**Every day** of support."


def test_a_text_that_the_files_no_longer_hold_is_withdrawn(folder: Path) -> None:
    load(folder)
    change(folder, 'plain = "**Each day** of support."\n', "")
    out = load(folder)
    assert "2 texts: 0 new, 0 changed, 1 withdrawn, 0 kept as edited." in out
    withdrawn = text("plain")
    assert (withdrawn.html, withdrawn.published_at, withdrawn.status) == ("", None, "draft")
    assert withdrawn.revisions.count() == 2
    assert AuthoredText.objects.published().count() == 2


def test_texts_written_in_the_admin_are_not_withdrawn(folder: Path) -> None:
    load(folder)
    own = factories.published_text(Code.objects.get(key="33960"))
    change(folder, "Once a day.", "Once for each day.")
    load(folder)
    own.refresh_from_db()
    assert own.html == "<p>Text</p>"
    assert own.release is None


def test_it_gives_way_to_a_licensed_release(folder: Path) -> None:
    licensed = factories.release(label="2026", source_name="CPT data files")
    before = counts()
    with pytest.raises(
        CommandError, match=r"^CPT data files, 2026 is loaded. Sample content gives way to it"
    ):
        load(folder)
    assert counts() == before
    assert Release.objects.get() == licensed


@pytest.mark.parametrize(
    ("file", "old", "new", "message"),
    [
        ("system.toml", "[release]", "[version]", r"^system.toml: has no \[release\]\."),
        ("system.toml", "notice", "note", r"^system.toml: \[release\] has no notice\."),
        ("ecmo.toml", "[[entry]]", "[[entry", r"^ecmo.toml: is no TOML: "),
        ("ecmo.toml", "[[entry]]", "[entry]", r"^ecmo.toml: is no TOML: "),
        ("ecmo.toml", 'short = "Surgery"\n', "", r"ecmo.toml:2: surgery has no short\."),
        ("ecmo.toml", "plain =", "plane =", r"ecmo.toml:2: surgery has a field “plane”, which"),
        (
            "ecmo.toml",
            "billable = true",
            "billable = 1",
            r"33948: billable is not of the type bool",
        ),
        ("ecmo.toml", 'parent_kind = "chapter"\n', "", r"33948-33949 needs both parent and parent"),
        ("ecmo.toml", "guidelines =", "guide =", r"33948: sections.guide is none of the six"),
        ("ecmo.toml", '"**Each day** of support."', '"[x]: /y"', r"33948: plain is empty\."),
        ("ecmo.toml", '["33948"]', '["33949"]', r"33960: is replaced by 33949, which is no other"),
        ("ecmo.toml", 'key = "33960"', 'key = "33948"', r"33948: stands twice\."),
        ("ecmo.toml", '"Former code"', '"Former\\u0000"', r"The database refused the edition: "),
    ],
)
def test_wrong_files_are_refused_and_change_nothing(
    folder: Path, file: str, old: str, new: str, message: str
) -> None:
    load(folder)
    before = counts()
    change(folder, old, new, file=file)
    with pytest.raises(CommandError, match=message):
        load(folder)
    assert counts() == before


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match=r"holds no sample content \(\*\.toml\)\."):
        load(tmp_path)


def test_files_without_an_entry_are_refused(folder: Path) -> None:
    (folder / "ecmo.toml").write_text("# nothing yet")
    with pytest.raises(CommandError, match=r"holds no \[\[entry\]\]\."):
        load(folder)


def test_a_failure_among_the_texts_takes_back_the_codes(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    load(folder)
    before = counts()
    change(folder, "Daily management of", "Every day management of")
    change(folder, "Once a day.", "Once for each day.")

    def fail(*args: object) -> None:
        raise RuntimeError("no")

    monkeypatch.setattr(edition_texts, "_revision", fail)
    with pytest.raises(RuntimeError):
        load(folder)
    assert counts() == before
    assert not Code.objects.filter(long_descriptor__startswith="Every day").exists()


def test_the_number_of_statements_does_not_grow_with_the_texts(folder: Path) -> None:
    with CaptureQueriesContext(connection) as few:
        load(folder)
    entry = ENTRIES.split("[[entry]]")[3]
    copies = [entry.replace('key = "33948"', f'key = "{number}"') for number in range(50000, 50020)]
    (folder / "more.toml").write_text("".join(f"[[entry]]{copy}" for copy in copies))
    with CaptureQueriesContext(connection) as many:
        out = load(folder)
    assert "43 texts: 40 new, 0 changed" in out
    assert len(many) <= len(few) + 1


def test_the_project_s_own_sample_content_is_loaded() -> None:
    folder = Path(settings.BASE_DIR, "fixtures", "cpt")
    load(folder)
    assert Code.objects.with_page().count() >= 30
    assert AuthoredText.objects.published().filter(kind="plain").count() >= 30
    complete = [
        code
        for code in Code.objects.with_page().prefetch_related("texts")
        if len(code.texts.all()) == 7
    ]
    assert len(complete) >= 10
