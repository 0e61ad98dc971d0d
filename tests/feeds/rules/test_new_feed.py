from typing import Any

import pytest

from core.errors import ValidationFailed
from feeds.builtin.lists import BUILTIN_BY_CODE
from feeds.rules.new_feed import make_code, require_sound
from feeds.types import FeedKind, NewFeed


def refuse(**fields: Any) -> list[str]:
    given: dict[str, Any] = {"kind": FeedKind.IP_THREAT, "title": "Lista"}
    with pytest.raises(ValidationFailed) as refused:
        require_sound(NewFeed(**(given | fields)))
    named: Any = refused.value.details["fields"]
    return list(named)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"title": " "}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"source": "x" * 201}, "source"),
        ({"url": "http://lists.example.com/a"}, "url"),
        ({"url": "https://user:secret@lists.example.com/a"}, "url"),
        ({"url": "https://localhost/a"}, "url"),
        ({"url": "https://10.0.0.1/a"}, "url"),
        ({"schedule_hours": 24}, "schedule_hours"),
        ({"url": "https://lists.example.com/a", "schedule_hours": 0}, "schedule_hours"),
        ({"url": "https://lists.example.com/a", "schedule_hours": 721}, "schedule_hours"),
        ({"stale_after_days": 0}, "stale_after_days"),
    ],
)
def test_what_no_list_can_be_is_refused_beside_its_field(fields: dict[str, object], field: str) -> None:
    assert refuse(**fields) == [field]


@pytest.mark.parametrize(
    ("title", "code"), [("FireHOL, nivel 1", "firehol-nivel-1"), ("Países: Comité", "paises-comite"), ("名单", "list")]
)
def test_a_code_is_made_of_the_title(title: str, code: str) -> None:
    assert make_code(title, taken=frozenset()) == code
    assert make_code(title, taken=frozenset({code})) == f"{code}-2"


def test_no_code_is_ever_one_of_clausums() -> None:
    for code in BUILTIN_BY_CODE:
        assert make_code(code, taken=frozenset()) not in BUILTIN_BY_CODE
