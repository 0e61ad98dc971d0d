"""Children share the tenant of their list, hits that of their payment: PostgreSQL refuses anything else."""

from django.db import migrations

_FORWARD = """
ALTER TABLE feeds_feedversion
    ADD CONSTRAINT feed_version_in_tenant FOREIGN KEY (organization_id, environment, feed_id)
    REFERENCES feeds_feed (organization_id, environment, id);
ALTER TABLE feeds_feedentry
    ADD CONSTRAINT feed_entry_in_tenant FOREIGN KEY (organization_id, environment, feed_id)
    REFERENCES feeds_feed (organization_id, environment, id);
ALTER TABLE feeds_feedhit
    ADD CONSTRAINT feed_hit_in_tenant FOREIGN KEY (organization_id, environment, transaction_id)
    REFERENCES transactions_transaction (organization_id, environment, id) ON DELETE CASCADE;
"""
_BACKWARD = """
ALTER TABLE feeds_feedhit DROP CONSTRAINT feed_hit_in_tenant;
ALTER TABLE feeds_feedentry DROP CONSTRAINT feed_entry_in_tenant;
ALTER TABLE feeds_feedversion DROP CONSTRAINT feed_version_in_tenant;
"""


class Migration(migrations.Migration):
    dependencies = [("feeds", "0001_initial"), ("transactions", "0001_initial")]

    operations = [migrations.RunSQL(_FORWARD, _BACKWARD)]
