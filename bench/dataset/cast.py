"""Whose data set it is: the organizations and their keys, as the benchmark keeps them in its folder."""

import uuid

import msgspec

from bench.dataset.filling import Tenant
from transactions.types import Flow


class Party(msgspec.Struct, frozen=True, kw_only=True):
    """An organization with the row of the key that it used, a key without a rate limit and one with a limit."""

    organization_id: uuid.UUID
    api_key_id: uuid.UUID
    free_key: str
    limited_key: str

    @property
    def tenant(self) -> Tenant:
        return Tenant(self.organization_id, self.api_key_id)


class Cast(msgspec.Struct, frozen=True, kw_only=True):
    """The bank that pays out and the merchant that is paid."""

    bank: Party
    merchant: Party

    def of(self, flow: Flow) -> Party:
        """Return who asks about payments of that flow."""
        return self.bank if flow is Flow.PAYOUT else self.merchant
