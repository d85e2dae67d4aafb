"""Make ``.venv`` and install the locked packages; do nothing when that has been done.

Runs on the machine's own Python with nothing but the standard library.

``VENV`` names another folder beside it, for another Python: ``make test PYTHON=python3.13
VENV=.venv-3.13``.

    python3 -m scripts.bootstrap demo|dev
"""

import fcntl
import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scripts.problem import Problem, exit_code, explained
from scripts.steps import Step

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / os.environ.get("VENV", ".venv")
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
# A lock, and the locks that hold everything it holds in the same versions.
LOCKS = {"demo": ("demo", "dev"), "dev": ("dev",)}

# What pip says -> what to do about it.
COMPLAINTS = (
    (
        r"No space left on device",
        "The disk is full: the packages need about 400 MB. Free some space.",
    ),
    (
        r"DO NOT MATCH THE HASHES",
        "A downloaded package is not the one that was locked. Try again; if it stays so, the "
        "package index or a proxy changes files.",
    ),
    (
        r"Connection refused|Max retries exceeded|name resolution|Network is unreachable"
        r"|timed out|ProxyError|SSLError|ConnectionResetError",
        "The package index cannot be reached. Check the network and pip's proxy settings.",
    ),
    (
        r"command '?[\w./-]*(?:gcc|cc|clang|g\+\+)'? failed|unable to execute|Failed building"
        r"|compiler|Python\.h",
        "A package has no ready-made build for this machine, and there is no C compiler to build "
        "it. Install one, on Debian with: apt-get install build-essential python3-dev",
    ),
    (
        r"No matching distribution found|Could not find a version",
        "A locked package is not to be had for this machine and Python, or the package index "
        "does not have it.",
    ),
)


def main() -> int:
    """Make the environment that the named lock describes."""
    name = sys.argv[1] if len(sys.argv) == 2 else ""
    if name not in LOCKS:
        raise Problem(f"Say which lock to install: {' or '.join(LOCKS)}.")
    if VENV.parent != ROOT or not VENV.name.startswith(".venv"):
        raise Problem(f"VENV={VENV} is not a name such as .venv-3.13; it is removed and remade.")
    if sys.version_info < OLDEST:
        here = ".".join(map(str, sys.version_info[:2]))
        raise Problem(f"Python {here} is too old: CasePilot needs 3.11. Try PYTHON=python3.11.")
    with explained(VENV), _locked():
        if not is_current(name):
            _make(name)
    return 0


def is_current(name: str) -> bool:
    """Tell whether the environment works and holds the named lock."""
    return any(_stamp(lock) == _fingerprint(lock) for lock in LOCKS[name]) and _runs()


def _make(name: str) -> None:
    if _moved() or not _has_pip():
        _make_venv()
    with Step("Installing packages") as step:
        _install(name, step)
    # As an editable install would: `.venv/bin/pytest` finds the project as `python -m pytest` does.
    for packages in (VENV / "lib").glob("python3*/site-packages"):
        (packages / "casepilot.pth").write_text(f"{ROOT}\n")
    _stamp_file(name).write_text(_fingerprint(name))


def _moved() -> bool:
    """Tell whether the environment was made in another folder, which its programs still name."""
    links = (VENV / "lib").glob("python3*/site-packages/casepilot.pth")
    return any(link.read_text() != f"{ROOT}\n" for link in links)


def _make_venv() -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        raise Problem(
            "This Python cannot make virtual environments. Install what is missing, on Debian "
            "with: apt-get install python3-venv"
        )
    with Step(f"Making {VENV.name}"):
        shutil.rmtree(VENV, ignore_errors=True)
        done = subprocess.run(
            [sys.executable, "-m", "venv", VENV], capture_output=True, text=True, cwd=ROOT
        )
    if done.returncode != 0:
        said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
        raise Problem(
            f"Could not make {VENV.name}: {said[-1]} On Debian, this may help: "
            "apt-get install python3-venv"
        )


def _install(name: str, step: Step) -> None:
    """Install a lock with hashes; what pip says goes to ``.venv/pip.log``."""
    lock = ROOT / "requirements" / f"{name}.txt"
    wanted = len(re.findall(r"^[a-z0-9].*==", lock.read_text(), re.MULTILINE))
    command = [PYTHON, "-m", "pip", "install", "--require-hashes", "--no-deps", "-r", lock]
    command += ["--disable-pip-version-check", "--no-input", "--progress-bar=off"]
    log = VENV / "pip.log"
    with log.open("w") as record, _pip([*map(str, command)]) as pip:
        seen = 0
        for line in pip.stdout or ():
            record.write(line)
            if line.startswith(("Collecting ", "Requirement already satisfied")):
                seen += 1
                step.note(f"{seen} of {wanted}")
            elif line.startswith("Installing collected"):
                step.note("unpacking")
    if pip.returncode != 0:
        raise Problem(complaint(log.read_text(), log))


@contextmanager
def _pip(command: list[str]) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        cwd=ROOT,
    ) as process:
        try:
            yield process
        except BaseException:
            process.terminate()
            raise


def complaint(log: str, path: Path) -> str:
    """Return in one line why pip failed and what to do, from what it said."""
    for pattern, sentence in COMPLAINTS:
        if re.search(pattern, log):
            return f"{sentence} Details: {path}"
    said = [line for line in log.splitlines() if line.startswith("ERROR:")] or ["no reason given"]
    return f"pip could not install the packages: {said[-1]} Details: {path}"


@contextmanager
def _locked() -> Iterator[None]:
    """Let one process at a time work on ``.venv``; others wait."""
    with (ROOT / "requirements" / "dev.txt").open() as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _stamp_file(name: str) -> Path:
    return VENV / f"locked-{name}"


def _stamp(name: str) -> str:
    try:
        return _stamp_file(name).read_text()
    except FileNotFoundError:
        return ""


def _fingerprint(name: str) -> str:
    lock = (ROOT / "requirements" / f"{name}.txt").read_bytes()
    return hashlib.sha256(lock + str(ROOT).encode()).hexdigest()


def _runs() -> bool:
    return _succeeds("-c", "")


def _has_pip() -> bool:
    return _succeeds("-m", "pip", "--version")


def _succeeds(*arguments: str) -> bool:
    try:
        done = subprocess.run([PYTHON, *arguments], capture_output=True)
    except OSError:
        return False
    return done.returncode == 0


if __name__ == "__main__":
    sys.exit(exit_code(main))
