"""Source files: reading with limits, telling formats apart by content, naming by hash.

Pure: imports no Django. Every failure to read is a ``FileRefused`` that names the file.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Final

from codes.importers.rows import FileRefused

CHUNK: Final = 1 << 16
_DATE_IN_NAME: Final = re.compile(r"([A-Za-z]{3,9})-(\d{1,2})-(\d{4})")


def chunks(path: Path, *, limit: int) -> Iterator[bytes]:
    """Yield the file in pieces of 64 KB; at most ``limit`` bytes, or it is refused.

    The size is judged by what is read, so a pipe or a file that grows cannot pass it.
    """
    read = 0
    try:
        with path.open("rb") as file:
            while chunk := file.read(CHUNK):
                read += len(chunk)
                if read > limit:
                    message = f"is larger than {limit >> 20} MB, so it is not what it should be."
                    raise FileRefused(path.name, 0, message)
                yield chunk
    except OSError as error:
        message = f"cannot be read: {error.strerror or error}."
        raise FileRefused(path.name, 0, message) from error


def sha256_of(paths: Iterable[Path], *, limit: int) -> str:
    """Return the SHA-256 of the contents one after the other: ``cat FILES | sha256sum``."""
    digest = hashlib.sha256()
    for path in paths:
        for chunk in chunks(path, limit=limit):
            digest.update(chunk)
    return digest.hexdigest()


def text_of(path: Path, *, limit: int) -> str:
    """Return the text of a small file: UTF-8 with or without its mark, or else cp1252.

    A NUL byte means that it is no text file: refused.
    """
    content = b"".join(chunks(path, limit=limit))
    if (nul := content.find(b"\0")) >= 0:
        line = content.count(b"\n", 0, nul) + 1
        raise FileRefused(path.name, line, "holds a NUL byte, so it is no text file.")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def is_xml(path: Path) -> bool:
    """Return whether the file begins like XML, whatever its name."""
    for chunk in chunks(path, limit=CHUNK << 20):
        return chunk.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
    return False


def date_in_name(name: str) -> date | None:
    """Return the day in a file name such as ``…-April-1-2026.xml``, if there is one."""
    if match := _DATE_IN_NAME.search(name):
        for form in ("%B-%d-%Y", "%b-%d-%Y"):
            try:
                return datetime.strptime("-".join(match.groups()), form).date()  # noqa: DTZ007 - a day has no time zone
            except ValueError:
                continue
    return None
