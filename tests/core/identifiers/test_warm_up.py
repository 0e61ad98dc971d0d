"""Warming up: afterwards nothing is read from disk any more."""

from core.identifiers import email
from core.identifiers.warm_up import warm_up


def test_the_public_suffixes_are_read_once() -> None:
    warm_up()
    before = email._public_suffixes.cache_info().misses
    email.registrable_parents("a-domain-that-nothing-else-asks-for.example")
    assert email._public_suffixes.cache_info().misses == before
