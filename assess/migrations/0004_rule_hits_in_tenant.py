"""A hit of a rule and its transaction share organization and environment: PostgreSQL refuses anything else."""

from django.db import migrations

_ADD = """
ALTER TABLE assess_rulehit
ADD CONSTRAINT assess_rule_hit_in_tenant FOREIGN KEY (organization_id, environment, transaction_id)
REFERENCES transactions_transaction (organization_id, environment, id) ON DELETE CASCADE
"""
_DROP = "ALTER TABLE assess_rulehit DROP CONSTRAINT assess_rule_hit_in_tenant"


class Migration(migrations.Migration):
    dependencies = [("assess", "0003_rules_and_drafts"), ("transactions", "0001_initial")]

    operations = [migrations.RunSQL(_ADD, _DROP)]
