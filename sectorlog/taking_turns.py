"""Whoever writes in the log of a sector does it one after the other.

The database keeps when groups and parties were met last (migration 0012): a statement that links or corrects entries
locks their rows, and the next one others. Two transactions that did so across each other would wait in a circle, and
the database would end one of them. The row of the sector is what they wait for instead: the same that holds up who
makes a pack of a hand-over, erases, or imports parties. Entries link groups and parties of their own sector alone.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from sectors.models import Sector


def take_turn(sectors: Iterable[int] | QuerySet[Any]) -> None:
    """Let nobody else write in the log of these sectors, by primary key, until the transaction ends.

    To be called first, before anything that others may wait for is locked: an entry, a party. Those who only refer
    to a sector, or read its log, wait for nothing.
    """
    locked = Sector.objects.select_for_update(no_key=True).filter(pk__in=sectors).order_by("pk")
    list(locked.values_list("pk"))
