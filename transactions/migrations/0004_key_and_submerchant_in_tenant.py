"""PostgreSQL itself refuses a payment under another tenant's or environment's API key or submerchant."""

import django.db.models.deletion
from django.db import migrations, models

_ADD = """
ALTER TABLE transactions_transaction
    ADD CONSTRAINT transaction_by_api_key FOREIGN KEY (organization_id, environment, api_key_id)
        REFERENCES accounts_apikey (organization_id, environment, id),
    ADD CONSTRAINT transaction_of_submerchant FOREIGN KEY (organization_id, environment, submerchant_id)
        REFERENCES accounts_submerchant (organization_id, environment, id)
"""
_DROP = """
ALTER TABLE transactions_transaction
    DROP CONSTRAINT transaction_by_api_key,
    DROP CONSTRAINT transaction_of_submerchant
"""


def replace_key(field, parent):
    return migrations.AlterField(
        model_name="transaction",
        name=field,
        field=models.ForeignKey(
            db_constraint=False,
            db_index=False,
            null=True,
            on_delete=django.db.models.deletion.PROTECT,
            related_name="+",
            to=parent,
        ),
    )


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0005_parents_in_tenant"),
        ("transactions", "0003_look_ups_by_environment"),
    ]

    operations = [
        replace_key("api_key", "accounts.apikey"),
        replace_key("submerchant", "accounts.submerchant"),
        migrations.RunSQL(_ADD, _DROP),
    ]
