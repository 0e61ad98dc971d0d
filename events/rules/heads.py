"""Signed heads: the end of a chain, signed with Ed25519 (RFC 8032), so that a tail cut off later shows."""

import base64
from collections.abc import Collection

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from events.rules.canonical_json import encode_canonical
from events.types import SEAL_FORMAT, ChainTip, HeadContent, SignedHead

SIGNED_PREFIX = b"clausum-head-1\n"
"""Begins what is signed, so that the signature is of no use for anything else."""


def encode_public_key(seed: bytes) -> str:
    """Return the base64 of the public key that belongs to a 32-byte Ed25519 seed."""
    return base64.b64encode(Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()).decode()


def sign_head(*, organization: str, tip: ChainTip, seed: bytes) -> SignedHead:
    """Return the signed head of a chain that ends at `tip`."""
    head = HeadContent(
        format=SEAL_FORMAT,
        hash=tip.hash,
        organization=organization,
        public_key=encode_public_key(seed),
        sealed_at=tip.sealed_at,
        sequence=tip.sequence,
    )
    signature = Ed25519PrivateKey.from_private_bytes(seed).sign(_signed_bytes(head))
    return SignedHead(head=head, signature=base64.b64encode(signature).decode())


def find_forgery(signed: SignedHead, *, trusted_keys: Collection[str]) -> str | None:
    """Return why the head is not to be believed, or None. The key inside it proves nothing unless it is trusted."""
    if signed.head.public_key not in trusted_keys:
        return "the head is forged: signed with a key that is not trusted"
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(signed.head.public_key, validate=True))
        key.verify(base64.b64decode(signed.signature, validate=True), _signed_bytes(signed.head))
    except (InvalidSignature, ValueError):
        return "the head is forged: its signature does not fit"
    return None


def _signed_bytes(head: HeadContent) -> bytes:
    return SIGNED_PREFIX + encode_canonical(msgspec.structs.asdict(head))
