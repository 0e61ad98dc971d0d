"""Reading what processes use."""

import os
import subprocess
import sys

import psycopg

from bench.meters import (
    Reading,
    Used,
    list_tree,
    read_backend_seconds,
    read_memory_mib,
    read_tree_seconds,
    subtract,
)
from clausum.runner.postgres import EmbeddedPostgres

BURN = "import time\nwhile time.process_time() < 0.3: pass\nprint('done', flush=True)\ninput()"


def test_a_tree_counts_its_children_while_they_live_and_when_they_are_gone() -> None:
    before = read_tree_seconds(os.getpid())
    process = subprocess.Popen([sys.executable, "-c", BURN], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()
    assert process.pid in {each.pid for each in list_tree(os.getpid())}
    alive = read_tree_seconds(os.getpid()) - before
    process.communicate(b"\n")
    gone = read_tree_seconds(os.getpid()) - before
    assert 0.25 < alive < 2
    assert gone >= alive


def test_a_database_is_charged_for_the_applications_connections_to_it(server: EmbeddedPostgres) -> None:
    with psycopg.connect(server.url()) as mine, psycopg.connect(server.superuser_url()) as other:
        before = read_backend_seconds(server.child.pid, "clausum")
        for link in (mine, other):
            link.execute(b"SELECT count(*) FROM generate_series(1, 3000000)")
        mine_only = read_backend_seconds(server.child.pid, "clausum") - before
        everything = read_tree_seconds(server.child.pid)
        assert 0 < mine_only < everything
        assert read_backend_seconds(server.child.pid, "another") == 0


def test_memory_is_that_of_processes_that_are_there() -> None:
    assert 5 < read_memory_mib([os.getpid()]) < 4_000
    assert read_memory_mib([2**22 + 1]) == 0


def test_what_was_used_lies_between_two_readings() -> None:
    before = Reading(web=1.0, backends=2.0, postgres=10.0, log_bytes=100)
    after = Reading(web=1.5, backends=2.75, postgres=11.0, log_bytes=400)
    assert subtract(after, before) == Used(web=0.5, backends=0.75, background=0.25, log_bytes=300)
