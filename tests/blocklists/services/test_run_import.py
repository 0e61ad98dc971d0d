"""Imports from the file to the lists, with real commits."""

from datetime import timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from accounts.models import Membership, Organization
from blocklists import staging
from blocklists.import_queries import list_refusals
from blocklists.import_types import BatchState, Counts, ImportMode, RowCode
from blocklists.models import BlocklistEntry, ImportBatch, ImportChunk, ImportFormer, ImportRefusal, ImportRow
from blocklists.services import run_import
from blocklists.services.start_import import FileLost
from blocklists.services.undo_import import request_undo
from blocklists.types import ListType, Severity
from core.clock import read_clock
from core.unit_of_work import unit_of_work
from events.models import Event, EventPersonalData
from jobs import tasks
from jobs.models import Job
from jobs.services.cancel_job import cancel_job
from jobs.services.claim_job import claim_job
from jobs.services.run_step import run_step
from tests.blocklists.factories import make_entry
from tests.blocklists.imports import confirm, import_file, is_cleared_up, list_entries, run, undo, upload
from tests.factories.accounts import make_actor, make_member, make_organization

pytestmark = pytest.mark.django_db(transaction=True)

MIXED = "# FireHOL\n203.0.113.9\n198.51.100.7/24\nmala@example.com\n\nmailinator.com ; disposable\n646180115000000000\n"
ENTRIES = [
    ("clabe", "646180115000000000"),
    ("email", "mala@example.com"),
    ("email_domain", "mailinator.com"),
    ("ip_address", "203.0.113.9"),
    ("ip_range", "198.51.100.0/24"),
]


@pytest.fixture
def member(db: None) -> Membership:
    return make_member(organization=make_organization())


@pytest.fixture
def organization(member: Membership) -> Organization:
    return member.organization


def _entry(organization: Organization, value: str, **fields: Any) -> BlocklistEntry:
    return make_entry(organization=organization, list_type=ListType.EMAIL, value=value, **fields)


def test_a_list_of_mixed_values_goes_in_force_by_the_shape_of_each(member: Membership) -> None:
    stranger = make_member(organization=make_organization())
    batch = import_file(member, MIXED, severity=Severity.FLAG, reason="FireHOL")
    assert list_entries(member) == ENTRIES
    assert list_entries(stranger) == []
    assert (batch.state, batch.counts) == (BatchState.DONE, Counts(rows=5, valid=5, added=5))
    row = BlocklistEntry.unscoped.get(value="mala@example.com")
    assert (row.severity, row.reason, row.source, row.flow_scope) == ("flag", "FireHOL", "import", "payin")
    assert (row.batch_id, row.created_by_id, row.environment) == (batch.id, member.user_id, "sandbox")
    assert row.created_at == row.updated_at == batch.applied_at
    assert is_cleared_up()


def test_a_table_says_of_each_row_what_it_is(member: Membership) -> None:
    batch = import_file(
        member,
        'Tipo;Valor;Severidad;Motivo;Vence\nemail;a@b.mx;review;"uno; dos";2099-01-01\nclabe;646180115000000000;;;\n',
    )
    assert batch.counts == Counts(rows=2, valid=2, added=2)
    row = BlocklistEntry.unscoped.get(list_type="email")
    assert (row.severity, row.reason, row.expires_at and row.expires_at.year) == ("review", "uno; dos", 2099)


@pytest.mark.parametrize(
    "data", ["\n  \nvalue,reason\na@b.mx,uno\nc@b.mx,dos\n", "a@b.mx,uno\nc@b.mx,dos,tres,cuatro\n"]
)
def test_blank_lines_before_a_header_and_long_rows_without_one_are_nothing(
    member: Membership, monkeypatch: pytest.MonkeyPatch, data: str
) -> None:
    monkeypatch.setattr(run_import, "STEP_ROWS", 1)
    assert import_file(member, data).counts == Counts(rows=2, valid=2, added=2)
    assert list_entries(member) == [("email", "a@b.mx"), ("email", "c@b.mx")]


def test_the_trail_tells_of_the_file_once_and_of_no_value(member: Membership) -> None:
    draft = upload(member, MIXED, name="lista de Ana.txt")
    confirm(member, draft, reason="FireHOL")
    batch = run(member, draft.id)
    event = Event.unscoped.get(kind="blocklist_import.applied")
    assert (event.subject_type, event.subject_id, event.actor_id) == ("import_batch", str(batch.id), member.user_id)
    assert event.payload == {
        "list_type": None,
        "severity": "block",
        "mode": "valid_only",
        "rows": 5,
        "valid": 5,
        "invalid": 0,
        "duplicate": 0,
        "existing": 0,
        "reactivated": 0,
        "added": 5,
        "file_sha256": batch.file_sha256,
        "file_bytes": len(MIXED),
    }
    kept = EventPersonalData.unscoped.get(event_id=event.id).data
    assert kept == {"file_name": "lista de Ana.txt", "reason": "FireHOL"}
    assert not Event.unscoped.filter(kind__startswith="blocklist_entry").exists()


def test_what_stands_twice_or_is_in_force_already_is_counted_and_left(
    member: Membership, organization: Organization
) -> None:
    there = _entry(organization, "there@b.mx", reason="by hand")
    batch = import_file(member, "there@b.mx\nnew@b.mx\nNEW@b.mx \nnew@b.mx\n", reason="file")
    assert batch.counts == Counts(rows=4, valid=4, duplicate=2, existing=1, added=1)
    former = BlocklistEntry.unscoped.get(pk=there.pk)
    assert (former.reason, former.batch_id, former.updated_at) == ("by hand", None, there.updated_at)


def test_values_twice_in_portions_far_apart_are_counted_alike(
    member: Membership, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_import, "STEP_ROWS", 2)
    _entry(organization, "there@b.mx")
    _entry(organization, "off@b.mx", is_active=False)
    values = ["new@b.mx", "off@b.mx", "other@b.mx", "new@b.mx", "off@b.mx", "there@b.mx"]
    batch = import_file(member, "\n".join(values))
    assert batch.counts == Counts(rows=6, valid=6, duplicate=2, existing=1, reactivated=1, added=2)


def test_what_meets_ones_own_accounts_or_domains_is_refused_row_by_row(member: Membership) -> None:
    own, other = "646180111800000004", "646180115000000000"
    Organization.objects.filter(pk=member.organization_id).update(own_identifiers=[own, "banco.mx"])
    stranger = make_member(organization=make_organization())
    lines = f"{own}\n{other}\nana@pagos.banco.mx\nbanco.mx\nana@otrobanco.mx\n"
    batch = import_file(member, lines)
    assert [value for _, value in list_entries(member)] == [other, "ana@otrobanco.mx"]
    assert batch.counts == Counts(rows=5, valid=2, invalid=3, added=2)
    refused = list_refusals(make_actor(member).scope, batch_id=batch.id)
    assert [(each.row_number, each.code) for each in refused] == [(place, RowCode.OWN) for place in (1, 3, 4)]
    assert import_file(stranger, lines).counts == Counts(rows=5, valid=5, added=5)


def test_a_value_that_stands_often_is_of_one_portion_and_counted_once(
    member: Membership, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_import, "STEP_ROWS", 2)
    _entry(organization, "there@b.mx")
    batch = import_file(member, "a@b.mx\n" + "there@b.mx\n" * 5 + "u@b.mx\nv@b.mx\n")
    assert batch.counts == Counts(rows=8, valid=8, duplicate=4, existing=1, added=3)
    assert [value for _, value in list_entries(member)] == ["a@b.mx", "there@b.mx", "u@b.mx", "v@b.mx"]


def test_what_is_in_force_is_counted_once_where_it_would_stand_in_two_portions(
    member: Membership, organization: Organization, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_import, "STEP_ROWS", 2)
    _entry(organization, "there@b.mx")
    batch = import_file(member, "a@b.mx\nthere@b.mx\nthere@b.mx\n")
    assert batch.counts == Counts(rows=3, valid=3, duplicate=1, existing=1, added=1)


def test_what_is_no_longer_in_force_comes_back_under_its_old_id(member: Membership, organization: Organization) -> None:
    now = read_clock()
    off = _entry(organization, "off@b.mx", is_active=False, severity="review", reason="old")
    over = _entry(organization, "over@b.mx", expires_at=now - timedelta(days=1))
    batch = import_file(member, "off@b.mx\nover@b.mx\n", reason="new")
    assert batch.counts == Counts(rows=2, valid=2, reactivated=2)
    row = BlocklistEntry.unscoped.get(value="off@b.mx")
    assert (row.pk, row.is_active, row.severity, row.reason, row.source) == (off.pk, True, "block", "new", "import")
    assert (row.created_at, row.batch_id, row.updated_at) == (off.created_at, batch.id, batch.applied_at)
    assert BlocklistEntry.unscoped.get(value="over@b.mx").pk == over.pk
    assert ImportFormer.unscoped.get(entry_id=off.pk).reason == "old"


def test_only_valid_rows_go_in_and_the_rest_is_told_without_the_api_repeating_a_value(member: Membership) -> None:
    batch = import_file(member, "list_type,value\nemail,a@b.mx\nemail,nobody\nfax,55\nip_range,0.0.0.0/0\n")
    assert list_entries(member) == [("email", "a@b.mx")]
    assert batch.counts == Counts(rows=4, valid=1, invalid=3, added=1)
    refusals = list_refusals(make_actor(member).scope, batch_id=batch.id)
    assert [(each.row_number, each.code) for each in refusals] == [
        (3, RowCode.INVALID_VALUE),
        (4, RowCode.UNKNOWN_LIST_TYPE),
        (5, RowCode.INVALID_VALUE),
    ]
    assert [each.text for each in refusals] == ["email,nobody", "fax,55", "ip_range,0.0.0.0/0"]


def test_all_or_nothing_puts_nothing_in_when_one_row_is_not_valid(member: Membership) -> None:
    batch = import_file(member, "a@b.mx\nc@b.mx\nnobody\n", mode=ImportMode.ALL_OR_NOTHING)
    assert (batch.state, batch.error_code) == (BatchState.FAILED, "INVALID_ROWS")
    assert batch.counts == Counts(rows=3, valid=2, invalid=1)
    assert (list_entries(member), is_cleared_up()) == ([], True)
    assert Job.unscoped.get().error_code == "INVALID_ROWS"
    assert not Event.unscoped.filter(kind="blocklist_import.applied").exists()


def test_all_or_nothing_puts_everything_in_when_every_row_is_valid(member: Membership) -> None:
    assert import_file(member, MIXED, mode=ImportMode.ALL_OR_NOTHING).counts.added == 5


@pytest.mark.parametrize(
    ("data", "code"), [("value,reason\n", "EMPTY"), ("# comment\n\n", "EMPTY"), ("nobody\nnothing\n", "INVALID_ROWS")]
)
def test_a_file_without_a_valid_row_fails(member: Membership, data: str, code: str) -> None:
    batch = import_file(member, data)
    assert (batch.state, batch.error_code, list_entries(member)) == (BatchState.FAILED, code, [])


def test_a_thousand_of_the_refused_rows_are_kept_and_all_are_counted(member: Membership) -> None:
    batch = import_file(member, "a@b.mx\n" + "nobody\n" * 1_500)
    assert (batch.counts.invalid, ImportRefusal.unscoped.count()) == (1_500, 1_000)
    assert batch.counts.added == 1


def test_hostile_rows_are_refused_one_by_one(member: Membership) -> None:
    data = b"value,reason\na@b.mx,\n" + b"x" * 10_000_000 + b'\nc@b.mx,"open\nd@b.mx,\nnul\x00l@b.mx,\ne@b.mx,ok\n'
    batch = import_file(member, data)
    assert list_entries(member) == [("email", "a@b.mx"), ("email", "d@b.mx"), ("email", "e@b.mx")]
    codes = [each.code for each in list_refusals(make_actor(member).scope, batch_id=batch.id)]
    assert codes == [RowCode.ROW_TOO_LONG, RowCode.UNCLOSED_QUOTE, RowCode.UNREADABLE]


def test_a_nul_in_a_reason_of_json_is_of_its_row_alone(member: Membership) -> None:
    batch = import_file(member, '{"value": "a@b.mx", "reason": "x\\u0000"}\n{"value": "c@b.mx", "reason": "y"}\n')
    assert batch.counts == Counts(rows=2, valid=1, invalid=1, added=1)
    assert list_entries(member) == [("email", "c@b.mx")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_every_usual_encoding_is_read(member: Membership, encoding: str) -> None:
    import_file(member, "value,reason\na@b.mx,señor Núñez\n".encode(encoding))
    assert BlocklistEntry.unscoped.get().reason == "señor Núñez"


def test_reading_in_many_steps_gives_the_same(member: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_import, "STEP_ROWS", 3)
    rows = "".join(f'u{place}@b.mx,"dos\nlíneas"\n' if place % 4 else f"nobody{place},\n" for place in range(40))
    batch = import_file(member, f"value,reason\n{rows}")
    assert batch.counts == Counts(rows=40, valid=30, invalid=10, added=30)
    refusals = list_refusals(make_actor(member).scope, batch_id=batch.id)
    assert [each.text for each in refusals] == [f"nobody{place}," for place in range(0, 40, 4)]
    assert [each.row_number for each in refusals][:3] == [2, 9, 16]
    assert BlocklistEntry.unscoped.filter(reason="dos\nlíneas").count() == 30


def _claim_and_step(times: int) -> None:
    with unit_of_work():
        job = claim_job(at_once=9, now=read_clock())
    for _ in range(times):
        assert job is not None
        with unit_of_work():
            job = run_step(job=job, now=read_clock())
    Job.unscoped.update(leased_until=read_clock())


def test_a_worker_killed_between_steps_loses_nothing_and_repeats_nothing(
    member: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_import, "STEP_ROWS", 10)
    draft = upload(member, "".join(f"u{place}@b.mx\n" for place in range(35)))
    confirm(member, draft)
    _claim_and_step(2)
    assert list_entries(member) == []
    assert run(member, draft.id).counts == Counts(rows=35, valid=35, added=35)
    assert len(list_entries(member)) == 35


def test_a_failure_in_the_middle_of_going_in_force_leaves_nothing_in_force(
    member: Membership, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(run_import, "STEP_ROWS", 10)
    real = staging.put_in

    def fail_at_the_third(*args: Any, **arguments: Any) -> Any:
        if arguments["portion"] == 2:
            raise RuntimeError
        return real(*args, **arguments)

    monkeypatch.setattr(run_import, "put_in", fail_at_the_third)
    draft = upload(member, "".join(f"u{place}@b.mx\n" for place in range(35)))
    confirm(member, draft)
    with capture_logs():
        run(member, draft.id)
    assert list_entries(member) == []
    monkeypatch.setattr(run_import, "put_in", real)
    Job.unscoped.update(not_before=read_clock())
    assert run(member, draft.id).counts.added == 35


def test_a_cancelled_import_leaves_nothing(member: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_import, "STEP_ROWS", 10)
    draft = upload(member, "".join(f"u{place}@b.mx\n" for place in range(35)))
    job_id = confirm(member, draft)
    _claim_and_step(2)
    with unit_of_work():
        cancel_job(actor=make_actor(member), job_id=job_id, now=read_clock())
    batch = run(member, draft.id)
    assert (batch.state, list_entries(member), is_cleared_up()) == (BatchState.CANCELLED, [], True)


@pytest.mark.parametrize("table", [ImportChunk, ImportRow])
def test_a_file_lost_with_a_crash_of_the_database_fails_the_import_whole(
    member: Membership, monkeypatch: pytest.MonkeyPatch, table: Any
) -> None:
    monkeypatch.setattr(run_import, "STEP_ROWS", 10)
    draft = upload(member, "".join(f"u{place}@b.mx\n" for place in range(35)))
    confirm(member, draft)
    _claim_and_step(2)
    table._default_manager.all().delete()
    batch = run(member, draft.id)
    assert (batch.state, batch.error_code, list_entries(member)) == (BatchState.FAILED, "FILE_LOST", [])


def test_a_draft_whose_file_is_lost_cannot_be_confirmed(member: Membership) -> None:
    draft = upload(member, MIXED)
    ImportChunk.unscoped.all().delete()
    with pytest.raises(FileLost):
        confirm(member, draft)
    assert ImportBatch.unscoped.get().state == BatchState.DRAFT
    assert not Job.unscoped.exists()


def test_undoing_takes_off_what_was_added_and_restores_what_was_there(
    member: Membership, organization: Organization
) -> None:
    off = _entry(organization, "off@b.mx", is_active=False, severity="review", reason="old")
    there = _entry(organization, "there@b.mx")
    batch = import_file(member, "off@b.mx\nthere@b.mx\nnew@b.mx\nother@b.mx\n", reason="new")
    after = undo(member, batch.id)
    assert (after.state, after.undo_counts.removed, after.undo_counts.restored) == (BatchState.UNDONE, 2, 1)
    assert after.undo_counts.kept == 0
    assert list_entries(member) == [("email", "off@b.mx"), ("email", "there@b.mx")]
    row = BlocklistEntry.unscoped.get(pk=off.pk)
    assert (row.is_active, row.severity, row.reason, row.source, row.batch_id) == (
        False,
        "review",
        "old",
        "manual",
        None,
    )
    assert BlocklistEntry.unscoped.get(pk=there.pk).updated_at == there.updated_at
    event = Event.unscoped.get(kind="blocklist_import.undone")
    assert event.payload == {"removed": 2, "restored": 1, "kept": 0}
    assert not ImportFormer.unscoped.exists()


def test_undoing_leaves_what_was_changed_by_hand_since(member: Membership, organization: Organization) -> None:
    _entry(organization, "off@b.mx", is_active=False)
    batch = import_file(member, "off@b.mx\nnew@b.mx\nother@b.mx\n")
    BlocklistEntry.unscoped.filter(value__in=["off@b.mx", "new@b.mx"]).update(reason="seen", updated_at=read_clock())
    after = undo(member, batch.id)
    assert (after.undo_counts.removed, after.undo_counts.restored, after.undo_counts.kept) == (1, 0, 2)
    assert list_entries(member) == [("email", "new@b.mx"), ("email", "off@b.mx")]


def test_undoing_in_many_portions_gives_the_same(member: Membership, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("blocklists.services.undo_import.PORTION", 4)
    batch = import_file(member, "".join(f"u{place}@b.mx\n" for place in range(30)))
    assert undo(member, batch.id).undo_counts.removed == 30
    assert list_entries(member) == []


def test_an_undoing_that_is_cancelled_leaves_the_import_in_force(member: Membership) -> None:
    batch = import_file(member, MIXED)
    with unit_of_work():
        asked = request_undo(actor=make_actor(member), batch_id=batch.id, now=read_clock())
    assert asked.undo_job_id is not None
    with unit_of_work():
        cancel_job(actor=make_actor(member), job_id=asked.undo_job_id, now=read_clock())
    tasks.run_jobs()
    assert (ImportBatch.unscoped.get().state, list_entries(member)) == ("done", ENTRIES)
