"""Whether what came is a list at all, by its first bytes."""

from enum import StrEnum

_LOOKED_AT = 4096
_ARCHIVES = (b"\x1f\x8b", b"PK\x03\x04", b"BZh", b"\xfd7zXZ", b"7z\xbc\xaf", b"Rar!", b"\x28\xb5\x2f\xfd")
_MARKUP = (b"<!doctype", b"<html", b"<?xml", b"<svg")


class ContentFault(StrEnum):
    NOTHING = "nothing"
    ARCHIVE = "archive"
    MARKUP = "markup"
    BINARY = "binary"


class ContentRefused(ValueError):
    """What came is no text with a list in it."""

    def __init__(self, fault: ContentFault) -> None:
        super().__init__(fault.value)
        self.fault = fault


def require_list(content: bytes) -> None:
    """Raise ContentRefused for an archive (which could unpack to anything), a page, a binary file, and nothing."""
    head = content[:_LOOKED_AT]
    if not content.strip():
        raise ContentRefused(ContentFault.NOTHING)
    if head.startswith(_ARCHIVES):
        raise ContentRefused(ContentFault.ARCHIVE)
    if head.lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(_MARKUP):
        raise ContentRefused(ContentFault.MARKUP)
    if b"\x00" in head or head.startswith(b"%PDF"):
        raise ContentRefused(ContentFault.BINARY)
