from django.apps import AppConfig


class AssessConfig(AppConfig):
    name = "assess"

    def ready(self) -> None:
        """Take on backtests as jobs, and teach the audit page to say what changed in a policy."""
        from assess.backtest_jobs import register  # noqa: PLC0415  apps must be loaded first
        from assess.web.policy_trail import say_change  # noqa: PLC0415
        from events.web.words import SAYERS  # noqa: PLC0415

        register()
        SAYERS["policy"] = say_change
