"""Indexes of what people read in the trail; payments, by far the most, are not in them."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models

IS_READ = models.Q(("kind__in", ("transaction.created", "transaction.blocked")), _negated=True)
INDEXES = {
    "event_read": [],
    "event_read_by_kind": ["kind"],
    "event_read_by_actor": ["actor_id"],
    "event_read_by_subject": ["subject_id"],
    "event_read_by_request": ["request_id"],
}


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("events", "0003_callers_and_checks"),
    ]

    operations = [
        AddIndexConcurrently(
            "event",
            models.Index(fields=["organization", "environment", *fields, "id"], name=name, condition=IS_READ),
        )
        for name, fields in INDEXES.items()
    ]
