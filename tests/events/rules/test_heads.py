import base64

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from events.rules.heads import encode_public_key, find_forgery, sign_head
from events.types import ChainTip, SignedHead
from tests.events.trail import ORGANIZATION, SEED

KEY = encode_public_key(SEED)
FORGED = "the head is forged: its signature does not fit"


def _sign(seed: bytes = SEED) -> SignedHead:
    return sign_head(organization=ORGANIZATION, tip=ChainTip(3, "ab" * 32, "then"), seed=seed)


def test_the_head_that_was_signed_is_believed() -> None:
    assert find_forgery(_sign(), trusted_keys=["other", KEY]) is None


def test_the_signature_covers_a_prefix_and_the_heads_canonical_json() -> None:
    signed = _sign()
    text = (
        f'{{"format":1,"hash":"{"ab" * 32}","organization":"{ORGANIZATION}","public_key":"{KEY}",'
        f'"sealed_at":"then","sequence":3}}'
    )
    key = Ed25519PrivateKey.from_private_bytes(SEED).public_key()
    key.verify(base64.b64decode(signed.signature), b"clausum-head-1\n" + text.encode())


@pytest.mark.parametrize(
    "change", [{"sequence": 2}, {"hash": "cd" * 32}, {"organization": "x"}, {"sealed_at": None}, {"format": 2}]
)
def test_an_altered_head_is_forged(change: dict[str, object]) -> None:
    signed = _sign()
    head = msgspec.structs.replace(signed.head, **change)
    assert find_forgery(SignedHead(head=head, signature=signed.signature), trusted_keys=[KEY]) == FORGED


def test_a_head_signed_by_somebody_else_is_forged() -> None:
    other = _sign(b"x" * 32)
    reason = "the head is forged: signed with a key that is not trusted"
    assert find_forgery(other, trusted_keys=[KEY]) == reason
    claimed = msgspec.structs.replace(other, head=msgspec.structs.replace(other.head, public_key=KEY))
    assert find_forgery(claimed, trusted_keys=[KEY]) == FORGED


@pytest.mark.parametrize("signature", ["", "not base64!", "AAAA"])
def test_a_signature_that_is_none_is_forged(signature: str) -> None:
    signed = msgspec.structs.replace(_sign(), signature=signature)
    assert find_forgery(signed, trusted_keys=[KEY]) == FORGED
