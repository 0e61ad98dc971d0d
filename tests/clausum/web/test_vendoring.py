"""What is kept of a package: the listed files, and only when everything is what the lock says."""

import base64
import hashlib
import tarfile
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings

from clausum.web.vendoring import SPRITE, Package, VendorError, build_sprite, list_faults, unpack

BASE = Path(settings.BASE_DIR)
CONTENT = b"let it = 1;\n"


def _archive(folder: Path) -> Path:
    path = folder / "thing.tgz"
    with tarfile.open(path, "w:gz") as tar:
        for name in ("package/dist/thing.js", "package/extra.js"):
            member = tarfile.TarInfo(name)
            member.size = len(CONTENT)
            tar.addfile(member, BytesIO(CONTENT))
    return path


def _package(archive: Path, **changes: object) -> Package:
    integrity = "sha512-" + base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    entry: dict[str, object] = {
        "name": "@some/thing",
        "version": "1.0.0",
        "licence": "ISC",
        "integrity": integrity,
        "root": "static/vendor",
        "files": {"dist/thing.js": hashlib.sha256(CONTENT).hexdigest()},
    }
    return Package.read(entry | changes)


def test_only_listed_files_are_kept(tmp_path: Path) -> None:
    archive = _archive(tmp_path)
    unpack(archive, _package(archive), base=tmp_path / "base")
    kept = [path for path in (tmp_path / "base").rglob("*") if path.is_file()]
    assert kept == [tmp_path / "base/static/vendor/some-thing-1.0.0/thing.js"]
    assert kept[0].read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({"integrity": "sha512-AAAA"}, "integrity"),
        ({"files": {"dist/thing.js": "0" * 64}}, "sha256"),
        ({"files": {"dist/other.js": "0" * 64}}, "not in the archive"),
    ],
)
def test_nothing_is_kept_of_a_package_that_is_not_the_locks(
    tmp_path: Path, changes: dict[str, object], fault: str
) -> None:
    archive = _archive(tmp_path)
    with pytest.raises(VendorError, match=fault):
        unpack(archive, _package(archive, **changes), base=tmp_path / "base")
    assert not (tmp_path / "base").exists()


def test_a_changed_file_a_file_in_excess_and_an_old_sprite_are_faults(tmp_path: Path) -> None:
    for root in ("static/vendor", "static/img", "tests/vendor"):
        for path in (BASE / root).rglob("*"):
            if path.is_file():
                copy = tmp_path / path.relative_to(BASE)
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(path.read_bytes())
    assert list_faults(tmp_path) == []
    (tmp_path / SPRITE).write_bytes(b"<svg/>")
    assert list_faults(tmp_path) == ["static/img/icons.svg: not made of the icons in the lock"]
    (tmp_path / "static/vendor/more.js").write_bytes(b"")
    (tmp_path / "static/vendor/htmx.org-4.0.1/htmx.min.js").write_bytes(b"")
    assert list_faults(tmp_path) == [
        "static/vendor/htmx.org-4.0.1/htmx.min.js: its sha256 is not the lock's",
        "static/vendor/more.js: not in the lock",
    ]


def test_the_sprite_has_one_symbol_an_icon() -> None:
    sprite = build_sprite(BASE).decode()
    assert sprite.count("<symbol ") == 49
    assert '<symbol id="octagon-x" viewBox="0 0 24 24">' in sprite
