from django.db import migrations, models

# As `createcachetable` writes it, but unlogged: after a crash of the database, what it held would be over anyway.
CREATE_CACHE = """
CREATE UNLOGGED TABLE accounts_cache (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamp with time zone NOT NULL
);
CREATE INDEX accounts_cache_expires ON accounts_cache (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("accounts", "0008_key_uses")]

    operations = [
        migrations.AddField("user", "name", models.CharField(blank=True, default="", max_length=150)),
        migrations.AddField("user", "preferences", models.JSONField(blank=True, default=dict)),
        migrations.RunSQL(CREATE_CACHE, "DROP TABLE accounts_cache"),
    ]
