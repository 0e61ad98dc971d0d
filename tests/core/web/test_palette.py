"""What the palette finds: by any word, without case and accents, best first, and nothing that a reader may not see."""

import uuid
from collections.abc import Iterable

import pytest

from core.actor import Actor, ActorKind
from core.environments import Environment
from core.web.palette import LONGEST_QUERY, MOST_ENTRIES, Entry, Reader, find_entries, fold, group_entries

KEYS = Entry("Claves API", "/keys", "key-round", "Páginas", permission="keys:read", keywords="Conexiones tokens")
AUDIT = Entry("Auditoría", "/audit", "scroll-text", "Páginas", permission="audit:read")
ACCOUNT = Entry("Mi cuenta", "/account", "user-round", "Mi cuenta", keywords="perfil")


def _list_all(reader: Reader, query: str) -> Iterable[Entry]:
    return [ACCOUNT, AUDIT, KEYS]


def _find(query: str = "", *, may: frozenset[str] = frozenset({"keys:read", "audit:read"})) -> list[Entry]:
    actor = Actor(
        organization_id=uuid.uuid4(),
        environment=Environment.SANDBOX,
        kind=ActorKind.USER,
        id=uuid.uuid4(),
        name="viewer",
        permissions=may,
    )
    return find_entries([_list_all], reader=Reader(actor, frozenset()), query=query)


def test_without_a_query_everything_stands_in_its_order() -> None:
    assert _find() == [ACCOUNT, AUDIT, KEYS]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("AUDITORIA", [AUDIT]),
        ("  claves   api ", [KEYS]),
        ("conex", [KEYS]),
        ("perfil", [ACCOUNT]),
        ("claves auditoría", []),
        ("\x00", []),
        ("x" * 10_000, []),
    ],
)
def test_every_word_must_be_found_in_the_label_or_the_keywords(query: str, found: list[Entry]) -> None:
    assert _find(query) == found


def test_a_word_that_begins_the_label_comes_before_one_inside() -> None:
    assert _find("a") == [AUDIT, KEYS, ACCOUNT]


def test_what_the_reader_may_not_see_is_not_found() -> None:
    assert _find(may=frozenset()) == [ACCOUNT]
    assert _find("claves", may=frozenset({"audit:read"})) == []


def test_there_is_a_most_to_what_is_shown_and_read() -> None:
    many = [Entry(f"Página {number}", f"/{number}", "info", "Páginas") for number in range(MOST_ENTRIES + 1)]
    seen: list[str] = []

    def list_many(reader: Reader, query: str) -> Iterable[Entry]:
        seen.append(query)
        return many

    assert find_entries([list_many], reader=_reader()) == many[:MOST_ENTRIES]
    find_entries([list_many], reader=_reader(), query="x" * (LONGEST_QUERY + 1))
    assert len(seen[-1]) == LONGEST_QUERY


def _reader() -> Reader:
    actor = Actor(
        organization_id=uuid.uuid4(),
        environment=Environment.SANDBOX,
        kind=ActorKind.USER,
        id=uuid.uuid4(),
        name="viewer",
        permissions=frozenset(),
    )
    return Reader(actor, frozenset())


def test_text_is_folded() -> None:
    assert fold("Ábaco ÑANDÚ ﬁn") == "abaco nandu fin"


def test_entries_are_grouped_in_the_order_of_their_first() -> None:
    assert group_entries([KEYS, ACCOUNT, AUDIT]) == {"Páginas": [KEYS, AUDIT], "Mi cuenta": [ACCOUNT]}
