"""Bring the demo's database and files up to date: one Django start for all of it.

Prints ``> title`` when a step begins, ``! line`` for a person to read, and anything else as a
note on how far the step is. ``scripts.demo`` reads that; errors go to stderr.
"""

import contextlib
import hashlib
import io
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import django
from django.conf import settings
from django.core.management import CommandError, call_command

FILES_STAMP = "static.stamp"


class Notes(io.StringIO):
    """Hands on what a command draws for a terminal, line by line, as notes."""

    def isatty(self) -> bool:
        """Claim to be a terminal: only there a command tells how far it is."""
        return True

    def write(self, text: str) -> int:
        """Print the text without what moves a terminal's cursor."""
        print(text.replace("\r", "").replace("\x1b[K", "").rstrip(), flush=True)
        return len(text)


def main() -> int:
    """Do what is not done yet; 1 and one line on stderr when a command refuses."""
    django.setup()
    try:
        for title, work in STEPS:
            print(f"> {title}", flush=True)
            work()
    except CommandError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _migrate() -> None:
    call_command("migrate", interactive=False, verbosity=1)


def _load_codes() -> None:
    with contextlib.redirect_stderr(Notes()):
        call_command("import_codes", "icd-10-cm")


def _load_samples() -> None:
    call_command("load_samples")
    call_command("load_sample_facts")


def _load_search_terms() -> None:
    call_command("load_search_terms")
    call_command("build_search_index", missing=True)


def _make_admin() -> None:
    said = io.StringIO()
    call_command("make_admin", stdout=said)
    # Outside the demo a command runs as manage.py; here `make manage` gives it the settings.
    text = re.sub(r"manage\.py (changepassword \S+)", r'make manage ARGS="\1"', said.getvalue())
    for line in text.splitlines():
        print(f"! {line}", flush=True)


def _collect_files() -> None:
    """Hash and compress the static files, unless none of them changed since the last time."""
    stamp = settings.STATIC_ROOT.parent / FILES_STAMP
    state = fingerprint(_sources())
    if stamp.exists() and stamp.read_text() == state and settings.STATIC_ROOT.exists():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(state)


def _sources() -> Iterable[Path]:
    for folder in settings.STATICFILES_DIRS:
        yield from Path(folder).rglob("*")
    yield from (settings.BASE_DIR / "requirements").glob("*.txt")  # what the packages bring


def fingerprint(paths: Iterable[Path]) -> str:
    """Return a digest of the names, sizes and times of files; it changes when one of them does."""
    lines = []
    for path in sorted(paths):
        status = path.stat()
        lines.append(f"{path}\0{status.st_size}\0{status.st_mtime_ns}")
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


STEPS: tuple[tuple[str, Callable[[], None]], ...] = (
    ("Preparing the database", _migrate),
    ("Loading ICD-10-CM", _load_codes),
    ("Loading the sample content", _load_samples),
    ("Loading the words of the search", _load_search_terms),
    ("Compressing static files", _collect_files),
    ("Making an administrator", _make_admin),  # last, for what it says must stay in sight
)


if __name__ == "__main__":
    sys.exit(main())
