"""Every kind of event and what it says. An event of a kind that is not here is not recorded."""

from collections.abc import Mapping
from types import MappingProxyType

KINDS: Mapping[str, str] = MappingProxyType(
    {
        "organization.created": "a tenant was set up",
        "organization.changed": "what an administrator may set for a tenant was changed",
        "member.added": "a person was given a role in an organization",
        "member.role_changed": "a person was given another role",
        "member.suspended": "a person's access was suspended",
        "member.reactivated": "a suspended person's access was given back",
        "member.removed": "a person's access was ended for good",
        "team.exported": "a list of who has access was taken out, for a review",
        "invitation.sent": "a person was invited by e-mail",
        "invitation.resent": "an invitation was sent again with a new link, which ended the old one",
        "invitation.revoked": "an invitation was withdrawn",
        "invitation.accepted": "an invited person came in",
        "invitation.closed": "an invitation ended by itself, as its person had access already",
        "invitation.refused": "somebody opened an invitation that opens nothing any more",
        "modules.changed": "what an organization has contracted was changed",
        "key.created": "an API key was made",
        "key.changed": "an API key's limits, permissions or state were changed",
        "key.rotated": "an API key was replaced by a new one",
        "key.revoked": "an API key was ended for good",
        "submerchant.added": "a submerchant was made known",
        "submerchant.changed": "what is known of a submerchant was changed, or whether it is active",
        "sign_in.refused": "a person who is known was turned away",
        "session.started": "a person signed in with a browser",
        "session.ended": "a person signed out of a browser, or was",
        "account.changed": "a person changed their password or their second factors",
        "token.issued": "a person signed in over the API",
        "token.ended": "a person's sign-in over the API was ended",
        "blocklist_entry.added": "a value was put on a list",
        "blocklist_entry.changed": "an entry of a list was changed",
        "blocklist_entry.removed": "an entry was taken off a list",
        "feed.added": "a list from outside was subscribed to for the first time",
        "feed.subscribed": "a list from outside was turned on",
        "feed.unsubscribed": "a list from outside was turned off",
        "feed.received": "a new file of a list came, and waits to be read",
        "feed.refreshed": "a new version of a list came into force",
        "feed.held": "a new version of a list is not plausible and waits for a person",
        "feed.approved": "a person let a version that was held come into force",
        "feed.discarded": "a version of a list was not taken",
        "feed.refresh_asked": "a person asked for a list to be fetched at once",
        "feed.failed": "a list could not be fetched or read",
        "feed.stale": "a list has become older than it should be",
        "blocklist.exported": "entries of the lists were taken out as a file",
        "job.requested": "a long piece of work was given to the workers",
        "job.cancelled": "somebody asked for a long piece of work to be given up",
        "job.finished": "a long piece of work ended: done, failed or given up",
        "blocklist_import.applied": "the entries of a file were put on the lists",
        "blocklist_import.undone": "what a file had put on the lists was taken off again",
        "transaction.created": "a payment was assessed and not declined",
        "transaction.blocked": "a payment was declined or hard-blocked",
        "transaction.released": "a payment attempt was given up, or its review ended",
        "transaction.labelled": "a payment was said to be fraudulent, or not",
        "transaction.outcome": "a client said what became of a payment",
        "history.loaded": "payments of the past were loaded",
        "simulation.run": "somebody tried what would be decided of a payment that nobody made",
        "policy.published": "another version of the policy came into force: weights, thresholds, rules",
        "policy_draft.started": "somebody began to work on another policy",
        "policy_draft.changed": "a policy that is worked on was changed",
        "policy_draft.proposed": "the publication of a policy was asked for, and waits for a second person",
        "policy_draft.approved": "a second person agreed to the publication of a policy",
        "policy_draft.scheduled": "the publication of a policy was set for a later moment",
        "policy_draft.taken_back": "a policy that was proposed or scheduled is worked on again",
        "policy_draft.overtaken": "a scheduled publication did not happen: most often, another came first",
        "policy_draft.discarded": "a policy that was worked on was put away",
        "policy_settings.changed": "who must agree to a publication, or who may propose one, was changed",
        "backtest.requested": "a policy was to be tried on the stored payments of a period",
        "backtest.exported": "a table of a backtest was taken out",
        "backtest.renamed": "a backtest was given another name",
        "rule.added": "a custom rule was written",
        "rule.changed": "the draft of a custom rule was changed",
        "rule.removed": "a custom rule that was never published was deleted",
        "rule.guarded": "a custom rule met too many payments and went back to shadow by its guard",
        "maintenance.switched": "a flow was put into maintenance, or taken out of it",
        "audit.exported": "a part of the audit trail was taken out as a file",
        "audit.check_requested": "a verification of the chain of events was asked for",
        "personal_data.erased": "the personal data of an earlier event were erased",
    }
)


PAYMENT_KINDS = ("transaction.created", "transaction.blocked")
"""What is decided of payments as they come: thousands a minute, where all the rest are a few a day."""


class UnknownEventKind(ValueError):
    """The kind is not in the table above."""


def require_kind(kind: str) -> None:
    """Raise UnknownEventKind unless the kind is in the table."""
    if kind not in KINDS:
        raise UnknownEventKind(kind)
