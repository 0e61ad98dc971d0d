"""Rate limits: windows of 60 s that begin with their first call, and UTC days (contract §6).

The counters are shared by all web processes: rows of PostgreSQL, or Redis when RATE_STORE_URL names one.
"""

from accounts.throttling.counting import (
    CountedCall,
    RateLimited,
    RateLimitExceeded,
    RateLimitStoreUnavailable,
    check_rate_store,
    count_call,
    make_unavailable,
)
from accounts.throttling.leases import forget_leases
from accounts.throttling.windows import RateSubject, seconds_until

__all__ = [
    "CountedCall",
    "RateLimitExceeded",
    "RateLimitStoreUnavailable",
    "RateLimited",
    "RateSubject",
    "check_rate_store",
    "count_call",
    "forget_leases",
    "make_unavailable",
    "seconds_until",
]
