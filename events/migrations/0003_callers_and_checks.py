"""Where an event came from and in which request; verifications of the chain that people ask for.

An address may be erased, and nothing else of an event may change: the trigger compares the rows byte for byte (`*=`).
"""

import uuid

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

ADD_FUNCTION = """
CREATE FUNCTION events_refuse_change_but_erasure() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    kept events_event;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        kept := NEW;
        kept.address := OLD.address;
        IF NEW.address IS NULL AND OLD.address IS NOT NULL AND kept *= OLD THEN
            RETURN NEW;
        END IF;
    END IF;
    RAISE EXCEPTION '% of % is refused: it is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$
"""
DROP_FUNCTION = "DROP FUNCTION events_refuse_change_but_erasure()"

TRIGGER = """
CREATE OR REPLACE TRIGGER events_event_append_only BEFORE UPDATE OR DELETE ON events_event
FOR EACH ROW EXECUTE FUNCTION {function}()
"""
ALLOW_ERASURE = TRIGGER.format(function="events_refuse_change_but_erasure")
REFUSE_ALL = TRIGGER.format(function="events_refuse_change")

UNENDED = models.Q(("state__in", ("waiting", "running")))
STATES = ("waiting", "running", "passed", "failed")


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(model_name="event", name="address", field=models.TextField(null=True)),
        migrations.AddField(model_name="event", name="request_id", field=models.TextField(null=True)),
        migrations.RunSQL([ADD_FUNCTION], [DROP_FUNCTION]),
        migrations.RunSQL([ALLOW_ERASURE], [REFUSE_ALL]),
        migrations.CreateModel(
            name="ChainCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("state", models.CharField(choices=[(state, state) for state in STATES], max_length=10)),
                ("requested_by", models.UUIDField(null=True)),
                ("requested_at", models.DateTimeField()),
                ("begun_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                ("position", models.BigIntegerField(default=0)),
                ("last_sequence", models.BigIntegerField(default=0)),
                ("last_hash", models.TextField(default="0" * 64)),
                ("sealed", models.BigIntegerField(default=0)),
                ("waiting", models.BigIntegerField(default=0)),
                ("erased", models.BigIntegerField(default=0)),
                ("problems", models.BigIntegerField(default=0)),
                ("first_problems", models.JSONField(default=list)),
                (
                    "organization",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="accounts.organization",
                    ),
                ),
            ],
            options={
                "abstract": False,
                "default_manager_name": "unscoped",
                "indexes": [
                    models.Index(fields=["organization", "-requested_at"], name="chain_check_by_time"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=UNENDED, fields=("organization",), name="chain_check_one_at_a_time"
                    )
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
    ]
