"""Static files as production serves them: every name is hashed, in imports of modules too."""

import re
from pathlib import Path
from typing import Any

from django.core.management import call_command

from clausum.web.storage import HashedStaticFilesStorage


def test_a_module_imports_others_by_their_hashed_names(tmp_path: Path, settings: Any) -> None:
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": f"{HashedStaticFilesStorage.__module__}.{HashedStaticFilesStorage.__name__}"}
    }
    call_command("collectstatic", interactive=False, verbosity=0)
    app = next(path for path in (tmp_path / "js").glob("app.*.js"))
    imported = re.findall(r'from "\./([^"]+)"', app.read_text(encoding="utf-8"))
    written = Path(settings.BASE_DIR, "static/js/app.js").read_text(encoding="utf-8")
    assert len(imported) == written.count("\nimport ") > 0
    for name in imported:
        assert re.fullmatch(r"[a-z]+\.[0-9a-f]{12}\.js", name)
        assert (tmp_path / "js" / name).is_file()
