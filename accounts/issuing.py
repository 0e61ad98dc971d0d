"""How a key comes to be in the table, whether it is a new one or another's successor."""

import uuid

from accounts.keys import make_key
from accounts.models import ApiKey
from accounts.types import KeyType
from core.environments import Environment


def issue_key(
    *, organization_id: uuid.UUID, environment: Environment, key_type: KeyType, **fields: object
) -> tuple[ApiKey, str]:
    """Insert a new key with these fields and return it with the full key, which is kept nowhere."""
    new = make_key(key_type)
    key = ApiKey.objects.create(
        organization_id=organization_id,
        environment=environment,
        key_type=key_type.value,
        public_id=new.public_id,
        secret_hash=new.secret_hash,
        last_four=new.last_four,
        **fields,
    )
    return key, new.full
