"""`/dashboard/protection/policy`: the policy in force, who waits for a second person, and every version."""

from typing import Any, ClassVar

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from assess.models import PolicyDraft
from assess.policies import load_policy
from assess.policy import Policy, decode_policy, encode_policy
from assess.policy_queries import get_version, list_open_drafts, list_versions, load_former
from assess.services.policy_drafts import MAXIMUM_TITLE_LENGTH, start_draft
from assess.services.policy_settings import PolicySettingsChanged, change_policy_settings, read_policy_settings
from assess.web.policy_forms import PolicySettingsForm
from assess.web.policy_rows import ShownDraft, ShownVersion, show_changes, show_flow, show_rules
from assess.web.policy_words import FLOWS
from assess.web.proposals import PROPOSE, WRITE, ProposingPage
from core.errors import ValidationFailed
from core.unit_of_work import unit_of_work
from core.web.forms import add_error
from core.web.paging import read_page
from transactions.types import Flow


class PolicyPages(ProposingPage):
    """What the pages of the policy share."""

    is_base = True
    permission: ClassVar[str | dict[str, str] | None] = "policy:read"

    def load_current(self) -> Policy:
        """Return the policy in force."""
        return load_policy(**self.actor.scope)

    def start(self, *, title: str, document: object, base_version: int) -> PolicyDraft:
        """Begin a draft; raises ValidationFailed and AnalystsNotHeard."""
        with unit_of_work():
            return start_draft(
                actor=self.actor,
                title=title[:MAXIMUM_TITLE_LENGTH],
                document=document,
                base_version=base_version,
                now=self.now,
            )

    def list_steps(self, last: str | Promise = "") -> list[dict[str, Any]]:
        """Return the way here."""
        steps: list[dict[str, Any]] = [{"label": _("Protección")}, {"label": _("Política")}]
        return [steps[0], steps[1] | {"href": reverse("policy")}, {"label": last}] if last else steps

    @property
    def flow(self) -> Flow:
        """The flow that `?flow` asks for; payouts unless it is another. One at a time: both would weigh too much."""
        return Flow.PAYIN if self.request.GET.get("flow") == Flow.PAYIN else Flow.PAYOUT

    def list_flow_tabs(self) -> list[dict[str, Any]]:
        """Return the tabs between the flows."""
        return [
            {"label": FLOWS[flow], "href": f"?flow={flow}", "is_current": flow is self.flow}
            for flow in (Flow.PAYOUT, Flow.PAYIN)
        ]

    def render_policy(self, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
        """Return the page with what all of them say."""
        shared = {
            "zone": self.member.organization.timezone,
            "now": self.now,
            "can_write": self.actor.can(WRITE),
        }
        return self.render(template, shared | context, status=status)


class PolicyPage(PolicyPages):
    """The policy in force, the drafts that are open, the settings and the history."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Return the page."""
        return self.show()

    def show(self, form: PolicySettingsForm | None = None, *, status: int = 200) -> HttpResponse:
        """Return the page, with the settings that were sent in place of those that are set."""
        policy = self.load_current()
        rows, pages = read_page(self.request.GET, self._list_versions)
        settings = read_policy_settings(**self.actor.scope)
        drafts = [ShownDraft(row) for row in list_open_drafts(**self.actor.scope)]
        context = {
            "policy": policy,
            "in_force": ShownVersion(get_version(**self.actor.scope, version=policy.version)),
            "flow": show_flow(policy, self.flow),
            "flow_tabs": self.list_flow_tabs(),
            "rules": show_rules(policy),
            "waiting": [draft for draft in drafts if draft.is_proposed],
            "drafts": drafts,
            "versions": [ShownVersion(row) for row in rows],
            "pages": pages,
            "settings": settings,
            "form": form or PolicySettingsForm.of(settings),
            "can_propose": self.can_propose,
            "steps": self.list_steps(),
        }
        return self.render_policy("policy/policy.html", context, status=status)

    def _list_versions(self, limit: int, offset: int) -> tuple[Any, int]:
        return list_versions(**self.actor.scope, limit=limit, offset=offset)


class PolicySettingsPage(PolicyPage):
    """From which impact on a second person must agree, and whether analysts may propose."""

    permission = {"GET": "policy:read", "POST": WRITE}

    def get(self, request: HttpRequest) -> HttpResponse:
        """Send whoever loads a refused form anew to the page."""
        return self.redirect("policy")

    def post(self, request: HttpRequest) -> HttpResponse:
        """Keep what was sent."""
        form = PolicySettingsForm(request.POST)
        try:
            is_kept = form.is_valid() and self._keep(form)
        except PolicySettingsChanged as stale:
            return self._show_both(stale)
        if not is_kept:
            return self.show(form, status=422)
        self.say(_("Quedó guardado quién propone y quién aprueba."))
        return self.redirect("policy")

    def _keep(self, form: PolicySettingsForm) -> bool:
        try:
            with unit_of_work():
                change_policy_settings(actor=self.actor, now=self.now, **form.cleaned_data)
        except ValidationFailed as refusal:
            add_error(form, refusal)
            return False
        return True

    def _show_both(self, stale: PolicySettingsChanged) -> HttpResponse:
        versions: Any = stale.details["fields"]
        rows = [
            (PolicySettingsForm.base_fields[name].label, _say(both["theirs"]), _say(both["yours"]))
            for name, both in versions.items()
        ]
        context = {"rows": rows, "back": reverse("policy"), "steps": self.list_steps(_("Alguien lo cambió antes"))}
        return self.render("errors/conflict.html", context, status=409)


class VersionPage(PolicyPages):
    """One version: who published it and why, and what it changed."""

    def get(self, request: HttpRequest, version: int) -> HttpResponse:
        """Return the page. Raises NotFound."""
        row = get_version(**self.actor.scope, version=version)
        policy = decode_policy(row.document, version=row.version)
        former = load_former(**self.actor.scope, version=row.version)
        context = {
            "version": ShownVersion(row),
            "changes": show_changes(former, policy),
            "flow": show_flow(policy, self.flow),
            "flow_tabs": self.list_flow_tabs(),
            "rules": show_rules(policy),
            "is_in_force": row.version == self.load_current().version,
            "can_propose": self.can_propose,
            "steps": self.list_steps(_("Versión %(version)s") % {"version": row.version}),
        }
        return self.render_policy("policy/version.html", context)


class RevertPage(PolicyPages):
    """Begins a draft that brings an earlier version back."""

    permission = PROPOSE

    def post(self, request: HttpRequest, version: int) -> HttpResponse:
        """Make the draft on the version in force and go to it. Raises NotFound, AnalystsNotHeard."""
        row = get_version(**self.actor.scope, version=version)
        draft = self.start(
            title=_("Revertir a la versión %(version)s") % {"version": row.version},
            document=row.document,
            base_version=self.load_current().version,
        )
        self.say(_("Este borrador trae de vuelta la versión %(version)s.") % {"version": row.version})
        return self.redirect("policy_draft", draft_id=draft.id)


class NewDraftPage(PolicyPages):
    """Begins a draft on the version in force."""

    permission = PROPOSE

    def post(self, request: HttpRequest) -> HttpResponse:
        """Begin it and go to it. Raises AnalystsNotHeard."""
        policy = self.load_current()
        title = _("Cambio sobre la versión %(version)s") % {"version": policy.version}
        draft = self.start(title=title, document=encode_policy(policy), base_version=policy.version)
        return self.redirect("policy_draft", draft_id=draft.id)


def _say(value: object) -> str:
    if value is None:
        return _("Nunca")
    return (_("Sí") if value else _("No")) if isinstance(value, bool) else str(value)
