"""Who is told of a proposal that waits, and in which words."""

from typing import Any

import pytest

from accounts.models import Organization
from accounts.types import Role
from assess.services.policy_drafts import change_draft, propose_draft
from core.clock import read_clock
from core.unit_of_work import unit_of_work
from tests.factories.accounts import make_actor, make_member, make_organization, make_user
from tests.factories.policies import GREAT_IMPACT, NO_IMPACT, make_draft
from tests.mail.inbox import list_queued

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def bank() -> Organization:
    return make_organization(name="Banco Ábaco")


def propose(bank: Organization, *, role: Role = Role.ADMIN, is_great: bool = True) -> None:
    member = make_member(organization=bank, role=role, user=make_user(email="ana@bank.example"))
    draft = make_draft(member, title="Título secreto", payout={"bands": {"review": 20}})
    with unit_of_work():
        propose_draft(
            actor=make_actor(member),
            draft_id=draft.id,
            reason="motivo secreto",
            impact=GREAT_IMPACT if is_great else NO_IMPACT,
            now=read_clock(),
        )


def test_the_other_admins_are_told_and_nobody_else(bank: Organization) -> None:
    make_member(organization=bank, user=make_user(email="eva@bank.example"))
    for role in (Role.ANALYST, Role.COMPLIANCE_OFFICER, Role.VIEWER):
        make_member(organization=bank, role=role)
    make_member(organization=make_organization())
    propose(bank)
    (mail,) = list_queued()
    assert mail.recipient == "eva@bank.example"
    assert mail.subject == "Una propuesta de política de Banco Ábaco espera su firma"
    assert "ana@bank.example propuso cambiar la política con la que Banco Ábaco decide sus pagos." in mail.text
    assert "Decisiones que habrían cambiado: 40 de 100 pagos recientes.\nEntorno: Pruebas\n" in mail.text
    assert "secreto" not in mail.subject + mail.text + mail.html


def test_all_admins_are_told_of_an_analysts_proposal(bank: Organization) -> None:
    for name in ("eva", "leo"):
        make_member(organization=bank, user=make_user(email=f"{name}@bank.example"))
    propose(bank, role=Role.ANALYST, is_great=False)
    assert sorted(mail.recipient for mail in list_queued()) == ["eva@bank.example", "leo@bank.example"]


def test_who_rewrote_it_is_not_told(bank: Organization) -> None:
    analyst, rewriter = make_member(organization=bank, role=Role.ANALYST), make_member(organization=bank)
    other = make_member(organization=bank)
    draft = make_draft(analyst, payout={"bands": {"review": 20}})
    document = draft.document | {"payin": draft.document["payin"] | {"disabled": ["short_session"]}}
    with unit_of_work():
        given: dict[str, Any] = {"draft_id": draft.id, "now": read_clock()}
        change_draft(**given, actor=make_actor(rewriter), document=document, revision=0)
        propose_draft(**given, actor=make_actor(analyst), reason="x", impact=NO_IMPACT)
    assert [mail.recipient for mail in list_queued()] == [other.user.email]


def test_each_reads_it_in_their_language(bank: Organization) -> None:
    reader = make_member(organization=bank)
    reader.user.preferences = {"language": "en"}
    reader.user.save(update_fields=["preferences"])
    propose(bank)
    (mail,) = list_queued()
    assert mail.subject == "A proposed policy of Banco Ábaco waits for your signature"


def test_what_is_published_at_once_is_mailed_to_nobody(bank: Organization) -> None:
    make_member(organization=bank)
    propose(bank, is_great=False)
    assert list_queued() == []
