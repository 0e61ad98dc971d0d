"""One run: costs compared, then the maximum, then latencies at half of it, then floods; all of them in turns."""

from dataclasses import dataclass

from bench.figures import Figures, Round, sum_up
from bench.ground import Ground
from bench.load.payloads import Whom, make_broken, make_strangers
from bench.machine import describe_machine
from bench.meters import list_tree, read_memory_mib
from bench.options import Options
from bench.profiling.profile import profile_flow
from bench.results import Memory, OfFlow, Results
from bench.rounds import Meterer, Track
from bench.servers import Server, count_workers
from bench.stage import Stage, describe_talk, draw_pool, set_stage
from transactions.types import Flow

OPEN_CONNECTIONS = 32
"""Of an open loop: enough that a call hardly ever waits for one."""
COST_CONNECTIONS = 4
FLOOD_SHARE = 0.25
"""Of the maximum: the rate of valid calls, and of the flood beside them."""
HALF = 0.5
IDENTITY_RATE = 40.0
"""Calls a second to the largest identity: more than a hundred times its own average."""
WARM_UP_SHARE = 0.25
REFUSALS = {"keys": (401,), "bodies": (400,)}


@dataclass(frozen=True, slots=True)
class Runner:
    """The measurements of one flow on a stage."""

    stage: Stage
    meterer: Meterer
    options: Options
    flow: Flow

    def measure(self) -> OfFlow:
        """Return all figures of the flow."""
        say = self.meterer.ground.say
        say(f"{self.flow}: costs are compared")
        costs = self._compare_costs()
        say(f"{self.flow}: the maximum")
        most, floor, limited = self._find_most()
        say(f"{self.flow}: half of it")
        half, floor_half = self._ask_at_half(most.throughput)
        say(f"{self.flow}: floods")
        refusals, flooded = self._flood(most.throughput)
        return OfFlow(
            talk=describe_talk(self.stage.list_scripts(self.flow)),
            most=most,
            most_floor=floor,
            most_limited=limited,
            at_half=half,
            at_half_floor=floor_half,
            costs=costs,
            refusals=refusals,
            under_flood=flooded,
        )

    def _pool(self, server: Server, *, whom: Whom = Whom.EVERYBODY, is_limited: bool = False) -> list[bytes]:
        return draw_pool(server.place, self.flow, count=self.options.pool, whom=whom, is_limited=is_limited)

    def _closed(self, server: Server, requests: list[bytes]) -> Track:
        options = self.options
        return Track(server=server, requests=requests, connections=options.connections, seconds=options.round_seconds)

    def _counted(self, server: Server, requests: list[bytes]) -> Track:
        """Return a closed loop of so many calls: each side of a comparison adds as much to its database."""
        options = self.options
        calls = max(1, options.calls // options.rounds)
        return Track(
            server=server, requests=requests, connections=COST_CONNECTIONS, seconds=options.seconds, calls=calls
        )

    def _open(self, server: Server, requests: list[bytes], rate: float) -> Track:
        seconds = self.options.round_seconds
        return Track(server=server, requests=requests, connections=OPEN_CONNECTIONS, seconds=seconds, rate=rate)

    def _in_turns(self, tracks: dict[str, Track], **expected: tuple[int, ...]) -> dict[str, Figures]:
        rounds = self.meterer.take_turns(list(tracks.values()), self.options.rounds)
        return {
            name: sum_up(found, expected=expected.get(name, (200,))) for name, found in zip(tracks, rounds, strict=True)
        }

    def _compare_costs(self) -> dict[str, Figures]:
        stage = self.stage
        servers = {"large": stage.large, "young": stage.young, "small": stage.small}
        tracks = {name: self._counted(server, self._pool(server)) for name, server in servers.items()}
        for whom in (Whom.LARGEST, Whom.SMALLEST):
            requests = self._pool(stage.large, whom=whom)
            tracks[whom.value] = self._open(stage.large, requests, IDENTITY_RATE)
        for track in tracks.values():
            self.meterer.warm_up(track)
        return self._in_turns(tracks)

    def _find_most(self) -> tuple[Figures, Figures, Figures]:
        server, floor = self.stage.large, self.stage.floor
        tracks = {
            "application": self._closed(server, self._pool(server)),
            "floor": self._closed(floor, self._pool(server)),
            "limited": self._closed(server, self._pool(server, is_limited=True)),
        }
        for track in tracks.values():
            self.meterer.warm_up(track.shorter(max(0.2, track.seconds * WARM_UP_SHARE)))
        found = self._in_turns(tracks)
        return found["application"], found["floor"], found["limited"]

    def _ask_at_half(self, most: float) -> tuple[Figures, Figures]:
        requests = self._pool(self.stage.large)
        found = self._in_turns(
            {
                "application": self._open(self.stage.large, requests, most * HALF),
                "floor": self._open(self.stage.floor, requests, most * HALF),
            }
        )
        return found["application"], found["floor"]

    def _flood(self, most: float) -> tuple[dict[str, Figures], dict[str, Figures]]:
        """Return what each refusal costs, and valid calls alone and beside a flood at the same rate."""
        server, rate = self.stage.large, most * FLOOD_SHARE
        valid = self._pool(server)
        key = server.place.cast.of(self.flow).free_key
        floods = {"keys": make_strangers(pool=valid, key=key), "bodies": make_broken(pool=valid)}
        refused = self._in_turns({kind: self._counted(server, calls) for kind, calls in floods.items()}, **REFUSALS)
        track = self._open(server, valid, rate)
        rounds: dict[str, list[Round]] = {kind: [] for kind in ("alone", *floods)}
        for _ in range(self.options.rounds):
            for kind, found in rounds.items():
                beside = self._open(server, floods[kind], rate).shorter(track.seconds + 1) if kind in floods else None
                found.append(self.meterer.run(track, beside=beside))
        return refused, {kind: sum_up(found) for kind, found in rounds.items()}


def run(ground: Ground, options: Options) -> Results:
    """Measure everything on the ground. Raises BenchError when a call was not answered as it should be."""
    machine = describe_machine(ground)
    meterer = Meterer(ground)
    with set_stage(ground, options) as stage:
        flows = {}
        for flow in (Flow.PAYOUT, Flow.PAYIN):
            flows[flow.value] = Runner(stage, meterer, options, flow).measure()
        memory = _weigh(stage, ground)
        profile: dict[str, list[tuple[str, float]]] = {}
        if options.profile:
            ground.say("where the time goes")
            for name, figures in flows.items():
                profile |= profile_flow(stage, options, Flow(name), figures)
        return Results(
            machine=machine,
            connections=options.connections,
            workers=count_workers(stage.large.place.environment),
            seconds=options.seconds,
            rounds=options.rounds,
            data=stage.data,
            flows=flows,
            memory=memory,
            profile=profile,
        )


def _weigh(stage: Stage, ground: Ground) -> Memory:
    postgres = [process.pid for process in list_tree(ground.server.child.pid)]
    return Memory(
        web=read_memory_mib(stage.large.list_pids()),
        floor=read_memory_mib(stage.floor.list_pids()),
        postgres=read_memory_mib(postgres),
    )
