"""The first payment of a process must not pay for its data files."""

import subprocess
import sys

from assess.warm_up import warm_up

CODE = """
import time, django
django.setup()
from assess.warm_up import warm_up
warm_up()
began = time.perf_counter()
warm_up()
assert time.perf_counter() - began < 0.2
"""


def test_it_needs_no_database_and_is_quick_the_second_time() -> None:
    warm_up()
    ended = subprocess.run([sys.executable, "-c", CODE], check=False, timeout=120, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
