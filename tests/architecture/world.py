"""Two banks: one with an object of every kind that a path can name, and a stranger."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from accounts.models import ApiKey, Invitation, Membership, Organization, Submerchant
from accounts.types import KeyType, Role
from assess.models import Backtest, PolicyDraft, Rule
from blocklists.models import BlocklistBulkAct, BlocklistEntry, ImportBatch
from blocklists.types import ListType
from core.environments import Environment
from events.models import Event
from feeds.models import Feed, FeedVersion
from jobs.models import Job
from tests.blocklists.factories import make_batch, make_bulk_act, make_entry
from tests.factories.accounts import (
    PASSWORD,
    bearer,
    make_api_key,
    make_invitation,
    make_member,
    make_organization,
    make_submerchant,
    session_token,
)
from tests.factories.backtests import make_assessment, make_backtest
from tests.factories.events import make_event
from tests.factories.jobs import make_job
from tests.factories.policies import make_draft, make_rule_row
from tests.factories.transactions import make_transaction
from tests.feeds.factories import make_row as make_feed
from tests.feeds.factories import make_url
from tests.feeds.factories import make_version_row as make_feed_version
from transactions.models import Transaction

SESSION_ID = "ps_1716998400000_ofthebank"
SHOP = "Shop of the first bank"
INVITED = "invited-by-the-first@example.com"
FEED = "list-of-the-first"
LISTED = "listed-by-the-first@example.com"
DRAFTED = "Draft of the first bank"
RULE = "Rule of the first bank"
NEW_RULE = {"name": "New", "flow": "payout", "condition": "payment.amount > 1", "action": "review"}
PEOPLE = {
    "admin": Role.ADMIN,
    "analyst": Role.ANALYST,
    "compliance": Role.COMPLIANCE_OFFICER,
    "viewer": Role.VIEWER,
}
KEYS = {"secret": KeyType.SECRET, "publishable": KeyType.PUBLISHABLE, "ingest": KeyType.INGEST}


@dataclass
class World:
    """The first bank, what it owns, and the stranger."""

    bank: Organization = field(default_factory=make_organization)
    stranger: Organization = field(default_factory=make_organization)
    transaction: Transaction = field(init=False)
    entry: BlocklistEntry = field(init=False)
    key: ApiKey = field(init=False)
    signer: Membership = field(init=False)
    submerchant: Submerchant = field(init=False)
    colleague: Membership = field(init=False)
    invitation: Invitation = field(init=False)
    token: str = field(init=False)
    event: Event = field(init=False)
    rule: Rule = field(init=False)
    feed: Feed = field(init=False)
    feed_version: FeedVersion = field(init=False)
    bulk_act: BlocklistBulkAct = field(init=False)
    job: Job = field(init=False)
    backtest: Backtest = field(init=False)
    batch: ImportBatch = field(init=False)
    draft: PolicyDraft = field(init=False)

    def __post_init__(self) -> None:
        self.transaction = make_transaction(organization=self.bank, session_id=SESSION_ID)
        self.entry = make_entry(organization=self.bank, list_type=ListType.EMAIL, value=LISTED)
        self.key = make_api_key(organization=self.bank)[0]
        self.signer = make_member(organization=self.bank)
        self.submerchant = make_submerchant(organization=self.bank, name=SHOP)
        self.colleague = make_member(organization=self.bank, role=Role.ANALYST)
        self.event = make_event(organization=self.bank)
        make_assessment(self.transaction)
        self.backtest = make_backtest(organization=self.bank, transaction=self.transaction)
        self.rule = make_rule_row(self.signer, name=RULE)
        self.draft = make_draft(self.signer, title=DRAFTED, payout={"bands": {"review": 20}})
        self.feed = make_feed(self.bank, code=FEED, url="https://lists.example.com/of-the-first")
        self.feed_version = make_feed_version(self.feed)
        self.bulk_act = make_bulk_act(organization=self.bank, created_by=self.colleague.user)
        self.batch = make_batch(organization=self.bank)
        self.job = make_job(
            organization=self.bank, kind="blocklists.import", parameters={"batch_id": str(self.batch.id)}
        )
        self.invitation, self.token = make_invitation(organization=self.bank, email=INVITED)

    def headers(self, who: str) -> dict[str, str]:
        """Return the credential of that column of the table."""
        match who:
            case "nobody":
                return {}
            case "live":
                return bearer(make_api_key(organization=self.bank, environment=Environment.PRODUCTION)[1])
            case "other_key":
                return bearer(make_api_key(organization=self.stranger)[1])
            case "other_admin":
                return bearer(session_token(make_member(organization=self.stranger)))
            case _ if who in KEYS:
                return bearer(make_api_key(organization=self.bank, key_type=KEYS[who])[1])
        return bearer(session_token(make_member(organization=self.bank, role=PEOPLE[who])))

    def path(self, template: str) -> str:
        """Return the path with the first bank's objects in it."""
        return template.format(
            transaction_id=self.transaction.id,
            entry_id=self.entry.id,
            key_id=self.key.id,
            submerchant_id=self.submerchant.id,
            membership_id=self.colleague.id,
            event_id=self.event.id,
            rule_id=self.rule.id,
            code=self.feed.code,
            version_id=self.feed_version.id,
            job_id=self.job.id,
            backtest_id=self.backtest.id,
            before="approve",
            after="review",
            batch_id=self.batch.id,
            invitation_id=self.invitation.id,
            act_id=self.bulk_act.id,
            token=self.token,
            draft_id=self.draft.id,
            version=1,
            flow="payout",
            provider_id="sso",
            organization_slug="sso",
            uidb36=self.signer.user_id.hex,
            key="spent",
            pk=1,
            rest="nothing/here",
        )

    def body(self, method: str, template: str) -> dict[str, Any] | None:
        """Return a body that the operation takes."""
        bodies: dict[tuple[str, str], dict[str, Any]] = {
            ("POST", "/api/v1/assess"): {"amount": 1500, "currency": "MXN"},
            ("POST", "/api/v1/assess/payout"): {
                "amount": 1500,
                "currency": "MXN",
                "beneficiary": {"country": "MX"},
            },
            ("POST", "/api/v1/rules"): NEW_RULE,
            ("PATCH", "/api/v1/rules/{rule_id}"): NEW_RULE | {"revision": 1},
            ("POST", "/api/v1/rules/{rule_id}/stage"): {
                "stage": "shadow",
                "reason": "see what it would do",
                "revision": 1,
            },
            ("POST", "/api/v1/simulation"): {"amount": 1500, "currency": "MXN"},
            ("POST", "/api/v1/simulation/payout"): {
                "amount": 1500,
                "currency": "MXN",
                "beneficiary": {"country": "MX"},
            },
            ("POST", "/api/v1/assess/release"): {"session_id": SESSION_ID},
            ("POST", "/api/v1/auth/token"): {"email": self.signer.user.email, "password": PASSWORD},
            ("POST", "/api/v1/blocklists"): {"list_type": "email", "value": f"{uuid.uuid4().hex}@example.com"},
            ("PATCH", "/api/v1/blocklists"): {"id": str(self.entry.id), "reason": "seen again"},
            ("DELETE", "/api/v1/blocklists"): {"id": str(self.entry.id)},
            ("PATCH", "/api/v1/blocklists/{entry_id}"): {"reason": "seen again"},
            ("POST", "/api/v1/feeds"): {"kind": "ip_threat", "title": uuid.uuid4().hex, "url": make_url()},
            ("PATCH", "/api/v1/feeds/{code}"): {"is_active": True},
            ("POST", "/api/v1/keys"): {"name": "core", "type": "secret"},
            ("PATCH", "/api/v1/keys/{key_id}"): {"name": "core"},
            ("POST", "/api/v1/keys/{key_id}/rotate"): {"overlap_hours": 24},
            ("POST", "/api/v1/simulation/backtests"): {
                "name": "Umbral",
                "version": 1,
                "since": "2026-11-01T00:00:00Z",
                "until": "2026-11-30T00:00:00Z",
            },
            ("POST", "/api/v1/submerchants"): {"external_id": uuid.uuid4().hex, "name": "Abarrotes"},
            ("PATCH", "/api/v1/submerchants/{submerchant_id}"): {"name": "Abarrotes"},
            ("PATCH", "/api/v1/policy/settings"): {
                "second_person_percent": 10,
                "are_analysts_heard": True,
                "revision": 0,
            },
            ("POST", "/api/v1/policy/drafts"): {"title": "Stricter"},
            ("PATCH", "/api/v1/policy/drafts/{draft_id}"): {"document": self.draft.document, "revision": 0},
            ("POST", "/api/v1/policy/drafts/{draft_id}/propose"): {"reason": "losses", "revision": 0},
            ("POST", "/api/v1/policy/drafts/{draft_id}/approve"): {"revision": 0},
            ("POST", "/api/v1/policy/drafts/{draft_id}/rebase"): {"revision": 0},
            ("PATCH", "/api/v1/team/members/{membership_id}"): {"role": "viewer"},
            ("POST", "/api/v1/team/invitations"): {"email": f"{uuid.uuid4().hex}@example.com", "role": "viewer"},
            ("POST", "/api/v1/merchant/transactions/{transaction_id}/outcome"): {"outcome": "released"},
        }
        return bodies.get((method, template))

    def call(self, method: str, template: str, who: str, **headers: str) -> Any:
        """Make the call as that column of the table and return the response."""
        body = self.body(method, template)
        sent: dict[str, Any] = self.headers(who) | headers
        if (method, template) == ("POST", "/api/v1/blocklists/import"):
            sent |= {"data": f"{uuid.uuid4().hex}@example.com", "content_type": "text/plain"}
        if body is not None:
            sent |= {"data": body, "content_type": "application/json"}
        return getattr(Client(), method.lower())(self.path(template), **sent)

    def owned(self) -> tuple[Any, ...]:
        """Return the state of what the first bank owns, to see that it did not change."""
        return (
            Transaction.unscoped.filter(pk=self.transaction.pk).values_list("outcome", "released_at").first(),
            BlocklistEntry.unscoped.filter(pk=self.entry.pk).values_list("reason", "is_active", "severity").first(),
            ApiKey.unscoped.filter(pk=self.key.pk)
            .values_list("name", "is_enabled", "revoked_at", "expires_at")
            .first(),
            Submerchant.unscoped.filter(pk=self.submerchant.pk).values_list("name", "is_active").first(),
            Backtest.unscoped.filter(pk=self.backtest.pk).values_list("name", "revision").first(),
            ImportBatch.unscoped.filter(pk=self.batch.pk).values_list("state", "mode").first(),
            Job.unscoped.filter(pk=self.job.pk).values_list("state", "cancel_requested_at").first(),
            Membership.unscoped.filter(pk=self.colleague.pk).values_list("role", "is_active").first(),
            Feed.unscoped.filter(pk=self.feed.pk).values_list("is_active", "refresh_at").first(),
            FeedVersion.unscoped.filter(pk=self.feed_version.pk).values_list("state").first(),
            Invitation.unscoped.filter(pk=self.invitation.pk).values_list("sent_count", "revoked_at").first(),
            Rule.unscoped.filter(pk=self.rule.pk).values_list("name", "state", "revision").first(),
            PolicyDraft.unscoped.filter(pk=self.draft.pk).values_list("state", "revision", "base_version").first(),
        )

    def names(self) -> list[str]:
        """Return the words by which an answer would betray something of the first bank."""
        ids = [self.bank.id, self.transaction.id, self.entry.id, self.key.id, self.submerchant.id]
        ids += [self.colleague.id, self.invitation.id, self.event.id, self.rule.id, self.feed.id, self.feed_version.id]
        ids += [self.draft.id, self.backtest.id, self.batch.id, self.job.id, self.bulk_act.id]
        words = [self.key.public_id, LISTED, FEED, SESSION_ID, SHOP, self.colleague.user.email, INVITED, RULE]
        words += [DRAFTED]
        return [*(str(each) for each in ids), *words]
