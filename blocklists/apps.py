from django.apps import AppConfig


class BlocklistsConfig(AppConfig):
    name = "blocklists"

    def ready(self) -> None:
        from blocklists.import_jobs import register  # noqa: PLC0415  apps must be loaded first

        register()
