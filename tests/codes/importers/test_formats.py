"""Which format a file is of."""

import io
from collections.abc import Sequence

import pytest

from codes.importers import formats
from codes.importers.formats import Format, Options, matching, recognised
from codes.importers.rows import FactEdition, FileRefused
from codes.importers.source import SourceFile


def of(content: bytes, name: str) -> SourceFile:
    return SourceFile(name, lambda: io.BytesIO(content))


def made_format(name: str) -> Format:
    def read(files: Sequence[SourceFile], options: Options) -> list[FactEdition]:
        raise NotImplementedError

    return Format(name, f"The {name} file", "", lambda file: file.head(1) == name, read)


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> dict[str, Format]:
    known = {name: made_format(name) for name in ("apple", "pear")}
    monkeypatch.setattr(formats, "FORMATS", known)
    return known


def test_files_go_to_the_format_that_knows_them(known: dict[str, Format]) -> None:
    files = [of(b"pear\n1", "a"), of(b"notes", "b"), of(b"apple", "c"), of(b"pear\n2", "d")]
    pears = [files[0], files[3]]
    assert recognised(files) == [(known["pear"], pears), (known["apple"], [files[2]])]
    assert matching(known["pear"], files) == pears


def test_an_unknown_file_is_refused(known: dict[str, Format]) -> None:
    files = [of(b"plum", f"{n}.txt") for n in range(4)]
    message = r"0\.txt, 1\.txt, 2\.txt …: is of no format that can be imported: apple, pear"
    with pytest.raises(FileRefused, match=message):
        recognised(files)
    with pytest.raises(FileRefused, match="no file: is of no format"):
        recognised([])


def test_a_file_of_another_format_is_refused_by_what_it_looks_like(
    known: dict[str, Format],
) -> None:
    with pytest.raises(FileRefused, match=r"x: is not what apple reads: The apple file\.$"):
        matching(known["apple"], [of(b"plum", "x")])
    with pytest.raises(FileRefused, match=r"It looks like The pear file\."):
        matching(known["apple"], [of(b"pear", "x")])


def test_formats_are_listed_by_their_names() -> None:
    assert all(name == format_.name for name, format_ in formats.FORMATS.items())
    assert all(format_.notice in ("", "ama") for format_ in formats.FORMATS.values())
