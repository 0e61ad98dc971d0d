"""A policy from its draft to its publication: who must agree, and what may come between."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership, Organization
from accounts.types import Role
from assess.impact import Impact
from assess.models import PolicyDraft, Rule
from assess.policy import encode_policy
from assess.services.policy_drafts import (
    AnalystsNotHeard,
    DraftChanged,
    DraftNotFound,
    DraftNotOpen,
    OwnProposal,
    approve_draft,
    change_draft,
    discard_draft,
    list_due_drafts,
    propose_draft,
    rebase_draft,
    start_draft,
    take_back_draft,
)
from assess.services.policy_settings import PolicySettingsChanged, change_policy_settings, read_policy_settings
from assess.services.publish_policy import NothingToPublish, PolicyMoved, RulesUnknown
from assess.tasks import publish_due_policies
from core.clock import read_clock
from core.environments import Environment
from core.errors import Forbidden, ValidationFailed
from core.unit_of_work import unit_of_work
from events.models import Event
from tests.assess.test_custom_rules import make_rule
from tests.factories.accounts import make_actor, make_member, make_organization
from tests.factories.policies import GREAT_IMPACT, NO_IMPACT, current_policy, make_rule_row, publish_change

pytestmark = pytest.mark.django_db


@pytest.fixture
def bank() -> Organization:
    return make_organization()


@pytest.fixture
def admin(bank: Organization) -> Membership:
    return make_member(organization=bank, role=Role.ADMIN)


@pytest.fixture
def analyst(bank: Organization) -> Membership:
    return make_member(organization=bank, role=Role.ANALYST)


def act(member: Membership, service: Callable[..., Any], **fields: Any) -> Any:
    with unit_of_work():
        return service(actor=make_actor(member), now=read_clock(), **fields)


def start(member: Membership, review: int = 20) -> PolicyDraft:
    policy = current_policy(member)
    document = encode_policy(policy)
    document["payout"]["bands"]["review"] = review
    made: PolicyDraft = act(member, start_draft, title="Más estricta", document=document, base_version=policy.version)
    return made


def propose(member: Membership, draft: PolicyDraft, impact: Impact = NO_IMPACT, **fields: Any) -> PolicyDraft:
    proposed: PolicyDraft = act(member, propose_draft, draft_id=draft.id, reason="más fraude", impact=impact, **fields)
    return proposed


def tell(bank: Organization) -> list[str]:
    return list(Event.unscoped.filter(organization=bank).order_by("id").values_list("kind", flat=True))


def review_of(member: Membership) -> int:
    return current_policy(member).payout.bands.review


def test_a_small_change_is_published_by_one_person(bank: Organization, admin: Membership) -> None:
    draft = propose(admin, start(admin))
    assert (draft.state, draft.published_version, draft.impact) == (
        "published",
        2,
        {"payments": 100, "changed": 0, "moves": {}},
    )
    assert review_of(admin) == 20
    assert tell(bank) == ["policy_draft.started", "policy.published"]


def test_a_great_change_waits_for_a_second_person(bank: Organization, admin: Membership) -> None:
    draft = propose(admin, start(admin), GREAT_IMPACT)
    assert (draft.state, review_of(admin)) == ("proposed", 30)
    with pytest.raises(OwnProposal):
        act(admin, approve_draft, draft_id=draft.id, revision=draft.revision)
    assert review_of(admin) == 30
    other = make_member(organization=bank)
    approved = act(other, approve_draft, draft_id=draft.id, revision=draft.revision)
    assert (approved.state, approved.approved_by_id, review_of(admin)) == ("published", other.user_id, 20)
    assert tell(bank) == [
        "policy_draft.started",
        "policy_draft.proposed",
        "policy_draft.approved",
        "policy.published",
    ]


def test_who_wrote_it_does_not_agree_to_it_either(bank: Organization, admin: Membership) -> None:
    other = make_member(organization=bank)
    draft = propose(other, start(admin), GREAT_IMPACT)
    with pytest.raises(OwnProposal):
        act(admin, approve_draft, draft_id=draft.id, revision=draft.revision)


def test_none_of_those_who_rewrote_it_agrees_to_it(bank: Organization, admin: Membership, analyst: Membership) -> None:
    rewriter, rebaser, other = (make_member(organization=bank) for _ in range(3))
    draft = start(admin)
    publish_change(admin, "payin", "bands", review=25)
    document = encode_policy(current_policy(admin))
    document["payout"]["bands"]["review"] = 15
    act(rebaser, rebase_draft, draft_id=draft.id, document=document, version=2)
    propose(rewriter, draft, GREAT_IMPACT)
    act(rewriter, take_back_draft, draft_id=draft.id)
    for member, review in ((rewriter, 20), (rewriter, 10), (analyst, 12)):
        document["payout"]["bands"]["review"] = review
        revision = PolicyDraft.unscoped.get().revision
        act(member, change_draft, draft_id=draft.id, document=document, revision=revision)
    draft = propose(analyst, draft)
    assert draft.changed_by == [rebaser.user_id, rewriter.user_id, analyst.user_id]
    for member in (admin, rewriter, rebaser):
        with pytest.raises(OwnProposal):
            act(member, approve_draft, draft_id=draft.id, revision=draft.revision)
    assert (PolicyDraft.unscoped.get().state, review_of(admin)) == ("proposed", 30)
    act(other, approve_draft, draft_id=draft.id, revision=draft.revision)
    assert review_of(admin) == 12


def test_the_limit_is_the_organizations(bank: Organization, admin: Membership) -> None:
    act(admin, change_policy_settings, second_person_percent=41, are_analysts_heard=True, revision=0)
    assert propose(admin, start(admin), GREAT_IMPACT).state == "published"
    act(admin, change_policy_settings, second_person_percent=40, are_analysts_heard=True, revision=1)
    assert propose(admin, start(admin, 25), GREAT_IMPACT).state == "proposed"
    act(admin, change_policy_settings, second_person_percent=None, are_analysts_heard=True, revision=2)
    assert propose(admin, start(admin, 26), GREAT_IMPACT).state == "published"


def test_an_analysts_proposal_always_waits(admin: Membership, analyst: Membership) -> None:
    draft = propose(analyst, start(analyst))
    assert (draft.state, review_of(admin)) == ("proposed", 30)
    with pytest.raises(Forbidden):
        act(analyst, approve_draft, draft_id=draft.id, revision=draft.revision)
    act(admin, approve_draft, draft_id=draft.id, revision=draft.revision)
    assert review_of(admin) == 20


def test_analysts_are_not_heard_where_the_organization_says_so(admin: Membership, analyst: Membership) -> None:
    act(admin, change_policy_settings, second_person_percent=5, are_analysts_heard=False, revision=0)
    with pytest.raises(AnalystsNotHeard):
        start(analyst)
    assert not PolicyDraft.unscoped.exists()


def test_a_draft_is_changed_by_one_at_a_time(admin: Membership) -> None:
    draft = start(admin)
    document = encode_policy(current_policy(admin))
    document["payin"]["bands"]["review"] = 10
    changed = act(admin, change_draft, draft_id=draft.id, document=document, revision=0)
    assert (changed.revision, changed.document["payin"]["bands"]["review"]) == (1, 10)
    with pytest.raises(DraftChanged):
        act(admin, change_draft, draft_id=draft.id, document=encode_policy(current_policy(admin)), revision=0)
    assert PolicyDraft.unscoped.get().document["payin"]["bands"]["review"] == 10


def test_a_draft_on_an_older_version_is_not_published_until_it_stands_on_the_new_one(admin: Membership) -> None:
    draft = start(admin)
    publish_change(admin, "payin", "bands", review=25)
    with pytest.raises(PolicyMoved):
        propose(admin, draft)
    assert PolicyDraft.unscoped.get().state == "draft"
    document = encode_policy(current_policy(admin))
    document["payout"]["bands"]["review"] = 20
    act(admin, rebase_draft, draft_id=draft.id, document=document, version=2)
    assert propose(admin, draft).published_version == 3
    assert current_policy(admin).payin.bands.review == 25


def test_what_could_never_be_published_is_not_proposed(admin: Membership, bank: Organization) -> None:
    document = encode_policy(current_policy(admin))
    same = act(admin, start_draft, title="Igual", document=document, base_version=1)
    gone = act(admin, start_draft, title="Ida", document=document | {"rules": [make_rule()]}, base_version=1)
    later = {"publish_at": read_clock() + timedelta(hours=1)}
    for draft, refusal in ((same, NothingToPublish), (gone, RulesUnknown)):
        for impact, fields in ((GREAT_IMPACT, {}), (NO_IMPACT, later)):
            with pytest.raises(refusal):
                propose(admin, draft, impact, **fields)
    assert {row.state for row in PolicyDraft.unscoped.all()} == {"draft"}
    assert tell(bank) == ["policy_draft.started"] * 2


def test_a_proposal_whose_rule_went_is_not_published(admin: Membership, bank: Organization) -> None:
    row = make_rule_row(admin)
    document = encode_policy(current_policy(admin)) | {"rules": [make_rule(row.code)]}
    draft = propose(admin, act(admin, start_draft, title="x", document=document, base_version=1), GREAT_IMPACT)
    Rule.unscoped.all().delete()
    with pytest.raises(RulesUnknown):
        act(make_member(organization=bank), approve_draft, draft_id=draft.id, revision=draft.revision)
    assert (PolicyDraft.unscoped.get().state, current_policy(admin).version) == ("proposed", 1)


def test_a_scheduled_publication_happens_in_its_time(admin: Membership, bank: Organization) -> None:
    moment = read_clock() + timedelta(hours=1)
    draft = propose(admin, start(admin), publish_at=moment)
    assert (draft.state, review_of(admin)) == ("scheduled", 30)
    publish_due_policies()
    assert review_of(admin) == 30
    PolicyDraft.unscoped.update(publish_at=read_clock() - timedelta(seconds=1))
    publish_due_policies()
    publish_due_policies()
    assert (PolicyDraft.unscoped.get().state, review_of(admin), current_policy(admin).version) == ("published", 20, 2)
    assert tell(bank) == ["policy_draft.started", "policy_draft.scheduled", "policy.published"]


def test_a_scheduled_publication_that_was_overtaken_says_so_and_does_nothing(
    admin: Membership, bank: Organization
) -> None:
    propose(admin, start(admin), publish_at=read_clock() + timedelta(hours=1))
    publish_change(admin, "payin", "bands", review=25)
    PolicyDraft.unscoped.update(publish_at=read_clock() - timedelta(seconds=1))
    publish_due_policies()
    assert (PolicyDraft.unscoped.get().state, review_of(admin)) == ("stale", 30)
    assert tell(bank)[-1] == "policy_draft.overtaken"


def test_a_scheduled_publication_that_is_refused_is_not_tried_again(admin: Membership, bank: Organization) -> None:
    row = make_rule_row(admin)
    policy = encode_policy(current_policy(admin))
    moment: dict[str, Any] = {"publish_at": read_clock() + timedelta(hours=1)}
    for document in (policy | {"rules": [make_rule(row.code)]}, policy | {"rules": [make_rule(row.code, weight=1)]}):
        propose(admin, act(admin, start_draft, title="x", document=document, base_version=1), **moment)
    broken = PolicyDraft.unscoped.latest("created_at")
    PolicyDraft.unscoped.filter(id=broken.id).update(document={})
    Rule.unscoped.all().delete()
    PolicyDraft.unscoped.update(publish_at=read_clock() - timedelta(seconds=1))
    for _ in range(2):
        publish_due_policies()
    assert [draft.state for draft in PolicyDraft.unscoped.all()] == ["stale", "stale"]
    assert tell(bank)[-2:] == ["policy_draft.overtaken"] * 2
    assert current_policy(admin).version == 1


def test_what_is_due_is_listed_without_its_documents(admin: Membership, bank: Organization) -> None:
    draft = propose(admin, start(admin), publish_at=read_clock() + timedelta(hours=1))
    with CaptureQueriesContext(connection) as asked:
        assert list_due_drafts(now=read_clock()) == []
        due = list_due_drafts(now=read_clock() + timedelta(hours=2))
    assert due == [(bank.id, Environment.SANDBOX, draft.id)]
    assert not any("document" in query["sql"] for query in asked)


def test_a_past_moment_is_refused(admin: Membership) -> None:
    draft = start(admin)
    with pytest.raises(ValidationFailed):
        propose(admin, draft, publish_at=read_clock())
    assert PolicyDraft.unscoped.get().state == "draft"


def test_a_proposal_goes_back_to_its_desk(admin: Membership, analyst: Membership) -> None:
    draft = propose(analyst, start(analyst))
    other = make_member(organization=admin.organization, role=Role.ANALYST)
    with pytest.raises(Forbidden):
        act(other, take_back_draft, draft_id=draft.id)
    assert act(analyst, take_back_draft, draft_id=draft.id).state == "draft"
    with pytest.raises(DraftNotOpen):
        act(admin, approve_draft, draft_id=draft.id, revision=draft.revision)
    assert review_of(admin) == 30


def test_what_was_put_away_is_done_with(admin: Membership) -> None:
    draft = start(admin)
    assert act(admin, discard_draft, draft_id=draft.id).state == "discarded"
    for service, fields in ((discard_draft, {}), (propose_draft, {"reason": "x", "impact": NO_IMPACT})):
        with pytest.raises(DraftNotOpen):
            act(admin, service, draft_id=draft.id, **fields)


def test_a_stranger_finds_no_draft(admin: Membership) -> None:
    draft = start(admin)
    stranger = make_member(organization=make_organization())
    for service, fields in (
        (approve_draft, {"revision": 0}),
        (take_back_draft, {}),
        (discard_draft, {}),
        (propose_draft, {"reason": "x", "impact": NO_IMPACT}),
    ):
        with pytest.raises(DraftNotFound):
            act(stranger, service, draft_id=draft.id, **fields)
    assert PolicyDraft.unscoped.get().state == "draft"


def test_settings_are_changed_once_and_told(admin: Membership, bank: Organization) -> None:
    for _ in range(2):
        act(admin, change_policy_settings, second_person_percent=10, are_analysts_heard=False, revision=0)
    actor = make_actor(admin)
    found = read_policy_settings(**actor.scope)
    assert (found.second_person_percent, found.are_analysts_heard, found.revision) == (10, False, 1)
    assert [event.payload for event in Event.unscoped.filter(kind="policy_settings.changed")] == [
        {
            "before": {"second_person_percent": 5, "are_analysts_heard": True},
            "after": {"second_person_percent": 10, "are_analysts_heard": False},
        }
    ]
    with pytest.raises(PolicySettingsChanged):
        act(admin, change_policy_settings, second_person_percent=20, are_analysts_heard=False, revision=0)
    with pytest.raises(ValidationFailed):
        act(admin, change_policy_settings, second_person_percent=0, are_analysts_heard=False, revision=1)
