"""Exports a chain: its rows as lines of JSON, and the signed head that says where it ends."""

import uuid
from collections.abc import Iterator

from django.conf import settings

from events.queries import get_chain_tip, stream_sealed_lines
from events.rules.exports import encode_line
from events.rules.heads import encode_public_key, sign_head
from events.types import ChainTip, SignedHead


def export_chain(*, organization_id: uuid.UUID) -> Iterator[bytes]:
    """Yield every row that is sealed by now, then the signed head; no personal data."""
    tip = get_chain_tip(organization_id=organization_id)
    for stored in stream_sealed_lines(organization_id=organization_id, until=tip.sequence):
        yield encode_line(stored.line)
    yield encode_line(_sign(organization_id, tip))


def export_head(*, organization_id: uuid.UUID) -> bytes:
    """Return the signed head alone, to be kept where nobody who can write to the database can."""
    return encode_line(_sign(organization_id, get_chain_tip(organization_id=organization_id)))


def get_public_key() -> str:
    """Return the base64 of the Ed25519 key that this installation's heads are verified with."""
    return encode_public_key(settings.AUDIT_SIGNING_KEY)


def _sign(organization_id: uuid.UUID, tip: ChainTip) -> SignedHead:
    return sign_head(organization=str(organization_id), tip=tip, seed=settings.AUDIT_SIGNING_KEY)
