import gzip
import io
import zipfile
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from blocklists.reading.unpacking import FileRefused, Transcoder, make_spool, unpack

_MOST = 5_000_000


def _unpack(data: bytes, *, most: int = _MOST, size: int = 1000) -> bytes:
    pieces = (data[at : at + size] for at in range(0, len(data), size))
    with make_spool() as spool:
        return b"".join(unpack(pieces, spool=spool, maximum_bytes=most))


def _refuse(data: bytes, **options: int) -> str:
    with pytest.raises(FileRefused) as refused:
        _unpack(data, **options)
    return refused.value.code


def _zip(*contents: bytes, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as archive:
        archive.mkdir("folder")
        for place, content in enumerate(contents):
            archive.writestr(f"folder/{place}.csv", content)
    return file.getvalue()


@given(st.binary(max_size=5_000))
def test_a_file_comes_out_as_it_was_packed(data: bytes) -> None:
    if not data.startswith((b"\x1f\x8b", b"PK\x03\x04")):
        assert _unpack(data) == data
    assert _unpack(gzip.compress(data)) == data
    assert _unpack(_zip(data)) == data


def test_several_gzip_files_in_a_row_are_one() -> None:
    assert _unpack(gzip.compress(b"one\n") + gzip.compress(b"two\n")) == b"one\ntwo\n"


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    zeros = b"0" * 50_000_000
    assert _refuse(gzip.compress(zeros), most=100_000_000) == "BOMB"
    assert _refuse(_zip(zeros), most=100_000_000) == "BOMB"


def test_what_is_larger_than_allowed_is_refused_packed_or_not() -> None:
    data = bytes(range(256)) * 40
    for packed in (data, gzip.compress(data), _zip(data)):
        assert _unpack(packed, most=len(data)) == data
        assert _refuse(packed, most=len(data) - 1) == "TOO_LARGE"


def test_a_zip_of_several_files_or_of_folders_alone_is_refused() -> None:
    assert _refuse(_zip(b"a", b"b")) == "ZIP_OF_SEVERAL"
    assert _refuse(_zip()) == "ZIP_OF_SEVERAL"


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_is_stored_or_deflated(method: int) -> None:
    assert _unpack(_zip(b"rows", method=zipfile.ZIP_STORED)) == b"rows"
    assert _refuse(_zip(b"rows", method=method)) == "ZIP_METHOD"
    assert _refuse(_zip(b"0" * 50_000_000, method=method), most=100_000_000) == "ZIP_METHOD"


def test_a_zip_whose_directory_is_huge_is_refused_before_it_is_read() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for place in range(25_000):
            archive.mkdir(f"{place:05}")
        archive.writestr("rows.csv", b"rows")
    assert _refuse(file.getvalue(), size=100_000) == "ZIP_OF_SEVERAL"


def test_a_zip_whose_names_are_no_text_or_whose_places_are_outside_is_refused() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("ñ.csv", b"rows")
    packed = file.getvalue()
    assert _refuse(packed.replace("ñ".encode(), b"\xff\xff")) == "PACKED_BADLY"
    assert _refuse(packed[:-6] + b"\xff\xff\xff\x7f" + packed[-2:]) == "PACKED_BADLY"


def test_what_is_cut_off_or_broken_is_refused() -> None:
    packed = gzip.compress(b"some rows\n" * 100)
    assert _refuse(packed[:-9]) == "PACKED_BADLY"
    assert _refuse(packed[:20] + b"xx" + packed[22:]) == "PACKED_BADLY"
    assert _refuse(_zip(b"rows" * 100)[:-30]) == "PACKED_BADLY"
    assert _refuse(b"\x1f\x8b" + zlib.compress(b"no header")) == "PACKED_BADLY"


def _read(data: bytes, size: int = 3) -> tuple[str, str]:
    transcoder = Transcoder()
    # A byte order mark comes whole: the first piece is a network packet or more.
    cuts = [data[:4], *(data[at : at + size] for at in range(4, len(data), size))]
    kept = b"".join(transcoder.feed(piece) for piece in cuts) + transcoder.finish()
    return transcoder.encoding, kept.decode(transcoder.encoding)


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        ("niño,ábaco\n".encode(), "utf-8", "niño,ábaco\n"),
        ("niño".encode("utf-8-sig"), "utf-8", "niño"),
        ("niño 😀".encode("utf-16"), "utf-8", "niño 😀"),
        (b"\xfe\xff" + "niño".encode("utf-16-be"), "utf-8", "niño"),
        ("niño “así” 5 €".encode("cp1252"), "cp1252", "niño “así” 5 €"),
        ("x" * 9_000 + "ñ", "cp1252", "x" * 9_000 + "ñ"),
        (b"", "utf-8", ""),
    ],
)
def test_the_encoding_is_found(data: bytes | str, encoding: str, text: str) -> None:
    assert _read(data.encode("cp1252") if isinstance(data, str) else data) == (encoding, text)


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(FileRefused) as refused:
        Transcoder().feed(b"\x89PNG\x00\x00\x00\x0d" * 100)
    assert refused.value.code == "NOT_TEXT"
