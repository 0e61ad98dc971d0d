"""Everybody who changed a draft of the policy, so that none of them agrees to it."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("assess", "0006_backtests_in_tenant")]

    operations = [
        migrations.AddField(
            model_name="policydraft",
            name="changed_by",
            field=django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), db_default=[], default=list),
        ),
    ]
