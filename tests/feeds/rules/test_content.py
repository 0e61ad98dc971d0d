import gzip

import pytest

from feeds.rules.content import ContentFault, ContentRefused, require_list


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", ContentFault.NOTHING),
        (b" \r\n\n", ContentFault.NOTHING),
        (gzip.compress(b"203.0.113.7\n" * 1000, mtime=0), ContentFault.ARCHIVE),
        (b"PK\x03\x04rest", ContentFault.ARCHIVE),
        (b"\xef\xbb\xbf <!DOCTYPE html><p>", ContentFault.MARKUP),
        (b"<html>", ContentFault.MARKUP),
        (b"%PDF-1.7", ContentFault.BINARY),
        ("203.0.113.7\n".encode("utf-16"), ContentFault.BINARY),
    ],
)
def test_what_is_no_list_is_refused_by_its_first_bytes(content: bytes, fault: ContentFault) -> None:
    with pytest.raises(ContentRefused) as refused:
        require_list(content)
    assert refused.value.fault is fault


def test_a_list_is_taken_with_a_mark_or_without() -> None:
    require_list(b"\xef\xbb\xbf# list\n203.0.113.7\n")
    require_list(b"203.0.113.7")
