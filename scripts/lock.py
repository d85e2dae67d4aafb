"""Write requirements/*.txt from pyproject.toml: ``make lock``, or ``make lock ARGS=--upgrade``.

The resolver lives in a throw-away environment. One lock serves Python 3.11 and later on every
system; it holds hashes and no host name. ``dev.txt`` holds everything, the others the same
versions of less.
"""

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

from scripts.problem import Problem, exit_code, explained
from scripts.steps import Step

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "requirements"
OPTIONS = ["--universal", "--python-version=3.11", "--generate-hashes", "--no-header", "--quiet"]
OPTIONS += ["--no-emit-index-url", "--no-emit-find-links"]
EXTRAS = {  # in this order: the first decides the versions
    "dev": ["redis", "model", "demo", "dev"],
    "demo": ["demo"],
    "production": ["redis", "model"],
}


def main() -> int:
    """Lock every list; arguments are handed to the resolver."""
    with explained(FOLDER), tempfile.TemporaryDirectory() as folder:
        with Step("Fetching the resolver"):
            venv.create(folder, with_pip=True)
            _run([f"{folder}/bin/python", "-m", "pip", "install", "--quiet", "uv"])
        for name, extras in EXTRAS.items():
            with Step(f"Locking requirements/{name}.txt"):
                _run([f"{folder}/bin/uv", *_compile(name, extras), *sys.argv[1:]])
            _check(FOLDER / f"{name}.txt")
    return 0


def _compile(name: str, extras: list[str]) -> list[str]:
    command = ["pip", "compile", "pyproject.toml", *OPTIONS, "-o", f"requirements/{name}.txt"]
    command += [f"--extra={extra}" for extra in extras]
    return command if name == "dev" else [*command, "--constraint=requirements/dev.txt"]


def _run(command: list[str]) -> None:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        raise Problem(f"{Path(command[0]).name} failed: {done.stderr.strip()}")


def _check(lock: Path) -> None:
    if "://" in lock.read_text():
        raise Problem(f"{lock} names a host: take the address out of pyproject.toml or the set-up.")


if __name__ == "__main__":
    sys.exit(exit_code(main))
