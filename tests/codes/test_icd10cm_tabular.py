"""The parser of the ICD-10-CM tabular list, on tiny editions, hostile files and the real one."""

import gzip
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.importers import files, icd10cm_tabular, icd10cm_xml
from codes.importers.icd10cm_tabular import read_edition, read_list
from codes.importers.icd10cm_xml import read_tabular
from codes.importers.rows import CodeRow, Edition, FileRefused, Problem, check, cut
from codes.lookup import dotted

DATA = Path(__file__).parent.parent / "data" / "icd10cm"
OFFICIAL = Path(__file__).parents[3] / "shared/data/icd10cm/icd10cm_codes_2026.txt.gz"

KEYS = st.from_regex(r"[A-Z][0-9A-Z]{2,5}", fullmatch=True)
CHARACTERS = st.from_regex(r"[0-9A-Z]", fullmatch=True)


def edition_files(number: int) -> tuple[Path, Path]:
    return icd10cm_tabular.pair(sorted((DATA / str(number)).iterdir()))


@pytest.fixture(scope="module")
def rows() -> dict[tuple[str, str], CodeRow]:
    edition = read_edition(*edition_files(1))
    assert edition.problems == []
    assert check(edition.rows) == []
    return {row.ref: row for row in edition.rows}


@pytest.fixture(scope="module")
def real() -> Edition:
    edition = read_edition(*icd10cm_tabular.packaged_files())
    assert edition.problems == []
    return edition


def test_names_the_edition() -> None:
    edition = read_edition(*edition_files(1))
    assert (edition.label, edition.effective_date) == ("October 2025", date(2025, 10, 1))
    assert edition.file_name == "icd10cm-tabular-October-1-2025.xml, code-list-October-2025.txt"
    assert edition.importer == "icd10cm_tabular 1"
    assert edition.system.slug == "icd-10-cm"


def test_rows_stand_in_the_order_of_the_official_list() -> None:
    tabular, listing = edition_files(1)
    edition = read_edition(tabular, listing)
    listed = files.text_of(listing, limit=1 << 20).split()
    assert [row.key for row in edition.rows] == listed


def test_chapters_and_sections(rows: dict[tuple[str, str], CodeRow]) -> None:
    chapter = rows["chapter", "1"]
    assert chapter.display == "Chapter 1"
    assert chapter.long == "Certain infectious and parasitic diseases (A00-B99)"
    assert chapter.notes == (
        ("includes", "diseases generally recognized as communicable or transmissible"),
        ("use_additional", "code to identify resistance to antimicrobial drugs (Z16.-)"),
    )
    section = rows["section", "A00-A09"]
    assert (section.display, section.long) == ("A00-A09", "Intestinal infectious diseases")
    assert section.parent == ("chapter", "1")
    assert section.inclusion_terms == ()
    assert section.notes == (("note", "An instruction that the file calls an inclusion term"),)


def test_notes_keep_their_kind_and_order(rows: dict[tuple[str, str], CodeRow]) -> None:
    assert rows["category", "A00"].notes == (
        ("note", "First note"),
        ("note", "Second note"),
        ("excludes1", "first excluded"),
        ("excludes2", "second excluded, over two lines"),
        ("code_first", "underlying condition"),
        ("code_also", "accompanying condition"),
    )


def test_codes_and_what_is_billable(rows: dict[tuple[str, str], CodeRow]) -> None:
    code = rows["code", "A000"]
    assert (code.display, code.parent, code.billable) == ("A00.0", ("category", "A00"), True)
    assert code.inclusion_terms == ("Classical cholera",)
    assert not rows["category", "A00"].billable
    assert rows["category", "A09"].billable
    assert rows["category", "B20"].parent == ("section", "B20")
    assert rows["category", "B20"].billable
    assert not rows["section", "B20"].billable


def test_table_of_visual_impairment_is_said_in_sentences(
    rows: dict[tuple[str, str], CodeRow],
) -> None:
    assert rows["category", "H54"].notes == (
        (
            "note",
            "Category 1 of visual impairment: visual acuity with best possible correction less "
            "than 6/18; 3/10 (0.3), and equal to or better than 6/60; 1/10 (0.1).",
        ),
        (
            "note",
            "Category 4 of visual impairment: visual acuity with best possible correction less "
            "than 1/60; 1/50 (0.02).",
        ),
        ("note", "Category 5 of visual impairment: No light perception."),
    )


def test_seventh_characters_are_padded_and_take_the_nearest_meaning(
    rows: dict[tuple[str, str], CodeRow],
) -> None:
    code = rows["code", "S52011A"]
    assert (code.display, code.parent) == ("S52.011A", ("code", "S52011"))
    expected = "Torus fracture of upper end of right ulna, initial encounter for closed fracture"
    assert code.long == code.short == expected
    assert code.billable
    assert ("code", "S52011B") not in rows
    assert rows["code", "S520X1B"].long == (
        "An entry below a placeholder, initial encounter for open fracture type I or II"
    )
    assert rows["code", "T07XXXA"].parent == ("category", "T07")
    assert not rows["code", "S52011"].billable


def test_notes_among_the_seventh_characters(rows: dict[tuple[str, str], CodeRow]) -> None:
    assert rows["category", "S52"].notes[-1] == (
        "seventh_character",
        "B (initial encounter for open fracture type I or II) also means: "
        "initial encounter for open fracture NOS",
    )
    assert rows["category", "W08"].inclusion_terms == ("Fall from stool",)
    assert rows["category", "W08"].notes == ()


@given(KEYS, CHARACTERS)
def test_a_padded_key_has_seven_characters_and_keeps_its_own(key: str, character: str) -> None:
    padded = icd10cm_tabular.seventh_key(key, character)
    assert len(padded) == 7
    assert padded.startswith(key)
    assert padded.endswith(character)
    assert set(padded[len(key) : 6]) <= {"X"}
    assert dotted(padded).replace(".", "") == padded
    assert dotted(padded)[3] == "."


@given(KEYS, CHARACTERS, CHARACTERS)
def test_padding_tells_characters_apart(key: str, one: str, other: str) -> None:
    same = icd10cm_tabular.seventh_key(key, one) == icd10cm_tabular.seventh_key(key, other)
    assert same == (one == other)


@given(st.text(), st.integers(min_value=2, max_value=60))
def test_cut_never_passes_its_limit(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= limit
    assert cut(text, limit) == text or cut(text, limit).endswith("…")


def test_cut_ends_at_a_word() -> None:
    assert cut("Fracture of forearm", 15) == "Fracture of…"
    assert cut("Fracture of forearm", 19) == "Fracture of forearm"


def tabular(body: str) -> list[bytes]:
    return [f"<ICD10CM.tabular>{body}</ICD10CM.tabular>".encode()]


BOMB = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><ICD10CM.tabular/>'


@pytest.mark.parametrize(
    ("pieces", "line", "message"),
    [
        ([BOMB], 1, "has a document type declaration, which the tabular list has not."),
        (
            [b'<!DOCTYPE x SYSTEM "file:///etc/passwd"><x/>'],
            1,
            "has a document type declaration, which the tabular list has not.",
        ),
        ([b"<html></html>"], 1, "begins with <html>: this is not the ICD-10-CM tabular list."),
        ([], 1, "is not well-formed XML (no element found); is it complete?"),
        (
            [b"<ICD10CM.tabular>\n<chapter>"],
            2,
            "is not well-formed XML (no element found); is it complete?",
        ),
        (
            tabular("\n\0"),
            2,
            "is not well-formed XML (not well-formed (invalid token)); is it complete?",
        ),
        (tabular("&lol;"), 1, "is not well-formed XML (undefined entity); is it complete?"),
        (tabular("<surprise/>"), 1, "<surprise> is not an element that this program knows."),
        (tabular("<diag>" * 30), 1, "elements are nested more than 24 deep."),
        (tabular("<introduction>" * 30), 1, "elements are nested more than 24 deep."),
        (
            tabular(f"<chapter><name>{'9' * 20_001}</name></chapter>"),
            1,
            "a text is longer than 20,000 characters.",
        ),
    ],
)
def test_hostile_or_wrong_xml_is_refused(pieces: list[bytes], line: int, message: str) -> None:
    with pytest.raises(FileRefused) as refused:
        read_tabular(pieces, file="x.xml")
    assert refused.value.problem == Problem("x.xml", line, message)
    assert str(refused.value) == f"x.xml:{line}: {message}"


def test_too_many_entries_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icd10cm_xml, "MAX_NODES", 3)
    with pytest.raises(FileRefused, match="holds more than 3 entries"):
        read_tabular(tabular("<chapter></chapter>" * 4), file="x.xml")


def test_a_list_that_is_none_is_refused() -> None:
    with pytest.raises(FileRefused, match=r"list.txt:2: “<html>” is no ICD-10-CM code"):
        read_list("A00\n<html>\n", file="list.txt")


def test_a_file_beyond_its_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    path.write_bytes(b"A" * (2 << 20))
    with pytest.raises(FileRefused, match=r"large.txt: is larger than 1 MB"):
        files.text_of(path, limit=1 << 20)


def test_a_nul_byte_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes(b"A00\nA\x0000\n")
    with pytest.raises(FileRefused, match=r"list.txt:2: holds a NUL byte"):
        files.text_of(path, limit=1 << 20)


def test_a_text_that_is_not_utf8_is_read_as_cp1252(tmp_path: Path) -> None:
    path = tmp_path / "list.txt"
    path.write_bytes("Ménière’s".encode("cp1252"))
    assert files.text_of(path, limit=100) == "Ménière’s"


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match=r"none.xml: cannot be read: No such file or directory"):
        files.is_xml(tmp_path / "none.xml")


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("icd10c-tabular-April-1-2026.xml", date(2026, 4, 1)),
        ("x-Oct-01-2025.xml", date(2025, 10, 1)),
        ("x-Smarch-1-2026.xml", None),
        ("x-April-31-2026.xml", None),
        ("icd10cm_tabular_2026.xml", None),
    ],
)
def test_the_day_in_a_file_name(name: str, expected: date | None) -> None:
    assert files.date_in_name(name) == expected


def test_the_packaged_edition_is_found_without_its_code() -> None:
    tabular_file, listing = icd10cm_tabular.packaged_files()
    assert (tabular_file.suffix, listing.suffix) == (".xml", ".txt")


def test_a_missing_package_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(icd10cm_tabular, "find_spec", lambda name: None)
    with pytest.raises(FileRefused, match="the packaged ICD-10-CM edition is not installed"):
        icd10cm_tabular.packaged_files()


def test_the_real_edition_is_whole(real: Edition) -> None:
    assert check(real.rows) == []
    kinds = [row.kind for row in real.rows]
    assert [kinds.count(kind) for kind in ("chapter", "section", "category")] == [22, 297, 1918]
    assert (real.label, real.effective_date) == ("April 2026", date(2026, 4, 1))
    assert sum(row.billable for row in real.rows) == 74_719
    by_key = {row.display: row for row in real.rows if row.kind in ("category", "code")}
    assert by_key["J96.01"].long == "Acute respiratory failure with hypoxia"
    assert by_key["S72.001A"].long == (
        "Fracture of unspecified part of neck of right femur, initial encounter for closed fracture"
    )


@pytest.mark.skipif(not OFFICIAL.exists(), reason=f"{OFFICIAL.name} is not on this machine")
def test_billable_codes_equal_the_official_list(real: Edition) -> None:
    official = gzip.decompress(OFFICIAL.read_bytes()).decode().split()
    assert sorted(row.key for row in real.rows if row.billable) == sorted(official)
