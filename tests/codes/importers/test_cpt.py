"""The parser of CPT deliveries, on invented ones: no text of the AMA is in this repository."""

import html
import io
import re
import zipfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.importers import cpt, cpt_chapters, cpt_files
from codes.importers.cpt import LicensedEdition
from codes.importers.cpt_files import Wording
from codes.importers.hcpcs import ModifierRow
from codes.importers.opening import open_sources
from codes.importers.rows import CodeRow, FactEdition, FileRefused, Problem, RowsRefused, check
from codes.importers.source import Options, SourceFile
from codes.markup import render
from tests.codes.importers.fact_tools import DATA, source_of

NOTICE = "Invented data, CPT 2026 layout. No text of the American Medical Association.\n\n"
SHORT = NOTICE + "99290 INVENTED VISIT A\n"
MEDIUM = NOTICE + "99290 INVENTED VISIT OF THE KIND A, MEDIUM\n"
LONG = NOTICE + "99290\tInvented visit of the kind A\n"
CONSUMER = "Concept Id\tCPT Code\tConsumer Friendly Descriptor\n"
DELETED = "Concept Id\tCode\tDate Deleted\tLevel\tDescriptor\tInstruction\n"
NOTHING = Options()


def delivery(number: int) -> list[SourceFile]:
    paths = [path for path in sorted((DATA / "cpt" / str(number)).rglob("*")) if path.is_file()]
    return open_sources(paths)


def files(**changed: str) -> list[SourceFile]:
    """Return a smallest delivery; ``changed`` files instead of the plain ones."""
    plain = {"SHORTU": SHORT, "MEDU": MEDIUM, "LONGULT": LONG}
    return [source_of(text, f"{name}.txt") for name, text in (plain | changed).items() if text]


def read(
    sources: Sequence[SourceFile], options: Options = NOTHING
) -> tuple[LicensedEdition, list[FactEdition]]:
    edition, *facts = cpt.FORMAT.read(sources, options)
    assert isinstance(edition, LicensedEdition)
    assert check(edition.rows) == []
    return edition, [each for each in facts if isinstance(each, FactEdition)]


def codes(sources: Sequence[SourceFile]) -> dict[str, CodeRow]:
    return {row.key: row for row in read(sources)[0].rows if row.kind == "code"}


def problems(sources: Sequence[SourceFile]) -> list[str]:
    with pytest.raises(RowsRefused) as refused:
        cpt.FORMAT.read(sources, NOTHING)
    return [str(problem) for problem in refused.value.problems]


def refusal(sources: Sequence[SourceFile], options: Options = NOTHING) -> str:
    with pytest.raises(FileRefused) as refused:
        cpt.FORMAT.read(sources, options)
    return str(refused.value)


def test_every_file_is_known_by_its_content() -> None:
    roles = {Path(source.name).stem: cpt_files.role_of(source) for source in delivery(1)}
    assert roles == {
        "SHORTU": "fixed",
        "MEDU": "fixed",
        "LONGULT": "long-tab",
        "LONGUT": "long-tab",
        "MODUL": "modifiers",
        "ConsumerDescriptor": "consumer",
        "ClinicianDescriptor": "clinician",
        "History_DTK_tab": "history",
        "Deleted_DTK_tab": "deleted",
        "HistoryModifiers_DTK_tab": "modifier-history",
    }
    assert all(map(cpt.FORMAT.recognise, delivery(1)))


def test_the_first_delivery() -> None:
    edition, _ = read(delivery(1))
    assert (edition.system.slug, edition.is_sample) == ("cpt", False)
    assert (edition.label, edition.effective_date) == ("2026", date(2026, 1, 1))
    assert [(row.kind, row.key, row.parent) for row in edition.rows] == [
        ("chapter", "99202-99499", None),
        ("code", "99290", ("chapter", "99202-99499")),
        ("chapter", "00100-01999", None),
        ("code", "00990", ("chapter", "00100-01999")),
        ("chapter", "10004-69990", None),
        ("code", "10980", ("chapter", "10004-69990")),
        ("code", "10990", ("chapter", "10004-69990")),
        ("chapter", "T", None),
        ("code", "0999T", ("chapter", "T")),
        ("chapter", "U", None),
        ("code", "0999U", ("chapter", "U")),
    ]


def test_the_wording_of_the_first_delivery() -> None:
    rows = codes(delivery(1))
    visit = rows["99290"]
    assert (visit.short, visit.medium) == ("INVENTED VISIT A", "INVENTED VISIT OF THE KIND A")
    assert visit.long == "Invented visit of the kind A, 40 minutes"
    assert visit.inclusion_terms == ("Invented encounter A1", "Invented encounter A2")
    assert (visit.billable, visit.valid_from) == (True, None)
    assert rows["00990"].long.endswith("café")
    assert rows["10990"].short == "INVENTED OPERATION C 28 CHAR"
    assert rows["10990"].medium == "INVENTED OPERATION C OF FORTY-EIGHT CHARACTERS 4"
    assert rows["10990"].valid_from == date(2020, 1, 1)


def test_a_deleted_code_ends_on_the_day_before() -> None:
    deleted = codes(delivery(1))["10980"]
    assert (deleted.billable, deleted.valid_to) == (False, date(2024, 12, 31))
    assert deleted.long == "Invented former operation"


def test_consumer_descriptors_are_texts_that_show_as_they_are() -> None:
    edition, _ = read(delivery(1))
    assert [(text.ref, text.kind, text.html) for text in edition.texts] == [
        (("code", "99290"), "plain", "<p>Talking about *invented* things &amp; more</p>"),
        (("code", "10990"), "plain", "<p>1. Invented repair</p>"),
    ]


def test_modifiers_are_an_edition_of_their_own() -> None:
    _, (edition,) = read(delivery(1))
    assert (edition.source, edition.label) == ("cpt-modifiers", "2026")
    rows = [row for row in edition.tables["Modifier"] if isinstance(row, ModifierRow)]
    assert [(row.modifier, row.short_descriptor) for row in rows] == [
        ("91", "Invented Modifier One"),
        ("92", "Invented Modifier Two"),
        ("P1", "An invented state of the invented patient"),
        ("9P", "Invented Exclusion Modifier"),
    ]
    assert rows[0].long_descriptor == (
        "Invented Modifier One: When an invented service is invented once more, on two lines."
    )


def test_the_second_delivery() -> None:
    edition, facts = read(delivery(2))
    rows = codes(delivery(2))
    assert (edition.label, facts) == ("2027", [])
    assert sorted(rows) == ["00990", "0999T", "10990", "70990", "99290"]
    assert rows["99290"].long.endswith("45 minutes")
    assert rows["10990"].long == codes(delivery(1))["10990"].long


def test_a_zip_of_the_whole_folder_is_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "delivery.zip", "w") as archive:
        for path in (DATA / "cpt" / "1").rglob("*.txt"):
            archive.write(path, path.relative_to(DATA / "cpt"))
    sources = open_sources([tmp_path / "delivery.zip"])
    assert codes(sources).keys() == codes(delivery(1)).keys()


def test_day_and_label_may_be_stated() -> None:
    edition, _ = read(files(), Options(effective_date=date(2026, 7, 1)))
    assert (edition.label, edition.effective_date) == ("2026, July", date(2026, 7, 1))
    edition, _ = read(files(), Options(label="Second half"))
    assert edition.label == "Second half"
    undated = [
        source_of(text.replace("2026", ""), name)
        for name, text in (("a.txt", SHORT), ("b.txt", MEDIUM), ("c.txt", LONG))
    ]
    assert "--effective-date" in refusal(undated)


def test_a_delivery_must_be_whole() -> None:
    assert "expected the short and the medium descriptors, found 1 of them" in refusal(
        files(MEDU="")
    )
    assert "found neither" in refusal(files(SHORTU="", MEDU=""))
    assert "expected the long descriptors" in refusal(files(LONGULT=""))
    twice = [source_of(CONSUMER, name) for name in ("one.txt", "two.txt")]
    assert "two.txt: is the same kind of file as one.txt" in refusal([*files(), *twice])


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("SHORTU", SHORT + "9929 CUT\n", "SHORTU.txt:4: “9929 CUT” is no row; expected a code"),
        ("SHORTU", SHORT + "99290 AGAIN\n", "99290 stands already on line 3"),
        ("SHORTU", SHORT + "99291 MORE\n", "lacks 99291, which another file has"),
        ("LONGULT", LONG + "99291 no tab\n", "LONGULT.txt:4: “99291 no tab” is no row"),
        ("CONSUMER", CONSUMER + "1\t9929\tx\n", "“9929” is no CPT code; expected such as 99999"),
        ("CONSUMER", CONSUMER + "1\t99290\n", "has 2 of 3 columns; is the file complete?"),
        ("DELETED", DELETED + "1\t10990\t20251301\t\tx\t\n", "“20251301” is no date of a change"),
    ],
)
def test_each_problem_names_its_place(name: str, text: str, message: str) -> None:
    found = problems(files(**{name: text}))
    assert any(message in problem for problem in found), found


def test_a_file_cut_in_the_middle_is_noticed() -> None:
    more = "".join(f"{number} INVENTED {number}\n" for number in range(10000, 10009))
    short, medium = NOTICE + more, NOTICE + more.replace("INVENTED", "INVENTED BUT MEDIUM")
    long = NOTICE + "".join(f"{number}\tInvented {number}\n" for number in range(10000, 10009))
    found = problems(files(SHORTU=short, MEDU=medium, LONGULT=long[:-60]))
    assert any("LONGULT.txt: lacks 10008" in problem for problem in found)


def test_pieces_out_of_order_are_noticed() -> None:
    long = NOTICE + "9929002 Invented visit\n9929001 of the kind A\n"
    (found,) = problems(files(LONGULT=long))
    assert "99290: sequence 01 does not follow 02" in found


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0\1\2",
        b"%PDF-1.7",
        b"99290 No notice above\n",
        b"Copyright American Medical Association\n\nNothing that looks like data\n",
        b"Copyright American Medical Association\n\n00100\t0213T\t \t20020101\t*\t0\tx\n",
        b"\xff\xfe" + "99290 X".encode("utf-16-le"),
        b"x" * (1 << 20),
    ],
)
def test_other_files_are_not_known(content: bytes) -> None:
    assert not cpt.FORMAT.recognise(source_of(content))


def test_hostile_files_are_refused() -> None:
    assert "NUL byte" in refusal(files(LONGULT=LONG + "99291\t\0\n"))
    assert "64 KB" in refusal(files(LONGULT=LONG + "99291\t" + "x" * (1 << 17) + "\n"))


def test_chapters_hold_every_shape_of_code() -> None:
    found = {
        code: cpt_chapters.chapter_of(code).key for code in ("99213", "99605", "80050", "0001A")
    }
    assert found == {
        "99213": "99202-99499",
        "99605": "90281-99607",
        "80050": "80047-89398",
        "0001A": "other",
    }
    assert all(chapter.title for chapter in cpt_chapters.CHAPTERS)


# Properties: what is written in a fixed-width layout is read as it was.

LETTERS = "".join(map(chr, range(33, 127))) + "éñ®–"
WORDS = st.text(LETTERS, min_size=1, max_size=12)


def texts(longest: int) -> st.SearchStrategy[str]:
    joined = st.lists(WORDS, min_size=1, max_size=30).map(" ".join)
    return joined.map(lambda text: text[:longest].strip())


def by_code(longest: int) -> st.SearchStrategy[dict[str, str]]:
    numbers = st.from_regex(r"[0-9]{4}[0-9A-Z]", fullmatch=True)
    return st.dictionaries(numbers, texts(longest), min_size=1, max_size=8)


def in_file(lines: list[str], *, is_padded: bool, newline: str) -> SourceFile:
    written = [line if is_padded else line.rstrip() for line in lines]
    text = NOTICE + "\n".join(written) + "\n"
    return SourceFile("f.txt", lambda: io.BytesIO(text.replace("\n", newline).encode()))


def wordings(rows: object) -> dict[str, str]:
    assert isinstance(rows, list)
    assert not [row for row in rows if isinstance(row, Problem)]
    return {row.code: row.text for row in rows if isinstance(row, Wording)}


NEWLINES = st.sampled_from(["\n", "\r\n"])


@given(by_code(28), st.booleans(), NEWLINES)
def test_short_descriptors_are_read_as_written(
    held: dict[str, str], is_padded: bool, newline: str
) -> None:
    lines = [f"{code} {text:<28}" for code, text in held.items()]
    source = in_file(lines, is_padded=is_padded, newline=newline)
    assert wordings(list(cpt_files.fixed(source, cpt_files.SHORT_END))) == held


@given(by_code(48), st.booleans(), NEWLINES)
def test_medium_descriptors_are_read_as_written(
    held: dict[str, str], is_padded: bool, newline: str
) -> None:
    lines = [f"{code} {text:<48}" for code, text in held.items()]
    source = in_file(lines, is_padded=is_padded, newline=newline)
    assert wordings(list(cpt_files.fixed(source, cpt_files.MEDIUM_END))) == held


def pieces(text: str) -> list[str]:
    """Return a text in lines of at most 72 characters, broken between words."""
    lines = [""]
    for word in text.split():
        joined = f"{lines[-1]} {word}".strip()
        if len(joined) > 72:
            lines.append(word)
        else:
            lines[-1] = joined
    return lines


@given(by_code(400), st.booleans(), NEWLINES)
def test_long_descriptors_are_read_as_written(
    held: dict[str, str], is_padded: bool, newline: str
) -> None:
    lines = [
        f"{code}{number:02} {piece:<72}"
        for code, text in held.items()
        for number, piece in enumerate(pieces(text), start=1)
    ]
    source = in_file(lines, is_padded=is_padded, newline=newline)
    assert wordings(list(cpt_files.long_fixed(source))) == held


@given(texts(200))
def test_a_plain_text_stays_what_it_is_in_markdown(text: str) -> None:
    shown = html.unescape(re.sub(r"</?p>\n?", "", render(cpt.as_markdown(text))))
    assert shown == text
