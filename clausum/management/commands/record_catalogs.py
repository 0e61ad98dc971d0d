"""`manage.py record_catalogs`: brings the English catalog up to date with what the pages say, and compiles it."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from clausum.web.catalogs import MO, PO, compile_catalog, list_untranslated, render_po, update_catalog


class Command(BaseCommand):
    help = "Rewrite locale/en from the templates and the code, and compile it; needs the development tools."
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        base = Path(settings.BASE_DIR)
        (base / PO).parent.mkdir(parents=True, exist_ok=True)
        (base / PO).write_bytes(render_po(update_catalog(base)))
        (base / MO).write_bytes(compile_catalog(base))
        for message in list_untranslated(base):
            self.stdout.write(f"No English yet: {message}")
