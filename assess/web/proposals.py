"""What the pages of rules and of the policy share: who may propose a change, and what became of it."""

from django.utils.translation import gettext as _

from accounts.web.admission import MemberPage
from assess.models import PolicyDraft
from assess.services.policy_drafts import AnalystsNotHeard
from assess.services.policy_settings import read_policy_settings
from assess.types import DraftState

PROPOSE = "rules:propose"
WRITE = "policy:write"


class ProposingPage(MemberPage):
    """A page on which changes of the policy or of its rules are proposed."""

    is_base = True

    @property
    def can_propose(self) -> bool:
        """Say whether the reader may propose: administrators, and analysts where they are heard."""
        if not self.actor.can(PROPOSE):
            return False
        return self.actor.can(WRITE) or read_policy_settings(**self.actor.scope).are_analysts_heard

    def require_hearing(self) -> None:
        """Raise AnalystsNotHeard when what the page asks for would be refused."""
        if not self.can_propose:
            raise AnalystsNotHeard


def tell_draft(row: PolicyDraft) -> str:
    """Return what became of the draft."""
    if row.state == DraftState.PUBLISHED.value:
        return _("La versión %(version)s quedó publicada: el siguiente pago ya la obedece.") % {
            "version": row.published_version
        }
    if row.state == DraftState.SCHEDULED.value:
        return _("La publicación quedó programada.")
    return _("La propuesta espera a que otra persona la apruebe.")
