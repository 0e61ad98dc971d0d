"""An export: a line for each sealed row and the signed head as the last, all canonical JSON. Needs no database."""

import json
from collections.abc import Collection, Iterable, Iterator

import msgspec

from events.rules.canonical_json import encode_canonical
from events.rules.heads import find_forgery
from events.rules.verification import ChainVerifier
from events.types import HeadContent, Problem, SealedLine, SignedHead


class UnreadableLine(ValueError):
    """The line is not one that an export holds."""


def encode_line(line: SealedLine | SignedHead) -> bytes:
    """Return one line of an export with its line feed."""
    return encode_canonical(msgspec.to_builtins(line)) + b"\n"


def parse_line(raw: bytes) -> SealedLine | SignedHead:
    """Return what the line says.

    Raises UnreadableLine also for JSON that is not canonical: two readers of `{"a":1,"a":2}` may see two things.
    """
    try:
        tree = json.loads(raw)
        if encode_canonical(tree) != raw.rstrip(b"\n"):
            raise UnreadableLine("not canonical JSON")
        if isinstance(tree, dict) and "head" in tree:
            return msgspec.convert(tree, SignedHead)
        return msgspec.convert(tree, SealedLine)
    except (ValueError, RecursionError) as error:
        raise UnreadableLine("not a line of an export") from error


class ExportVerifier:
    """Is shown an export line by line; remembers no more than the last."""

    def __init__(self, *, trusted_keys: Collection[str], heads: Iterable[HeadContent] = ()) -> None:
        self.chain: ChainVerifier | None = None
        self.head: SignedHead | None = None
        self._trusted_keys = trusted_keys
        self._heads = tuple(heads)
        self._lines = 0

    def check(self, raw: bytes) -> Iterator[Problem]:
        """Yield what is wrong with the next line."""
        self._lines += 1
        if self.head is not None:
            yield Problem(None, f"line {self._lines}: it stands after the signed head")
            return
        try:
            line = parse_line(raw)
        except UnreadableLine as error:
            yield Problem(None, f"line {self._lines}: {error}")
            return
        if isinstance(line, SignedHead):
            self.head = line
        else:
            yield from self._open_chain(line.seal.organization).check(line)

    def finish(self) -> Iterator[Problem]:
        """Yield what only the end can tell: no head, a forged one, or one that the rows do not reach."""
        if self.head is None:
            yield Problem(None, "the export ends without a signed head: it was cut off")
            return
        forgery = find_forgery(self.head, trusted_keys=self._trusted_keys)
        if forgery is not None:
            yield Problem(self.head.head.sequence, forgery)
        chain = self._open_chain(self.head.head.organization)
        if any(head.organization != chain.organization for head in self._heads):
            yield Problem(None, "an earlier head is another organization's: it says nothing about this export")
        yield from chain.finish()
        yield from self._compare_head(chain, self.head.head)

    def _open_chain(self, organization: str) -> ChainVerifier:
        if self.chain is None:
            self.chain = ChainVerifier(organization=organization, heads=self._heads)
        return self.chain

    @staticmethod
    def _compare_head(chain: ChainVerifier, head: HeadContent) -> Iterator[Problem]:
        if head.organization != chain.organization:
            yield Problem(head.sequence, "the head is another organization's")
        elif head.sequence > chain.sequence:
            yield Problem(head.sequence, f"the rows end at {chain.sequence}, the head says {head.sequence}: cut off")
        elif head.sequence < chain.sequence:
            yield Problem(head.sequence, f"the rows go on to {chain.sequence}, which no signature covers")
        elif head.hash != chain.hash:
            yield Problem(head.sequence, "the head has another hash than the last row")
