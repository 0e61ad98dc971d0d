"""Opaque cursors of the list: the last id shown, sealed for its tenant, so that one made up or borrowed is refused."""

import base64
import binascii
import hmac
import uuid

from django.utils.crypto import salted_hmac

from core.environments import Environment
from core.errors import ValidationFailed

_ID_BYTES = 16
_SEAL_BYTES = 16
_SALT = "transactions.api.cursors"


def write_cursor(*, last_id: uuid.UUID, organization_id: uuid.UUID, environment: Environment) -> str:
    """Return the cursor of the page after the one that ends with this payment."""
    return base64.urlsafe_b64encode(last_id.bytes + _seal(last_id, organization_id, environment)).rstrip(b"=").decode()


def read_cursor(cursor: str, *, organization_id: uuid.UUID, environment: Environment) -> uuid.UUID:
    """Return the id of the last payment shown; raises ValidationFailed unless this tenant was given it."""
    try:
        content = base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise _not_ours() from None
    if len(content) != _ID_BYTES + _SEAL_BYTES:
        raise _not_ours()
    last_id = uuid.UUID(bytes=content[:_ID_BYTES])
    if not hmac.compare_digest(content[_ID_BYTES:], _seal(last_id, organization_id, environment)):
        raise _not_ours()
    return last_id


def _seal(last_id: uuid.UUID, organization_id: uuid.UUID, environment: Environment) -> bytes:
    text = f"{organization_id}:{environment.value}:{last_id}"
    return salted_hmac(_SALT, text, algorithm="sha256").digest()[:_SEAL_BYTES]


def _not_ours() -> ValidationFailed:
    return ValidationFailed.of_field("cursor", "must be the next_cursor of an earlier answer")
