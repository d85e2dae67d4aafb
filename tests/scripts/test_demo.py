"""The demo's parts: its port, key, environment, lock, and one line for each thing that fails."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from scripts import demo, demo_manage, demo_setup
from scripts.demo import Part
from scripts.problem import Problem, exit_code, explained
from scripts.steps import Step

WAIT = 60  # seconds until a test fails that would hang


@pytest.fixture(autouse=True)
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / ".data"
    folder.mkdir()
    monkeypatch.setattr(demo, "DATA", folder)
    return folder


@pytest.fixture
def _signals() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in demo.STOPPING}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


# --- Before it starts ------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["", "0", "65536", "-1", "80a", "８０"])
def test_a_port_that_is_none_is_explained(text: str) -> None:
    with pytest.raises(Problem, match="is not a port"):
        demo.port_number(text)


def test_a_busy_port_is_explained_with_another_one() -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind((demo.HOST, 0))  # nobody else gets it
        port = taken.getsockname()[1]
        demo.check_port(port)
        taken.listen()
        with pytest.raises(Problem, match=rf"Port {port} is used .* make demo PORT=\d+"):
            demo.check_port(port)


def test_the_key_is_kept_and_only_its_owner_reads_it(data: Path) -> None:
    key = demo.secret_key(data / "secret_key")
    assert len(key) >= 50
    assert demo.secret_key(data / "secret_key") == key
    assert (data / "secret_key").stat().st_mode & 0o777 == 0o600


def test_the_folder_is_private_even_if_it_was_there(data: Path) -> None:
    data.chmod(0o755)
    demo._make_private(data)
    assert data.stat().st_mode & 0o777 == 0o700


def test_an_empty_key_file_of_an_interrupted_run_is_replaced(data: Path) -> None:
    (data / "secret_key").touch()
    assert demo.secret_key(data / "secret_key")


def test_the_programs_get_the_settings_of_a_demo(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SITE_URL", "https://elsewhere.example")
    environment = demo.settings(8123, "postgresql:///x")
    assert environment["CASEPILOT_DEMO"] == "1"
    assert environment["SITE_URL"] == "http://127.0.0.1:8123"
    assert environment["DATABASE_URL"] == "postgresql:///x"
    assert environment["PATH"] == os.environ["PATH"]


def test_a_second_demo_on_the_same_data_is_refused(data: Path) -> None:
    with (data / "demo.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(Problem, match="running already"):
            demo.serve(8000)


def test_a_named_server_is_used_as_it_is() -> None:
    url = os.environ["DATABASE_URL"]  # that of the tests
    with demo.database() as given:
        assert given == url


def test_a_named_server_that_is_not_there_is_explained(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(Problem, match="DATABASE_URL cannot be used"), demo.database():
        pass


# --- Setting up ------------------------------------------------------------------------------


def fake_setup(monkeypatch: pytest.MonkeyPatch, code: str) -> None:
    """Let another program stand for the set-up."""
    popen = subprocess.Popen

    def instead(command: list[str], **options: object) -> subprocess.Popen[str]:
        return popen([*command[:3], sys.executable, "-c", code], **options)  # type: ignore[call-overload, no-any-return]  # the options are those of the original call

    monkeypatch.setattr(subprocess, "Popen", instead)


def test_what_the_set_up_says_to_a_person_is_shown(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scripts.steps.QUIET", WAIT)  # no step is long here
    fake_setup(monkeypatch, "print('> One'); print('12 rows'); print('! Password: x')")
    demo.set_up(os.environ)
    assert capsys.readouterr().out == "  Password: x\n"


def test_a_failed_step_is_one_line_that_names_it(
    monkeypatch: pytest.MonkeyPatch, data: Path
) -> None:
    fake_setup(monkeypatch, "print('> Loading', flush=True); raise LookupError('no such file')")
    with pytest.raises(Problem) as problem:
        demo.set_up(os.environ)
    said = f"Loading failed: LookupError: no such file Details: {data}/setup.log"
    assert str(problem.value) == said
    assert "Traceback" in (data / "setup.log").read_text()


def test_files_are_collected_again_only_after_a_change(tmp_path: Path) -> None:
    file = tmp_path / "a.css"
    file.write_text("a")
    before = demo_setup.fingerprint([file])
    assert demo_setup.fingerprint([file]) == before
    file.write_text("ab")
    assert demo_setup.fingerprint([file]) != before


# --- While it runs ---------------------------------------------------------------------------


def test_a_program_that_ends_by_itself_is_named(data: Path) -> None:
    part = Part("worker", (sys.executable, "-c", "raise SystemExit(3)"))
    with demo._program(part, os.environ) as process:
        process.wait()
        with pytest.raises(Problem, match=r"The worker program ended by itself \(exit code 3\)"):
            demo._check_alive([(part, process)])


def test_a_killed_program_is_named_with_the_signal(data: Path) -> None:
    part = Part("web", ("sleep", "60"))
    with demo._program(part, os.environ) as process:
        process.kill()
        process.wait()
        with pytest.raises(Problem, match="signal SIGKILL"):
            demo._check_alive([(part, process)])


def test_a_program_and_its_children_are_gone_afterwards(data: Path) -> None:
    shell = "trap '' TERM; sleep 60 & echo $!; wait; sleep 60"
    part = Part("web", ("sh", "-c", shell))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo, "GRACE", 0.2)
        with demo._program(part, os.environ):
            _await(lambda: (data / "web.log").read_text().endswith("\n"), "no child was started")
    _await_end(int((data / "web.log").read_text()))


def _await(done: Callable[[], bool], otherwise: str) -> None:
    """Wait until something is so; fail if that does not come."""
    deadline = time.monotonic() + WAIT
    while not done():
        assert time.monotonic() < deadline, otherwise
        time.sleep(0.02)


def _await_end(pid: int) -> None:
    """Wait until a program has ended, for a killed one takes its time; fail if it does not."""
    _await(lambda: not _runs(pid), f"program {pid} still runs")


def _runs(pid: int) -> bool:
    """Tell whether a program runs; one that ended may wait for its parent as a zombie."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):  # gone, or gone while it was read
        return False
    return state not in {"Z", "X"}


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's promise is Linux's")
def test_a_program_ends_when_its_starter_is_killed() -> None:
    code = "import subprocess, sys, time\n"
    code += "child = subprocess.Popen([sys.executable, '-m', 'scripts.child', 'sleep', '300'])\n"
    code += "print(child.pid, flush=True); time.sleep(300)"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, cwd=demo.ROOT
    ) as starter:
        assert starter.stdout is not None
        child = int(starter.stdout.readline())
        name = Path(f"/proc/{child}/comm")
        _await(lambda: name.read_text() == "sleep\n", "the program was not started")
        starter.kill()
    _await_end(child)


def test_a_site_that_is_not_there_is_not_healthy() -> None:
    assert not demo.healthy(1)


@pytest.mark.usefixtures("_signals")
def test_the_first_signal_stops_and_the_second_is_ignored() -> None:
    signal.signal(signal.SIGTERM, demo._interrupt)
    with pytest.raises(KeyboardInterrupt):
        os.kill(os.getpid(), signal.SIGTERM)
    os.kill(os.getpid(), signal.SIGTERM)
    assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN


# --- Around it -------------------------------------------------------------------------------


def test_removing_asks_first(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda question: "n")
    assert demo.clean(sure=False) == 1
    assert data.exists()
    monkeypatch.setattr("builtins.input", lambda question: "y")
    assert demo.clean(sure=False) == 0
    assert not data.exists()
    assert demo.clean(sure=False) == 0
    assert "nothing to remove" in capsys.readouterr().out


def test_removing_unasked_must_be_said(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdin, "isatty", lambda: False)
    with pytest.raises(Problem, match="make clean-demo YES=1"):
        demo.clean(sure=False)
    assert data.exists()


def test_a_command_without_a_demo_is_explained() -> None:
    with pytest.raises(Problem, match="make demo"):
        demo_manage.main()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (OSError(28, "No space left on device"), "is full"),
        (PermissionError(13, "Permission denied", "/x"), "No permission for /x"),
        (OSError(30, "Read-only file system", "/x"), "read-only disk"),
        (FileNotFoundError(2, "No such file or directory", "/x"), "/x: No such file"),
    ],
)
def test_failures_to_write_are_explained(error: OSError, sentence: str) -> None:
    with pytest.raises(Problem, match=sentence), explained(Path("/data")):
        raise error


def test_a_problem_is_one_line_and_no_traceback(capsys: pytest.CaptureFixture[str]) -> None:
    def fail() -> int:
        raise Problem("It is broken. Mend it.")

    assert exit_code(fail) == 1
    assert capsys.readouterr().err == "error: It is broken. Mend it.\n"


def test_a_long_step_says_that_it_lives_and_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scripts.steps.QUIET", 0.01)
    monkeypatch.setattr("scripts.steps.SIGN_OF_LIFE", 0.01)
    monkeypatch.setattr("scripts.steps.time", SimpleNamespace(monotonic=lambda: 0.0))
    lines: list[str] = []

    def say_more() -> bool:
        lines.extend(capsys.readouterr().out.splitlines())
        return "  Loading 7 of 9" in lines

    with Step("Loading") as step:
        step.note("7 of 9")
        _await(say_more, "the step said nothing")
    say_more()
    assert set(lines[:-1]) <= {"  Loading …", "  Loading 7 of 9"}
    assert lines[-1] == "  Loading"


def test_a_short_step_leaves_no_line(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("scripts.steps.QUIET", WAIT)
    with Step("Looking"):
        pass
    assert capsys.readouterr().out == ""
