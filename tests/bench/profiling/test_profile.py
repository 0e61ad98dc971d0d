"""Layers in milliseconds."""

from bench.profiling.profile import HTTP_SERVER, list_layers
from bench.profiling.sampling import Profile, Samples


def test_the_server_is_what_the_application_alone_does_not_take() -> None:
    profile = Profile(cpu_ms=2.0, shares={"scoring": 0.25, "reading": 0.75})
    assert list_layers(profile, web_ms=3.0) == [("scoring", 0.5), ("reading", 1.5), (HTTP_SERVER, 1.0)]
    assert list_layers(profile, web_ms=1.0)[-1] == (HTTP_SERVER, 0.0)


def test_samples_are_shared_out() -> None:
    samples = Samples()
    samples.found.update({"reading": 3, "scoring": 1})
    assert samples.share_out() == {"reading": 0.75, "scoring": 0.25}
    samples.take(0, None)
    assert samples.found["elsewhere"] == 1
