"""What is committed: locks with hashes and no host, every setting explained, one closing line."""

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

from scripts import lock
from scripts.pytest_database import documented_settings

ROOT = Path(__file__).resolve().parents[2]
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))


def pins(path: Path) -> dict[str, str]:
    """Return what a lock pins: name and marker -> version."""
    found = re.findall(r"^([a-z0-9-]+)==([^ ]+)( ; .+?)? \\$", path.read_text(), re.MULTILINE)
    return {name + marker: version for name, version, marker in found}


def test_there_is_a_lock_for_each_purpose() -> None:
    assert {path.stem for path in LOCKS} == set(lock.EXTRAS)


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.stem)
def test_a_lock_names_no_host_and_has_a_hash_for_everything(path: Path) -> None:
    text = path.read_text()
    assert "://" not in text
    requirements = re.split(r"\n(?=[a-z0-9])", text.strip())
    assert all("--hash=sha256:" in one for one in requirements)
    assert len(pins(path)) == len(requirements)


@pytest.mark.parametrize("name", [name for name in lock.EXTRAS if name != "dev"])
def test_the_development_lock_holds_the_others(name: str) -> None:
    small, large = (pins(ROOT / "requirements" / f"{one}.txt") for one in (name, "dev"))
    assert small.items() <= large.items()


def test_the_locks_hold_what_pyproject_asks_for() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    for name, wanted in lock.EXTRAS.items():
        asked = project["dependencies"] + [line for extra in wanted for line in extras[extra]]
        locked = {pin.split(" ;")[0] for pin in pins(ROOT / "requirements" / f"{name}.txt")}
        assert {re.split(r"[\[>=<]", one)[0].lower() for one in asked} <= locked


def test_every_dependency_says_why_it_is_there() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    block = text[text.index("dependencies = [") : text.index("[tool.ruff]")]
    lines = [line for line in block.splitlines() if line.startswith('  "')]
    assert len(lines) > 20
    assert all("#" in line for line in lines)


def test_every_setting_is_explained_in_the_example() -> None:
    tree = ast.parse((ROOT / "casepilot_site" / "settings.py").read_text())
    read = {
        call.args[0].value
        for call in ast.walk(tree)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and call.func.value.id == "env"
        and isinstance(call.args[0], ast.Constant)
    }
    assert documented_settings() - {"POSTGRES_PASSWORD"} == read


def test_the_checks_are_a_valid_script() -> None:
    subprocess.run(["bash", "-n", ROOT / ".ci" / "run"], check=True)
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111
    *_, parallel, last = re.findall(
        r"^(?:parallel=|REQUIRE_BROWSER=1 make test).*", (ROOT / ".ci" / "run").read_text(), re.M
    )
    assert parallel == "parallel='-n auto --maxprocesses 4 --dist loadfile'"  # leaves nothing out
    assert last == 'REQUIRE_BROWSER=1 make test ARGS="$parallel"'
