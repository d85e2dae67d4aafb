"""Fetches one file over HTTP: within limits, resumed where it was cut. Pure: imports no Django.

The only module that reaches publishers' servers. A file is written as ``NAME.part`` and renamed
when it is complete; ``NAME.part.version`` keeps what the server called its version, so that a
later attempt goes on with the same file or begins anew.
"""

import hashlib
import http.client
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final
from urllib.parse import urlsplit

from codes.importers.rows import ImportRefused

TIMEOUT: Final = 30.0
"""Seconds without a byte."""
ATTEMPTS: Final = 4
MAX_SIZE: Final = 500 << 20
CHUNK: Final = 1 << 16
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
_ZIP: Final = b"PK\x03\x04"
_CUT: Final = (OSError, http.client.HTTPException)


class DownloadFailed(ImportRefused):
    """A file could not be fetched; what came of it is kept and gone on with next time."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A file that is complete, with the sum of its bytes."""

    path: Path
    sha256: str
    size: int


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows redirects, but never from an encrypted connection to one that is not."""

    def redirect_request(  # type: ignore[no-untyped-def]  # as urllib has it
        self, req, fp, code, msg, headers, newurl
    ) -> urllib.request.Request | None:
        if req.full_url.startswith("https:") and not newurl.startswith("https:"):
            raise DownloadFailed(f"{req.full_url}: leads to {newurl}, which is not encrypted.")
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def fetch(
    url: str,
    folder: Path,
    *,
    max_size: int = MAX_SIZE,
    timeout: float = TIMEOUT,
    wait: float = 1.0,
    advance: Callable[[int], None] = lambda count: None,
) -> Fetched:
    """Return the zip at an address, fetched into a folder; one that is there is fetched anew.

    A connection that breaks is taken up three times, after ``wait``, twice and four times that
    many seconds. ``advance`` is told the bytes. Raises ``DownloadFailed``: an answer other than
    the file, more than ``max_size`` bytes, what is no zip, or no end in sight.
    """
    name = _name(url)
    folder.mkdir(parents=True, exist_ok=True)
    part = _Part(folder / f"{name}.part", url, max_size)
    reason: object = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(wait * 2 ** (attempt - 1))
        try:
            if part.read(timeout, advance):
                return part.finished(folder / name)
        except urllib.error.HTTPError as error:
            error.close()
            if error.code != http.client.REQUESTED_RANGE_NOT_SATISFIABLE and error.code < 500:
                raise DownloadFailed(f"{url}: the server answers {error.code}.") from error
            reason = f"the server answers {error.code}"
            if error.code < 500:
                part.forget()
        except _CUT as error:
            reason = str(getattr(error, "reason", error)) or type(error).__name__
        else:
            reason = "the connection ended early"
    raise DownloadFailed(f"{url}: {reason}. Begin again to go on where it stopped.")


class _Part:
    """What has been fetched so far."""

    def __init__(self, path: Path, url: str, max_size: int) -> None:
        self._path = path
        self._version = path.with_suffix(".part.version")
        self._url = url
        self._max_size = max_size

    def read(self, timeout: float, advance: Callable[[int], None]) -> bool:
        """Go on reading; return whether that was all."""
        opener = urllib.request.build_opener(_Redirects)
        with opener.open(self._request(), timeout=timeout) as answer:
            goes_on = answer.status == http.client.PARTIAL_CONTENT and self._is_next(answer)
            if not goes_on:
                self.forget()
                if answer.status == http.client.PARTIAL_CONTENT:
                    return False
            total = _total(answer, self._size())
            self._refuse_size(total)
            self._version.write_text(_version(answer), encoding="utf-8")
            with self._path.open("ab") as file:
                self._copy(answer, file, advance)
        return total is None or self._size() == total

    def finished(self, target: Path) -> Fetched:
        """Give the file its name, and write its sum beside it as ``sha256sum`` does."""
        digest = hashlib.sha256()
        with self._path.open("rb") as file:
            start = file.read(CHUNK)
            if not start.startswith(_ZIP):
                self.forget()
                kind = "a web page" if b"<html" in start.lower() else "something else"
                raise DownloadFailed(f"{self._url}: is no zip, but {kind}; has the file moved?")
            digest.update(start)
            while chunk := file.read(CHUNK):
                digest.update(chunk)
        size = self._size()
        self._path.replace(target)
        self._version.unlink(missing_ok=True)
        sums = target.with_name(f"{target.name}.sha256")
        sums.write_text(f"{digest.hexdigest()}  {target.name}\n", encoding="utf-8")
        return Fetched(target, digest.hexdigest(), size)

    def forget(self) -> None:
        """Begin anew."""
        self._path.unlink(missing_ok=True)
        self._version.unlink(missing_ok=True)

    def _size(self) -> int:
        return self._path.stat().st_size if self._path.exists() else 0

    def _request(self) -> urllib.request.Request:
        headers = {"User-Agent": "CasePilot", "Accept-Encoding": "identity"}
        version = self._version.read_text(encoding="utf-8") if self._version.exists() else ""
        if (size := self._size()) and version:
            headers |= {"Range": f"bytes={size}-", "If-Range": version}
        return urllib.request.Request(self._url, headers=headers)  # noqa: S310 - _name checked it

    def _is_next(self, answer: Any) -> bool:
        stated: str = answer.headers.get("Content-Range", "")
        return stated.startswith(f"bytes {self._size()}-")

    def _copy(self, answer: Any, file: IO[bytes], advance: Callable[[int], None]) -> None:
        size = self._size()
        while chunk := answer.read1(CHUNK):
            size += len(chunk)
            self._refuse_size(size)
            file.write(chunk)
            advance(len(chunk))

    def _refuse_size(self, size: int | None) -> None:
        if size is not None and size > self._max_size:
            self.forget()
            limit = f"{self._max_size >> 20:,} MB" if self._max_size >> 20 else self._max_size
            raise DownloadFailed(f"{self._url}: is larger than {limit}.")


def _name(url: str) -> str:
    """Return the file's name. Raises ``DownloadFailed`` for an address that is not fetched."""
    address = urlsplit(url)
    is_local = address.scheme == "http" and address.hostname in LOOPBACK
    if address.scheme != "https" and not is_local:
        raise DownloadFailed(f"{url}: only https addresses are fetched.")
    name = address.path.rpartition("/")[2]
    if not name.lower().endswith(".zip") or name.startswith(".") or "\\" in name or "%" in name:
        raise DownloadFailed(f"{url}: is not the address of a zip.")
    return name


def _version(answer: Any) -> str:
    """Return a strong ETag or the day of the last change; "" where the server names neither."""
    tag: str = answer.headers.get("ETag", "")
    if tag and not tag.startswith("W/"):
        return tag
    return str(answer.headers.get("Last-Modified", ""))


def _total(answer: Any, size: int) -> int | None:
    """Return how large the whole file is, where the server says so."""
    length = answer.headers.get("Content-Length", "")
    return size + int(length) if length.isascii() and length.isdigit() else None
