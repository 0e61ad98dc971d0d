"""Where a submerchant is and what it sells; an index of those that payments may name."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_parents_in_tenant"),
    ]

    operations = [
        migrations.AddField(
            model_name="submerchant",
            name="country",
            field=models.CharField(blank=True, default="", max_length=2),
        ),
        migrations.AddField(
            model_name="submerchant",
            name="mcc",
            field=models.CharField(blank=True, default="", max_length=4),
        ),
        migrations.AddIndex(
            model_name="submerchant",
            index=models.Index(
                condition=models.Q(("is_active", True)),
                fields=["organization", "environment"],
                name="submerchant_active",
            ),
        ),
    ]
