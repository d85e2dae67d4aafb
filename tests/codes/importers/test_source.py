"""Files as they are given to an import, well-formed and hostile."""

import io
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codes.importers import source
from codes.importers.opening import open_sources
from codes.importers.rows import FileRefused
from codes.importers.source import SourceFile
from tests.codes.importers.memory import MEGABYTE, memory_below


def of(content: bytes, name: str = "file.txt") -> SourceFile:
    return SourceFile(name, lambda: io.BytesIO(content))


class Endless(io.BytesIO):
    """A file of a stated size that repeats its content and takes no room."""

    def __init__(self, content: bytes, size: int = 1 << 30) -> None:
        super().__init__()
        self._content = content * (1 + (1 << 16) // len(content))
        self._left = size

    def read(self, size: int | None = -1) -> bytes:
        piece = self._content[: min(size or 0, self._left)]
        self._left -= len(piece)
        return piece


# Text


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"one\ntwo\n", ["one", "two"]),
        (b"one\r\ntwo", ["one", "two"]),
        (b"one\n\n\ntwo\n", ["one", "", "", "two"]),
        (b"\xef\xbb\xbfone\r\n", ["one"]),
        ("Ménière’s".encode(), ["Ménière’s"]),
        ("Ménière’s".encode("cp1252"), ["Ménière’s"]),
        (b"M\xe9ni\xe8re\x81", ["Ménière\x81"]),
        ("é\n".encode() + "é\n".encode("cp1252"), ["é", "é"]),
        ("a\x0bb\x0cc\x85d\u2028e\n".encode(), ["a\x0bb\x0cc\x85d\u2028e"]),
    ],
    ids=["empty", "LF", "CRLF", "empty lines", "byte order mark", "UTF-8", "cp1252", "latin-1",
         "both in one file", "what is no line end"],
)  # fmt: skip
def test_lines(content: bytes, expected: list[str]) -> None:
    assert list(of(content).lines()) == list(enumerate(expected, start=1))


@given(
    st.lists(st.text(st.characters(exclude_characters="\0\r\n", codec="utf-8"), max_size=30)),
    st.sampled_from(["\n", "\r\n"]),
    st.integers(min_value=3, max_value=40),
)
@settings(deadline=None)
def test_lines_do_not_depend_on_how_the_file_is_cut_into_chunks(
    lines: list[str], end: str, size: int
) -> None:
    content = "".join(f"{line}{end}" for line in lines).encode()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("codes.importers.files.CHUNK", size)
        assert list(of(b"\xef\xbb\xbf" + content).texts()) == lines


def test_head_is_the_decoded_beginning() -> None:
    file = of(b"\xef\xbb\xbf" + b"line\r\n" * 100)
    assert file.head() == "\n".join(["line"] * 40)
    assert file.head(2) == "line\nline"


@pytest.mark.parametrize(
    "content", [b"", b"\0\0\0", bytes(range(256)) * 10, b"PK\x03\x04cut", b"%PDF-1.7"]
)
def test_head_never_raises(content: bytes) -> None:
    file = of(content)
    assert isinstance(file.head(), str)
    assert not file.is_workbook
    assert not file.is_document


def test_head_of_a_file_that_vanished_is_empty(tmp_path: Path) -> None:
    path = tmp_path / "file.txt"
    path.write_text("here")
    (file,) = open_sources([path])
    path.unlink()
    assert file.head() == ""
    with pytest.raises(FileRefused, match=r"file\.txt: cannot be read"):
        list(file.lines())


def test_xml_is_known_by_its_content() -> None:
    assert of(b"\xef\xbb\xbf\n<?xml version='1.0'?>").is_xml
    assert not of(b"code,name").is_xml


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"one\ntwo\0\n", r"file\.txt:2: holds a NUL byte, so it is no text file"),
        (b"\xff\xfeo\0n\0e\0", "is UTF-16 text; save it as UTF-8"),
        (b"%PDF-1.7\n", "is a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1", r"is an old Excel workbook \(\.xls\)"),
        (b"\x1f\x8b\x08\0", "is compressed with gzip"),
        (b"PK\x03\x04", "is a zip or a workbook"),
        (b"ok\n" * 40_000 + b"\0", r"file\.txt:40001: holds a NUL byte"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, message: str) -> None:
    with pytest.raises(FileRefused, match=message):
        list(of(content).lines())


@pytest.mark.parametrize("read", [SourceFile.lines, SourceFile.csv_rows])
def test_a_line_of_a_gigabyte_is_refused_in_little_memory(
    read: Callable[[SourceFile], Iterator[object]],
) -> None:
    file = SourceFile("long.txt", lambda: Endless(b"x"))
    with (
        memory_below(40 * MEGABYTE),
        pytest.raises(FileRefused, match=r"long\.txt:1: holds a line longer than"),
    ):
        list(read(file))


def test_a_long_line_is_told_by_its_number() -> None:
    content = b"short\n" * 7 + b"x" * (source.MAX_LINE + 1) + b"\nshort\n"
    with pytest.raises(FileRefused, match=r"file\.txt:8: holds a line longer than 64 KB"):
        list(of(content).lines())
    assert list(of(b"x" * source.MAX_LINE).lines())


def test_a_file_beyond_the_limit_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "MAX_FILE", MEGABYTE)
    file = SourceFile("large.txt", lambda: Endless(b"line\n", 2 * MEGABYTE))
    with memory_below(2 * MEGABYTE), pytest.raises(FileRefused, match=r"is larger than 1 MB"):
        for _ in file.lines():
            pass


# CSV


def test_csv_rows_tell_the_line_where_a_record_begins() -> None:
    rows = list(of(b'a,b\r\n"one\r\ntwo","say ""x"""\r\n\r\nlast,\r\n').csv_rows())
    assert rows == [(1, ["a", "b"]), (2, ["one\ntwo", 'say "x"']), (4, []), (5, ["last", ""])]


def test_csv_rows_by_tabs() -> None:
    assert list(of(b"a\tb,c\n").csv_rows("\t")) == [(1, ["a", "b,c"])]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b'a\n"cut in the mid', r"file\.txt:2: is no well-formed CSV .*is it complete"),
        (b'"' + b",x\n" * (2 * MEGABYTE), r"file\.txt:1: .*longer than 4 MB; is a quote"),
        (b'"\n",' * MEGABYTE, r"file\.txt:1: .*longer than 4 MB"),
        (b"a\n" + b"," * 500, r"file\.txt:2: has more than 500 columns"),
        (b"," * 1_000_000, r"file\.txt:1: has more than 500 columns"),
    ],
    ids=["cut", "a quote never closed", "an endless record", "501 columns", "a million columns"],
)
def test_hostile_csv_is_refused(content: bytes, message: str) -> None:
    with memory_below(150 * MEGABYTE), pytest.raises(FileRefused, match=message):
        list(of(content).csv_rows())
