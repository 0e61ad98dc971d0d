"""How often keys are used, where last, of which expiry was warned, and which form asked for them."""

import django.db.models.deletion
import django.db.models.manager
from django.db import migrations, models

ADD_KEY = """
ALTER TABLE accounts_keyuse ADD CONSTRAINT accounts_keyuse_of_key FOREIGN KEY (organization_id, environment, key_id)
REFERENCES accounts_apikey (organization_id, environment, id)
"""
DROP_KEY = "ALTER TABLE accounts_keyuse DROP CONSTRAINT accounts_keyuse_of_key"


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0007_company_settings"),
    ]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="last_used_endpoint",
            field=models.CharField(blank=True, db_default="", default="", max_length=120),
        ),
        migrations.AddField(
            model_name="apikey",
            name="expiry_warned_for",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="expiry_warned_days",
            field=models.PositiveSmallIntegerField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="apikey",
            name="request_token",
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.UniqueConstraint(
                fields=("organization", "request_token"), name="apikey_once_per_request"
            ),
        ),
        migrations.CreateModel(
            name="KeyUse",
            fields=[
                (
                    "environment",
                    models.CharField(choices=[("sandbox", "sandbox"), ("production", "production")], max_length=10),
                ),
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "organization", "key_id", "day", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("key_id", models.UUIDField()),
                ("day", models.DateField()),
                ("calls", models.PositiveIntegerField()),
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
            },
            managers=[
                ("unscoped", django.db.models.manager.Manager()),
            ],
        ),
        migrations.RunSQL(ADD_KEY, DROP_KEY),
    ]
