"""What an administrator may set for the whole organization, and the revision that tells a stale form."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_submerchant_country_and_mcc"),
    ]

    operations = [
        migrations.AddField(
            model_name="organization",
            name="allowed_ips",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=49), db_default=[], default=list
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="fail_policy_payin_approved_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="organization",
            name="fail_policy_payin_approved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="fail_policy_payin_reason",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="organization",
            name="fail_policy_payout_approved_at",
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name="organization",
            name="fail_policy_payout_approved_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="fail_policy_payout_reason",
            field=models.TextField(blank=True, db_default="", default=""),
        ),
        migrations.AddField(
            model_name="organization",
            name="language",
            field=models.CharField(
                choices=[("es-mx", "es-mx"), ("en", "en")], db_default="es-mx", default="es-mx", max_length=5
            ),
        ),
        migrations.AddField(
            model_name="organization",
            name="personal_data_retention_days",
            field=models.PositiveIntegerField(db_default=3653, default=3653),
        ),
        migrations.AddField(
            model_name="organization",
            name="requires_mfa",
            field=models.BooleanField(db_default=False, default=False),
        ),
        migrations.AddField(
            model_name="organization",
            name="revision",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="organization",
            name="transaction_retention_days",
            field=models.PositiveIntegerField(db_default=3653, default=3653),
        ),
    ]
