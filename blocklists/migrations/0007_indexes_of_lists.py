"""Indexes that an assessment's look-up is never given (docs/decisions/0054), and one more reason to refuse a row.

Those that begin with the tenant carry a condition that is true of every entry; for the same reason a key that nothing
refers to goes.
"""

from datetime import UTC, datetime

from django.contrib.postgres.indexes import OpClass
from django.contrib.postgres.operations import (
    AddConstraintNotValid,
    AddIndexConcurrently,
    RemoveIndexConcurrently,
    ValidateConstraint,
)
from django.db import migrations, models
from django.db.models.functions import Lower, Reverse

TENANT = ("organization", "environment")
LISTED = models.Q(created_at__gte=datetime(2000, 1, 1, tzinfo=UTC))
CODES = (
    "MISSING_VALUE",
    "INVALID_VALUE",
    "MISSING_LIST_TYPE",
    "UNKNOWN_LIST_TYPE",
    "UNKNOWN_SEVERITY",
    "UNKNOWN_FLOW_SCOPE",
    "INVALID_EXPIRY",
    "REASON_TOO_LONG",
    "TOO_MANY_COLUMNS",
    "ROW_TOO_LONG",
    "UNCLOSED_QUOTE",
    "INVALID_JSON",
    "UNREADABLE",
    "OWN",
)


BY_MOMENT = models.Index(fields=[*TENANT, "-created_at", "-id"], name="blocklist_by_moment", condition=LISTED)
REPLACED = (
    models.Index(fields=[*TENANT, "source", "-created_at", "-id"], name="blocklist_by_source", condition=LISTED),
    models.Index(*TENANT, OpClass(Lower("value"), "text_pattern_ops"), name="blocklist_by_start", condition=LISTED),
    models.Index(
        *TENANT, OpClass(Reverse(Lower("value")), "text_pattern_ops"), name="blocklist_by_end", condition=LISTED
    ),
)


def _replace(index: models.Index) -> tuple[RemoveIndexConcurrently, AddIndexConcurrently]:
    return RemoveIndexConcurrently("blocklistentry", index.name), AddIndexConcurrently("blocklistentry", index)


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("blocklists", "0006_imports_in_tenant")]

    operations = [
        AddConstraintNotValid(
            "blocklistentry", models.CheckConstraint(condition=LISTED, name="blocklist_entry_listed")
        ),
        ValidateConstraint("blocklistentry", "blocklist_entry_listed"),
        AddIndexConcurrently("blocklistentry", BY_MOMENT),
        RemoveIndexConcurrently("blocklistentry", "blocklist_newest_first"),
        *(operation for index in REPLACED for operation in _replace(index)),
        migrations.RemoveConstraint("blocklistentry", "blocklist_entry_in_tenant"),
        migrations.AlterField(
            "importrefusal", "code", models.CharField(choices=[(code, code) for code in CODES], max_length=30)
        ),
    ]
