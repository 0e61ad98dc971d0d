"""What payments refer to can be referred to together with its tenant."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0004_access_token_of_member"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="apikey",
            constraint=models.UniqueConstraint(fields=("organization", "environment", "id"), name="apikey_in_tenant"),
        ),
        migrations.AddConstraint(
            model_name="submerchant",
            constraint=models.UniqueConstraint(
                fields=("organization", "environment", "id"), name="submerchant_in_tenant"
            ),
        ),
    ]
