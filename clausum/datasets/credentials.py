"""Which key a replay calls with: the one given, else the demo's, a bank's for payouts and a merchant's for pay-ins."""

from dataclasses import dataclass
from pathlib import Path

import msgspec

from accounts.types import OrganizationType
from transactions.types import Flow

KEY_VARIABLE = "CLAUSUM_KEY"
_OWNERS = {Flow.PAYOUT: OrganizationType.BANK, Flow.PAYIN: OrganizationType.MERCHANT}


class NoCredentials(Exception):
    """No key, or no address to use it at; the text says where they were looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """Where to call, and with which secret key for each flow."""

    base_url: str
    keys: dict[Flow, str]


class _DemoKeys(msgspec.Struct):
    secret: str


class _DemoOrganization(msgspec.Struct):
    organization_type: str
    keys: _DemoKeys


class _Demo(msgspec.Struct):
    base_url: str
    organizations: list[_DemoOrganization]


def choose_credentials(*, base_url: str | None, key: str | None, demo_file: Path) -> Credentials:
    """Return the address and keys given, what is missing taken from the demo's file. Raises NoCredentials."""
    if base_url and key:
        return Credentials(base_url=base_url, keys=dict.fromkeys(Flow, key))
    demo = _read_demo(demo_file)
    keys = dict.fromkeys(Flow, key) if key else _choose_demo_keys(demo, demo_file)
    return Credentials(base_url=base_url or demo.base_url, keys=keys)


def _read_demo(demo_file: Path) -> _Demo:
    try:
        return msgspec.json.decode(demo_file.read_bytes(), type=_Demo)
    except (OSError, msgspec.DecodeError):
        raise NoCredentials(
            f"{demo_file} is missing or is no demo's: start ./run, or give --base-url and a key "
            f"(--key-file, or the variable {KEY_VARIABLE})"
        ) from None


def _choose_demo_keys(demo: _Demo, demo_file: Path) -> dict[Flow, str]:
    by_type = {item.organization_type: item.keys.secret for item in demo.organizations}
    missing = [owner.value for owner in _OWNERS.values() if owner.value not in by_type]
    if missing:
        raise NoCredentials(f"{demo_file} has no organization of type {' and '.join(missing)}")
    return {flow: by_type[owner.value] for flow, owner in _OWNERS.items()}
