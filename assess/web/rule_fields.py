"""`/dashboard/protection/rules/fields`: what a condition may speak of, with how today's payments have it."""

from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from assess.conditions.field import Field
from assess.conditions.fields import FIELDS
from assess.custom_rules import RuleFlow
from assess.field_profiles import FieldProfile, profile_field, see_payments
from assess.policies import load_policy
from assess.stored import list_newest
from assess.web.rule_words import FLOWS, GROUPS, KINDS, name_field
from assess.web.rules import RulePages, read_language

_DAY = timedelta(days=1)
_SAMPLE = 500


class RuleFieldsPage(RulePages):
    """The fields by group."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """List every field with its distribution over the newest payments of 24 hours."""
        stored = list_newest(**self.actor.scope, since=self.now - _DAY, limit=_SAMPLE)
        policy = load_policy(**self.actor.scope)
        seen = see_payments(payments=[each.facts for each in stored], policy=policy)
        groups: dict[str, list[dict[str, Any]]] = {}
        for field in FIELDS.values():
            row = self._show(field, profile_field(field, seen))
            groups.setdefault(field.name.partition(".")[0], []).append(row)
        context = {
            "groups": [{"title": GROUPS[name], "rows": rows} for name, rows in groups.items()],
            "payments": len(stored),
            "steps": self.list_steps((_("Campos"), "")),
        }
        return self.render("rules/fields.html", context)

    def _show(self, field: Field, profile: FieldProfile) -> dict[str, Any]:
        flow = RuleFlow.BOTH if len(field.flows) > 1 else RuleFlow(next(iter(field.flows)).value)
        return {
            "name": field.name,
            "meaning": name_field(field, read_language(self)),
            "kind": KINDS[field.kind],
            "flow": FLOWS[flow],
            "present": f"{profile.present} / {profile.payments}" if profile.payments else "—",
            "said": _say(profile),
        }


def _say(profile: FieldProfile) -> str:
    if profile.median is not None:
        names = ("least", "median", "high", "most")
        numbers = {name: number_format(getattr(profile, name), force_grouping=True) for name in names}
        return _("de %(least)s a %(most)s; mediana %(median)s, 95 %% hasta %(high)s") % numbers
    if profile.common:
        return ", ".join(f"{value} ({count})" for value, count in profile.common)
    if profile.different is not None:
        return _("%(count)s valores distintos") % {"count": profile.different}
    return "—"
