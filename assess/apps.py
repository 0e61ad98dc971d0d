from django.apps import AppConfig


class AssessConfig(AppConfig):
    name = "assess"

    def ready(self) -> None:
        """Teach the audit page to say what changed in a policy."""
        from assess.web.policy_trail import say_change  # noqa: PLC0415  models are ready from here on
        from events.web.words import SAYERS  # noqa: PLC0415

        SAYERS["policy"] = say_change
