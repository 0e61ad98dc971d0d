"""What is an organization's own, so that nobody blocks it by mistake."""

import django.contrib.postgres.fields
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0013_removed_members"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="own_identifiers",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=253), db_default=[], default=list, size=None
            ),
        ),
    ]
