"""Sets the stage of a run: copies of the data sets, what the application says written down, all servers started."""

import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import msgspec

from bench.errors import BenchError
from bench.floor.recording import Pool
from bench.floor.scripts import Script, decode_scripts
from bench.floor.wsgi import SCRIPTS_VARIABLE
from bench.ground import Ground, Place
from bench.load.payloads import GAP, Whom, make_pool
from bench.options import Options
from bench.results import Data, Talk
from bench.servers import APPLICATION, FLOOR, Server, followed, serve
from clausum.runner.folder import REPOSITORY
from transactions.types import Flow

LARGE, YOUNG, SMALL = "large", "young", "small"
_DATA = """
SELECT json_build_array(
    (SELECT count(*) FROM transactions_transaction), (SELECT count(*) FROM transactions_identityevent),
    (SELECT count(*) FROM blocklists_blocklistentry), pg_database_size(current_database()))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """Everything that is measured, running."""

    large: Server
    young: Server
    small: Server
    floor: Server
    scripts: list[Script]
    data: dict[str, Data]

    def list_scripts(self, flow: Flow) -> list[Script]:
        return [script for script in self.scripts if script.flow == flow.value]


def draw_pool(
    place: Place, flow: Flow, *, count: int, whom: Whom = Whom.EVERYBODY, is_limited: bool = False
) -> list[bytes]:
    """Return calls about the people of a place's data set, under one of its keys."""
    party = place.cast.of(flow)
    key = party.limited_key if is_limited else party.free_key
    return make_pool(size=place.size, flow=flow, key=key, count=count, whom=whom)


@contextmanager
def set_stage(ground: Ground, options: Options) -> Iterator[Stage]:
    """Set the stage; it is cleared away when the block ends."""
    sizes = {LARGE: options.large, YOUNG: options.young, SMALL: options.small}
    places = {name: ground.copy(name, size) for name, size in sizes.items()}
    data = {name: _weigh(ground, place) for name, place in places.items()}
    for name, place in places.items():
        call_inside(place, "bench.dataset.summing_up", b"")
        ground.say(f"{name}: what is kept summed up is up to date")
    scripts = record_scripts(ground, places[LARGE], count=options.pool)
    with ExitStack() as stack:

        def start(name: str, place: Place, application: str, **variables: str) -> Server:
            log = ground.folder.log(f"web-{name}")
            return stack.enter_context(serve(place, name=name, application=application, log=log, **variables))

        floor = start("floor", places[LARGE], FLOOR, **{SCRIPTS_VARIABLE: str(scripts)})
        for name, place in places.items():
            log = ground.folder.log(f"worker-{name}")
            stack.enter_context(followed(place, name=f"worker-{name}", log=log))
        applications = {name: start(name, place, APPLICATION) for name, place in places.items()}
        found = decode_scripts(scripts.read_bytes())
        ground.say("all servers answer")
        yield Stage(**applications, floor=floor, scripts=found, data=data)
    for place in places.values():
        ground.remove(place)


def record_scripts(ground: Ground, place: Place, *, count: int) -> Path:
    """Write down what the application says for a pool of calls of each flow, and return where."""
    pools = [Pool(flow=flow.value, requests=draw_pool(place, flow, count=count), gap=GAP) for flow in Flow]
    output = call_inside(place, "bench.floor.recording", msgspec.msgpack.encode(pools))
    path = ground.folder.scripts / place.name
    path.write_bytes(output)
    ground.say(f"{place.name}: what the application says is written down, {2 * count} payments")
    return path


def call_inside(place: Place, module: str, given: bytes) -> bytes:
    """Run a module inside the application on a place's database; return its output. Raises BenchError."""
    done = subprocess.run(
        [sys.executable, "-m", "bench.inside", module],
        input=given,
        env=dict(place.environment),
        cwd=REPOSITORY,
        capture_output=True,
        check=False,
    )
    if done.returncode != 0:
        raise BenchError(f"{module} failed:\n{done.stderr.decode()[-3000:]}")
    return done.stdout


def describe_talk(scripts: Sequence[Script]) -> Talk:
    """Return how much the scripts say."""
    return Talk(
        statements=mean(sum(script.round_trips) for script in scripts),
        round_trips=mean(len(script.round_trips) for script in scripts),
        fewest_round_trips=min(len(script.round_trips) for script in scripts),
        most_round_trips=max(len(script.round_trips) for script in scripts),
    )


def _weigh(ground: Ground, place: Place) -> Data:
    found = ground.ask(_DATA, place.name)
    payments, rows, entries, size = found if isinstance(found, list) else (0, 0, 0, 0)
    return Data(
        payments=payments,
        history_rows=rows,
        entries=entries,
        bytes_on_disk=size,
        filled_at=place.made.filled_at,
        fill_seconds=place.made.seconds,
    )
