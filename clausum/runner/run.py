"""`./run`: the whole system in one foreground process."""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from ipaddress import ip_address

from clausum.runner.banner import describe_mail, describe_system
from clausum.runner.environment import Wishes, build_environment, write_exports
from clausum.runner.errors import RunnerError
from clausum.runner.folder import RunFolder
from clausum.runner.gate import Gate
from clausum.runner.ports import LOOPBACK, PORTS_TRIED, listen_from
from clausum.runner.postgres import EmbeddedPostgres
from clausum.runner.services import answers, preparation, web, worker
from clausum.runner.supervise import ChildDied, StopRequested, Supervisor
from clausum.runner.terminal import say

READY_SECONDS = 90.0


@dataclass(frozen=True)
class RunOptions:
    """The command line's wishes."""

    host: str = LOOPBACK
    port: int = 8000
    reset: bool = False
    with_demo: bool = True


def run(options: RunOptions, *, wishes: Wishes, folder: RunFolder) -> int:
    """Run until asked to stop; return 0 when asked, 1 when something died. Raises RunnerError when it cannot start."""
    with folder.locked():
        if options.reset:
            say("Removing the data of earlier runs.")
            folder.clear()
        with Supervisor() as supervisor:
            status = _run_until_the_end(supervisor, options, wishes=wishes, folder=folder)
        say("Stopped.")
    return status


def _run_until_the_end(supervisor: Supervisor, options: RunOptions, *, wishes: Wishes, folder: RunFolder) -> int:
    try:
        with listening(options) as listener:
            bring_up(supervisor, listener, options, wishes=wishes, folder=folder)
        supervisor.watch()
    except StopRequested:
        say("\nStopping: the web server, the worker, the database.")
        return 0
    except ChildDied as death:
        say(f"\n{death}\nThe end of {death.child.spec.log}:\n\n{death.child.last_words()}\n")
    return 1


def bring_up(
    supervisor: Supervisor, listener: socket.socket, options: RunOptions, *, wishes: Wishes, folder: RunFolder
) -> None:
    """Start everything in its order, wait until it serves, and tell the user. Raises RunnerError or StopRequested."""
    local_address = address_of(listener)
    database_url = start_postgres(supervisor, folder) if wishes.needs_postgres else ""
    environment = build_environment(wishes, folder=folder, address=local_address, database_url=database_url)
    base_url = environment["BASE_URL"].rstrip("/")
    write_exports(folder, environment)
    with_demo = options.with_demo and not wishes.is_production
    with Gate() as gate:
        supervisor.start(worker(folder, environment, gate=gate.waiting_end))
        supervisor.start(web(folder, environment, listener=listener.fileno(), gate=gate.waiting_end))
        listener.close()
        with told("Migrations and demo data" if with_demo else "Migrations"):
            supervisor.run_to_end(preparation(folder, environment, with_demo=with_demo))
        gate.let_go(processes=2)
    with told("Web server"):
        wait_for_web(supervisor, folder, local_address=local_address, base_url=base_url)
    folder.describe(address=base_url)
    say(describe_system(base_url=base_url, demo=folder.demo if with_demo else None, mail=describe_mail(environment)))
    with told("Worker"):
        wait_for_worker(supervisor, folder)


def start_postgres(supervisor: Supervisor, folder: RunFolder) -> str:
    """Start the embedded server under the supervisor, and return the application's URL."""
    server = EmbeddedPostgres(folder.postgres, log=folder.log("postgres"))
    with told("PostgreSQL"):
        server.start()
    supervisor.add(server.child)
    supervisor.check()
    return server.url()


def wait_for_web(supervisor: Supervisor, folder: RunFolder, *, local_address: str, base_url: str) -> None:
    """Wait until the health address answers. Raises RunnerError, with the place of the log, when it is late."""
    supervisor.wait_until(
        lambda: answers(local_address, public_address=base_url),
        what=f"The web server (log: {folder.log('web')})",
        seconds=READY_SECONDS,
    )


def wait_for_worker(supervisor: Supervisor, folder: RunFolder) -> None:
    """Wait until the worker takes tasks. Raises RunnerError, with the place of the log, when it is late."""
    what = f"The worker (log: {folder.log('worker')})"
    supervisor.wait_until(folder.worker_ready.exists, what=what, seconds=READY_SECONDS)


@contextmanager
def listening(options: RunOptions) -> Iterator[socket.socket]:
    """Listen on the wished port or the next free one, and say so. Raises RunnerError when there is none."""
    listener = listen_from(options.host, options.port)
    if listener is None:
        last = min(options.port + PORTS_TRIED - 1, 65_535)
        raise RunnerError(f"Every port from {options.port} to {last} is in use: name another one with --port.")
    with listener:
        port = listener.getsockname()[1]
        if port != options.port:
            say(f"Port {options.port} is in use by another program; using {port} instead.")
        yield listener


def address_of(listener: socket.socket) -> str:
    """Return the address by which this machine reaches the listener."""
    host, port = listener.getsockname()[:2]
    host = LOOPBACK if ip_address(host).is_unspecified else host
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


@contextmanager
def told(what: str) -> Iterator[None]:
    """Say what became ready, and after how many seconds."""
    began = time.monotonic()
    yield
    say(f"{what}: ready after {time.monotonic() - began:.1f} s")
