"""Every check that needs no test: ``make check``. Runs all of them, then says which failed."""

import os
import subprocess
import sys
from pathlib import Path

from scripts import localdb
from scripts.problem import exit_code

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# Settings of a production site, for Django's own checks of one.
PRODUCTION = {
    "ALLOWED_HOSTS": "casepilot.example",
    "DJANGO_SETTINGS_MODULE": "casepilot_site.settings",
    "EMAIL_URL": "smtps://casepilot.example:465",
    "SECRET_KEY": "".join(chr(33 + 7 * i % 90) for i in range(60)).replace("'", "-"),
    "SITE_URL": "https://casepilot.example",
}
UNSET = ("CASEPILOT_DEMO", "DEBUG", "REDIS_URL", "TRUSTED_PROXIES", "CSRF_TRUSTED_ORIGINS")
CHECKS: dict[str, list[str]] = {
    "ruff": [f"{BIN}/ruff", "check", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "."],
    "types": [f"{BIN}/mypy"],
    "imports": [f"{BIN}/lint-imports", "--no-logo"],
    "migrations": [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"],
    "deployment": [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"],
}


def main() -> int:
    """Run the checks; 1 if any failed. An empty database stands by: Django asks it for details."""
    environment = {name: value for name, value in os.environ.items() if name not in UNSET}
    with localdb.temporary() as url:
        environment |= PRODUCTION | {"DATABASE_URL": url}
        failed = [
            name for name, command in CHECKS.items() if not _passes(name, command, environment)
        ]
    print(f"failed: {', '.join(failed)}" if failed else f"all {len(CHECKS)} checks pass")
    return 1 if failed else 0


def _passes(name: str, command: list[str], environment: dict[str, str]) -> bool:
    print(f"-- {name}", flush=True)
    return subprocess.run(command, cwd=ROOT, env=environment).returncode == 0


if __name__ == "__main__":
    sys.exit(exit_code(main))
