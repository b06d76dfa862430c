"""What was worked out stays with the process as long as nothing that it was made of has changed.

A station with hundreds of sectors asks for the same gaps and figures again and again, and they change a few times a
day. Nothing here is older than the rows: every page asks for their state first, in one query, and a value is kept
under the state that it was made of.
"""

from __future__ import annotations

import datetime
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from django.db import connection
from django.utils import timezone

T = TypeVar("T")

QUARTER = 15 * 60  # seconds

# Counters where triggers keep one (`sectors.models.RegisterVersion`): of sectors, appointments and what the public is
# told; sums over the few rows elsewhere. A release comes into force by the clock alone.
STATE = """
SELECT
    (SELECT string_agg(subject || number, ' ' ORDER BY subject) FROM sectors_registerversion),
    (SELECT string_agg(id::text, ' ' ORDER BY id) FROM sectors_boundaryrelease WHERE period @> %s),
    (SELECT sum(hashtextextended(row(id, sector_id, holds_from, required)::text, 0)) FROM sectors_manningbasis),
    (SELECT sum(hashtextextended(row(id, sector_id, taker_id, "on", giver_signed_at, taker_signed_at)::text, 0))
        FROM sectorlog_handover),
    (SELECT sum(hashtextextended(row(id, event_id, officer_id, answer)::text, 0)) FROM contacts_eventpresence),
    (SELECT sum(hashtextextended(row(id, station_id, name, position, retired_at)::text, 0))
        FROM sectorlog_targetgroup),
    (SELECT sum(hashtextextended(row(month, counted_at)::text, 0)) FROM overview_countedmonth),
    (SELECT sum(hashtextextended(row(address, taken_at)::text, 0)) FROM notifications_undeliverableaddress)
"""


def quarter_of_an_hour(now: datetime.datetime) -> int:
    """Return what stands for the quarter of an hour: appointments and absences begin and end by the clock alone."""
    return int(now.timestamp()) // QUARTER


def state() -> Hashable:
    """Return what stands for all that gaps and figures are made of, as it is now. One query."""
    with connection.cursor() as cursor:
        cursor.execute(STATE, [timezone.now()])
        return cursor.fetchone()


class Kept(Generic[T]):
    """The last values that were asked for, by key; a key says all that its value was made of, `state` for instance.

    Values are shared by all requests of the process: nobody changes them.
    """

    _all: weakref.WeakSet[Kept] = weakref.WeakSet()

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[Hashable, T] = OrderedDict()
        self._lock = threading.Lock()
        Kept._all.add(self)

    def get(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the value of the key, made now if it is not at hand. Two threads may make it twice."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
                return self._values[key]
        value = make()
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)
        return value

    @classmethod
    def forget_all(cls) -> None:
        """Drop all values in this process. For tests, whose rolled-back writes reuse version numbers."""
        for kept in cls._all:
            kept._values.clear()
