"""Indexes by which the lists are searched (docs/decisions/0040) and by which what ends soon is found.

Those that begin with the tenant carry a condition that is true of every entry, so that an assessment's look-up is never
given one of them (docs/decisions/0054); for the same reason a key that nothing refers to goes.
"""

from datetime import UTC, datetime

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Lower, Reverse

TENANT = ("organization", "environment")
LISTED = models.Q(created_at__gte=datetime(2000, 1, 1, tzinfo=UTC))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("blocklists", "0002_hits_in_tenant"),
    ]

    operations = [
        migrations.AddConstraint(
            "blocklistentry", models.CheckConstraint(condition=LISTED, name="blocklist_entry_listed")
        ),
        AddIndexConcurrently(
            "blocklistentry",
            models.Index(fields=[*TENANT, "-created_at", "-id"], name="blocklist_by_moment", condition=LISTED),
        ),
        RemoveIndexConcurrently("blocklistentry", "blocklist_newest_first"),
        migrations.RemoveConstraint("blocklistentry", "blocklist_entry_in_tenant"),
        AddIndexConcurrently(
            "blocklistentry",
            models.Index(
                fields=[*TENANT, "source", "-created_at", "-id"], name="blocklist_by_source", condition=LISTED
            ),
        ),
        AddIndexConcurrently(
            "blocklistentry",
            models.Index(
                fields=[*TENANT, "expires_at"],
                name="blocklist_by_expiry",
                condition=models.Q(expires_at__isnull=False),
            ),
        ),
        AddIndexConcurrently(
            "blocklistentry",
            models.Index(
                *TENANT, OpClass(Lower("value"), "text_pattern_ops"), name="blocklist_by_start", condition=LISTED
            ),
        ),
        AddIndexConcurrently(
            "blocklistentry",
            models.Index(
                *TENANT, OpClass(Reverse(Lower("value")), "text_pattern_ops"), name="blocklist_by_end", condition=LISTED
            ),
        ),
    ]
