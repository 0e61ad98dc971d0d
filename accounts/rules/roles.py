"""What may be done to a role."""

from accounts.permissions import ROLE_PERMISSIONS
from accounts.types import Role


def is_raise(*, before: Role, after: Role) -> bool:
    """Say whether the new role may anything that the old one may not."""
    return not ROLE_PERMISSIONS[after] <= ROLE_PERMISSIONS[before]
