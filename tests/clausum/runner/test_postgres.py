"""The embedded PostgreSQL: real starts and stops."""

import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import psycopg
import pytest

from clausum.runner import clusters
from clausum.runner.clusters import recall, remember, remove_cluster
from clausum.runner.errors import RunnerError
from clausum.runner.identities import Identity, find_unprivileged_user
from clausum.runner.ports import LOOPBACK, find_free_port
from clausum.runner.postgres import EmbeddedPostgres, throwaway_postgres
from clausum.runner.postmasters import is_serving
from tests.clausum.runner.processes import REPOSITORY, exists, wait_for

RUNNER = """
import sys, time
from pathlib import Path
from clausum.runner.postgres import EmbeddedPostgres
server = EmbeddedPostgres(Path(sys.argv[1]))
server.start()
print(server.child.pid, flush=True)
time.sleep(60)
"""
LEAVER = """
import os, subprocess, sys
from pathlib import Path
from clausum.runner.clusters import open_cluster
from clausum.runner.identities import launch_command
cluster = open_cluster(Path(sys.argv[1]))
command = [str(cluster.binaries.server), "-D", str(cluster.data), "-c", "port=" + sys.argv[2]]
command += ["-c", "unix_socket_directories="]
with (Path(sys.argv[1]) / "left.log").open("w") as log:
    left = subprocess.Popen(launch_command(command, identity=cluster.identity), stdout=log, stderr=log, cwd=cluster.home)
while not Path(f"/proc/{left.pid}/exe").resolve().name == "postgres":
    pass
print(left.pid, flush=True)
os._exit(0)
"""


def ask(url: str, question: str) -> object:
    with psycopg.connect(url) as connection:
        row = connection.execute(question.encode()).fetchone()
        assert row is not None
        return row[0]


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_the_role_is_no_superuser_and_owns_its_database(server: EmbeddedPostgres) -> None:
    assert ask(server.url(), "SELECT current_user") == "clausum"
    assert ask(server.url(), "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
    assert ask(server.url(), "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'clausum'") == "clausum"


def test_the_version_is_the_bundled_one(server: EmbeddedPostgres) -> None:
    assert str(ask(server.url(), "SHOW server_version")).startswith("18.")


def test_it_listens_on_the_loopback_address_only(server: EmbeddedPostgres) -> None:
    assert ask(server.url(), "SHOW listen_addresses") == LOOPBACK
    assert ask(server.superuser_url(), "SHOW unix_socket_directories") == ""


def test_nobody_enters_without_the_password(server: EmbeddedPostgres) -> None:
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(f"postgresql://clausum:wrong@{LOOPBACK}:{server.port}/clausum")
    methods = "SELECT array_agg(DISTINCT auth_method) FROM pg_hba_file_rules"
    assert ask(server.superuser_url(), methods) == ["scram-sha-256"]
    assert str(ask(server.superuser_url(), "SELECT rolpassword FROM pg_authid WHERE rolname = 'clausum'")).startswith(
        "SCRAM-SHA-256$"
    )


def test_text_is_utf8_and_sorted_by_code_point(server: EmbeddedPostgres) -> None:
    assert ask(server.url(), "SHOW server_encoding") == "UTF8"
    assert ask(server.url(), "SELECT datcollate FROM pg_database WHERE datname = 'clausum'") == "C.UTF-8"


def test_a_throwaway_server_is_quick_and_its_role_may_make_databases(server: EmbeddedPostgres) -> None:
    for name in ("fsync", "synchronous_commit", "full_page_writes"):
        assert ask(server.url(), f"SHOW {name}") == "off"
    assert ask(server.url(), "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user") is True


def test_a_throwaway_server_leaves_nothing(tmp_path: Path) -> None:
    with throwaway_postgres(tmp_path / "home") as running:
        pid = running.child.pid
        assert exists(pid) is True
    assert exists(pid) is False
    assert (tmp_path / "home").exists() is False


def test_a_second_start_keeps_the_data_the_port_and_the_passwords(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "cluster") as first:
        url = first.url()
        with psycopg.connect(url) as connection:
            connection.execute("CREATE TABLE kept (answer integer)")
            connection.execute("INSERT INTO kept VALUES (42)")
    with EmbeddedPostgres(tmp_path / "cluster") as second:
        assert second.url() == url
        assert ask(url, "SELECT answer FROM kept") == 42
        assert ask(url, "SHOW fsync") == "on"
        assert ask(url, "SELECT rolcreatedb FROM pg_roles WHERE rolname = current_user") is False


def test_its_files_are_its_owners_only(server: EmbeddedPostgres) -> None:
    assert mode_of(server.folder) == 0o700
    modes = {path.name: mode_of(path) for path in server.folder.iterdir() if path.is_file()}
    assert modes == {
        "clausum.password": 0o600,
        "postgres.password": 0o600,
        "postgres.log": 0o600,
        "state.json": 0o600,
    }


def test_a_port_that_was_taken_meanwhile_is_exchanged(tmp_path: Path, server: EmbeddedPostgres) -> None:
    (tmp_path / "cluster").mkdir()
    remember(tmp_path / "cluster", port=server.port)
    with EmbeddedPostgres(tmp_path / "cluster", durable=False) as other:
        assert other.port != server.port
        assert ask(other.url(), "SELECT 1") == 1
        assert recall(tmp_path / "cluster", "port") == other.port


def test_stopping_is_a_fast_shutdown_even_with_clients(tmp_path: Path) -> None:
    running = EmbeddedPostgres(tmp_path / "cluster", durable=False)
    running.start()
    child = running.child
    with psycopg.connect(running.url()):
        running.stop()
        assert child.exit_status == 0
    assert "received fast shutdown request" in running.log.read_text()
    assert (tmp_path / "cluster" / "data" / "postmaster.pid").exists() is False


def test_before_the_start_there_is_no_server(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match="not running"):
        _ = EmbeddedPostgres(tmp_path).child
    assert EmbeddedPostgres(tmp_path).port == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells a child of its parent's death")
def test_the_server_ends_cleanly_when_its_runner_is_killed(tmp_path: Path) -> None:
    runner = subprocess.Popen(
        [sys.executable, "-c", RUNNER, str(tmp_path / "cluster")], stdout=subprocess.PIPE, cwd=REPOSITORY
    )
    assert runner.stdout is not None
    with runner.stdout:
        pid = int(runner.stdout.readline())
    runner.kill()
    runner.wait()
    wait_for(lambda: not exists(pid))
    assert "received fast shutdown request" in (tmp_path / "cluster" / "postgres.log").read_text()


def start_without_runner(folder: Path) -> int:
    """Start the cluster's server as one that a runner has left behind, and return its number."""
    done = subprocess.run(
        [sys.executable, "-c", LEAVER, str(folder), str(find_free_port())],
        stdout=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
        check=True,
    )
    wait_for(lambda: is_serving(folder / "data"))
    return int(done.stdout)


def test_a_server_that_a_killed_runner_left_is_stopped_first(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "cluster", durable=False):
        pass
    left = start_without_runner(tmp_path / "cluster")
    with EmbeddedPostgres(tmp_path / "cluster", durable=False) as running:
        assert running.child.pid != left
        assert ask(running.url(), "SELECT 1") == 1
    assert exists(left) is False
    assert "received fast shutdown request" in (tmp_path / "cluster" / "left.log").read_text()


def test_a_number_that_now_belongs_to_a_stranger_is_not_touched(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "cluster", durable=False):
        pass
    note = f"{os.getpid()}\n{tmp_path}/cluster/data\n1\n1\n\n\n\nready\n"
    (tmp_path / "cluster" / "data" / "postmaster.pid").write_text(note)
    with EmbeddedPostgres(tmp_path / "cluster", durable=False) as running:
        assert ask(running.url(), "SELECT 1") == 1


def test_data_of_another_version_are_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "cluster" / "data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("17\n")
    with pytest.raises(RunnerError) as caught:
        EmbeddedPostgres(tmp_path / "cluster").start()
    assert str(caught.value) == (
        f"The data in {data} are PostgreSQL 17's and the bundled server is 18: see “Data folder” in docs/operations.md."
    )
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_data_of_another_user_are_left_alone(tmp_path: Path) -> None:
    data = tmp_path / "cluster" / "data"
    data.mkdir(parents=True)
    os.chown(data, 4321, -1)
    with pytest.raises(RunnerError) as caught:
        EmbeddedPostgres(tmp_path / "cluster").start()
    assert str(caught.value) == (
        f"The data in {data} belong to user number 4321: start as that user, or use ./run --reset."
    )


def test_an_interrupted_first_start_leaves_no_half_cluster(tmp_path: Path) -> None:
    (tmp_path / "cluster" / "data.draft" / "half").mkdir(parents=True)
    with EmbeddedPostgres(tmp_path / "cluster", durable=False) as running:
        assert ask(running.url(), "SELECT 1") == 1
    assert (tmp_path / "cluster" / "data.draft").exists() is False
    assert (tmp_path / "cluster" / "initdb.password").exists() is False


def test_a_server_that_cannot_start_says_why(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "cluster", durable=False):
        pass
    with (tmp_path / "cluster" / "data" / "postgresql.conf").open("a") as configuration:
        configuration.write("max_connections = many\n")
    with pytest.raises(RunnerError) as caught:
        EmbeddedPostgres(tmp_path / "cluster", durable=False).start()
    assert str(caught.value).startswith("PostgreSQL ended while it started; its log says:\n")
    assert 'invalid value for parameter "max_connections": "many"' in str(caught.value)


def use_nobody(**_: object) -> Identity:
    return find_unprivileged_user()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_root_without_namespaces_gives_the_data_to_nobody(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "choose_identity", use_nobody)
    folder = tmp_path / "cluster"
    try:
        with EmbeddedPostgres(folder) as first:
            home = Path(str(recall(folder, "home")))
            assert home.stat().st_uid == find_unprivileged_user().uid
            assert mode_of(home) == 0o700
            assert Path(f"/proc/{first.child.pid}").stat().st_uid == find_unprivileged_user().uid
            assert ask(first.url(), "SELECT 1") == 1
        monkeypatch.undo()
        with EmbeddedPostgres(folder) as second:
            assert recall(folder, "home") == str(home)
            assert ask(second.url(), "SELECT 1") == 1
    finally:
        remove_cluster(folder)
    assert home.exists() is False


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has a choice")
def test_root_keeps_the_data_in_a_folder_that_nobody_else_can_enter(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    with EmbeddedPostgres(tmp_path / "cluster", durable=False) as running:
        assert recall(tmp_path / "cluster", "home") is None
        assert (tmp_path / "cluster" / "data").stat().st_uid == 0
        assert ask(running.url(), "SELECT 1") == 1


def test_what_a_killed_test_run_left_is_removed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    abandoned, stranger = tmp_path / "clausum-postgres-abandoned", tmp_path / "clausum-postgres-without-lock"
    (abandoned / "cluster" / "data").mkdir(parents=True)
    (abandoned / "lock").touch()
    stranger.mkdir()
    with throwaway_postgres() as outer, throwaway_postgres():
        assert outer.folder.exists() is True
        assert abandoned.exists() is False
    assert [path.name for path in tmp_path.iterdir()] == ["clausum-postgres-without-lock"]


def test_a_signal_to_the_server_shows_in_its_state(tmp_path: Path) -> None:
    with EmbeddedPostgres(tmp_path / "cluster", durable=False) as running, psycopg.connect(running.url()):
        assert running.child.spec.is_well() is True
        os.kill(running.child.pid, signal.SIGTERM)
        wait_for(lambda: not running.child.spec.is_well())
        assert running.child.is_running is True
