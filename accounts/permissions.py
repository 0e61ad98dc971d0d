"""The permission table: role → set, key type → set (contract §1). Everything that may be done stands here once."""

from accounts.types import KeyType, Role

_READ = {
    "transactions:read",
    "cases:read",
    "blocklists:read",
    "feeds:read",
    "rules:read",
    "policy:read",
    "dashboard:read",
}
_KEYS_VIEW = {"keys:read"}
_OWN = {"token:end", "account:manage"}

ROLE_PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.ADMIN: frozenset(
        _READ
        | _KEYS_VIEW
        | _OWN
        | {
            "blocklists:add",
            "blocklists:edit",
            "blocklists:weaken",
            "blocklists:delete",
            "feeds:write",
            "keys:write",
            "policy:write",
            "rules:propose",
            "rules:write",
            "team:read",
            "team:write",
            "team:export",
            "organization:read",
            "organization:write",
            "audit:read",
            "personal_data:read",
            "simulation:run",
            "submerchants:read",
            "submerchants:write",
        }
    ),
    Role.ANALYST: frozenset(
        _READ
        | _KEYS_VIEW
        | _OWN
        | {"blocklists:add", "blocklists:edit", "rules:propose", "simulation:run", "team:read"},
    ),
    Role.COMPLIANCE_OFFICER: frozenset(
        _READ
        | _KEYS_VIEW
        | _OWN
        | {
            "blocklists:add",
            "blocklists:edit",
            "blocklists:weaken",
            "organization:read",
            "audit:read",
            "personal_data:read",
            "simulation:run",
            "team:read",
            "team:export",
        }
    ),
    Role.VIEWER: frozenset(_READ | _OWN),
}

KEY_PERMISSIONS: dict[KeyType, frozenset[str]] = {
    KeyType.SECRET: frozenset(
        {
            "assess",
            "fraud:report",
            "transactions:read",
            "transactions:write",
            "submerchants:read",
            "submerchants:write",
        }
    ),
    KeyType.PUBLISHABLE: frozenset({"assess"}),
    KeyType.INGEST: frozenset(),
}

EVERYTHING = "*"


def expand_key_permissions(key_type: KeyType, granted: frozenset[str]) -> frozenset[str]:
    """Return what a key may do: `*` is all that its type may, and no key may more than that."""
    allowed = KEY_PERMISSIONS[key_type]
    return allowed if EVERYTHING in granted else granted & allowed
