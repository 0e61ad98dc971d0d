"""The revision that tells a stale form of a key."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0010_invitations"),
    ]

    operations = [
        migrations.AddField(
            model_name="apikey",
            name="revision",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
    ]
