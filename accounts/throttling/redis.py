"""Counters in Redis: one script, one round trip per call. A window ends when its key does."""

from datetime import datetime, timedelta
from functools import cache

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.commands.core import Script
from redis.retry import Retry

from accounts.throttling.stores import Gates, StoreUnavailable
from accounts.throttling.windows import Count, Window

_PREFIX = "clausum:rate:"
_TIMEOUT_SECONDS = 0.1
_SCRIPT = """
local counts = {}
local closed = nil
for i, key in ipairs(KEYS) do
    local gate, limit, milliseconds = ARGV[3 * i - 2], tonumber(ARGV[3 * i - 1]), tonumber(ARGV[3 * i])
    if closed and gate ~= closed then break end
    local calls = redis.call('INCR', key)
    local left = redis.call('PTTL', key)
    if left < 0 then
        redis.call('PEXPIRE', key, milliseconds)
        left = milliseconds
    end
    if calls > limit then closed = gate end
    counts[i] = {calls, left}
end
return counts
"""


def count_in_redis(gates: Gates, *, url: str, now: datetime) -> list[Count]:
    """Count the call in every window up to the first gate that is over a limit; raises StoreUnavailable."""
    windows = [window for gate in gates for window in gate]
    keys = [_PREFIX + window.name for window in windows]
    arguments = [
        value
        for number, gate in enumerate(gates)
        for window in gate
        for value in (number, window.limit, _last_milliseconds(window, now=now))
    ]
    try:
        counted = _load_script(url)(keys=keys, args=arguments)
    except (RedisError, OSError) as error:
        raise StoreUnavailable(type(error).__name__) from None
    return [
        Count(window, calls, now + timedelta(milliseconds=left))
        for window, (calls, left) in zip(windows, counted, strict=False)
    ]


def ping_redis(*, url: str) -> None:
    """Raise StoreUnavailable unless the server answers in time."""
    try:
        _connect(url).ping()
    except (RedisError, OSError) as error:
        raise StoreUnavailable(type(error).__name__) from None


def _last_milliseconds(window: Window, *, now: datetime) -> int:
    return max(int((window.ends_at - now) / timedelta(milliseconds=1)), 1)


@cache
def _load_script(url: str) -> Script:
    return _connect(url).register_script(_SCRIPT)


@cache
def _connect(url: str) -> Redis:
    """Return this process's connections. No retry: a call that timed out may have been counted."""
    return Redis.from_url(
        url,
        socket_timeout=_TIMEOUT_SECONDS,
        socket_connect_timeout=_TIMEOUT_SECONDS,
        retry=Retry(NoBackoff(), 0),
        decode_responses=True,
    )
