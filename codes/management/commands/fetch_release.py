"""``manage.py fetch_release SYSTEM EDITION``: download a public-domain edition and import it."""

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from codes.importers import download, publishers
from codes.importers.progress import Progress
from codes.management.commands.import_codes import add_import_arguments, import_files
from codes.management.refusals import refusals_told


class Command(BaseCommand):
    """Fetch from the publisher, print the SHA-256, then import as ``import_codes`` does."""

    help = (
        "Download an edition in the public domain from its publisher and import it. A download"
        " that was cut goes on where it stopped. For files that carry the AMA's notice it says"
        " where a person gets them. Editions: "
        + "; ".join(f"{name}: {one.editions}" for name, one in publishers.PUBLISHED.items())
        + "."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        names = sorted({*publishers.PUBLISHED, *publishers.BY_HAND})
        parser.add_argument("system", choices=names)
        parser.add_argument("edition", nargs="?", default="")
        parser.add_argument(
            "--url", action="append", default=[], help="address at CMS or CDC, where it moved"
        )
        parser.add_argument(
            "--folder",
            type=Path,
            default=Path(settings.BASE_DIR, ".data", "downloads"),
            help="where files are kept (default %(default)s)",
        )
        parser.add_argument("--no-import", action="store_true", help="download only")
        add_import_arguments(parser)

    def handle(self, *args: object, **options: Any) -> None:
        system = options["system"]
        if system in publishers.BY_HAND:
            self.stdout.write(publishers.by_hand(system))
            return
        with refusals_told(self.stderr.write, None):
            urls = [_of_a_publisher(url) for url in options["url"]]
            urls = urls or publishers.addresses(system, options["edition"])
        paths = [self._fetch(url, options) for url in urls]
        if not options["no_import"]:
            import_files(self, system, paths, options)

    def _fetch(self, url: str, options: dict[str, Any]) -> Path:
        with (
            refusals_told(self.stderr.write, None),
            Progress(sys.stderr if options["verbosity"] else None) as progress,
        ):
            progress.step(f"Fetching {url} (bytes)")
            fetched = download.fetch(url, options["folder"], advance=progress.advance)
        self.stdout.write(f"{fetched.path}: {fetched.size:,} bytes")
        self.stdout.write(f"SHA-256 {fetched.sha256}")
        return fetched.path


def _of_a_publisher(url: str) -> str:
    """Return the address, unless it is not a publisher's."""
    host = urlsplit(url).hostname or ""
    if not any(host == known or host.endswith(f".{known}") for known in publishers.HOSTS):
        names = " or ".join(publishers.HOSTS)
        raise CommandError(f"{url}: is not at {names}. Download it yourself, then import_codes.")
    return url
