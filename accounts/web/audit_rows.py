"""Events as people read them: who did what to what, and what was before and after."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.actor_names import ActorNames, name_actors
from accounts.web.company_forms import ENVIRONMENTS, FAIL_POLICIES, LANGUAGES
from accounts.web.company_words import MODULES, TYPES
from accounts.web.key_words import KINDS
from accounts.words import ROLE_LABELS
from core.actor import ActorKind
from core.web.formats import format_exact
from events.rules.canonical_json import encode_canonical
from events.rules.changes import Change, list_changes
from events.trail import TrailEntry
from events.web.words import FIELD_WORDS, KIND_WORDS, SUBJECT_WORDS, VALUE_WORDS

NOTHING = "—"
_PEOPLE = ("user_id",)
"""Fields that hold a person's id."""
CHANGES_SHOWN = 2
_SHORT_ID = 8
_ROLES: dict[str, str | Promise] = {role.value: label for role, label in ROLE_LABELS.items()}
_METHODS: dict[str, str | Promise] = {
    "password": gettext_lazy("contraseña"),
    "totp": gettext_lazy("código de la aplicación"),
    "recovery_codes": gettext_lazy("código de recuperación"),
    "webauthn": gettext_lazy("llave de acceso"),
    "mfa": gettext_lazy("segundo factor"),
    "socialaccount": gettext_lazy("proveedor de identidad"),
}
_REASONS: dict[str, str | Promise] = {
    "wrong_code": gettext_lazy("código equivocado"),
    "spent_link": gettext_lazy("enlace ya usado o caducado"),
    "suspended": gettext_lazy("sin acceso a la organización"),
    "signed_out": gettext_lazy("la persona la cerró"),
    "idle": gettext_lazy("inactividad"),
    "closed_elsewhere": gettext_lazy("la persona la cerró desde otra sesión"),
    "replaced": gettext_lazy("el enlace se reemplazó por otro"),
    "expired": gettext_lazy("el enlace caducó"),
    "revoked": gettext_lazy("la invitación se revocó"),
    "used": gettext_lazy("la invitación ya se usó"),
    "closed": gettext_lazy("la invitación se cerró"),
    "has_access": gettext_lazy("la persona ya tiene acceso"),
}
_ACCOUNT_CHANGES: dict[str, str | Promise] = {
    "password_changed": gettext_lazy("contraseña nueva"),
    "totp_added": gettext_lazy("aplicación de códigos activada"),
    "totp_removed": gettext_lazy("aplicación de códigos desactivada"),
    "passkey_added": gettext_lazy("llave de acceso agregada"),
    "passkey_removed": gettext_lazy("llave de acceso quitada"),
    "recovery_codes_renewed": gettext_lazy("códigos de recuperación nuevos"),
}
_VALUES: dict[str, dict[str, str | Promise]] = {
    "role": _ROLES,
    "default_environment": ENVIRONMENTS,
    "environment": ENVIRONMENTS,
    "language": LANGUAGES,
    "fail_policy_payin": FAIL_POLICIES,
    "fail_policy_payout": FAIL_POLICIES,
    "methods": _METHODS,
    "reason": _REASONS,
    "change": _ACCOUNT_CHANGES,
    "modules": MODULES,
    "type": {**TYPES, **{kind.value: words.label for kind, words in KINDS.items()}},
}


@dataclass(frozen=True, slots=True)
class ShownChange:
    """One field in words."""

    label: str
    before: str
    after: str
    has_before: bool


@dataclass(frozen=True)
class AuditRow:
    """What a template says of an event."""

    entry: TrailEntry
    names: ActorNames
    zone: str

    @property
    def what(self) -> str:
        return str(KIND_WORDS.get(self.entry.kind, self.entry.kind))

    @property
    def who(self) -> str:
        """Return the person's or the key's name."""
        if self.entry.actor_kind == ActorKind.SYSTEM:
            return _("Sistema")
        named = self.entry.actor_id or uuid.UUID(int=0)
        if self.entry.actor_kind == ActorKind.API_KEY:
            return self.names.keys.get(named, self.entry.actor_name)
        person = self.names.people.get(named)
        return person.shown if person else self.entry.actor_name

    @property
    def who_more(self) -> str:
        """Return what tells the one who acted from others: role and e-mail, a key's public id, a command."""
        if self.entry.actor_kind != ActorKind.USER:
            return self.entry.actor_name
        person = self.names.people.get(self.entry.actor_id or uuid.UUID(int=0))
        role = str(_ROLES.get(self.entry.actor_name, self.entry.actor_name))
        return f"{role} · {person.email}" if person and person.name else role

    @property
    def subject(self) -> str:
        return str(SUBJECT_WORDS.get(self.entry.subject_type, self.entry.subject_type))

    @property
    def subject_short(self) -> str:
        """Return the end of a long id, where ids that were made together differ."""
        given = self.entry.subject_id
        return f"…{given[-_SHORT_ID:]}" if len(given) > 2 * _SHORT_ID else given

    @property
    def environment(self) -> str:
        return str(ENVIRONMENTS[self.entry.environment.value])

    @property
    def has_before(self) -> bool:
        """Say whether there was something before, as there was not of what was made by this."""
        return "before" in self.entry.payload or "before" in self.entry.personal

    @property
    def changes(self) -> list[ShownChange]:
        return [self._show(change) for change in self._changes()]

    @property
    def changes_in_short(self) -> list[ShownChange]:
        """Return the first few fields of what is no personal data."""
        return [
            replace(change, before=_join(change.before), after=_join(change.after))
            for change in map(self._show, list_changes(self.entry.payload)[:CHANGES_SHOWN])
        ]

    @property
    def personal_fields(self) -> str:
        """Return which personal data the event tells of, without telling them."""
        return ", ".join(self._show(change).label for change in list_changes(self.entry.personal))

    def _changes(self) -> list[Change]:
        return [*list_changes(self.entry.payload), *list_changes(self.entry.personal)]

    def _show(self, change: Change) -> ShownChange:
        label = str(FIELD_WORDS.get(change.field, change.field)) if change.field else self.subject
        before, after = self._say(change.field, change.before), self._say(change.field, change.after)
        return ShownChange(label, before, after, change.has_before)

    def _say(self, field: str, value: Any) -> str:
        """Return a value as people read it; whatever is not known is shown as it was recorded."""
        match value:
            case None | "" | []:
                return NOTHING
            case bool():
                return _("Sí") if value else _("No")
            case list():
                return "\n".join(self._say(field, item) for item in value)
            case dict():
                return encode_canonical(value).decode()
        return self._say_plain(field, str(value))

    def _say_plain(self, field: str, value: str) -> str:
        if field in _PEOPLE and (person := self.names.people.get(_read_id(value))):
            return person.shown
        if field.endswith("_at") and (at := _read_moment(value)):
            return format_exact(at, zone=self.zone)
        return str(_VALUES.get(field, VALUE_WORDS.get(field, {})).get(value, value))


def make_rows(entries: Sequence[TrailEntry], *, organization_id: uuid.UUID, zone: str) -> list[AuditRow]:
    """Return the events with the names of who stands behind them."""
    names = name_actors(
        organization_id=organization_id,
        people=_list_actors(entries, ActorKind.USER) | _list_named(entries),
        keys=_list_actors(entries, ActorKind.API_KEY),
    )
    return [AuditRow(entry, names, zone) for entry in entries]


def _list_actors(entries: Iterable[TrailEntry], kind: ActorKind) -> set[uuid.UUID]:
    return {entry.actor_id for entry in entries if entry.actor_kind == kind and entry.actor_id}


def _join(text: str) -> str:
    return text.replace("\n", ", ")


def _list_named(entries: Iterable[TrailEntry]) -> set[uuid.UUID]:
    """Return whom the events themselves name."""
    given = (entry.payload.get(field) for entry in entries for field in _PEOPLE)
    return {_read_id(value) for value in given if isinstance(value, str)}


def _read_id(text: str) -> uuid.UUID:
    try:
        return uuid.UUID(text)
    except ValueError:
        return uuid.UUID(int=0)


def _read_moment(text: str) -> datetime | None:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        return None
    return at if at.tzinfo else None
