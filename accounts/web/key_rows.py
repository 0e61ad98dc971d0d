"""Keys as rows of a table and as a page of their own: words instead of codes."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.key_lists import KeySummary
from accounts.models import ApiKey
from accounts.permissions import EVERYTHING
from accounts.rules.key_states import KeyState
from accounts.rules.key_warnings import DAY, WARNED_DAYS
from accounts.types import KeyType
from accounts.web.key_words import ENVIRONMENTS, KINDS, SCOPES, STATES, KindWords, Text, list_endpoints, list_scopes
from core.environments import Environment
from core.web.charts import Point

_SHORT_DAY = "%d/%m"
_SCOPES_SHOWN = 2


@dataclass(frozen=True)
class KeyRow:
    """What a template says of a key."""

    summary: KeySummary
    now: datetime

    @property
    def key(self) -> ApiKey:
        return self.summary.key

    @property
    def kind(self) -> KindWords:
        return KINDS[self.summary.key_type]

    @property
    def environment(self) -> Text:
        return ENVIRONMENTS[self.summary.environment]

    @property
    def is_sandbox(self) -> bool:
        return self.summary.environment is Environment.SANDBOX

    @property
    def state(self) -> Text:
        return STATES[self.summary.state][0]

    @property
    def tone(self) -> str:
        return STATES[self.summary.state][1]

    @property
    def has_ended(self) -> bool:
        return self.summary.state in {KeyState.REVOKED, KeyState.EXPIRED}

    @property
    def is_revoked(self) -> bool:
        return self.summary.state is KeyState.REVOKED

    @property
    def is_expired(self) -> bool:
        return self.summary.state is KeyState.EXPIRED

    @property
    def is_disabled(self) -> bool:
        return self.summary.state is KeyState.DISABLED

    @property
    def is_replaced(self) -> bool:
        """Say whether the key was rotated and still goes on for a while."""
        return self.key.revoked_at is not None and self.summary.state is not KeyState.REVOKED

    @property
    def can_be_rotated(self) -> bool:
        return self.key.revoked_at is None and not self.is_expired

    @property
    def is_publishable(self) -> bool:
        return self.summary.key_type is KeyType.PUBLISHABLE

    @property
    def scopes(self) -> list[tuple[Text, list[str]]]:
        """Return what the key may do, each with the endpoints that it opens."""
        held = set(self.key.permissions)
        scopes = [scope for scope in list_scopes(self.summary.key_type) if scope in held or EVERYTHING in held]
        return [(SCOPES[scope].label, list_endpoints(scope, key_type=self.summary.key_type)) for scope in scopes]

    @property
    def scopes_in_short(self) -> list[Text]:
        """Return what the key may do in a few lines: all of its kind, or each."""
        scopes = [label for label, _endpoints in self.scopes]
        if len(scopes) > _SCOPES_SHOWN and len(scopes) == len(list_scopes(self.summary.key_type)):
            return [_("Todo lo de su clase")]
        more = len(scopes) - _SCOPES_SHOWN
        return [*scopes[:_SCOPES_SHOWN], *([_("y %(count)s más") % {"count": more}] if more > 0 else [])]

    @property
    def places(self) -> str:
        """Return from where the key may be used, in a few words."""
        told = []
        if self.is_publishable:
            told.append(_count_origins(len(self.key.allowed_origins)))
        if self.key.allowed_ips or not self.is_publishable:
            told.append(_count_addresses(len(self.key.allowed_ips)))
        return " · ".join(told)

    @property
    def limits(self) -> list[str]:
        minute, day = self.key.rate_limit_per_minute, self.key.rate_limit_per_day
        told = [] if minute is None else [_("%(count)s por minuto") % {"count": f"{minute:,}"}]
        told += [] if day is None else [_("%(count)s por día") % {"count": f"{day:,}"}]
        return told or [_("Sin límite")]

    @property
    def points(self) -> list[Point]:
        return [Point(day.strftime(_SHORT_DAY), calls) for day, calls in self.summary.days]

    @property
    def calls_today(self) -> str:
        return ngettext("%(count)s llamada hoy", "%(count)s llamadas hoy", self.summary.calls_today) % {
            "count": f"{self.summary.calls_today:,}"
        }

    @property
    def calls_in_all(self) -> str:
        count = self.summary.calls_in_all
        said = ngettext("%(count)s llamada en 30 días", "%(count)s llamadas en 30 días", count)
        return said % {"count": f"{count:,}"}

    @property
    def drawing_title(self) -> str:
        return f"{self.calls_today}; {self.calls_in_all}"

    @property
    def is_near_its_end(self) -> bool:
        """Say whether the key, still live, expires within the month in which its admins are warned."""
        end = self.key.expires_at
        return end is not None and not self.has_ended and end - self.now <= max(WARNED_DAYS) * DAY


def _count_addresses(count: int) -> str:
    if not count:
        return _("Cualquier dirección")
    return ngettext("%(count)s dirección o red", "%(count)s direcciones o redes", count) % {"count": count}


def _count_origins(count: int) -> str:
    if not count:
        return _("Ningún origen")
    return ngettext("%(count)s origen", "%(count)s orígenes", count) % {"count": count}
