"""What was done to many entries at once, so that it can be undone."""

import uuid

import django.db.models.deletion
import django.db.models.manager
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0014_own_identifiers"),
        ("blocklists", "0003_search_indexes"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="BlocklistBulkAct",
            fields=[
                (
                    "environment",
                    models.CharField(choices=[("sandbox", "sandbox"), ("production", "production")], max_length=10),
                ),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "act",
                    models.CharField(
                        choices=[
                            ("off", "off"),
                            ("on", "on"),
                            ("block", "block"),
                            ("flag", "flag"),
                            ("review", "review"),
                            ("expiry", "expiry"),
                            ("prolong", "prolong"),
                        ],
                        max_length=7,
                    ),
                ),
                ("entries", models.JSONField()),
                ("unchanged", models.PositiveIntegerField()),
                ("created_at", models.DateTimeField()),
                ("undone_at", models.DateTimeField(null=True)),
                ("left", models.PositiveIntegerField(db_default=0, default=0)),
                (
                    "created_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
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
                "constraints": [
                    models.UniqueConstraint(
                        fields=("organization", "environment", "id"), name="blocklist_bulk_act_in_tenant"
                    )
                ],
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
    ]
