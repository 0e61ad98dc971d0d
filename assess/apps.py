from django.apps import AppConfig


class AssessConfig(AppConfig):
    name = "assess"

    def ready(self) -> None:
        from assess.backtest_jobs import register  # noqa: PLC0415  apps must be loaded first

        register()
