"""A hit and its transaction share organization and environment: PostgreSQL refuses anything else."""

from django.db import migrations

_ADD = """
ALTER TABLE blocklists_blocklisthit
ADD CONSTRAINT blocklist_hit_in_tenant FOREIGN KEY (organization_id, environment, transaction_id)
REFERENCES transactions_transaction (organization_id, environment, id)
"""
_DROP = "ALTER TABLE blocklists_blocklisthit DROP CONSTRAINT blocklist_hit_in_tenant"


class Migration(migrations.Migration):
    dependencies = [
        ("blocklists", "0001_initial"),
        ("transactions", "0001_initial"),
    ]

    operations = [migrations.RunSQL(_ADD, _DROP)]
