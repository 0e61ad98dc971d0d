"""Who is in the demo: one organization of each type, its people, and which of the sample's payments are its own."""

from dataclasses import dataclass

from accounts.types import OrganizationType, Role
from clausum.datasets.rows import PAY_IN, PAYOUT

TIMEZONE = "America/Mexico_City"
KEY_NAME = "demo"


@dataclass(frozen=True, slots=True)
class Part:
    """One organization of the demo; every module is contracted. `row_kind` are the sample's rows that it sees."""

    name: str
    organization_type: OrganizationType
    row_kind: str

    def make_email(self, role: Role) -> str:
        """Return the address of its member in that role (RFC 2606 reserves `.example`)."""
        return f"{role.value}@{self.organization_type.value}.demo.example"


CAST = (
    Part("Banco Demo", OrganizationType.BANK, PAYOUT),
    Part("Comercio Demo", OrganizationType.MERCHANT, PAY_IN),
    Part("PSP Demo", OrganizationType.PSP, PAY_IN),
)
