"""The pages of API keys, through a signed-in browser."""

import re
import shlex
import uuid
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.test import Client

from accounts.models import ApiKey, KeyUse, Membership, Organization, User
from accounts.types import KeyType, Role
from core.environments import Environment
from events.models import Event
from tests.factories.accounts import make_api_key, make_member, make_organization
from tests.factories.pages import sign_in_as

pytestmark = pytest.mark.django_db

KEYS = "/dashboard/connections/keys"
NOW = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
FULL = re.compile(r"clm_(?:sk|pub|wh)_[0-9a-z]{12}_[A-Za-z0-9]{32}")


@pytest.fixture(autouse=True)
def _at_noon() -> Any:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bank() -> Organization:
    return make_organization(timezone="America/Mexico_City")


@pytest.fixture
def admin(bank: Organization) -> Membership:
    return make_member(organization=bank)


@pytest.fixture
def browser(admin: Membership) -> Client:
    return sign_in_as(admin)


def _read(response: Any, *, status: int = 200) -> str:
    assert response.status_code == status
    text: str = response.content.decode()
    return text


def _form(**fields: Any) -> dict[str, Any]:
    given = {
        "type": "secret",
        "request_token": str(uuid.uuid4()),
        "name": "Núcleo",
        "environment": "sandbox",
        "permissions": ["assess"],
        "expires_date": "2027-11-25",
        "rate_limit_per_minute": "100",
    }
    return given | fields


def _use(key: ApiKey, *, day: date, calls: int) -> None:
    KeyUse.objects.create(
        organization_id=key.organization_id,
        environment=Environment(key.environment),
        key_id=key.id,
        day=day,
        calls=calls,
    )


# The list


def test_who_has_no_key_is_told_what_one_is_and_gets_one_in_one_click(browser: Client, bank: Organization) -> None:
    page = _read(browser.get(KEYS))
    assert "Aún no hay claves" in page
    token = re.findall(r'name="request_token" value="([^"]+)"', page)[0]
    shown = _read(browser.post(f"{KEYS}/sandbox", {"request_token": token}))
    key = ApiKey.unscoped.get()
    assert FULL.findall(shown)[0].endswith(key.last_four)
    assert (key.organization_id, key.environment, key.key_type) == (bank.id, "sandbox", "secret")
    assert (key.name, key.expires_at) == ("Pruebas del 25/11/2026", NOW + timedelta(days=365))
    assert "assess" in key.permissions


def test_a_row_says_all_that_there_is_to_know(browser: Client, bank: Organization) -> None:
    key, _ = make_api_key(
        organization=bank,
        name="Núcleo",
        permissions=["assess", "transactions:read"],
        allowed_ips=["203.0.113.0/24", "198.51.100.7"],
        rate_limit_per_minute=1200,
        last_used_at=NOW - timedelta(minutes=12),
        last_used_ip="203.0.113.9",
        last_used_endpoint="POST /api/v1/assess/payout",
        expires_at=NOW + timedelta(days=40),
    )
    _use(key, day=date(2026, 11, 25), calls=212)
    _use(key, day=date(2026, 11, 1), calls=88)
    page = _read(browser.get(KEYS))
    for said in (
        "Núcleo",
        "De servidor",
        f"clm_sk_{key.public_id}…{key.last_four}",
        "Pruebas",
        "Pedir decisiones sobre pagos",
        "Consultar transacciones",
        "2 direcciones o redes",
        "1,200 por minuto",
        "hace 12 min",
        "203.0.113.9",
        "POST /api/v1/assess/payout",
        "en 40 días",
        "Activa",
        "212 llamadas hoy; 300 llamadas en 30 días",
    ):
        assert said in page, said


@pytest.mark.parametrize(("days", "is_marked"), [(29, True), (31, False)])
def test_a_key_that_is_about_to_expire_is_marked(
    browser: Client, bank: Organization, days: int, is_marked: bool
) -> None:
    key, _ = make_api_key(organization=bank, expires_at=NOW + timedelta(days=days))
    assert ("badge--warning" in _read(browser.get(KEYS))) is is_marked
    assert ("Rótela antes" in _read(browser.get(f"{KEYS}/{key.id}"))) is is_marked


def test_a_publishable_key_says_its_origins(browser: Client, bank: Organization) -> None:
    make_api_key(organization=bank, key_type=KeyType.PUBLISHABLE, allowed_origins=["https://pagos.example"])
    page = _read(browser.get(KEYS))
    assert "De navegador" in page
    assert "1 origen" in page


def test_ended_keys_have_a_tab_of_their_own(browser: Client, bank: Organization) -> None:
    make_api_key(organization=bank, name="vive")
    make_api_key(organization=bank, name="murió", revoked_at=NOW - timedelta(days=1))
    assert "murió" not in _read(browser.get(KEYS))
    ended = _read(browser.get(f"{KEYS}?state=ended"))
    assert "murió" in ended
    assert "Revocada" in ended
    assert "vive" not in ended


def test_where_only_ended_keys_are_left_it_says_so(browser: Client, bank: Organization) -> None:
    make_api_key(organization=bank, revoked_at=NOW)
    assert "Ninguna clave está vigente" in _read(browser.get(KEYS))


@pytest.mark.parametrize("page", ["abc", "-1", "0", "99", "999999999999", "%00", "½"])
def test_a_page_that_is_not_there_is_the_first(browser: Client, bank: Organization, page: str) -> None:
    make_api_key(organization=bank, name="Núcleo")
    assert "Núcleo" in _read(browser.get(f"{KEYS}?page={page}"))


def test_many_keys_come_in_pages(browser: Client, bank: Organization) -> None:
    for number in range(51):
        make_api_key(organization=bank, name=f"clave {number}", created_at=NOW - timedelta(hours=number))
    first, second = _read(browser.get(KEYS)), _read(browser.get(f"{KEYS}?page=2"))
    assert "1 a 50 de 51" in first
    assert ">clave 50<" not in first
    assert "51 a 51 de 51" in second
    assert ">clave 50<" in second


@pytest.mark.parametrize("role", [Role.ANALYST, Role.COMPLIANCE_OFFICER])
def test_who_may_only_look_is_offered_nothing_else(bank: Organization, role: Role) -> None:
    key, _ = make_api_key(organization=bank)
    reader = sign_in_as(make_member(organization=bank, role=role))
    for path in (KEYS, f"{KEYS}/{key.id}"):
        page = _read(reader.get(path))
        for act in ("Crear clave", "Rotar", "Deshabilitar", "Eliminar"):
            assert act not in page
    for path in ("new", "sandbox", *(f"{key.id}/{act}" for act in ("edit", "rotate", "disable", "enable", "delete"))):
        assert reader.post(f"{KEYS}/{path}", _form()).status_code == 403
    assert ApiKey.unscoped.count() == 1
    assert Event.unscoped.filter(kind__startswith="key.").count() == 0


def test_a_viewer_sees_no_keys(bank: Organization) -> None:
    key, _ = make_api_key(organization=bank)
    viewer = sign_in_as(make_member(organization=bank, role=Role.VIEWER))
    assert viewer.get(KEYS).status_code == 403
    assert viewer.get(f"{KEYS}/{key.id}").status_code == 403


def test_a_strangers_key_is_not_there(browser: Client) -> None:
    key, _ = make_api_key(organization=make_organization(), name="ajena")
    assert "ajena" not in _read(browser.get(KEYS))
    assert browser.get(f"{KEYS}/{key.id}").status_code == 404
    for act in ("edit", "rotate", "disable", "enable", "delete"):
        answer = browser.post(f"{KEYS}/{key.id}/{act}", {"overlap_hours": "0", "name": "ajena"})
        assert answer.status_code == 404
    key.refresh_from_db()
    assert (key.is_enabled, key.revoked_at) == (True, None)


# Creating


def test_the_three_kinds_are_explained_before_one_is_chosen(browser: Client) -> None:
    page = _read(browser.get(f"{KEYS}/new"))
    for said in ("Vive en su servidor", "cualquiera la ve", "aún no está abierta"):
        assert said in page
    assert browser.get(f"{KEYS}/new?type=nonsense").content.count(b"?type=secret") == 1


def test_the_form_offers_a_year_and_the_readers_own_address(browser: Client) -> None:
    page = _read(browser.get(f"{KEYS}/new?type=secret", REMOTE_ADDR="198.51.100.4"))
    assert 'value="2027-11-25"' in page
    assert "Su dirección actual: 198.51.100.4." in page
    assert "POST /api/v1/assess/payout" in page
    assert "allowed_origins" not in page


def test_a_form_of_the_browser_asks_for_origins_and_offers_no_payouts(browser: Client) -> None:
    page = _read(browser.get(f"{KEYS}/new?type=publishable"))
    assert "allowed_origins" in page
    assert "assess/payout" not in page
    assert 'name="permissions"' not in _read(browser.get(f"{KEYS}/new?type=ingest"))


def test_a_key_is_made_as_asked_and_shown_once(browser: Client, bank: Organization, admin: Membership) -> None:
    answer = browser.post(
        f"{KEYS}/new",
        _form(
            name="  Núcleo bancario ",
            environment="production",
            permissions=["assess", "transactions:read"],
            allowed_ips="203.0.113.7\n198.51.100.9/24, 203.0.113.7",
            rate_limit_per_minute="",
            rate_limit_per_day="5000",
        ),
    )
    page = _read(answer)
    key = ApiKey.unscoped.get()
    full = FULL.findall(page)[0]
    assert answer["Cache-Control"] == "no-store"
    assert full.endswith(key.last_four)
    assert "Ya la guardé" in page
    assert (key.name, key.environment, key.created_by_id) == ("Núcleo bancario", "production", admin.user_id)
    assert key.permissions == ["assess", "transactions:read"]
    assert key.allowed_ips == ["203.0.113.7", "198.51.100.0/24"]
    assert (key.rate_limit_per_minute, key.rate_limit_per_day) == (None, 5000)
    assert key.expires_at == datetime(2027, 11, 26, 5, 59, 59, tzinfo=UTC)
    assert FULL.findall(_read(browser.get(f"{KEYS}/{key.id}"))) == []
    assert full not in str(Event.unscoped.filter(kind="key.created").get().payload)


def test_a_publishable_key_keeps_its_origins(browser: Client) -> None:
    browser.post(
        f"{KEYS}/new",
        _form(type="publishable", allowed_origins="https://Pagos.Example:443\n", require_origin="on"),
    )
    key = ApiKey.unscoped.get()
    assert (key.key_type, key.allowed_origins, key.require_origin) == ("publishable", ["https://pagos.example"], True)


def test_an_ingest_key_has_no_permissions_and_nothing_to_try(browser: Client) -> None:
    page = _read(browser.post(f"{KEYS}/new", _form(type="ingest")))
    assert ApiKey.unscoped.get().permissions == []
    assert "curl" not in page


def test_a_key_without_an_expiry_does_not_expire(browser: Client) -> None:
    browser.post(f"{KEYS}/new", _form(expires_date=""))
    assert ApiKey.unscoped.get().expires_at is None


def test_a_form_sent_twice_makes_one_key_and_the_second_leads_to_it(browser: Client) -> None:
    form = _form()
    assert FULL.search(_read(browser.post(f"{KEYS}/new", form)))
    again = browser.post(f"{KEYS}/new", form)
    key = ApiKey.unscoped.get()
    assert (again.status_code, again["Location"]) == (303, f"{KEYS}/{key.id}")
    page = _read(browser.get(again["Location"]))
    assert "Este formulario ya había creado esta clave" in page
    assert FULL.search(page) is None


@pytest.mark.parametrize(
    ("field", "value", "said"),
    [
        ("name", "", "obligatorio"),
        ("name", "a" * 101, "100"),
        ("name", "a\x00b", "nulos"),
        ("name", "a\u202eb", "que se puedan leer"),
        ("environment", "staging", "staging"),
        ("permissions", ["blocklists:add"], "blocklists:add"),
        ("permissions", [], "obligatorio"),
        ("expires_date", "2026-11-24", "que no haya pasado"),
        ("expires_date", "2099-01-01", "próximos diez años"),
        ("expires_date", "mañana", "fecha"),
        ("allowed_ips", "203.0.113.7\nhere", "«here» no es una dirección IP"),
        ("allowed_ips", "\n".join(f"10.0.0.{n}" for n in range(101)), "cien como máximo"),
        ("rate_limit_per_minute", "0", "1"),
        ("rate_limit_per_minute", "3000000000", "2147483647"),
        ("rate_limit_per_day", "many", "entero"),
        ("request_token", "nonsense", "UUID"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_makes_no_key(
    browser: Client, field: str, value: Any, said: str
) -> None:
    page = _read(browser.post(f"{KEYS}/new", _form(**{field: value})), status=422)
    assert said in page
    assert ApiKey.unscoped.count() == 0


def test_an_origin_with_a_path_is_refused(browser: Client) -> None:
    form = _form(type="publishable", allowed_origins="https://pagos.example/pay")
    assert "no es un origen" in _read(browser.post(f"{KEYS}/new", form), status=422)


def test_a_kind_that_is_none_leads_back_to_the_choice(browser: Client) -> None:
    answer = browser.post(f"{KEYS}/new", _form(type="nonsense"))
    assert (answer.status_code, answer["Location"]) == (303, f"{KEYS}/new")


@pytest.mark.parametrize("path", ["new", "sandbox", "edit", "disable", "enable", "rotate", "delete"])
def test_nothing_is_done_without_a_fresh_proof(bank: Organization, admin: Membership, path: str) -> None:
    key, _ = make_api_key(organization=bank, name="Núcleo")
    stale = sign_in_as(admin, is_fresh=False)
    where = f"{KEYS}/{path}" if path in {"new", "sandbox"} else f"{KEYS}/{key.id}/{path}"
    answer = stale.post(where, _form(overlap_hours="0"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/login/confirm")
    key.refresh_from_db()
    assert (ApiKey.unscoped.count(), key.is_enabled, key.revoked_at) == (1, True, None)


# The first call


def _run_pasted(page: str, client: Client) -> Any:
    """Make the call that the page offers, as a shell would read it."""
    text = re.findall(r'id="first-call"[^>]*><code>(.*?)</code>', page, re.DOTALL)[0]
    for entity, sign in (("&#x27;", "'"), ("&quot;", '"'), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = text.replace(entity, sign)
    words = shlex.split(text)
    headers = dict(words[place + 1].split(": ", 1) for place, word in enumerate(words) if word == "-H")
    path = words[2].removeprefix("http://testserver")
    sent: dict[str, Any] = {
        f"HTTP_{name.upper().replace('-', '_')}": value for name, value in headers.items() if name != "Content-Type"
    }
    if "-d" not in words:
        return client.get(path, **sent)
    return client.post(path, words[words.index("-d") + 1], content_type=headers["Content-Type"], **sent)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "form",
    [
        {},
        {"type": "publishable", "allowed_origins": "https://pagos.example"},
        {"permissions": ["transactions:read"]},
        {"permissions": ["submerchants:read"]},
    ],
    ids=["payout", "browser", "transactions", "submerchants"],
)
def test_the_call_beside_the_key_works(browser: Client, client: Client, form: dict[str, Any]) -> None:
    page = _read(browser.post(f"{KEYS}/new", _form(**form)))
    assert _run_pasted(page, client).status_code == 200


def test_a_key_that_may_only_write_has_no_example(browser: Client) -> None:
    assert "first-call" not in _read(browser.post(f"{KEYS}/new", _form(permissions=["transactions:write"])))


# One key


def test_the_page_of_a_key_shows_its_thirty_days(browser: Client, bank: Organization) -> None:
    key, _ = make_api_key(organization=bank, name="Núcleo", expires_at=NOW + timedelta(days=6))
    _use(key, day=date(2026, 11, 25), calls=7)
    page = _read(browser.get(f"{KEYS}/{key.id}"))
    assert "7 llamadas hoy" in page
    assert "27/10" in page
    assert "Rótela antes" in page


def test_after_a_rotation_the_new_key_says_whether_the_old_one_is_still_used(
    browser: Client, bank: Organization
) -> None:
    old, _ = make_api_key(organization=bank, name="Núcleo", last_used_at=NOW, last_used_ip="203.0.113.9")
    _use(old, day=date(2026, 11, 25), calls=212)
    asked = _read(browser.get(f"{KEYS}/{old.id}/rotate"))
    assert "212 llamadas hoy" in asked
    shown = _read(browser.post(f"{KEYS}/{old.id}/rotate", {"overlap_hours": "24"}))
    new = ApiKey.unscoped.exclude(pk=old.id).get()
    assert FULL.findall(shown)[0].endswith(new.last_four)
    assert "La clave anterior termina" in shown
    old.refresh_from_db()
    assert old.revoked_at == NOW + timedelta(hours=24)
    page = _read(browser.get(f"{KEYS}/{new.id}"))
    assert "La anterior aún se usa: 212 llamadas hoy" in page
    assert "en 1 día" in page
    former = _read(browser.get(f"{KEYS}/{old.id}"))
    assert "Esta clave se rotó y termina" in former
    assert f"{KEYS}/{new.id}" in former
    assert "Aún se usa: 212 llamadas hoy" in _read(browser.get(KEYS))


@pytest.mark.parametrize("overlap", ["0", "24"])
def test_a_rotation_sent_twice_makes_one_successor(browser: Client, bank: Organization, overlap: str) -> None:
    old, _ = make_api_key(organization=bank)
    browser.post(f"{KEYS}/{old.id}/rotate", {"overlap_hours": overlap})
    again = browser.post(f"{KEYS}/{old.id}/rotate", {"overlap_hours": overlap})
    new = ApiKey.unscoped.exclude(pk=old.id).get()
    assert (again.status_code, again["Location"]) == (303, f"{KEYS}/{new.id}")
    assert "Esta clave ya se rotó" in _read(browser.get(again["Location"]))


@pytest.mark.parametrize("overlap", ["1", "", "x"])
def test_an_overlap_that_is_not_offered_rotates_nothing(browser: Client, bank: Organization, overlap: str) -> None:
    old, _ = make_api_key(organization=bank)
    assert browser.post(f"{KEYS}/{old.id}/rotate", {"overlap_hours": overlap}).status_code == 422
    assert ApiKey.unscoped.count() == 1


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize(
    ("state", "said"),
    [({"revoked_at": NOW}, "está revocada"), ({"expires_at": NOW}, "ya venció")],
    ids=["revoked", "expired"],
)
def test_a_key_that_has_ended_is_not_rotated(
    browser: Client, bank: Organization, method: str, state: dict[str, Any], said: str
) -> None:
    old, _ = make_api_key(organization=bank, **state)
    answer = getattr(browser, method)(f"{KEYS}/{old.id}/rotate", {"overlap_hours": "0"})
    assert (answer.status_code, answer["Location"]) == (303, f"{KEYS}/{old.id}")
    assert said in _read(browser.get(answer["Location"]))


def _edit(key: ApiKey, **fields: Any) -> dict[str, Any]:
    given = {
        "revision": str(key.revision),
        "name": key.name,
        "permissions": ["assess"],
        "expires_date": "",
        "allowed_ips": "",
        "rate_limit_per_minute": "",
        "rate_limit_per_day": "",
    }
    return given | fields


def test_the_form_of_a_key_has_what_the_key_has(browser: Client, bank: Organization) -> None:
    key, _ = make_api_key(
        organization=bank,
        name="Núcleo",
        permissions=["assess"],
        allowed_ips=["203.0.113.7", "198.51.100.0/24"],
        expires_at=datetime(2027, 1, 1, 2, 0, tzinfo=UTC),
        rate_limit_per_day=5000,
    )
    page = _read(browser.get(f"{KEYS}/{key.id}/edit"))
    assert 'value="Núcleo"' in page
    assert 'value="2026-12-31"' in page
    assert "203.0.113.7\n198.51.100.0/24</textarea>" in page
    assert 'value="5000"' in page
    assert len(re.findall(r'name="permissions" value="[^"]+"[^>]*checked', page)) == 1


def test_saving_what_is_there_changes_and_records_nothing(browser: Client, bank: Organization) -> None:
    key, _ = make_api_key(organization=bank, expires_at=datetime(2027, 1, 1, 2, 0, tzinfo=UTC))
    every = ["assess", "transactions:read", "transactions:write", "submerchants:read", "submerchants:write"]
    form = _edit(key, permissions=[*every, "fraud:report"], expires_date="2026-12-31")
    assert browser.post(f"{KEYS}/{key.id}/edit", form).status_code == 303
    after = ApiKey.unscoped.get()
    assert (after.permissions, after.expires_at, after.revision) == (["*"], key.expires_at, 0)
    assert Event.unscoped.count() == 0


def test_a_key_is_changed_as_asked(browser: Client, bank: Organization) -> None:
    key, _ = make_api_key(organization=bank, name="Núcleo")
    form = _edit(key, name="Nómina", allowed_ips="203.0.113.7", expires_date="2026-12-31", rate_limit_per_minute="7")
    answer = browser.post(f"{KEYS}/{key.id}/edit", form)
    assert (answer.status_code, answer["Location"]) == (303, f"{KEYS}/{key.id}")
    after = ApiKey.unscoped.get()
    assert (after.name, after.permissions, after.allowed_ips) == ("Nómina", ["assess"], ["203.0.113.7"])
    assert (after.rate_limit_per_minute, after.revision) == (7, 1)
    assert after.expires_at == datetime(2027, 1, 1, 5, 59, 59, tzinfo=UTC)
    assert "La clave quedó guardada" in _read(browser.get(answer["Location"]))


def test_a_form_that_comes_after_anothers_change_shows_both_and_changes_nothing(
    browser: Client, bank: Organization
) -> None:
    key, _ = make_api_key(organization=bank, name="Núcleo", permissions=["assess"])
    first = _edit(key, name="Nómina", allowed_ips="203.0.113.7", expires_date="2026-12-31")
    late = _edit(key, name="Tesorería", permissions=["transactions:read"])
    assert browser.post(f"{KEYS}/{key.id}/edit", first).status_code == 303
    page = _read(browser.post(f"{KEYS}/{key.id}/edit", late), status=409)
    for said in ("Nómina", "Tesorería", "203.0.113.7", "31/12/2026 23:59:59", "Consultar transacciones"):
        assert said in page, said
    assert f'href="{KEYS}/{key.id}/edit"' in page
    after = ApiKey.unscoped.get()
    assert (after.name, after.permissions, after.revision) == ("Nómina", ["assess"], 1)
    assert Event.unscoped.filter(kind="key.changed").count() == 1


@pytest.mark.parametrize("field", ["name", "permissions", "revision"])
def test_a_form_of_a_key_that_cannot_be_changes_nothing(browser: Client, bank: Organization, field: str) -> None:
    key, _ = make_api_key(organization=bank)
    assert browser.post(f"{KEYS}/{key.id}/edit", _edit(key, **{field: ""})).status_code == 422
    assert ApiKey.unscoped.get().revision == 0


def test_a_revoked_key_is_not_edited(browser: Client, bank: Organization) -> None:
    key, _ = make_api_key(organization=bank, revoked_at=NOW)
    assert browser.get(f"{KEYS}/{key.id}/edit").status_code == 409
    assert browser.post(f"{KEYS}/{key.id}/edit", _edit(key)).status_code == 409


def test_an_expired_key_is_given_a_later_day(browser: Client, bank: Organization) -> None:
    key, _ = make_api_key(organization=bank, expires_at=NOW - timedelta(days=2))
    same = _read(browser.post(f"{KEYS}/{key.id}/edit", _edit(key, expires_date="2026-11-23")), status=422)
    assert "que no haya pasado" in same
    browser.post(f"{KEYS}/{key.id}/edit", _edit(key, expires_date="2027-01-01"))
    assert ApiKey.unscoped.get().expires_at == datetime(2027, 1, 2, 5, 59, 59, tzinfo=UTC)


def test_a_key_is_disabled_and_enabled_again(browser: Client, bank: Organization) -> None:
    key, _ = make_api_key(organization=bank)
    assert browser.post(f"{KEYS}/{key.id}/disable").status_code == 303
    assert not ApiKey.unscoped.get().is_enabled
    page = _read(browser.get(f"{KEYS}/{key.id}"))
    assert "Deshabilitada" in page
    assert "Habilitar" in page
    browser.post(f"{KEYS}/{key.id}/enable")
    assert ApiKey.unscoped.get().is_enabled
    assert Event.unscoped.filter(kind="key.changed").count() == 2


def test_a_revoked_key_is_not_enabled(browser: Client, bank: Organization) -> None:
    key, _ = make_api_key(organization=bank, is_enabled=False, revoked_at=NOW)
    assert browser.post(f"{KEYS}/{key.id}/enable").status_code == 409
    key.refresh_from_db()
    assert key.is_enabled is False


def test_a_key_is_deleted_by_typing_its_name(browser: Client, bank: Organization) -> None:
    key, _ = make_api_key(organization=bank, name="Núcleo")
    wrong = _read(browser.post(f"{KEYS}/{key.id}/delete", {"name": "nucleo"}), status=422)
    assert "No coincide" in wrong
    key.refresh_from_db()
    assert key.revoked_at is None
    answer = browser.post(f"{KEYS}/{key.id}/delete", {"name": " Núcleo "})
    assert (answer.status_code, answer["Location"]) == (303, KEYS)
    key.refresh_from_db()
    assert key.revoked_at == NOW
    assert "La clave «Núcleo» se eliminó" in _read(browser.get(KEYS))
    assert browser.post(f"{KEYS}/{key.id}/delete", {"name": "Núcleo"}).status_code == 303
    assert Event.unscoped.filter(kind="key.revoked").count() == 1


@pytest.mark.parametrize("path", ["not-a-uuid", f"{uuid.UUID(int=0)}", "%00"])
def test_a_key_that_is_not_there_is_not_found(browser: Client, path: str) -> None:
    assert browser.get(f"{KEYS}/{path}").status_code == 404


def test_the_pages_are_in_english_for_who_reads_english(browser: Client, bank: Organization) -> None:
    make_api_key(organization=bank, permissions=["assess"])
    User.objects.update(preferences={"language": "en"})
    page = _read(browser.get(KEYS))
    assert "Ask for decisions on payments" in page
    assert "Último uso" not in page
