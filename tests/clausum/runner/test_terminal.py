"""Words to a terminal that may have gone away."""

import subprocess
import sys

from tests.clausum.runner.processes import REPOSITORY

SPEAKER = """
import sys
from clausum.runner.terminal import say
sys.stdin.readline()
say("into the void")
say("again")
print("still here", file=sys.stderr)
"""


def test_a_closed_terminal_stops_nobody() -> None:
    speaker = subprocess.Popen(
        [sys.executable, "-c", SPEAKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=REPOSITORY,
    )
    assert speaker.stdin is not None
    assert speaker.stdout is not None
    assert speaker.stderr is not None
    speaker.stdout.close()
    speaker.stdin.write("go\n")
    speaker.stdin.close()
    assert speaker.stderr.read() == "still here\n"
    speaker.stderr.close()
    assert speaker.wait(30) == 0
