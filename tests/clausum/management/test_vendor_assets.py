"""`manage.py vendor_assets`, offline."""

from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from clausum.web.vendoring import read_lock


def test_what_is_committed_is_what_the_lock_says() -> None:
    out = StringIO()
    call_command("vendor_assets", "--check", stdout=out)
    assert out.getvalue() == "The vendored files are those of the lock.\n"


def test_a_file_that_is_missing_fails_the_check(tmp_path: Path, settings: object) -> None:
    lock = tmp_path / "static/vendor/vendor.lock.json"
    lock.parent.mkdir(parents=True)
    lock.write_bytes((Path(settings.BASE_DIR) / "static/vendor/vendor.lock.json").read_bytes())  # type: ignore[attr-defined]
    settings.BASE_DIR = tmp_path  # type: ignore[attr-defined]
    with pytest.raises(CommandError, match=r"htmx\.min\.js: missing"):
        call_command("vendor_assets", "--check")


def test_every_package_comes_with_its_licence() -> None:
    for package in read_lock(Path(settings.BASE_DIR)):
        assert package.licence
        assert "LICENSE" in package.files
