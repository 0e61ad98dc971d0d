"""Under which user a program runs that refuses to be root."""

import os
import pwd
import subprocess
import sys
from pathlib import Path

import pytest

from clausum.runner import identities
from clausum.runner.errors import RunnerError
from clausum.runner.identities import (
    SAME,
    Identity,
    can_run,
    choose_identity,
    find_unprivileged_user,
    launch_command,
    needs_another_name,
)

PROGRAM = Path(sys.executable)
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a choice")


def run_as(identity: Identity, *command: str) -> str:
    return subprocess.run(
        launch_command(list(command), identity=identity), capture_output=True, text=True, check=True
    ).stdout.strip()


def test_the_unprivileged_user_is_not_root() -> None:
    found = find_unprivileged_user()
    assert found.kind == "user"
    assert found.uid != 0
    assert found.owner == found.uid
    assert found.argument == f"user:{found.uid}:{found.gid}"


def test_a_system_with_root_only_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pwd, "getpwall", lambda: [pwd.getpwuid(0)])
    with pytest.raises(RunnerError) as caught:
        find_unprivileged_user()
    assert str(caught.value) == (
        "PostgreSQL refuses to run as root and there is no other account: add one, or set DATABASE_URL."
    )


@pytest.mark.parametrize(("uid", "needs"), [(0, True), (54_321, True), (find_unprivileged_user().uid, False)])
def test_root_and_numbers_without_an_account_need_another_name(
    monkeypatch: pytest.MonkeyPatch, uid: int, needs: bool
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: uid)
    assert needs_another_name() is needs


def test_an_ordinary_user_stays_who_they_are(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(identities, "needs_another_name", lambda: False)
    assert choose_identity(program=PROGRAM, folder=tmp_path) == SAME
    assert SAME.argument == "same"
    assert SAME.owner == os.geteuid()


@AS_ROOT
def test_root_without_namespaces_becomes_nobody(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(identities, "can_run", lambda *_, **__: False)
    assert choose_identity(program=PROGRAM, folder=tmp_path) == find_unprivileged_user()


def test_a_number_without_an_account_and_without_namespaces_says_what_to_do(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(identities, "can_run", lambda *_, **__: False)
    monkeypatch.setattr(os, "geteuid", lambda: 54_321)
    with pytest.raises(RunnerError) as caught:
        choose_identity(program=PROGRAM, folder=tmp_path)
    assert str(caught.value) == (
        "User number 54321 has no account here, which PostgreSQL demands: add one, or set DATABASE_URL."
    )


@AS_ROOT
def test_in_a_namespace_the_number_is_another_and_the_files_stay_roots(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    unprivileged = find_unprivileged_user()
    namespaced = Identity(kind="namespace", uid=unprivileged.uid, gid=unprivileged.gid)
    if not can_run(namespaced, program=PROGRAM, folder=tmp_path):
        pytest.skip("this system forbids user namespaces")
    assert run_as(namespaced, "/bin/sh", "-c", f"id -u; touch {tmp_path}/mine") == str(unprivileged.uid)
    assert (tmp_path / "mine").stat().st_uid == 0
    assert namespaced.owner == 0


@AS_ROOT
def test_another_user_cannot_enter_a_closed_folder(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    unprivileged = find_unprivileged_user()
    assert run_as(unprivileged, "/bin/sh", "-c", "id -u; id -G") == f"{unprivileged.uid}\n{unprivileged.gid}"
    assert can_run(unprivileged, program=Path("/bin/cat"), folder=tmp_path) is False
