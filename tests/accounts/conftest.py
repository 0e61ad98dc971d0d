"""What tests of accounts share."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection

from accounts.models import RateWindow, SecurityEntry


@pytest.fixture
def committing_database(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """A database in which threads see each other's rows; the test may leave only counters and security entries."""
    with django_db_blocker.unblock():
        yield
        RateWindow.objects.all().delete()
        SecurityEntry.objects.all().delete()
        connection.close()
