import time, pytest
from datetime import UTC, datetime
from accounts.throttling import RateSubject, count_call
from django.db import connection
def test_cost(django_db_setup, django_db_blocker):
    from accounts.models import RateWindow
    with django_db_blocker.unblock():
        s=[RateSubject("perf",10**6,10**7)]
        for n in range(20): count_call(s, code="RATE_LIMIT_EXCEEDED", now=datetime.now(UTC))
        t=time.perf_counter(); c=time.process_time()
        for n in range(300): count_call(s, code="RATE_LIMIT_EXCEEDED", now=datetime.now(UTC))
        print("PERF wall ms", (time.perf_counter()-t)/300*1000, "cpu ms", (time.process_time()-c)/300*1000)
        RateWindow.objects.all().delete(); connection.close()
