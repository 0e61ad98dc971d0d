from assess.policy import default_policy
from assess.scoring import list_unjudged
from assess.signals.ip_list_hit import SIGNAL
from assess.types import Device, Facts, Lookup
from feeds.types import FeedHit, FeedKind
from tests.assess.signals.builders import judge, make_facts, make_payin, make_payout, tell


def make_hit(code: str, kind: FeedKind = FeedKind.IP_THREAT) -> FeedHit:
    return FeedHit(kind=kind, feed=code, title=f"List {code}", as_of="2026-11-20", version=3)


def facts_of(*hits: FeedHit) -> Facts:
    return make_facts(make_payin(device=Device(ip="203.0.113.7")), feed_hits=hits)


def test_fires_with_the_lists_name_and_day_in_both_languages() -> None:
    assert tell(SIGNAL, facts_of(make_hit("a"), make_hit("b"))) == (
        "IP address on the threat list List a of 2026-11-20",
        "Dirección IP en la lista de amenazas List a del 2026-11-20",
    )


def test_fires_on_a_payout_too() -> None:
    assert judge(SIGNAL, make_facts(make_payout(), feed_hits=(make_hit("a"),))) is not None


def test_is_silent_without_a_hit_and_for_hits_of_other_kinds() -> None:
    assert judge(SIGNAL, facts_of()) is None
    assert judge(SIGNAL, facts_of(make_hit("tlds", FeedKind.SUSPICIOUS_TLD))) is None


def test_facts_of_before_there_were_such_lists_are_silent() -> None:
    assert judge(SIGNAL, make_facts(make_payin(device=Device(ip="203.0.113.7")))) is None


def test_a_failed_look_up_is_named() -> None:
    facts = make_facts(make_payin(), failed_lookups=(Lookup.FEEDS,), feed_hits=())
    assert "ip_list_hit" in list_unjudged(facts=facts, policy=default_policy())


def test_a_title_with_braces_is_shown_as_it_is() -> None:
    hit = FeedHit(kind=FeedKind.IP_THREAT, feed="x", title="{as_of} {0}", as_of="2026-11-20", version=1)
    assert tell(SIGNAL, facts_of(hit))[0] == "IP address on the threat list {as_of} {0} of 2026-11-20"
