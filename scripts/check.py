"""Every check that needs no test: ``make check``. Runs all of them, then says which failed."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent

# Settings of a production site, for Django's own checks of one.
PRODUCTION = {
    "ALLOWED_HOSTS": "casepilot.example",
    "DATABASE_URL": "postgresql:///none",
    "DJANGO_SETTINGS_MODULE": "casepilot_site.settings",
    "EMAIL_URL": "smtps://casepilot.example:465",
    "SECRET_KEY": "".join(chr(33 + 7 * i % 90) for i in range(60)).replace("'", "-"),
    "SITE_URL": "https://casepilot.example",
}
UNSET = ("CASEPILOT_DEMO", "DEBUG", "REDIS_URL", "TRUSTED_PROXIES", "CSRF_TRUSTED_ORIGINS")
# The migration check would like to compare with a database; there is none here, and it says so.
NO_DATABASE = "ignore:Got an error checking a consistent migration history:RuntimeWarning"

CHECKS: dict[str, list[str]] = {
    "ruff": [f"{BIN}/ruff", "check", "."],
    "format": [f"{BIN}/ruff", "format", "--check", "."],
    "types": [f"{BIN}/mypy"],
    "imports": [f"{BIN}/lint-imports", "--no-logo"],
    "migrations": [
        sys.executable, "-W", NO_DATABASE, "manage.py", "makemigrations", "--check", "--dry-run",
    ],
    "deployment": [sys.executable, "manage.py", "check", "--deploy", "--fail-level=WARNING"],
}  # fmt: skip


def main() -> int:
    """Run the checks; 1 if any failed."""
    environment = {name: value for name, value in os.environ.items() if name not in UNSET}
    failed = []
    for name, command in CHECKS.items():
        print(f"-- {name}", flush=True)
        done = subprocess.run(command, cwd=ROOT, env=environment | PRODUCTION)
        if done.returncode != 0:
            failed.append(name)
    print(f"failed: {', '.join(failed)}" if failed else f"all {len(CHECKS)} checks pass")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
