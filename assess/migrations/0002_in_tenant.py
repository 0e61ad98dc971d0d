"""Children share the tenant of their transaction; a published policy is never changed."""

from django.db import migrations

_FORWARD = """
ALTER TABLE assess_assessment
    ADD CONSTRAINT assess_assessment_in_tenant FOREIGN KEY (organization_id, environment, transaction_id)
    REFERENCES transactions_transaction (organization_id, environment, id) ON DELETE CASCADE;

CREATE FUNCTION assess_policy_is_immutable() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'a published policy is never changed' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER assess_policy_immutable BEFORE UPDATE OR DELETE ON assess_assessmentpolicy
    FOR EACH ROW EXECUTE FUNCTION assess_policy_is_immutable();
"""

_BACKWARD = """
DROP TRIGGER assess_policy_immutable ON assess_assessmentpolicy;
DROP FUNCTION assess_policy_is_immutable();
ALTER TABLE assess_assessment DROP CONSTRAINT assess_assessment_in_tenant;
"""


class Migration(migrations.Migration):
    dependencies = [("assess", "0001_initial"), ("transactions", "0001_initial")]

    operations = [migrations.RunSQL(_FORWARD, _BACKWARD)]
