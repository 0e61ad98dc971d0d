"""Where the time of an assessment goes: a web process by layer of the code, the database by statement."""

import msgspec

from bench.floor.recording import Pool
from bench.load.payloads import GAP
from bench.options import Options
from bench.profiling.sampling import Profile, Sampling
from bench.profiling.timing import time_statements
from bench.results import OfFlow
from bench.stage import Stage, call_inside, draw_pool
from transactions.types import Flow

HTTP_SERVER = "HTTP server (gunicorn, sockets, threads)"
TIMED_SCRIPTS = 50


def profile_flow(stage: Stage, options: Options, flow: Flow, figures: OfFlow) -> dict[str, list[tuple[str, float]]]:
    """Return both profiles of a flow, each a list of (what, milliseconds of one call)."""
    place = stage.large.place
    pool = Pool(flow=flow.value, requests=draw_pool(place, flow, count=options.pool), gap=GAP)
    asked = msgspec.msgpack.encode(Sampling(pool=pool, seconds=options.seconds))
    profile = msgspec.msgpack.decode(call_inside(place, "bench.profiling.sampling", asked), type=Profile)
    scripts = stage.list_scripts(flow)[:TIMED_SCRIPTS]
    return {
        f"{flow}: CPU ms of a web process, by layer": list_layers(profile, web_ms=figures.most.web_ms),
        f"{flow}: ms of each statement alone": time_statements(scripts, place.url),
    }


def list_layers(profile: Profile, *, web_ms: float) -> list[tuple[str, float]]:
    """Return ms by layer: of the application as sampled without a server; of the server, what is left of `web_ms`."""
    layers = [(layer, share * profile.cpu_ms) for layer, share in profile.shares.items()]
    return [*layers, (HTTP_SERVER, max(0.0, web_ms - profile.cpu_ms))]
