"""A backtest shares organization and environment with its draft and its job: PostgreSQL refuses anything else."""

from django.db import migrations

_ADD = """
ALTER TABLE assess_backtest
    ADD CONSTRAINT assess_backtest_draft_in_tenant FOREIGN KEY (organization_id, environment, draft_id)
    REFERENCES assess_policydraft (organization_id, environment, id),
    ADD CONSTRAINT assess_backtest_job_in_tenant FOREIGN KEY (organization_id, environment, job_id)
    REFERENCES jobs_job (organization_id, environment, id)
"""
_DROP = """
ALTER TABLE assess_backtest
    DROP CONSTRAINT assess_backtest_draft_in_tenant,
    DROP CONSTRAINT assess_backtest_job_in_tenant
"""


class Migration(migrations.Migration):
    dependencies = [("assess", "0005_backtests"), ("jobs", "0001_initial")]

    operations = [migrations.RunSQL(_ADD, _DROP)]
