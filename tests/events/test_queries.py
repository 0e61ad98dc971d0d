"""What must stay quick at any number of rows: PostgreSQL is asked how it would go about it."""

import uuid

import pytest
from django.db import connection

from accounts.models import Organization
from core.environments import Environment
from core.sql import Parameters, Statement, run_statement
from events import queries
from events.queries import find_event, get_cluster_id, list_organizations, list_unsealed_organizations
from tests.events.trail import make_actor, record_event, record_trail
from tests.factories.accounts import make_organization

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 3_000


def _record_many(organization: Organization) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """INSERT INTO events_event (id, organization_id, environment, kind, actor_kind, actor_name, subject_type,
                                         subject_id, payload, created_at)
               SELECT gen_random_uuid(), %s, 'sandbox', 'key.created', 'system', 'test', 'api_key', '1', '{}', now()
               FROM generate_series(1, %s)""",
            [organization.id, MANY],
        )


def _explain(sql: str, parameters: Parameters) -> str:
    return "\n".join(row[0] for row in run_statement(Statement("EXPLAIN " + sql, parameters)))


def _begin_anew(*tables: str) -> None:
    """Put tables that were never analysed, nor grown by tests that were undone, before those of that name."""
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"CREATE TEMP TABLE {table} (LIKE public.{table} INCLUDING ALL) ON COMMIT DROP")


def test_asking_which_chains_lag_reads_no_table_through(organization: Organization) -> None:
    record_trail(organization, events=1)
    _record_many(organization)
    connection.cursor().execute("ANALYZE events_event")
    plan = _explain(queries._LIST_UNSEALED_ORGANIZATIONS, {"cluster": get_cluster_id()})
    assert "Seq Scan on events_event" not in plan
    assert "event_in_commit_order" in plan


def test_a_page_of_the_chain_finds_its_events_by_key_even_before_statistics(organization: Organization) -> None:
    _begin_anew("events_event", "events_seal")
    _record_many(organization)
    parameters: Parameters = {"organization_id": organization.id, "after": 0, "until": 10**9, "limit": 2000}
    plan = _explain(queries._LIST_SEALED, parameters)
    assert "Index Scan using events_event_pkey on events_event e" in plan


def test_organizations_are_found_by_their_events_and_seals(organization: Organization) -> None:
    stranger, silent = make_organization(), make_organization()
    record_trail(organization, events=2)
    record_event(make_actor(stranger))
    assert list_organizations() == sorted([organization.id, stranger.id])
    assert silent.id not in list_organizations()


def test_a_chain_lags_until_it_is_sealed(organization: Organization) -> None:
    stranger = make_organization()
    record_trail(organization, events=2)
    record_event(make_actor(stranger))
    assert list_unsealed_organizations(cluster=get_cluster_id()) == [stranger.id]
    assert list_unsealed_organizations(cluster="another") == sorted([organization.id, stranger.id])


def test_an_event_is_found_only_by_its_own_organization_and_environment(organization: Organization) -> None:
    event_id = record_event(make_actor(organization))
    found = find_event(organization_id=organization.id, environment=Environment.SANDBOX, event_id=event_id)
    assert found is not None
    assert found.id == event_id
    for owner, environment, wanted in (
        (make_organization().id, Environment.SANDBOX, event_id),
        (organization.id, Environment.PRODUCTION, event_id),
        (organization.id, Environment.SANDBOX, uuid.uuid4()),
    ):
        assert find_event(organization_id=owner, environment=environment, event_id=wanted) is None
