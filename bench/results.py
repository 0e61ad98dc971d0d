"""All that a run found out."""

from datetime import datetime

import msgspec

from bench.figures import Figures
from bench.machine import Machine


class Talk(msgspec.Struct, frozen=True, kw_only=True):
    """What the assessments of the pool say to PostgreSQL, on average."""

    statements: float
    round_trips: float
    fewest_round_trips: int
    most_round_trips: int


class OfFlow(msgspec.Struct, kw_only=True):
    """The figures of one flow. `at_half` is an open loop at half the application's own maximum."""

    talk: Talk
    most: Figures
    most_floor: Figures
    most_limited: Figures
    at_half: Figures
    at_half_floor: Figures
    costs: dict[str, Figures]
    refusals: dict[str, Figures]
    under_flood: dict[str, Figures]


class Data(msgspec.Struct, frozen=True, kw_only=True):
    """What lay in a database when it was measured first."""

    payments: int
    history_rows: int
    entries: int
    bytes_on_disk: int
    filled_at: datetime
    fill_seconds: float


class Memory(msgspec.Struct, frozen=True, kw_only=True):
    """MiB, what processes share counted once."""

    web: float
    floor: float
    postgres: float


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """A run's figures, and on what they were measured."""

    machine: Machine
    connections: int
    workers: int
    seconds: float
    rounds: int
    data: dict[str, Data]
    flows: dict[str, OfFlow]
    memory: Memory
    profile: dict[str, list[tuple[str, float]]]
