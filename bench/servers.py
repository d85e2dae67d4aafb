"""Starts servers for a benchmark, and reads how much CPU they used."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path

TICKS = os.sysconf("SC_CLK_TCK")  # per second
STARTS_WITHIN = 60  # seconds


class ServerDidNotStartError(RuntimeError):
    """A server gave no answer in time."""


def settings_for(url: str) -> dict[str, str]:
    """Return the environment of a site on a database, set as in production but for its mail."""
    return {
        "DATABASE_URL": url,
        "DJANGO_SETTINGS_MODULE": "casepilot_site.settings",
        "SECRET_KEY": "only-for-the-benchmark-" * 3,
        "SITE_URL": "http://127.0.0.1:8000",
        "EMAIL_URL": "console://",
        "TRUSTED_PROXIES": "127.0.0.1/32",
        "DEBUG": "0",
    }


def free_port() -> int:
    """Return a port of this machine that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def gunicorn(application: str, environment: Mapping[str, str], path: str) -> Iterator["Served"]:
    """Serve a WSGI application with one worker of four threads until the block ends.

    ``path`` is asked until it answers, so that the first measured request starts nothing up.
    """
    port = free_port()
    command = [sys.executable, "-m", "gunicorn", application, "--bind", f"127.0.0.1:{port}"]
    command += ["--worker-class", "gthread", "--workers", "1", "--threads", "4"]
    command += ["--no-control-socket", "--keep-alive", "60", "--log-level", "warning"]
    process = subprocess.Popen(command, env=os.environ | environment)
    try:
        _await(port, path, process)
        yield Served(process.pid, port)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


class Served:
    """A server that runs: its port, and the CPU of its workers."""

    def __init__(self, pid: int, port: int) -> None:
        self.pid = pid
        self.port = port

    def cpu_seconds(self) -> float:
        """Return the CPU that the workers have used since they started, user and system."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text()
        return sum(_cpu(int(pid)) for pid in children.split())


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _await(port: int, path: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=STARTS_WITHIN)
            connection.request("HEAD", path)
            if connection.getresponse().status < 500:
                return
        time.sleep(0.1)
    raise ServerDidNotStartError(f"Port {port} did not answer {path}.")
