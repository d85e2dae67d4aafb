"""Zips as they are given to an import, well-formed and hostile."""

import hashlib
import zipfile
from pathlib import Path

import pytest

from codes.importers import opening
from codes.importers.opening import open_sources
from codes.importers.rows import FileRefused
from codes.importers.source import sha256_of_sources
from tests.codes.importers.memory import MEGABYTE, memory_below


def zipped(path: Path, members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> Path:
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return path


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
    monkeypatch.setattr(opening, "MAX_ZIP", 10_000)
    with pytest.raises(FileRefused, match=r"bomb\.zip: unpacks to more than"):
        open_sources([path])
    monkeypatch.setattr(opening, "MAX_FILE", 5_000)
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
