"""`GET /api/v1/blocklists`."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import Organization
from accounts.types import Role
from blocklists.models import BlocklistEntry, BlocklistHit
from blocklists.types import ListType
from core.environments import Environment
from tests.blocklists.conftest import PATH, Person
from tests.blocklists.factories import NOW, make_entry, make_transaction
from tests.factories.accounts import bearer, make_api_key


def _values(answer: Any) -> list[str]:
    assert answer.status_code == 200, answer.content
    return [entry["value"] for entry in answer.json()["data"]]


def _hit(entry: BlocklistEntry, *, times: int) -> None:
    for number in range(times):
        payment = make_transaction(organization=entry.organization)
        BlocklistHit.objects.create(
            organization_id=entry.organization_id,
            environment=Environment.SANDBOX,
            entry_id=entry.id,
            transaction_id=payment.id,
            hit_at=NOW + timedelta(minutes=number),
        )


@pytest.fixture
def entries(organization: Organization) -> list[BlocklistEntry]:
    """Four entries, the last the newest."""
    given: list[tuple[ListType, str, dict[str, Any]]] = [
        (ListType.EMAIL, "ana@example.com", {"severity": "review", "reason": "Quejas de 3 clientes"}),
        (ListType.PHONE, "+525512345678", {"source": "import", "is_active": False}),
        (ListType.IBAN, "GB82WEST12345698765432", {"flow_scope": "both"}),
        (ListType.CARD_BIN, "411111", {"severity": "flag", "reason": "100% de prueba"}),
    ]
    return [
        make_entry(
            organization=organization,
            list_type=list_type,
            value=value,
            **({"created_at": NOW + timedelta(minutes=number)} | fields),
        )
        for number, (list_type, value, fields) in enumerate(given)
    ]


NEWEST_FIRST = ["411111", "GB82WEST12345698765432", "+525512345678", "ana@example.com"]


def test_an_empty_list_is_an_empty_page(admin: Person) -> None:
    answer = admin.get()
    assert answer.status_code == 200
    assert answer.json() == {"data": [], "total": 0, "limit": 50, "offset": 0}


@pytest.mark.usefixtures("entries")
def test_the_newest_come_first(admin: Person) -> None:
    assert _values(admin.get()) == NEWEST_FIRST


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"list_type": "phone"}, ["+525512345678"]),
        ({"severity": "block"}, ["GB82WEST12345698765432", "+525512345678"]),
        ({"severity": "review"}, ["ana@example.com"]),
        ({"source": "import"}, ["+525512345678"]),
        ({"source": "manual", "severity": "flag"}, ["411111"]),
        ({"flow_scope": "both"}, ["GB82WEST12345698765432"]),
        ({"flow_scope": "payout"}, []),
        ({"is_active": "false"}, ["+525512345678"]),
        ({"is_active": "true", "list_type": "email"}, ["ana@example.com"]),
        ({"search": ""}, NEWEST_FIRST),
        ({"search": "example"}, ["ana@example.com"]),
        ({"search": " ANA@Example.COM "}, ["ana@example.com"]),
        ({"search": "quejas"}, ["ana@example.com"]),
        ({"search": "+52 (55) 1234-5678"}, ["+525512345678"]),
        ({"search": "55 1234"}, ["+525512345678"]),
        ({"search": "gb82 west 1234"}, ["GB82WEST12345698765432"]),
        ({"search": "4111"}, ["411111"]),
        ({"search": "100%"}, ["411111"]),
        ({"search": "%"}, ["411111"]),
        ({"search": "_"}, []),
        ({"search": "\\"}, []),
        ({"search": "123456", "list_type": "iban"}, ["GB82WEST12345698765432"]),
    ],
)
def test_filters_narrow_the_list_and_its_total(admin: Person, query: dict[str, str], expected: list[str]) -> None:
    answer = admin.get(**query)
    assert _values(answer) == expected
    assert answer.json()["total"] == len(expected)


@pytest.mark.usefixtures("entries")
def test_pages_follow_one_another_and_tell_the_total(admin: Person) -> None:
    pages = [admin.get(limit=3, offset=offset) for offset in (0, 3, 6)]
    assert [_values(page) for page in pages] == [NEWEST_FIRST[:3], NEWEST_FIRST[3:], []]
    assert [(page.json()["total"], page.json()["limit"], page.json()["offset"]) for page in pages] == [
        (4, 3, 0),
        (4, 3, 3),
        (4, 3, 6),
    ]


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ({"list_type": "emails"}, "INVALID_TYPE", "list_type"),
        ({"list_type": ""}, "INVALID_TYPE", "list_type"),
        ({"severity": "deny"}, "INVALID_SEVERITY", "severity"),
        ({"source": "me"}, "VALIDATION_ERROR", "source"),
        ({"flow_scope": "refund"}, "VALIDATION_ERROR", "flow_scope"),
        ({"is_active": "1"}, "VALIDATION_ERROR", "is_active"),
        ({"limit": "501"}, "VALIDATION_ERROR", "limit"),
        ({"limit": "0"}, "VALIDATION_ERROR", "limit"),
        ({"limit": "-1"}, "VALIDATION_ERROR", "limit"),
        ({"limit": "ten"}, "VALIDATION_ERROR", "limit"),
        ({"limit": "\u0661\u0660"}, "VALIDATION_ERROR", "limit"),
        ({"offset": "-1"}, "VALIDATION_ERROR", "offset"),
        ({"offset": "9" * 30}, "VALIDATION_ERROR", "offset"),
        ({"search": "a\x00b"}, "VALIDATION_ERROR", "search"),
        ({"search": "x" * 321}, "VALIDATION_ERROR", "search"),
        ({"environment": "staging"}, "VALIDATION_ERROR", "environment"),
    ],
)
def test_a_bad_word_in_the_query_is_400_and_names_its_field(
    admin: Person, query: dict[str, str], code: str, field: str
) -> None:
    answer = admin.get(**query)
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, code)
    assert list(answer.json()["error"]["details"]["fields"]) == [field]


def test_a_field_given_twice_is_400(admin: Person) -> None:
    answer = Client().get(f"{PATH}?limit=1&limit=2", **bearer(admin.token))
    assert (answer.status_code, list(answer.json()["error"]["details"]["fields"])) == (400, ["limit"])


def test_the_largest_page_is_five_hundred(admin: Person) -> None:
    assert admin.get(limit=500).json()["limit"] == 500


def test_each_entry_tells_how_often_it_was_met_and_when_last(admin: Person, entries: list[BlocklistEntry]) -> None:
    _hit(entries[0], times=3)
    _hit(entries[3], times=1)
    found = {entry["value"]: (entry["hit_count"], entry["last_hit_at"]) for entry in admin.get().json()["data"]}
    assert found == {
        "ana@example.com": (3, "2026-01-15T18:02:00.000Z"),
        "+525512345678": (0, None),
        "GB82WEST12345698765432": (0, None),
        "411111": (1, "2026-01-15T18:00:00.000Z"),
    }


def test_a_longer_page_takes_no_more_queries(admin: Person, organization: Organization) -> None:
    counts = []
    for size in (2, 12):
        for number in range(size):
            make_entry(organization=organization, list_type=ListType.CUSTOMER_ID, value=f"c-{size}-{number}")
        with CaptureQueriesContext(
            connection,
        ) as captured:
            assert len(_values(admin.get(limit=size))) == size
        counts.append(len(captured))
    assert counts[0] == counts[1]


@pytest.mark.usefixtures("entries")
@pytest.mark.parametrize("role", Role)
def test_every_role_may_read(person: Callable[[Role], Person], role: Role) -> None:
    assert _values(person(role).get()) == NEWEST_FIRST


@pytest.mark.usefixtures("entries")
def test_a_stranger_and_the_other_environment_see_nothing(admin: Person, stranger: Person) -> None:
    assert (_values(stranger.get()), stranger.get().json()["total"]) == ([], 0)
    assert (_values(admin.get(environment="production")), admin.get(environment="production").json()["total"]) == (
        [],
        0,
    )


def test_anonymous_callers_and_keys_are_401(organization: Organization) -> None:
    _, key = make_api_key(organization=organization)
    assert Client().get(PATH).status_code == 401
    assert Client().get(PATH, **bearer(key)).status_code == 401


def test_head_is_served_like_get(admin: Person) -> None:
    answer = admin.call("HEAD")
    assert (answer.status_code, answer.content) == (200, b"")


def test_an_unknown_method_is_405(admin: Person) -> None:
    assert admin.call("PUT", body={}).status_code == 405
