"""How often somebody may do something: counted in PostgreSQL, which outlives processes and needs no Redis.

What is counted is a digest of the address that holds for a day, so nobody can be followed from one day to the next.
"""

from __future__ import annotations

import datetime
import ipaddress

from allauth.account.adapter import get_adapter
from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.db import connection
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

from contacts.models import RequestCount

LONGEST_WINDOW = datetime.timedelta(days=1)
_SALT = "contacts.limits"
# Whoever has one address of version 6 has all of its network.
_NETWORK_BITS = 64
_COUNT_ONE = """
INSERT INTO contacts_requestcount (what, who, "window", count) VALUES (%s, %s, %s, 1)
ON CONFLICT (what, who, "window") DO UPDATE SET count = contacts_requestcount.count + 1
RETURNING count
"""


def allowed(
    what: str,
    request_or_key: HttpRequest | str,
    *,
    limit: int,
    window: datetime.timedelta,
    now: datetime.datetime | None = None,
) -> bool:
    """Count one more, and tell whether it is among the first `limit` of the present window of that length.

    `request_or_key` is a request, of which the client's address counts, or any text to count by. `what` has up to
    20 characters. Of many at the same instant exactly `limit` are allowed. A window is a day long at most.
    """
    return count_one(what, request_or_key, window=window, now=now) <= limit


def count_one(
    what: str,
    request_or_key: HttpRequest | str,
    *,
    window: datetime.timedelta,
    now: datetime.datetime | None = None,
) -> int:
    """Count one more and return how many there were in the present window, this one included."""
    begins = _window(now, window)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT_ONE, [what, _digest(request_or_key, begins), begins])
        (count,) = cursor.fetchone()
    return int(count)


def counted_lately(
    what: str, key: str, *, window: datetime.timedelta, now: datetime.datetime | None = None
) -> int:
    """Return about how many there were in the last `window`, from this and the one before. One query."""
    instant = now or timezone.now()
    begins = _window(instant, window)
    digests = {begins: _digest(key, begins), begins - window: _digest(key, begins - window)}
    rows = RequestCount.objects.filter(what=what, window__in=digests, who__in=set(digests.values()))
    counts = {row.window: row.count for row in rows if row.who == digests[row.window]}
    gone_by = (instant - begins) / window
    return round(counts.get(begins, 0) + counts.get(begins - window, 0) * (1 - gone_by))


def free_again_at(window: datetime.timedelta, *, now: datetime.datetime | None = None) -> datetime.datetime:
    """Return when whoever has reached a limit in this window may go on."""
    return _window(now, window) + window


def forget_before(instant: datetime.datetime) -> int:
    """Delete the counts of windows that began before the instant; return how many."""
    return RequestCount.objects.filter(window__lt=instant).delete()[0]


def _window(now: datetime.datetime | None, window: datetime.timedelta) -> datetime.datetime:
    if window > LONGEST_WINDOW:
        raise ValueError("A digest holds for a day, so a window is no longer than that")
    return RequestCount.window_of(now or timezone.now(), window)


def _digest(request_or_key: HttpRequest | str, begins: datetime.datetime) -> str:
    """Return what stands for an address or a key on the day of `begins` (UTC)."""
    key = request_or_key if isinstance(request_or_key, str) else address_of(request_or_key)
    return salted_hmac(_SALT, f"{begins:%Y-%m-%d} {key}", algorithm="sha256").hexdigest()[:32]


def address_of(request: HttpRequest) -> str:
    """Return the client's address, or its network if it is of version 6; as the login sees it, behind proxies too.

    A request whose address cannot be told counts with all others of the kind.
    """
    try:
        address = ipaddress.ip_address(get_adapter().get_client_ip(request))
    except (ValueError, PermissionDenied, ImproperlyConfigured):
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ipaddress.ip_network((address, _NETWORK_BITS), strict=False))
    return str(address)
