"""The folder `.run/`."""

import json
import os
import stat
from pathlib import Path

import pytest

from clausum.runner.errors import RunnerError
from clausum.runner.folder import RunFolder
from clausum.runner.postgres import EmbeddedPostgres


def hold_twice(folder: RunFolder) -> None:
    with folder.locked():
        folder.describe(address="http://127.0.0.1:8000")
        with folder.locked():
            raise AssertionError("held twice")


def test_the_folder_is_its_owners_only(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / ".run")
    folder.open()
    assert stat.S_IMODE(folder.root.stat().st_mode) == 0o700
    assert stat.S_IMODE(folder.lock.stat().st_mode) == 0o600
    assert folder.log("web") == tmp_path / ".run" / "log" / "web.log"
    assert stat.S_IMODE(folder.log("web").parent.stat().st_mode) == 0o700


def test_a_second_start_is_told_who_runs_already_and_where(tmp_path: Path) -> None:
    with pytest.raises(RunnerError) as caught:
        hold_twice(RunFolder(tmp_path / ".run"))
    assert str(caught.value) == (
        f"Clausum already runs from this folder at http://127.0.0.1:8000 (process {os.getpid()}): "
        f"stop that one first, with Ctrl-C or `kill {os.getpid()}`."
    )


def test_a_second_start_while_the_first_still_begins(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / ".run")

    def hold_again() -> None:
        with folder.locked(), folder.locked():
            raise AssertionError("held twice")

    with pytest.raises(RunnerError) as caught:
        hold_again()
    assert str(caught.value) == (
        f"Clausum already runs from this folder (process {os.getpid()}): "
        f"stop that one first, with Ctrl-C or `kill {os.getpid()}`."
    )


def test_the_folder_is_free_when_its_holder_has_gone(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / ".run")
    with folder.locked():
        pass
    with folder.locked():
        assert json.loads(folder.lock.read_text()) == {"pid": os.getpid(), "address": None}


def test_a_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / ".run").write_text("a file stands in the way")
    with pytest.raises(RunnerError) as caught:
        RunFolder(tmp_path / ".run").open()
    assert str(caught.value) == f"Cannot write in {tmp_path}/.run (File exists): is it another user's?"


def test_a_secret_stays_the_same(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / ".run")
    folder.open()
    assert folder.secret("secret_key") == folder.secret("secret_key")
    assert folder.secret("secret_key") != folder.secret("api_key_pepper")


def test_starting_over_leaves_the_lock_only(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / ".run")
    with folder.locked():
        folder.secret("secret_key")
        folder.log("web").write_text("line")
        with EmbeddedPostgres(folder.postgres, durable=False):
            pass
        folder.clear()
        assert [path.name for path in folder.root.iterdir()] == ["lock"]
