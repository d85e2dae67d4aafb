"""Which format a file is of."""

import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from codes.importers import formats
from codes.importers.formats import Format, Options, matching, recognised
from codes.importers.opening import open_sources
from codes.importers.rows import FactEdition, FileRefused
from codes.importers.source import SourceFile

DATA = Path(__file__).parents[2] / "data"
TINY = sorted(path for path in DATA.glob("*/[12]/*") if path.is_file())
REAL = Path(__file__).parents[4] / "shared" / "data"
REAL_FORMATS = {
    "hcpcs/2020-Alpha-Numeric-HCPCS-File.zip": "hcpcs hcpcs-notes",
    "hcpcs/HCPC2025_OCT_ANWEB.csv": "hcpcs",
    "hcpcs/HCPCS2019_recordlayout.txt": "",
    "icd10pcs/2026-icd-10-pcs-order-file-long-and-abbreviated-titles.zip": "icd-10-pcs",
    "maps/ccsr_dx_first_category.json": "ccsr",
    "maps/icd10cmtoicd9gem.csv": "gem",
    "maps/ms_drg.csv": "ms-drg",
    "maps/place_of_service.csv": "place-of-service",
    "mpfs/25LOCCO.csv": "localities",
    "mpfs/ANES2025.csv": "anesthesia",
    "mpfs/GPCI2025.csv": "gpci",
    "mpfs/PPRRVU2025_Oct.redacted.csv": "mpfs",
    "ncci/AOC_V2026Q2-MCR.xlsx": "add-on-edits",
    "opps/addendum_b_2026-04.redacted.csv": "opps-b",
    "search/hcpcs_index_2019.csv": "hcpcs-index",
    "search/icd10cm_external_cause_index_2019.csv": "icd-10-cm-index",
}


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
    assert all(format_.notice in ("", "ama", "cpt") for format_ in formats.FORMATS.values())


@pytest.mark.parametrize("path", TINY, ids=lambda path: "/".join(path.parts[-3:]))
def test_no_file_is_of_two_formats(path: Path) -> None:
    for source in open_sources([path]):
        known = [name for name, format_ in formats.FORMATS.items() if format_.recognise(source)]
        assert len(known) <= 1


@pytest.mark.parametrize(("name", "expected"), REAL_FORMATS.items(), ids=REAL_FORMATS)
def test_real_files_are_known_by_their_content(name: str, expected: str) -> None:
    if not (REAL / name).exists():
        pytest.skip("the real files of CMS are not on this machine")
    known = {
        format_.name
        for source in open_sources([REAL / name])
        for format_ in formats.FORMATS.values()
        if format_.recognise(source)
    }
    assert known == set(expected.split())
