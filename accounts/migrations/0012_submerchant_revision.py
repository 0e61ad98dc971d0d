"""A submerchant's revision, which tells a form that was opened before somebody else's change."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0011_key_revision"),
    ]

    operations = [
        migrations.AddField(
            model_name="submerchant",
            name="revision",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
