"""`/dashboard/protection/policy/drafts/<id>`: what a draft would change, and its way to publication."""

import uuid
from http import HTTPStatus
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from assess.draft_impact import DraftImpact, load_base, load_draft, measure_draft
from assess.impact import Impact
from assess.models import PolicyDraft
from assess.policy import FlowPolicy, Policy, PolicyInvalid, decode_policy
from assess.policy_queries import get_draft
from assess.policy_rebase import Conflict, list_conflicts, rebase
from assess.services.policy_drafts import (
    DraftChanged,
    approve_draft,
    change_draft,
    discard_draft,
    needs_second_person,
    propose_draft,
    rebase_draft,
    take_back_draft,
)
from assess.services.publish_policy import NothingToPublish, PolicyMoved, RulesUnknown
from assess.web.policy import PolicyPages
from assess.web.policy_chart import draw_histograms
from assess.web.policy_forms import FlowForm, ProposeForm, Section
from assess.web.policy_rows import ShownDraft, show_changes
from assess.web.policy_values import show_change
from assess.web.policy_words import FLOWS
from assess.web.proposals import PROPOSE, WRITE, tell_draft
from assess.web.revisions import read_revision
from assess.web.trials import show_moves
from core.errors import NotFound, ValidationFailed
from core.unit_of_work import unit_of_work
from core.web.forms import add_error
from transactions.types import Flow


class DraftPages(PolicyPages):
    """What the pages of one draft share."""

    is_base = True

    def find(self, draft_id: uuid.UUID) -> PolicyDraft:
        """Return the draft. Raises NotFound."""
        return get_draft(**self.actor.scope, draft_id=draft_id)

    def go_to(self, draft_id: uuid.UUID) -> HttpResponse:
        """Send the reader to the draft's page."""
        return self.redirect("policy_draft", draft_id=draft_id)

    def list_steps_below(self, row: PolicyDraft, last: str) -> list[dict[str, Any]]:
        """Return the way to a page below the draft's."""
        draft = {"label": row.title, "href": reverse("policy_draft", kwargs={"draft_id": row.id})}
        return [*self.list_steps(last)[:-1], draft, {"label": last}]

    def show(
        self,
        row: PolicyDraft,
        form: ProposeForm | None = None,
        *,
        status: int = 200,
        measured: DraftImpact | None = None,
        is_stale: bool = False,
    ) -> HttpResponse:
        """Return the draft's page, with the reason that was sent in place of none; a stale one says so on top."""
        shown = ShownDraft(row)
        live = (measured or measure_draft(row, now=self.now)) if shown.is_open else None
        base, draft = (live.base, live.draft) if live else (load_base(row), load_draft(row))
        impact = live.impact if live else _read_impact(row)
        context = {
            "draft": shown,
            "changes": show_changes(base, draft),
            "impact": impact,
            "moves": show_moves(impact.moves) if impact else [],
            "histograms": draw_histograms(live.rescored, before=base, after=draft) if live else [],
            "is_stale": is_stale,
            "is_behind": shown.is_open and self.load_current().version != row.base_version,
            "flows": list(FLOWS.items()),
            "form": form or self.make_form(row),
            **self._list_rights(shown, impact),
            "steps": self.list_steps(row.title),
        }
        return self.render_policy("policy/draft.html", context, status=status)

    def make_form(self, row: PolicyDraft, data: Any = None) -> ProposeForm:
        """Return the form that asks why and when."""
        return ProposeForm(
            data, zone=self.member.organization.timezone, now=self.now, initial={"reason": row.reason or ""}
        )

    def _list_rights(self, shown: ShownDraft, impact: Impact | None) -> dict[str, bool]:
        row, writes, proposes = shown.row, self.actor.can(WRITE), self.can_propose
        own = self.actor.id in row.authors
        return {
            "can_edit": shown.is_changeable and proposes,
            "can_approve": shown.is_proposed and writes and not own,
            "is_own_proposal": shown.is_proposed and writes and own,
            "can_take_back": (shown.is_proposed or shown.is_scheduled)
            and (writes or (proposes and row.proposed_by_id == self.actor.id)),
            "can_discard": shown.is_open and (writes or (proposes and row.created_by_id == self.actor.id)),
            "needs_second": impact is not None and proposes and needs_second_person(actor=self.actor, impact=impact),
        }


class DraftPage(DraftPages):
    """The draft: what it changes, what that would have done, and what may be done with it."""

    def get(self, request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
        """Return the page. Raises NotFound."""
        return self.show(self.find(draft_id))


_SECTIONS = {
    Section.WEIGHTS: gettext_lazy("Cortes y pesos"),
    Section.PARAMETERS: gettext_lazy("Parámetros"),
    Section.LISTS: gettext_lazy("Entradas de las listas"),
}


class EditPage(DraftPages):
    """One flow of the draft as a form."""

    permission = PROPOSE

    @property
    def section(self) -> Section:
        """The section that `?section` asks for; the cut lines and weights unless it is another."""
        given = self.request.GET.get("section")
        return Section(given) if given in set(Section) else Section.WEIGHTS

    def get(self, request: HttpRequest, draft_id: uuid.UUID, flow: str) -> HttpResponse:
        """Return the form. Raises NotFound."""
        row, part = self._find_part(draft_id, flow)
        form = FlowForm(part=part, section=self.section, revision=row.revision, title=row.title)
        return self._show(row, form, flow)

    def post(self, request: HttpRequest, draft_id: uuid.UUID, flow: str) -> HttpResponse:
        """Keep what was sent. Raises NotFound, DraftNotOpen, AnalystsNotHeard."""
        row, part = self._find_part(draft_id, flow)
        form = FlowForm(request.POST, part=part, section=self.section)
        if not form.is_valid():
            return self._show(row, form, flow, status=422)
        document = row.document | {flow: form.read_part()}
        try:
            with unit_of_work():
                change_draft(
                    actor=self.actor,
                    draft_id=row.id,
                    document=document,
                    revision=form.cleaned_data["revision"],
                    title=form.cleaned_data["title"],
                    now=self.now,
                )
        except DraftChanged:
            return self._show_both(row, document)
        except PolicyInvalid as refusal:
            form.tell(refusal)
            return self._show(row, form, flow, status=422)
        self.say(_("El borrador quedó guardado; nada cambia hasta que se publique."))
        return self.go_to(row.id)

    def _find_part(self, draft_id: uuid.UUID, flow: str) -> tuple[PolicyDraft, FlowPolicy]:
        if flow not in set(Flow):
            raise NotFound
        row = self.find(draft_id)
        return row, load_draft(row).of(Flow(flow))

    def _show(self, row: PolicyDraft, form: FlowForm, flow: str, *, status: int = 200) -> HttpResponse:
        label = str(FLOWS[flow])
        context = {
            "draft": ShownDraft(row),
            "form": form,
            "label": label,
            "tabs": [
                {"label": word, "href": f"?section={each}", "is_current": each is form.section}
                for each, word in _SECTIONS.items()
            ],
            "steps": self.list_steps_below(row, label),
        }
        return self.render_policy("policy/edit.html", context, status=status)

    def _show_both(self, row: PolicyDraft, document: Any) -> HttpResponse:
        """Return both versions of what differs, what is there now and what was sent."""
        sent = decode_policy(document, version=row.base_version)
        changes = show_changes(load_draft(row), sent)
        context = {
            "rows": [(change.label, change.before, change.after) for change in changes],
            "back": reverse("policy_draft", kwargs={"draft_id": row.id}),
            "steps": self.list_steps_below(row, _("Alguien lo cambió antes")),
        }
        return self.render("errors/conflict.html", context, status=409)


class ProposePage(DraftPages):
    """Publishes the draft, or asks somebody else to."""

    permission = PROPOSE

    def post(self, request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
        """Measure the impact, then publish, schedule or propose. Raises NotFound, DraftNotOpen, AnalystsNotHeard.

        What was changed after it was read is shown as it is now, and nothing is published.
        """
        row = self.find(draft_id)
        form = self.make_form(row, request.POST)
        if row.revision != read_revision(request):
            return self.show(row, form, status=409, is_stale=True)
        if not form.is_valid():
            return self.show(row, form, status=422)
        measured = measure_draft(row, now=self.now)
        try:
            done = self._propose(row, form, measured.impact)
        except DraftChanged:
            return self.show(self.find(draft_id), form, status=409, is_stale=True)
        except (PolicyMoved, ValidationFailed) as refusal:
            status = self._tell_refusal(form, refusal)
            return self.show(row, form, status=status, measured=measured)
        self.say(tell_draft(done))
        return self.go_to(row.id)

    def _tell_refusal(self, form: ProposeForm, refusal: PolicyMoved | ValidationFailed) -> int:
        """Put what was refused into the form and return the page's status."""
        if isinstance(refusal, PolicyMoved):
            form.add_error(None, _("Se publicó otra versión mientras tanto: traiga lo publicado a este borrador."))
            return HTTPStatus.CONFLICT
        if isinstance(refusal, NothingToPublish):
            form.add_error(None, _("Este borrador no cambia nada de la política en vigor."))
        elif isinstance(refusal, RulesUnknown):
            form.add_error(None, _("Este borrador lleva una regla que ya se borró: descártelo y empiece otro."))
        else:
            add_error(form, refusal)
        return HTTPStatus.UNPROCESSABLE_ENTITY

    def _propose(self, row: PolicyDraft, form: ProposeForm, impact: Impact) -> PolicyDraft:
        with unit_of_work():
            return propose_draft(
                actor=self.actor,
                draft_id=row.id,
                reason=form.cleaned_data["reason"],
                impact=impact,
                publish_at=form.cleaned_data["publish_at"],
                revision=row.revision,
                now=self.now,
            )


class ApprovePage(DraftPages):
    """Agrees to somebody else's proposal."""

    permission = WRITE

    def post(self, request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
        """Approve what was read. Raises NotFound, OwnProposal, DraftNotOpen, DraftChanged, PolicyMoved."""
        row = self.find(draft_id)
        with unit_of_work():
            done = approve_draft(actor=self.actor, draft_id=row.id, revision=read_revision(request), now=self.now)
        self.say(tell_draft(done))
        return self.go_to(row.id)


class TakeBackPage(DraftPages):
    """Returns a proposal, or what was scheduled, to its desk."""

    permission = PROPOSE

    def post(self, request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
        """Take it back. Raises NotFound, DraftNotOpen, Forbidden."""
        row = self.find(draft_id)
        with unit_of_work():
            take_back_draft(actor=self.actor, draft_id=row.id, now=self.now)
        self.say(_("Es un borrador de nuevo."))
        return self.go_to(row.id)


class DiscardPage(DraftPages):
    """Puts a draft away for good, after asking."""

    permission = PROPOSE

    def get(self, request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
        """Ask whether it is meant. Raises NotFound."""
        row = self.find(draft_id)
        context = {"draft": ShownDraft(row), "steps": self.list_steps_below(row, _("Descartar"))}
        return self.render_policy("policy/discard.html", context)

    def post(self, request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
        """Discard it. Raises NotFound, DraftNotOpen, Forbidden."""
        row = self.find(draft_id)
        with unit_of_work():
            discard_draft(actor=self.actor, draft_id=row.id, now=self.now)
        self.say(_("El borrador quedó descartado."))
        return self.redirect("policy")


class RebasePage(DraftPages):
    """Puts the draft's own changes on the version in force."""

    permission = PROPOSE

    def get(self, request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
        """Show what was published meanwhile, and where both sides changed the same. Raises NotFound."""
        return self._show(self.find(draft_id))

    def post(self, request: HttpRequest, draft_id: uuid.UUID) -> HttpResponse:
        """Do it; where both changed the same, once the reader saw it. Raises NotFound, DraftNotOpen, DraftChanged."""
        row, current = self.find(draft_id), self.load_current()
        base, mine = load_base(row), load_draft(row)
        conflicts = list_conflicts(base=base, mine=mine, theirs=current)
        if conflicts and request.POST.get("seen") != str(current.version):
            return self._show(row, status=409)
        try:
            with unit_of_work():
                rebase_draft(
                    actor=self.actor,
                    draft_id=row.id,
                    document=rebase(base=base, mine=mine, theirs=current),
                    version=current.version,
                    revision=row.revision,
                    now=self.now,
                )
        except PolicyInvalid:
            return self._show(row, status=422, is_impossible=True)
        self.say(_("El borrador está sobre la versión %(version)s.") % {"version": current.version})
        return self.go_to(row.id)

    def _show(self, row: PolicyDraft, *, status: int = 200, is_impossible: bool = False) -> HttpResponse:
        base, mine, current = load_base(row), load_draft(row), self.load_current()
        context = {
            "draft": ShownDraft(row),
            "current": current,
            "changes": show_changes(base, current),
            "conflicts": _show_conflicts(list_conflicts(base=base, mine=mine, theirs=current), (base, mine, current)),
            "is_impossible": is_impossible,
            "steps": self.list_steps_below(row, _("Traer lo publicado")),
        }
        return self.render_policy("policy/rebase.html", context, status=status)


def _show_conflicts(conflicts: tuple[Conflict, ...], policies: tuple[Policy, ...]) -> list[tuple[str, str, str]]:
    """Return where, what is in force, and what the draft has."""
    names = {rule.id: rule.name for policy in policies for rule in policy.rules}
    shown = ((show_change(each.theirs, names), show_change(each.mine, names)) for each in conflicts)
    return [(mine.label, theirs.after, mine.after) for theirs, mine in shown]


def _read_impact(row: PolicyDraft) -> Impact | None:
    """Return the impact as it was counted when the draft was proposed, None of one that never was."""
    return msgspec.convert(row.impact, Impact) if row.impact else None
