"""How the log is: how much it holds, how far it is sealed, whether partitions are ready. For who may not read it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.db import connection

from audit.models import Seal
from audit.schema import is_append_only
from audit.sealing import TABLES, lag

# Sealed each minute; what is older than this many seconds means that the clock or the worker stands still.
LATE_SECONDS = 15 * 60

PARTITIONS = """
SELECT min(substring(relname FROM '[0-9]{4}_[0-9]{2}$')), max(substring(relname FROM '[0-9]{4}_[0-9]{2}$')),
    coalesce(sum(greatest(reltuples, 0)), 0)::bigint
FROM pg_class JOIN pg_inherits ON inhrelid = pg_class.oid WHERE inhparent = %s::regclass
"""


@dataclass(frozen=True, slots=True)
class LogHealth:
    """One log. `rows` is PostgreSQL's estimate, months as "2026-11", `lag_seconds` the age of what is not sealed."""

    name: str
    rows: int
    oldest: str | None
    newest: str | None
    strays: bool
    last_seal: Seal | None
    lag_seconds: int

    @property
    def is_late(self) -> bool:
        return self.lag_seconds > LATE_SECONDS

    @property
    def lag(self) -> datetime.timedelta:
        return datetime.timedelta(seconds=self.lag_seconds)


def logs() -> list[LogHealth]:
    lags = dict(lag())
    return [_log(name, table, lags[name]) for name, table in TABLES.items()]


def is_guarded() -> bool:
    """Tell whether the role that the site works as could alter the log."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_user")
        return is_append_only(cursor.fetchone()[0])


def _log(name: str, table: str, lag_seconds: int) -> LogHealth:
    with connection.cursor() as cursor:
        cursor.execute(PARTITIONS, [table])
        oldest, newest, rows = cursor.fetchone()
        # By its size: the site may read the table, not a partition by its name.
        cursor.execute("SELECT pg_relation_size(%s) > 0", [f"{table}_default"])
        (strays,) = cursor.fetchone()
    # "2026_11" in the partitions' names.
    oldest, newest = (month and month.replace("_", "-") for month in (oldest, newest))
    last = Seal.objects.filter(log=name).order_by("-id").first()
    return LogHealth(name, rows, oldest, newest, strays, last, lag_seconds)
