"""Run one ``manage.py`` command on the demo's data: ``make manage ARGS="changepassword …"``.

Works beside a running demo and without one.
"""

import subprocess
import sys

from scripts import demo
from scripts.problem import Problem, exit_code, explained


def main() -> int:
    """Hand the arguments to ``manage.py``; its exit code is this one's."""
    if not (demo.DATA / "secret_key").exists():
        raise Problem("There is no demo yet. Make it with: make demo")
    with explained(demo.DATA), demo.database(keep=True) as url:
        command = [sys.executable, "manage.py", *sys.argv[1:]]
        return subprocess.run(command, cwd=demo.ROOT, env=demo.settings(8000, url)).returncode


if __name__ == "__main__":
    sys.exit(exit_code(main))
