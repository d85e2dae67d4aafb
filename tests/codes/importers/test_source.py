"""Files and zips as they are given to an import, well-formed and hostile."""

import hashlib
import io
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from codes.importers import source
from codes.importers.rows import FileRefused
from codes.importers.source import SourceFile, open_sources, sha256_of_sources

MEGABYTE = 1 << 20


def of(content: bytes, name: str = "file.txt") -> SourceFile:
    return SourceFile(name, lambda: io.BytesIO(content))


def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


@contextmanager
def memory_below(limit: int) -> Iterator[None]:
    """Fail where Python's objects take more than ``limit`` bytes at any moment."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < limit
    finally:
        tracemalloc.stop()


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


# Zips


def test_members_of_a_zip_stand_beside_plain_files(tmp_path: Path) -> None:
    path = zipped(
        tmp_path / "RVU.zip",
        {"a.csv": b"one\n", "folder/": b"", "folder/b.txt": b"two\n", "__MACOSX/a.csv": b"\0"},
    )
    (tmp_path / "c.txt").write_bytes(b"three\n")
    files = open_sources([path, tmp_path / "c.txt"])
    assert [file.name for file in files] == ["RVU.zip/a.csv", "RVU.zip/folder/b.txt", "c.txt"]
    assert [list(file.lines()) for file in files] == [[(1, "one")], [(1, "two")], [(1, "three")]]
    assert sha256_of_sources(files) == hashlib.sha256(b"one\ntwo\nthree\n").hexdigest()


def test_a_zip_is_known_by_its_content(tmp_path: Path) -> None:
    path = zipped(tmp_path / "data.txt", {"a.csv": b"one\n"})
    assert [file.name for file in open_sources([path])] == ["data.txt/a.csv"]


def test_names_within_a_zip_cannot_upset_a_terminal(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"x\x1b[2J\n.txt": b"one\n"})
    assert [file.name for file in open_sources([path])] == ["a.zip/x?[2J?.txt"]


@pytest.mark.parametrize("name", ["missing.txt", "folder"])
def test_what_is_no_file_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(FileRefused, match=rf"{name}: (there is no such file|is a folder)"):
        open_sources([tmp_path / name])


def test_a_device_is_refused() -> None:
    with pytest.raises(FileRefused, match="is no ordinary file"):
        open_sources([Path("/dev/zero")])


def test_a_bomb_by_ratio_is_refused_unread(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bomb.zip", {"ok.txt": b"ok", "zeros.txt": b"0" * 20 * MEGABYTE})
    with (
        memory_below(MEGABYTE),
        pytest.raises(FileRefused, match=r"bomb\.zip/zeros\.txt: unpacks to more than 200 times"),
    ):
        open_sources([path])


def test_a_bomb_by_size_is_refused_unread(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = zipped(tmp_path / "bomb.zip", {"a": b"ab" * 3_000, "b": b"cd" * 3_000})
    monkeypatch.setattr(source, "MAX_ZIP", 10_000)
    with pytest.raises(FileRefused, match=r"bomb\.zip: unpacks to more than"):
        open_sources([path])
    monkeypatch.setattr(source, "MAX_FILE", 5_000)
    with pytest.raises(FileRefused, match=r"bomb\.zip/a: is larger than"):
        open_sources([path])


def test_a_member_larger_than_it_says_is_refused(tmp_path: Path) -> None:
    content = b"line\n" * 1_000
    path = zipped(tmp_path / "liar.zip", {"a.txt": content})
    size = len(content).to_bytes(4, "little")
    path.write_bytes(path.read_bytes().replace(size, (500).to_bytes(4, "little")))
    (file,) = open_sources([path])
    with pytest.raises(FileRefused, match=r"liar\.zip/a\.txt: cannot be read"):
        list(file.lines())


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "many.zip", {f"{n}.txt": b"" for n in range(301)})
    with pytest.raises(FileRefused, match="holds more than 300 files"):
        open_sources([path])


def test_a_zip_within_a_zip_is_refused(tmp_path: Path) -> None:
    inner = zipped(tmp_path / "inner.zip", {"a.txt": b"one"})
    path = zipped(tmp_path / "outer.zip", {"inner.zip": inner.read_bytes()})
    with pytest.raises(FileRefused, match=r"outer\.zip/inner\.zip: is a zip within a zip; unpack"):
        open_sources([path])


def test_an_encrypted_member_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "secret.zip", {"a.txt": b"one"})
    content = bytearray(path.read_bytes())
    content[content.index(b"PK\x01\x02") + 8] |= 1  # the flag in the directory of the zip
    path.write_bytes(content)
    with pytest.raises(FileRefused, match=r"secret\.zip/a\.txt: is encrypted"):
        open_sources([path])


def test_an_unusual_method_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "odd.zip", {"a.txt": b"one"}, zipfile.ZIP_LZMA)
    with pytest.raises(FileRefused, match="is packed in an unusual way"):
        open_sources([path])


def test_an_empty_zip_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FileRefused, match="is an empty zip"):
        open_sources([zipped(tmp_path / "empty.zip", {})])


@pytest.mark.parametrize("keep", [0.1, 0.5, 0.99])
def test_a_cut_zip_is_refused(tmp_path: Path, keep: float) -> None:
    path = zipped(tmp_path / "cut.zip", {"a.txt": bytes(range(256)) * 100})
    content = path.read_bytes()
    path.write_bytes(content[: int(len(content) * keep)])
    with pytest.raises(FileRefused, match=r"cut\.zip: is a zip, but cut or damaged"):
        open_sources([path])


def test_a_damaged_member_is_refused(tmp_path: Path) -> None:
    path = zipped(tmp_path / "bad.zip", {"a.txt": bytes(range(1, 256)) * 100})
    content = bytearray(path.read_bytes())
    content[60:80] = b"\xff" * 20
    path.write_bytes(content)
    (file,) = open_sources([path])
    with pytest.raises(FileRefused, match=r"bad\.zip/a\.txt: cannot be read"):
        list(file.lines())


def test_no_file_is_changed_by_reading_it(tmp_path: Path) -> None:
    path = zipped(tmp_path / "a.zip", {"a.txt": b"one"})
    before = (path.read_bytes(), sorted(tmp_path.iterdir()))
    list(open_sources([path])[0].lines())
    assert (path.read_bytes(), sorted(tmp_path.iterdir())) == before
