"""A rule's trial as a page shows it."""

from typing import Any

from assess.services.try_rule import Tried
from core.web.decisions import DECISIONS
from transactions.types import Decision


def show_trial(tried: Tried) -> dict[str, Any]:
    """Return the trial in words: counts, money, what would change, and examples."""
    trial = tried.trial
    return {
        "payments": trial.payments,
        "is_sample": tried.is_sample,
        "met": trial.met,
        "unknown": trial.unknown,
        "fraud": trial.fraud,
        "legitimate": trial.legitimate,
        "unlabelled": trial.unlabelled,
        "precision": None if trial.precision is None else round(trial.precision),
        "amounts": [(minor, code) for code, minor in sorted(trial.met_minor.items())],
        "moves": show_moves(trial.moves),
        "examples": trial.examples,
        "cost_us": None if tried.cost_us is None else round(tried.cost_us, 1),
    }


def show_moves(moves: dict[str, int]) -> list[dict[str, Any]]:
    """Return each (before, after) with its count, the most frequent first."""
    return [
        {
            "before": DECISIONS[Decision(name.partition(">")[0]).value],
            "after": DECISIONS[Decision(name.partition(">")[2]).value],
            "count": count,
        }
        for name, count in sorted(moves.items(), key=lambda move: (-move[1], move[0]))
    ]
