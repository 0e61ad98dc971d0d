"""Pages of backtests: asking for one, following it, reading what came of it."""

import re
import uuid
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Membership
from accounts.types import Role
from assess.backtests.tally import MAXIMUM_CURRENCIES, Tally, encode_tally
from assess.models import Backtest
from assess.policy import encode_policy
from assess.services.policy_drafts import start_draft
from core.clock import read_clock
from core.unit_of_work import unit_of_work
from jobs.models import Job
from tests.assess.backtests.test_tally import count as count_moves
from tests.assess.backtests.test_tally import make_move
from tests.assess.conftest import Caller
from tests.assess.services.test_run_backtest import work
from tests.factories.accounts import make_actor, make_member
from tests.factories.backtests import make_assessment, make_backtest, make_full_backtest
from tests.factories.pages import sign_in_as
from tests.factories.policies import current_policy
from tests.factories.transactions import make_transaction
from transactions.types import Decision

pytestmark = pytest.mark.django_db
ROOT = "/dashboard/simulation/backtests"


@pytest.fixture
def admin(bank: Caller) -> Membership:
    return make_member(organization=bank.organization)


@pytest.fixture
def browser(admin: Membership) -> Client:
    return sign_in_as(admin)


def make_draft(member: Membership, review: int = 1) -> Any:
    policy = current_policy(member)
    document = encode_policy(policy)
    document["payout"]["bands"]["review"] = review
    with unit_of_work():
        return start_draft(
            actor=make_actor(member),
            title="Más estricta",
            document=document,
            base_version=policy.version,
            now=read_clock(),
        )


def ask(browser: Client, **fields: str) -> Any:
    given = {"name": "Prueba", "tried": "version:1", "baseline": "stored", "period": "7", "step": "run"}
    return browser.post(f"{ROOT}/new", given | fields)


def finish(browser: Client, **fields: str) -> str:
    """Ask for a backtest, let a worker do it and return its page's address."""
    answer = ask(browser, **fields)
    assert answer.status_code == 303, answer.content.decode()
    work()
    address: str = answer["Location"]
    return address


def read(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200
    text: str = answer.content.decode()
    return text


def test_a_draft_is_tried_from_the_form_to_the_payment_that_it_would_have_held(
    bank: Caller, admin: Membership, browser: Client
) -> None:
    paid = bank.payout()
    draft = make_draft(admin)
    assert "Más estricta" in read(browser, f"{ROOT}/new?draft={draft.id}")
    page = finish(browser, tried=f"draft:{draft.id}")
    assert "Liberar → En revisión" in read(browser, page)
    cell = read(browser, f"{page}/cells/approve/review")
    assert f"{page}/payments/{paid['transaction_id']}" in cell
    assert "Las mismas señales con el mismo peso" in cell
    payment = read(browser, f"{page}/payments/{paid['transaction_id']}")
    assert "En revisión" in payment
    assert all(signal in payment for signal in paid["signals"])


def test_the_payments_page_shows_no_whole_account_nor_name(bank: Caller, browser: Client) -> None:
    beneficiary = {"name": "Ana Ruiz", "clabe": "646180111800000004"}
    paid = bank.payout(customer_id="cliente-muy-secreto", beneficiary=beneficiary)
    page = finish(browser)
    payment = read(browser, f"{page}/payments/{paid['transaction_id']}")
    assert "000 4" in payment
    assert not [secret for secret in ("646180111800000004", "Ana Ruiz", "cliente-muy-secreto") if secret in payment]


def test_the_form_says_how_many_payments_that_are_before_anything_runs(bank: Caller, browser: Client) -> None:
    bank.payout()
    bank.payin()
    answer = ask(browser, step="count")
    assert answer.status_code == 200
    assert "hay 2 pagos evaluados" in answer.content.decode()
    assert (Backtest.unscoped.count(), Job.unscoped.count()) == (0, 0)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"period": "dates"}, "Elija el primer día."),
        ({"period": "dates", "since_date": "2026-11-20", "until_date": "2026-11-19"}, "no sea anterior"),
        ({"tried": "version:99"}, "version:99"),
        ({"name": ""}, 'href="#id_name"'),
        ({"period": "dates", "since_date": "2020-01-01", "until_date": "2020-01-02"}, "no hay pagos evaluados"),
    ],
)
def test_what_is_wrong_is_told_beside_its_field_and_nothing_runs(
    bank: Caller, browser: Client, fields: dict[str, str], told: str
) -> None:
    bank.payout()
    answer = ask(browser, **fields)
    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert Backtest.unscoped.count() == 0


@pytest.mark.parametrize("step", ["count", "run"])
@pytest.mark.parametrize(
    ("since", "until", "wrong"),
    [
        ("0001-01-01", "2026-11-19", ["since_date"]),
        ("1969-12-31", "2026-11-19", ["since_date"]),
        ("2026-11-19", "9999-12-31", ["until_date"]),
        ("9999-12-31", "9999-12-31", ["since_date", "until_date"]),
    ],
)
def test_a_day_that_no_period_can_have_is_told_beside_its_field(
    bank: Caller, browser: Client, step: str, since: str, until: str, wrong: list[str]
) -> None:
    bank.payout()
    answer = ask(browser, step=step, period="dates", since_date=since, until_date=until)
    assert answer.status_code == 422
    assert answer.context["form"].errors == {name: ["Elija un día de los años 1970 a 9998."] for name in wrong}
    assert (Backtest.unscoped.count(), Job.unscoped.count()) == (0, 0)


def test_the_first_and_the_last_day_that_can_be_chosen_stand(bank: Caller, browser: Client) -> None:
    bank.payout()
    page = finish(browser, period="dates", since_date="1970-01-01", until_date="9998-12-31")
    row = Backtest.unscoped.get()
    assert (row.payments, row.since) == (
        1,
        datetime.combine(date(1970, 1, 1), time(), ZoneInfo(bank.organization.timezone)),
    )
    assert "01/01/1970 00:00:00 CDMX" in read(browser, page)


def test_days_are_those_of_the_organization_and_the_last_one_is_included(bank: Caller, browser: Client) -> None:
    zone = ZoneInfo(bank.organization.timezone)
    midnight = datetime.combine(date(2026, 11, 10), time(), tzinfo=zone)
    instant = timedelta(milliseconds=10)
    for at in (
        midnight - instant,
        midnight,
        midnight + timedelta(days=2) - instant,
        midnight + timedelta(days=2) + instant,
    ):
        make_assessment(make_transaction(organization=bank.organization, occurred_at=at))
    finish(browser, period="dates", since_date="2026-11-10", until_date="2026-11-11")
    row = Backtest.unscoped.get()
    assert (row.since, row.until, row.payments) == (midnight, midnight + timedelta(days=2), 2)


def test_a_backtest_on_its_way_shows_its_progress_and_can_be_cancelled(bank: Caller, browser: Client) -> None:
    bank.payout()
    page = ask(browser)["Location"]
    row = Backtest.unscoped.get()
    shown = read(browser, page)
    assert "0 de 1 pagos" in shown
    assert f"/dashboard/jobs/{row.job_id}/cancel" in shown
    browser.post(f"/dashboard/jobs/{row.job_id}/cancel")
    work()
    assert "Cancelado" in read(browser, page)
    assert "Cancelado" in read(browser, ROOT)


def test_a_published_version_says_that_it_decides_its_own_payments_again(bank: Caller, browser: Client) -> None:
    bank.payout()
    shown = read(browser, finish(browser))
    assert "hasta la última señal: 1" in shown


@pytest.mark.parametrize(
    ("baseline_version", "told"),
    [(None, "parte de la diferencia puede venir de ella"), (1, "los dos lados se puntúan con el motor de hoy")],
)
def test_what_another_engine_means_depends_on_what_is_compared(
    bank: Caller, browser: Client, baseline_version: int | None, told: str
) -> None:
    result = encode_tally(Tally(payments=9, other_engine=3))
    row = make_backtest(organization=bank.organization, baseline_version=baseline_version, result=result)
    shown = read(browser, f"{ROOT}/{row.id}")
    assert f"3 pagos los decidió otra versión del motor: {told}" in shown


def test_the_hours_follow_the_minutes_that_a_review_takes(bank: Caller, admin: Membership, browser: Client) -> None:
    known: dict[str, Any] = {"transaction_id": str(uuid.uuid4())}
    heavier = make_move(Decision.APPROVE, Decision.REVIEW, **known)
    lighter = make_move(Decision.CHALLENGE, Decision.APPROVE, **known)
    moves = [heavier] * 120 + [lighter] * 40
    row = make_backtest(organization=bank.organization, result=encode_tally(count_moves(*moves)))
    assert row.until - row.since == timedelta(days=8)
    for query, told in (
        ("", ["+1.0 h", "de 0.5 a 1.5 horas, a 6 minutos cada una"]),
        ("?minutes=60", ["+10.0 h", "de 5.0 a 15.0 horas, a 60 minutos cada una"]),
        ("?minutes=x", ["+1.0 h", "de 0.5 a 1.5 horas, a 6 minutos cada una"]),
        ("?minutes=0", ["+1.0 h", "de 0.5 a 1.5 horas, a 6 minutos cada una"]),
        ("?minutes=241", ["+1.0 h", "de 0.5 a 1.5 horas, a 6 minutos cada una"]),
    ):
        shown = read(browser, f"{ROOT}/{row.id}{query}")
        assert [text for text in told if text in shown] == told
    fewer = make_backtest(organization=bank.organization, result=encode_tally(count_moves(*moves[-40:])))
    assert "−0.5 h" in read(browser, f"{ROOT}/{fewer.id}")  # noqa: RUF001  a true minus sign


def test_two_or_three_are_compared_side_by_side_in_the_order_asked_for(
    bank: Caller, stranger: Caller, browser: Client
) -> None:
    tallies = [encode_tally(count_moves(*([make_move()] * changed))) for changed in (4, 7, 2, 9)]
    rows = [make_backtest(organization=bank.organization, result=tally) for tally in tallies]
    theirs = make_backtest(organization=stranger.organization)
    for wanted, changed in (([1, 0], ["7", "4"]), ([2, 0, 1], ["2", "4", "7"]), ([3, 3, 1], ["9", "7"])):
        shown = read(browser, f"{ROOT}/compare?{'&'.join(f'id={rows[place].id}' for place in wanted)}")
        figures = shown[shown.index("Deciden distinto") :].partition("</tr>")[0]
        assert re.findall("<td>(.*?)</td>", figures) == changed
    for query in (
        "",
        f"id={rows[0].id}",
        "id=x&id=y",
        f"id={rows[0].id}&id={theirs.id}",
        "&".join(f"id={row.id}" for row in rows),
    ):
        assert browser.get(f"{ROOT}/compare?{query}")["Location"] == ROOT


def test_a_name_is_changed_and_a_change_that_came_first_is_told_with_a_way_on(bank: Caller, browser: Client) -> None:
    row = make_backtest(organization=bank.organization)
    page = f"{ROOT}/{row.id}"
    assert browser.post(f"{page}/name", {"name": "Otra", "revision": "0"}).status_code == 303
    late = browser.post(f"{page}/name", {"name": "Mía", "revision": "0"})
    assert late.status_code == 409
    assert (late.context["rows"], late.context["back"]) == ([("Nombre", "Otra", "Mía")], page)
    row.refresh_from_db()
    assert (row.name, row.revision) == ("Otra", 1)
    again = browser.get(late.context["back"]).context["name_form"].initial
    assert again == {"name": "Otra", "revision": 1}
    assert browser.post(f"{page}/name", again | {"name": "Mía"}).status_code == 303
    row.refresh_from_db()
    assert row.name == "Mía"


def test_a_name_that_cannot_be_is_told_beside_its_field_with_what_was_written(bank: Caller, browser: Client) -> None:
    row = make_backtest(organization=bank.organization)
    answer = browser.post(f"{ROOT}/{row.id}/name", {"name": " ", "revision": "0"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["name"]
    row.refresh_from_db()
    assert (row.name, row.revision) == ("Umbral más bajo", 0)


def test_a_payment_that_was_not_tried_is_not_found(bank: Caller, stranger: Caller, browser: Client) -> None:
    mine, theirs = bank.payout(), stranger.payout()
    page = finish(browser)
    later = make_backtest(organization=bank.organization)
    assert browser.get(f"{page}/payments/{theirs['transaction_id']}").status_code == 404
    assert browser.get(f"{page}/payments/{uuid.uuid4()}").status_code == 404
    assert browser.get(f"{ROOT}/{later.id}/payments/{mine['transaction_id']}").status_code == 404
    assert browser.get(f"{page}/cells/approve/nothing").status_code == 404


def test_the_currencies_in_which_the_most_payments_change_are_shown_and_the_others_told(
    bank: Caller, browser: Client
) -> None:
    currencies = ("AUD", "BRL", "CLP", "CLP", "MXN", "MXN", "USD", "USD")
    moves = [make_move(currency=currency, transaction_id=str(uuid.uuid4())) for currency in currencies]
    row = make_backtest(organization=bank.organization, result=encode_tally(count_moves(*moves)))
    shown = read(browser, f"{ROOT}/{row.id}")
    costly = shown[shown.index("Los cambios de mayor importe") :]
    costly = costly[: costly.index("</tbody>")]
    assert [currency for currency in ("AUD", "BRL", "CLP", "MXN", "USD") if currency in costly] == ["CLP", "MXN", "USD"]
    assert "y 2 monedas más, en el CSV" in costly
    few = make_backtest(organization=bank.organization, result=encode_tally(count_moves(*moves[2:])))
    assert "en el CSV" not in read(browser, f"{ROOT}/{few.id}")


def test_a_cell_of_which_no_payment_was_kept_says_so_and_not_that_there_was_none(bank: Caller, browser: Client) -> None:
    known = ("AUD", "BRL", "CAD", "CHF", "CLP", "COP", "EUR", "GBP", "JPY", "MXN")
    assert len(known) == MAXIMUM_CURRENCIES
    kept = [make_move(currency=currency, transaction_id=str(uuid.uuid4())) for currency in known]
    tally = count_moves(*kept, make_move(Decision.APPROVE, Decision.DECLINE, currency="USD"))
    row = make_backtest(organization=bank.organization, result=encode_tally(tally))
    not_kept, none = "no se guardó ningún pago", "Ningún pago hizo este cambio."
    for move, told in (("approve/decline", [not_kept]), ("review/decline", [none]), ("approve/review", [])):
        shown = read(browser, f"{ROOT}/{row.id}/cells/{move}")
        assert [text for text in (not_kept, none) if text in shown] == told


def test_the_person_who_asked_comes_with_the_backtest(bank: Caller, admin: Membership, browser: Client) -> None:
    nobodys = make_backtest(organization=bank.organization)
    somebodys = make_backtest(organization=bank.organization, created_by=admin.user)
    counts = []
    for row in (nobodys, nobodys, somebodys):
        with CaptureQueriesContext(connection) as captured:
            shown = read(browser, f"{ROOT}/{row.id}")
        counts.append(len(captured))
    assert "Lo pidió" in shown
    assert counts[2] == counts[1]


def test_a_stranger_and_a_viewer_see_nothing_of_it(bank: Caller, stranger: Caller) -> None:
    row = make_backtest(organization=bank.organization)
    outsider = sign_in_as(make_member(organization=stranger.organization))
    viewer = sign_in_as(make_member(organization=bank.organization, role=Role.VIEWER))
    assert row.name not in read(outsider, ROOT)
    for path in ("", "/cells/approve/review", f"/payments/{uuid.uuid4()}"):
        assert outsider.get(f"{ROOT}/{row.id}{path}").status_code == 404
        assert viewer.get(f"{ROOT}/{row.id}{path}").status_code == 403


def test_the_page_of_a_full_backtest_stays_light(bank: Caller, browser: Client) -> None:
    row = make_full_backtest(organization=bank.organization)
    answer = browser.get(f"{ROOT}/{row.id}")
    assert answer.status_code == 200
    assert len(answer.content) <= 150 * 1024
