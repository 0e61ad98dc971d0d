"""The runner's command line: `python -m clausum.runner run | test | with-postgres`."""

import argparse
import os
import sys
from pathlib import Path

from clausum.runner.environment import Wishes
from clausum.runner.errors import RunnerError
from clausum.runner.folder import REPOSITORY, RunFolder
from clausum.runner.ports import LOOPBACK
from clausum.runner.run import RunOptions, run
from clausum.runner.testing import pytest_command, with_postgres

DEFAULT_PORT = 8000
INTERRUPTED = 130


def build_parser() -> argparse.ArgumentParser:
    """Return the parser of `run`; the other two commands pass their arguments on as they are."""
    parser = argparse.ArgumentParser(prog="./run", description="Run the whole of Clausum until Ctrl-C.")
    parser.add_argument("--reset", action="store_true", help="delete the data of earlier runs first")
    parser.add_argument("--no-demo", action="store_true", help="make no demo organizations")
    parser.add_argument("--host", default=LOOPBACK, help="address to listen on (default: this machine only)")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or DEFAULT_PORT), help="default: 8000")
    parser.add_argument("--folder", type=Path, default=REPOSITORY / ".run", help="where the data are (default: .run)")
    return parser


def run_command(arguments: list[str]) -> int:
    """Read `run`'s arguments and run."""
    wishes = build_parser().parse_args(arguments)
    options = RunOptions(host=wishes.host, port=wishes.port, reset=wishes.reset, with_demo=not wishes.no_demo)
    return run(options, wishes=Wishes(dict(os.environ)), folder=RunFolder(wishes.folder.absolute()))


def dispatch(arguments: list[str]) -> int:
    """Carry out the command and return the exit status. Raises RunnerError."""
    match arguments:
        case ["run", *rest]:
            return run_command(rest)
        case ["test", *rest]:
            return with_postgres(pytest_command(rest), variables=os.environ)
        case ["with-postgres", "--", *command] if command:
            return with_postgres(command, variables=os.environ)
    print(
        "usage: python -m clausum.runner run [OPTION…] | test [PYTEST ARGUMENT…] | with-postgres -- COMMAND…",
        file=sys.stderr,
    )
    return 2


def main() -> int:
    try:
        return dispatch(sys.argv[1:])
    except RunnerError as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return INTERRUPTED


if __name__ == "__main__":
    sys.exit(main())
