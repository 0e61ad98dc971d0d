"""How the audit page says what a publication changed: an event's paths, in the words of the policy's own pages."""

from typing import Any

from assess.policy_difference import RULES, PolicyChange
from assess.web.policy_values import show_change
from assess.web.policy_words import BANDS, FLOWS, PARAMETERS, SIGNALS
from events.web.words import SaidChange

_LONGEST_PATH = 4


def say_change(field: str, before: Any, after: Any) -> SaidChange | None:
    """Return a changed value of a policy in words, None of what is no path of a policy."""
    path = tuple(field.split("."))
    if not _is_path(path):
        return None
    shown = show_change(PolicyChange(path=path, before=before, after=after), _name_rules(path, before, after))
    return shown.label, shown.before, shown.after


def _is_path(path: tuple[str, ...]) -> bool:
    match path:
        case (flow, "bands", name):
            return flow in FLOWS and name in BANDS
        case (flow, "weights" | "disabled", code):
            return flow in FLOWS and code in SIGNALS
        case (flow, "parameters", code, name):
            return flow in FLOWS and code in SIGNALS and name in {each.rpartition(".")[2] for each in PARAMETERS}
    return path[0] == RULES and len(path) < _LONGEST_PATH


def _name_rules(path: tuple[str, ...], before: Any, after: Any) -> dict[str, str]:
    """Return the name of a rule that came or went; of a rule that stayed the event tells what changed alone."""
    whole = after or before
    return {path[1]: whole["name"]} if len(path) == 2 and isinstance(whole, dict) else {}
