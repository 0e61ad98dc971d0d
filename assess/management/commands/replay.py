"""`manage.py replay SESSION_ID`: the decision again, from what is stored."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assess.scoring import explain_difference
from assess.services.replay_assessment import StoredAssessment, find_assessment, rescore
from core.unit_of_work import unit_of_work


class Command(BaseCommand):
    help = "Scores a stored assessment again and prints the identical bytes; --policy current prints the difference."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("session_id", help="a session id, or a transaction id where a session has several")
        parser.add_argument("--policy", choices=["recorded", "current"], default="recorded")

    def handle(self, *_args: Any, session_id: str, policy: str, **_options: Any) -> None:
        stored = find_assessment(name=session_id)
        if stored is None:
            raise CommandError("No assessment has this id.")
        if not stored.is_same_engine:
            self.stderr.write(f"Decided by signal engine {stored.engine}; this is another, the bytes may differ.")
        with unit_of_work():
            self._compare(stored) if policy == "current" else self._repeat(stored)

    def _repeat(self, stored: StoredAssessment) -> None:
        again = rescore(stored, version=stored.policy_version)
        self.stdout.write(again.body.decode())
        if again.body != stored.response:
            raise CommandError("These bytes differ from those answered.")

    def _compare(self, stored: StoredAssessment) -> None:
        before = rescore(stored, version=stored.policy_version)
        after = rescore(stored, version=None)
        self.stdout.write(
            f"policy {before.policy.version} -> {after.policy.version}: "
            f"{before.outcome.decision} {before.outcome.risk_score} -> "
            f"{after.outcome.decision} {after.outcome.risk_score}"
        )
        for signal in explain_difference(before.outcome, after.outcome):
            weights = " -> ".join("-" if w is None else str(w) for w in (signal.weight_before, signal.weight_after))
            self.stdout.write(f"{signal.code}: {weights} ({signal.change:+d})")
