"""Imports what a server needs while the database is still being prepared, and becomes that server when told.

Run as `python -m clausum.runner.held GATE gunicorn|celery [ARGUMENT…]`; GATE is the descriptor to wait at. Imports are
two thirds of a server's start.
"""

import runpy
import sys
from importlib import import_module

from django.urls import get_resolver

from clausum.runner.gate import wait_at


def import_web() -> None:
    """Import the web application with its routes, and gunicorn."""
    import_module("clausum.wsgi")
    _ = get_resolver().url_patterns
    import_module("gunicorn.app.wsgiapp")


def import_worker() -> None:
    """Import the worker's application with its tasks, and Celery's own parts."""
    import_module("clausum.celery").app.loader.import_default_modules()
    import_module("celery.bin.celery")
    import_module("celery.apps.worker")


IMPORTS = {"gunicorn": import_web, "celery": import_worker}


def main() -> None:
    gate, program, *arguments = sys.argv[1:]
    IMPORTS[program]()
    if not wait_at(int(gate)):
        sys.exit("the runner has gone")
    sys.argv = [program, *arguments]
    runpy.run_module(program, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
