"""Indexes by which the lists are searched (docs/decisions/0040) and by which what ends soon is found."""

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models.functions import Lower, Reverse

TENANT = ("organization", "environment")


class Migration(migrations.Migration):
    atomic = False

    dependencies = [
        ("blocklists", "0002_hits_in_tenant"),
    ]

    operations = [
        RemoveIndexConcurrently("blocklistentry", "blocklist_newest_first"),
        AddIndexConcurrently(
            "blocklistentry", models.Index(fields=[*TENANT, "-created_at", "-id"], name="blocklist_newest_first")
        ),
        AddIndexConcurrently(
            "blocklistentry",
            models.Index(fields=[*TENANT, "source", "-created_at", "-id"], name="blocklist_by_source"),
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
            models.Index(*TENANT, OpClass(Lower("value"), "text_pattern_ops"), name="blocklist_by_start"),
        ),
        AddIndexConcurrently(
            "blocklistentry",
            models.Index(*TENANT, OpClass(Reverse(Lower("value")), "text_pattern_ops"), name="blocklist_by_end"),
        ),
    ]
