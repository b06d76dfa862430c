"""Bringing entries along from elsewhere, with the times that they have there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def importing() -> Iterator[None]:
    """Let entries that are settled already be linked with groups, parties and challenges, until this block ends.

    It runs in a transaction: nothing of it stays if it fails.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('sectorlog.importing', 'on', true)")
        try:
            yield
        finally:
            if not connection.needs_rollback:
                cursor.execute("SELECT set_config('sectorlog.importing', '', true)")
