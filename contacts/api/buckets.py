"""How many cheap reads one client may make: counted in the process, without a query.

A bucket of tokens for each client address fills up again with time. What is kept of it is one number, the instant
at which it will be full: several processes count each for itself, and a restart fills all buckets.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest

from contacts.limits import address_of

# Clients whose bucket is not full are remembered, so many at most; with more, all begin with a full one again.
CLIENTS_KEPT = 20_000


class Buckets:
    """A bucket for each client. `clock` counts seconds and never goes back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self._full_at: dict[str, float] = {}

    def wait(self, client: str, *, per_second: float, at_once: int) -> float:
        """Take a token of the client's; return 0, or for how many seconds there is none.

        Two threads at the same instant may take one token twice: cheaper than a lock around every request.
        """
        now = self.clock()
        full_at = max(self._full_at.get(client, 0.0), now) + 1 / per_second
        too_early = full_at - now - at_once / per_second
        if too_early > 1e-9:
            return too_early
        if len(self._full_at) >= CLIENTS_KEPT and client not in self._full_at:
            self._make_room(now)
        self._full_at[client] = full_at
        return 0.0

    def forget(self) -> None:
        """Fill all buckets. For tests."""
        self._full_at = {}

    def _make_room(self, now: float) -> None:
        """Drop the full buckets. Where hardly any is, somebody invents addresses: then all begin anew."""
        kept = {client: full_at for client, full_at in self._full_at.items() if full_at > now}
        self._full_at = kept if len(kept) < CLIENTS_KEPT / 2 else {}


reads = Buckets()


def seconds_to_wait(request: HttpRequest) -> float:
    """Count a cheap read; return 0, or for how many seconds this client has to wait."""
    return reads.wait(
        client_of(request),
        per_second=settings.INTERFACE_READS_PER_SECOND,
        at_once=settings.INTERFACE_READS_AT_ONCE,
    )


def client_of(request: HttpRequest) -> str:
    """Return the address of whoever asks, as the login sees it. The usual case without the work of telling it."""
    nearest: str = request.META.get("REMOTE_ADDR", "")
    if not settings.ALLAUTH_TRUSTED_PROXY_COUNT and ":" not in nearest:
        return nearest
    return address_of(request)
