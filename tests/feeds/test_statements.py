"""Which lists hold something of a payment, asked as an assessment asks."""

import uuid

from accounts.models import Organization
from core.environments import Environment
from core.sql import run_statement
from feeds.models import MutedFeed
from feeds.rules.candidates import make_candidates
from feeds.statements import make_hit_statement, make_match_statement, read_matches
from feeds.types import Candidates, FeedHit, FeedKind, FeedMatches
from tests.feeds.factories import NOW, fill, make_feed


def match(
    organization: Organization, candidates: Candidates, environment: Environment = Environment.SANDBOX
) -> FeedMatches:
    statement = make_match_statement(organization_id=organization.id, environment=environment, candidates=candidates)
    return read_matches(run_statement(statement))


NOBODY = uuid.UUID(int=0)
AT = make_candidates(address="203.0.113.7")


def test_an_address_is_found_in_a_network_that_holds_it_with_list_version_and_day(bank: Organization) -> None:
    feed = make_feed(bank, title="Mala gente")
    fill(feed, "203.0.113.0/24", "198.51.100.9")
    assert match(bank, AT).hits == (
        FeedHit(kind=FeedKind.IP_THREAT, feed="mala-gente", title="Mala gente", as_of="2026-11-25", version=1),
    )


def test_an_address_by_itself_is_found_and_its_neighbour_is_not(bank: Organization) -> None:
    fill(make_feed(bank), "203.0.113.7", "2001:db8::7")
    assert len(match(bank, AT).hits) == 1
    assert len(match(bank, make_candidates(address="2001:db8::7")).hits) == 1
    assert match(bank, make_candidates(address="203.0.113.8")).hits == ()


def test_another_organization_and_another_environment_find_nothing(bank: Organization, stranger: Organization) -> None:
    fill(make_feed(bank), "203.0.113.7")
    assert match(stranger, AT) == FeedMatches()
    assert match(bank, AT, Environment.PRODUCTION) == FeedMatches()


def test_a_list_that_is_turned_off_finds_nothing(bank: Organization) -> None:
    feed = make_feed(bank)
    fill(feed, "203.0.113.7")
    feed.is_active = False
    feed.save()
    assert match(bank, AT).hits == ()


def test_a_kind_that_is_not_asked_about_is_not_found(bank: Organization) -> None:
    fill(make_feed(bank), "203.0.113.7")
    assert match(bank, {}).hits == ()
    assert match(bank, {FeedKind.DISPOSABLE_DOMAIN: ("203.0.113.7/32",)}).hits == ()


def test_what_a_later_version_no_longer_has_is_no_longer_found(bank: Organization) -> None:
    feed = make_feed(bank)
    fill(feed, "203.0.113.7", "203.0.113.8")
    fill(feed, "203.0.113.8", "203.0.113.9")
    assert match(bank, AT).hits == ()
    assert match(bank, make_candidates(address="203.0.113.9")).hits[0].version == 2


def test_of_countries_the_hit_names_the_country(bank: Organization) -> None:
    fill(make_feed(bank, kind=FeedKind.RISK_COUNTRY, title="Comité"), "pa", "ru")
    hits = match(bank, make_candidates(countries=("MX", "RU"))).hits
    assert [(hit.feed, hit.value) for hit in hits] == [("comite", "RU")]


def test_lists_of_clausums_that_are_turned_off_are_named(bank: Organization, stranger: Organization) -> None:
    MutedFeed.objects.create(
        organization_id=bank.id, environment=Environment.SANDBOX, code="suspicious_tlds", muted_at=NOW
    )
    assert match(bank, {}).muted == {"suspicious_tlds"}
    assert match(stranger, {}).muted == frozenset()


def test_no_hit_writes_nothing() -> None:
    nobody = make_hit_statement(
        organization_id=NOBODY, environment=Environment.SANDBOX, transaction_id=NOBODY, hits=(), at=NOW
    )
    assert nobody is None
