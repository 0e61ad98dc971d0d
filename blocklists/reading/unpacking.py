"""A file as it comes in: unpacked, never to more than is taken, and turned into an encoding that shares ASCII.

What gzip and zip say of a file's size is not believed: bytes are counted as they come out.
"""

import codecs
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from typing import IO

from blocklists.reading.detection import find_byte_order_mark

MAXIMUM_RATIO = 200
"""Lists pack to a tenth or so; a bomb unpacks to a thousandfold."""
RATIO_FROM_BYTES = 1_000_000
"""Small files may pack better than that by chance."""
PIECE_BYTES = 256 * 1024
_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
_GZIP_WINDOW = 31  # zlib: a gzip header, the largest window
_NUL_SHARE = 10
_ZIP_METHODS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
_READ_AT_ONCE = 1024 * 1024
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    OSError,
    NotImplementedError,
    RuntimeError,
    ValueError,
    OverflowError,
)
"""What zipfile raises of what somebody made up: broken, encrypted, names that are no text, places outside of it."""


class FileRefused(Exception):
    """The file is none that can be imported. `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def unpack(pieces: Iterable[bytes], *, spool: IO[bytes], maximum_bytes: int) -> Iterator[bytes]:
    """Yield the file's own bytes; `spool` holds a zip meanwhile. Raises FileRefused.

    TOO_LARGE, BOMB (packs better than anything real), PACKED_BADLY, ZIP_OF_SEVERAL (one file is taken at a time),
    ZIP_METHOD (bzip2, LZMA and others give out what they unpack in blocks of any size).
    """
    incoming = iter(pieces)
    first = next(incoming, b"")
    if first.startswith(_GZIP):
        yield from _count(_unpack_gzip(first, incoming), maximum_bytes)
    elif first.startswith(_ZIP):
        yield from _count(_unpack_zip(first, incoming, spool, maximum_bytes), maximum_bytes)
    else:
        yield from _count(_chain(first, incoming), maximum_bytes)


def _chain(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield first
    yield from rest


def _count(pieces: Iterator[bytes], maximum_bytes: int) -> Iterator[bytes]:
    total = 0
    for piece in pieces:
        total += len(piece)
        if total > maximum_bytes:
            raise FileRefused("TOO_LARGE")
        yield piece


def _refuse_bomb(packed: int, unpacked: int) -> None:
    if unpacked > RATIO_FROM_BYTES and unpacked > packed * MAXIMUM_RATIO:
        raise FileRefused("BOMB")


def _unpack_gzip(first: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    """Yield what is packed; a file may be several gzip files in a row (RFC 1952 §2.2)."""
    engine, packed, unpacked = zlib.decompressobj(_GZIP_WINDOW), 0, 0
    try:
        for piece in _chain(first, rest):
            packed += len(piece)
            data = piece
            while data:
                out = engine.decompress(data, PIECE_BYTES)
                unpacked += len(out)
                _refuse_bomb(packed, unpacked)
                yield out
                data = engine.unconsumed_tail
                if engine.eof:
                    data, engine = (
                        engine.unused_data,
                        zlib.decompressobj(_GZIP_WINDOW) if engine.unused_data else engine,
                    )
    except zlib.error:
        raise FileRefused("PACKED_BADLY") from None
    if not engine.eof:
        raise FileRefused("PACKED_BADLY")


def _unpack_zip(first: bytes, rest: Iterator[bytes], spool: IO[bytes], maximum_bytes: int) -> Iterator[bytes]:
    packed = 0
    for piece in _count(_chain(first, rest), maximum_bytes):
        packed += spool.write(piece)
    try:
        with zipfile.ZipFile(_ShortReads(spool)) as archive:
            members = [member for member in archive.infolist() if not member.is_dir()]
            if len(members) != 1:
                raise FileRefused("ZIP_OF_SEVERAL")
            if members[0].compress_type not in _ZIP_METHODS:
                raise FileRefused("ZIP_METHOD")
            yield from _read_member(archive, members[0], packed)
    except _BROKEN_ZIP:
        raise FileRefused("PACKED_BADLY") from None


class _ShortReads:
    """A zip that gives so much at once and no more: a directory of millions of files would fill the memory."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self.seek, self.tell, self.seekable = file.seek, file.tell, file.seekable

    def read(self, size: int = -1, /) -> bytes:
        """Raises FileRefused."""
        data = self._file.read(size if 0 <= size <= _READ_AT_ONCE else _READ_AT_ONCE + 1)
        if len(data) > _READ_AT_ONCE:
            raise FileRefused("ZIP_OF_SEVERAL")
        return data


def _read_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, packed: int) -> Iterator[bytes]:
    unpacked = 0
    with archive.open(member) as file:
        while piece := file.read(PIECE_BYTES):
            unpacked += len(piece)
            _refuse_bomb(packed, unpacked)
            yield piece


class Transcoder:
    """Makes the file's bytes UTF-8, or leaves them, and knows at the end in which encoding they are.

    A byte order mark tells UTF-8 or UTF-16. Without one, what is no UTF-8 throughout is Windows-1252, which is Latin-1
    with the quotation marks and the euro sign that files of that time have.
    """

    def __init__(self) -> None:
        self._is_begun = False
        self._utf16: codecs.IncrementalDecoder | None = None
        self._check = codecs.getincrementaldecoder("utf-8")()
        self._is_utf8 = True

    @property
    def encoding(self) -> str:
        return "utf-8" if self._is_utf8 else "cp1252"

    def feed(self, piece: bytes) -> bytes:
        """Return the next bytes to keep. Raises FileRefused for what is no text."""
        if not self._is_begun and piece:
            piece = self._begin(piece)
        if self._utf16 is not None:
            return self._turn(piece, is_last=False)
        self._judge(piece, is_last=False)
        return piece

    def finish(self) -> bytes:
        """Return the last bytes to keep."""
        if self._utf16 is not None:
            return self._turn(b"", is_last=True)
        self._judge(b"", is_last=True)
        return b""

    def _begin(self, piece: bytes) -> bytes:
        self._is_begun = True
        encoding, length = find_byte_order_mark(piece)
        if encoding.startswith("utf-16"):
            self._utf16 = codecs.getincrementaldecoder(encoding)(errors="replace")
        elif piece[:PIECE_BYTES].count(0) * _NUL_SHARE > len(piece[:PIECE_BYTES]):
            raise FileRefused("NOT_TEXT")
        return piece[length:]

    def _turn(self, piece: bytes, *, is_last: bool) -> bytes:
        decoder = self._utf16
        return decoder.decode(piece, is_last).encode("utf-8", errors="replace") if decoder else b""

    def _judge(self, piece: bytes, *, is_last: bool) -> None:
        if not self._is_utf8:
            return
        try:
            self._check.decode(piece, is_last)
        except UnicodeDecodeError:
            self._is_utf8 = False


def list_pieces(file: IO[bytes]) -> Iterator[bytes]:
    """Yield the file's bytes in pieces."""
    while piece := file.read(PIECE_BYTES):
        yield piece


def make_spool() -> IO[bytes]:
    """Return where a file is kept while it is read: on disk; it is gone when it is closed."""
    return tempfile.TemporaryFile()
