"""Making .venv: done once, remade when the lock changes, every failure in one line."""

import importlib.util
import os
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from scripts import bootstrap
from scripts.problem import Problem

ROOT = Path(__file__).resolve().parents[2]


def test_every_failure_of_pip_is_one_line_with_the_log() -> None:
    said = "ERROR: boom\nERROR: something unheard of"
    line = bootstrap.complaint(said, Path("/pip.log"))
    assert line.endswith("something unheard of Details: /pip.log")
    assert "\n" not in line


@pytest.mark.parametrize(
    ("said", "advice"),
    [
        ("error: command 'gcc' failed: No such file or directory", "no C compiler"),
        ("error: command '/usr/bin/x86_64-linux-gnu-gcc' failed with exit code 1", "no C compiler"),
        ("unable to execute 'x86_64-linux-gnu-gcc': No such file", "no C compiler"),
        ("OSError: [Errno 28] No space left on device", "The disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE FILE", "not the one that was"),
        ("Retrying: NewConnectionError: Temporary failure in name resolution", "cannot be reached"),
        ("ERROR: No matching distribution found for x==1", "is not to be had"),
        ("", "no reason given"),
    ],
)
def test_the_usual_failures_come_with_advice(said: str, advice: str) -> None:
    assert advice in bootstrap.complaint(said, Path("/pip.log"))


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose environment is made without pip, in a moment and without a network."""
    (tmp_path / "requirements").mkdir()
    for name in ("demo", "dev"):
        (tmp_path / "requirements" / f"{name}.txt").write_text("# nothing\n")
    monkeypatch.setattr(bootstrap, "ROOT", tmp_path)
    monkeypatch.setattr(bootstrap, "_make_venv", make_small_venv)
    monkeypatch.setattr(bootstrap, "_install", lambda name, step: None)
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(bootstrap, "PYTHON", tmp_path / ".venv" / "bin" / "python")
    return tmp_path


def make_small_venv() -> None:
    venv.create(bootstrap.VENV, clear=True, symlinks=True, with_pip=False)


def run(monkeypatch: pytest.MonkeyPatch, name: str = "demo") -> None:
    monkeypatch.setattr(sys, "argv", ["bootstrap", name])
    assert bootstrap.main() == 0


def test_it_is_made_once_and_again_when_the_lock_changes(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not bootstrap.is_current("demo")
    run(monkeypatch)
    assert bootstrap.is_current("demo")
    assert not bootstrap.is_current("dev")
    made: list[str] = []
    monkeypatch.setattr(bootstrap, "_make", made.append)
    run(monkeypatch)
    assert made == []
    (project / "requirements" / "demo.txt").write_text("# something else\n")
    run(monkeypatch)
    assert made == ["demo"]


def test_what_holds_everything_serves_the_demo_too(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch, "dev")
    assert bootstrap.is_current("demo")


def test_an_environment_made_elsewhere_is_remade(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run(monkeypatch)
    link = next((project / ".venv" / "lib").glob("python3*/site-packages/casepilot.pth"))
    link.write_text("/elsewhere\n")
    assert bootstrap._moved()


def test_an_unfinished_one_is_remade(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (project / ".venv" / "bin").mkdir(parents=True)
    (project / ".venv" / "bin" / "python").write_text("not a program")
    run(monkeypatch)
    assert bootstrap.is_current("demo")


@pytest.mark.parametrize(
    ("arguments", "environment", "advice"),
    [
        ([], {}, "Say which lock"),
        (["production"], {}, "Say which lock"),
        (["demo"], {"VENV": "/"}, "not a name"),
        (["demo"], {"VENV": "codes"}, "not a name"),
        (["demo"], {"VENV": ".venv/../codes"}, "not a name"),
    ],
)
def test_a_wrong_call_is_one_line(
    arguments: list[str], environment: dict[str, str], advice: str
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "scripts.bootstrap", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert done.returncode == 1
    assert advice in done.stderr
    assert done.stderr.count("\n") == 1


def test_a_python_without_venv_is_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bootstrap, "VENV", tmp_path / ".venv")
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(Problem, match="apt-get install python3-venv"):
        bootstrap._make_venv()


def test_an_old_python_is_explained(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "OLDEST", (9, 0))
    with pytest.raises(Problem, match="is too old"):
        run(monkeypatch)
