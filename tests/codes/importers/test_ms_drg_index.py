"""Which MS-DRGs use a code in their logic: Appendix B and Appendix E of the definitions manual."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from itertools import groupby, product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.importers.fact_rows import DrgLogicRow
from codes.importers.formats import recognised
from codes.importers.ms_drg_index import DIAGNOSES, PROCEDURES
from codes.importers.source import SourceFile
from tests.codes.importers.fact_tools import (
    DATED,
    edition_sources,
    messages_of,
    read_facts,
    refusal_of,
    rows_of,
    source_of,
)

TITLES = {
    "icd-10-cm": "Appendix B Diagnosis Code/MDC/MS-DRG Index\n\n",
    "icd-10-pcs": "Appendix E Operating Room Procedures and Procedure Code/MS-DRG Index\n\n",
}
HEADINGS = {
    "icd-10-cm": "I10 Dx  MDC DRG(s)      ICD-10-CM Description\n",
    "icd-10-pcs": "Code       MDC  MS-DRG  Surgical Category\n",
}
NAME = "MSDRGv41.1ICD10_R0_DefinitionsManual_TEXT_0.zip/appendix_B.txt"


def diagnoses(lines: str, name: str = NAME) -> SourceFile:
    return source_of(TITLES["icd-10-cm"] + HEADINGS["icd-10-cm"] + lines, name)


def procedures(lines: str, name: str = NAME) -> SourceFile:
    return source_of(TITLES["icd-10-pcs"] + HEADINGS["icd-10-pcs"] + lines, name)


def told(rows: Iterable[object]) -> list[tuple[int, str, str, str]]:
    return [
        (row.line, row.code_key, row.mdc, f"{row.first_drg}-{row.last_drg}")
        for row in rows
        if isinstance(row, DrgLogicRow)
    ]


def test_reads_the_index_of_diagnoses() -> None:
    edition = read_facts(DIAGNOSES, edition_sources("ms_drg_diagnoses", 1))
    assert (edition.source, edition.label) == ("ms-drg-diagnoses", "v42.0")
    assert edition.effective_date == date(2024, 10, 1)
    rows = rows_of(edition)
    assert rows[0] == DrgLogicRow(11, "icd-10-cm", "A000", "06", "371", "373")
    assert told(rows) == [
        (11, "A000", "06", "371-373"),
        (12, "A021", "18", "870-872"),
        (13, "A021", "25", "974-976"),
        (14, "B20", "25", "969-970"),
        (14, "B20", "25", "974-976"),
        (16, "I10", "05", "304-305"),
        (20, "J9601", "04", "189-189"),
        (21, "J9601", "15", "793-793"),
        (24, "O6004X0", "14", "805-807"),
        (25, "O6004X0", "14", "817-819"),
        (26, "Z9989", "", "998-998"),
    ]


def test_reads_the_index_of_procedures_up_to_the_combinations() -> None:
    edition = read_facts(PROCEDURES, edition_sources("ms_drg_procedures", 1))
    assert (edition.source, edition.label) == ("ms-drg-procedures", "v42.1")
    assert edition.effective_date == date(2025, 4, 1)
    rows = rows_of(edition)
    assert told(rows) == [
        (10, "0016070", "01", "031-033"),
        (11, "02YA0Z0", "PRE", "001-002"),
        (12, "0JH60DZ", "05", "242-244"),
        (13, "0JH60DZ", "21", "907-909"),
        (14, "0SRC0J9", "08", "461-462"),
        (15, "0SRC0J9", "08", "469-470"),
        (17, "0SRC0J9", "24", "957-959"),
        (18, "5A1522F", "PRE", "003-003"),
    ]
    logic = {row.code_key: row for row in rows if isinstance(row, DrgLogicRow)}
    categories = [row.category for row in rows if isinstance(row, DrgLogicRow)]
    assert categories[5] == "Major hip and knee joint replacement"
    assert (logic["0JH60DZ"].is_operating_room, logic["0JH60DZ"].is_in_cluster) == (True, True)
    assert (logic["5A1522F"].is_operating_room, logic["5A1522F"].is_in_cluster) == (False, False)


def test_reads_tabs_and_codes_that_are_named_again() -> None:
    edition = read_facts(PROCEDURES, edition_sources("ms_drg_procedures", 2))
    assert edition.label == "v43.0"
    assert told(rows_of(edition))[-2:] == [
        (9, "5A1522F", "PRE", "003-003"),
        (10, "5A1522F", "PRE", "004-004"),
    ]


@pytest.mark.parametrize(
    ("name", "label", "day"),
    [
        (NAME, "v41.1", date(2024, 4, 1)),
        ("MSDRGv43.0.zip/appendix_B.txt", "v43.0", date(2025, 10, 1)),
        ("FY2027-version44-fullcode/appendix_B.txt", "v44.0", date(2026, 10, 1)),
        ("msdrgv37_appendix_b.txt", "v37.0", date(2019, 10, 1)),
    ],
)
def test_the_version_says_the_day(name: str, label: str, day: date) -> None:
    edition = read_facts(DIAGNOSES, [diagnoses("I10 05 304-305 Hypertension\n", name)])
    assert (edition.label, edition.effective_date) == (label, day)


@pytest.mark.parametrize("name", ["appendix_B.txt", "MSDRGv38.1.zip/a.txt", "MSDRGv37.2.txt"])
def test_a_version_whose_day_is_not_known_must_be_dated(name: str) -> None:
    """The updates before version 39 did not begin in April."""
    source = diagnoses("I10 05 304-305 Hypertension\n", name)
    assert "give it with --effective-date" in refusal_of(DIAGNOSES, [source])
    assert read_facts(DIAGNOSES, [source], DATED).effective_date == date(2026, 1, 1)


GOOD = "A000    06  371-373     Cholera, sample\n"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("a000    06  371-373     Cholera", "“a000    06  371-373     Cholera”: expected a code"),
        ("ABC     06  371-373     Cholera", "“ABC” is not an ICD-10-CM code without its dot."),
        ("A0      06  371-373     Cholera", "“A0” is not an ICD-10-CM code without its dot."),
        ("A001    06  373-371     Cholera", "“373-371” runs backwards; expected such as 371-373."),
        ("A001    06  371-373", "A001 has no description; is the file complete?"),
        ("A001    06  371-3", "expected a code, its MDC, groups such as 371-373, and a descript"),
        ("A001    6A  371-373     Cholera", "expected a code, its MDC, groups such as 371-373"),
        ("A001", "expected a code, its MDC, groups such as 371-373, and a description. Is the fi"),
        ("        x   371", "“x   371”: expected a code"),
    ],
)
def test_each_problem_says_what_was_expected(line: str, message: str) -> None:
    (problem,) = messages_of(read_facts(DIAGNOSES, [diagnoses(f"{GOOD}{line}\n")]))
    assert problem.startswith("5: ")
    assert message in problem


def test_a_code_that_stands_again_further_below_is_told() -> None:
    other = GOOD.replace("A000", "A001")
    assert messages_of(read_facts(DIAGNOSES, [diagnoses(GOOD + other + GOOD)])) == [
        "6: A000 stands already on line 4."
    ]


def test_a_line_before_the_first_code_is_told() -> None:
    (problem,) = messages_of(read_facts(DIAGNOSES, [diagnoses("        06  371\n")]))
    assert problem == "4: a line without a code stands before the first code."


def test_a_procedure_has_seven_characters_and_a_category_of_some_length() -> None:
    short = procedures("0SRC0J   08   461     Joints\n")
    assert "is not an ICD-10-PCS code of seven" in messages_of(read_facts(PROCEDURES, [short]))[0]
    long = procedures(f"0SRC0J9  08   461     {'x' * 201}\n")
    assert "is longer than 200 characters" in messages_of(read_facts(PROCEDURES, [long]))[0]


def test_prose_between_the_rows_is_passed_over() -> None:
    source = diagnoses(f"{GOOD}Page 2 of 3\n-----\n\nI10     05  304-305     Hypertension\n")
    assert [code for _, code, _, _ in told(rows_of(read_facts(DIAGNOSES, [source])))] == [
        "A000",
        "I10",
    ]


@pytest.mark.parametrize("lines", ["", "W000XXA                 Fall on ice\n"])
def test_a_file_without_groups_is_refused(lines: str) -> None:
    assert "holds no codes below its heading" in refusal_of(DIAGNOSES, [diagnoses(lines)])


def test_a_heading_too_far_below_is_none() -> None:
    source = source_of(TITLES["icd-10-cm"] + "\n" * 50 + HEADINGS["icd-10-cm"] + GOOD, NAME)
    assert not DIAGNOSES.recognise(source)
    assert "has no heading" in refusal_of(DIAGNOSES, [source])


def test_two_files_are_refused() -> None:
    assert "expected one file" in refusal_of(DIAGNOSES, [diagnoses(GOOD), diagnoses(GOOD)])


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\0",
        TITLES["icd-10-cm"].encode(),
        HEADINGS["icd-10-cm"].encode(),
        b"Diagnosis Code/MDC/MS-DRG Index\nProcedure Code/MS-DRG Index\nthe MDC and the MS-DRGs\n",
    ],
)
def test_other_files_are_not_recognised(content: bytes) -> None:
    assert not DIAGNOSES.recognise(source_of(content))
    assert not PROCEDURES.recognise(source_of(content))


def test_the_members_of_the_manual_are_told_apart() -> None:
    contents = source_of("".join(TITLES.values()), "manual.zip/contents.txt")
    found = recognised([contents, procedures(""), diagnoses(""), source_of("MDC 01", "mdc_01.txt")])
    assert {format_.name: len(files) for format_, files in found} == {
        "ms-drg-diagnoses": 1,
        "ms-drg-procedures": 1,
    }


# --- Properties ----------------------------------------------------------------------------------

DIGITS = "0123456789"
LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"
CODES = {
    "icd-10-cm": st.from_regex(r"[A-Z]([0-9][0-9A-Z]|A0)[0-9A-Z]{0,4}", fullmatch=True),
    "icd-10-pcs": st.text(DIGITS + LETTERS, min_size=7, max_size=7),
}
MDCS = st.sampled_from(["PRE", "", *(f"{n:02}" for n in range(26))])
WORDS = st.lists(st.text("abcdefgh", min_size=1, max_size=9), min_size=1, max_size=4).map(" ".join)
RANGES = st.tuples(st.integers(1, 999), st.integers(0, 8)).map(
    lambda pair: (f"{pair[0]:03}", f"{min(sum(pair), 999):03}")
)


@st.composite
def logic(draw: st.DrawFn, system: str) -> list[DrgLogicRow]:
    """Return rows as a file could state them: a code once, without repetitions within it."""
    is_procedure = system == "icd-10-pcs"
    rows = []
    for code in draw(st.lists(CODES[system], min_size=1, max_size=5, unique=True)):
        is_room, in_cluster = draw(st.booleans()), draw(st.booleans())
        uses = st.lists(st.tuples(MDCS, RANGES, WORDS), min_size=1, max_size=4, unique=True)
        said = {(mdc, stated, words if is_procedure else "") for mdc, stated, words in draw(uses)}
        # A line without a category goes on with that of the line above: such come first.
        for mdc, (first, last), words in sorted(said):
            rows.append(
                DrgLogicRow(
                    line=0,
                    code_system=system,
                    code_key=code,
                    mdc=mdc,
                    first_drg=first,
                    last_drg=last,
                    category=words,
                    is_operating_room=is_room if is_procedure else None,
                    is_in_cluster=is_procedure and in_cluster,
                )
            )
    return rows


def written(rows: list[DrgLogicRow], is_named_again: bool) -> str:
    """Return the text of an index of these rows, one line each."""
    lines = []
    for _, group in groupby(rows, lambda row: row.code_key):
        for place, row in enumerate(group):
            marks = ("" if row.is_operating_room in (True, None) else "*") + (
                "+" if row.is_in_cluster else ""
            )
            code = f"{row.code_key}{marks}" if place == 0 or is_named_again else ""
            groups = row.first_drg
            if row.last_drg != row.first_drg:
                groups += f"-{row.last_drg}"
            lines.append(f"{code:10} {row.mdc:4} {groups:7} {row.category or 'Words'}\n")
    return "".join(lines)


@pytest.mark.parametrize("system", CODES)
@given(data=st.data(), is_named_again=st.booleans())
def test_what_is_written_is_read(system: str, data: st.DataObject, is_named_again: bool) -> None:
    rows = data.draw(logic(system))
    text = TITLES[system] + HEADINGS[system] + written(rows, is_named_again)
    format_ = DIAGNOSES if system == "icd-10-cm" else PROCEDURES
    read = rows_of(read_facts(format_, [source_of(text)], DATED))
    lines = [row.line for row in read]
    assert lines == list(range(4, 4 + len(rows)))
    assert [replace(row, line=0) for row in read if isinstance(row, DrgLogicRow)] == rows


@pytest.mark.parametrize(("mark", "place"), list(product("*+", (0, -1))))
def test_marks_may_stand_on_either_side(mark: str, place: int) -> None:
    code = f"{mark}0SRC0J9" if place == 0 else f"0SRC0J9 {mark}"
    (row,) = rows_of(read_facts(PROCEDURES, [procedures(f"{code}  08  461  Joints\n")]))
    assert isinstance(row, DrgLogicRow)
    assert (row.code_key, row.is_operating_room, row.is_in_cluster) == (
        "0SRC0J9",
        mark != "*",
        mark == "+",
    )
