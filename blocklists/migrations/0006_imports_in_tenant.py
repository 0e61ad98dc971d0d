"""What belongs to an import shares its organization and environment; what is soon gone is not logged.

A crash of PostgreSQL empties unlogged tables: an import that was under way then finds its file gone and fails, with
nothing changed. The pieces of a file are not compressed, which would cost more than it saves.
"""

from django.db import migrations

_CHILDREN = ("blocklists_importchunk", "blocklists_importrefusal", "blocklists_importformer")
_UNLOGGED = ("blocklists_importchunk", "blocklists_importrow")


def _add(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"ALTER TABLE {table} ADD CONSTRAINT {table}_in_tenant FOREIGN KEY (organization_id, environment, batch_id)"
        " REFERENCES blocklists_importbatch (organization_id, environment, id)",
        f"ALTER TABLE {table} DROP CONSTRAINT {table}_in_tenant",
    )


def _unlog(table: str) -> migrations.RunSQL:
    return migrations.RunSQL(f"ALTER TABLE {table} SET UNLOGGED", f"ALTER TABLE {table} SET LOGGED")


class Migration(migrations.Migration):
    dependencies = [("blocklists", "0005_imports")]

    operations = [
        *(_add(table) for table in _CHILDREN),
        *(_unlog(table) for table in _UNLOGGED),
        migrations.RunSQL(
            "ALTER TABLE blocklists_importchunk ALTER COLUMN data SET STORAGE EXTERNAL",
            "ALTER TABLE blocklists_importchunk ALTER COLUMN data SET STORAGE EXTENDED",
        ),
    ]
