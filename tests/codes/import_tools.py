"""What the tests of imports share: the command, the two hand-made editions, a wait for a lock."""

import time
from io import StringIO
from pathlib import Path
from typing import Any

import psycopg
from django.core.management import call_command

DATA = Path(__file__).parent.parent / "data"


def import_codes(*arguments: str, **options: Any) -> str:
    """Run the command with no one at the terminal, and return what it says."""
    out = StringIO()
    values: dict[str, Any] = {"verbosity": 0, "stderr": StringIO(), "no_input": True}
    call_command("import_codes", *arguments, stdout=out, **values | options)
    return out.getvalue()


def edition(number: int) -> list[str]:
    """Return the files of a hand-made edition of ICD-10-CM."""
    return [str(path) for path in sorted((DATA / "icd10cm" / str(number)).iterdir())]


def import_two_editions() -> None:
    """Load ICD-10-CM of October 2025 and April 2026, the two hand-made editions."""
    for number in (1, 2):
        import_codes("icd-10-cm", *edition(number))


def wait_until_somebody_waits(server: psycopg.Connection) -> None:
    """Return when a session waits for an advisory lock; at most a minute."""
    waiting = """
        SELECT FROM pg_locks JOIN pg_database d ON d.oid = database
        WHERE locktype = 'advisory' AND NOT granted AND d.datname = current_database()
    """
    deadline = time.monotonic() + 60
    while server.execute(waiting).fetchone() is None:
        assert time.monotonic() < deadline, "Nobody waits."
        time.sleep(0.02)
