"""``manage.py fetch_release`` against a server of this machine: whole, cut, too large, wrong."""

import hashlib
import io
import socket
import threading
import urllib.request
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from codes.importers import download, publishers
from codes.importers.download import DownloadFailed, fetch
from codes.importers.formats import FORMATS
from codes.models import Release

HCPCS = Path(__file__).parent.parent / "data" / "hcpcs" / "2" / "HCPC2025_OCT_ANWEB.csv"


def zip_of(*names: str, size: int = 0) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name in names:
            archive.writestr(name, HCPCS.read_bytes() if name == HCPCS.name else b"x" * size)
    return buffer.getvalue()


@dataclass
class Served:
    """What the server offers, how it misbehaves, and what it was asked."""

    url: str = ""
    content: bytes = b""
    etag: str = '"one"'
    status: int = 200
    cut_after: list[int] = field(default_factory=list)
    """Bytes after which each of the next answers breaks off."""
    ranges: bool = True
    length: int | None = None
    location: str = ""
    asked: list[str] = field(default_factory=list)


@pytest.fixture
def served() -> Iterator[Served]:
    state = Served(content=zip_of("readme.txt", size=200_000))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked.append(self.headers.get("Range", "all"))
            start = self._start()
            if state.location:
                self.send_response(302)
                self.send_header("Location", state.location)
            elif state.status != 200:
                self.send_error(state.status)
                return
            else:
                self.send_response(206 if start else 200)
            if start:
                end = len(state.content)
                self.send_header("Content-Range", f"bytes {start}-{end - 1}/{end}")
            self.send_header("ETag", state.etag)
            length = len(state.content) - start if state.length is None else state.length
            self.send_header("Content-Length", str(length))
            self.end_headers()
            body = state.content[start:]
            cut = state.cut_after.pop(0) if state.cut_after else len(body)
            self.wfile.write(body[:cut])
            self.close_connection = True

        def _start(self) -> int:
            asked = self.headers.get("Range", "")
            if not (asked and state.ranges and self.headers.get("If-Range") == state.etag):
                return 0
            return int(asked.removeprefix("bytes=").removesuffix("-"))

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    state.url = f"http://127.0.0.1:{server.server_port}/files/zip/release.zip"
    yield state
    server.shutdown()
    thread.join()
    server.server_close()


def get(served: Served, folder: Path, **options: Any) -> download.Fetched:
    return fetch(served.url, folder, **{"wait": 0.0, "timeout": 60.0} | options)


# --- The download --------------------------------------------------------------------------------


def test_a_file_is_fetched_with_its_sum(served: Served, tmp_path: Path) -> None:
    told: list[int] = []
    fetched = get(served, tmp_path, advance=told.append)
    assert fetched.path.read_bytes() == served.content
    assert fetched.sha256 == hashlib.sha256(served.content).hexdigest()
    assert fetched.size == len(served.content) == sum(told)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "release.zip",
        "release.zip.sha256",
    ]
    assert (tmp_path / "release.zip.sha256").read_text() == f"{fetched.sha256}  release.zip\n"


def test_a_connection_that_breaks_is_taken_up(served: Served, tmp_path: Path) -> None:
    served.cut_after = [70_000, 50_000]
    assert get(served, tmp_path).path.read_bytes() == served.content
    assert served.asked == ["all", "bytes=70000-", "bytes=120000-"]


def test_what_was_fetched_is_gone_on_with_next_time(served: Served, tmp_path: Path) -> None:
    served.cut_after = [50_000, 0, 0, 0]
    with pytest.raises(
        DownloadFailed, match=r"ended early\. Begin again to go on where it stopped"
    ):
        get(served, tmp_path)
    assert not (tmp_path / "release.zip").exists()
    assert (tmp_path / "release.zip.part").stat().st_size == 50_000
    served.asked.clear()
    assert get(served, tmp_path).path.read_bytes() == served.content
    assert served.asked == ["bytes=50000-"]


def test_a_file_that_changed_meanwhile_is_fetched_from_its_start(
    served: Served, tmp_path: Path
) -> None:
    served.cut_after = [50_000, 0, 0, 0]
    with pytest.raises(DownloadFailed):
        get(served, tmp_path)
    served.etag, served.content = '"two"', zip_of("other.txt", size=150_000)
    assert get(served, tmp_path).path.read_bytes() == served.content


def test_a_server_without_ranges_sends_all_again(served: Served, tmp_path: Path) -> None:
    served.ranges, served.cut_after = False, [50_000]
    assert get(served, tmp_path).path.read_bytes() == served.content


def test_without_a_version_nothing_is_gone_on_with(served: Served, tmp_path: Path) -> None:
    served.etag, served.cut_after = 'W/"weak"', [50_000]
    assert get(served, tmp_path).path.read_bytes() == served.content
    assert served.asked == ["all", "all"]


@pytest.mark.parametrize("said", [True, False])
def test_a_file_that_is_too_large_is_refused(served: Served, tmp_path: Path, said: bool) -> None:
    if not said:
        served.length = 1_000
    match = "is larger than 1500" if said else "is larger than 999"
    with pytest.raises(DownloadFailed, match=match):
        get(served, tmp_path, max_size=1_500 if said else 999)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("status", [401, 404, 410])
def test_an_answer_that_is_no_file_is_told_at_once(
    served: Served, tmp_path: Path, status: int
) -> None:
    served.status = status
    with pytest.raises(DownloadFailed, match=f"the server answers {status}"):
        get(served, tmp_path)
    assert len(served.asked) == 1


def test_a_server_in_trouble_is_asked_again(served: Served, tmp_path: Path) -> None:
    served.status = 503
    with pytest.raises(DownloadFailed, match=r"the server answers 503\. Begin again"):
        get(served, tmp_path)
    assert len(served.asked) == download.ATTEMPTS


def test_a_web_page_is_no_file(served: Served, tmp_path: Path) -> None:
    served.content = b"<!doctype html><HTML><title>Page not found</title>"
    with pytest.raises(DownloadFailed, match="is no zip, but a web page; has the file moved"):
        get(served, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_nobody_there_is_told(tmp_path: Path) -> None:
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))  # nobody listens there, and nobody else can
        url = f"http://127.0.0.1:{silent.getsockname()[1]}/a.zip"
        with pytest.raises(DownloadFailed, match="Connection refused"):
            fetch(url, tmp_path, wait=0.0, timeout=60.0)


@pytest.mark.parametrize(
    ("url", "match"),
    [
        ("http://www.cms.gov/a.zip", "only https addresses"),
        ("file:///etc/a.zip", "only https addresses"),
        ("https://www.cms.gov/a.exe", "is not the address of a zip"),
        ("https://www.cms.gov/..%2fa.zip", "is not the address of a zip"),
        ("https://www.cms.gov/files/", "is not the address of a zip"),
    ],
)
def test_odd_addresses_are_refused(url: str, match: str, tmp_path: Path) -> None:
    with pytest.raises(DownloadFailed, match=match):
        fetch(url, tmp_path)


def test_a_redirect_is_followed_unless_it_drops_encryption(served: Served, tmp_path: Path) -> None:
    handler = download._Redirects()
    request = urllib.request.Request("https://www.cms.gov/a.zip")
    with pytest.raises(DownloadFailed, match="which is not encrypted"):
        handler.redirect_request(request, None, 302, "Found", {}, "http://example.org/a.zip")
    served.location = f"{served.url}?again"
    with pytest.raises(DownloadFailed, match="the server answers 302"):
        get(served, tmp_path)


# --- The command ---------------------------------------------------------------------------------


def fetch_release(*arguments: str, **options: Any) -> str:
    out = StringIO()
    call_command("fetch_release", *arguments, stdout=out, verbosity=0, **options)
    return out.getvalue()


@pytest.mark.django_db
def test_an_edition_is_fetched_and_imported(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served.content = zip_of(HCPCS.name)
    monkeypatch.setattr(publishers, "CMS_FILES", served.url.rpartition("/")[0])
    out = fetch_release("hcpcs", "2025-10", folder=tmp_path)
    assert f"SHA-256 {hashlib.sha256(served.content).hexdigest()}" in out
    assert "HCPCS Level II, October 2025: is now the current release." in out
    assert (tmp_path / "october-2025-alpha-numeric-hcpcs-file.zip").exists()
    release = Release.objects.get(source="hcpcs")
    assert release.file_name == f"october-2025-alpha-numeric-hcpcs-file.zip/{HCPCS.name}"
    again = fetch_release("hcpcs", "2025-10", folder=tmp_path)
    assert "this very edition is loaded already" in again


@pytest.mark.django_db
def test_wrong_content_is_not_imported(
    served: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishers, "CMS_FILES", served.url.rpartition("/")[0])
    with pytest.raises(CommandError, match="is not what hcpcs reads"):
        fetch_release("hcpcs", "2025-10", folder=tmp_path)
    served.status = 404
    with pytest.raises(CommandError, match="the server answers 404"):
        fetch_release("hcpcs", "2025-07", folder=tmp_path)
    assert not Release.objects.exists()


def test_the_published_addresses() -> None:
    cms = "https://www.cms.gov/files/zip/"
    assert publishers.addresses("hcpcs", "2026-01") == [
        f"{cms}january-2026-alpha-numeric-hcpcs-file.zip"
    ]
    assert publishers.addresses("icd-10-pcs", "2026") == [
        f"{cms}2026-icd-10-pcs-order-file-long-and-abbreviated-titles.zip"
    ]
    assert publishers.addresses("icd-10-cm", "2026") == [
        f"{cms}2026-code-tables-tabular-and-index.zip",
        f"{cms}2026-code-descriptions-tabular-order.zip",
    ]
    assert set(publishers.PUBLISHED) | set(publishers.BY_HAND) <= {*FORMATS, "cpt"}
    assert not set(publishers.PUBLISHED) & set(publishers.BY_HAND)


@pytest.mark.parametrize("edition", ["", "2023-10", "2024-04", "2025-02", "2025", "latest"])
def test_an_unknown_edition_says_what_is_known(edition: str) -> None:
    with pytest.raises(CommandError, match=r"No address is known .* give the address of each with"):
        fetch_release("hcpcs", edition)


@pytest.mark.parametrize("url", ["https://example.org/a.zip", "https://evilcms.gov/a.zip", "x"])
def test_only_publishers_addresses_are_fetched(url: str) -> None:
    with pytest.raises(CommandError, match=r"is not at cms.gov or cdc.gov"):
        fetch_release("hcpcs", url=[url])


@pytest.mark.parametrize("system", sorted(publishers.BY_HAND))
def test_files_under_the_ama_notice_are_got_by_a_person(system: str) -> None:
    out = fetch_release(system, "2026")
    assert "a person has to accept it where they are offered: https://" in out
    assert f"manage.py import_codes {system} FILE" in out
