"""Where a PostgreSQL cluster lies, as whom its server runs, and how it is made."""

import os
import pwd
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from clausum.runner.binaries import MAJOR_VERSION, PostgresBinaries, find_binaries
from clausum.runner.errors import RunnerError
from clausum.runner.files import make_private_folder, read_state, write_private, write_state
from clausum.runner.identities import Identity, can_run, choose_identity, find_unprivileged_user, launch_command

SUPERUSER = "postgres"
STATE = "state.json"
SYSTEM_FOLDERS = (Path("/var/lib"), Path("/var/cache"), Path(tempfile.gettempdir()))
"""Where every user may pass; what survives a restart comes first."""


@dataclass(frozen=True)
class Cluster:
    """A cluster's place: `home` holds `data`, and for the user `nobody` also a copy of the binaries."""

    home: Path
    binaries: PostgresBinaries
    identity: Identity

    @property
    def data(self) -> Path:
        return self.home / "data"


def remember(folder: Path, **facts: object) -> None:
    """Keep facts about the cluster for the next start."""
    write_state(folder / STATE, {**read_state(folder / STATE), **facts})


def recall(folder: Path, fact: str) -> object:
    """Return a fact kept by `remember`, or None."""
    return read_state(folder / STATE).get(fact)


def open_cluster(folder: Path) -> Cluster:
    """Return the cluster kept in the folder, or the place where it will be made. Raises RunnerError."""
    make_private_folder(folder)
    binaries = find_binaries()
    outside = recall(folder, "home")
    if isinstance(outside, str) and Path(outside).exists():
        return _open_outside(Path(outside), binaries)
    identity = choose_identity(program=binaries.server, folder=folder)
    if identity.kind != "user":
        return Cluster(home=folder, binaries=binaries, identity=identity)
    cluster = _make_outside(binaries, identity)
    remember(folder, home=str(cluster.home))
    return cluster


def _open_outside(home: Path, binaries: PostgresBinaries) -> Cluster:
    if os.geteuid() != 0:
        raise RunnerError(f"The data in {home} were made by root: start as root, or remove .run as root.")
    return Cluster(home=home, binaries=binaries.copy_to(home), identity=find_unprivileged_user())


def _make_outside(binaries: PostgresBinaries, identity: Identity) -> Cluster:
    """Make a home of the other user's own, in the first system folder where programs may be executed."""
    for parent in (folder for folder in SYSTEM_FOLDERS if os.access(folder, os.W_OK)):
        home = Path(tempfile.mkdtemp(prefix="clausum-", dir=parent))
        os.chown(home, identity.uid, identity.gid)
        copy = binaries.copy_to(home)
        if can_run(identity, program=copy.server, folder=home):
            return Cluster(home=home, binaries=copy, identity=identity)
        shutil.rmtree(home)
    raise RunnerError("PostgreSQL refuses to run as root and no folder was found for another user: set DATABASE_URL.")


def remove_cluster(folder: Path) -> None:
    """Delete the cluster, wherever its data lie; its server must be stopped."""
    outside = recall(folder, "home")
    if isinstance(outside, str):
        shutil.rmtree(outside, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)


def check_data(cluster: Cluster) -> None:
    """Raise RunnerError when the data are another user's, or another PostgreSQL's."""
    owner = cluster.data.stat().st_uid
    if owner != cluster.identity.owner:
        raise RunnerError(
            f"The data in {cluster.data} belong to {_name(owner)}: start as that user, or use ./run --reset."
        )
    version = (cluster.data / "PG_VERSION").read_text(encoding="ascii").strip()
    if version != MAJOR_VERSION:
        raise RunnerError(
            f"The data in {cluster.data} are PostgreSQL {version}'s and the bundled server is {MAJOR_VERSION}: "
            "see “Data folder” in docs/operations.md."
        )


def _name(uid: int) -> str:
    try:
        return f"the user {pwd.getpwuid(uid).pw_name}"
    except KeyError:
        return f"user number {uid}"


def make_data(cluster: Cluster, *, password: str, durable: bool) -> None:
    """Run initdb in a draft folder that is renamed when whole: an interrupted first start leaves no half cluster.

    Raises RunnerError with what initdb says.
    """
    draft, password_file = cluster.home / "data.draft", cluster.home / "initdb.password"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    write_private(password_file, password)
    for path in (draft, password_file):
        os.chown(path, cluster.identity.owner, -1)
    try:
        _run_initdb(cluster, draft, password_file, durable=durable)
    finally:
        password_file.unlink(missing_ok=True)
    draft.rename(cluster.data)


def _run_initdb(cluster: Cluster, data: Path, password_file: Path, *, durable: bool) -> None:
    command = [str(cluster.binaries.initdb), "--pgdata", str(data), "--username", SUPERUSER]
    command += ["--pwfile", str(password_file), "--auth", "scram-sha-256", "--encoding", "UTF8", "--locale", "C.UTF-8"]
    done = subprocess.run(
        launch_command(command if durable else [*command, "--no-sync"], identity=cluster.identity),
        capture_output=True,
        text=True,
        cwd=cluster.home,
        start_new_session=True,
        check=False,
    )
    if done.returncode != 0:
        raise RunnerError(f"PostgreSQL could not make its data folder: {(done.stderr or done.stdout).strip()}")
