"""Counters are lost in a crash and nobody minds: no write-ahead log, room for in-place updates, early vacuum."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_security_entry_indexes"),
    ]

    operations = [
        migrations.RunSQL(
            sql="""
                ALTER TABLE accounts_ratewindow SET UNLOGGED;
                ALTER TABLE accounts_ratewindow SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
            """,
            reverse_sql="""
                ALTER TABLE accounts_ratewindow RESET (fillfactor, autovacuum_vacuum_scale_factor);
                ALTER TABLE accounts_ratewindow SET LOGGED;
            """,
        ),
    ]
