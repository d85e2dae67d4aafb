"""Run the whole site on this machine until Ctrl-C: ``make demo``.

Everything it keeps is below ``.data/``. The database is the embedded one (``scripts.localdb``),
or the server that ``DATABASE_URL`` names.

    python -m scripts.demo [--port 8000]
    python -m scripts.demo --clean [--yes]
"""

import argparse
import contextlib
import errno
import fcntl
import http.client
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import NoReturn

import psycopg

from scripts import localdb
from scripts.places import place_of
from scripts.postgres import identity
from scripts.problem import Problem, exit_code, explained
from scripts.steps import Step

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT / ".data"
HOST = "127.0.0.1"
START_UP = 60.0  # seconds until the first page must come
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE = 10.0  # seconds a program has to end by itself


@dataclass(frozen=True, slots=True)
class Part:
    """One program of the demo."""

    name: str
    command: tuple[str, ...]

    @property
    def log(self) -> Path:
        return DATA / f"{self.name}.log"


def parts(port: int) -> list[Part]:
    """Return the programs that make up the site: the server and the worker for mail and tasks."""
    server = "gunicorn casepilot_site.wsgi --worker-class gthread --workers 2 --threads 4"
    server += f" --bind {HOST}:{port} --no-control-socket --graceful-timeout 5 --log-level warning"
    return [
        Part("web", (sys.executable, "-m", *server.split())),
        Part("worker", (sys.executable, "manage.py", "procrastinate", "worker")),
    ]


def main() -> int:
    """Run the demo, or with ``--clean`` remove everything that it keeps."""
    parser = argparse.ArgumentParser(description="Run CasePilot on this machine.")
    parser.add_argument("--port", default="8000")
    parser.add_argument("--clean", action="store_true", help="remove the demo's data")
    parser.add_argument("--yes", action="store_true", help="do not ask before removing")
    chosen = parser.parse_args()
    for number in STOPPING:
        signal.signal(number, _interrupt)
    if chosen.clean:
        return clean(sure=chosen.yes)
    return serve(port_number(chosen.port))


def serve(port: int) -> int:
    """Set everything up, serve until Ctrl-C or SIGTERM, and stop everything again."""
    with explained(DATA), contextlib.ExitStack() as stack:
        _make_private(DATA)
        stack.enter_context(_only_one())
        check_port(port)
        environment = settings(port, stack.enter_context(database()))
        with contextlib.suppress(KeyboardInterrupt):
            set_up(environment)
            _serve(parts(port), environment, port)
    print("Stopped; nothing is lost. `make demo` starts it again.", flush=True)
    return 0


def clean(*, sure: bool) -> int:
    """Remove ``.data/`` with the demo's database, mails and key, after asking."""
    if not DATA.exists():
        print("There is nothing to remove.")
        return 0
    if not sure and not _agrees():
        print("Nothing was removed.")
        return 1
    with explained(DATA), _only_one():
        localdb.stop(DATA / "postgres")
        home = place_of(DATA / "postgres", identity()).home
        shutil.rmtree(home, ignore_errors=True)
        shutil.rmtree(DATA)
    print("Removed. `make demo` starts anew.")
    return 0


def _agrees() -> bool:
    if not sys.stdin.isatty():
        raise Problem(f"This removes {DATA} for good. To do so unasked: make clean-demo YES=1")
    answer = input(f"Remove {DATA} with the demo's database, mails and accounts? [y/N] ")
    return answer.strip().lower() in {"y", "yes"}


# --- Before it starts ------------------------------------------------------------------------


def port_number(text: str) -> int:
    """Return a TCP port from what was typed."""
    if text.isascii() and text.isdigit() and 0 < int(text) < 65536:
        return int(text)
    raise Problem(f"PORT={text} is not a port: write a number from 1 to 65535.")


def check_port(port: int) -> None:
    """Refuse a port that cannot be served on, before any long step begins."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise Problem(_port_sentence(port, error)) from error


def _port_sentence(port: int, error: OSError) -> str:
    if error.errno == errno.EADDRINUSE:
        other = port + 1 if port < 65535 else 8000
        return (
            f"Port {port} is used by another program. Stop that one, or take another port: "
            f"make demo PORT={other}"
        )
    return f"Port {port} cannot be used ({error.strerror}). Take another: make demo PORT=8000"


def settings(port: int, database: str) -> dict[str, str]:
    """Return the environment of the demo's programs: this one's, with the demo's settings."""
    return {
        **os.environ,
        "CASEPILOT_DEMO": "1",
        "DATABASE_URL": database,
        "DJANGO_SETTINGS_MODULE": "casepilot_site.settings",
        "PYTHONUNBUFFERED": "1",
        "SECRET_KEY": secret_key(DATA / "secret_key"),
        "SITE_URL": f"http://{HOST}:{port}",
    }


def secret_key(path: Path) -> str:
    """Return the key kept in a file that only its owner reads; make one the first time."""
    if not path.exists() or not path.read_text().strip():
        path.unlink(missing_ok=True)
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
    return path.read_text().strip()


def _make_private(folder: Path) -> None:
    folder.mkdir(mode=0o700, exist_ok=True)
    folder.chmod(0o700)  # it may be older than the demo, and open to everybody


@contextmanager
def _only_one() -> Iterator[None]:
    """Hold the mark of a running demo; refuse a second one on the same data."""
    with (DATA / "demo.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Problem(
                "The demo of this folder is running already. Use it, or stop it with Ctrl-C "
                "where it runs."
            ) from error
        yield


@contextmanager
def database(*, keep: bool = False) -> Iterator[str]:
    """Give the address of the database, keeping the embedded server running if it is that.

    Afterwards that server is stopped, whoever started it: a demo that was killed may have left it.
    With ``keep`` it goes on if it ran before.
    """
    named = os.environ.get("DATABASE_URL", "").strip()
    if named:
        _check_server(named)
        yield named
        return
    folder = DATA / "postgres"
    with Step("Starting the database"):
        server = localdb.start(folder)
    try:
        yield server.url
    finally:
        if server.process is not None or not keep:
            localdb.stop(folder)
        if server.process is not None:
            server.process.wait()


def _check_server(url: str) -> None:
    try:
        psycopg.connect(url, connect_timeout=10).close()
    except psycopg.Error as error:
        said = str(error).strip().splitlines() or ["no reason given"]
        raise Problem(f"The server of DATABASE_URL cannot be used: {said[-1]}") from error


def set_up(environment: Mapping[str, str]) -> None:
    """Migrate, load the content, make an administrator, collect the static files."""
    log = DATA / "setup.log"
    step: Step | None = None
    with log.open("w") as record, contextlib.ExitStack() as stack:
        process = stack.enter_context(_setup_process(environment, record.fileno()))
        current = stack.enter_context(contextlib.ExitStack())
        for line in process.stdout or ():
            text = line.strip()
            if text.startswith("> "):
                current.close()
                step = current.enter_context(Step(text[2:]))
            elif text.startswith("! "):
                print(f"  {text[2:]}", flush=True)
            elif text and step is not None:
                step.note(text)
        code = process.wait()
        if code != 0:
            title = step.title if step else "Starting Django"
            said = log.read_text(errors="replace").strip().splitlines() or [f"exit code {code}"]
            raise Problem(f"{title} failed: {said[-1]} Details: {log}")


@contextmanager
def _setup_process(environment: Mapping[str, str], errors: int) -> Iterator[subprocess.Popen[str]]:
    with subprocess.Popen(
        [sys.executable, "-m", "scripts.child", sys.executable, "-m", "scripts.demo_setup"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=errors,
        text=True,
        errors="replace",
        cwd=ROOT,
        env=dict(environment),
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            _end(process)


# --- While it runs ---------------------------------------------------------------------------


def _serve(programs: list[Part], environment: Mapping[str, str], port: int) -> NoReturn:
    """Run the programs until the person stops them; if one ends by itself, say which."""
    with contextlib.ExitStack() as stack:
        started: list[tuple[Part, subprocess.Popen[bytes]]] = []
        with Step("Starting the site"):
            for part in programs:
                started.append((part, stack.enter_context(_program(part, environment))))
            stack.callback(_ask_to_end, started)
            _await_answer(started, port)
        print(f"\nCasePilot runs at http://{HOST}:{port}/\nCtrl-C stops it.", flush=True)
        while True:
            _check_alive(started)
            time.sleep(0.3)


def _await_answer(started: list[tuple[Part, subprocess.Popen[bytes]]], port: int) -> None:
    deadline = time.monotonic() + START_UP
    while not healthy(port):
        _check_alive(started)
        if time.monotonic() > deadline:
            raise Problem(f"The site does not answer on port {port}; see {DATA}/web.log.")
        time.sleep(0.1)


def _ask_to_end(started: list[tuple[Part, subprocess.Popen[bytes]]]) -> None:
    """Ask all at once, so that they end side by side."""
    for _, process in started:
        process.terminate()


def _check_alive(started: list[tuple[Part, subprocess.Popen[bytes]]]) -> None:
    for part, process in started:
        code = process.poll()
        if code is not None:
            raise Problem(f"The {part.name} program ended by itself ({_how(code)}); see {part.log}")


def _how(code: int) -> str:
    return f"signal {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def healthy(port: int) -> bool:
    """Tell whether the site says of itself that it works."""
    connection = http.client.HTTPConnection(HOST, port, timeout=2)
    try:
        connection.request("GET", "/health/")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


@contextmanager
def _program(part: Part, environment: Mapping[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    """Keep a program running; it has a session of its own, so Ctrl-C reaches only this one."""
    with part.log.open("wb") as log:
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.child", *part.command],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=ROOT,
            env=dict(environment),
            start_new_session=True,
        )
    try:
        yield process
    finally:
        _end(process)


def _end(process: subprocess.Popen[bytes] | subprocess.Popen[str]) -> None:
    """End a program and what it started: politely, then by force."""
    if process.poll() is None:
        process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(GRACE)
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def _interrupt(number: int, frame: FrameType | None) -> NoReturn:
    """Begin to stop. Once is enough: a second Ctrl-C would only leave something running."""
    for each in STOPPING:
        signal.signal(each, signal.SIG_IGN)
    print("\nStopping …", flush=True)
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(exit_code(main))
