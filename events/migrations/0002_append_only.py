"""Children share their event's organization and environment; what was recorded is refused any change.

The triggers are our own: those of django-pgtrigger can be switched off by a setting of the session.
"""

from django.db import migrations

CHILDREN = ("events_eventpersonaldata", "events_pendingevent", "events_seal")

ADD_KEYS = [
    f"""
    ALTER TABLE {table} ADD CONSTRAINT {table}_of_event FOREIGN KEY (organization_id, environment, event_id)
    REFERENCES events_event (organization_id, environment, id)
    """
    for table in CHILDREN
]
DROP_KEYS = [f"ALTER TABLE {table} DROP CONSTRAINT {table}_of_event" for table in CHILDREN]

ADD_FUNCTION = """
CREATE FUNCTION events_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: it is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'restrict_violation';
END
$$
"""

# Personal data may be erased, but not replaced.
REFUSED = {
    "events_event": "UPDATE OR DELETE",
    "events_seal": "UPDATE OR DELETE",
    "events_eventpersonaldata": "UPDATE",
}
ADD_TRIGGERS = [
    f"""
    CREATE TRIGGER {table}_append_only BEFORE {operations} ON {table}
    FOR EACH ROW EXECUTE FUNCTION events_refuse_change()
    """
    for table, operations in REFUSED.items()
] + [
    f"""
    CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION events_refuse_change()
    """
    for table in ("events_event", "events_seal")
]
DROP_TRIGGERS = [f"DROP TRIGGER {table}_append_only ON {table}" for table in REFUSED] + [
    f"DROP TRIGGER {table}_no_truncate ON {table}" for table in ("events_event", "events_seal")
]


class Migration(migrations.Migration):
    dependencies = [
        ("events", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(ADD_KEYS, DROP_KEYS),
        migrations.RunSQL([ADD_FUNCTION], ["DROP FUNCTION events_refuse_change()"]),
        migrations.RunSQL(ADD_TRIGGERS, DROP_TRIGGERS),
    ]
