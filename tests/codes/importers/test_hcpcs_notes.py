"""The parser of HCPCS processing notes, on tiny files, wrong ones and the real one."""

import io
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.importers import formats, hcpcs_notes
from codes.importers.fact_rows import ProcessingNoteRow
from codes.importers.opening import open_sources
from codes.importers.rows import FactEdition, FileRefused, Problem
from codes.importers.source import Options, SourceFile

DATA = Path(__file__).parents[2] / "data" / "hcpcs_notes"
REAL = Path(__file__).parents[4] / "shared" / "data" / "hcpcs" / "2020-Alpha-Numeric-HCPCS-File.zip"
HEADING = "PROCESSING NOTES\n\n"


def of(text: str, name: str = "proc_notes_2026.txt") -> SourceFile:
    return SourceFile(name, lambda: io.BytesIO(text.encode()))


def read(source: SourceFile, options: Options | None = None) -> FactEdition:
    files = formats.matching(hcpcs_notes.FORMAT, [source])
    (edition,) = hcpcs_notes.read(files, options or Options())
    return edition


def rows_of(edition: FactEdition) -> list[ProcessingNoteRow]:
    rows = []
    for row in edition.tables["ProcessingNote"]:
        assert isinstance(row, ProcessingNoteRow), row
        rows.append(row)
    return rows


def problems_of(text: str) -> list[str]:
    rows = read(of(HEADING + text)).tables["ProcessingNote"]
    return [str(row) for row in rows if isinstance(row, Problem)]


def test_the_first_edition() -> None:
    (source,) = open_sources([DATA / "1" / "proc_notes_2026.txt"])
    edition = read(source)
    assert (edition.source, edition.label) == ("hcpcs-notes", "January 2026")
    assert rows_of(edition) == [
        ProcessingNoteRow(4, "0001", "THIS PROCESSING NOTE DELETED 1/1/97."),
        ProcessingNoteRow(
            6, "0002", "A NOTE OF TWO LINES (G0101 - SEC 4102; G0104, G0105 - SEC 4104)."
        ),
        ProcessingNoteRow(9, "0003", "A NOTE AFTER A TAB, ITS FRAME AFTER TABS."),
        ProcessingNoteRow(11, "0004", "A NOTE WITHOUT A FRAME."),
    ]


def test_the_second_edition() -> None:
    (source,) = open_sources([DATA / "2" / "PROC NOTES APR 2026.txt"])
    edition = read(source)
    assert edition.effective_date == date(2026, 4, 1)
    rows = rows_of(edition)
    assert [row.number for row in rows] == ["0002", "0003", "0004", "0005"]
    assert rows[-1].text == "A NEW NOTE WITH 5 * 3 IN ITS TEXT."


def test_a_name_without_a_year_needs_a_day() -> None:
    with pytest.raises(FileRefused, match="give it with --effective-date"):
        read(of(f"{HEADING}0001--A NOTE.\n", "notes.txt"))
    day = Options(effective_date=date(2025, 7, 1))
    assert read(of(f"{HEADING}0001--A NOTE.\n", "notes.txt"), day).label == "July 2025"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0001--\n0002--A\n", "proc_notes_2026.txt:3: 0001 has no text; is the file complete?"),
        ("0001--A\n0001--B\n", "proc_notes_2026.txt:4: 0001 stands already on line 3."),
        (f"0001--{'A' * 4001}\n", "is longer than 4,000 characters."),
    ],
)
def test_what_is_wrong_is_told_with_its_line(text: str, message: str) -> None:
    (problem,) = problems_of(text)
    assert message in problem


def test_a_text_without_notes_is_not_taken_for_them() -> None:
    for text in ("0001--A NOTE.\n", f"{HEADING}Dear all,\n", "PROCESSING NOTES: 0001--A\n"):
        with pytest.raises(FileRefused, match="is not what hcpcs-notes reads"):
            read(of(text))


def test_two_files_are_refused() -> None:
    files = [of(f"{HEADING}0001--A NOTE.\n", name) for name in ("a_2025.txt", "b_2026.txt")]
    with pytest.raises(FileRefused, match="expected one file of processing notes, not 2"):
        hcpcs_notes.read(files, Options())


WORDS = st.text(alphabet="ABC,.()19", min_size=1, max_size=12)
NOTES = st.lists(
    st.tuples(st.integers(0, 9999), st.lists(WORDS, min_size=1, max_size=30)),
    min_size=1,
    max_size=6,
    unique_by=lambda note: note[0],
)


def written(note: tuple[int, list[str]], width: int, frame: str) -> list[str]:
    number, texts = note
    lines = [" ".join(texts[at : at + width]) for at in range(0, len(texts), width)]
    return [f"{'      ' if at else f'{number:04}--'}{line}{frame}" for at, line in enumerate(lines)]


@given(NOTES, st.integers(1, 9), st.sampled_from(["", "   *", "\t\t*\t"]))
def test_what_is_written_is_read(
    notes: list[tuple[int, list[str]]], width: int, frame: str
) -> None:
    lines = [line for note in notes for line in [*written(note, width, frame), frame]]
    rows = rows_of(read(of(HEADING + "\n".join(lines))))
    assert [(int(row.number), row.text.split()) for row in rows] == notes


@pytest.mark.skipif(not REAL.exists(), reason="The real files of shared/data are not here.")
def test_the_real_file() -> None:
    edition = read(next(s for s in open_sources([REAL]) if "proc_notes" in s.name))
    assert edition.effective_date == date(2020, 1, 1)
    texts = {row.number: row.text for row in rows_of(edition)}
    assert len(texts) == 220
    assert texts["0125"] == "NCD MANUAL 280.1."
    assert texts["0064"].endswith("G0120, G0121, G0122 - SEC 4104).")
