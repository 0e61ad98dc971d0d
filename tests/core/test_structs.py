"""Many threads at once in a process that has converted nothing yet."""

import subprocess
import sys

CODE = """
import sys
from threading import Barrier, Thread
from core.api.bodies import decode
from assess.requests import PayinBody, PayoutAssessBody

sys.setswitchinterval(1e-6)
barrier = Barrier(8)
made = []

def work():
    barrier.wait()
    for kind in (PayoutAssessBody, PayinBody):
        tree = {"amount": 1, "currency": "MXN", "device": {"ip": "192.0.2.1"}, "beneficiary": {"name": "Ana"}}
        made.append(decode(tree, kind).device.ip)

threads = [Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
assert made == ["192.0.2.1"] * 16, made
"""


def test_the_first_conversions_of_a_process_may_come_all_at_once() -> None:
    for _ in range(3):
        ended = subprocess.run([sys.executable, "-c", CODE], check=False, timeout=120, capture_output=True, text=True)
        assert (ended.returncode, ended.stderr) == (0, "")
