"""What a busy identity did up to a moment, summed up, so that asking about it costs no more than about a rare one."""

import uuid

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_parents_in_tenant"),
        ("transactions", "0005_history_by_currency"),
    ]

    operations = [
        migrations.CreateModel(
            name="ActivitySummary",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "environment",
                    models.CharField(choices=[("sandbox", "sandbox"), ("production", "production")], max_length=10),
                ),
                ("kind", models.SmallIntegerField()),
                ("identity", models.UUIDField()),
                ("currency", models.CharField(max_length=3)),
                ("timezone", models.TextField()),
                ("bands", models.TextField()),
                ("document", models.TextField(null=True)),
                ("until", models.DateTimeField(null=True)),
                ("closing_until", models.DateTimeField(null=True)),
                ("wanted_at", models.DateTimeField(null=True)),
                ("next_at", models.DateTimeField()),
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
            managers=[("unscoped", django.db.models.manager.Manager())],
            options={
                "abstract": False,
                "default_manager_name": "unscoped",
                "indexes": [models.Index(fields=["next_at"], name="activity_summary_due")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["organization", "identity", "currency"], name="activity_summary_once"
                    )
                ],
            },
        ),
    ]
