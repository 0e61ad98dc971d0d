"""Generated requests against the recorded OpenAPI: whatever is sent, the answer is one that the document promises.

No 500, no status, header or body that is not documented; what breaks the schema is refused; what keeps it is taken,
but for the operations of BEYOND_SCHEMAS, whose rules JSON Schema cannot say.
"""

from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck
from hypothesis import settings as bounds
from schemathesis.checks import positive_data_acceptance
from schemathesis.config import SchemathesisConfig

from clausum.wsgi import application
from tests.architecture.sources import ROOT
from tests.architecture.world import World

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]

CONFIG = SchemathesisConfig.from_dict({
    "suppress-health-check": ["all"],
    "generation": {
        "max-examples": 8,
        "deterministic": True,
        "allow-x00": False,
        "with-security-parameters": False,
        "no-shrink": True,
    },
})  # fmt: skip

BEYOND_SCHEMAS = {
    "list_transactions": "a cursor is one that an answer gave; days have a calendar",
    "simulate_payin": "a version is one that the policy has had",
    "simulate_payout": "a version is one that the policy has had",
    "add_blocklist_entry": "a value is one of its list type; an expiry lies in the future",
    "import_blocklist_entries": "a file has rows; an expiry lies in the future",
    "undo_blocklist_import": "an import that is not in force is not undone",
    "change_blocklist_entry": "an expiry lies in the future; the id of the body is the one of the path",
    "change_blocklist_entry_in_body": "an expiry lies in the future",
    "remove_blocklist_entry_in_query": "an id given twice is the same one",
    "add_submerchant": "a text is printable; a country exists",
    "change_submerchant": "a text is printable; a country exists",
    "add_feed": "an address is a public https one; a text is printable; a title is given once",
    "add_rule": "a condition is one over the fields that there are; a guard is from 1 to 100",
    "change_rule": "a condition is one over the fields that there are; a name is printable",
    "stage_rule": "a rule is brought where it is not yet; a moment lies in the future",
    "start_policy_draft": "a document is a policy; a version was published; a title is printable",
    "change_policy_draft": "a document is a policy; a revision is the one that was read",
    "change_policy_settings": "a revision is the one that was read",
    "propose_policy_draft": "a moment lies in the future; a revision is the one that was read",
    "approve_policy_draft": "a proposal is somebody else's; a revision is the one that was read",
    "rebase_policy_draft": "a revision is the one that was read",
    "invite_member": "an e-mail address is one",
    "change_member": "either a role or access; a note is printable; a revision is the one that was read",
    "create_api_key": "permissions and origins are those of the key's type; addresses are addresses",
    "change_api_key": "permissions and origins are those of the key's type; addresses are addresses",
}
VALID_IBAN = "DE89370400440532013000"

document = schemathesis.openapi.from_path(ROOT / "docs" / "openapi.yaml", config=CONFIG)
document.app = application


@pytest.fixture
def world(transactional_db: None, settings: Any) -> World:
    settings.ASSESS_DEADLINE_MS = 20_000  # what is generated is judged by what it is answered, not by how busy CI is
    return World()


@document.parametrize()
@bounds(deadline=None, suppress_health_check=list(HealthCheck))
def test_every_answer_is_one_that_the_document_promises(case: Any, world: World) -> None:
    operation = case.operation.definition.raw["operationId"]
    _name_what_exists(case, world)
    if case.meta is not None and case.meta.generation.mode.is_positive:
        _stay_within_words(case)
    excluded = [positive_data_acceptance] if operation in BEYOND_SCHEMAS else []
    case.call_and_validate(headers=_credential(case, world), excluded_checks=excluded)


def _credential(case: Any, world: World) -> dict[str, str]:
    schemes = {name for requirement in case.operation.definition.raw["security"] for name in requirement}
    who = "admin" if "accessToken" in schemes else "secret" if schemes else "nobody"
    headers = world.headers(who)
    return {"Authorization": headers["HTTP_AUTHORIZATION"]} if headers else {}


def _name_what_exists(case: Any, world: World) -> None:
    """Let every well-formed id of the path be that of an object of the bank's, so that the operation is reached."""
    existing = {"transaction_id": world.transaction.id, "entry_id": world.entry.id, "key_id": world.key.id}
    existing |= {"membership_id": world.colleague.id, "invitation_id": world.invitation.id}
    existing |= {"rule_id": world.rule.id, "draft_id": world.draft.id, "backtest_id": world.backtest.id}
    existing |= {"batch_id": world.batch.id, "job_id": world.job.id, "submerchant_id": world.submerchant.id}
    for name, given in (case.path_parameters or {}).items():
        if name in existing and len(str(given)) == len(str(existing[name])):
            case.path_parameters[name] = str(existing[name])


def _stay_within_words(case: Any) -> None:
    """Take back from a valid call what the document says in words only: times, decimals, a true IBAN."""
    if "X-Clausum-As-Of" in (case.headers or {}):
        case.headers["X-Clausum-As-Of"] = "2026-01-15T12:00:00Z"
    if not isinstance(case.body, dict):
        return
    body = case.body = _without_decimals(case.body)
    if body.get("amount_unit") == "major":
        body["amount"] %= 10**9
    if body.get("metadata"):
        body["metadata"] = {"note": "short"}
    if body.get("beneficiary", {}).get("iban"):
        body["beneficiary"]["iban"] = VALID_IBAN


def _without_decimals(tree: Any) -> Any:
    """Return the tree with whole numbers only: a currency has so many decimals, and a number so many digits."""
    if isinstance(tree, dict):
        return {name: _without_decimals(value) for name, value in tree.items()}
    if isinstance(tree, list):
        return [_without_decimals(value) for value in tree]
    return int(tree) % 10**6 if isinstance(tree, float) else tree
