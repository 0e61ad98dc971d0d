"""The moment from which a deadline counts."""

from django.test import RequestFactory

from core.api.arrival import ARRIVED, read_arrival_ms
from core.clock import read_monotonic_ms


def test_the_servers_word_counts() -> None:
    assert read_arrival_ms(RequestFactory().get("/", **{ARRIVED: 12.5})) == 12.5  # type: ignore[arg-type]


def test_without_it_the_request_arrives_now() -> None:
    before = read_monotonic_ms()
    assert before <= read_arrival_ms(RequestFactory().get("/")) <= read_monotonic_ms()


def test_no_header_is_taken_for_it() -> None:
    request = RequestFactory().get("/", headers={"clausum.arrived-ms": "1", "Clausum-Arrived-Ms": "1"})
    assert read_arrival_ms(request) > 1
