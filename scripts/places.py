"""Where the local database keeps its files (``scripts.localdb``).

Below its folder the server keeps

- ``data/``: the cluster, and ``data.new/`` while it is being made (renamed when complete);
- ``log``: what the server said since its last start;
- ``lock``: held by whoever starts or stops it, so that many starts at once make one server;
- ``run/``: the socket. There is no TCP port, and only the folder's owner can reach the socket.
"""

import hashlib
import os
import re
import tempfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from scripts.postgres import Identity, reachable
from scripts.problem import Problem

NAME = "casepilot"  # of the database and of its superuser
LONGEST_SOCKET = 99  # bytes; the kernel allows 107 with the terminating zero


@dataclass(frozen=True, slots=True)
class Place:
    """The files of one server; see the module's docstring."""

    home: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def unfinished(self) -> Path:
        return self.home / "data.new"

    @property
    def log(self) -> Path:
        return self.home / "log"

    @property
    def pid_file(self) -> Path:
        return self.data / "postmaster.pid"

    @property
    def socket_folder(self) -> Path:
        return socket_folder(self.home)

    @property
    def url(self) -> str:
        return f"postgresql://{NAME}@/{NAME}?host={quote(str(self.socket_folder), safe='/')}"


def socket_folder(home: Path) -> Path:
    """Return the folder of the socket: ``home/run``, or a short one where that cannot be used.

    The kernel limits a socket's path, and PostgreSQL reads a comma as the end of one.
    """
    own = home / "run"
    if _fits(own):
        return own
    name = f"{NAME}-{os.geteuid()}-{_digest(home)}"
    short = Path(tempfile.gettempdir()) / name
    return short if _fits(short) else Path("/tmp") / name  # noqa: S108 - made 0700, owner checked


def _fits(folder: Path) -> bool:
    path = f"{folder}/.s.PGSQL.5432"
    return len(os.fsencode(path)) <= LONGEST_SOCKET and not re.search(r"[^\w./+-]", path)


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.resolve())).hexdigest()[:12]


def place_of(folder: Path, identity: Identity) -> Place:
    """Return where the server of ``folder`` keeps its files.

    That is the folder itself, except for a root without user namespaces whose folder another
    user cannot enter: then it is a folder of that user under ``/var/tmp``.
    """
    folder = folder.resolve()
    if identity.uid is None or reachable(_nearest(folder), identity.uid):
        return Place(folder)
    return Place(Path("/var/tmp") / f"{NAME}-{_digest(folder)}")  # noqa: S108 - owner checked


def _nearest(path: Path) -> Path:
    return next(parent for parent in (path, *path.parents) if parent.exists())


def written_by(place: Place) -> int | None:
    """Return the major version of the existing cluster; ``None`` if there is none yet.

    A folder that is not a whole cluster is a ``Problem``: nobody's data are removed unasked.
    """
    if not place.data.exists():
        return None
    try:
        version = (place.data / "PG_VERSION").read_text().strip()
    except FileNotFoundError:
        version = ""
    if not version.isdigit() or not (place.data / "global" / "pg_control").exists():
        raise Problem(
            f"{place.data} is not a complete database, perhaps a copy that was interrupted. "
            f"Put the rest back, or remove it with: rm -r {place.data}"
        )
    return int(version)
