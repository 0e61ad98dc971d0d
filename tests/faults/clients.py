"""Cores that never give up: each payment is sent under one key until it is answered, as contract §5 and §6 advise."""

import http.client
import json
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

PAYOUT = "/api/v1/assess/payout"
PAUSE_SECONDS = 0.1
"""Before the same key is sent again. Retry-After says a second; they are quicker, to see how soon it would have worked."""
PATIENCE_SECONDS = 45.0
ANSWER_SECONDS = 15.0
RETRIED = {503, 504}


def make_body(key: str, *, account: str) -> dict[str, Any]:
    """Return a payout from that account, with the key as its payment's name."""
    return {
        "amount": 250_000,
        "currency": "MXN",
        "payment_id": key,
        "beneficiary": {"name": "Proveedor Norte", "country": "MX", "clabe": "646180111800000004"},
        "origin": {"account_id": account, "country": "MX"},
        "payout": {"channel": "spei", "initiated_by": "laura.gomez"},
    }


@dataclass(slots=True)
class Payment:
    """One payment: the answer that it got in the end, and what came before."""

    key: str
    started_at: float
    body: bytes | None = None
    is_replay: bool = False
    answered_at: float = 0.0
    earlier: list[str] = field(default_factory=list)
    slowest: float = 0.0


class Core:
    """One core with one connection, which sends a payment every `pause` seconds."""

    def __init__(self, port: int, *, name: str, key: str, pause: float) -> None:
        self.port, self.name, self.key, self.pause = port, name, key, pause
        self.payments: list[Payment] = []
        self.link: http.client.HTTPConnection | None = None

    def work(self, stop: threading.Event) -> None:
        """Send payments until told to stop; the last one is seen through."""
        number = 0
        while not stop.is_set():
            started = time.monotonic()
            self.payments.append(self.pay(f"{self.name}-{number}", number))
            number += 1
            stop.wait(max(self.pause - (time.monotonic() - started), 0))
        self._hang_up()

    def pay(self, key: str, number: int) -> Payment:
        """Send the payment until it is decided."""
        payment = Payment(key, time.monotonic())
        body = json.dumps(make_body(key, account=f"acct-{self.name}-{number % 20}")).encode()
        while time.monotonic() - payment.started_at < PATIENCE_SECONDS:
            sent = time.monotonic()
            outcome = self._try(key, body, payment)
            payment.slowest = max(payment.slowest, time.monotonic() - sent)
            if outcome is None:
                break
            payment.earlier.append(outcome)
            time.sleep(PAUSE_SECONDS)
        return payment

    def _try(self, key: str, body: bytes, payment: Payment) -> str | None:
        """Return None when that was the end of it, else why to try again."""
        headers = {
            "Authorization": f"Bearer {self.key}",
            "Content-Type": "application/json",
            "Idempotency-Key": key,
        }
        try:
            if self.link is None:
                self.link = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_SECONDS)
            self.link.request("POST", PAYOUT, body, headers)
            response = self.link.getresponse()
            answer = response.read()
        except (OSError, http.client.HTTPException):
            self._hang_up()
            return "lost"
        if response.status == 200:
            payment.body, payment.answered_at = answer, time.monotonic()
            payment.is_replay = response.getheader("Idempotency-Replayed") == "true"
            return None
        return self._why_again(response.status, answer)

    @staticmethod
    def _why_again(status: int, answer: bytes) -> str:
        error: dict[str, Any] = json.loads(answer)["error"]
        is_expected = status in RETRIED or (status == 409 and error["details"] == {"reason": "in_progress"})
        return str(status) if is_expected else f"unexpected {status} {error['code']}"

    def _hang_up(self) -> None:
        if self.link is not None:
            self.link.close()
            self.link = None


@dataclass
class Crowd:
    """Several cores and what became of their payments."""

    cores: list[Core]

    @property
    def payments(self) -> list[Payment]:
        return [payment for core in self.cores for payment in core.payments]

    @property
    def earlier(self) -> Counter[str]:
        return Counter(why for payment in self.payments for why in payment.earlier)


@contextmanager
def working(port: int, *, key: str, name: str, cores: int = 6, pause: float = 0.05) -> Iterator[Crowd]:
    """Keep the cores at work during the block; afterwards every payment has been seen through."""
    crowd = Crowd([Core(port, name=f"{name}-{number}", key=key, pause=pause) for number in range(cores)])
    stop = threading.Event()
    threads = [threading.Thread(target=core.work, args=(stop,)) for core in crowd.cores]
    for thread in threads:
        thread.start()
    try:
        yield crowd
    finally:
        stop.set()
        for thread in threads:
            thread.join()
