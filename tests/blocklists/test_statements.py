"""Entries against payments, with real rows: what is met, by whom, when, and at what cost."""

import re
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from msgspec.structs import replace
from psycopg import sql

from accounts.models import Organization
from blocklists.models import BlocklistEntry, BlocklistHit
from blocklists.rules.candidates import make_candidates
from blocklists.statements import MAXIMUM_HITS_PER_TYPE, make_hit_statement, make_match_statement, read_hits
from blocklists.types import FlowScope, ListHit, ListType, PaymentIdentifiers, Severity
from core.environments import Environment
from core.sql import Statement, run_statement
from tests.blocklists.factories import NOW, make_entry, make_transaction
from tests.factories.accounts import make_organization

pytestmark = pytest.mark.django_db

PAYIN = PaymentIdentifiers(
    email="buyer@shop.evil.com.mx",
    ip="203.0.113.9",
    device_fingerprint="fp-1",
    card_bin="41111112",
    card_hash="hash-1",
    countries=("MX", "KP"),
    phone="+525512345678",
    customer_id="customer-1",
)
PAYOUT = PaymentIdentifiers(
    email="buyer@shop.evil.com.mx",
    ip="203.0.113.9",
    device_fingerprint="fp-1",
    countries=("MX", "KP"),
    phone="+525512345678",
    customer_id="customer-1",
    clabe="012180001234567890",
    iban="GB82WEST12345698765432",
    account_hash="account-1",
    swift_bic="BNMXMXMMXXX",
    beneficiary_id="beneficiary-1",
)
# Everything at once: what a flow does not look at must not be met even when it is there.
EVERYTHING = replace(PAYOUT, card_bin=PAYIN.card_bin, card_hash=PAYIN.card_hash)
BOTH = {"payin", "payout"}

# The contract's table (§9): an entry of this type and value is met in these flows.
TABLE = [
    (ListType.EMAIL, "Buyer@Shop.Evil.com.mx", BOTH),
    (ListType.EMAIL_DOMAIN, "evil.com.mx", BOTH),
    (ListType.IP_ADDRESS, "::ffff:203.0.113.9", BOTH),
    (ListType.IP_RANGE, "203.0.113.77/24", BOTH),
    (ListType.DEVICE_FINGERPRINT, "fp-1", BOTH),
    (ListType.CARD_BIN, "411111", {"payin"}),
    (ListType.CARD_HASH, "hash-1", {"payin"}),
    (ListType.COUNTRY, "kp", BOTH),
    (ListType.PHONE, "+52 55 1234 5678", BOTH),
    (ListType.CUSTOMER_ID, "customer-1", BOTH),
    (ListType.CLABE, "012-180-00123456789-0", {"payout"}),
    (ListType.IBAN, "gb82 west 1234 5698 7654 32", {"payout"}),
    (ListType.ACCOUNT_HASH, "account-1", {"payout"}),
    (ListType.SWIFT_BIC, "BNMXMXMM", {"payout"}),
    (ListType.BENEFICIARY_ID, "beneficiary-1", {"payout"}),
]
NEAR_MISSES = [
    (ListType.EMAIL, "other@shop.evil.com.mx"),
    (ListType.EMAIL_DOMAIN, "vil.com.mx"),
    (ListType.EMAIL_DOMAIN, "deeper.shop.evil.com.mx"),
    (ListType.IP_ADDRESS, "203.0.113.10"),
    (ListType.IP_RANGE, "203.0.112.0/24"),
    (ListType.IP_RANGE, "2000::/3"),
    (ListType.DEVICE_FINGERPRINT, "FP-1"),
    (ListType.CARD_BIN, "4111111"[:6] + "9"),
    (ListType.CARD_BIN, "41111113"),
    (ListType.CARD_HASH, "hash-2"),
    (ListType.COUNTRY, "IR"),
    (ListType.PHONE, "+525512345679"),
    (ListType.CUSTOMER_ID, "customer-11"),
    (ListType.CLABE, "012180001234567899"),
    (ListType.IBAN, "GB82WEST12345698765433"),
    (ListType.ACCOUNT_HASH, "customer-1"),
    (ListType.SWIFT_BIC, "BNMXMXMM123"),
    (ListType.BENEFICIARY_ID, "account-1"),
]


def _match_statement(
    organization: Organization,
    flow: str,
    *,
    payment: PaymentIdentifiers = EVERYTHING,
    environment: Environment = Environment.SANDBOX,
    at: datetime = NOW,
) -> Statement:
    return make_match_statement(
        organization_id=organization.id,
        environment=environment,
        flow=flow,
        candidates=make_candidates(flow=flow, payment=payment),
        at=at,
    )


def _match(organization: Organization, flow: str, **how: Any) -> tuple[ListHit, ...]:
    return read_hits(run_statement(_match_statement(organization, flow, **how)))


def test_the_table_covers_every_list_type() -> None:
    assert [row[0] for row in TABLE] == list(ListType)


@pytest.mark.parametrize("flow", ["payin", "payout"])
@pytest.mark.parametrize(("list_type", "value", "flows"), TABLE)
def test_an_entry_of_both_scopes_is_met_where_the_contract_says(
    list_type: ListType, value: str, flows: set[str], flow: str
) -> None:
    organization = make_organization()
    entry = make_entry(organization=organization, list_type=list_type, value=value, flow_scope="both")
    hit = ListHit(entry_id=str(entry.id), list_type=list_type, severity=Severity.BLOCK)
    assert _match(organization, flow) == ((hit,) if flow in flows else ())


@pytest.mark.parametrize("flow", ["payin", "payout"])
def test_of_all_types_listed_at_once_each_is_met_once_in_the_contracts_order(flow: str) -> None:
    organization = make_organization()
    for list_type, value, _ in reversed(TABLE):
        make_entry(organization=organization, list_type=list_type, value=value, flow_scope="both")
    expected = [list_type for list_type, _, flows in TABLE if flow in flows]
    assert [hit.list_type for hit in _match(organization, flow)] == expected


@pytest.mark.parametrize("flow", ["payin", "payout"])
@pytest.mark.parametrize(("list_type", "value"), NEAR_MISSES)
def test_a_near_miss_is_no_hit(list_type: ListType, value: str, flow: str) -> None:
    organization = make_organization()
    make_entry(organization=organization, list_type=list_type, value=value, flow_scope="both")
    assert _match(organization, flow) == ()


@pytest.mark.parametrize(("scope", "flows"), [("payin", {"payin"}), ("payout", {"payout"}), ("both", BOTH)])
def test_an_entry_is_met_only_in_the_flows_of_its_scope(scope: str, flows: set[str]) -> None:
    organization = make_organization()
    make_entry(organization=organization, list_type=ListType.EMAIL, value="buyer@shop.evil.com.mx", flow_scope=scope)
    assert {flow for flow in BOTH if _match(organization, flow)} == flows


def test_a_value_listed_for_the_flow_and_for_both_is_met_twice_the_heavier_first() -> None:
    organization = make_organization()
    for scope, severity in (("payin", "review"), ("both", "flag"), ("payout", "block")):
        make_entry(
            organization=organization, list_type=ListType.COUNTRY, value="KP", flow_scope=scope, severity=severity
        )
    assert [hit.severity for hit in _match(organization, "payin")] == [Severity.FLAG, Severity.REVIEW]


@pytest.mark.parametrize("prefix", ["203.0.113.9/32", "203.0.113.8/31", "203.0.0.0/16", "128.0.0.0/1"])
def test_an_address_is_met_by_ranges_of_every_width(prefix: str) -> None:
    organization = make_organization()
    make_entry(organization=organization, list_type=ListType.IP_RANGE, value=prefix)
    assert len(_match(organization, "payin")) == 1


def test_a_v6_address_is_met_by_its_network() -> None:
    organization = make_organization()
    make_entry(organization=organization, list_type=ListType.IP_RANGE, value="2001:db8::/32")
    assert len(_match(organization, "payin", payment=PaymentIdentifiers(ip="2001:db8::1"))) == 1
    assert _match(organization, "payin", payment=PaymentIdentifiers(ip="2001:db9::1")) == ()


@pytest.mark.parametrize("listed", ["411111", "4111111", "41111112"])
def test_a_bin_of_eight_digits_is_met_by_its_beginnings(listed: str) -> None:
    organization = make_organization()
    make_entry(organization=organization, list_type=ListType.CARD_BIN, value=listed)
    assert len(_match(organization, "payin")) == 1


def test_a_bin_of_six_digits_is_not_met_by_a_longer_entry() -> None:
    organization = make_organization()
    make_entry(organization=organization, list_type=ListType.CARD_BIN, value="41111112")
    assert _match(organization, "payin", payment=PaymentIdentifiers(card_bin="411111")) == ()


def test_another_organizations_entry_is_never_met() -> None:
    organization, stranger = make_organization(), make_organization()
    for list_type, value, _ in TABLE:
        make_entry(organization=stranger, list_type=list_type, value=value, flow_scope="both")
    assert _match(organization, "payin") == ()
    assert _match(organization, "payout") == ()


def test_the_other_environments_entry_is_never_met() -> None:
    organization = make_organization()
    for list_type, value, _ in TABLE:
        make_entry(
            organization=organization,
            list_type=list_type,
            value=value,
            flow_scope="both",
            environment=Environment.PRODUCTION,
        )
    assert _match(organization, "payin") == ()
    assert len(_match(organization, "payin", environment=Environment.PRODUCTION)) == 10


def test_an_inactive_entry_is_not_met() -> None:
    organization = make_organization()
    make_entry(organization=organization, list_type=ListType.COUNTRY, value="KP", is_active=False)
    assert _match(organization, "payin") == ()


def test_expiry_is_judged_at_the_time_given_not_by_the_clock() -> None:
    organization = make_organization()
    make_entry(organization=organization, list_type=ListType.COUNTRY, value="KP", expires_at=NOW)
    assert len(_match(organization, "payin", at=NOW - timedelta(microseconds=1))) == 1
    assert _match(organization, "payin", at=NOW) == ()


def test_an_entry_is_in_force_with_the_next_statement_and_gone_with_the_next() -> None:
    organization = make_organization()
    assert _match(organization, "payin") == ()
    entry = make_entry(organization=organization, list_type=ListType.COUNTRY, value="KP")
    assert len(_match(organization, "payin")) == 1
    entry.delete()
    assert _match(organization, "payin") == ()


def test_without_candidates_nothing_is_met() -> None:
    organization = make_organization()
    make_entry(organization=organization, list_type=ListType.COUNTRY, value="KP")
    assert _match(organization, "payin", payment=PaymentIdentifiers()) == ()


def test_hits_of_one_type_are_bounded_and_the_heaviest_are_kept() -> None:
    organization = make_organization()
    for bits in range(1, 33):
        severity = "block" if bits == 17 else "review"
        make_entry(
            organization=organization, list_type=ListType.IP_RANGE, value=f"203.0.113.9/{bits}", severity=severity
        )
    make_entry(organization=organization, list_type=ListType.EMAIL, value="buyer@shop.evil.com.mx", severity="flag")
    hits = _match(organization, "payin")
    assert [hit.list_type for hit in hits] == [ListType.EMAIL] + [ListType.IP_RANGE] * MAXIMUM_HITS_PER_TYPE
    assert [hit.severity for hit in hits[:3]] == [Severity.FLAG, Severity.BLOCK, Severity.REVIEW]


@pytest.mark.parametrize("forged", ["x\x1fcustomer-1", "customer-1\x1f", "\x1fcustomer-1"])
def test_a_value_with_control_characters_passes_for_no_other_value(forged: str) -> None:
    organization = make_organization()
    make_entry(organization=organization, list_type=ListType.CUSTOMER_ID, value="customer-1")
    make_entry(organization=organization, list_type=ListType.PHONE, value="+525512345678")
    hits = _match(organization, "payin", payment=PaymentIdentifiers(customer_id=forged, phone="+525512345678"))
    assert [hit.list_type for hit in hits] == [ListType.PHONE]


@pytest.mark.parametrize("value", ["it's", 'say "hi"', "back\\slash", "100%", "{a,b}", "ñandú", "NULL"])
def test_a_value_that_means_something_to_sql_or_json_is_met_as_it_is(value: str) -> None:
    organization = make_organization()
    make_entry(organization=organization, list_type=ListType.CUSTOMER_ID, value=value)
    assert len(_match(organization, "payin", payment=PaymentIdentifiers(customer_id=value))) == 1


def _record(organization: Organization, transaction_id: uuid.UUID, *entries: BlocklistEntry) -> None:
    hits = [
        ListHit(entry_id=str(row.id), list_type=ListType(row.list_type), severity=Severity.BLOCK) for row in entries
    ]
    statement = make_hit_statement(
        organization_id=organization.id,
        environment=Environment.SANDBOX,
        transaction_id=transaction_id,
        hits=hits,
        at=NOW,
    )
    assert statement is not None
    run_statement(statement)


def _hits(organization: Organization) -> list[tuple[uuid.UUID, uuid.UUID, datetime]]:
    rows = BlocklistHit.objects.for_organization(organization.id, Environment.SANDBOX)
    return list(rows.order_by("entry_id").values_list("entry_id", "transaction_id", "hit_at"))


def test_no_hits_make_no_statement() -> None:
    assert (
        make_hit_statement(
            organization_id=uuid.uuid4(), environment=Environment.SANDBOX, transaction_id=uuid.uuid4(), hits=(), at=NOW
        )
        is None
    )


def test_each_hit_leaves_one_row_however_often_it_is_recorded() -> None:
    organization = make_organization()
    payment = make_transaction(organization=organization)
    entries = [
        make_entry(organization=organization, list_type=ListType.COUNTRY, value="KP"),
        make_entry(organization=organization, list_type=ListType.CARD_BIN, value="411111"),
    ]
    _record(organization, payment.id, *entries)
    _record(organization, payment.id, *entries)
    assert _hits(organization) == [(entry_id, payment.id, NOW) for entry_id in sorted(entry.id for entry in entries)]


def test_a_hit_on_a_deleted_entry_or_a_strangers_entry_leaves_no_row() -> None:
    organization, stranger = make_organization(), make_organization()
    payment = make_transaction(organization=organization)
    deleted = make_entry(organization=organization, list_type=ListType.COUNTRY, value="KP")
    BlocklistEntry.objects.for_organization(organization.id, Environment.SANDBOX).filter(id=deleted.id).delete()
    foreign = make_entry(organization=stranger, list_type=ListType.COUNTRY, value="KP")
    _record(organization, payment.id, deleted, foreign)
    assert _hits(organization) == []
    assert _hits(stranger) == []


@pytest.mark.parametrize("whose", ["a stranger's", "the other environment's"])
def test_postgresql_refuses_a_hit_on_a_transaction_of_another_tenant_or_environment(whose: str) -> None:
    organization = make_organization()
    entry = make_entry(organization=organization, list_type=ListType.COUNTRY, value="KP")
    foreign = (
        make_transaction(organization=make_organization())
        if whose == "a stranger's"
        else make_transaction(organization=organization, environment=Environment.PRODUCTION)
    )
    with pytest.raises(IntegrityError, match="blocklist_hit_in_tenant"), transaction.atomic():
        _record(organization, foreign.id, entry)
    assert _hits(organization) == []


_FILL = """
INSERT INTO blocklists_blocklistentry
    (id, organization_id, environment, list_type, value, flow_scope, severity, reason, source, is_active)
SELECT gen_random_uuid(), %(organization_id)s, 'sandbox', 'ip_range', host('10.0.0.0'::inet + n * 256) || '/24',
       'both', 'block', '', 'import', true
FROM generate_series(1, 50000) AS n
"""


def _fill(organization: Organization) -> None:
    run_statement(Statement(_FILL, {"organization_id": organization.id}))
    run_statement(Statement("ANALYZE blocklists_blocklistentry", {}))


def _walk(plan: dict[str, Any]) -> list[dict[str, Any]]:
    return [plan, *(node for child in plan.get("Plans", ()) for node in _walk(child))]


def _explain(statement: Statement, *, plan_cache_mode: str) -> list[dict[str, Any]]:
    """Return the nodes of the plan by which the statement runs once it is prepared."""
    names = list(statement.parameters)
    numbered = re.sub(r"%\((\w+)\)s", lambda found: f"${names.index(found[1]) + 1}", statement.sql)
    run_statement(Statement(f"SET LOCAL plan_cache_mode = {plan_cache_mode}", {}))
    run_statement(Statement(f"PREPARE match ({', '.join(['unknown'] * len(names))}) AS {numbered}", {}))
    values = sql.SQL(", ").join([sql.Literal(str(value)) for value in statement.parameters.values()])
    with connection.cursor() as cursor:
        call = sql.SQL("EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) EXECUTE match ({})").format(values)
        cursor.execute(call.as_string(cursor.connection))
        answer = cursor.fetchone()[0]
    run_statement(Statement("DEALLOCATE match", {}))
    return _walk(answer[0]["Plan"])


@pytest.mark.parametrize("plan_cache_mode", ["force_custom_plan", "force_generic_plan"])
@pytest.mark.parametrize("ip", ["10.0.77.5", "2001:db8::1"])
def test_matching_among_fifty_thousand_entries_probes_the_index_and_scans_nothing(
    plan_cache_mode: str, ip: str
) -> None:
    organization = make_organization()
    _fill(organization)
    payment = replace(EVERYTHING, ip=ip)
    statement = _match_statement(organization, "payin", payment=payment)
    nodes = _explain(statement, plan_cache_mode=plan_cache_mode)
    candidates = make_candidates(flow="payin", payment=payment)
    assert "Seq Scan" not in {node["Node Type"] for node in nodes}
    assert {node["Index Name"] for node in nodes if "Index Name" in node} == {"blocklist_entry_once"}
    probes = next(node for node in nodes if "Index Name" in node)
    assert probes["Actual Loops"] == len({list_type for list_type, _ in candidates})
    assert probes["Shared Hit Blocks"] + probes["Shared Read Blocks"] <= 4 * len(candidates)


def test_an_address_is_found_among_fifty_thousand_ranges() -> None:
    organization = make_organization()
    _fill(organization)
    hits = _match(organization, "payout", payment=PaymentIdentifiers(ip="10.0.77.5"))
    assert [hit.list_type for hit in hits] == [ListType.IP_RANGE]


def test_scopes_are_the_flows_and_both() -> None:
    assert set(FlowScope) == {"payin", "payout", "both"}
