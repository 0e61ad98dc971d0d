"""What PostgreSQL itself refuses: rows without an owner, look-ups across owners, children under a stranger's parent.

Everything is read from the migrated database, so a migration by hand counts like one by Django. What is otherwise is
listed here by name, with its reason; an exception that no longer is one fails too.
"""

from dataclasses import dataclass

import pytest
from django.apps import apps
from django.db import connection

from core.tenancy import FactModel, TenantModel
from tests.architecture.sources import APPS

pytestmark = pytest.mark.django_db

NO_TENANT = {
    "accounts_organization": "the tenant itself",
    "accounts_platformswitch": "switches of the whole installation",
    "accounts_user": "a person; where they may work stands in their memberships",
    "accounts_user_groups": "Django's own, unused",
    "accounts_user_user_permissions": "Django's own, unused",
    "accounts_ratewindow": "counters, named by key or person; emptied by the hour",
    "accounts_securityentry": "failed sign-ins, before an organization is known",
    "mail_outgoingmail": "a message to a person, who may be of no organization yet; erased once it is sent",
    "blocklists_importrow": "rows of a file on their way into the lists, found by their batch and gone with it",
    "events_workerheartbeat": "a worker of the whole installation",
}

OTHER_INDEXES = {
    "activity_summary_due": "the worker takes what is due, of every organization",
    "accounts_apikey_public_id": "finds a key before its organization is known",
    "accounts_apikey_created_by_id": "may this person be deleted?",
    "accounts_invitation_public_id": "a link is opened before its organization is known",
    "accounts_invitation_invited_by_id": "may this person be deleted?",
    "assess_assessmentpolicy_published_by_id": "may this person be deleted?",
    "assess_assessmentpolicy_approved_by_id": "may this person be deleted?",
    "assess_policydraft_created_by_id": "may this person be deleted?",
    "assess_policydraft_proposed_by_id": "may this person be deleted?",
    "assess_policydraft_approved_by_id": "may this person be deleted?",
    "assess_rule_created_by_id": "may this person be deleted?",
    "policy_draft_due": "the worker publishes what is due, of every organization",
    "blocklists_blocklistbulkact_created_by_id": "may this person be deleted?",
    "blocklists_blocklistentry_created_by_id": "may this person be deleted?",
    "feeds_feed_created_by_id": "may this person be deleted?",
    "feeds_feedversion_created_by_id": "may this person be deleted?",
    "feeds_mutedfeed_muted_by_id": "may this person be deleted?",
    "feed_due": "the worker takes what is due, of every organization",
    "feed_version_waiting": "the worker takes what waits, of every organization",
    "blocklists_importbatch_created_by_id": "may this person be deleted?",
    "blocklist_of_batch": "a batch is of one tenant; one id finds its entries",
    "apikey_publishable_live": "a preflight carries no key, so every organization's origins are asked",
    "accounts_membership_user_id": "where may this person work? asked at sign-in",
    "accounts_accesstoken_user_id": "ends a person's tokens in all organizations",
    "accounts_accesstoken_expires_at": "the purge, over all organizations",
    "assess_idempotencykey_expires_at": "the purge, over all organizations",
    "job_waiting": "any worker takes on any organization's job",
    "pending_event_by_time": "the dispatcher, over all organizations",
}
"""By the beginning of the index's name (Django ends some of them with a hash)."""

LOOSE_REFERENCES = {
    "accounts_accesstoken.user_id": "a person; the member is referenced by (organization, user)",
    "accounts_apikey.created_by_id": "a person",
    "accounts_invitation.invited_by_id": "a person",
    "accounts_membership.user_id": "a person",
    "assess_assessmentpolicy.published_by_id": "a person",
    "assess_assessmentpolicy.approved_by_id": "a person",
    "assess_backtest.created_by_id": "a person",
    "assess_policydraft.created_by_id": "a person",
    "assess_policydraft.proposed_by_id": "a person",
    "assess_policydraft.approved_by_id": "a person",
    "assess_rule.created_by_id": "a person",
    "blocklists_blocklistbulkact.created_by_id": "a person",
    "blocklists_blocklistentry.created_by_id": "a person",
    "blocklists_blocklistentry.batch_id": "set by the statement of the import itself; a million checks would say no more",
    "blocklists_importbatch.created_by_id": "a person",
    "blocklists_importbatch.job_id": "a job may be purged before what it did",
    "blocklists_importbatch.undo_job_id": "a job may be purged before what it did",
    "blocklists_importformer.entry_id": "the entry may be deleted by hand; then there is nothing to restore",
    "blocklists_importformer.former_batch_id": "what the entry said itself",
    "blocklists_importformer.case_id": "what the entry said itself",
    "blocklists_blocklistentry.case_id": "cases come with a later version",
    "assess_idempotencykey.transaction_id": "a key is claimed before its payment is written, and kept for a day only",
    "blocklists_blocklisthit.entry_id": "a hit stays a fact after its entry was deleted",
    "feeds_feed.created_by_id": "a person",
    "feeds_feedversion.created_by_id": "a person",
    "feeds_mutedfeed.muted_by_id": "a person",
    "events_event.actor_id": "a person or a key, as it was then",
    "events_sealcursor.event_id": "a hint, no evidence",
}


@dataclass(frozen=True)
class Key:
    table: str
    name: str
    columns: tuple[str, ...]
    is_primary: bool


def _ask(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def _tenant_tables() -> dict[str, bool]:
    """Return table → whether its rows also belong to an environment."""
    models = [model for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)]
    tenants = [model for model in models if issubclass(model, TenantModel | FactModel)]
    return {model._meta.db_table: issubclass(model, FactModel) for model in tenants}


def _all_tables() -> set[str]:
    return {
        model._meta.db_table for app in APPS for model in apps.get_app_config(app).get_models(include_auto_created=True)
    }


def _indexes() -> list[Key]:
    rows = _ask("""
        SELECT t.relname, c.relname, i.indisprimary,
               array_agg(a.attname::text ORDER BY k.place) FILTER (WHERE k.place <= i.indnkeyatts)
        FROM pg_index i
        JOIN pg_class c ON c.oid = i.indexrelid
        JOIN pg_class t ON t.oid = i.indrelid
        JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public'
        CROSS JOIN LATERAL unnest(i.indkey::int[]) WITH ORDINALITY AS k (number, place)
        LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
        GROUP BY t.relname, c.relname, i.indisprimary
    """)
    return [Key(str(table), str(name), tuple(columns), bool(primary)) for table, name, primary, columns in rows]  # type: ignore[arg-type]


def _foreign_keys() -> list[tuple[str, tuple[str, ...]]]:
    rows = _ask("""
        SELECT t.relname, array_agg(a.attname::text ORDER BY k.place)
        FROM pg_constraint c
        JOIN pg_class t ON t.oid = c.conrelid
        CROSS JOIN LATERAL unnest(c.conkey) WITH ORDINALITY AS k (number, place)
        JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number
        WHERE c.contype = 'f' AND c.convalidated
        GROUP BY t.relname, c.oid
    """)
    return [(str(table), tuple(columns)) for table, columns in rows]  # type: ignore[arg-type]


def _references() -> list[tuple[str, str]]:
    """Return (table, column) of every identifier of another row in a tenant's table."""
    rows = _ask("""
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND data_type = 'uuid' AND column_name LIKE '%\\_id'
          AND column_name NOT IN ('organization_id', 'public_id')
        ORDER BY 1, 2
    """)
    return [(str(table), str(column)) for table, column in rows if table in _tenant_tables()]


def test_every_table_belongs_to_a_tenant_or_says_why_not() -> None:
    assert _all_tables() - set(_tenant_tables()) == set(NO_TENANT)


def test_no_row_is_without_its_organization_and_environment() -> None:
    rows = _ask("""
        SELECT table_name, column_name FROM information_schema.columns
        WHERE table_schema = 'public' AND is_nullable = 'NO' AND column_name IN ('organization_id', 'environment')
    """)
    present = set(rows)
    tables = _tenant_tables()
    assert [table for table in tables if (table, "organization_id") not in present] == []
    assert [table for table, is_fact in tables.items() if is_fact and (table, "environment") not in present] == []


def _is_excepted(key: Key) -> bool:
    return key.is_primary or any(key.name.startswith(name) for name in OTHER_INDEXES)


def test_every_unique_constraint_and_index_of_a_tenant_begins_with_the_organization() -> None:
    keys = [key for key in _indexes() if key.table in _tenant_tables() and not _is_excepted(key)]
    assert [f"{key.table}: {key.name}{key.columns}" for key in keys if key.columns[0] != "organization_id"] == []


def test_no_exception_among_the_indexes_is_out_of_date() -> None:
    begun_otherwise = [key.name for key in _indexes() if not key.is_primary and key.columns[0] != "organization_id"]
    stale = [name for name in OTHER_INDEXES if not any(found.startswith(name) for found in begun_otherwise)]
    assert stale == []


def _scope(table: str) -> set[str]:
    return {"organization_id", "environment"} if _tenant_tables()[table] else {"organization_id"}


def _is_held(table: str, column: str) -> bool:
    """Say whether a foreign key ties the column together with the tenant."""
    return any(
        owner == table and column in columns and _scope(table) <= set(columns) for owner, columns in _foreign_keys()
    )


def test_a_child_shares_the_tenant_of_its_parent() -> None:
    loose = {f"{table}.{column}" for table, column in _references() if not _is_held(table, column)}
    assert loose - set(LOOSE_REFERENCES) == set()


def test_no_exception_among_the_references_is_out_of_date() -> None:
    references = {f"{table}.{column}" for table, column in _references()}
    assert set(LOOSE_REFERENCES) - references == set()
