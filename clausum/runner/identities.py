"""Under which user a program runs that refuses to be root (PostgreSQL does).

First choice for root is a user namespace, where the process has another number but root's files: the data may lie in
a clone that nobody else can enter. Where namespaces are forbidden (a container's default), it is the user `nobody`.
"""

import os
import pwd
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from clausum.runner.errors import RunnerError

LAUNCHER = Path(__file__).with_name("launch.py")
PROBE = 'test -w "$1" && exec "$2" --version'
NO_DEATH_SIGNAL = 0

Kind = Literal["same", "namespace", "user"]


@dataclass(frozen=True)
class Identity:
    """How a child process appears to the system; `owner` is the number its files have outside."""

    kind: Kind
    uid: int
    gid: int

    @property
    def owner(self) -> int:
        return self.uid if self.kind == "user" else os.geteuid()

    @property
    def argument(self) -> str:
        """The form that `launch.py` reads."""
        return {"same": "same", "namespace": f"namespace:{self.uid}", "user": f"user:{self.uid}:{self.gid}"}[self.kind]


SAME = Identity(kind="same", uid=os.geteuid(), gid=os.getegid())


def launch_command(command: list[str], *, identity: Identity = SAME, death_signal: int = NO_DEATH_SIGNAL) -> list[str]:
    """Return the command that becomes `command` under the identity; the caller must be the process that runs it."""
    launcher = [sys.executable, "-I", "-S", str(LAUNCHER)]
    return [*launcher, str(os.getpid()), str(death_signal), identity.argument, *command]


def needs_another_name() -> bool:
    """Return whether PostgreSQL would refuse the present user: root, or a number without an account."""
    if os.geteuid() == 0:
        return True
    return os.geteuid() not in {account.pw_uid for account in pwd.getpwall()}


def find_unprivileged_user() -> Identity:
    """Return `nobody`, else any account that is not root. Raises RunnerError when there is only root."""
    accounts = sorted(pwd.getpwall(), key=lambda account: (account.pw_name != "nobody", account.pw_uid))
    for account in accounts:
        if account.pw_uid != 0:
            return Identity(kind="user", uid=account.pw_uid, gid=account.pw_gid)
    raise RunnerError("PostgreSQL refuses to run as root and there is no other account: add one, or set DATABASE_URL.")


def can_run(identity: Identity, *, program: Path, folder: Path) -> bool:
    """Return whether the identity can execute the program and write in the folder, found out by trying."""
    command = ["/bin/sh", "-c", PROBE, "sh", str(folder), str(program)]
    trial = subprocess.run(launch_command(command, identity=identity), capture_output=True, check=False)
    return trial.returncode == 0


def choose_identity(*, program: Path, folder: Path) -> Identity:
    """Return the identity for the PostgreSQL server. Raises RunnerError when none can work."""
    if not needs_another_name():
        return SAME
    unprivileged = find_unprivileged_user()
    namespaced = replace(unprivileged, kind="namespace")
    if sys.platform == "linux" and can_run(namespaced, program=program, folder=folder):
        return namespaced
    if os.geteuid() == 0:
        return unprivileged
    raise RunnerError(
        f"User number {os.geteuid()} has no account here, which PostgreSQL demands: add one, or set DATABASE_URL."
    )
