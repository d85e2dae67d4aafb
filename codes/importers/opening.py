"""The files that an import is given, and the members of zips among them, within limits.

Pure: imports no Django. No content is read here but the first bytes of a file.
"""

import zipfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import IO, Final

from codes.importers.rows import FileRefused
from codes.importers.source import MAX_FILE, READ_ERRORS, SourceFile, printable

MAX_ZIP: Final = 2 << 30
MAX_RATIO: Final = 200
MAX_MEMBERS: Final = 300
"""Bytes of all members of a zip, times that a member may shrink, members of a zip."""

_UNJUDGED: Final = 1 << 20
"""Below this size no ratio is judged: a small member does no harm."""


def open_sources(paths: Sequence[Path]) -> list[SourceFile]:
    """Return the files, and for each zip its members in its own order; reads no content yet.

    Refused are folders, zips that are cut, encrypted, too large, too well packed or with too many
    members, and a zip within a zip.
    """
    sources: list[SourceFile] = []
    for path in paths:
        sources.extend(_sources_at(path))
    return sources


def _sources_at(path: Path) -> Iterator[SourceFile]:
    name = printable(path.name)
    if path.is_dir():
        raise FileRefused(name, 0, "is a folder; name the files in it.")
    if not path.exists():
        raise FileRefused(printable(str(path)), 0, "there is no such file; is the path right?")
    if not path.is_file():
        raise FileRefused(name, 0, "is no ordinary file.")
    source = SourceFile(name, lambda: path.open("rb"), path.stat().st_size)
    next(source.chunks(), b"")  # a missing or unreadable file is told at once
    if source.begins_like_zip and not source.is_document:
        yield from _members(path, name)
    else:
        yield source


def _members(path: Path, name: str) -> Iterator[SourceFile]:
    try:
        with zipfile.ZipFile(path) as archive:
            infos = [info for info in archive.infolist() if _is_wanted(info)]
    except READ_ERRORS as error:
        raise FileRefused(name, 0, f"is a zip, but cut or damaged ({error}).") from error
    _refuse_bomb(name, infos)
    for info in infos:
        opener = _MemberOpener(path, info)
        member = SourceFile(f"{name}/{printable(info.filename)}", opener, info.file_size)
        if member.begins_like_zip and not member.is_document:
            raise member.refuse("is a zip within a zip; unpack it first and name it by itself.")
        yield member


def _is_wanted(info: zipfile.ZipInfo) -> bool:
    """Return whether a member is a file of the publisher, not a folder or a Mac's own notes."""
    last = info.filename.rpartition("/")[2]
    return not (info.is_dir() or info.filename.startswith("__MACOSX/") or last == ".DS_Store")


def _refuse_bomb(name: str, infos: Sequence[zipfile.ZipInfo]) -> None:
    """Judge the stated sizes; reading never yields more of a member than its stated size."""
    if not infos:
        raise FileRefused(name, 0, "is an empty zip.")
    if len(infos) > MAX_MEMBERS:
        raise FileRefused(name, 0, f"holds more than {MAX_MEMBERS:,} files.")
    for info in infos:
        member = f"{name}/{printable(info.filename)}"
        if info.flag_bits & 0x1:
            raise FileRefused(member, 0, "is encrypted; unpack the zip with its password first.")
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise FileRefused(member, 0, "is packed in an unusual way; unpack the zip first.")
        if info.file_size > MAX_FILE:
            raise FileRefused(member, 0, f"is larger than {MAX_FILE >> 20:,} MB.")
        if info.file_size > max(_UNJUDGED, info.compress_size * MAX_RATIO):
            message = f"unpacks to more than {MAX_RATIO} times its size, as no data file does."
            raise FileRefused(member, 0, message)
    if sum(info.file_size for info in infos) > MAX_ZIP:
        raise FileRefused(name, 0, f"unpacks to more than {MAX_ZIP >> 20:,} MB.")


class _MemberOpener:
    """Opens a member of a zip for reading, each time anew."""

    def __init__(self, path: Path, info: zipfile.ZipInfo) -> None:
        self._path = path
        self._info = info

    def __call__(self) -> IO[bytes]:
        with zipfile.ZipFile(self._path) as archive:
            return archive.open(self._info)  # the member keeps the file open as long as it needs
