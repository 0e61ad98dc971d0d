"""The demo's file: where the system stands, and the logins and keys, which are kept nowhere else in clear."""

from pathlib import Path

import msgspec

from clausum.runner.files import write_private


class DemoKeys(msgspec.Struct, frozen=True, kw_only=True):
    """Full keys of the sandbox, one of each type."""

    secret: str
    publishable: str
    ingest: str


class DemoUser(msgspec.Struct, frozen=True, kw_only=True):
    email: str
    password: str
    role: str


class DemoOrganization(msgspec.Struct, frozen=True, kw_only=True):
    id: str
    name: str
    organization_type: str
    keys: DemoKeys
    users: tuple[DemoUser, ...]


class DemoState(msgspec.Struct, frozen=True, kw_only=True):
    """The whole file."""

    base_url: str
    organizations: tuple[DemoOrganization, ...]


def read_demo(path: Path) -> tuple[DemoOrganization, ...]:
    """Return the organizations that the file tells of; none when it is missing or no demo's."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=DemoState).organizations
    except (FileNotFoundError, msgspec.DecodeError):
        return ()


def write_demo(path: Path, state: DemoState) -> None:
    """Write the file in one step, readable by its owner only; its folder is made when missing."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_private(path, msgspec.json.format(msgspec.json.encode(state), indent=2).decode() + "\n")
