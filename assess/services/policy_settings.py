"""How an organization changes its policy: from which impact on a second person must agree, and who may propose."""

import uuid
from datetime import datetime

from assess.models import PolicySettings
from core.actor import Actor
from core.environments import Environment
from core.errors import StaleForm, ValidationFailed
from core.unit_of_work import service
from events.services.record import record


class PolicySettingsChanged(StaleForm):
    """Somebody changed them first."""

    message = "Somebody changed the settings after they were read; nothing was saved."


def read_policy_settings(*, organization_id: uuid.UUID, environment: Environment) -> PolicySettings:
    """Return the settings; an organization that never changed them has the defaults, and no row."""
    found = PolicySettings.objects.for_organization(organization_id, environment).first()
    return found or PolicySettings(organization_id=organization_id, environment=environment.value)


@service
def change_policy_settings(
    *,
    actor: Actor,
    second_person_percent: int | None,
    are_analysts_heard: bool,
    revision: int,
    now: datetime,
) -> PolicySettings:
    """Set both and return them; nothing is recorded when nothing differs.

    `second_person_percent` is 1 to 100, the share of changed decisions; None asks for nobody. Raises ValidationFailed
    and PolicySettingsChanged.
    """
    if second_person_percent is not None and not 1 <= second_person_percent <= 100:
        raise ValidationFailed.of_field("second_person_percent", "must be a whole number from 1 to 100")
    row = _lock_row(actor)
    wanted = {"second_person_percent": second_person_percent, "are_analysts_heard": are_analysts_heard}
    differing = {name: value for name, value in wanted.items() if getattr(row, name) != value}
    if not differing:
        return row
    if revision != row.revision:
        raise PolicySettingsChanged.of_row(row, differing)
    before = {name: getattr(row, name) for name in differing}
    for name, value in (differing | {"revision": row.revision + 1}).items():
        setattr(row, name, value)
    row.save(update_fields=[*differing, "revision"])
    record(
        actor=actor,
        kind="policy_settings.changed",
        subject_type="policy_settings",
        subject_id=str(row.id),
        payload={"before": before, "after": differing},
        now=now,
    )
    return row


def _lock_row(actor: Actor) -> PolicySettings:
    rows = PolicySettings.objects.for_organization(actor.organization_id, actor.environment)
    new = PolicySettings(organization_id=actor.organization_id, environment=actor.environment.value)
    rows.bulk_create([new], ignore_conflicts=True)
    return rows.select_for_update(of=("self",)).get()
