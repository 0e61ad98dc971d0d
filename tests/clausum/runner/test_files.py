"""Private files."""

import os
import stat
from pathlib import Path

from clausum.runner.files import (
    make_private_folder,
    open_log,
    read_or_make_secret,
    read_state,
    read_tail,
    write_private,
    write_state,
)


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_private_file_is_its_owners_only(tmp_path: Path) -> None:
    write_private(tmp_path / "secret", "text")
    assert mode_of(tmp_path / "secret") == 0o600
    assert (tmp_path / "secret").read_text() == "text"
    assert [path.name for path in tmp_path.iterdir()] == ["secret"]


def test_writing_again_replaces_a_file_whose_mode_was_opened(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("old")
    (tmp_path / "secret").chmod(0o644)
    write_private(tmp_path / "secret", "new")
    assert mode_of(tmp_path / "secret") == 0o600
    assert (tmp_path / "secret").read_text() == "new"


def test_a_private_folder_closes_one_that_stood_open(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir(mode=0o755)
    assert mode_of(make_private_folder(tmp_path / "folder")) == 0o700


def test_a_secret_is_made_once(tmp_path: Path) -> None:
    first = read_or_make_secret(tmp_path / "secret_key")
    assert len(first) == 64
    assert read_or_make_secret(tmp_path / "secret_key") == first
    assert read_or_make_secret(tmp_path / "another") != first
    assert mode_of(tmp_path / "secret_key") == 0o600


def test_state_comes_back_as_it_was_written(tmp_path: Path) -> None:
    write_state(tmp_path / "state.json", {"port": 5432})
    assert read_state(tmp_path / "state.json") == {"port": 5432}


def test_missing_and_damaged_state_is_empty(tmp_path: Path) -> None:
    (tmp_path / "half.json").write_text('{"port": 54')
    (tmp_path / "list.json").write_text("[1]")
    assert read_state(tmp_path / "none.json") == {}
    assert read_state(tmp_path / "half.json") == {}
    assert read_state(tmp_path / "list.json") == {}


def test_a_new_log_is_empty_and_the_one_before_is_kept(tmp_path: Path) -> None:
    for text in (b"first", b"second", b"third"):
        descriptor = open_log(tmp_path / "web.log")
        os.write(descriptor, text)
        os.close(descriptor)
    assert (tmp_path / "web.log").read_text() == "third"
    assert (tmp_path / "web.log.1").read_text() == "second"
    assert mode_of(tmp_path / "web.log") == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["web.log", "web.log.1"]


def test_the_tail_is_the_last_forty_lines(tmp_path: Path) -> None:
    (tmp_path / "web.log").write_text("\n".join(str(number) for number in range(20_000)))
    assert read_tail(tmp_path / "web.log").splitlines() == [str(number) for number in range(19_960, 20_000)]
    assert read_tail(tmp_path / "none.log") == ""
