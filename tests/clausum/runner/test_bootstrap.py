"""`scripts/bootstrap.sh`, tried in a folder of its own with a `uv` that only notes what it is asked."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.clausum.runner.processes import REPOSITORY

UV = """#!/bin/sh
[ "$1" = --version ] && exit 0
echo "$@" >>"$NOTES"
mkdir -p .venv/bin
for program in python gunicorn pytest; do
    printf '#!/bin/sh\\nexit 0\\n' >".venv/bin/$program"
    chmod +x ".venv/bin/$program"
done
"""
PYTHON = "#!/bin/sh\nexit %d\n"


class Clone:
    """A folder that looks like a clone to the script."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder / "clone"
        self.programs = folder / "programs"
        self.notes = folder / "notes"
        (self.folder / "scripts").mkdir(parents=True)
        self.programs.mkdir()
        shutil.copy(REPOSITORY / "scripts" / "bootstrap.sh", self.folder / "scripts")
        (self.folder / "uv.lock").write_text("first")
        self.notes.touch()
        self.add_program("uv", UV)

    def add_program(self, name: str, text: str) -> None:
        (self.programs / name).write_text(text)
        (self.programs / name).chmod(0o755)

    def bootstrap(self, flavour: str, **variables: str) -> list[str]:
        """Run the script and return what uv was asked for since the clone was made."""
        environment = {
            "PATH": f"{self.programs}:/usr/bin:/bin",
            "HOME": str(self.folder.parent),
            "NOTES": str(self.notes),
            **variables,
        }
        subprocess.run(["/bin/sh", "scripts/bootstrap.sh", flavour], cwd=self.folder, env=environment, check=True)
        return self.notes.read_text().splitlines()


@pytest.fixture
def clone(tmp_path: Path) -> Clone:
    made = Clone(tmp_path)
    made.add_program("python3.12", PYTHON % 0)
    return made


def test_a_run_installs_without_the_development_tools_and_takes_none_away(clone: Clone) -> None:
    python = clone.programs / "python3.12"
    assert clone.bootstrap("run") == [f"sync --quiet --frozen --python {python} --no-dev --inexact"]


def test_a_second_run_does_nothing(clone: Clone) -> None:
    assert len(clone.bootstrap("run")) == 1
    assert len(clone.bootstrap("run")) == 1


def test_a_development_environment_serves_both(clone: Clone) -> None:
    python = clone.programs / "python3.12"
    assert clone.bootstrap("dev") == [f"sync --quiet --frozen --python {python}"]
    assert len(clone.bootstrap("run")) == 1
    assert len(clone.bootstrap("dev")) == 1


def test_the_tests_need_more_than_a_run(clone: Clone) -> None:
    clone.bootstrap("run")
    assert clone.bootstrap("dev")[1:] == ["sync --quiet --frozen --python .venv/bin/python"]


def test_another_lock_is_installed_with_the_interpreter_that_is_there(clone: Clone) -> None:
    clone.bootstrap("run")
    (clone.folder / "uv.lock").write_text("second")
    assert clone.bootstrap("run")[1:] == ["sync --quiet --frozen --python .venv/bin/python --no-dev --inexact"]


def test_a_program_that_was_lost_is_installed_again(clone: Clone) -> None:
    clone.bootstrap("dev")
    (clone.folder / ".venv" / "bin" / "pytest").unlink()
    assert len(clone.bootstrap("run")) == 1
    assert len(clone.bootstrap("dev")) == 2


def test_the_users_interpreter_is_respected(clone: Clone) -> None:
    clone.add_program("mine", PYTHON % 0)
    mine = str(clone.programs / "mine")
    assert clone.bootstrap("run", UV_PYTHON=mine) == [f"sync --quiet --frozen --python {mine} --no-dev --inexact"]
    assert len(clone.bootstrap("run", UV_PYTHON=mine)) == 1
    assert len(clone.bootstrap("run", UV_PYTHON="another")) == 2


def test_an_interpreter_that_refuses_to_run_is_passed_over(tmp_path: Path) -> None:
    clone = Clone(tmp_path)
    clone.add_program("python3.12", PYTHON % 127)
    clone.add_program("python3.13", PYTHON % 0)
    python = clone.programs / "python3.13"
    assert clone.bootstrap("run") == [f"sync --quiet --frozen --python {python} --no-dev --inexact"]


def test_an_interpreter_of_pyenv_is_found_without_its_shim(tmp_path: Path) -> None:
    clone = Clone(tmp_path)
    for name in ("python3.12", "python3.13", "python3.14", "python3", "python"):
        clone.add_program(name, PYTHON % 127)
    hidden = tmp_path / ".pyenv" / "versions" / "3.13.5" / "bin" / "python"
    hidden.parent.mkdir(parents=True)
    hidden.write_text(PYTHON % 0)
    hidden.chmod(0o755)
    assert clone.bootstrap("run") == [f"sync --quiet --frozen --python {hidden} --no-dev --inexact"]


def test_no_interpreter_anywhere_is_one_sentence(tmp_path: Path) -> None:
    clone = Clone(tmp_path)
    for name in ("python3.12", "python3.13", "python3.14", "python3", "python"):
        clone.add_program(name, PYTHON % 127)
    clone.add_program("uv", '#!/bin/sh\n[ "$1" = --version ]\n')
    done = subprocess.run(
        ["/bin/sh", "scripts/bootstrap.sh", "run"],
        cwd=clone.folder,
        env={"PATH": f"{clone.programs}:/usr/bin:/bin", "HOME": os.devnull},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "No Python 3.12 or newer was found, and uv could not download one: install Python 3.12."
    )
