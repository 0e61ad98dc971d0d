"""The look-ups compare the environment too; an index without it loses to the tenant's own on a young table."""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models
from django.db.models import Q

LOOK_UPS = {
    "transaction_by_session": "session_id",
    "transaction_by_payment": "payment_id",
    "transaction_by_order": "order_id",
}


def make_index(name, field):
    return models.Index(
        fields=["organization", "environment", field], name=name, condition=Q(**{f"{field}__isnull": False})
    )


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("transactions", "0002_history_in_tenant")]

    operations = [
        *[RemoveIndexConcurrently("transaction", name) for name in LOOK_UPS],
        *[AddIndexConcurrently("transaction", make_index(name, field)) for name, field in LOOK_UPS.items()],
    ]
