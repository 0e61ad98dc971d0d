"""Members and invitations as their pages show them: words in place of codes."""

import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from accounts.models import Invitation, Membership
from accounts.permissions import ROLE_PERMISSIONS
from accounts.team import read_state
from accounts.types import InvitationState, Role
from accounts.words import INVITATION_LABELS, PERMISSION_WORDS, ROLE_LABELS, ROLE_SUMMARIES
from core.web.formats import format_exact

_TONES = {InvitationState.PENDING: "accent", InvitationState.EXPIRED: "warning"}


@dataclass(frozen=True)
class MemberRow:
    """A member; `membership` is of `accounts.team`."""

    membership: Membership
    reader_id: uuid.UUID

    @property
    def name(self) -> str:
        return self.membership.user.name or self.membership.user.email

    @property
    def email(self) -> str:
        return self.membership.user.email

    @property
    def is_named(self) -> bool:
        return bool(self.membership.user.name)

    @property
    def is_reader(self) -> bool:
        """Say whether this is whoever looks."""
        return self.membership.user_id == self.reader_id

    @property
    def role(self) -> Promise:
        return ROLE_LABELS[Role(self.membership.role)]

    @property
    def role_summary(self) -> Promise:
        return ROLE_SUMMARIES[Role(self.membership.role)]

    @property
    def has_second_factor(self) -> bool:
        return bool(self.membership.has_second_factor)  # type: ignore[attr-defined]  # annotated

    @property
    def is_active(self) -> bool:
        return self.membership.is_active


@dataclass(frozen=True)
class InvitationRow:
    """An invitation as of a moment."""

    invitation: Invitation
    now: datetime

    @property
    def state(self) -> InvitationState:
        return read_state(self.invitation, now=self.now)

    @property
    def label(self) -> Promise:
        return INVITATION_LABELS[self.state]

    @property
    def tone(self) -> str:
        return _TONES.get(self.state, "")

    @property
    def role(self) -> Promise:
        return ROLE_LABELS[Role(self.invitation.role)]

    @property
    def is_open(self) -> bool:
        """Say whether it can be sent again or revoked."""
        return self.state in {InvitationState.PENDING, InvitationState.EXPIRED}

    @property
    def is_pending(self) -> bool:
        return self.state is InvitationState.PENDING

    @property
    def inviter(self) -> str:
        person = self.invitation.invited_by
        return (person.name or person.email) if person else ""

    @property
    def ended_at(self) -> datetime | None:
        return self.invitation.accepted_at or self.invitation.revoked_at or self.invitation.closed_at


def list_matrix() -> list[tuple[Promise, list[bool]]]:
    """Return each permission in words, and whether each role, in the order of Role, has it."""
    return [
        (words, [permission in ROLE_PERMISSIONS[role] for role in Role])
        for permission, words in PERMISSION_WORDS.items()
    ]


def list_abilities(role: Role) -> tuple[list[Promise], list[Promise]]:
    """Return in words what a role may and may not do."""
    held = ROLE_PERMISSIONS[role]
    can = [words for permission, words in PERMISSION_WORDS.items() if permission in held]
    return can, [words for permission, words in PERMISSION_WORDS.items() if permission not in held]


def list_access(members: Iterator[Membership], *, zone: str) -> Iterator[list[str]]:
    """Return an iterator over the rows of an access review, the headings first, in the reader's language of now."""
    headings = [_("Correo"), _("Nombre"), _("Rol"), _("Estado"), _("Segundo factor"), _("Último acceso")]
    headings += [_("Con acceso desde"), _("Suspendido desde")]
    words = {True: _("Sí"), False: _("No")}
    states = {True: _("Activo"), False: _("Suspendido")}
    roles = {role.value: str(label) for role, label in ROLE_LABELS.items()}
    return _fill_access(headings, members, words=words, states=states, roles=roles, zone=zone)


def _fill_access(
    headings: list[str],
    members: Iterator[Membership],
    *,
    words: Mapping[bool, str],
    states: Mapping[bool, str],
    roles: Mapping[str, str],
    zone: str,
) -> Iterator[list[str]]:
    yield headings
    for each in members:
        moments = [each.last_access_at, each.created_at, each.suspended_at]
        has_factor = bool(each.has_second_factor)  # type: ignore[attr-defined]  # annotated
        yield [
            each.user.email,
            each.user.name,
            roles[each.role],
            states[each.is_active],
            words[has_factor],
            *(format_exact(at, zone=zone) if at else "" for at in moments),
        ]
