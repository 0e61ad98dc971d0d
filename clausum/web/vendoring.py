"""Files of others that pages are made of: fetched from npm, checked against a lock, kept in the repository."""

import base64
import hashlib
import json
import subprocess
import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Self
from xml.etree import ElementTree as ET

LOCK = Path("static/vendor/vendor.lock.json")
SPRITE = Path("static/img/icons.svg")
_ICONS = "lucide-static"
_SVG = "http://www.w3.org/2000/svg"


class VendorError(Exception):
    """A vendored file, or the package that it comes from, is not what the lock says."""


@dataclass(frozen=True)
class Package:
    """One package of the lock: `files` gives the sha256 of each path inside it that is kept."""

    name: str
    version: str
    licence: str
    integrity: str
    root: str
    files: dict[str, str]

    @classmethod
    def read(cls, entry: dict[str, Any]) -> Self:
        return cls(**entry)

    @property
    def folder(self) -> Path:
        return Path(self.root) / f"{self.name.lstrip('@').replace('/', '-')}-{self.version}"

    def place(self, file: str) -> Path:
        """Return where that file of the package is kept, below the repository's root."""
        return self.folder / Path(file).name


def read_lock(base: Path) -> list[Package]:
    """Return the packages that the lock names."""
    return [Package.read(entry) for entry in json.loads((base / LOCK).read_text(encoding="utf-8"))["packages"]]


def list_faults(base: Path) -> list[str]:
    """Return what differs from the lock, offline: files missing, changed or in excess, and an old sprite."""
    packages = read_lock(base)
    faults = [fault for package in packages for fault in _faults_of(base, package)]
    expected = {base / package.place(file) for package in packages for file in package.files} | {base / LOCK}
    for root in sorted({package.root for package in packages}):
        found = [path for path in sorted((base / root).rglob("*")) if path.is_file()]
        faults += [f"{path.relative_to(base)}: not in the lock" for path in found if path not in expected]
    if not faults and (base / SPRITE).read_bytes() != build_sprite(base):
        faults.append(f"{SPRITE}: not made of the icons in the lock")
    return faults


def _faults_of(base: Path, package: Package) -> Iterator[str]:
    for file, expected in package.files.items():
        path = base / package.place(file)
        if not path.is_file():
            yield f"{package.place(file)}: missing"
        elif _sha256(path.read_bytes()) != expected:
            yield f"{package.place(file)}: its sha256 is not the lock's"


def fetch(base: Path) -> None:
    """Fetch every package of the lock with npm, keep the listed files and make the sprite.

    Raises:
        VendorError: npm failed, or a package or a file is not the one in the lock; nothing of that package is kept.
    """
    for package in read_lock(base):
        with TemporaryDirectory() as folder:
            unpack(_pack(package, Path(folder)), package, base=base)
    (base / SPRITE).parent.mkdir(parents=True, exist_ok=True)
    (base / SPRITE).write_bytes(build_sprite(base))


def _pack(package: Package, folder: Path) -> Path:
    """Return the package's archive, as npm's own client and configuration find it."""
    command = ["npm", "pack", f"{package.name}@{package.version}", "--ignore-scripts", "--silent"]
    try:
        subprocess.run([*command, "--pack-destination", str(folder)], check=True, capture_output=True)  # noqa: S603
    except (OSError, subprocess.CalledProcessError) as error:
        raise VendorError(f"{package.name}: npm did not fetch it") from error
    return next(folder.glob("*.tgz"))


def unpack(archive: Path, package: Package, *, base: Path) -> None:
    """Keep the listed files of an archive, once the archive and each of them is the lock's.

    Raises:
        VendorError: they are not.
    """
    digest = base64.b64encode(hashlib.sha512(archive.read_bytes()).digest()).decode()
    if f"sha512-{digest}" != package.integrity:
        raise VendorError(f"{package.name}: the archive's integrity is not the lock's")
    contents = {file: _member(archive, file) for file in package.files}
    wrong = [file for file, content in contents.items() if _sha256(content) != package.files[file]]
    if wrong:
        raise VendorError(f"{package.name}: {', '.join(wrong)}: the sha256 is not the lock's")
    (base / package.folder).mkdir(parents=True, exist_ok=True)
    for file, content in contents.items():
        (base / package.place(file)).write_bytes(content)


def _member(archive: Path, file: str) -> bytes:
    with tarfile.open(archive) as tar:
        try:
            member = tar.extractfile(f"package/{file}")
        except KeyError as error:
            raise VendorError(f"{file}: not in the archive") from error
        if member is None:
            raise VendorError(f"{file}: no plain file")
        return member.read()


def build_sprite(base: Path) -> bytes:
    """Return one SVG with a symbol for each vendored icon, named as the icon is."""
    package = next(each for each in read_lock(base) if each.name == _ICONS)
    icons = sorted(Path(file).stem for file in package.files if file.endswith(".svg"))
    symbols = [_symbol(base / package.folder / f"{name}.svg", name) for name in icons]
    return f'<svg xmlns="{_SVG}">\n{"".join(symbols)}</svg>\n'.encode()


def _symbol(path: Path, name: str) -> str:
    """Return an icon as a symbol; the drawing's strokes are inherited from the page's style."""
    drawing = ET.fromstring(path.read_text(encoding="utf-8"))  # noqa: S314  the lock holds it  # nosec B314
    shapes = "".join(f"<{shape.tag.removeprefix(f'{{{_SVG}}}')}{_attributes(shape)}/>" for shape in drawing)
    return f'<symbol id="{name}" viewBox="0 0 24 24">{shapes}</symbol>\n'


def _attributes(shape: ET.Element) -> str:
    return "".join(f' {name}="{value}"' for name, value in shape.attrib.items())


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
