"""A token is of a member: PostgreSQL refuses one for an organization that its person does not belong to."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_rate_windows_unlogged"),
    ]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE accounts_accesstoken ADD CONSTRAINT accesstoken_of_member
                FOREIGN KEY (organization_id, user_id) REFERENCES accounts_membership (organization_id, user_id)
                ON DELETE CASCADE;
            """,
            reverse_sql="ALTER TABLE accounts_accesstoken DROP CONSTRAINT accesstoken_of_member;",
        ),
    ]
